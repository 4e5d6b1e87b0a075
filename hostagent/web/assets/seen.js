// Seen knows which elements are on the screen, or nearly: what nobody sees is not drawn again.
// On paper all is seen.
const Seen = (function () {
  const near = new WeakSet(), come = new Map();
  let printing = false;
  const watcher = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      if (!isIntersecting) {
        near.delete(target);
        continue;
      }
      near.add(target);
      come.get(target)();
    }
  }, { rootMargin: '300px' });
  addEventListener('beforeprint', () => {
    printing = true;
    for (const then of come.values()) then();
  });
  addEventListener('afterprint', () => { printing = false; });
  return {
    // watch calls then whenever the element comes near.
    watch(element, then) {
      come.set(element, then);
      watcher.observe(element);
    },
    forget(element) {
      watcher.unobserve(element);
      come.delete(element);
      near.delete(element);
    },
    near(element) { return printing || near.has(element); },
  };
})();

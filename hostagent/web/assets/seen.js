// Seen knows which elements are on the screen, or nearly: what nobody sees is not drawn again.
const Seen = (function () {
  const near = new WeakSet(), come = new WeakMap();
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
  return {
    // watch calls then whenever the element comes near.
    watch(element, then) {
      come.set(element, then);
      watcher.observe(element);
    },
    forget(element) {
      watcher.unobserve(element);
      near.delete(element);
    },
    near(element) { return near.has(element); },
  };
})();

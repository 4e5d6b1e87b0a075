// Player is the bar of a page that plays a recorded run: it shows where the run is, and
// takes the reader elsewhere. post(path, body) asks the server, get(path) too.
class Player {
  constructor(section, get, post) {
    Object.assign(this, { section, get, post, state: null, sought: -1000, waits: null });
    this.button = section.querySelector('.run');
    this.speed = section.querySelector('select');
    this.slider = section.querySelector('input');
    this.place = section.querySelector('output');
    this.canvas = section.querySelector('canvas');
    this.omitted = section.querySelector('.omitted');
    this.unkept = ''; // since when messages are not kept; '': all are
    this.button.addEventListener('click', () => this.command({ playing: !this.state.playing }));
    this.speed.addEventListener('change', () => this.command({ speed: Number(this.speed.value) }));
    this.slider.addEventListener('input', () => this.seek(Number(this.slider.value)));
    for (const [name, by] of [['.back', -1], ['.on', 1]]) {
      section.querySelector(name).addEventListener('click', () => this.step(by));
    }
    addEventListener('keydown', (event) => {
      if (!this.state || event.key !== ' ' || event.target !== document.body) return;
      event.preventDefault();
      this.command({ playing: !this.state.playing });
    });
    addEventListener('resize', () => this.paint());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.paint());
  }

  // take shows what an event says: when it is, of a run that is known from begin to end.
  take(at, { begin, end, speed, playing, omitted }) {
    const first = !this.state;
    this.state = { begin: Date.parse(begin) / 1000, end: Date.parse(end) / 1000, speed, playing };
    this.whole = this.state.end - this.state.begin;
    if (first || performance.now() > this.sought + 700) { // what is older does not know the last seek
      this.now = Date.parse(at) / 1000 - this.state.begin;
      this.slider.value = this.now;
      this.say(this.now);
    }
    if (first) this.open();
    this.omit(omitted || {});
    this.button.textContent = playing ? 'Pause' : this.now >= this.whole ? 'Play again' : 'Play';
    if (document.activeElement !== this.speed) this.choose(speed);
  }

  // omit says what the page does not show of the run up to now.
  omit({ deals, messages_unkept: unkept }) {
    const text = [];
    if (deals) text.push('The page shows the latest deals: ' + deals.toLocaleString('en') + (deals === 1 ? ' earlier one is' : ' earlier ones are') + ' left out.');
    this.unkept = unkept ? Player.clock(Date.parse(unkept) / 1000 - this.state.begin) : '';
    if (unkept) text.push('Messages since ' + this.unkept + ' are not kept: who talks to whom is known until then.');
    const said = text.join(' ');
    if (this.omitted.textContent !== said) this.omitted.textContent = said;
    this.omitted.hidden = !said;
  }

  // end is when the run ends; undefined: the site is live.
  end() { return this.state ? this.state.end : undefined; }

  async open() {
    this.section.hidden = false;
    Charts.reckon({ zone: 'UTC', now: () => this.state.begin + this.now });
    this.slider.max = this.whole;
    this.slider.step = 1;
    const answer = await this.get('/play');
    if (!answer.ok) return;
    this.outline = await answer.json();
    this.paint();
  }

  choose(speed) {
    if (![...this.speed.options].some((o) => Number(o.value) === speed)) this.speed.add(new Option(speed + ' times', speed));
    this.speed.value = speed;
  }

  // clock is a time since the beginning, as hours, minutes and seconds.
  static clock(seconds) {
    const two = (n) => String(Math.floor(n)).padStart(2, '0');
    return two(seconds / 3600) + ':' + two(seconds % 3600 / 60) + ':' + two(seconds % 60);
  }

  say(now) {
    const text = Player.clock(now) + ' of ' + Player.clock(this.whole);
    this.place.textContent = text;
    this.slider.setAttribute('aria-valuetext', text);
  }

  // seek goes to a time. Of many calls while the slider is dragged, few are sent.
  seek(now) {
    this.sought = performance.now();
    this.now = now;
    this.say(now);
    this.wanted = now;
    if (this.waits) return;
    this.waits = setTimeout(() => {
      this.waits = null;
      this.command({ at_seconds: Math.min(this.whole, this.wanted) });
    }, 80);
  }

  // step goes to the end of the next or the previous step of the time line in which a guest
  // moved.
  step(by) {
    if (!this.outline) return;
    const { moves, step_seconds: step } = this.outline;
    let i = by > 0 ? Math.floor(this.now / step) : Math.ceil(this.now / step) - 2;
    while (i >= 0 && i < moves.length && !moves[i]) i += by;
    if (i < 0) i = 0;
    const to = Math.min(this.whole, (i + 1) * step);
    this.slider.value = to;
    this.seek(to);
  }

  async command(what) {
    const answer = await this.post('/play', what);
    if (!answer.ok) this.place.textContent = (await answer.text()).trim();
  }

  // paint draws the moves and the overloaded hosts of the whole run.
  paint() {
    if (!this.outline) return;
    const { canvas } = this, scale = devicePixelRatio || 1, width = Math.floor(canvas.clientWidth * scale), height = Math.floor(canvas.clientHeight * scale);
    if (!width) return;
    Object.assign(canvas, { width, height });
    const inside = canvas.getContext('2d'), style = getComputedStyle(canvas), { moves, overloaded } = this.outline;
    const draw = (values, colour, from, up) => {
      const most = Math.sqrt(Math.max(1, ...values)); // that many at once hide no single one
      inside.fillStyle = style.getPropertyValue(colour);
      values.forEach((v, i) => {
        if (!v) return;
        const tall = Math.max(scale, (Math.sqrt(v) / most) * (height / 2 - scale)), left = (i / values.length) * width;
        inside.fillRect(left, up ? from - tall : from, Math.max(scale, width / values.length), tall);
      });
    };
    draw(moves, '--p1', height / 2, true);
    draw(overloaded, '--bad', height / 2, false);
    inside.fillStyle = style.getPropertyValue('--rule');
    inside.fillRect(0, height / 2, width, scale);
    const sum = (values) => values.reduce((all, v) => all + v, 0);
    canvas.setAttribute('aria-label', sum(moves) + ' moves; at most ' + Math.max(0, ...overloaded) + ' hosts above their capacity at once');
  }
}

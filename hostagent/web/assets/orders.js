// Orders are what a reader may have hosts do. Each is asked again before it is given.
class Orders {
  // post(path, body) sends JSON; hosts() are the names of all hosts; say(text) tells a reader who
  // does not see the page.
  constructor(told, post, hosts, say) { Object.assign(this, { told, post, hosts, say, taken: [] }); }

  // take notes for which hosts orders are taken.
  take(hosts) { this.taken = hosts || []; }

  // forHost are the buttons for a host.
  forHost(h) {
    const policies = 'The policies of ' + h.name;
    return this.row(h.name, [
      h.drained
        ? { do: 'undrain', text: 'Take back the drain', ask: 'Take back the drain of ' + h.name + '?', about: 'Policies may bring it guests again.',
          home: 'Bring home the guests that the drain moved away' }
        : { do: 'drain', text: 'Drain', ask: 'Drain ' + h.name + '?',
          about: (h.count ? 'Its ' + h.count + (h.count === 1 ? ' guest moves' : ' guests move') + ' to other hosts while they run' : 'It has no guests')
            + ', and none comes until the drain is taken back.' },
      h.paused
        ? { do: 'resume', text: 'Resume the policies', ask: 'Resume the policies of ' + h.name + '?', about: policies + ' may move guests again.' }
        : { do: 'pause', text: 'Pause the policies', ask: 'Pause the policies of ' + h.name + '?',
          about: policies + ' move no guest, and bring it none, until they are resumed. Moves in flight end as they would.' },
    ]);
  }

  // forGuest are the buttons for a guest.
  forGuest(g) {
    return this.row(g.host, [
      { do: 'migrate', text: 'Migrate', guest: g.id, ask: 'Migrate ' + g.name + '?', about: 'It moves while it runs, if its target has room and takes it.', to: true },
      g.pin
        ? { do: 'unpin', text: 'Unpin', guest: g.id, ask: 'Unpin ' + g.name + '?', about: 'Policies may move it again.' }
        : { do: 'pin', text: 'Pin', guest: g.id, ask: 'Pin ' + g.name + ' to ' + g.host + '?', about: 'No policy and no drain moves it until it is unpinned.' },
    ]);
  }

  row(host, orders) {
    if (!this.taken.length) return null;
    if (!this.taken.includes(host)) return make('p', 'about', 'This page takes no orders for ' + host + ': its own agent does.');
    return make('div', 'orders', ...orders.map((o) => press(o.text, '', () => this.sure(host, o))));
  }

  // sure asks whether an order is meant, and gives it.
  sure(host, o) {
    const parts = [make('p', '', o.about)], order = { at: host, do: o.do };
    let to, home;
    if (o.guest) order.guest = o.guest;
    if (o.to) {
      to = make('select', '', new Option('the best host', ''), ...this.hosts().filter((name) => name !== host).map((name) => new Option(name, name)));
      parts.push(make('p', '', make('label', '', 'To ', to)));
    }
    if (o.home) {
      home = make('input');
      home.type = 'checkbox';
      parts.push(make('p', '', make('label', '', home, ' ' + o.home)));
    }
    const no = press('No', '', () => this.told.close());
    const yes = press('Yes: ' + o.text.toLowerCase(), 'sure', () => {
      if (to && to.value) order.to = to.value;
      if (home && home.checked) order.home = true;
      this.give(o, order);
    });
    this.told.asks(o.ask, ...parts, make('div', 'orders', no, yes));
    no.focus();
  }

  async give(o, order) {
    const said = make('p', '', 'The order is given. ' + (o.do === 'migrate' ? 'The answer comes when the guest has moved; it moves also if you close this.' : ''));
    said.setAttribute('role', 'status');
    this.told.asks(o.ask, said);
    let text = 'Done.', cls = 'good';
    try {
      const answer = await this.post('/order', order);
      if (!answer.ok) [text, cls] = ['Not done: ' + (await answer.text()).trim(), 'bad'];
      else if (o.do === 'drain') text = 'Done: ' + order.at + ' takes no guest any more, and its guests begin to leave: see Drains.';
    } catch (failure) {
      [text, cls] = ['It is not known whether it was done: ' + failure.message, 'bad'];
    }
    said.textContent = text;
    said.className = cls;
    if (!said.getClientRects().length) this.say(o.ask.replace(/\?$/, ': ') + text); // the reader has closed the box
  }
}

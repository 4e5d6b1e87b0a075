// make is an element with a class and children: elements and texts.
function make(name, cls, ...children) {
  const element = document.createElement(name);
  if (cls) element.className = cls;
  element.append(...children.filter((c) => c !== null && c !== undefined && c !== ''));
  return element;
}

// press is a button that does something.
function press(text, cls, action) {
  const button = make('button', cls, text);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}

// percent, cores and bytes write amounts.
function percent(share) { return Math.round(100 * share) + ' %'; }
function cores(n) { return (n < 10 ? n.toFixed(1) : Math.round(n)) + (n.toFixed(1) === '1.0' ? ' core' : ' cores'); }
function bytes(n) {
  for (const [size, name] of [[2 ** 40, 'TiB'], [2 ** 30, 'GiB'], [2 ** 20, 'MiB']]) {
    if (n >= size) return (n / size < 10 ? (n / size).toFixed(1).replace(/\.0$/, '') : Math.round(n / size)) + ' ' + name;
  }
  return n + ' B';
}

// coded has what a text writes between backticks, a command or a key, as code.
function coded(text) { return text.split('`').map((part, i) => (i % 2 ? make('code', '', part) : part)); }

// unbroken keeps a number and its unit on one line.
function unbroken(text) { return text.replace(/(\d) (?=%|cores?\b|[KMGT]iB\b)/g, '$1\u00a0'); }

// crowded is the share from which on a bar has the colour of a host with little room.
const crowded = 0.9;

// compare orders names as people do: host2 before host10.
const { compare } = new Intl.Collator(undefined, { numeric: true });

// Table shows rows, sorted by the reader's choice, and changes only what differs, in rows that
// are on the screen; the others change when they come there. Columns:
// {title, text(row), order(row), cls(row), share(row), open(row), number}; key(row) tells rows
// apart.
class Table {
  constructor(element, columns, key, options) {
    Object.assign(this, { columns, key, most: options.most, what: options.what, by: options.by || 0, down: options.down || false, shown: new Map(), all: false, ranks: new Map() });
    this.body = make('tbody');
    this.heads = columns.map((column, i) => {
      const head = make('th', column.number ? 'number' : '', press(column.title, '', () => this.sortBy(i)));
      head.scope = 'col';
      return head;
    });
    this.more = press('', 'more', () => { this.all = !this.all; this.set(this.rows, this.found); });
    element.append(make('thead', '', make('tr', '', ...this.heads)), this.body);
    this.none = make('p', 'about');
    this.none.hidden = true;
    element.parentElement.after(this.none, this.more);
    this.rows = [];
    this.found = this.rows;
    this.mark();
  }

  sortBy(i) {
    this.down = this.by === i ? !this.down : Boolean(this.columns[i].number);
    this.by = i;
    this.mark();
    this.set(this.rows, this.found);
  }

  mark() {
    this.heads.forEach((head, i) => head.setAttribute('aria-sort', i !== this.by ? 'none' : this.down ? 'descending' : 'ascending'));
  }

  // set shows the rows that were found of all rows.
  set(rows, found) {
    this.rows = rows;
    this.found = found;
    const { order, text } = this.columns[this.by], value = order || text, sign = this.down ? -1 : 1;
    const last = found.length, ranked = found.map((row) => { const key = this.key(row); return { row, key, value: value(row), rank: this.ranks.get(key) ?? last }; });
    // Names take long to compare. Rows in the order of the last time are nearly sorted, and
    // need few comparisons.
    ranked.sort((a, b) => a.rank - b.rank);
    ranked.sort((a, b) => sign * (typeof a.value === 'number' ? a.value - b.value : compare(a.value, b.value)) || compare(a.key, b.key));
    this.ranks = new Map(ranked.map(({ key }, i) => [key, i]));
    const list = this.all ? ranked : ranked.slice(0, this.most);
    const keep = new Set();
    let before = null;
    for (const { key, row } of list) {
      keep.add(key);
      let line = this.shown.get(key);
      if (!line) this.shown.set(key, line = this.line());
      if (!line.row || Seen.near(line.element)) this.fill(line, row);
      else Object.assign(line, { row, stale: true });
      const place = before ? before.nextSibling : this.body.firstChild;
      if (place !== line.element) this.body.insertBefore(line.element, place);
      before = line.element;
    }
    for (const [key, line] of this.shown) {
      if (keep.has(key)) continue;
      Seen.forget(line.element);
      line.element.remove();
      this.shown.delete(key);
    }
    this.none.hidden = found.length > 0 || rows.length === 0;
    this.none.textContent = 'None of the ' + rows.length + ' ' + this.what + ' has what is in the field Find.';
    const hidden = ranked.length - list.length;
    this.more.hidden = hidden === 0 && !(this.all && ranked.length > this.most);
    this.more.textContent = this.all ? 'Show ' + this.most + ' of them' : 'Show ' + hidden + ' more ' + this.what;
    return found.length;
  }

  line() {
    const line = { row: null, said: [] };
    const cells = this.columns.map((column, i) => {
      const cell = make(i === 0 ? 'th' : 'td', column.number ? 'number' : '');
      if (i === 0) cell.scope = 'row';
      cell.dataset.title = column.title;
      line.said.push({ cell, text: null, cls: '', share: null });
      if (column.open) cell.append(press('', 'link', () => column.open(line.row)));
      if (column.share) {
        const bar = make('progress');
        bar.max = 1;
        bar.setAttribute('aria-hidden', 'true');
        cell.append(make('span'), bar);
      }
      return cell;
    });
    line.element = make('tr', '', ...cells);
    Seen.watch(line.element, () => { if (line.stale) this.fill(line, line.row); });
    return line;
  }

  fill(line, row) {
    Object.assign(line, { row, stale: false });
    this.columns.forEach((column, i) => {
      const said = line.said[i], text = column.text(row);
      if (said.text !== text) {
        (column.open || column.share ? said.cell.firstChild : said.cell).textContent = text;
        said.text = text;
        said.cell.classList.toggle('empty', text === '');
      }
      const cls = column.cls ? column.cls(row) : '';
      if (said.cls !== cls) {
        if (said.cls) said.cell.classList.remove(said.cls);
        if (cls) said.cell.classList.add(cls);
        said.cls = cls;
      }
      if (!column.share) return;
      const share = Math.min(1, Math.round(100 * column.share(row)) / 100);
      if (said.share === share) return;
      said.cell.lastChild.value = said.share = share;
      said.cell.lastChild.className = share >= crowded ? 'crowded' : '';
    });
  }
}

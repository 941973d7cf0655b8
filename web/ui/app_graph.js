/* SPDX-License-Identifier: ISC */
/*
 * The graph of what history has kept (uPlot): a line of the mean with a band from the lowest
 * to the highest value of each step. It is a slider for the keyboard and for screen readers:
 * arrows move through time, and each place is said in words. Outages lie behind it, shaded.
 */

const RANGES = {'1h': 3600, '6h': 21600, '24h': 86400, '7d': 604800, '30d': 2592000, '1y': 31536000};
const POINTS = {least: 150, most: 600}; /* that are asked for: one for each pixel, between these */

class Graph {
	constructor(place) {
		this.place = place;
		this.box = place.querySelector('.plot');
		this.range = '6h';
		this.wanted = new Set(['battery.charge', 'ups.load']);
		this.shown = [];  /* of SERIES, in this order in the data */
		this.shades = []; /* outages */
		this.ups = this.plot = this.data = null;
		this.turn = 0; /* of the questions: only the last answer counts */
		this.showRanges();
		this.box.addEventListener('keydown', (event) => this.key(event));
		new ResizeObserver(() => this.plot && this.plot.width !== this.box.clientWidth &&
			this.plot.setSize({width: this.box.clientWidth, height: this.plot.height})).observe(this.box);
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.load());
	}

	/* Another UPS, or the same one with what it says now. */
	choose(ups) {
		const other = this.ups?.name !== ups.name;
		const more = !this.ups || Object.keys(ups.variables).length !== Object.keys(this.ups.variables).length;

		this.ups = ups;
		if (other)
			this.data = null;
		if (other || more) {
			this.showChips();
			this.load();
		}
	}

	outages(list) {
		this.shades = list.filter((o) => o.kind === 'outage');
		this.plot?.redraw(false);
	}

	/* How long a step of what is shown lasts, in ms: sooner there is nothing new. */
	get step() {
		return Math.max(5000, RANGES[this.range] * 1000 / POINTS.most);
	}

	async load() {
		const mine = ++this.turn;
		const to = Date.now() / 1000, from = to - RANGES[this.range];

		if (!this.ups)
			return;
		this.shown = SERIES.filter((s) => this.wanted.has(s.name) && s.name in this.ups.variables);
		if (this.shown.length === 0) {
			this.clear(t('graph.choose'));
			return;
		}
		try {
			const points = Math.min(POINTS.most, Math.max(POINTS.least, this.place.clientWidth));
			const found = await askHistory(upsPath(this.ups.name, `history?vars=${this.shown.map((s) => s.name).join(',')}` +
				`&from=${from.toFixed(0)}&to=${to.toFixed(0)}&points=${points}`));

			if (mine === this.turn)
				this.draw(found, from, to);
		} catch (error) {
			if (mine === this.turn && !this.data)
				this.clear(error.message);
		}
	}

	/* ---- what is to be seen ---- */

	showRanges() {
		const ranges = this.place.querySelector('.ranges');

		for (const key of Object.keys(RANGES))
			ranges.append(el('button', {type: 'button', 'aria-pressed': String(key === this.range), 'data-range': key,
				onclick: () => {
					this.range = key;
					for (const b of ranges.children)
						b.setAttribute('aria-pressed', String(b.dataset.range === key));
					this.load();
				}}, t(`range.${key}`)));
	}

	/* A chip for each variable that this UPS has. */
	showChips() {
		const chip = (s) => el('button', {type: 'button', class: 'chip', 'aria-pressed': String(this.wanted.has(s.name)),
			onclick: (event) => {
				if (!this.wanted.delete(s.name))
					this.wanted.add(s.name);
				event.currentTarget.setAttribute('aria-pressed', String(this.wanted.has(s.name)));
				this.load();
			}}, el('i', {class: `swatch series-${s.colour}`}), t(`var.${s.name}`));

		this.place.querySelector('.chips').replaceChildren(
			...SERIES.filter((s) => s.name in this.ups.variables).map(chip));
	}

	clear(text) {
		this.plot?.destroy();
		this.plot = this.data = null;
		this.box.hidden = true;
		say(this.place.querySelector('.summary'), text);
		this.read('');
	}

	draw(found, from, to) {
		const at = this.plot?.cursor.idx;

		this.shown = this.shown.filter((s) => s.name in found.series);
		this.data = graphData(found, this.shown);
		if (!this.data.slice(1).some((list) => list.some(known))) {
			this.clear(t('graph.nothing'));
			return;
		}
		this.plot?.destroy();
		this.box.hidden = false;
		this.plot = new uPlot(graphOptions({shown: this.shown, width: this.box.clientWidth, from, to,
			hooks: {drawClear: [(u) => this.shade(u)], setCursor: [(u) => this.pointed(u)]}}), this.data, this.box);
		this.box.setAttribute('aria-valuemax', String(this.last));
		this.value(this.last);
		say(this.place.querySelector('.summary'), graphSummary(this.data, this.shown));
		if (known(at))
			this.point(at);
	}

	/* Outages behind the lines. */
	shade(u) {
		const {left, top, width, height} = u.bbox;

		u.ctx.fillStyle = colourOf('--shade');
		for (const {began, ended} of this.shades) {
			const from = Math.max(u.valToPos(began, 'x', true), left);
			const to = Math.min(u.valToPos(ended ?? Date.now() / 1000, 'x', true), left + width);

			if (to >= from)
				u.ctx.fillRect(from, top, Math.max(to - from, 2), height);
		}
	}

	/* ---- a place in it ---- */

	get last() {
		return this.data[0].length - 1;
	}

	read(text) {
		say(this.place.querySelector('.reading'), text);
	}

	/* By the mouse, by a finger, or by point(). */
	pointed(u) {
		this.read(this.data && known(u.cursor.idx) ? graphTextAt(this.data, this.shown, u.cursor.idx) : t('graph.hint'));
	}

	value(i) {
		this.box.setAttribute('aria-valuenow', String(i));
		this.box.setAttribute('aria-valuetext', graphTextAt(this.data, this.shown, i));
	}

	point(i) {
		const to = Math.min(Math.max(i, 0), this.last);

		this.plot.setCursor({left: this.plot.valToPos(this.data[0][to], 'x'), top: 20});
		this.value(to);
	}

	key(event) {
		if (!this.plot)
			return;
		const here = Number(this.box.getAttribute('aria-valuenow')), far = Math.ceil(this.last / 12);
		const to = {ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1,
			PageDown: here - far, PageUp: here + far, Home: 0, End: this.last}[event.key];

		if (to !== undefined) {
			event.preventDefault();
			this.point(to);
		}
	}
}

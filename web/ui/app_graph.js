/* SPDX-License-Identifier: ISC */
/*
 * The graph of what history has kept (uPlot): a line of the mean with a band from the lowest
 * to the highest value of each step. It is a slider for the keyboard and for screen readers:
 * arrows move through time, and each place is said in words. Outages lie behind it, shaded.
 */

const RANGES = {'1h': 3600, '6h': 21600, '24h': 86400, '7d': 604800, '30d': 2592000, '1y': 31536000};

/* What can be shown: variable, unit (each has a scale of its own), decimals, colour. */
const SERIES = [
	{name: 'battery.charge', unit: '%', digits: 0, colour: 1},
	{name: 'ups.load', unit: '%', digits: 0, colour: 2},
	{name: 'input.voltage', unit: 'V', digits: 0, colour: 3},
	{name: 'output.voltage', unit: 'V', digits: 0, colour: 4},
	{name: 'ups.realpower', unit: 'W', digits: 0, colour: 5},
	{name: 'battery.runtime', unit: 'min', digits: 0, colour: 6, factor: 1 / 60},
	{name: 'battery.voltage', unit: 'V\u200a=', digits: 1, colour: 7},
	{name: 'battery.temperature', unit: '°C', digits: 1, colour: 8},
	{name: 'ups.temperature', unit: '°C', digits: 1, colour: 8},
	{name: 'input.frequency', unit: 'Hz', digits: 2, colour: 3},
];
const AXES = 2; /* so many units have an axis; of the others the values are read */

const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* The scale of a unit: percent from 0 to 100, others around what they are. */
function scaleOf(sign) {
	if (sign === '%')
		return {range: [0, 100]};
	return {range: (_, low, high) => {
		if (low === null)
			return [0, 1];
		const room = Math.max((high - low) * 0.15, Math.abs(high) * 0.01, 0.5);

		return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
	}};
}

/* uPlot's series for one variable: mean, low and high, which bound the band. */
function seriesOf(one, width) {
	const stroke = colourOf(`--series-${one.colour}`);
	const bound = {scale: one.unit, stroke: 'transparent', width: 0, points: {show: false}, spanGaps: false};

	return [{...bound, label: one.name, stroke, width, points: {show: false}}, {...bound}, {...bound}];
}

function axesOf(shown) {
	const units = [...new Set(shown.map((s) => s.unit))].slice(0, AXES);
	const look = {stroke: colourOf('--soft'), ticks: {show: false}, font: '12px system-ui, sans-serif'};

	return [{...look, grid: {show: false}, space: 70, size: 30, values: (_, ticks) => tickTexts(ticks)},
		...units.map((sign, i) => ({...look, scale: sign, side: i === 0 ? 3 : 1, size: 52,
			grid: {show: i === 0, stroke: colourOf('--line'), width: 1},
			values: (_, ticks) => ticks.map((v) => `${number(v, v % 1 ? 1 : 0)} ${sign}`)}))];
}

/* Times below the graph: the date where a day begins, else hours and minutes. */
function tickTexts(ticks) {
	return ticks.map((at) => {
		const date = new Date(at * 1000);

		return date.getHours() === 0 && date.getMinutes() === 0 ?
			date.toLocaleDateString(undefined, {day: 'numeric', month: 'short'}) :
			date.toLocaleTimeString(undefined, {hour: '2-digit', minute: '2-digit'});
	});
}

function makeGraph(place) {
	const wanted = new Set(['battery.charge', 'ups.load']);
	const chips = place.querySelector('.chips'), ranges = place.querySelector('.ranges');
	const box = place.querySelector('.plot'), read = place.querySelector('.reading'), sum = place.querySelector('.summary');
	let range = '6h', ups = null, plot = null, data = null, shown = [], shades = [], turn = 0;

	for (const key of Object.keys(RANGES))
		ranges.append(el('button', {type: 'button', 'aria-pressed': String(key === range), 'data-range': key,
			onclick: () => pick(key)}, t(`range.${key}`)));

	function pick(key) {
		range = key;
		for (const b of ranges.children)
			b.setAttribute('aria-pressed', String(b.dataset.range === key));
		load();
	}

	/* A chip for each variable that this UPS has. */
	function showChips() {
		chips.replaceChildren(...SERIES.filter((s) => s.name in ups.variables).map((s) => {
			const chip = el('button', {type: 'button', 'aria-pressed': String(wanted.has(s.name)), class: 'chip',
				onclick: () => {
					if (!wanted.delete(s.name))
						wanted.add(s.name);
					chip.setAttribute('aria-pressed', String(wanted.has(s.name)));
					load();
				}}, el('i', {class: `swatch series-${s.colour}`}), t(`var.${s.name}`));

			return chip;
		}));
	}

	async function load() {
		const mine = ++turn;
		const to = Date.now() / 1000, from = to - RANGES[range];

		if (!ups)
			return;
		shown = SERIES.filter((s) => wanted.has(s.name) && s.name in ups.variables);
		if (shown.length === 0)
			return clear(t('graph.choose'));
		try {
			const found = await api(upsPath(ups.name, `history?vars=${shown.map((s) => s.name).join(',')}` +
				`&from=${from.toFixed(0)}&to=${to.toFixed(0)}&points=${Math.min(600, Math.max(150, place.clientWidth))}`));

			if (mine === turn)
				draw(found, from, to);
		} catch (error) {
			if (mine === turn && !data)
				clear(error.message);
		}
	}

	function clear(text) {
		plot?.destroy();
		plot = data = null;
		box.hidden = true;
		say(sum, text);
		say(read, '');
	}

	function draw(found, from, to) {
		const at = plot?.cursor.idx;

		shown = shown.filter((s) => s.name in found.series);
		data = [found.time];
		for (const s of shown) {
			const {mean, low, high} = found.series[s.name];

			for (const list of [mean, low, high])
				data.push(s.factor ? list.map((v) => v === null ? null : v * s.factor) : list);
		}
		if (shown.length === 0 || !data.slice(1).some((list) => list.some((v) => v !== null)))
			return clear(t('graph.nothing'));
		plot?.destroy();
		box.hidden = false;
		plot = new uPlot(options(from, to), data, box);
		box.setAttribute('aria-valuemax', String(data[0].length - 1));
		box.setAttribute('aria-valuenow', String(data[0].length - 1));
		box.setAttribute('aria-valuetext', textAt(data[0].length - 1));
		say(sum, summary());
		placeCursor(at ?? null);
	}

	function options(from, to) {
		return {
			width: box.clientWidth, height: Math.max(200, Math.min(320, box.clientWidth * 0.42)),
			legend: {show: false}, padding: [10, 8, 0, 0],
			cursor: {y: false, drag: {x: false, y: false}, points: {size: 7}},
			scales: {x: {time: true, range: [from, to]},
				...Object.fromEntries(shown.map((s) => [s.unit, scaleOf(s.unit)]))},
			axes: axesOf(shown),
			series: [{}, ...shown.flatMap((s) => seriesOf(s, 2))],
			bands: shown.map((s, i) => ({series: [3 * i + 3, 3 * i + 2], fill: colourOf(`--band-${s.colour}`)})),
			hooks: {drawClear: [shade], setCursor: [reading]},
		};
	}

	/* Outages behind the lines. */
	function shade(u) {
		u.ctx.fillStyle = colourOf('--shade');
		for (const {began, ended} of shades) {
			const left = Math.max(u.valToPos(began, 'x', true), u.bbox.left);
			const right = Math.min(u.valToPos(ended ?? Date.now() / 1000, 'x', true), u.bbox.left + u.bbox.width);

			if (right >= left)
				u.ctx.fillRect(left, u.bbox.top, Math.max(right - left, 2), u.bbox.height);
		}
	}

	const valueAt = (list, s, i) => known(list[i]) ? unit(list[i], s.unit, s.digits) : t('graph.unknown');

	function textAt(i) {
		return `${moment(data[0][i])}: ${shown.map((s, n) =>
			`${t(`var.${s.name}`)} ${valueAt(data[3 * n + 1], s, i)}`).join(', ')}`;
	}

	function reading(u) {
		const i = u.cursor.idx;

		say(read, known(i) && data ? textAt(i) : t('graph.hint'));
	}

	function summary() {
		return shown.map((s, n) => {
			const means = data[3 * n + 1].filter(known);
			const low = Math.min(...data[3 * n + 2].filter(known)), high = Math.max(...data[3 * n + 3].filter(known));

			return means.length === 0 ? t('graph.none_of', t(`var.${s.name}`)) :
				t('graph.summary', t(`var.${s.name}`), unit(low, s.unit, s.digits), unit(high, s.unit, s.digits),
					unit(means.reduce((a, b) => a + b, 0) / means.length, s.unit, s.digits));
		}).join(' ');
	}

	/* To a step of the graph (null: away), as with the mouse. */
	function placeCursor(i) {
		if (!plot || i === null)
			return;
		const to = Math.min(Math.max(i, 0), data[0].length - 1);

		plot.setCursor({left: plot.valToPos(data[0][to], 'x'), top: 20});
		box.setAttribute('aria-valuenow', String(to));
		box.setAttribute('aria-valuetext', textAt(to));
		say(read, textAt(to));
	}

	box.addEventListener('keydown', (event) => {
		if (!plot)
			return;
		const last = data[0].length - 1, big = Math.ceil(last / 12);
		const here = Number(box.getAttribute('aria-valuenow') ?? last);
		const to = {ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1,
			PageDown: here - big, PageUp: here + big, Home: 0, End: last}[event.key];

		if (to !== undefined) {
			event.preventDefault();
			placeCursor(to);
		}
	});
	new ResizeObserver(() => plot && plot.width !== box.clientWidth &&
		plot.setSize({width: box.clientWidth, height: plot.height})).observe(box);
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => load());

	return {
		/* Another UPS, or the same one. */
		choose(one) {
			const other = ups?.name !== one.name;
			const more = !ups || Object.keys(one.variables).length !== Object.keys(ups.variables).length;

			ups = one;
			if (other || more) {
				showChips();
				data = other ? null : data;
				load();
			}
		},
		outages(list) {
			shades = list.filter((o) => o.kind === 'outage');
			plot?.redraw(false);
		},
		/* How long a step of what is shown lasts, in ms: sooner there is nothing new. */
		step: () => Math.max(5000, RANGES[range] * 1000 / 600),
		load,
	};
}

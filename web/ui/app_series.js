/* SPDX-License-Identifier: ISC */
/* What the graph can show, and how: variables, scales, axes, bands (options of uPlot). */

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

/* The scale of a unit: percent from 0 to 100 (an overload is above), others around what they are. */
function scaleOf(sign) {
	if (sign === '%')
		return {range: (_, low, high) => [0, Math.max(100, high ?? 0)]};
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

function graphOptions({shown, width, from, to, hooks}) {
	return {
		width, height: Math.max(200, Math.min(320, width * 0.42)),
		legend: {show: false}, padding: [10, 22, 0, 0],
		cursor: {y: false, drag: {x: false, y: false}, points: {size: 7}},
		scales: {x: {time: true, range: [from, to]},
			...Object.fromEntries(shown.map((s) => [s.unit, scaleOf(s.unit)]))},
		axes: axesOf(shown),
		series: [{}, ...shown.flatMap((s) => seriesOf(s, 2))],
		bands: shown.map((s, i) => ({series: [3 * i + 3, 3 * i + 2], fill: colourOf(`--band-${s.colour}`)})),
		hooks,
	};
}

/* The columns of uPlot: the times, then mean, low and high of each variable. */
function graphData(found, shown) {
	const columns = shown.flatMap((s) => {
		const {mean, low, high} = found.series[s.name];

		return [mean, low, high].map((list) =>
			s.factor ? list.map((v) => v === null ? null : v * s.factor) : list);
	});

	return [found.time, ...columns];
}

/* ---- in words ---- */

const graphValue = (value, s) => known(value) ? unit(value, s.unit, s.digits) : t('graph.unknown');

function graphTextAt(data, shown, i) {
	return `${moment(data[0][i])}: ${shown.map((s, n) =>
		`${t(`var.${s.name}`)} ${graphValue(data[3 * n + 1][i], s)}`).join(', ')}`;
}

/* The least, the most and the mean of each variable. */
function graphSummary(data, shown) {
	return shown.map((s, n) => {
		const [means, lows, highs] = data.slice(3 * n + 1, 3 * n + 4).map((list) => list.filter(known));
		const name = t(`var.${s.name}`);

		if (means.length === 0)
			return t('graph.none_of', name);
		return t('graph.summary', name, ...[Math.min(...lows), Math.max(...highs),
			means.reduce((a, b) => a + b, 0) / means.length].map((v) => graphValue(v, s)));
	}).join(' ');
}

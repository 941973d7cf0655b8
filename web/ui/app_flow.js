/* SPDX-License-Identifier: ISC */
/*
 * The flow of the power, drawn: mains → UPS → load, the battery below the UPS. The drawing
 * is made once for a UPS; each state changes its texts and classes only. Lines carry arrows,
 * and move where the reader has not asked for stillness (style.css).
 */

const BATTERY_WIDTH = 62;

function flowText(x, y, kind) {
	return svg('text', {x, y, class: kind, 'text-anchor': 'middle'});
}

/* A line with an arrow in its middle. */
function flowLine(path, x, y, turn) {
	const arrow = svg('path', {d: 'M-4-5 4 0-4 5', class: 'arrow', transform: `translate(${x} ${y}) rotate(${turn})`});
	const line = svg('g', {class: 'line'}, svg('path', {d: path, class: 'wire'}),
		svg('path', {d: path, class: 'energy'}), arrow);

	return {line, turn: (degrees) => arrow.setAttribute('transform', `translate(${x} ${y}) rotate(${degrees})`)};
}

function flowNode(x, y, name, use) {
	return svg('g', {class: 'node', transform: `translate(${x} ${y})`},
		svg('circle', {r: 27}), svg('use', {href: `#i-${use}`, x: -15, y: -15, width: 30, height: 30}));
}

function makeFlow() {
	const parts = {
		input: flowLine('M83 46H151', 117, 46, 0),
		output: flowLine('M209 46H277', 243, 46, 0),
		battery: flowLine('M180 75V125', 180, 100, 90),
		mains: flowNode(56, 46, 'mains', 'mains'),
		load: flowNode(304, 46, 'load', 'load'),
		fill: svg('rect', {x: 151, y: 130, height: 26, rx: 3, class: 'fill'}),
		charge: flowText(180, 148, 'charge'),
		runtime: flowText(180, 180, 'value'),
		inputValue: flowText(56, 109, 'value'),
		inputMore: flowText(56, 125, 'more'),
		outputValue: flowText(243, 30, 'more'),
		loadValue: flowText(304, 109, 'value'),
		loadMore: flowText(304, 125, 'more'),
	};
	const label = (x, y, key) => {
		const node = flowText(x, y, 'label');

		node.textContent = t(key);
		return node;
	};
	const drawing = svg('svg', {class: 'flow', viewBox: '0 0 360 188', role: 'img'},
		parts.input.line, parts.output.line, parts.battery.line, parts.mains, parts.load,
		svg('g', {class: 'box'}, svg('rect', {x: 151, y: 17, width: 58, height: 58, rx: 10}),
			svg('use', {href: '#i-bolt', x: 163, y: 29, width: 34, height: 34})),
		svg('rect', {x: 148, y: 127, width: BATTERY_WIDTH + 6, height: 32, rx: 6, class: 'case'}),
		svg('rect', {x: 217, y: 137, width: 5, height: 12, rx: 2, class: 'pole'}),
		parts.fill, parts.charge, parts.runtime,
		label(56, 92, 'flow.mains'), parts.inputValue, parts.inputMore,
		parts.outputValue,
		label(304, 92, 'flow.load'), parts.loadValue, parts.loadMore);

	return {drawing, show: (ups) => showFlow(drawing, parts, ups)};
}

/* Where the energy goes: by mains, by what the status says, else by the state of the mains. */
function flowOf(ups) {
	const live = ups.source === 'ok' || ups.estimated;
	const given = !ups.words.includes('off');

	return {
		input: live && ups.mains === 'on',
		output: live && ups.mains !== 'unknown' && given,
		discharging: live && (ups.mains === 'off' || ups.words.includes('discharging')) && given,
		charging: live && ups.mains === 'on' && ups.words.includes('charging'),
	};
}

function showFlow(drawing, parts, ups) {
	const {power, battery} = ups;
	const flow = flowOf(ups);
	const watts = known(power.watts) ?
		(power.watts_estimated ? '≈\u202f' : '') + unit(power.watts, 'W') : null;
	const runtime = battery.runtime_learned ?? battery.runtime;

	parts.input.line.classList.toggle('on', flow.input);
	parts.output.line.classList.toggle('on', flow.output);
	parts.battery.line.classList.toggle('on', flow.discharging || flow.charging);
	parts.battery.line.classList.toggle('up', flow.discharging);
	parts.battery.turn(flow.discharging ? -90 : 90);
	parts.mains.classList.toggle('off', !flow.input);
	parts.load.classList.toggle('off', !flow.output);
	parts.fill.setAttribute('width', BATTERY_WIDTH * Math.min(Math.max(battery.charge ?? 0, 0), 100) / 100);
	say(parts.charge, unit(battery.charge, '%') ?? '?');
	say(parts.runtime, duration(runtime) ?? '');
	say(parts.inputValue, unit(power.input_voltage, 'V') ?? (ups.mains === 'on' ? t('flow.there') : '–'));
	say(parts.inputMore, unit(power.input_frequency, 'Hz', 1) ?? '');
	say(parts.outputValue, unit(power.output_voltage, 'V') ?? '');
	say(parts.loadValue, unit(power.load, '%') ?? watts ?? '–');
	say(parts.loadMore, known(power.load) && watts ? watts : '');
	drawing.setAttribute('aria-label', t(
		flow.discharging ? 'flow.says.battery' : flow.input ? 'flow.says.mains' : 'flow.says.unknown',
		unit(power.load, '%') ?? '?', unit(battery.charge, '%') ?? '?'));
}

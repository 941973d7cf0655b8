/* SPDX-License-Identifier: ISC */
/*
 * Words, numbers and elements: what all other parts write with. Values of a UPS are foreign
 * text; they reach the page as text nodes and attributes only, never as HTML.
 */

const words = JSON.parse(document.getElementById('words').textContent);
const lang = document.documentElement.lang;

/* The text of a key of web/lang_words.c with {0}, {1} … filled in. */
function t(key, ...values) {
	return (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => values[i]);
}

const SVG = 'http://www.w3.org/2000/svg';

/* Attributes, listeners (`onclick: f`) and children of an element. null and false are
 * attributes and children that are not there. */
function dress(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith('on'))
			node.addEventListener(name.slice(2), value);
		else if (value !== null && value !== undefined && value !== false)
			node.setAttribute(name, value === true ? '' : value);
	}
	node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
	return node;
}

function el(tag, attributes = {}, ...children) {
	return dress(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
	return dress(document.createElementNS(SVG, tag), attributes, children);
}

/* One of the symbols at the top of page.html. What it says stands beside it as text. */
function icon(name) {
	return svg('svg', {class: 'icon', 'aria-hidden': 'true'}, svg('use', {href: `#i-${name}`}));
}

/* Writes only what differs, so that a screen reader hears only what is new. */
function say(node, text) {
	if (node.textContent !== text)
		node.textContent = text;
}

function button(label, onclick, kind = '') {
	return el('button', {type: 'button', class: kind, onclick}, label);
}

/* A description list: [name, value] pairs; values that are not known are left out. */
function facts(pairs) {
	return el('dl', {class: 'facts'}, pairs.filter(([, value]) => value !== null && value !== undefined)
		.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

/* ---- numbers and times, as the browser's language writes them ---- */

const known = (value) => typeof value === 'number' && Number.isFinite(value);

function number(value, digits = 0) {
	return value.toLocaleString(undefined,
		{minimumFractionDigits: digits, maximumFractionDigits: digits});
}

/* "230 V"; null where the number is not known. The blank does not break. */
function unit(value, sign, digits = 0) {
	return known(value) ? `${number(value, digits)}\u00a0${sign}` : null;
}

/* Seconds as "45 s", "4 min 30 s", "12 min", "1 h 04 min", "3 d 2 h". */
function duration(seconds) {
	if (!known(seconds))
		return null;
	const s = Math.max(0, Math.round(seconds));
	const two = (first, one, second, other) => second === 0 || first >= 10 && other === 's' ?
		`${first}\u00a0${one}` :
		`${first}\u00a0${one} ${other === 'min' ? String(second).padStart(2, '0') : second}\u00a0${other}`;

	if (s < 60)
		return `${s}\u00a0s`;
	if (s < 3600)
		return two(Math.floor(s / 60), 'min', s % 60, 's');
	if (s < 86400)
		return two(Math.floor(s / 3600), 'h', Math.floor(s % 3600 / 60), 'min');
	return two(Math.floor(s / 86400), t('unit.day'), Math.floor(s % 86400 / 3600), 'h');
}

/* A moment (Unix seconds): the time alone when it is of today, `seconds` with them. */
function moment(at, seconds = false) {
	const date = new Date(at * 1000);
	const today = date.toDateString() === new Date().toDateString();

	return date.toLocaleString(undefined, {
		...(today ? {} : {day: 'numeric', month: 'short'}),
		...(date.getFullYear() === new Date().getFullYear() ? {} : {year: 'numeric'}),
		hour: '2-digit', minute: '2-digit', ...(seconds ? {second: '2-digit'} : {}),
	});
}

/* "2028-05-01" as a date of that day, wherever the browser stands. */
function day(text) {
	const date = new Date(`${text}T12:00:00`);

	return Number.isNaN(date.getTime()) ? text :
		date.toLocaleDateString(undefined, {year: 'numeric', month: 'short', day: 'numeric'});
}

function time(at, seconds = false) {
	return el('time', {datetime: new Date(at * 1000).toISOString()}, moment(at, seconds));
}

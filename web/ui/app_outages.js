/* SPDX-License-Identifier: ISC */
/* The outages of a UPS, each with its length and depth, and the report of one of them. */

const OUTAGES_AT_ONCE = 8;

function outageRow(outage) {
	const length = outage.ended === null ? t('outage.lasts') : duration(outage.seconds);
	const deep = known(outage.charge_low) ? t('outage.to', unit(outage.charge_low, '%')) : '';
	const depth = el('span', {class: 'depth', 'aria-hidden': 'true'});

	depth.style.setProperty('--left', `${outage.charge_low ?? 100}%`);
	return el('li', {}, el('button', {type: 'button', class: 'row', onclick: () => openReport(outage.id)},
		time(outage.began), el('span', {class: 'kind'}, t(`outage.${outage.kind}`)),
		el('span', {class: 'length'}, length), el('span', {class: 'deep'}, deep), depth));
}

function makeOutages(place) {
	const list = place.querySelector('ol');
	const more = place.querySelector('.more');
	let ups = null, shown = [];

	async function load(from) {
		const name = ups;
		const before = from ? `&before=${from}` : '';

		try {
			const {outages} = await askHistory(`outages?ups=${encodeURIComponent(name)}&limit=${OUTAGES_AT_ONCE}${before}`);

			if (name !== ups)
				return [];
			shown = from ? [...shown, ...outages] : outages;
			list.replaceChildren(...shown.length > 0 ? shown.map(outageRow) :
				[el('li', {class: 'none'}, t('outage.none'))]);
			more.hidden = outages.length < OUTAGES_AT_ONCE;
		} catch (error) {
			list.replaceChildren(el('li', {class: 'none'}, error.message));
		}
		return shown;
	}

	more.addEventListener('click', () => load(shown.at(-1)?.id));
	return {choose: (name) => {
		ups = name;
		return load();
	}};
}

/* ---- the report of one outage ---- */

function reportFacts(outage) {
	return facts([
		[t('report.began'), time(outage.began, true)],
		[t('report.ended'), outage.ended === null ? t('outage.lasts') : time(outage.ended, true)],
		[t('report.length'), duration(outage.seconds)],
		[t('report.charge'), known(outage.charge_began) && known(outage.charge_low) ?
			`${unit(outage.charge_began, '%')} → ${unit(outage.charge_low, '%')}` : null],
		[t('report.voltage_low'), unit(outage.voltage_low, 'V', 1)],
		[t('report.load'), unit(outage.load, '%')],
		[t('report.energy'), unit(outage.energy_wh, 'Wh', 1)],
	]);
}

function table(caption, heads, rows) {
	return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption}, el('table', {},
		el('caption', {}, caption),
		el('thead', {}, el('tr', {}, heads.map((h) => el('th', {scope: 'col'}, h)))),
		el('tbody', {}, rows.map((row) => el('tr', {}, row.map((cell) => el('td', {}, cell ?? '–')))))));
}

/* The charge through the outage as a small drawing. */
function reportCurve(minutes) {
	const points = minutes.filter((m) => known(m.charge));
	const first = points[0]?.at, last = points.at(-1)?.at;

	if (points.length < 3 || first === last)
		return null;
	const place = ({at, charge}) => `${(300 * (at - first) / (last - first)).toFixed(1)} ${(100 - charge).toFixed(1)}`;
	const line = points.map(place).join('L');

	return svg('svg', {class: 'curve', viewBox: '0 -2 300 104', preserveAspectRatio: 'none', 'aria-hidden': 'true'},
		svg('path', {class: 'area', d: `M0 100L${line}L300 100Z`}), svg('path', {class: 'trace', d: `M${line}`}));
}

async function openReport(id) {
	const box = openDialog(t('report.title'), {wide: true});

	await box.attempt(async () => {
		const outage = await api(`outages/${encodeURIComponent(id)}`);
		const minutes = outage.minutes ?? [], events = outage.events ?? [];

		box.body.replaceChildren(...[reportFacts(outage),
			outage.complete === false ? el('p', {class: 'note'}, t('report.incomplete')) : null,
			reportCurve(minutes),
			el('h3', {}, t('report.events')),
			el('ol', {class: 'events'}, events.length > 0 ? [...events].sort((a, b) => a.at - b.at).map((e) => eventRow(e, false)) :
				el('li', {class: 'none'}, t('event.none'))),
			minutes.length > 0 ? table(t('report.minutes'),
				[t('report.time'), t('figure.charge'), t('var.battery.runtime'), t('figure.load'), t('figure.battery_voltage')],
				minutes.map((m) => [time(m.at), unit(m.charge, '%'), duration(m.runtime), unit(m.load, '%'), unit(m.voltage, 'V', 1)])) : null,
		].filter(Boolean));
	});
}

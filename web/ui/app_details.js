/* SPDX-License-Identifier: ISC */
/* What history knows of one UPS: power quality, energy and its price, the battery's health. */

const QUALITY_DAYS = 30;

function showQuality(place, q) {
	const count = (n, seconds) => known(n) ?
		[number(n), n > 0 && known(seconds) ? el('small', {}, duration(seconds)) : null] : null;

	place.replaceChildren(facts([
		[t('quality.outages'), count(q.outages, q.outage_s)],
		[t('quality.transfers'), count(q.transfers)],
		[t('quality.sags'), count(q.sags)],
		[t('quality.swells'), count(q.swells)],
		[t('quality.boosts'), count(q.boosts, q.boost_s)],
		[t('quality.trims'), count(q.trims, q.trim_s)],
		[t('quality.voltage'), known(q.voltage_low) && known(q.voltage_high) ?
			`${number(q.voltage_low)} … ${unit(q.voltage_high, 'V')}` : null],
	]));
}

/* ---- energy ---- */

function money(kwh, energy) {
	if (!known(kwh) || !known(energy.price_per_kwh) || energy.price_per_kwh <= 0)
		return null;
	try {
		return (kwh * energy.price_per_kwh).toLocaleString(undefined, {style: 'currency', currency: energy.currency});
	} catch {
		/* Not one of ISO 4217: as it was written. */
		return `${number(kwh * energy.price_per_kwh, 2)} ${energy.currency ?? ''}`;
	}
}

function energyOf(kwh, energy) {
	const price = money(kwh, energy);

	return known(kwh) ? [unit(kwh, 'kWh', kwh < 1 ? 3 : kwh < 100 ? 1 : 0), price ? el('small', {}, price) : null] : null;
}

/* A bar for each day; all of them are told as one text. */
function energyBars(days) {
	const most = Math.max(...days.map((d) => d.kwh), 0.001);
	const label = days.map((d) => `${day(d.day)}: ${unit(d.kwh, 'kWh', 1)}`).join('; ');

	return el('div', {class: 'days', role: 'img', 'aria-label': label}, days.map((d) => {
		const bar = el('i', {title: `${day(d.day)}: ${unit(d.kwh, 'kWh', 1)}`});

		bar.style.setProperty('--part', `${100 * d.kwh / most}%`);
		return bar;
	}));
}

function showEnergy(place, energy) {
	place.replaceChildren(...[facts([
		[t('energy.today'), energyOf(energy.today_kwh, energy)],
		[t('energy.month'), energyOf(energy.month_kwh, energy)],
		[t('energy.year'), energyOf(energy.year_kwh, energy)],
		[t('energy.total'), energyOf(energy.total_kwh, energy)],
	]), known(energy.total_kwh) ? null : el('p', {class: 'note'}, t('energy.unknown')),
	energy.days?.length > 1 ? energyBars(energy.days) : null,
	energy.estimated ? el('p', {class: 'note'}, t('energy.estimated')) : null].filter(Boolean));
}

/* ---- battery ---- */

const roughly = (seconds) => seconds < 60 ? seconds : 60 * Math.round(seconds / 60);

/* The runtime of a full battery by the load, as the discharges have taught it. */
function runtimeCurve(curve) {
	const points = (curve ?? []).filter((p) => known(p.seconds) && p.seconds > 0);

	if (points.length < 3)
		return null;
	const most = Math.max(...points.map((p) => p.seconds));
	const first = points[0].load, span = points.at(-1).load - first;
	const line = points.map((p) => `${(300 * (p.load - first) / span).toFixed(1)} ${(100 - 100 * p.seconds / most).toFixed(1)}`).join('L');
	const label = points.map((p) => `${unit(p.load, '%')}: ${duration(p.seconds)}`).join('; ');

	return el('figure', {},
		el('figcaption', {}, t('battery.curve')),
		svg('svg', {class: 'curve', viewBox: '0 -2 300 104', preserveAspectRatio: 'none', role: 'img', 'aria-label': label},
			svg('path', {class: 'area', d: `M0 100L${line}L300 100Z`}), svg('path', {class: 'trace', d: `M${line}`})),
		el('p', {class: 'ends'}, [points[0], points[Math.floor(points.length / 2)], points.at(-1)].map((p) =>
			el('span', {}, `${unit(p.load, '%')}: ${duration(roughly(p.seconds))}`))));
}

/* The day it is to be replaced, and that this is over. */
function replaceOf(date) {
	if (!date)
		return null;
	return [day(date), Date.parse(date) < Date.now() ? el('small', {}, t('battery.overdue')) : null];
}

function showBattery(place, learned) {
	const meter = known(learned.health) ? el('meter', {min: 0, max: 100, low: 60, high: 80, optimum: 100,
		value: learned.health, 'aria-label': t('figure.health')}) : null;

	place.replaceChildren(...[meter, facts([
		[t('figure.health'), unit(learned.health, '%')],
		[t('battery.confidence'), known(learned.health) ? unit(learned.confidence, '%') : null],
		[t('battery.replace'), replaceOf(learned.replace)],
		[t('battery.discharges'), known(learned.discharges) ? number(learned.discharges) : null],
		[t('battery.last_test'), known(learned.last_test) ? time(learned.last_test) : null],
		[t('battery.last_result'), learned.last_result || null],
		[t('battery.next_test'), known(learned.next_test) ? time(learned.next_test) : null],
	]), known(learned.health) ? null : el('p', {class: 'note'}, t('battery.unlearned')),
	runtimeCurve(learned.curve)].filter(Boolean));
}

/* Each card is filled by its own answer; one that fails says so in its place. */
function loadDetails(ups, places) {
	const {name} = ups;
	const fill = (place, what, show) => askHistory(upsPath(name, what)).then((found) => show(place, found),
		(error) => place.replaceChildren(el('p', {class: 'none'}, error.message)));

	return Promise.all([
		fill(places.quality, `quality?days=${QUALITY_DAYS}`, showQuality),
		fill(places.energy, 'energy', showEnergy),
		fill(places.battery, 'battery', (place, learned) =>
			showBattery(place, {...learned, replace: learned.replace ?? ups.battery.replace})),
	]);
}

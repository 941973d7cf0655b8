/* SPDX-License-Identifier: ISC */
/* The machines in the order in which an outage would take them down, and the last events. */

const STANDS = {on: 'good', told: 'battery', leaving: 'battery', off: 'unknown', waking: 'battery'};

const UNNAMED = 'this machine'; /* the drill's name of the one that runs holdup, without a section */

/* A bar from the moment a machine is told until it is off, of the whole outage's length. */
function machineBar(machine, longest) {
	const bar = el('span', {class: 'bar', 'aria-hidden': 'true'});

	if (known(machine.down) && longest > 0) {
		const off = known(machine.off) ? machine.off : machine.down;

		bar.style.setProperty('--from', `${100 * machine.down / longest}%`);
		bar.style.setProperty('--to', `${Math.max(100 * (off - machine.down) / longest, 1.5)}%`);
	}
	return bar;
}

function machineMoment(machine) {
	if (!known(machine.down))
		return machine.there ? t('machine.never') : '';
	return known(machine.off) ? t('machine.down_off', duration(machine.down), duration(machine.off)) :
		t('machine.down', duration(machine.down));
}

function machineRow(machine, longest, several) {
	const stands = machine.stands in STANDS ? machine.stands : 'on';
	const unnamed = machine.self && machine.name === UNNAMED;
	const here = machine.there ? t(`stands.${stands}`) : t('machine.away');

	return el('li', {class: machine.there ? '' : 'away'},
		el('span', {class: `dot tone-${machine.there ? STANDS[stands] : 'unknown'}`}, icon(machine.there ? 'load' : 'unknown')),
		el('span', {class: 'name'}, unnamed ? t('machine.self') : machine.name,
			machine.self && !unnamed ? el('small', {}, ` ${t('machine.self')}`) : null,
			several && machine.feeds.length > 0 ? el('small', {}, ` ${t('machine.on', machine.feeds.join(', '))}`) : null),
		el('span', {class: 'stands'}, here),
		el('span', {class: 'moment'}, machineMoment(machine)),
		machineBar(machine, longest),
		machine.why ? el('small', {class: 'why', lang: 'en'}, machine.why) : null);
}

function showMachines(list, machines, several) {
	const longest = Math.max(0, ...machines.map((m) => m.off ?? m.down ?? 0));

	list.replaceChildren(...machines.length > 0 ?
		machines.map((m) => machineRow(m, longest, several)) :
		[el('li', {class: 'none'}, t('machine.none'))]);
}

/* ---- events ---- */

const EVENT_TONES = {
	onbatt: 'battery', online: 'good', lowbatt: 'low', fsd: 'low', overload: 'low', off: 'low', lost: 'unknown',
	stale: 'unknown', back: 'good', replace: 'battery', alarm: 'battery', bypass: 'battery', sag: 'battery',
	swell: 'battery', deed: 'deed', tested: 'good',
};

function eventRow(event, several) {
	const kind = `event.${event.kind}`;

	return el('li', {class: `tone-${EVENT_TONES[event.kind] ?? 'plain'}`},
		time(event.at, true),
		el('span', {class: 'kind'}, words[kind] ?? event.kind),
		el('span', {class: 'text', lang: 'en'}, several && event.ups ? `${event.ups}: ` : '', event.text ?? '',
			event.who ? el('small', {}, ` (${event.who})`) : null));
}

function showEvents(list, events, several) {
	list.replaceChildren(...events.length > 0 ? events.map((e) => eventRow(e, several)) :
		[el('li', {class: 'none'}, t('event.none'))]);
}

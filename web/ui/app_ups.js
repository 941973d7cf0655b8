/* SPDX-License-Identifier: ISC */
/* One UPS as a card: name, state in words, the flow, and the figures below it. */

function makeCard(name, choose) {
	const flow = makeFlow();
	const title = el('h2', {id: `ups-${name}`});
	const status = el('p', {class: 'status', 'data-status': ''});
	const since = el('p', {class: 'since'});
	const figures = el('div');
	const select = button(t('ups.details'), () => choose(name), 'choose');
	const card = el('article', {class: 'card ups', 'data-ups': name, 'aria-labelledby': title.id},
		el('header', {}, title, status, since), flow.drawing, figures,
		el('p', {class: 'buttons'}, select, el('button', {type: 'button', 'data-act': '', onclick: () => openActions(name)}, t('act.open'))));

	function show(ups, {now, chosen, several}) {
		const tone = toneOf(ups);

		card.className = `card ups tone-${tone}${chosen && several ? ' chosen' : ''}`;
		select.hidden = !several;
		select.setAttribute('aria-pressed', String(chosen));
		say(title, ups.desc || ups.name);
		title.title = ups.name;
		showStatus(status, ups, tone);
		say(since, sinceText(ups, now));
		flow.show(ups);
		figures.replaceChildren(facts(figuresOf(ups)));
	}
	return {card, show};
}

/* The state: its icon and words, and a mark for each warning. */
function showStatus(node, ups, tone) {
	const text = statusText(ups);

	if (node.textContent === text && node.dataset.tone === tone)
		return;
	node.dataset.tone = tone;
	node.replaceChildren(icon(TONES[tone]), el('span', {}, text));
}

function figuresOf(ups) {
	const {power, battery} = ups;
	const learned = known(battery.runtime_learned);

	return [
		[t('figure.charge'), unit(battery.charge, '%')],
		[t('figure.runtime'), duration(battery.runtime)],
		[t('figure.runtime_learned'), learned ? duration(battery.runtime_learned) : null],
		[t('figure.load'), unit(power.load, '%')],
		[t(power.watts_estimated ? 'figure.watts_estimated' : 'figure.watts'), unit(power.watts, 'W')],
		[t('figure.temperature'), unit(battery.temperature, '°C', 1)],
		[t('figure.battery_voltage'), unit(battery.voltage, 'V', 1)],
		[t('figure.health'), unit(battery.health, '%')],
	];
}

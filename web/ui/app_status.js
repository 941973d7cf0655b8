/* SPDX-License-Identifier: ISC */
/* How it stands with a UPS: the tone of its state (which colour and icon follow), its words. */

const TONES = {
	good: 'check',
	battery: 'battery',
	low: 'alert',
	unknown: 'unknown',
};

function toneOf(ups) {
	if (ups.source !== 'ok' && !ups.estimated || ups.words.includes('waiting'))
		return 'unknown';
	if (ups.words.some((w) => w === 'low' || w === 'fsd' || w === 'off'))
		return 'low';
	return {on: 'good', off: 'battery'}[ups.mains] ?? 'unknown';
}

/* The worst of all, for the head of the page. */
function worst(upses) {
	const order = ['low', 'battery', 'unknown', 'good'];

	return upses.reduce((found, ups) =>
		!found || order.indexOf(toneOf(ups)) < order.indexOf(toneOf(found)) ? ups : found, null);
}

/* The state in words. Of a UPS that is not heard the first one says all: the others are of
 * before, unless they are an estimate of now. */
function statusText(ups) {
	const holds = ups.source === 'ok' || ups.estimated ? ups.words : ups.words.slice(0, 1);
	const text = holds.map((w) => t(`status.${w}`)).join(', ');

	return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/* "since 14:03 (12 min)" */
function sinceText(ups, now) {
	return known(ups.since) && toneOf(ups) !== 'unknown' ?
		t('status.since', moment(ups.since), duration(now - ups.since)) : '';
}

/* The sentence at the head of the page. */
function headline(state, now) {
	const ups = worst(state.upses);

	if (!ups)
		return t('head.none');
	const tone = toneOf(ups);
	const name = state.upses.length > 1 ? `${ups.desc || ups.name}: ` : '';
	const left = ups.battery.runtime_learned ?? ups.battery.runtime;

	if (tone === 'good')
		return t(state.upses.length > 1 ? 'head.good.all' : 'head.good');
	if (tone === 'unknown')
		return name + statusText(ups);
	if (ups.mains === 'off' && known(left))
		return name + t(tone === 'low' ? 'head.low' : 'head.battery',
			duration(known(ups.since) ? now - ups.since : 0), duration(left));
	return name + statusText(ups);
}

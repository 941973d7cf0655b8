/* SPDX-License-Identifier: ISC */
/* Who only looks: what the page shows, how soon, to whom. */
'use strict';

const {PHONE, Page} = require('./browse.js');
const {holds, median, same, waitFor} = require('./waits.js');

const ROUNDS = 5;
const SOON = 1000; /* ms from the device to the screen */

async function is_told_within_a_second({browser, house}) {
	const one = await Page.open(browser, house);
	const delays = [];

	await one.says('.status', 'On mains');
	await one.noteStatus();
	for (let i = 0; i < ROUNDS; i++) {
		delays.push(await one.delayOf('unplug', 'On battery'));
		delays.push(await one.delayOf('plug', 'On mains'));
	}
	const real = median(delays.map((d) => d.real)), let_run = median(delays.map((d) => d.ran));

	await one.close();
	holds(`the page shows it after ${real.toFixed(0)} ms (${let_run.toFixed(0)})`, let_run <= SOON);
	return `${real.toFixed(0)} ms from the device to the screen (most ${Math.max(...delays.map((d) => d.real)).toFixed(0)})`;
}

/* After an outage the cards tell of it what the API does, and its report opens. */
async function remembers_an_outage({browser, house}) {
	const one = await Page.open(browser, house);
	const last = async () => (await house.ask('GET', 'api/v1/outages?ups=qnapups&limit=1')).json.outages[0];
	const before = (await last())?.id;

	await house.sim('unplug');
	await one.says('.status', 'On battery');
	await house.sim('plug');
	await one.says('.status', 'On mains');
	const outage = await waitFor('the outage is over', async () => {
		const found = await last();

		return found && found.id !== before && found.ended !== null && found;
	});
	const row = one.page.locator('#outages .row').first();

	await one.says('#outages .row >> nth=0', `to ${Math.round(outage.charge_low)}`);
	holds(`its row is ${await row.innerText()}`, !/still/.test(await row.innerText()));
	await row.click();
	await one.dialog().getByText('On battery: the mains is away').first().waitFor();
	await one.shoot('report', false);
	await one.page.keyboard.press('Escape');

	const {json: quality} = await house.ask('GET', 'api/v1/ups/qnapups/quality');

	await waitFor('the outages are counted', async () =>
		(await one.page.locator('#quality-body').innerText()).replace(/\s+/g, ' ').includes(`Outages ${quality.outages} `));
	await one.says('#energy-body', 'default.ups.realpower.nominal'); /* it tells no watts: not 0 kWh */
	await one.says('#graph .summary', 'Charge: ');
	await one.close();
}

/* The page brings everything with it; later it asks for what history knows, and that only. */
async function asks_for_nothing_else({browser, house}) {
	const one = await Page.open(browser, house);

	await one.page.waitForLoadState('load');
	await waitFor('the graph has asked', () => one.asked().some((u) => u.endsWith('/history')));
	const asked = one.asked(), count = (name) => asked.filter((u) => u === name).length;

	same('requests for the page', count(''), 1);
	same('requests for the stream', count('api/v1/stream'), 1);
	same('others', asked.filter((u) => u !== '' &&
		!/^api\/v1\/(stream|session|outages|ups\/qnapups\/(history|quality|energy|battery))$/.test(u)), []);
	holds(`each once, but: ${asked}`, asked.length === new Set(asked).size);
	await one.close();
}

async function says_it_without_javascript({browser, house}) {
	const one = await Page.open(browser, house, {javaScriptEnabled: false});
	const text = await one.page.locator('main').innerText();

	for (const wanted of ['Server', 'On mains', '100', 'nas'])
		holds(`'${wanted}' is not in: ${text}`, text.includes(wanted));
	await one.shoot('no-javascript');
	await one.close();

	const shut = await Page.open(browser, house, {javaScriptEnabled: false, ...PHONE, locale: 'fr-FR'});

	await shut.says('main', 'Sur secteur');
	await shut.shoot('no-javascript-phone-french');
	await shut.close();
}

async function speaks_french({browser, house}) {
	const one = await Page.open(browser, house, {locale: 'fr-CH'});

	same('the language', await one.page.locator('html').getAttribute('lang'), 'fr');
	await one.says('.status', 'Sur secteur');
	const heads = await one.page.locator('h1, h2, h3, dt, button').allInnerTexts(); /* events are English */

	holds(`English in it: ${heads}`, !/\b(outages?|events|battery|load|charge of|the)\b/i.test(heads.join(' ')));
	await one.shoot('french');
	await one.close();
}

/* On a phone nothing is wider than the screen, in the light and in the dark. */
async function fits_a_phone({browser, house}) {
	for (const colorScheme of ['light', 'dark']) {
		const one = await Page.open(browser, house, {...PHONE, colorScheme});
		const [wide, screen] = await one.page.evaluate(() =>
			[document.documentElement.scrollWidth, innerWidth]);

		same('width of the page', wide, screen);
		await one.shoot(`phone-${colorScheme}`);
		await one.close();
	}
	const small = await Page.open(browser, house, {...PHONE, viewport: {width: 320, height: 568}});

	same('width on the smallest phone', await small.page.evaluate(() => document.documentElement.scrollWidth), 320);
	await small.close();
}

async function is_accessible({browser, house}) {
	for (const colorScheme of ['light', 'dark']) {
		const one = await Page.open(browser, house, {colorScheme});

		await one.accessible(`on mains, ${colorScheme}`);
		await one.shoot(`mains-${colorScheme}`);
		await house.sim('unplug');
		await one.says('.status', 'On battery');
		await one.accessible(`on battery, ${colorScheme}`);
		await one.shoot(`battery-${colorScheme}`);
		await house.sim('plug');
		await one.button('Log in').click();
		await one.accessible(`login, ${colorScheme}`);
		await one.fillLogin('boss');
		await one.button('Log out (boss)').waitFor();
		await one.openActions();
		await one.accessible(`what can be done, ${colorScheme}`);
		await one.shoot(`actions-${colorScheme}`, false);
		await one.close();
	}
	const still = await Page.open(browser, house, {javaScriptEnabled: true, reducedMotion: 'reduce', forcedColors: 'active'});

	await still.accessible('forced colours');
	await still.shoot('forced-colours');
	await still.close();
}

/* Everything by the keyboard: to the login, in, to the drill, and out of it. */
async function needs_no_mouse({browser, house}) {
	const one = await Page.open(browser, house);
	const {keyboard} = one.page;
	const focused = () => one.page.evaluate(() => document.activeElement.textContent.trim());
	const tabTo = async (text) => {
		for (let i = 0; i < 60; i++) {
			await keyboard.press('Tab');
			if (await focused() === text)
				return;
		}
		throw new Error(`Tab does not reach '${text}'`);
	};

	await keyboard.press('Tab');
	same('the first stop is the way past the head', await one.page.evaluate(() => document.activeElement.hash), '#main');
	await tabTo('Log in');
	await keyboard.press('Enter');
	await one.dialog().waitFor();
	await keyboard.type('boss');
	await keyboard.press('Tab');
	await keyboard.type('secret');
	await keyboard.press('Enter');
	await one.button('Log out (boss)').waitFor();
	await tabTo('Rehearse an outage …');
	await keyboard.press('Enter');
	await one.dialog().getByText('Nothing is switched').waitFor();
	await keyboard.press('Escape');
	await waitFor('Escape closes the dialog', () => one.page.evaluate(() => !document.querySelector('dialog[open]')));
	same('the focus is back', await focused(), 'Rehearse an outage …');
	await one.close();
}

module.exports = {is_told_within_a_second, remembers_an_outage, asks_for_nothing_else,
	says_it_without_javascript, speaks_french, fits_a_phone, is_accessible, needs_no_mouse};

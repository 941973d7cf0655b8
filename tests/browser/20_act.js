/* SPDX-License-Identifier: ISC */
/* Who does something: login, commands, settings, the drill, FSD; and who may not. */
'use strict';

const {Page} = require('./browse.js');
const {holds, same, waitFor} = require('./waits.js');

const STRANGER = '127.0.0.77'; /* an address of its own, which wrong passwords make slow */
const JSON_TYPE = {'Content-Type': 'application/json'};

/* This machine does not go down, so that FSD can be called and forgotten. */
const house = {files: {'upsmon.conf': 'MONITOR qnapups@localhost 0 nut nut primary\n'}};

async function lets_in_who_knows_the_password({browser, house: here}) {
	const one = await Page.open(browser, here);

	await one.button('Log in').click();
	await one.fillLogin('boss', 'guess');
	await one.dialog().getByText('Name or password are not right').waitFor();
	await one.shoot('login-wrong', false);
	await one.fillLogin('boss');
	await one.button('Log out (boss)').waitFor();
	const [cookie] = await one.context.cookies();

	same('the cookie', {httpOnly: cookie.httpOnly, sameSite: cookie.sameSite, path: cookie.path},
		{httpOnly: true, sameSite: 'Strict', path: '/'});
	await one.page.reload();
	await one.button('Log out (boss)').click();
	await one.button('Log in').waitFor();
	same('the session', (await one.page.evaluate(() => fetch('api/v1/session').then((r) => r.json()))).user, null);
	await one.close();
}

/* Five mistakes are free; then each claim waits. Who is known does not. */
async function slows_down_who_guesses({house: here}) {
	const claim = (password, from) => here.ask('POST', 'api/v1/login', {from, headers: JSON_TYPE,
		body: JSON.stringify({user: 'boss', password})});

	for (let i = 0; i < 5; i++)
		same('a guess', (await claim(`guess ${i}`, STRANGER)).status, 403);
	const begun = Date.now();

	same('a sixth guess', (await claim('guess', STRANGER)).status, 403);
	holds(`the sixth guess is judged after ${Date.now() - begun} ms`, Date.now() - begun > 900);
	same('boss himself', (await claim('secret')).status, 200);
}

/* Every address that does something, asked without what it wants. */
async function does_nothing_for_strangers({house: here}) {
	const login = await here.ask('POST', 'api/v1/login', {headers: JSON_TYPE,
		body: '{"user":"boss","password":"secret"}'});
	const session = {Cookie: login.headers['set-cookie'][0].split(';')[0]}, token = {'X-Holdup-CSRF': login.json.csrf};
	const guest = await here.ask('POST', 'api/v1/login', {headers: JSON_TYPE,
		body: '{"user":"guest","password":"guest"}'});
	const guests = {Cookie: guest.headers['set-cookie'][0].split(';')[0], 'X-Holdup-CSRF': guest.json.csrf};
	const deeds = {
		'ups/qnapups/command': '{"command":"beeper.disable"}',
		'ups/qnapups/set': '{"variable":"battery.charge.low","value":"33"}',
		'ups/qnapups/forget': '{}',
		'drill': '{}',
	};

	same('what guest may', guest.json.may, {commands: [], set: false, forget: false, drill: false});
	for (const [target, body] of Object.entries(deeds)) {
		const status = async (headers) => (await here.ask('POST', `api/v1/${target}`, {headers, body})).status;

		same(`${target} without login`, await status(JSON_TYPE), 401);
		same(`${target} with a session that is none`, await status({...JSON_TYPE, ...token, Cookie: 'holdup=0123456789abcdef0123456789abcdef'}), 401);
		same(`${target} without the token`, await status({...JSON_TYPE, ...session}), 403);
		same(`${target} with a wrong token`, await status({...JSON_TYPE, ...session, 'X-Holdup-CSRF': 'x'.repeat(32)}), 403);
		same(`${target} from elsewhere`, await status({...JSON_TYPE, ...session, ...token, Origin: 'http://example.org'}), 403);
		holds(`${target} as a form`, await status({...session, ...token, 'Content-Type': 'application/x-www-form-urlencoded'}) >= 400);
		same(`${target} by guest`, await status({...JSON_TYPE, ...guests}), 403);
		holds(`GET ${target}`, (await here.ask('GET', `api/v1/${target}`, {headers: session})).status >= 400);
	}
	const {json} = await here.ask('GET', 'api/v1/state');

	same('the beeper', json.upses[0].variables['ups.beeper.status'], 'enabled');
	holds('battery.charge.low was set', json.upses[0].variables['battery.charge.low'] !== '33');
}

async function commands_the_ups({browser, house: here}) {
	const one = await Page.open(browser, here);
	const variable = async (name) => (await here.ask('GET', 'api/v1/state')).json.upses[0].variables[name];

	await one.logIn('boss');
	await one.openActions();
	await one.confirm('Beeper off', 'will not beep any more');
	await waitFor('the beeper is off', async () => await variable('ups.beeper.status') === 'disabled');
	await one.event('beeper.disable', 'boss');

	const setting = one.dialog().locator('form', {has: one.page.locator('[id="set-battery.charge.low"]')});

	await setting.locator('input').fill('31');
	await setting.getByRole('button').click();
	await one.shoot('setting', false);
	await one.settle(/battery\.charge\.low.*10.*31/, 'Set');
	await waitFor('the setting is made', async () => await variable('battery.charge.low') === '31');
	await one.event('battery.charge.low', 'boss');
	await one.close();
}

async function tests_the_battery({browser, house: here}) {
	const one = await Page.open(browser, here);

	await one.logIn('boss');
	await one.openActions();
	await one.button('Test the battery briefly', one.dialog()).click();
	await one.dialog().getByText('some 10 seconds').waitFor();
	await one.accessible('a confirmation');
	await one.shoot('confirm-test', false);
	await one.button('Do it', one.dialog()).click();
	await one.dialog().locator('.result', {hasText: /^(Done|Sent)/}).waitFor();
	await one.event('test.battery.start.quick', 'boss');
	await one.event('Battery test');
	await one.close();
}

async function rehearses({browser, house: here}) {
	const one = await Page.open(browser, here);

	await one.logIn('boss');
	await one.button('Rehearse an outage …').click();
	await one.dialog().getByText('Nothing is switched').waitFor();
	await one.button('Rehearse', one.dialog()).click();
	await one.dialog().locator('.verdict').waitFor();
	await one.dialog().locator('td', {hasText: /^nas$/}).waitFor();
	await one.accessible('a drill');
	await one.shoot('drill', false);
	await one.page.keyboard.press('Escape');
	await one.event('boss', /drill|rehears/i);
	await one.close();
}

/* FSD that a client has called is given up. */
async function forgets_fsd({browser, house: here}) {
	const one = await Page.open(browser, here);

	same('FSD', (await here.nut('USERNAME nut', 'PASSWORD nut', 'LOGIN qnapups', 'PRIMARY qnapups', 'FSD qnapups')).at(-1), 'OK FSD-SET');
	await one.says('.status', /shutdown ordered/i);
	await one.shoot('fsd');
	await one.logIn('boss');
	await one.openActions();
	await one.confirm('Forget the forced shutdown', 'have not gone down yet stay on');
	await waitFor('FSD is over', async () => !/shutdown ordered/i.test(await one.page.locator('.status').innerText()));
	await one.event('Forced shutdown forgotten');
	await one.event('boss', 'Gave up the forced shutdown');
	await one.close();
}

async function offers_guests_nothing({browser, house: here}) {
	const one = await Page.open(browser, here);

	await one.logIn('guest');
	await one.button('Test, beeper, settings …').click();
	await one.dialog().getByText('This account may do nothing here').waitFor();
	await one.close();
}

module.exports = {house, lets_in_who_knows_the_password, slows_down_who_guesses, does_nothing_for_strangers,
	commands_the_ups, rehearses, forgets_fsd, offers_guests_nothing, tests_the_battery};

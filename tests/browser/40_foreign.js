/* SPDX-License-Identifier: ISC */
/* What comes from elsewhere: names with HTML in them, scripts that are not ours, a reverse
 * proxy that shows the page below a path of its own. */
'use strict';

const http = require('node:http');
const {Page} = require('./browse.js');
const {holds, same, waitFor} = require('./waits.js');

const NAME = '<img src=x onerror=hacked()><b id=evil>Tom & Jerry</b>\'s';
const BASE = '/box/ups';

/* The house's name is HTML, and the page believes that it lies below BASE. */
const house = {
	files: {'ups.conf': `[qnapups]\n\tdriver = usbhid-ups\n\tport = /dev/hidraw0\n\tdesc = "${NAME}"\n`},
	web: `base = ${BASE}\nproxy = 127.0.0.1\n`,
};

/* A reverse proxy that passes BASE on, as it comes or without it. Resolves to its address. */
function proxy(target, strips) {
	const server = http.createServer((request, answer) => {
		const ours = request.url.startsWith(`${BASE}/`);
		const way = http.request({host: '127.0.0.1', port: target, method: request.method, agent: false,
			path: strips && ours ? request.url.slice(BASE.length) : request.url,
			headers: {...request.headers, 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'http',
				'x-forwarded-host': request.headers.host}}, (from) => {
			answer.writeHead(from.statusCode, from.headers);
			answer.flushHeaders();
			from.pipe(answer);
		});

		way.on('error', () => answer.destroy());
		answer.on('close', () => way.destroy());
		if (ours)
			return request.pipe(way);
		way.destroy();
		answer.writeHead(404).end();
	});

	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({server,
		url: `http://127.0.0.1:${server.address().port}${BASE}/`})));
}

async function shows_names_as_text({browser, house: here}) {
	const one = await Page.open(browser, here, {url: `${here.url.slice(0, -1)}${BASE}/`});

	await one.page.getByRole('heading', {name: NAME}).first().waitFor();
	same('elements of the name', await one.page.locator('#evil, img[src=x]').count(), 0);
	await one.close();
	const bare = await Page.open(browser, here, {url: `${here.url.slice(0, -1)}${BASE}/`, javaScriptEnabled: false});

	holds('the name is text without JavaScript too', (await bare.page.locator('main').innerText()).includes(NAME));
	same('elements of the name', await bare.page.locator('#evil, img[src=x]').count(), 0);
	await bare.close();
}

/* Script, style and handlers that somebody has brought in are refused, and loading from
 * elsewhere, and the page in somebody's frame. */
async function runs_no_script_but_its_own({browser, house: here}) {
	const url = `${here.url.slice(0, -1)}${BASE}/`;
	const one = await Page.open(browser, here, {url});

	await one.page.evaluate(() => {
		const script = document.createElement('script'), far = document.createElement('script');
		const box = document.createElement('div');

		script.textContent = 'window.hacked = "script"';
		far.src = 'data:text/javascript,window.hacked="far"';
		box.innerHTML = '<a id=bait href="javascript:window.hacked=1" onclick="window.hacked=2">x</a>';
		document.body.append(script, far, box);
		document.getElementById('bait').click();
	});
	const refused = await waitFor('it is refused', () => one.page.evaluate(() => window.refusals.length >= 3 && window.refusals));

	same('what has run', await one.page.evaluate(() => window.hacked ?? null), null);
	/* Later, for the devtools that ask this may evaluate. */
	same('eval', await one.page.evaluate(() => new Promise((resolve) => setTimeout(() => {
		try {
			resolve(Function('return 1')());
		} catch (error) {
			resolve(error.name);
		}
	}))), 'EvalError');
	holds(`what was refused: ${refused}`, refused.some((r) => r.startsWith('script-src')));
	await one.context.close();

	const {headers} = await here.ask('GET', '');

	for (const wanted of [/default-src 'none'/, /script-src 'sha256-/, /frame-ancestors 'none'/])
		holds(`${wanted} is not in ${headers['content-security-policy']}`, wanted.test(headers['content-security-policy']));
	holds('no unsafe word in it', !/unsafe|\*/.test(headers['content-security-policy']));
	same('nosniff', headers['x-content-type-options'], 'nosniff');
	same('Referrer-Policy', headers['referrer-policy'], 'no-referrer');
}

/* Below a path, by a proxy that passes it on or takes it off: live, and with a login. */
async function works_behind_a_proxy({browser, house: here}) {
	for (const strips of [false, true]) {
		const {server, url} = await proxy(here.port, strips);
		const one = await Page.open(browser, here, {url});

		await one.says('.status', 'On mains');
		await here.sim('unplug');
		await one.says('.status', 'On battery');
		await here.sim('plug');
		await one.logIn('boss');
		same('the cookie is for this path', (await one.context.cookies())[0].path.replace(/\/$/, ''), BASE);
		await one.openActions();
		await one.confirm('Beeper off', 'will not beep any more');
		await one.event('beeper.disable', '192.0.2.7');
		await one.close();
		server.closeAllConnections();
		server.close();
	}
}

module.exports = {house, shows_names_as_text, runs_no_script_but_its_own, works_behind_a_proxy};

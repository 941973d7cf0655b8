/* SPDX-License-Identifier: ISC */
/* The page in a browser: what it weighs and asks for, when it is painted and live on slow
 * phones beside a bare page of as many bytes, how soon it shows what the device says, and
 * what the processes weigh meanwhile. For tests/bench/page. */
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const {House, descendants} = require('../browser/house.js');
const {PHONE, Page, launch} = require('../browser/browse.js');
const {median} = require('../browser/waits.js');

const TURNS = 3, DELAYS = 20;
const PROFILES = [ /* bytes/s, ms, times slower */
	{name: 'this machine'},
	{name: 'phone, slow 4G', rate: 200000, latency: 150, cpu: 4},
	{name: 'phone, slow 3G', rate: 50000, latency: 400, cpu: 4},
];

/* Paints as little as can be, out of so many bytes. Resolves to its server. */
function bare(bytes) {
	const page = `<!doctype html><title>bare</title><p>On mains</p><!--${'x'.repeat(bytes - 60)}-->`;
	const server = http.createServer((_, answer) =>
		answer.writeHead(200, {'Content-Type': 'text/html'}).end(page));

	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/* When the page was painted first, and when (ms) it was live, if it ever is. */
async function paint(browser, url, {rate, latency, cpu}, live) {
	const context = await browser.newContext({...(cpu ? PHONE : {}), locale: 'en-GB'});
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);

	if (cpu) {
		await cdp.send('Network.enable');
		await cdp.send('Network.emulateNetworkConditions', {offline: false, latency,
			downloadThroughput: rate, uploadThroughput: rate / 2});
		await cdp.send('Emulation.setCPUThrottlingRate', {rate: cpu});
	}
	await page.goto(url, {waitUntil: 'commit'});
	const first = await page.waitForFunction(() =>
		performance.getEntriesByName('first-contentful-paint')[0]?.startTime, null, {timeout: 60000});
	const result = {first: await first.jsonValue()};

	if (live)
		result.live = await (await page.waitForFunction(() =>
			document.querySelector('#connection.on') && performance.now(), null, {timeout: 60000})).jsonValue();
	await context.close();
	return result;
}

async function paints(browser, house, other) {
	console.log(`${''.padEnd(18)}${'first paint ms'.padStart(16)}${'bare page'.padStart(12)}${'x bare'.padStart(8)}${'live ms'.padStart(10)}`);
	for (const profile of PROFILES) {
		const ours = [], bares = [];

		for (let i = 0; i < TURNS; i++) {
			ours.push(await paint(browser, house.url, profile, true));
			bares.push(await paint(browser, other, profile, false));
		}
		const [first, least, live] = [median(ours.map((o) => o.first)), median(bares.map((b) => b.first)), median(ours.map((o) => o.live))];

		console.log(profile.name.padEnd(18) + first.toFixed(0).padStart(16) + least.toFixed(0).padStart(12) +
			(first / least).toFixed(2).padStart(8) + live.toFixed(0).padStart(10));
	}
}

async function delays(browser, house) {
	const one = await Page.open(browser, house);
	const all = [];

	await one.noteStatus();
	for (let i = 0; i < DELAYS / 2; i++)
		all.push((await one.delayOf('unplug', 'On battery')).real, (await one.delayOf('plug', 'On mains')).real);
	all.sort((a, b) => a - b);
	console.log(`unplugged -> painted in the browser, ms: median ${median(all).toFixed(0)}, longest ${all.at(-1).toFixed(0)}`);
	weigh(house, 'one page open');
	await one.close();
}

/* PSS of each process, without the virtual UPS and the demo's own. */
function weigh(house, when) {
	const list = descendants(house.demo.pid).filter((p) => p.name !== 'sim').map(({pid, name}) =>
		`${name} ${fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss: +(\d+)/m)[1]}`);

	console.log(`memory (PSS) of each process, kB, ${when}: ${list.join(', ')}`);
}

async function main() {
	const browser = await launch();
	const house = await House.start();
	const {text} = await house.ask('GET', '');
	const bytes = Buffer.byteLength(text);
	const server = await bare(bytes);
	const one = await Page.open(browser, house);

	await one.page.waitForLoadState('networkidle').catch(() => {});
	const count = (name) => one.asked().filter((u) => u === name).length;

	console.log(`page: ${bytes} bytes uncompressed; requests: ${count('')} for the page, ` +
		`${count('api/v1/stream')} for the stream, then ${one.asked().length - 2} for what history knows`);
	await one.close();
	await paints(browser, house, `http://127.0.0.1:${server.address().port}/`);
	await delays(browser, house);
	server.close();
	await house.stop();
	await browser.close();
}

main().catch((error) => {
	console.log(error.stack);
	process.exit(1);
}).then(() => process.exit(0));

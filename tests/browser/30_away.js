/* SPDX-License-Identifier: ISC */
/* The server goes away and comes back: the page says so, and goes on by itself. */
'use strict';

const {Page} = require('./browse.js');
const {holds, same, waitFor} = require('./waits.js');

/* web is killed while nobody starts it again, and the mains fails meanwhile. */
async function comes_back_by_itself({browser, house}) {
	const one = await Page.open(browser, house);
	const parent = house.process('holdupd'), web = house.process('web');

	holds('the processes are found', parent && web);
	await one.says('.status', 'On mains');
	process.kill(parent, 'SIGSTOP');
	try {
		process.kill(web, 'SIGKILL');
		await one.page.locator('#connection', {hasText: 'Connection lost'}).waitFor();
		await one.page.locator('body.lost').waitFor();
		await one.accessible('connection lost');
		await one.shoot('lost');
		await house.sim('unplug');
	} finally {
		process.kill(parent, 'SIGCONT');
	}
	await one.live();
	await one.says('.status', 'On battery');
	same('the page was loaded once', one.asked().filter((u) => u === '').length, 1);
	await house.sim('plug');
	await one.says('.status', 'On mains');
	await one.close();
}

/* The UPS itself is lost, and found. */
async function tells_that_a_ups_is_lost({browser, house}) {
	const one = await Page.open(browser, house);

	await house.sim('usb-drop');
	await waitFor('the page says it', async () => /lost|stale|not answer|old/i.test(await one.page.locator('.status').innerText()));
	await one.shoot('ups-lost');
	await house.sim('usb-back');
	await one.says('.status', 'On mains');
	await one.close();
}

module.exports = {comes_back_by_itself, tells_that_a_ups_is_lost};

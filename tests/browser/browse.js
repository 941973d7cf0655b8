/* SPDX-License-Identifier: ISC */
/* The browser: pages that note whatever went wrong in them, what people do there, and
 * pictures of it. */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const {createRequire} = require('node:module');
const {PATIENCE, holds, ran, same, sleep, waitFor} = require('./waits.js');

const FOLDER = path.join(process.env.BUILD, 'browser'); /* packages, and the pictures */
const packages = createRequire(path.join(FOLDER, 'package.json'));
const {chromium} = packages('playwright-core');
const AXE = fs.readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');

const QUIET = 300; /* ms */
const PHONE = {viewport: {width: 390, height: 844}, deviceScaleFactor: 2, isMobile: true, hasTouch: true};
const ACCOUNTS = {boss: 'secret', guest: 'guest'};

function launch() {
	return chromium.launch({executablePath: process.env.CHROMIUM,
		args: ['--no-sandbox', '--disable-dev-shm-usage']}); /* as root; in a small container */
}

/* In the page before anything of it runs: what the policy of the page has refused. */
function noteRefusals() {
	window.refusals = [];
	addEventListener('securitypolicyviolation', (e) =>
		window.refusals.push(`${e.effectiveDirective} ${e.blockedURI}`));
}

/* In the page: notes each text of the status with the moment (ms since 1970) of the frame
 * that shows it. */
function noteStatus() {
	const place = document.querySelector('#upses');
	const text = () => place.querySelector('.status').textContent;
	let last = text();

	window.seen = [];
	new MutationObserver(() => {
		if (text() === last)
			return;
		last = text();
		const seen = {text: last};

		window.seen.push(seen);
		requestAnimationFrame(() => { seen.at = performance.timeOrigin + performance.now(); });
	}).observe(place, {subtree: true, childList: true, characterData: true});
}

class Page {
	/* Opens the page of a house. options: of the browser's context, and `url`. */
	static async open(browser, house, {url = house.url, ...options} = {}) {
		const one = new Page();

		one.context = await browser.newContext({locale: 'en-GB', timezoneId: 'UTC',
			viewport: {width: 1280, height: 900}, ...options});
		one.context.setDefaultTimeout(PATIENCE);
		one.page = await one.context.newPage();
		one.house = house;
		one.url = url;
		one.requests = [];
		one.wrong = [];
		one.watch();
		await one.context.addInitScript(noteRefusals);
		await one.page.goto(url, {waitUntil: 'domcontentloaded'});
		if (options.javaScriptEnabled !== false)
			await one.live();
		return one;
	}

	watch() {
		this.page.on('request', (r) => {
			this.requests.push(r.url());
			if (!r.url().startsWith(this.url) && !/^(data|blob):/.test(r.url()))
				this.wrong.push(`asks ${r.url()}`);
		});
		this.page.on('pageerror', (error) => this.wrong.push(`script: ${error.stack}`));
		this.page.on('console', (m) => {
			if (['error', 'warning'].includes(m.type()) && !/^Failed to load resource/.test(m.text()))
				this.wrong.push(`console: ${m.text()}`);
		});
	}

	/* Ends it; nothing may have gone wrong meanwhile. */
	async close() {
		const refused = await this.page.evaluate(() => window.refusals ?? []).catch(() => []);

		await this.context.close();
		same('what went wrong in the page', [...this.wrong, ...refused], []);
	}

	/* The stream is there. */
	async live() {
		await this.page.locator('#connection.on').waitFor().catch((error) => {
			throw new Error([error.message, ...this.wrong].join('\n'));
		});
	}

	/* Requests below the page's address, without their questions. */
	asked() {
		return this.requests.filter((u) => u.startsWith(this.url)).map((u) => u.slice(this.url.length).split('?')[0]);
	}

	says(selector, text) {
		return this.page.locator(selector, {hasText: text}).first().waitFor();
	}

	button(name, within = this.page) {
		return within.getByRole('button', {name, exact: true});
	}

	/* The dialog on top. */
	dialog() {
		return this.page.locator('dialog[open]').last();
	}

	async fillLogin(user, password = ACCOUNTS[user]) {
		await this.dialog().getByLabel('Name').fill(user);
		await this.dialog().getByLabel('Password').fill(password);
		await this.button('Log in', this.dialog()).click();
	}

	async logIn(user) {
		await this.button('Log in').click();
		await this.fillLogin(user);
		await this.button(`Log out (${user})`).waitFor();
	}

	/* Opens the dialog of what can be done to a UPS. */
	async openActions() {
		await this.button('Test, beeper, settings …').click();
		await this.dialog().locator('h2', {hasText: 'what can be done'}).waitFor();
	}

	/* Presses a button whose dialog says what will happen, reads that, and goes on. */
	async confirm(name, says, go = 'Do it') {
		await this.button(name, this.dialog()).click();
		await this.settle(says, go);
	}

	/* The rest of it, once the dialog is there. */
	async settle(says, go) {
		await this.dialog().getByText(says).waitFor();
		await this.button(go, this.dialog()).click();
		await this.dialog().locator('.result', {hasText: /^(Done|Sent)/}).waitFor();
		await this.button('Close', this.dialog().locator('.body')).click();
		await waitFor('the dialog is left', async () => await this.dialog().getByText(says).count() === 0);
	}

	/* The newest event with this text, with who it was. */
	event(...texts) {
		let rows = this.page.locator('#events-list > li');

		for (const text of texts)
			rows = rows.filter({hasText: text});
		return rows.first().waitFor();
	}

	noteStatus() {
		return this.page.evaluate(noteStatus);
	}

	/* Tells the virtual UPS, and resolves to when the page showed it: ms, and how many of
	 * them this machine let us run. noteStatus() has to come first. */
	async delayOf(command, text) {
		await sleep(QUIET); /* the stream tells of a UPS four times a second at most */
		await this.page.evaluate(() => { window.seen = []; });
		const at = Date.now();

		same(command, await this.house.sim(command), ['OK']);
		const seen = await waitFor(`the page says ${text}`, () => this.page.evaluate((wanted) =>
			window.seen.find((s) => s.at && s.text.includes(wanted)), text));

		return {real: seen.at - at, ran: ran(at, seen.at)};
	}

	shoot(name, fullPage = true) {
		return this.page.screenshot({path: path.join(FOLDER, `${name}.png`), fullPage});
	}

	/* axe finds nothing that is serious. Returns what it found besides. */
	async accessible(state) {
		await this.page.evaluate(AXE);
		const {violations} = await this.page.evaluate(() => window.axe.run(document,
			{resultTypes: ['violations']}));
		const grave = violations.filter((v) => ['serious', 'critical'].includes(v.impact));

		holds(`${state}: ${grave.map((v) =>
			`${v.id} (${v.help}): ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join('; ')}`).join('\n')}`,
		grave.length === 0);
	}
}

module.exports = {PHONE, Page, launch};

/* SPDX-License-Identifier: ISC */
/* Runs the stories (NN_name.js), one after the other in one browser, and prints a result
 * line for each. A story is a function by its name; those of a file share a house, which it
 * may describe. usage: node main.js [NAME…] */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const {House} = require('./house.js');
const {launch} = require('./browse.js');

const LIMIT = 240000; /* ms: a story that is not told by then hangs */

function limited(promise) {
	let timer;

	return Promise.race([promise, new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`took longer than ${LIMIT / 1000} s`)), LIMIT);
	})]).finally(() => clearTimeout(timer));
}

async function tell(name, story, stage) {
	const begun = Date.now();

	try {
		const said = await limited(story(stage));

		console.log(`PASS browser:${name}${said ? ` ${said}` : ''} (${Date.now() - begun} ms)`);
		return true;
	} catch (error) {
		const [first, ...rest] = String(error.stack ?? error).replace(/^Error: /, '').split('\n');

		console.log(`FAIL browser:${name} ${first}`);
		console.log([...rest, `after ${Date.now() - begun} ms`].map((line) => `    ${line}`).join('\n'));
		return false;
	}
}

async function main(wanted) {
	const files = fs.readdirSync(__dirname).filter((f) => /^\d+_.*\.js$/.test(f)).sort();
	let browser, good = true;

	for (const file of files) {
		const {house: options, ...stories} = require(path.join(__dirname, file));
		const names = Object.keys(stories).filter((n) => wanted.length === 0 ||
			wanted.some((w) => n.includes(w) || file.includes(w)));

		if (names.length === 0)
			continue;
		browser ??= await launch();
		const house = await House.start(options);

		for (const name of names)
			good = await tell(name, stories[name], {browser, house}) && good;
		if (!good)
			console.log(house.log().replace(/^/gm, '    '));
		await house.stop();
	}
	await browser?.close();
	return good;
}

main(process.argv.slice(2)).then((good) => process.exit(good ? 0 : 1));

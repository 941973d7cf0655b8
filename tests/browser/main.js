/* SPDX-License-Identifier: ISC */
/* Runs the stories (NN_name.js) in one browser, and prints a result line for each. A story
 * is a function by its name; those of a file share a house, which it may describe, and come
 * one after the other. The first file, which takes times, has the machine for itself; the
 * others, which wait most of the time, run together. usage: node main.js [NAME…] */
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

		console.log([`FAIL browser:${name} ${first}`, ...rest, `after ${Date.now() - begun} ms`].join('\n    '));
		return false;
	}
}

/* Tells the wanted stories of one file. */
async function tellFile(file, wanted, browser) {
	const {house: options, ...stories} = require(path.join(__dirname, file));
	const names = Object.keys(stories).filter((n) => wanted.length === 0 ||
		wanted.some((w) => n.includes(w) || file.includes(w)));
	let good = true;

	if (names.length === 0)
		return true;
	const house = await House.start(options);

	for (const name of names)
		good = await tell(name, stories[name], {browser, house}) && good;
	if (!good)
		console.log(house.log().replace(/^/gm, '    '));
	await house.stop();
	return good;
}

async function main(wanted) {
	const [first, ...others] = fs.readdirSync(__dirname).filter((f) => /^\d+_.*\.js$/.test(f)).sort();
	const browser = await launch();
	const results = [await tellFile(first, wanted, browser),
		...await Promise.all(others.map((file) => tellFile(file, wanted, browser)))];

	await browser.close();
	return results.every(Boolean);
}

main(process.argv.slice(2)).then((good) => process.exit(good ? 0 : 1), (error) => {
	console.log(`FAIL browser ${error.stack}`);
	process.exit(1);
});

/* SPDX-License-Identifier: ISC */
/* Waiting, comparing, and measuring on a machine that may be busy. */
'use strict';

const {performance} = require('node:perf_hooks');

const PATIENCE = 40000; /* ms; only guards against hanging: a busy machine takes its time */
const TICK = 10;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* When this process was let run, every 10 ms if the machine is idle. */
const ticks = [];
setInterval(() => ticks.push(Date.now()), TICK).unref();

/* How much of the time between two moments (ms since 1970) the machine let us run: for what
 * may not happen too late. Who wanted to sleep for 10 ms and slept for a second has not seen
 * a second of the others' work. */
function ran(from, to) {
	return Math.min(to - from, TICK * ticks.filter((at) => at > from && at <= to).length);
}

/* Resolves to what the condition came to. */
async function waitFor(what, condition) {
	const begun = performance.now();
	let got;

	while (!(got = await condition())) {
		if (performance.now() - begun > PATIENCE)
			throw new Error(`${what}: not within ${PATIENCE / 1000} s`);
		await sleep(20);
	}
	return got;
}

function same(what, got, wanted) {
	const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];

	if (a !== b)
		throw new Error(`${what} is ${a}, expected ${b}`);
}

function holds(what, good) {
	if (!good)
		throw new Error(what);
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

module.exports = {PATIENCE, sleep, ran, waitFor, same, holds, median};

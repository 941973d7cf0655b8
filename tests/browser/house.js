/* SPDX-License-Identifier: ISC */
/* A private installation with a virtual UPS, as `holdup demo` runs it, with the page on a
 * port of its own. Everything is in one folder, and gone at the end. */
'use strict';

const {execFileSync, spawn} = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const {PATIENCE, waitFor} = require('./waits.js');

const BUILD = process.env.BUILD;
const ROOT = path.join(__dirname, '../..');
const LIFE = 600; /* s, should this process not end it */

/* boss may do everything, guest nothing; nut serves the UPS, and nas hangs on it. */
const FILES = {
	'ups.conf': '[qnapups]\n\tdriver = usbhid-ups\n\tport = /dev/hidraw0\n\tdesc = "Server"\n',
	'upsd.users':
		'[nut]\npassword = nut\nactions = SET\ninstcmds = ALL\nupsmon primary\n' +
		'[boss]\npassword = secret\nactions = SET FSD\ninstcmds = ALL\n' +
		'[guest]\npassword = guest\nupsmon secondary\n' +
		'[nas]\npassword = nas\nupsmon secondary\n',
	'upsmon.conf': 'MONITOR qnapups@localhost 1 nut nut primary\n',
	'holdup.conf':
		'[plan]\ncalm = 3600\n[machine nas]\nlogin = nas\nafter = 180\ntakes = 90\n[history]\nkeep = yes\n',
};

const freePort = () => Number(execFileSync('python3',
	[path.join(ROOT, 'tests/blackbox/freeport.py'), String(process.pid)], {encoding: 'utf8'}));

/* The processes below one, by /proc: {pid, name}. */
function descendants(root) {
	const all = fs.readdirSync('/proc').filter((n) => /^\d+$/.test(n)).map((pid) => {
		try {
			const [, name, parent] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').match(/^\d+ \((.*)\) \S (\d+)/s);

			return {pid: Number(pid), name, parent: Number(parent)};
		} catch {
			return null; /* it has just ended */
		}
	}).filter(Boolean);
	const below = (pid) => all.filter((p) => p.parent === pid).flatMap((p) => [p, ...below(p.pid)]);

	return below(root);
}

class House {
	/* files: instead of those above; web: further lines of [web]. */
	static async start({files = {}, web = ''} = {}) {
		const house = new House();

		house.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'holdup-browser.'));
		house.port = freePort();
		house.nutPort = freePort();
		house.url = `http://127.0.0.1:${house.port}/`;
		fs.mkdirSync(path.join(house.dir, 'etc'));
		for (const [name, text] of Object.entries({...FILES, ...files}))
			fs.writeFileSync(path.join(house.dir, 'etc', name), text, {mode: 0o600});
		fs.appendFileSync(path.join(house.dir, 'etc/holdup.conf'),
			`[web]\nlisten = 127.0.0.1:${house.port}\n${web}`);
		house.begin();
		try {
			await house.served();
			await house.logInNas();
		} catch (error) {
			const log = house.log();

			await house.stop();
			throw new Error(`${error.message}\n${log}`);
		}
		return house;
	}

	begin() {
		const out = fs.openSync(path.join(this.dir, 'demo.log'), 'w');

		this.demo = spawn(path.join(BUILD, 'cli/holdup'),
			['demo', '--dir', this.dir, '--nut-port', String(this.nutPort), '--for', String(LIFE)],
			{stdio: ['ignore', out, out]});
		fs.closeSync(out);
		this.ended = new Promise((resolve) => this.demo.on('exit', resolve));
	}

	/* The UPS is heard, and the page has it. */
	async served() {
		await waitFor('the page is served', async () => {
			const {status, json} = await this.ask('GET', 'api/v1/state').catch(() => ({}));

			return status === 200 && json.upses[0]?.source === 'ok' && json.upses[0].battery.charge !== null;
		});
	}

	/* nas logs in, and stays. */
	async logInNas() {
		this.nas = net.connect(this.nutPort, '127.0.0.1').on('error', () => {});
		this.nas.write('USERNAME nas\nPASSWORD nas\nLOGIN qnapups\n');
		await waitFor('nas is there', async () => (await this.ask('GET', 'api/v1/state')).json
			.machines.some((m) => m.name === 'nas' && m.there));
	}

	async stop() {
		this.nas?.destroy();
		this.demo.kill('SIGTERM');
		await this.ended;
		fs.rmSync(this.dir, {recursive: true, force: true});
	}

	log() {
		const folder = path.join(this.dir, 'log');
		const files = fs.existsSync(folder) ? fs.readdirSync(folder).map((f) => path.join(folder, f)) : [];

		return [path.join(this.dir, 'demo.log'), ...files].map((f) =>
			fs.readFileSync(f, 'utf8').split('\n').slice(-30).join('\n')).join('\n');
	}

	/* One of its processes, by its name. */
	process(name) {
		return descendants(this.demo.pid).find((p) => p.name === name)?.pid;
	}

	/* Tells the virtual UPS; resolves to the answer. */
	sim(command) {
		return exchange(net.connect(path.join(this.dir, 'run/sim.ctl')), `${command}\n`, 1);
	}

	/* What a client of the network says, a line each. */
	nut(...lines) {
		return exchange(net.connect(this.nutPort, '127.0.0.1'), `${lines.join('\n')}\n`, lines.length);
	}

	/* One request as it is, without a browser: {status, headers, text, json}. */
	ask(method, target, {headers = {}, body, from} = {}) {
		return new Promise((resolve, reject) => {
			const request = http.request(new URL(target, this.url), {method, headers, localAddress: from,
				agent: false}, (answer) => {
				let text = '';

				answer.setEncoding('utf8').on('data', (part) => { text += part; });
				answer.on('end', () => {
					let json = null;

					try {
						json = JSON.parse(text);
					} catch {
						/* It is none. */
					}
					resolve({status: answer.statusCode, headers: answer.headers, text, json});
				});
			});

			request.on('error', (error) => reject(new Error(`${method} ${target}: ${error.message}`)));
			request.setTimeout(PATIENCE, () => request.destroy(new Error('no answer')));
			request.end(body);
		});
	}
}

/* Sends a text, and resolves to so many lines of the answer. */
function exchange(socket, text, lines) {
	return new Promise((resolve, reject) => {
		let got = '';

		socket.setEncoding('utf8').on('error', reject).on('connect', () => socket.write(text));
		socket.on('data', (part) => {
			got += part;
			if (got.split('\n').length > lines) {
				socket.end();
				resolve(got.split('\n').slice(0, lines));
			}
		});
		socket.on('end', () => reject(new Error(`it hung up after '${got}'`)));
	});
}

module.exports = {House, FILES, descendants};

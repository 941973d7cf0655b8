/* SPDX-License-Identifier: ISC */
/*
 * The stream of changes (docs/page.md, 4). EventSource would do, but it hides the comments
 * that are its heartbeat: a connection that is dead without an end would look alive.
 */

const SILENCE_MS = 35000; /* two heartbeats are missing: the connection is dead */
const BACKOFF_MS = [500, 1000, 2000, 5000, 10000, 20000];

/* Calls heard(kind, data) for each event, lost() when the connection ends and
 * refused(status) when the server wants a login. Comes back by itself. */
function follow({heard, lost, refused}) {
	let tries = 0, timer = 0, stop = null;

	async function once() {
		const control = new AbortController();
		let silence = 0, rest = '';
		const alive = () => {
			clearTimeout(silence);
			silence = setTimeout(() => control.abort(), SILENCE_MS);
		};

		stop = () => control.abort();
		alive();
		try {
			const answer = await fetch('api/v1/stream', {signal: control.signal,
				headers: {Accept: 'text/event-stream'}});

			if (answer.status === 401 || answer.status === 403)
				return refused(answer.status);
			if (!answer.ok)
				throw new Error(String(answer.status));
			for (const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();;) {
				const {value, done} = await reader.read();

				if (done)
					break;
				alive();
				tries = 0;
				rest = take(rest + value);
			}
		} catch (error) {
			if (error instanceof TypeError || error.name === 'AbortError' || Number(error.message))
				console.info(`stream: ${error.message}`);
			else
				console.error(error);
		} finally {
			clearTimeout(silence);
		}
		lost();
		timer = setTimeout(once, BACKOFF_MS[Math.min(tries, BACKOFF_MS.length - 1)]);
		tries++;
	}

	/* Whole events of what has come; returns the rest. */
	function take(text) {
		const events = text.replaceAll('\r\n', '\n').split('\n\n');
		const rest = events.pop();

		for (const event of events) {
			let kind = 'message', data = '';

			for (const line of event.split('\n')) {
				if (line.startsWith('event:'))
					kind = line.slice(6).trim();
				else if (line.startsWith('data:'))
					data += line.slice(5);
			}
			if (data !== '')
				heard(kind, JSON.parse(data));
		}
		return rest;
	}

	/* At once: the network is back, or somebody looks again. */
	function hurry() {
		clearTimeout(timer);
		tries = 0;
		if (stop)
			stop();
		once();
	}

	once();
	return hurry;
}

/* SPDX-License-Identifier: ISC */
/* Questions to the server, and who is logged in. */

/* {user, csrf, may}, as GET api/v1/session says it. */
let session = {user: null, csrf: null, may: null};

/* An answer that is no. `message` is a sentence for people: the server's own, which is in
 * English, or that of its code. */
class Refusal extends Error {
	constructor(status, code, text) {
		const ours = words[`error.${status === 401 ? 'login' : code}`];

		super(text && (lang === 'en' || !ours) ? text.replace(/[^.!?]$/, '$&.') : ours ?? t('error.unknown', status));
		this.status = status;
	}
}

/* GET, or POST where there is a body; all addresses are relative, for a sub-path. */
async function api(path, body) {
	const post = {method: 'POST', body: JSON.stringify(body ?? {}),
		headers: {'Content-Type': 'application/json',
			...(session.csrf ? {'X-Holdup-CSRF': session.csrf} : {})}};
	let answer, json = null;

	try {
		answer = await fetch(`api/v1/${path}`, body === undefined ? {} : post);
	} catch {
		throw new Refusal(0, 'away');
	}
	try {
		json = await answer.json();
	} catch {
		/* The status says enough. */
	}
	if (answer.status === 401 && session.user !== null) {
		/* The session has ended. */
		session = {user: null, csrf: null, may: null};
		showSession();
	}
	if (!answer.ok)
		throw new Refusal(answer.status, json?.error?.code, json?.error?.message);
	return json ?? {};
}

/* What history knows; no answer where none is kept. */
async function askHistory(path) {
	const found = await api(path);

	if (found.history === false)
		throw new Error(t('history.off'));
	return found;
}

const upsPath = (name, what) => `ups/${encodeURIComponent(name)}/${what}`;

/* Whether who is logged in may do this: 'set', 'forget', 'drill', or a command. */
function may(what) {
	const list = session.may?.commands;

	if (what === 'set' || what === 'forget' || what === 'drill')
		return Boolean(session.may?.[what]);
	return list === 'all' || Array.isArray(list) && list.some((c) => c.toLowerCase() === 'all' || c === what);
}

async function askSession() {
	session = await api('session').catch(() => ({user: null, csrf: null, may: null}));
	showSession();
}

function showSession() {
	const who = document.getElementById('who');

	who.replaceChildren(session.user === null ?
		button(t('login.open'), () => logIn()) :
		button(t('login.out', session.user), logOut));
}

async function logOut() {
	try {
		await api('logout', {});
	} catch {
		/* It has ended already. */
	}
	location.reload();
}

/* Resolves to true once somebody is logged in, to false when the dialog was left. */
function logIn() {
	if (session.user !== null)
		return Promise.resolve(true);
	return new Promise((resolve) => {
		const user = el('input', {id: 'user', autocomplete: 'username', required: true,
			autocapitalize: 'none', spellcheck: 'false'});
		const password = el('input', {id: 'password', type: 'password',
			autocomplete: 'current-password', required: true});
		const box = openDialog(t('login.title'), {leave: () => resolve(session.user !== null)});
		const go = async () => {
			await api('login', {user: user.value, password: password.value}).catch((refusal) => {
				throw refusal.status === 403 ? new Error(t('login.wrong')) : refusal;
			});
			await askSession();
			box.close();
		};

		box.form([el('p', {}, t('login.why')),
			el('label', {for: 'user'}, t('login.user'), user),
			el('label', {for: 'password'}, t('login.password'), password)], t('login.go'), go);
		user.focus();
	});
}

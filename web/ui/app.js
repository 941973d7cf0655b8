/* SPDX-License-Identifier: ISC */
/*
 * The page: takes what the stream says, and shows it. The state stands in `current`, as
 * docs/page.md, 3 has it; every part is drawn anew from it.
 */

const $ = (id) => document.getElementById(id);

let current = null; /* the state */
let heardAt = 0;    /* when the stream said something the last time, in ms */
let ahead = 0;      /* the server's clock before ours, in s */
let online = false;
let chosen = null;  /* the UPS whose details are shown */
let graph = null, outages = null;
const cards = new Map();

const serverNow = () => Date.now() / 1000 + ahead;

/* The first state has come: what the server wrote as HTML gives way to what lives. */
function begin() {
	const main = $('main');

	main.replaceChildren($('live').content.cloneNode(true));
	graph = new Graph($('graph'));
	outages = makeOutages($('outages'));
	$('drill').addEventListener('click', openDrill);
}

function choose(name) {
	chosen = name;
	showUpses();
	loadAll();
}

/* What history knows of the chosen UPS. */
async function loadAll() {
	const ups = current.upses.find((u) => u.name === chosen);

	if (!ups)
		return;
	loadDetails(ups, {quality: $('quality-body'), energy: $('energy-body'), battery: $('battery-body')});
	graph.outages(await outages.choose(chosen));
}

function showHead() {
	const ups = worst(current.upses), tone = ups ? toneOf(ups) : 'unknown';
	const text = headline(current, serverNow());

	$('headline').className = `tone-${tone}`;
	if ($('headline').dataset.tone !== tone)
		$('headline-icon').replaceChildren(icon(TONES[tone]));
	$('headline').dataset.tone = tone;
	say($('headline-text'), text);
	say($('unprotected'), current.protected === false ? t('head.unprotected') : '');
	document.title = `${ups ? statusText(ups) : t('head.none')} · holdup`;
}

function showUps(ups) {
	const several = current.upses.length > 1;

	if (!cards.has(ups.name)) {
		cards.set(ups.name, makeCard(ups.name, choose));
		$('upses').append(cards.get(ups.name).card);
	}
	cards.get(ups.name).show(ups, {now: serverNow(), chosen: ups.name === chosen, several});
	if (ups.name === chosen) {
		say($('detail-of'), several ? ups.desc || ups.name : '');
		graph.choose(ups);
	}
}

function showUpses() {
	const names = current.upses.map((u) => u.name);

	if (!names.includes(chosen))
		chosen = names[0] ?? null;
	for (const [name, card] of cards)
		if (!names.includes(name)) {
			card.card.remove();
			cards.delete(name);
		}
	$('detail').hidden = chosen === null;
	current.upses.forEach(showUps);
}

function showAll() {
	const several = current.upses.length > 1;

	showHead();
	showUpses();
	showMachines($('machines-list'), current.machines, several);
	showEvents($('events-list'), current.events, several);
}

/* ---- the stream ---- */

const HANDLERS = {
	state(state) {
		if (!graph)
			begin();
		else
			askSession(); /* a server that was started anew knows nobody */
		current = state;
		ahead = state.time - Date.now() / 1000;
		showAll();
		loadAll();
		say($('announce'), headline(state, serverNow()));
	},
	ups(ups) {
		const i = current.upses.findIndex((u) => u.name === ups.name);
		const before = current.upses[i];

		if (!before)
			current.upses.push(ups);
		else
			current.upses[i] = ups;
		showHead();
		showUps(ups);
		if (!before || statusText(before) !== statusText(ups))
			say($('announce'), `${ups.desc || ups.name}: ${statusText(ups)}`);
		if (before?.mains !== ups.mains && ups.name === chosen)
			graph.load();
	},
	machines(machines) {
		current.machines = machines;
		showMachines($('machines-list'), machines, current.upses.length > 1);
	},
	event(event) {
		current.events = [event, ...current.events.filter((e) => e.id !== event.id)].slice(0, 30);
		showEvents($('events-list'), current.events, current.upses.length > 1);
		if (['onbatt', 'online', 'tested', 'learned'].includes(event.kind))
			setTimeout(loadAll, 1500);
	},
};

function heard(kind, data) {
	heardAt = Date.now();
	online = true;
	if (kind in HANDLERS && (current || kind === 'state'))
		HANDLERS[kind](data);
	showConnection();
}

/* Live, or of how many seconds ago what is shown is; then it is grey, too. */
function showConnection() {
	const age = Math.round((Date.now() - heardAt) / 1000);

	document.body.classList.toggle('lost', !online);
	$('connection').className = online ? 'conn on' : heardAt === 0 ? 'conn' : 'conn off';
	say($('connection'), online ? t('link.live') : heardAt === 0 ? t('link.wait') : t('link.lost', duration(age)));
}

const hurry = follow({
	heard,
	lost() {
		if (online)
			say($('announce'), t('link.gone'));
		online = false;
		showConnection();
	},
	async refused() {
		$('who').replaceChildren();
		if (await logIn())
			hurry();
		else
			say($('connection'), t('link.login'));
	},
});

addEventListener('online', () => online || hurry());
document.addEventListener('visibilitychange', () => document.hidden || online || hurry());

/* Each second: what counts by itself. */
setInterval(() => {
	showConnection();
	if (current && online) {
		showHead();
		for (const ups of current.upses.filter((u) => u.mains === 'off'))
			showUps(ups);
	}
}, 1000);

let graphed = 0;
setInterval(() => {
	if (graph && online && !document.hidden && Date.now() - graphed > graph.step) {
		graphed = Date.now();
		graph.load();
	}
}, 5000);

askSession();

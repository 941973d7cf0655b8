/* SPDX-License-Identifier: ISC */
/* A drill: the outage is rehearsed with what is known now, and told as a table. */

async function openDrill() {
	if (!await logIn())
		return;
	const box = openDialog(t('drill.title'), {wide: true});

	if (!may('drill')) {
		box.body.replaceChildren(el('p', {}, t('error.ACCESS-DENIED')));
		return;
	}
	box.form([el('p', {}, t('drill.does'))], t('drill.go'), async () => {
		const report = await api('drill', {});

		box.body.replaceChildren(...drillReport(report));
	});
}

function drillMachine(machine) {
	const notes = [
		machine.cut_alive ? t('drill.alive') : null,
		machine.doubtful ? t('drill.doubtful') : null,
		machine.stopping_time_assumed ? t('drill.assumed') : null,
		machine.there ? null : t('machine.away'),
		machine.stays_on ? t('drill.stays') : null,
	].filter(Boolean).join('; ');

	return [machine.name, duration(machine.told_s), duration(machine.off_s),
		unit(machine.charge_left_percent, '%'), duration(machine.runtime_left_s), notes];
}

function drillReport(report) {
	const graves = (report.wrong ?? []).filter((w) => w.grave).length;
	const verdict = report.cut_alive > 0 ? t('drill.bad', report.cut_alive) : graves > 0 ? t('drill.grave') : t('drill.good');
	const tone = report.cut_alive > 0 || graves > 0 ? 'low' : 'good';

	return [
		el('p', {class: `verdict tone-${tone}`}, icon(TONES[tone]), verdict),
		table(t('drill.machines'), [t('drill.machine'), t('drill.told'), t('drill.off'), t('figure.charge'),
			t('var.battery.runtime'), t('drill.notes')], (report.machines ?? []).map(drillMachine)),
		...(report.outputs ?? []).map((o) => el('p', {}, known(o.off_s) ?
			t(o.by === 'cut' ? 'drill.output.cut' : 'drill.output.battery', o.ups, duration(o.off_s)) :
			t('drill.output.never', o.ups))),
		(report.wrong ?? []).length > 0 ? el('h3', {}, t('drill.wrong')) : null,
		el('ul', {lang: 'en'}, (report.wrong ?? []).map((w) => el('li', {class: w.grave ? 'grave' : ''},
			w.machine ? `${w.machine}: ` : '', w.text))),
		el('details', {}, el('summary', {}, t('drill.log')),
			el('ol', {class: 'log', lang: 'en'}, (report.log ?? []).map((line) => el('li', {}, line)))),
	].filter(Boolean);
}

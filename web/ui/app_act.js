/* SPDX-License-Identifier: ISC */
/* What can be done to a UPS: tests, beeper, settings, the end of a forced shutdown. Nothing
 * happens before a sentence has said what it does. */

/* Commands that are offered, in this order; each has a name and a sentence in the words. */
const COMMANDS = [
	'test.battery.start.quick', 'test.battery.start.deep', 'test.battery.start', 'test.battery.stop',
	'test.panel.start', 'calibrate.start', 'calibrate.stop',
	'beeper.mute', 'beeper.disable', 'beeper.enable', 'beeper.toggle',
];

function said(answer) {
	return t(answer.status === 'sent' ? 'act.sent' : 'act.done');
}

async function openActions(name) {
	if (!await logIn())
		return;
	const ups = current.upses.find((u) => u.name === name);
	const box = openDialog(t('act.title', ups.desc || ups.name), {wide: true});
	const commands = COMMANDS.filter((c) => ups.commands.includes(c) && may(c));
	const settable = may('set') ? Object.keys(ups.settable).filter((v) => v in ups.variables) : [];
	const again = () => {
		box.close();
		openActions(name);
	};
	const forced = ups.words.includes('fsd') && may('forget');

	box.body.replaceChildren(...[
		commands.length > 0 ? el('p', {class: 'buttons'}, commands.map((c) => button(t(`cmd.${c}`), () => askCommand(ups, c)))) : null,
		forced ? el('p', {class: 'buttons'}, button(t('forget.do'), () => askForget(ups))) : null,
		settable.length > 0 ? el('h3', {}, t('set.title')) : null,
		settable.length > 0 ? el('ul', {class: 'settings'}, settable.map((v) => settingRow(ups, v, again))) : null,
		commands.length + settable.length === 0 && !forced ? el('p', {}, t('act.nothing')) : null,
	].filter(Boolean));
}

function askCommand(ups, command) {
	confirmed(t(`cmd.${command}`), [t(`cmd.${command}.does`)], t('act.go'), async () =>
		said(await api(upsPath(ups.name, 'command'), {command})));
}

function askForget(ups) {
	confirmed(t('forget.do'), [t('forget.does')], t('act.go'), async () =>
		said(await api(upsPath(ups.name, 'forget'), {})));
}

/* ---- settings ---- */

/* What may be typed: a choice, a number in its range, or a text. */
function settingInput(rule, value) {
	if (rule.values?.length > 0)
		return el('select', {}, [...new Set([value, ...rule.values])].map((v) =>
			el('option', {value: v, selected: v === value}, v)));
	if (rule.ranges?.length > 0 || rule.type === 'number')
		return el('input', {type: 'number', step: 'any', required: true, value,
			min: rule.ranges?.length > 0 ? Math.min(...rule.ranges.map((r) => r[0])) : null,
			max: rule.ranges?.length > 0 ? Math.max(...rule.ranges.map((r) => r[1])) : null});
	return el('input', {type: 'text', value, maxlength: rule.length || null});
}

function settingRule(rule) {
	return (rule.ranges ?? []).map(([low, high]) => t('set.range', number(low), number(high))).join(', ');
}

function settingRow(ups, variable, again) {
	const rule = ups.settable[variable], value = ups.variables[variable];
	const input = settingInput(rule, value);
	const form = el('form', {onsubmit: (event) => {
		event.preventDefault();
		confirmed(t('set.title'), [t('set.does', variable, value, input.value)], t('set.go'), async () =>
			said(await api(upsPath(ups.name, 'set'), {variable, value: input.value})), again);
	}});

	input.id = `set-${variable}`;
	form.append(el('label', {for: input.id}, words[`var.${variable}`] ?? variable,
		el('small', {}, ` ${variable} ${settingRule(rule)}`)), input, el('button', {type: 'submit'}, t('set.go')));
	return el('li', {}, form);
}

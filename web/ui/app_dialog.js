/* SPDX-License-Identifier: ISC */
/* The dialogs: one element each, with a heading, a body, and a line that says what came of
 * what was asked. The browser keeps the focus inside, and gives it back. */

function openDialog(title, {leave = () => {}, wide = false} = {}) {
	const opener = document.activeElement;
	const result = el('p', {class: 'result', role: 'status'});
	const body = el('div', {class: 'body'});
	const heading = el('h2', {id: `dialog-${document.querySelectorAll('dialog').length}`, tabindex: '-1'}, title);
	const dialog = el('dialog', {class: wide ? 'wide' : '', 'aria-labelledby': heading.id},
		el('header', {}, heading,
			el('button', {type: 'button', class: 'close', 'aria-label': t('dialog.close'),
				onclick: () => dialog.close()}, '×')),
		body, result);

	dialog.addEventListener('close', () => {
		dialog.remove();
		opener?.focus?.();
		leave();
	});
	document.body.append(dialog);
	dialog.showModal();
	heading.focus();

	const box = {
		body,
		close: () => dialog.close(),
		tell(text, good = true) {
			result.className = good ? 'result' : 'result bad';
			say(result, text);
		},
		/* Runs what may fail, with the buttons of the dialog off, and says why it did. */
		async attempt(work) {
			const buttons = [...body.querySelectorAll('button:not(:disabled)')];

			box.tell(t('dialog.wait'));
			buttons.forEach((b) => { b.disabled = true; });
			try {
				await work();
				if (result.textContent === t('dialog.wait'))
					box.tell('');
			} catch (error) {
				box.tell(error.message, false);
			} finally {
				buttons.forEach((b) => { b.disabled = false; });
			}
		},
		form(rows, label, work) {
			const form = el('form', {onsubmit: (event) => {
				event.preventDefault();
				box.attempt(work);
			}}, rows, el('p', {class: 'buttons'},
				el('button', {type: 'submit', class: 'main'}, label),
				button(t('dialog.cancel'), () => dialog.close())));

			body.replaceChildren(form);
			return form;
		},
	};
	return box;
}

/* Says what will happen, and does it when that is wanted. `work` returns the sentence that
 * says what came of it; `after` is called when the dialog is left. */
function confirmed(title, sentences, label, work, after) {
	const box = openDialog(title, {leave: after});

	box.form(sentences.map((s) => el('p', {}, s)), label, async () => {
		const said = await work();

		box.body.replaceChildren(el('p', {class: 'buttons'},
			button(t('dialog.close'), box.close, 'main')));
		box.tell(said);
		box.body.querySelector('button').focus();
	});
}

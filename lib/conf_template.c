/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/conf_value.h"
#include "lib/names.h"
#include "lib/xmem.h"

/* What a message knows of itself, and of the outage that is over (docs/publishing.md, 2);
 * all else are variables of NUT. */
static const char *const words[] = {"ups", "site", "event", "title", "text", "time",
    "date", "who", "priority", "outage.minutes", "outage.seconds", "outage.began",
    "outage.charge.low", "outage.wh", "outage.kind", NULL};

static bool
is_word(const char *name)
{
	size_t i = 0;

	while (words[i] != NULL && strcmp(words[i], name) != 0)
		i++;
	return words[i] != NULL;
}

/* The name between braces; false when nothing will ever stand there. */
static bool
name_ok(const struct conf_line *line, const char *name)
{
	const char *near;

	if (is_word(name) || names_var(name) != NULL)
		return true;
	if ((near = conf_nearest(name, words)) != NULL)
		conf_fault(line, "%s: {%.40s} is unknown, did you mean {%s}?%s",
		    line->words->argv[0], name, near,
		    strchr(name, '.') != NULL ? "" : " The line is ignored");
	else if (strchr(name, '.') != NULL)
		conf_fault(line,
		    "%s: {%.40s} is no variable of NUT that is known: where the UPS does "
		    "not tell it, nothing stands there; write {%.40s|something else}",
		    line->words->argv[0], name, name);
	else
		conf_fault(line,
		    "%s: {%.40s} is unknown: it takes {ups}, {text}, {time}, "
		    "{battery.charge} and others of notify.md, and {{ for a brace. The "
		    "line is ignored",
		    line->words->argv[0], name);
	return strchr(name, '.') != NULL;
}

bool
conf_template_ok(const struct conf_line *line, const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

	while ((text = strchr(text, '{')) != NULL) {
		size_t len = strspn(++text, more), rest = len;
		bool ok;
		char *name;

		/* A brace of JSON is no name's. */
		if (*text == '{' || strchr(letters, *text) == NULL || *text == '\0') {
			text += *text == '{' ? 1 : 0;
			continue;
		}
		if (text[len] == '|')
			rest += strcspn(text + len, "}");
		if (text[rest] != '}') {
			conf_fault(line,
			    "%s: \"{%.*s\" is not closed by \"}\" (a brace itself is "
			    "{{): the line is ignored",
			    line->words->argv[0], (int)(len < 40 ? len : 40), text);
			return false;
		}
		name = xstrndup(text, len);
		ok = name_ok(line, name);
		free(name);
		if (!ok)
			return false;
		text += rest + 1;
	}
	return true;
}

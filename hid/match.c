/* SPDX-License-Identifier: ISC */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hid/match.h"
#include "lib/xmem.h"

enum key {
	VENDORID,
	PRODUCTID,
	VENDOR,
	PRODUCT,
	SERIAL,
	BUS,
	DEVICE,
	BUSPORT,
	KEYS,
};

static const char *const keys[KEYS] = {
    [VENDORID] = "vendorid",
    [PRODUCTID] = "productid",
    [VENDOR] = "vendor",
    [PRODUCT] = "product",
    [SERIAL] = "serial",
    [BUS] = "bus",
    [DEVICE] = "device",
    [BUSPORT] = "busport",
};

struct match {
	bool set[KEYS];
	regex_t regex[KEYS];
};

struct match *
match_new(void)
{
	return xcalloc(1, sizeof(struct match));
}

void
match_free(struct match *m)
{
	if (m == NULL)
		return;
	for (int k = 0; k < KEYS; k++) {
		if (m->set[k])
			regfree(&m->regex[k]);
	}
	free(m);
}

int
match_add(struct match *m, const char *key, const char *regex, char *cause, size_t size)
{
	char plain[256];
	regex_t compiled;
	int error, k;

	for (k = 0; k < KEYS && strcasecmp(keys[k], key) != 0; k++)
		;
	if (k == KEYS)
		return 0;
	if ((error = regcomp(&compiled, regex, REG_EXTENDED | REG_ICASE)) != 0) {
		regerror(error, &compiled, cause, size);
		match_quote(plain, sizeof(plain), regex);
		if (regcomp(&compiled, plain, REG_EXTENDED | REG_ICASE) != 0)
			return -1;
	}
	if (m->set[k])
		regfree(&m->regex[k]);
	m->regex[k] = compiled;
	m->set[k] = true;
	return error == 0 ? 1 : -1;
}

/* True when the expression covers all of the text but the blanks around it. */
static bool
covers(const regex_t *regex, const char *text)
{
	char trimmed[256];
	regmatch_t where;
	size_t len;

	text += strspn(text, " \t\n");
	len = strnlen(text, sizeof(trimmed) - 1);
	while (len > 0 && strchr(" \t\n", text[len - 1]) != NULL)
		len--;
	memcpy(trimmed, text, len);
	trimmed[len] = '\0';
	return regexec(regex, trimmed, 1, &where, 0) == 0 && where.rm_so == 0 &&
	       (size_t)where.rm_eo == len;
}

bool
match_device(const struct match *m, const struct bus_device *d)
{
	char vendor[5], product[5];
	const char *texts[KEYS] = {
	    [VENDORID] = vendor,
	    [PRODUCTID] = product,
	    [VENDOR] = d->ident.manufacturer,
	    [PRODUCT] = d->ident.name,
	    [SERIAL] = d->ident.serial,
	    [BUS] = d->bus,
	    [DEVICE] = d->number,
	    [BUSPORT] = d->port,
	};

	snprintf(vendor, sizeof(vendor), "%04x", d->ident.vendor);
	snprintf(product, sizeof(product), "%04x", d->ident.product);
	for (int k = 0; k < KEYS; k++) {
		if (m->set[k] && !covers(&m->regex[k], texts[k]))
			return false;
	}
	return true;
}

bool
match_port(const char *port, const struct bus_device *d)
{
	return port != NULL && strncmp(port, "/dev/", 5) == 0 &&
	       strcmp(basename(port), basename(d->path)) == 0;
}

/* True when it is the port of another section. */
static bool
is_elsewhere(char *const *nodes, const struct bus_device *d)
{
	for (; nodes != NULL && *nodes != NULL; nodes++)
		if (match_port(*nodes, d))
			return true;
	return false;
}

/* How well a device fits: 0 not at all. */
static int
rank(const struct match_choice *c, const struct bus_device *d)
{
	const bool there =
	    c->place != NULL && *c->place != '\0' && strcmp(c->place, d->place) == 0;
	bool nameless;
	int rank = 1;

	if (d->claimed || d->taken || !(d->power || c->any) || !match_device(c->match, d))
		return 0;
	if (c->last != NULL) {
		if (d->ident.vendor != c->last->vendor ||
		    d->ident.product != c->last->product)
			return 0;
		nameless = d->ident.serial[0] == '\0' && c->last->serial[0] == '\0';
		if (nameless && c->patient && d->place[0] != '\0' && !there)
			return 0;
		if (!nameless && strcmp(d->ident.serial, c->last->serial) == 0)
			rank += 8;
		if (there)
			rank += 4;
	}
	if (match_port(c->port, d))
		rank += 2;
	if (!is_elsewhere(c->elsewhere, d))
		rank += 1;
	return rank;
}

size_t
match_twins(
    const struct match_choice *c, const struct bus_list *list, const struct bus_device *d)
{
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct bus_device *other = &list->devices[i];

		n += other != d && other->ident.vendor == d->ident.vendor &&
		     other->ident.product == d->ident.product &&
		     other->ident.serial[0] == '\0' && d->ident.serial[0] == '\0' &&
		     other->power && match_device(c->match, other);
	}
	return n;
}

const struct bus_device *
match_choose(const struct match_choice *c, const struct bus_list *list)
{
	const struct bus_device *best = NULL;
	int r, highest = 0;

	for (size_t i = 0; i < list->count; i++) {
		if ((r = rank(c, &list->devices[i])) > highest) {
			highest = r;
			best = &list->devices[i];
		}
	}
	return best;
}

char *
match_quote(char *out, size_t size, const char *text)
{
	size_t n = 0;

	text += strspn(text, " \t\n");
	for (; *text != '\0' && n + 1 < size; text++)
		out[n++] = *text;
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	for (char *p = out; (p = strpbrk(p, "()[]{}+*?|^$\\\"")) != NULL; p++)
		*p = '.';
	return out;
}

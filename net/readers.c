/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/hash.h"
#include "net/readers.h"

#define QNAP_UPS "qnapups" /* the name that a QNAP asks for; it cannot be set there */

#define MARK_STARTTLS 0x001
#define MARK_MONUSER 0x002
#define MARK_LOGIN_UPS 0x004
#define MARK_CRCR 0x008
#define MARK_STATUS 0x010
#define MARK_RESULT 0x020
#define MARK_LIST 0x040
#define MARK_UPSMON 0x080  /* the account that TrueNAS has by default */
#define MARK_LOGIN 0x100   /* to any UPS */
#define MARK_ACCOUNT 0x200 /* any credentials */
#define MARK_PUSH 0x400
#define MARK_AGAIN 0x800 /* the same question twice in a row */

#define SYNOLOGY (MARK_STARTTLS | MARK_MONUSER | MARK_LOGIN_UPS)
#define QNAP (MARK_STATUS | MARK_RESULT | MARK_LIST)

#define LINE_WORDS 4
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A question, as far as its first words go. */
enum said { NOTHING, VER, NETVER, UPSES, VARS, CMDS, LISTS, VALUE, MEANING, PUSH, LOGIN };

/* For people; LOGIN is told otherwise. */
static const char *const questions[] = {
    [VER] = "VER",
    [NETVER] = "NETVER",
    [UPSES] = "LIST UPS",
    [VARS] = "LIST VAR",
    [CMDS] = "LIST CMD",
    [LISTS] = "LIST ...",
    [VALUE] = "GET VAR",
    [MEANING] = "GET ...",
    [PUSH] = "SUBSCRIBE",
};

/* Lines that tell something, whole. */
static const struct {
	uint16_t mark;
	const char *words[LINE_WORDS + 1];
} lines[] = {
    {MARK_STARTTLS, {"STARTTLS"}},
    {MARK_MONUSER, {"USERNAME", "monuser"}},
    {MARK_UPSMON, {"USERNAME", "upsmon"}},
    {MARK_LOGIN_UPS, {"LOGIN", "ups"}},
    {MARK_STATUS, {"GET", "VAR", QNAP_UPS, "ups.status"}},
    {MARK_RESULT, {"GET", "VAR", QNAP_UPS, "ups.test.result"}},
    {MARK_LIST, {"LIST", "VAR", QNAP_UPS}},
};

/* Lines by how they begin: what is asked, and what that alone tells. */
static const struct {
	const char *first, *second; /* NULL: whatever comes, if anything */
	uint8_t said;               /* enum said */
	uint16_t mark;
} heads[] = {
    {"GET", "VAR", VALUE, 0},
    {"GET", NULL, MEANING, 0},
    {"LIST", "VAR", VARS, 0},
    {"LIST", "UPS", UPSES, 0},
    {"LIST", "CMD", CMDS, 0},
    {"LIST", NULL, LISTS, 0},
    {"VER", NULL, VER, 0},
    {"NETVER", NULL, NETVER, 0},
    {"PROTVER", NULL, NETVER, 0},
    {"USERNAME", NULL, NOTHING, MARK_ACCOUNT},
    {"LOGIN", NULL, LOGIN, MARK_LOGIN},
    {"SUBSCRIBE", NULL, PUSH, MARK_PUSH},
};

/* Who it is when all these marks are there and these were the first questions; the first
 * row that fits. What is asked again and again counts once. */
static const struct {
	enum conf_profile kind;
	uint16_t marks;
	uint8_t said[3];
} signs[] = {
    {CONF_WINNUT, MARK_CRCR, {NOTHING}},
    {CONF_HOLDUP, MARK_PUSH, {NOTHING}},
    {CONF_SYNOLOGY, SYNOLOGY, {NOTHING}},
    {CONF_TRUENAS, MARK_UPSMON | MARK_LOGIN_UPS, {NOTHING}},
    {CONF_UPSMON, MARK_LOGIN, {LOGIN}},
    {CONF_UPSMON, MARK_LOGIN, {NETVER, LOGIN}}, /* behind STARTTLS */
    {CONF_PYNUT, MARK_STARTTLS, {NETVER}},
    {CONF_PEANUT, MARK_LOGIN, {UPSES, LOGIN}},
    {CONF_COLLECTD, MARK_STARTTLS | MARK_AGAIN, {VARS}},
    {CONF_UPSC, MARK_STARTTLS, {NOTHING}},
    {CONF_GONUT, 0, {VER, NETVER}},
    {CONF_HON95, 0, {VER, UPSES}},
    {CONF_RUPS, 0, {NETVER}},
    {CONF_NETDATA, 0, {UPSES, VARS, UPSES}},
    {CONF_PEANUT, 0, {UPSES, VARS, MEANING}},
    {CONF_HOMEASSISTANT, MARK_ACCOUNT, {UPSES, VARS, CMDS}},
    {CONF_NODENUT, 0, {UPSES, VARS, CMDS}},
    {CONF_HOMEASSISTANT, 0, {UPSES, VARS}},
};

/* One of the three that core waits for. */
static bool
is_awaited(enum conf_profile kind)
{
	return kind == CONF_QNAP || kind == CONF_SYNOLOGY || kind == CONF_WINNUT;
}

const char *
reader_word(enum conf_profile kind)
{
	return is_awaited(kind) ? conf_profiles[kind] : "other";
}

static bool
same_words(const char *const *words, int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (i == LINE_WORDS || words[i] == NULL ||
		    strcasecmp(words[i], argv[i]) != 0)
			return false;
	return words[argc] == NULL;
}

/* Notes a question behind those before it. */
static void
say(struct reader_talk *t, uint8_t said)
{
	size_t n = 0;

	while (n < COUNT(t->said) && t->said[n] != NOTHING)
		n++;
	if (n > 0 && t->said[n - 1] == said)
		t->marks |= MARK_AGAIN;
	else if (n < COUNT(t->said))
		t->said[n] = said;
}

static void
hear_line(struct reader_talk *t, int argc, char **argv)
{
	for (size_t i = 0; i < COUNT(lines); i++)
		if (same_words(lines[i].words, argc, argv))
			t->marks |= lines[i].mark;
	for (size_t i = 0; i < COUNT(heads); i++) {
		if (strcasecmp(heads[i].first, argv[0]) != 0 ||
		    (heads[i].second != NULL &&
			(argc < 2 || strcasecmp(heads[i].second, argv[1]) != 0)))
			continue;
		t->marks |= heads[i].mark;
		t->asks |= (uint16_t)(1U << heads[i].said);
		if (heads[i].said != NOTHING)
			say(t, heads[i].said);
		return;
	}
}

static enum conf_profile
kind_of(const struct reader_talk *t)
{
	for (size_t i = 0; i < COUNT(signs); i++) {
		size_t n = 0;

		while (n < COUNT(t->said) &&
		       (signs[i].said[n] == NOTHING || signs[i].said[n] == t->said[n]))
			n++;
		if (n == COUNT(t->said) && (t->marks & signs[i].marks) == signs[i].marks)
			return signs[i].kind;
	}
	return CONF_STRANGER;
}

bool
reader_known(const struct reader_talk *t)
{
	return t->commands == READERS_LINES;
}

void
reader_hear(struct reader_talk *t, int argc, char **argv, bool crcr)
{
	if (crcr) {
		t->marks |= MARK_CRCR;
		t->kind = CONF_WINNUT;
	}
	if (reader_known(t) || argc == 0 || strcasecmp(argv[0], "LOGOUT") == 0)
		return;
	t->commands++;
	hear_line(t, argc, argv);
	t->kind = (uint8_t)kind_of(t);
}

/* True when row `a` is given up before row `b`: the three that core waits for stay while
 * they come, however many others there are. */
static bool
before(const struct reader *a, const struct reader *b, uint64_t now)
{
	bool a_counts = is_awaited(a->kind) && now - a->used < READERS_STAY_MS;
	bool b_counts = is_awaited(b->kind) && now - b->used < READERS_STAY_MS;

	return a_counts != b_counts ? b_counts : a->used < b->used;
}

/* Empties a row. Where more read than there are rows, each would come as a new one again
 * and again: core hears of them no more often than of the others. */
static void
take_row(struct readers *r, size_t i, uint64_t now)
{
	bool crowded = r->list[i].used != 0 && now - r->list[i].used < READERS_OTHER_MS;

	r->list[i] = (struct reader){.sent = crowded ? now : 0};
}

/* The row of an address and a UPS: a new one when there is none yet. */
static struct reader *
row(struct readers *r, struct reader_talk *t, const char *address, const char *ups,
    uint64_t now)
{
	uint64_t hash;
	size_t found = t->row, oldest = 0;

	if (t->address == 0)
		t->address = hash_text(HASH_BEGIN, address);
	hash = hash_text(t->address, ups);
	if (r->hash[found] != hash || r->list[found].used == 0)
		for (found = 0; found < READERS_MAX; found++) {
			if (r->hash[found] == hash && r->list[found].used != 0)
				break;
			if (before(&r->list[found], &r->list[oldest], now))
				oldest = found;
		}
	if (found == READERS_MAX) {
		found = oldest;
		take_row(r, found, now);
		r->hash[found] = hash;
		r->list[found].ups = hash_text(HASH_BEGIN, ups);
		snprintf(r->list[found].address, READER_ADDRESS_MAX, "%s", address);
	}
	t->row = (uint16_t)found;
	r->list[found].used = now > 0 ? now : 1;
	return &r->list[found];
}

/* A kind that was not known before is news that core hears at once. */
static void
recognise(struct reader *this, enum conf_profile kind)
{
	if (this->kind == kind)
		return;
	if (strcmp(reader_word(kind), reader_word(this->kind)) != 0)
		this->sent = 0;
	this->kind = (uint8_t)kind;
}

bool
readers_read(struct readers *r, struct reader_talk *t, const char *address,
    const char *ups, const char *account, uint64_t now, enum conf_profile *kind)
{
	struct reader *this = row(r, t, address, ups, now);
	uint64_t apart;

	this->requests++;
	this->asks |= t->asks;
	/* A NAS runs upsc beside what it is known by. */
	if (t->kind != CONF_STRANGER &&
	    (t->kind != CONF_UPSC || this->kind == CONF_STRANGER))
		recognise(this, t->kind);
	*kind = this->kind;
	if (account != NULL) {
		snprintf(this->account, sizeof(this->account), "%s", account);
		return false;
	}
	if (this->account[0] != '\0')
		return false;
	apart = is_awaited(this->kind) ? READERS_KNOWN_MS : READERS_OTHER_MS;
	if (this->sent != 0 && now - this->sent < apart)
		return false;
	this->sent = this->used;
	return true;
}

void
readers_logged_out(struct readers *r, struct reader_talk *t, const char *address,
    const char *ups, uint64_t now)
{
	row(r, t, address, ups, now)->account[0] = '\0';
}

void
readers_ended(struct readers *r, const struct reader_talk *t, const char *address)
{
	struct reader *this = &r->list[t->row];

	/* The row may have been given up since. */
	if (t->commands != 1 || (t->marks & QNAP) == 0 || t->address == 0 ||
	    strcmp(this->address, address) != 0)
		return;
	this->asked |= t->marks & QNAP;
	if (this->asked & MARK_RESULT && this->asked & (MARK_STATUS | MARK_LIST))
		recognise(this, CONF_QNAP);
}

const char *
reader_asks(const struct reader *r, char out[static READER_ASKS_MAX])
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < COUNT(questions); i++)
		if (questions[i] != NULL && (r->asks >> i & 1) != 0)
			len += (size_t)snprintf(out + len, READER_ASKS_MAX - len, "%s%s",
			    len > 0 ? ", " : "", questions[i]);
	return out;
}

const struct reader *
readers_next(const struct readers *r, const char *ups, size_t *i)
{
	uint64_t hash = hash_text(HASH_BEGIN, ups);

	for (; *i < READERS_MAX; (*i)++)
		if (r->list[*i].used != 0 && r->list[*i].ups == hash)
			return &r->list[(*i)++];
	return NULL;
}

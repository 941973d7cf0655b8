/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <strings.h>

#include "net/hash.h"
#include "net/readers.h"

#define QNAP_UPS "qnapups" /* the name that a QNAP asks for; it cannot be set there */

#define MARK_STARTTLS 0x01
#define MARK_MONUSER 0x02
#define MARK_LOGIN_UPS 0x04
#define MARK_CRCR 0x08
#define MARK_STATUS 0x10
#define MARK_RESULT 0x20
#define MARK_LIST 0x40

#define SYNOLOGY (MARK_STARTTLS | MARK_MONUSER | MARK_LOGIN_UPS)
#define QNAP (MARK_STATUS | MARK_RESULT | MARK_LIST)

#define LINE_WORDS 4

/* Lines that tell something, whole. */
static const struct {
	uint8_t mark;
	const char *words[LINE_WORDS + 1];
} lines[] = {
    {MARK_STARTTLS, {"STARTTLS"}},
    {MARK_MONUSER, {"USERNAME", "monuser"}},
    {MARK_LOGIN_UPS, {"LOGIN", "ups"}},
    {MARK_STATUS, {"GET", "VAR", QNAP_UPS, "ups.status"}},
    {MARK_RESULT, {"GET", "VAR", QNAP_UPS, "ups.test.result"}},
    {MARK_LIST, {"LIST", "VAR", QNAP_UPS}},
};

const char *
reader_word(enum reader_kind kind)
{
	static const char *const words[] = {
	    [READER_OTHER] = "other",
	    [READER_QNAP] = "qnap",
	    [READER_SYNOLOGY] = "synology",
	    [READER_WINNUT] = "winnut",
	};

	return words[kind];
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

void
reader_hear(struct reader_talk *t, int argc, char **argv, bool crcr)
{
	if (crcr)
		t->marks |= MARK_CRCR;
	if (argc == 0 || strcasecmp(argv[0], "LOGOUT") == 0)
		return;
	if (t->commands < UINT8_MAX)
		t->commands++;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (same_words(lines[i].words, argc, argv))
			t->marks |= lines[i].mark;
}

/* The row of an address and a UPS: a new one when there is none yet. */
static struct reader *
row(struct readers *r, const char *address, const char *ups, uint64_t now)
{
	uint64_t hash = hash_text(hash_text(HASH_BEGIN, address), ups);
	struct reader *oldest = &r->list[0], *found = NULL;

	for (size_t i = 0; i < READERS_MAX && found == NULL; i++) {
		struct reader *this = &r->list[i];

		if (this->used != 0 && this->hash == hash)
			found = this;
		else if (this->used < oldest->used)
			oldest = this;
	}
	if (found == NULL) {
		*oldest = (struct reader){.hash = hash};
		found = oldest;
	}
	found->used = now > 0 ? now : 1;
	return found;
}

/* A kind that was not known before is news that core hears at once. */
static void
recognise(struct reader *this, enum reader_kind kind)
{
	if (this->kind == kind)
		return;
	this->kind = kind;
	this->sent = 0;
}

bool
readers_read(struct readers *r, const char *address, const char *ups,
    const struct reader_talk *t, uint64_t now, enum reader_kind *kind)
{
	struct reader *this = row(r, address, ups, now);
	uint64_t apart;

	if (t != NULL && t->marks & MARK_CRCR)
		recognise(this, READER_WINNUT);
	else if (t != NULL && (t->marks & SYNOLOGY) == SYNOLOGY)
		recognise(this, READER_SYNOLOGY);
	*kind = this->kind;
	apart = this->kind == READER_OTHER ? READERS_OTHER_MS : READERS_KNOWN_MS;
	if (this->sent != 0 && now - this->sent < apart)
		return false;
	this->sent = this->used;
	return true;
}

void
readers_ended(
    struct readers *r, const char *address, const struct reader_talk *t, uint64_t now)
{
	struct reader *this;

	if (t->commands != 1 || (t->marks & QNAP) == 0)
		return;
	this = row(r, address, QNAP_UPS, now);
	this->asked |= t->marks & QNAP;
	if (this->asked & MARK_RESULT && this->asked & (MARK_STATUS | MARK_LIST))
		recognise(this, READER_QNAP);
}

/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/utf8.h"
#include "lib/xmem.h"
#include "setup/mdns.h"

#define ANSWER 0x8000 /* of the flags */
#define LABEL_MAX 63
#define JUMPS_MAX 16 /* pointers in one name */
#define RECORDS_MAX 256

enum { TYPE_A = 1, TYPE_PTR = 12, TYPE_AAAA = 28, TYPE_SRV = 33 };

static const char service[] = "_nut._tcp.local";

struct packet {
	const uint8_t *bytes;
	size_t len, at;
	bool bad; /* it ends too early, or a name goes round in circles */
};

struct record {
	char name[MDNS_NAME_MAX];
	unsigned type;
	size_t data, len;
};

static unsigned
take16(struct packet *p)
{
	unsigned value;

	if (p->len - p->at < 2) {
		p->bad = true;
		return 0;
	}
	value = (unsigned)p->bytes[p->at] << 8 | p->bytes[p->at + 1];
	p->at += 2;
	return value;
}

/* Appends a label as text: what is no printable letter becomes '?', a dot within stays. */
static size_t
label_add(char *name, size_t used, const uint8_t *label, size_t len)
{
	if (used > 0 && used + 1 < MDNS_NAME_MAX)
		name[used++] = '.';
	for (size_t i = 0; i < len && used + 1 < MDNS_NAME_MAX; i++)
		name[used++] = label[i] < 0x20 || label[i] == 0x7f ? '?' : (char)label[i];
	name[used] = '\0';
	return used;
}

/* Reads a name with its pointers (RFC 1035, section 4.1.4). */
static void
take_name(struct packet *p, char name[MDNS_NAME_MAX])
{
	size_t at = p->at, used = 0;
	int jumps = 0;

	name[0] = '\0';
	while (at < p->len && p->bytes[at] != 0) {
		const size_t len = p->bytes[at];

		if (len > LABEL_MAX) {
			if ((len & 0xc0) != 0xc0 || at + 1 >= p->len ||
			    jumps == JUMPS_MAX)
				break;
			if (jumps++ == 0)
				p->at = at + 2;
			at = (len & 0x3f) << 8 | p->bytes[at + 1];
			continue;
		}
		if (at + 1 + len > p->len)
			break;
		used = label_add(name, used, &p->bytes[at + 1], len);
		at += 1 + len;
	}
	if (at >= p->len || p->bytes[at] != 0)
		p->bad = true;
	else if (jumps == 0)
		p->at = at + 1;
}

static bool
take_record(struct packet *p, struct record *r)
{
	take_name(p, r->name);
	r->type = take16(p);
	take16(p); /* class */
	take16(p); /* time to live */
	take16(p);
	r->len = take16(p);
	r->data = p->at;
	if (p->bad || p->len - p->at < r->len)
		return false;
	p->at += r->len;
	return true;
}

/* Moves behind the questions; returns how many records follow, 0 when it is no answer. */
static unsigned
take_header(struct packet *p)
{
	unsigned flags, questions, records;
	char name[MDNS_NAME_MAX];

	take16(p);
	flags = take16(p);
	questions = take16(p);
	records = take16(p);
	records += take16(p);
	records += take16(p);
	for (unsigned i = 0; i < questions && !p->bad; i++) {
		take_name(p, name);
		take16(p);
		take16(p);
	}
	if (p->bad || (flags & ANSWER) == 0)
		return 0;
	return records < RECORDS_MAX ? records : RECORDS_MAX;
}

static struct mdns_server *
known(struct mdns_servers *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcasecmp(s->list[i].name, name) == 0)
			return &s->list[i];
	return NULL;
}

/* "Pi in the cellar._nut._tcp.local": its first part, as it may be printed; false when it is
 * none of these. */
static bool
instance_of(char *out, const char *name)
{
	const size_t len = strlen(name), end = sizeof(service) - 1;
	struct buf clean = {0};
	char *first;

	if (len < end + 2 || name[len - end - 1] != '.' ||
	    strcasecmp(&name[len - end], service) != 0)
		return false;
	first = xstrndup(name, len - end - 1);
	utf8_add(&clean, first);
	snprintf(out, MDNS_NAME_MAX, "%s", buf_str(&clean));
	buf_free(&clean);
	free(first);
	return true;
}

/* An instance that is offered, or the host and port of one. */
static void
take_service(struct mdns_servers *s, const struct packet *whole, const struct record *r,
    const char *sender)
{
	struct packet p = *whole;
	char name[MDNS_NAME_MAX], instance[MDNS_NAME_MAX];
	struct mdns_server *server;

	p.at = r->data;
	if (r->type == TYPE_PTR && strcasecmp(r->name, service) == 0)
		take_name(&p, name);
	else if (r->type == TYPE_SRV)
		memcpy(name, r->name, sizeof(name));
	else
		return;
	if (p.bad || !instance_of(instance, name))
		return;
	if ((server = known(s, instance)) == NULL) {
		if (s->count == MDNS_SERVERS_MAX)
			return;
		server = &s->list[s->count++];
		*server = (struct mdns_server){.port = 3493};
		memcpy(server->name, instance, sizeof(instance));
		snprintf(server->address, sizeof(server->address), "%s", sender);
	}
	if (r->type != TYPE_SRV || r->len < 7)
		return;
	p.at += 4; /* priority and weight */
	server->port = (uint16_t)take16(&p);
	take_name(&p, name);
	if (!p.bad)
		memcpy(server->host, name, sizeof(name));
}

/* The address of a host that has been named; IPv4 goes before IPv6. */
static void
take_address(struct mdns_servers *s, const struct packet *p, const struct record *r)
{
	const bool four = r->type == TYPE_A && r->len == 4;
	char text[INET6_ADDRSTRLEN];

	if (!four && !(r->type == TYPE_AAAA && r->len == 16))
		return;
	inet_ntop(four ? AF_INET : AF_INET6, &p->bytes[r->data], text, sizeof(text));
	for (size_t i = 0; i < s->count; i++)
		if (strcasecmp(s->list[i].host, r->name) == 0 &&
		    (four || strchr(s->list[i].address, ':') != NULL) &&
		    strncasecmp(text, "fe80:", 5) != 0)
			snprintf(
			    s->list[i].address, sizeof(s->list[i].address), "%s", text);
}

/* Goes through the records once for what is served, and once for where it is: they may stand
 * in any order. */
void
mdns_take(struct mdns_servers *s, const uint8_t *packet, size_t len, const char *sender)
{
	struct packet begin = {packet, len, 0, false};
	unsigned records = take_header(&begin);

	for (int round = 0; round < 2; round++) {
		struct packet p = begin;
		struct record r;

		for (unsigned i = 0; i < records && take_record(&p, &r); i++) {
			if (round == 0)
				take_service(s, &p, &r, sender);
			else
				take_address(s, &p, &r);
		}
	}
}

size_t
mdns_question(uint8_t *out, size_t size)
{
	static const uint8_t question[] =
	    "\0\0\0\0\0\1\0\0\0\0\0\0" /* one question */
	    "\4_nut\4_tcp\5local\0"
	    "\0\14\200\1"; /* PTR; IN, to the sender alone */
	const size_t len = sizeof(question) - 1;

	if (size < len)
		return 0;
	memcpy(out, question, len);
	return len;
}

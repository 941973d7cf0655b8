/* SPDX-License-Identifier: ISC */
#include "publish/mail.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "lib/utf8.h"

#define LINE_MAX_BYTES 76   /* of quoted-printable, without the "=" at its end */
#define HEADER_MAX_BYTES 78 /* of a line of the header (RFC 5322, 2.1.1) */
#define WORD_MAX_BYTES 75 /* of an encoded word, with the name before it (RFC 2047, 2) */

/* How many bytes of a letter follow its first one. */
static size_t
rest_of(unsigned char first)
{
	return first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/* Appends a byte of an encoded word ("Q", RFC 2047, 4.2). */
static void
add_q(struct buf *out, unsigned char byte)
{
	if (byte == ' ')
		buf_puts(out, "_");
	else if (isalnum(byte))
		buf_add(out, &byte, 1);
	else
		buf_printf(out, "=%02X", byte);
}

/* Text that is not ASCII: encoded words of whole letters, one in each line. */
static void
add_words(struct buf *out, const char *text, size_t used)
{
	static const char begin[] = "=?UTF-8?Q?", end[] = "?=";
	const size_t around = strlen(begin) + strlen(end);
	size_t room = WORD_MAX_BYTES - around - used;

	buf_puts(out, begin);
	for (; *text != '\0'; text++) {
		const unsigned char byte = (unsigned char)*text;
		const size_t takes =
		    byte == ' ' || isalnum(byte) ? 1 : 3 + 3 * rest_of(byte);

		if ((byte & 0xc0) != 0x80 && takes > room) {
			buf_printf(out, "%s\r\n %s", end, begin);
			room = WORD_MAX_BYTES - around;
		}
		if ((byte & 0xc0) != 0x80)
			room -= takes;
		add_q(out, byte);
	}
	buf_puts(out, end);
}

void
mail_header(struct buf *out, const char *name, const char *text)
{
	struct buf clean = {0};
	size_t used = strlen(name) + 2;
	bool ascii = true;

	utf8_add(&clean, text);
	for (size_t i = 0; i < clean.len; i++) {
		char *c = &buf_head(&clean)[i];

		*c = *c == '\n' ? ' ' : *c;
		ascii = ascii && (unsigned char)*c < 0x80;
	}
	buf_printf(out, "%s: ", name);
	if (ascii && used + clean.len <= HEADER_MAX_BYTES && clean.len > 0)
		buf_puts(out, buf_str(&clean));
	else
		add_words(out, buf_str(&clean), used);
	buf_puts(out, "\r\n");
	buf_free(&clean);
}

/* Addresses, each in a line of its own. */
static void
add_addresses(struct buf *out, const char *name, const char *list)
{
	buf_printf(out, "%s: ", name);
	for (; *list != '\0'; list++)
		if (*list == ',')
			buf_puts(out, ",\r\n ");
		else
			buf_add(out, list, 1);
	buf_puts(out, "\r\n");
}

/* The text as quoted-printable (RFC 2045, 6.7). */
static void
add_body(struct buf *out, const char *text)
{
	size_t column = 0;

	for (; *text != '\0'; text++) {
		const unsigned char byte = (unsigned char)*text;
		const bool last = text[1] == '\n' || text[1] == '\0';
		const bool plain =
		    byte >= ' ' && byte < 0x7f && byte != '=' && !(byte == ' ' && last);

		if (byte == '\n') {
			buf_puts(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) > LINE_MAX_BYTES - 1) {
			buf_puts(out, "=\r\n");
			column = 0;
		}
		if (plain)
			buf_add(out, text, 1);
		else
			buf_printf(out, "=%02X", byte);
		column += plain ? 1 : 3;
	}
	buf_puts(out, "\r\n");
}

/* Letters that may stand in a Message-ID. */
static void
add_id(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (isalnum((unsigned char)*text) || strchr(".-_", *text) != NULL)
			buf_add(out, text, 1);
}

void
mail_write(struct buf *out, const struct conf_notify *c, const struct message *m,
    const char *site)
{
	const time_t s = (time_t)(m->at / 1000);
	char date[64];
	struct buf text = {0};
	struct tm tm;

	localtime_r(&s, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S %z", &tm);
	buf_printf(out, "Date: %s\r\n", date);
	add_addresses(out, "From", c->from);
	add_addresses(out, "To", c->to);
	mail_header(out, "Subject", m->title);
	buf_printf(out, "Message-ID: <holdup.%s.", m->key);
	add_id(out, c->name);
	buf_puts(out, ".");
	add_id(out, site);
	buf_printf(out, "%s>\r\n", strchr(c->from, '@'));
	if (m->priority >= NEWS_HIGH)
		buf_puts(out, "Importance: high\r\nX-Priority: 1\r\n");
	buf_puts(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		      "Content-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	utf8_add(&text, m->text);
	add_body(out, buf_str(&text));
	buf_free(&text);
}

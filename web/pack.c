/* SPDX-License-Identifier: ISC */
/*
 * Runs while holdup is built: makes one page of its parts.
 *
 * pack PAGE.HTML STYLE.CSS… SCRIPT.JS… >page_packed.c
 *
 * The page holds {{style}} and {{script}}, where all files of that kind go, one behind the
 * other, and {{words}}, which page.c fills in when it writes the page. What comes out is
 * the list of pieces between the words, and the Content-Security-Policy that allows just
 * this style and this script, by their hashes.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/sha256.h"

/* Appends a whole file. */
static void
take(struct buf *b, const char *path)
{
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t len;

	if (f == NULL)
		err(1, "%s", path);
	while ((len = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(b, part, len);
	if (ferror(f))
		err(1, "%s", path);
	fclose(f);
	if (memchr(buf_str(b), '\0', b->len) != NULL)
		errx(1, "%s: not a text", path);
}

static bool
ends(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

/* Leaves out what only those need who read the sources: comments that begin a line and end
 * one (not those with a `!`, which are licences), empty lines, and the tabs before a line. */
static void
squeeze(struct buf *to, const char *text)
{
	while (*text != '\0') {
		size_t len;

		text += strspn(text, "\t\n");
		if (strncmp(text, "/*", 2) == 0 && text[2] != '!') {
			const char *end = strstr(text, "*/\n");

			if (end == NULL)
				errx(
				    1, "a comment that does not end a line: %.60s", text);
			text = end + 3;
			continue;
		}
		len = strcspn(text, "\n");
		buf_add(to, text, len);
		text += len;
		if (len > 0)
			buf_puts(to, "\n");
	}
}

/* Takes all files whose names end so. What a browser would read as the end of the element
 * (or, in a script, as the begin of a comment) may not stand in them. */
static void
take_all(struct buf *b, char *const *paths, const char *end, const char *element)
{
	struct buf all = {0};

	for (; *paths != NULL; paths++)
		if (ends(*paths, end)) {
			take(&all, *paths);
			buf_puts(&all, "\n");
		}
	buf_puts(b, "\n");
	squeeze(b, buf_str(&all));
	buf_free(&all);
	if (strcasestr(buf_str(b), element) != NULL || strstr(buf_str(b), "<!--") != NULL)
		errx(1, "%s or <!-- stands in the files for it", element);
}

/* The hash of an element's content as CSP wants it: 'sha256-BASE64'. */
static void
put_hash(const struct buf *content)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct sha256 s;
	uint8_t sum[SHA256_SIZE + 1] = {0}; /* a multiple of 3: the last one is padding */
	char text[sizeof(sum) / 3 * 4 + 1] = "";
	size_t len = 0;

	sha256_begin(&s);
	sha256_add(&s, buf_head(content), content->len);
	sha256_end(&s, sum);
	for (size_t i = 0; i < sizeof(sum); i += 3) {
		unsigned three = (unsigned)sum[i] << 16 | sum[i + 1] << 8 | sum[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			text[len++] = digits[three >> shift & 63];
	}
	text[len - 1] = '=';
	printf("'sha256-%s'", text);
}

/* Writes text as C strings, one for each of its lines. */
static void
put_text(const char *text, size_t len)
{
	fputs("\"", stdout);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n')
			fputs(i + 1 < len ? "\\n\"\n\t\"" : "\\n", stdout);
		else if (c == '"' || c == '\\' || c == '?')
			printf("\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			printf("\\%03o", c);
		else
			putchar(c);
	}
	fputs("\"", stdout);
}

/* A piece of the page, and the word that stands behind it. */
static void
put_piece(struct buf *piece, const char *slot, size_t len)
{
	printf("\t{");
	put_text(buf_head(piece), piece->len);
	printf(", %zu, \"%.*s\"},\n", piece->len, (int)len, slot);
	buf_clear(piece);
}

static void
put_pieces(const char *page, const struct buf *style, const struct buf *script)
{
	struct buf piece = {0};
	const char *slot, *end;

	while ((slot = strstr(page, "{{")) != NULL) {
		buf_add(&piece, page, (size_t)(slot - page));
		slot += 2;
		if ((end = strstr(slot, "}}")) == NULL)
			errx(1, "{{ without }}");
		if (strncmp(slot, "style}}", 7) == 0)
			buf_add(&piece, buf_head(style), style->len);
		else if (strncmp(slot, "script}}", 8) == 0)
			buf_add(&piece, buf_head(script), script->len);
		else
			put_piece(&piece, slot, (size_t)(end - slot));
		page = end + 2;
	}
	buf_puts(&piece, page);
	put_piece(&piece, "", 0);
	buf_free(&piece);
}

int
main(int argc, char **argv)
{
	struct buf page = {0}, style = {0}, script = {0};

	if (argc < 2)
		errx(1, "usage: pack PAGE.HTML STYLE.CSS... SCRIPT.JS...");
	take(&page, argv[1]);
	take_all(&style, argv + 2, ".css", "</style");
	take_all(&script, argv + 2, ".js", "</script");

	printf("/* Made by web/pack.c. */\n#include \"web/page.h\"\n#include "
	       "\"web/page_packed.h\"\n\n"
	       "const struct page_piece page_pieces[] = {\n");
	put_pieces(buf_str(&page), &style, &script);
	printf("};\nconst size_t page_npieces = sizeof(page_pieces) / "
	       "sizeof(page_pieces[0]);\n\n"
	       "const char page_csp[] = \"default-src 'none'; script-src ");
	put_hash(&script);
	printf("; style-src ");
	put_hash(&style);
	printf(
	    "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
	    "frame-ancestors 'none'\";\n");
	buf_free(&page);
	buf_free(&style);
	buf_free(&script);
	return fflush(stdout) == 0 ? 0 : 1;
}

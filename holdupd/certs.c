/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "holdupd/certs.h"
#include "lib/conf.h"
#include "lib/xmem.h"

#define FOLDER_MAX (1024 * 1024 - 1) /* bytes of all files: what conf_slurp_fd() takes */

void
certs_only(const char *text, struct buf *out)
{
	/* The second is OpenSSL's, with uses that it is trusted for. */
	static const char *const kinds[] = {"CERTIFICATE", "TRUSTED CERTIFICATE"};
	char begin[64], end[64];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *from = text, *to;

		snprintf(begin, sizeof(begin), "-----BEGIN %s-----", kinds[i]);
		snprintf(end, sizeof(end), "-----END %s-----", kinds[i]);
		while ((from = strstr(from, begin)) != NULL &&
		       (to = strstr(from, end)) != NULL) {
			buf_printf(out, "%.*s%s\n", (int)(to - from), from, end);
			from = to;
		}
	}
}

char *
certs_file(const char *path, size_t *len, char *cause, size_t size)
{
	char *text = conf_slurp(path, len);

	if (text == NULL)
		snprintf(cause, size, "%s: %s", path, strerror(errno));
	return text;
}

/* One file of a folder, unless it was there already by another name: c_rehash makes two
 * links for each. What is no text with certificates adds nothing. */
static void
add_file(struct buf *out, const char *path, struct buf *seen)
{
	uint64_t id[2];
	struct stat st;
	size_t len;
	char *text;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	id[0] = st.st_dev;
	id[1] = st.st_ino;
	for (size_t at = 0; at < seen->len; at += sizeof(id))
		if (memcmp(buf_head(seen) + at, id, sizeof(id)) == 0)
			return;
	buf_add(seen, id, sizeof(id));
	if ((text = conf_slurp(path, &len)) == NULL)
		return;
	certs_only(text, out);
	explicit_bzero(text, len);
	free(text);
}

static int
add_folder(struct buf *out, const char *folder)
{
	struct dirent **entries;
	struct buf seen = {0};
	int n = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char *path = xasprintf("%s/%s", folder, entries[i]->d_name);

		if (out->len < FOLDER_MAX)
			add_file(out, path, &seen);
		free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	buf_free(&seen);
	return n;
}

/* What NUT has there where it is built with NSS, as Debian's is. */
static bool
is_nss(const char *path)
{
	static const char *const files[] = {"cert9.db", "cert8.db"};
	struct stat st;
	bool found = false;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *file = xasprintf("%s/%s", path, files[i]);

		found |= stat(file, &st) == 0;
		free(file);
	}
	return found;
}

char *
certs_authorities(const char *path, size_t *len, char *cause, size_t size)
{
	struct buf out = {0}, seen = {0};
	struct stat st;
	char *text = NULL;

	if (stat(path, &st) < 0 || (S_ISDIR(st.st_mode) && add_folder(&out, path) < 0)) {
		snprintf(cause, size, "%s: %s", path, strerror(errno));
		goto out;
	}
	if (!S_ISDIR(st.st_mode))
		add_file(&out, path, &seen);
	if (out.len == 0 && is_nss(path)) {
		snprintf(cause, size,
		    "%s: this is a database of NSS, which cannot be read: export its "
		    "authorities as PEM (certutil -L -d %s -n NAME -a) into a folder of "
		    "their own",
		    path, path);
		goto out;
	}
	if (out.len == 0 || out.len > FOLDER_MAX) {
		snprintf(cause, size, "%s: %s", path,
		    out.len == 0 ? "there is no certificate (PEM) in it"
				 : "there are more than 1 MB of certificates in it");
		goto out;
	}
	*len = out.len;
	text = xstrdup(buf_str(&out));
out:
	buf_free(&out);
	buf_free(&seen);
	return text;
}

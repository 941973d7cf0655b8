/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/recording.h"
#include "lib/xmem.h"

#define REPORTS_MAX 1024

static const char *const type_names[] = {
    [HID_INPUT] = "input",
    [HID_OUTPUT] = "output",
    [HID_FEATURE] = "feature",
};

/* Value of a hex digit, -1 for anything else. */
static int
nibble(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));
	return at == NULL ? -1 : (int)(at - digits);
}

/* Reads hex text into fresh memory; NULL when it is not hex or longer than `max`. */
static uint8_t *
hex_read(const char *text, size_t max, size_t *len)
{
	size_t n = strlen(text), i;
	uint8_t *bytes;

	if (n % 2 != 0 || n / 2 > max)
		return NULL;
	bytes = xmalloc(n / 2 + 1);
	for (i = 0; i < n; i += 2) {
		int high = nibble(text[i]), low = nibble(text[i + 1]);

		if (high < 0 || low < 0) {
			free(bytes);
			return NULL;
		}
		bytes[i / 2] = (uint8_t)(high << 4 | low);
	}
	*len = n / 2;
	return bytes;
}

static void
hex_write(struct buf *b, const uint8_t *bytes, size_t len)
{
	size_t i;

	buf_puts(b, "\"");
	for (i = 0; i < len; i++)
		buf_printf(b, "%02x", bytes[i]);
	buf_puts(b, "\"");
}

/* A JSON string with its quotes; text that is not UTF-8 becomes empty. */
static void
text_write(struct buf *b, const char *text)
{
	json_t *json = json_string(text);
	char *quoted = json == NULL ? NULL : json_dumps(json, JSON_ENCODE_ANY);

	buf_puts(b, quoted == NULL ? "\"\"" : quoted);
	free(quoted);
	json_decref(json);
}

/* Reads 4 hex digits ("051d"); a missing or null member is 0 unless `needed`. */
static int
number_read(const json_t *root, const char *key, bool needed, uint16_t *number,
    char *cause, size_t size)
{
	const json_t *json = json_object_get(root, key);
	const char *text = json_string_value(json);

	*number = 0;
	if (!needed && (json == NULL || json_is_null(json)))
		return 0;
	if (text == NULL || strlen(text) != 4 ||
	    strspn(text, "0123456789abcdefABCDEF") != 4) {
		snprintf(cause, size, "\"%s\" is not 4 hex digits", key);
		return -1;
	}
	*number = (uint16_t)strtoul(text, NULL, 16);
	return 0;
}

/* Copies a text member, "" when it is missing or null. */
static void
ident_text(const json_t *root, const char *key, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(root, key));

	snprintf(out, size, "%s", text == NULL ? "" : text);
}

static int
type_read(const char *text, enum hid_type *type)
{
	size_t i;

	for (i = 0; text != NULL && i < HID_TYPES; i++) {
		if (strcmp(text, type_names[i]) == 0) {
			*type = (enum hid_type)i;
			return 0;
		}
	}
	return -1;
}

static int
reports_read(struct recording *r, const json_t *list, char *cause, size_t size)
{
	size_t n = json_array_size(list), i;

	if (n > REPORTS_MAX) {
		snprintf(cause, size, "more than %d reports", REPORTS_MAX);
		return -1;
	}
	r->reports = xcalloc(n + 1, sizeof(*r->reports));
	for (i = 0; i < n; i++) {
		const json_t *json = json_array_get(list, i);
		const json_t *id = json_object_get(json, "id");
		const char *hex = json_string_value(json_object_get(json, "hex"));
		const char *type = json_string_value(json_object_get(json, "type"));
		struct recording_report *report = &r->reports[i];

		r->nreports = i + 1;
		if (type_read(type, &report->type) != 0 || !json_is_integer(id) ||
		    json_integer_value(id) < 0 || json_integer_value(id) > 255 ||
		    hex == NULL) {
			snprintf(cause, size,
			    "report %zu: wants {type: feature|input|output, "
			    "id: 0 to 255, hex}",
			    i);
			return -1;
		}
		report->id = (uint8_t)json_integer_value(id);
		report->bytes = hex_read(hex, HID_REPORT_BITS_MAX / 8 + 1, &report->len);
		if (report->bytes == NULL) {
			snprintf(cause, size, "report %zu: \"hex\" is not hex", i);
			return -1;
		}
	}
	return 0;
}

static int
strings_read(struct recording *r, json_t *strings, char *cause, size_t size)
{
	const char *key;
	json_t *text;

	json_object_foreach(strings, key, text)
	{
		char *end;
		unsigned long index = strtoul(key, &end, 10);

		if (*key == '\0' || *end != '\0' || index > 255 ||
		    !json_is_string(text)) {
			snprintf(cause, size, "strings: \"%s\" is not an index", key);
			return -1;
		}
		free(r->strings[index]);
		r->strings[index] = xstrdup(json_string_value(text));
	}
	return 0;
}

static int
members_read(struct recording *r, const json_t *root, char *cause, size_t size)
{
	const char *hex = json_string_value(json_object_get(root, "descriptor"));
	struct hidups_ident *ident = &r->ident;

	if (number_read(root, "vendor_id", true, &ident->vendor, cause, size) != 0 ||
	    number_read(root, "product_id", true, &ident->product, cause, size) != 0 ||
	    number_read(root, "bcd_device", false, &ident->version, cause, size) != 0)
		return -1;
	ident_text(
	    root, "manufacturer", ident->manufacturer, sizeof(ident->manufacturer));
	ident_text(root, "product", ident->name, sizeof(ident->name));
	ident_text(root, "serial", ident->serial, sizeof(ident->serial));
	if (hex != NULL)
		r->descriptor = hex_read(hex, HID_DESC_BYTES_MAX, &r->descriptor_len);
	if (r->descriptor == NULL) {
		snprintf(cause, size, "\"descriptor\" is not hex of at most %d bytes",
		    HID_DESC_BYTES_MAX);
		return -1;
	}
	if (reports_read(r, json_object_get(root, "reports"), cause, size) != 0)
		return -1;
	return strings_read(r, json_object_get(root, "strings"), cause, size);
}

struct recording *
recording_read(const char *text, size_t len, char *cause, size_t size)
{
	struct recording *r;
	json_error_t error;
	json_t *root;

	root = json_loadb(text, len, 0, &error);
	if (root == NULL) {
		snprintf(cause, size, "line %d, column %d: %s", error.line, error.column,
		    error.text);
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	if (members_read(r, root, cause, size) != 0) {
		recording_free(r);
		r = NULL;
	}
	json_decref(root);
	return r;
}

static void
strings_write(struct buf *b, const struct recording *r)
{
	const char *comma = "";
	size_t i;

	buf_puts(b, " \"strings\": {");
	for (i = 0; i < 256; i++) {
		if (r->strings[i] == NULL)
			continue;
		buf_printf(b, "%s\"%zu\": ", comma, i);
		text_write(b, r->strings[i]);
		comma = ", ";
	}
	buf_puts(b, "},\n");
}

char *
recording_write(const struct recording *r)
{
	struct buf b = {0};
	char *text;
	size_t i;

	buf_printf(&b, "{\n \"vendor_id\": \"%04x\",\n \"product_id\": \"%04x\",\n",
	    r->ident.vendor, r->ident.product);
	buf_printf(
	    &b, " \"bcd_device\": \"%04x\",\n \"manufacturer\": ", r->ident.version);
	text_write(&b, r->ident.manufacturer);
	buf_puts(&b, ",\n \"product\": ");
	text_write(&b, r->ident.name);
	buf_puts(&b, ",\n \"serial\": ");
	text_write(&b, r->ident.serial);
	buf_puts(&b, ",\n");
	strings_write(&b, r);
	buf_puts(&b, " \"descriptor\": ");
	hex_write(&b, r->descriptor, r->descriptor_len);
	buf_puts(&b, ",\n \"reports\": [");
	for (i = 0; i < r->nreports; i++) {
		const struct recording_report *report = &r->reports[i];

		buf_printf(&b,
		    "%s\n  {\"type\": \"%s\", \"id\": %u, \"hex\": ", i == 0 ? "" : ",",
		    type_names[report->type], report->id);
		hex_write(&b, report->bytes, report->len);
		buf_puts(&b, "}");
	}
	buf_puts(&b, "\n ]\n}\n");
	text = xstrdup(buf_str(&b));
	buf_free(&b);
	return text;
}

void
recording_free(struct recording *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->nreports; i++)
		free(r->reports[i].bytes);
	for (i = 0; i < 256; i++)
		free(r->strings[i]);
	free(r->reports);
	free(r->descriptor);
	free(r);
}

/* SPDX-License-Identifier: ISC */
/*
 * A whole device: vendor and product, two bytes each, a byte of length (its highest bit:
 * with all options of ups.conf) and a name, two bytes of length and a descriptor, then
 * reports as [type][length][bytes…]. Every command and a few settings are composed at the
 * end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/hidups.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size;
};

static void
feed(struct hidups *u, const uint8_t *data, size_t size)
{
	while (size >= 2) {
		enum hid_type type = data[0] % HID_TYPES;
		size_t len = data[1];

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		hidups_report(u, type, data, len);
		if (len > 0 && data[0] % 16 == 15)
			hidups_report_failed(u, data[0]);
		data += len;
		size -= len;
	}
}

static void
answer_strings(struct hidups *u)
{
	uint8_t indexes[16];
	size_t n = hidups_strings(u, indexes), i;

	for (i = 0; i < n; i++)
		hidups_string(u, indexes[i], "PbAc");
}

/* Checks what every state must hold. */
static void
check_state(const struct state *s)
{
	const char *status = state_get(s, "ups.status");
	bool online, battery;

	if (status == NULL || state_get(s, "ups.mfr") == NULL ||
	    state_get(s, "ups.model") == NULL || state_get(s, "ups.test.result") == NULL)
		abort();
	online = state_status_has(status, "OL");
	battery = state_status_has(status, "OB");
	if (online + battery + state_status_has(status, "WAIT") != 1)
		abort();
}

static void
write_all(struct hidups *u, const struct state *s)
{
	static struct hidups_write writes[HIDUPS_WRITES_MAX];
	static const char *const values[] = {
	    "30", "-1", "99999999999", "low", "2026/02/03"};
	char cause[200];
	size_t i, j, n;

	for (i = 0; i < s->ncmds; i++) {
		hidups_command(u, s->cmds[i], NULL, writes, &n, cause, sizeof(cause));
		if (n > HIDUPS_WRITES_MAX)
			abort();
		hidups_command(u, s->cmds[i], "60", writes, &n, cause, sizeof(cause));
	}
	for (i = 0; i < s->nvars; i++)
		for (j = 0; j < sizeof(values) / sizeof(values[0]); j++)
			hidups_set(u, s->vars[i]->name, values[j], writes, &n, cause,
			    sizeof(cause));
}

/* All that is said to people, while a minute passes. */
static void
hear_all(struct hidups *u, const struct hid_desc *d)
{
	struct hidups_quirk quirk;
	char text[400];
	size_t at = 0, n;

	for (n = 0; hidups_quirk(u, &at, &quirk); n++)
		if (n > d->nfields || quirk.why == NULL)
			abort();
	for (size_t i = 0; i < d->nfields && i < 64; i++)
		hidups_field_text(u, i, text, sizeof(text));
	for (uint64_t now_ms = 5000; now_ms <= 60000; now_ms += 5000) {
		hidups_clock(u, now_ms);
		for (n = 0; hidups_remark(u, text, sizeof(text)); n++)
			if (n > 16)
				abort();
	}
}

/* What becomes of orders. */
static void
watch_orders(struct hidups *u, const struct state *s)
{
	char cause[200];
	long left;

	for (size_t i = 0; i < s->ncmds; i++)
		hidups_asked(u, s->cmds[i], NULL);
	hidups_count(u, 60, &left);
	for (size_t i = 0; i < s->nvars; i++)
		hidups_kept(u, s->vars[i]->name, "30", cause, sizeof(cause));
	hidups_cap(u, 30);
	hidups_delays(u, "17", "99999999999");
}

/* Takes a number of two bytes. */
static size_t
take(struct input *in)
{
	size_t number = in->size < 2 ? 0 : (size_t)in->data[0] | (size_t)in->data[1] << 8;
	size_t n = in->size < 2 ? in->size : 2;

	in->data += n;
	in->size -= n;
	return number;
}

/* Takes who it is; true where it is to have options. */
static bool
take_ident(struct input *in, struct hidups_ident *ident)
{
	size_t len;
	bool options;

	ident->vendor = (uint16_t)take(in);
	ident->product = (uint16_t)take(in);
	options = in->size > 0 && in->data[0] >= 0x80;
	len = in->size == 0 ? 0 : in->data[0] & 0x7f;
	if (len >= in->size)
		return options;
	memcpy(ident->name, in->data + 1, len);
	in->data += 1 + len;
	in->size -= 1 + len;
	return options;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct hidups_options all = {.lowbatt = 50,
	    .onlinedischarge_battery = true,
	    .onlinedischarge_calibration = true,
	    .lbrb_log_delay_sec = 3,
	    .lbrb_log_delay_without_calibrating = true,
	    .powercom_sdcmd_byte_order_fallback = true,
	    .powercom_sdcmd_discrete_delay = true};
	struct input in = {.data = data, .size = size};
	struct hidups_ident ident = {0};
	struct hid_desc *d;
	struct hidups *u;
	struct state *s;
	uint8_t ids[256];
	char cause[80];
	bool options;
	size_t len;

	options = take_ident(&in, &ident);
	len = take(&in);
	if (len > in.size)
		return 0;
	d = hid_desc_parse(in.data, len, cause, sizeof(cause));
	if (d == NULL)
		return 0;
	u = hidups_new(d, &ident);
	if (options)
		hidups_options(u, &all);
	s = state_new();
	feed(u, in.data + len, in.size - len);
	answer_strings(u);
	hidups_polls(u, false, ids);
	hidups_polls(u, true, ids);
	hear_all(u, d);
	hidups_vars(u, s);
	check_state(s);
	watch_orders(u, s);
	write_all(u, s);
	state_free(s);
	hidups_free(u);
	hid_desc_free(d);
	return 0;
}

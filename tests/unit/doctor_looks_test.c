/* SPDX-License-Identifier: ISC */
/* What the doctor gathers of /proc and /sys, out of trees of our own making; and what it
 * leaves out of texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "doctor/procs.h"
#include "doctor/redact.h"
#include "doctor/usb.h"

static char top[] = "/tmp/holdup-looks.XXXXXX";

/* A file below `top`, with the folders above it. */
static void
file(const char *name, const char *text)
{
	char command[512], path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	snprintf(command, sizeof(command), "mkdir -p \"$(dirname '%s')\"", path);
	assert_int_equal(system(command), 0);
	assert_non_null(f = fopen(path, "w"));
	fputs(text, f);
	fclose(f);
}

static void
lnk(const char *name, const char *target)
{
	char path[256];

	file(name, "");
	snprintf(path, sizeof(path), "%s/%s", top, name);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink(target, path), 0);
}

static void
test_usb(void **state)
{
	struct ups_conf none = {NULL, 0, NULL, 0};
	struct facts_devices f = {.conf = &none};

	file("bus/usb/devices/1-1/idVendor", "051d\n");
	file("bus/usb/devices/1-1/idProduct", "0002\n");
	file("bus/usb/devices/1-1/product", "Back-UPS CS 500\n");
	file("bus/usb/devices/1-1:1.0/bInterfaceClass", "03\n");
	usb_unbound(top, &f);
	assert_int_equal(f.count, 1);
	assert_string_equal(f.list[0].name, "051d:0002 Back-UPS CS 500");
	assert_string_equal(f.list[0].place, "1-1:1.0");
	assert_string_equal(f.list[0].driver, "");
	assert_int_equal(f.list[0].vendor, 0x051d);
	/* Bound, and without a node; with one; held by a program; no HID at all. */
	lnk("bus/usb/devices/1-1:1.0/driver", "../../../drivers/usbhid");
	usb_unbound(top, &f);
	assert_int_equal(f.count, 2);
	assert_string_equal(f.list[1].driver, "usbhid");
	file("bus/usb/devices/1-1:1.0/0003:051D:0002.0001/hidraw/hidraw0/dev", "\n");
	file("bus/usb/devices/1-1:1.1/bInterfaceClass", "03\n");
	lnk("bus/usb/devices/1-1:1.1/driver", "../../../drivers/usbfs");
	file("bus/usb/devices/1-1:1.2/bInterfaceClass", "08\n");
	usb_unbound(top, &f);
	assert_int_equal(f.count, 2);
	free(f.list);
}

/* Who listens, by the tables of the kernel and the descriptors of processes. */
static void
test_listens(void **state)
{
	static const char head[] = "  sl  local_address rem_address   st tx_queue "
				   "rx_queue tr tm->when retrnsmt\n";
	static const char four[] =
	    "   0: 0100007F:0DA5 00000000:0000 0A 00000000:00000000 00:00000000 00000000 "
	    "    0        0 4711 1 0000000000000000 100 0 0 10 0\n";
	char table[512];
	struct facts_process who;

	snprintf(table, sizeof(table), "%s%s", head, four);
	file("net/tcp", table);
	file("net/tcp6", head);
	file("812/stat",
	    "812 (up) sd) S 1 812 812 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n");
	lnk("812/fd/3", "socket:[4711]");
	assert_true(procs_listens(top, "127.0.0.1", 3493, &who));
	assert_int_equal(who.pid, 812);
	assert_string_equal(who.name, "up) sd");
	assert_true(procs_listens(top, "0.0.0.0", 3493, &who));
	assert_true(procs_listens(top, "localhost", 3493, &who));
	assert_false(procs_listens(top, "127.0.0.2", 3493, &who));
	assert_false(procs_listens(top, "::1", 3493, &who));
	assert_false(procs_listens(top, "127.0.0.1", 3494, &who));
	/* Whose descriptors cannot be seen. */
	lnk("812/fd/3", "socket:[4712]");
	assert_true(procs_listens(top, "127.0.0.1", 3493, &who));
	assert_int_equal(who.pid, 0);
}

static void
test_unit(void **state)
{
	char unit[64];

	file("9/cgroup", "0::/system.slice/holdup.service\n");
	procs_unit(top, 9, unit, sizeof(unit));
	assert_string_equal(unit, "holdup.service");
	file("9/cgroup", "0::/user.slice/session-1.scope\n");
	procs_unit(top, 9, unit, sizeof(unit));
	assert_string_equal(unit, "");
}

static const struct {
	enum check_name name;
	const char *text, *shown;
} redacted[] = {
    {CHECK_UPSMON, "MONITOR a@b 1 nas hunter22 secondary # old: hunter11\n",
	"MONITOR a@b 1 nas \xe2\x80\xa6 secondary\n"},
    {CHECK_UPSMON, "MONITOR a@b nas hunter77 secondary\n",
	"MONITOR a@b \xe2\x80\xa6 \xe2\x80\xa6 \xe2\x80\xa6\n"},
    {CHECK_UPSMON, "\n\nSHUTDOWNCMD \"/bin/off -p geheim\"\n",
	"\n\nSHUTDOWNCMD /bin/off \xe2\x80\xa6\n"},
    {CHECK_UPSMON, "PASSWRD hunter33\n", " \xe2\x80\xa6 \xe2\x80\xa6\n"},
    {CHECK_USERS, "[nas]\npassword = \"two words\"\nupsmon secondary\n",
	"[nas]\npassword = \xe2\x80\xa6\nupsmon secondary\n"},
    {CHECK_UPS, "[ups]\ndriver = usbhid-ups\ndesc = \"at Freebox-77\"\n",
	"[ups]\ndriver = usbhid-ups\ndesc = \xe2\x80\xa6\n"},
    {CHECK_HOLDUP, "[notify phone]\nurl = https://joe:pa55word@ntfy.sh/mytopic\n",
	"[notify phone]\nurl = https://\xe2\x80\xa6@ntfy.sh/\xe2\x80\xa6\n"},
    {CHECK_HOLDUP, "[notify phone]\nurl = https://h/?key=hunter66\n",
	"[notify phone]\nurl = https://h/\xe2\x80\xa6 \xe2\x80\xa6 \xe2\x80\xa6\n"},
    {CHECK_NUT, "MONITOR a@b 1 nas hunter44 secondary\n", NULL},
    {CHECK_UPS, "a \"broken hunter55\nline", NULL},
};

/* Files as they may be shown, and what other texts lose by that. */
static void
test_redact(void **state)
{
	static const char *const secrets[] = {"hunter", "geheim", "two words",
	    "Freebox-77", "pa55word", "mytopic", "joe@example.org", "XYZZY"};
	struct redact *r = redact_new();
	struct buf out = {0};

	for (size_t i = 0; i < sizeof(redacted) / sizeof(redacted[0]); i++) {
		buf_clear(&out);
		redact_file(r, redacted[i].name, redacted[i].text,
		    strlen(redacted[i].text), &out);
		if (redacted[i].shown != NULL)
			assert_string_equal(buf_str(&out), redacted[i].shown);
		for (size_t k = 0; k < sizeof(secrets) / sizeof(secrets[0]); k++)
			if (strstr(buf_str(&out), secrets[k]) != NULL)
				fail_msg("%s is in %s", secrets[k], buf_str(&out));
	}
	buf_clear(&out);
	redact_text(r,
	    "refused hunter22 (hunter22) 'two words' to Freebox-77? joe@example.org "
	    "http://u:XYZZY@h:80/XYZZY?XYZZY mytopic geheim; ups a@b.local stays "
	    "unlike\n",
	    &out);
	for (size_t k = 0; k < sizeof(secrets) / sizeof(secrets[0]); k++)
		if (strstr(buf_str(&out), secrets[k]) != NULL)
			fail_msg("%s is in %s", secrets[k], buf_str(&out));
	assert_non_null(strstr(buf_str(&out), "refused \xe2\x80\xa6 (\xe2\x80\xa6)"));
	assert_non_null(strstr(buf_str(&out), "http://\xe2\x80\xa6@h:80/\xe2\x80\xa6 "));
	buf_free(&out);
	redact_free(r);
}

static int
begin(void **state)
{
	return mkdtemp(top) == NULL ? -1 : 0;
}

static int
end(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_usb),
	    cmocka_unit_test(test_listens),
	    cmocka_unit_test(test_unit),
	    cmocka_unit_test(test_redact),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

/* SPDX-License-Identifier: ISC */
/* Each verdict of holdup doctor: facts, and the sentence and the command that come of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doctor/facts.h"

#define SIZE(list) (sizeof(list) / sizeof((list)[0]))

static struct doctor_report report = {.look = "x"};

static void
clear(void)
{
	doctor_report_free(&report);
	report.look = "x";
}

/* Finding `i` has this weight, says this, and has this in its command (NULL: none). */
static void
is(size_t i, enum doctor_weight weight, const char *text, const char *remedy)
{
	assert_true(i < report.count);
	if (report.list[i].weight != weight || strstr(report.list[i].text, text) == NULL)
		fail_msg("finding %zu is %s: %s", i, doctor_word(report.list[i].weight),
		    report.list[i].text);
	if (remedy == NULL)
		assert_null(report.list[i].remedy);
	else if (report.list[i].remedy == NULL ||
		 strstr(report.list[i].remedy, remedy) == NULL)
		fail_msg("finding %zu: %s", i,
		    report.list[i].remedy == NULL ? "no command" : report.list[i].remedy);
}

/* That is all that is said. */
static void
only(enum doctor_weight weight, const char *text, const char *remedy)
{
	is(0, weight, text, remedy);
	if (report.count != 1)
		fail_msg("and: %s", report.list[1].text);
	clear();
}

static char driver[] = "driver", usbhid[] = "usbhid-ups", name[] = "ups";
static struct conf_pair usb_driver = {driver, usbhid, 2};
static struct conf_ups usb_section = {name, 1, &usb_driver, 1};
static const struct ups_conf usb = {NULL, 0, &usb_section, 1}, none;

#define ANY(ups_, reached_)                                                            \
	.name = "051d:0002 Back-UPS CS 500", .node = "/dev/hidraw0", .vendor = 0x051d, \
	.ups = (ups_), .reached = (reached_)
#define APC ANY(true, true)
#define HELD(pid, name, open) .holders = {{{pid, name, open}}, 1}

static const struct {
	struct facts_device device;
	bool no_group, no_rule, own;
	enum doctor_weight weight;
	const char *text, *remedy;
} devices[] = {
    {{APC}, .weight = DOCTOR_FINE, .text = "/dev/hidraw0 is the UPS 051d:0002 Back-UPS"},
    {{APC, HELD(7, "hid", true)}, .weight = DOCTOR_FINE, .text = "is the UPS"},
    {{APC, HELD(812, "apcupsd", true)}, .weight = DOCTOR_ERROR,
	.text = "apcupsd (pid 812) holds the UPS 051d:0002",
	.remedy = "sudo systemctl disable --now apcupsd"},
    {{APC, HELD(813, "usbhid-ups", true)}, .weight = DOCTOR_ERROR,
	.text = "usbhid-ups (pid 813) holds", .remedy = "nut-driver@"},
    {{APC, HELD(9, "python3", true)}, .weight = DOCTOR_ERROR,
	.text = "python3 (pid 9) holds", .remedy = "systemctl status 9"},
    {{APC, HELD(812, "apcupsd", false)}, .weight = DOCTOR_WARNING,
	.text = "may hold the UPS", .remedy = "disable --now apcupsd"},
    {{ANY(true, false)}, .no_group = true, .weight = DOCTOR_ERROR,
	.text = "there is no group nut", .remedy = "groupadd --system nut"},
    {{ANY(true, false)}, .no_rule = true, .weight = DOCTOR_ERROR,
	.text = "udev has no rule", .remedy = "apt install --reinstall holdup"},
    {{ANY(true, false)}, .weight = DOCTOR_ERROR, .text = "before that was there",
	.remedy = "udevadm trigger --action=change /dev/hidraw0"},
    {{ANY(true, false)}, .own = true, .weight = DOCTOR_ERROR,
	.text = "you may not open /dev/hidraw0", .remedy = "chgrp"},
    {{APC, .fault = "No such device"}, .weight = DOCTOR_WARNING,
	.text = "descriptor cannot be read: No such device"},
    {{ANY(false, true), .claimed = true, HELD(5, "usbhid-ups", true)},
	.weight = DOCTOR_ERROR, .text = "usbhid-ups (pid 5) holds",
	.remedy = "nut-driver@"},
    {{ANY(false, true), .claimed = true}, .weight = DOCTOR_WARNING,
	.text = "cannot be seen holds", .remedy = "sudo holdup doctor"},
};

static void
test_device(void **state)
{
	for (size_t i = 0; i < SIZE(devices); i++) {
		struct facts_device one = devices[i].device;
		const struct facts_devices f = {.list = &one,
		    .count = 1,
		    .conf = &usb,
		    .rule = !devices[i].no_rule,
		    .group = !devices[i].no_group,
		    .own = devices[i].own};

		judge_device(&f, &report);
		only(devices[i].weight, devices[i].text, devices[i].remedy);
	}
}

/* Without a node, without a power page, without a device at all. */
static void
test_device_absent(void **state)
{
	struct facts_device unbound = {
	    .name = "051d:0002", .place = "1-1.2:1.0", .vendor = 0x051d};
	struct facts_device other = {
	    .name = "0665:5161 USB to Serial", .node = "/dev/hidraw1", .vendor = 0x0665};
	struct facts_device mouse = {
	    .name = "046d:c077", .node = "/dev/hidraw2", .vendor = 0x046d};
	struct facts_devices f = {&unbound, 1, &none, true, true, false, true, false};

	judge_device(&f, &report);
	only(DOCTOR_ERROR, "the kernel has bound no driver to its interface 1-1.2:1.0",
	    "echo 1-1.2:1.0 | sudo tee /sys/bus/usb/drivers/usbhid/bind");
	strcpy(unbound.driver, "usbhid");
	judge_device(&f, &report);
	only(DOCTOR_ERROR, "there is no hidraw node", "modprobe hid-generic");
	f.list = &other;
	judge_device(&f, &report);
	only(DOCTOR_WARNING, "has no HID power page", "nut-server");
	f.list = &mouse;
	judge_device(&f, &report);
	only(DOCTOR_FINE, "no UPS is on USB here", NULL);
	f.conf = &usb;
	judge_device(&f, &report);
	only(DOCTOR_ERROR, "none is there: is the data cable in", "lsusb");
}

static void
test_configuration(void **state)
{
	struct check_conf conf = {.folder = (char[]){"/etc/nut"}};
	struct check_finding list[] = {
	    {CHECK_ERROR, (char[]){"/etc/nut/ups.conf"}, 3, (char[]){"unknown"}},
	    {CHECK_WARNING, (char[]){"/etc/nut/ups.conf"}, 4, (char[]){"odd"}}};
	struct check_list found = {list, 0};
	struct facts_configuration f = {&conf, &found, true};
	char text[] = "", denied[] = "it cannot be read (Permission denied)";

	judge_configuration(&f, &report);
	only(DOCTOR_ERROR, "nothing is configured", "holdup setup");
	conf.files[CHECK_UPS].text = text;
	judge_configuration(&f, &report);
	only(DOCTOR_FINE, "the files in /etc/nut are right", NULL);
	found.count = 1;
	judge_configuration(&f, &report);
	only(DOCTOR_ERROR, "/etc/nut/ups.conf:3: unknown", NULL);
	found.list = list + 1;
	judge_configuration(&f, &report);
	only(DOCTOR_WARNING, "1 thing in them", "sudo holdup check");
	f.root = false;
	conf.files[CHECK_USERS].cause = denied;
	judge_configuration(&f, &report);
	only(DOCTOR_NOTE, "1 of the files in /etc/nut may only be read by root",
	    "sudo holdup doctor");
}

static void
test_service(void **state)
{
	struct facts_service f = {.wanted = true, .units = true, .log = true};

	judge_service(&f, &report);
	only(DOCTOR_ERROR, "holdup does not run", "systemctl enable --now holdup");
	f.pid = 44;
	f.since = 7300;
	strcpy(f.unit, "holdup.service");
	judge_service(&f, &report);
	only(DOCTOR_FINE, "(pid 44) since 2 h, started by holdup.service", NULL);
	f.ends = 3;
	strcpy(f.last, "hid ended (signal 9); starting it again");
	judge_service(&f, &report);
	is(1, DOCTOR_WARNING,
	    "3 programs that ended and were started again, the last: hid ended",
	    "journalctl");
	clear();
	f.ends = 0;
	f.others[f.nothers++] = (struct facts_process){812, "upsd"};
	judge_service(&f, &report);
	is(1, DOCTOR_WARNING, "NUT's own upsd (pid 812)",
	    "systemctl disable --now nut-server");
	clear();
	f.nothers = 0;
	f.log = false;
	judge_service(&f, &report);
	is(1, DOCTOR_NOTE, "its log cannot be read", NULL);
	clear();
}

static void
test_port(void **state)
{
	struct facts_port port = {.what = "NUT", .address = "0.0.0.0", .port = "3493"};
	struct facts_ports f = {&port, 1, true};

	judge_port(&f, &report);
	only(DOCTOR_FINE, "port 3493 of 0.0.0.0 is free (NUT)", NULL);
	port.taken = true;
	judge_port(&f, &report);
	only(DOCTOR_ERROR, "cannot be seen: maybe a container", "ss -ltnp sport = :3493");
	f.root = false;
	judge_port(&f, &report);
	only(DOCTOR_NOTE, "only root can see", "ss -ltnp");
	port.who = (struct facts_process){812, "upsd"};
	judge_port(&f, &report);
	only(DOCTOR_ERROR,
	    "upsd (pid 812) has port 3493, so that NUT cannot be served on 0.0.0.0",
	    "systemctl status 812");
	port.ours = true;
	judge_port(&f, &report);
	only(DOCTOR_FINE, "is holdup's", NULL);
}

static void
test_server(void **state)
{
	struct facts_ups ups = {"ups", NULL, "OL"};
	struct facts_server f = {
	    .wanted = true, .where = "127.0.0.1:3493", .cause = "refused", .maxage = 15};

	judge_server(&f, &report);
	only(DOCTOR_ERROR, "no server answers on 127.0.0.1:3493 (refused)",
	    "holdup status");
	f.cause = NULL;
	judge_server(&f, &report);
	only(DOCTOR_ERROR, "has no UPS", "holdup setup");
	f.upses = &ups;
	f.nupses = 1;
	judge_server(&f, &report);
	only(DOCTOR_FINE, "ups answers (OL); its values are younger than 15 s", NULL);
	ups.error = "Data stale";
	judge_server(&f, &report);
	only(DOCTOR_ERROR, "ups has no values: Data stale", "holdup probe");
}

static void
test_clients(void **state)
{
	struct facts_machine nas = {.name = "nas", .login = "qnap", .ago = -1};
	struct facts_miss miss = {
	    (char[]){"192.168.1.20"}, (char[]){"admin"}, false, 14, 60};
	struct facts_clients f = {.since = 9000,
	    .ups = "ups",
	    .host = "pi",
	    .conf = &usb,
	    .machines = &nas,
	    .nmachines = 1};

	judge_clients(&f, &report);
	only(DOCTOR_NOTE, "nobody tells who is there", NULL);
	f.told = true;
	judge_clients(&f, &report);
	only(DOCTOR_WARNING, "nas of holdup.conf has never logged in as qnap",
	    "holdup setup --join ups@pi --user qnap");
	f.since = 100;
	judge_clients(&f, &report);
	only(DOCTOR_NOTE, "has not logged in yet", NULL);
	f.since = 9000;
	nas.ago = 90000;
	judge_clients(&f, &report);
	only(DOCTOR_NOTE, "it was, 25 h ago", NULL);
	nas.there = true;
	judge_clients(&f, &report);
	only(DOCTOR_FINE, "nas is there", NULL);
	f.nmachines = 0;
	f.misses = &miss;
	f.nmisses = 1;
	judge_clients(&f, &report);
	only(DOCTOR_WARNING, "14 wrong passwords from 192.168.1.20",
	    "passwd --check admin");
	miss =
	    (struct facts_miss){(char[]){"192.168.1.21"}, (char[]){"nas"}, true, 9, 7200};
	judge_clients(&f, &report);
	only(DOCTOR_NOTE, "192.168.1.21 asks for a UPS named nas, which does not exist",
	    "alias = nas");
	miss.name = (char[]){"';reboot;'"};
	judge_clients(&f, &report);
	only(DOCTOR_NOTE, "a UPS named ';reboot;'", NULL);
	/* What a terminal would obey, another line, no UTF-8. */
	miss.name = (char[]){"a\x1b[2J\nok\xff\xc2\x9b"
			     "0m"};
	judge_clients(&f, &report);
	only(DOCTOR_NOTE, "a UPS named a?[2J?ok??0m, which", NULL);
	miss.name = (char[]){"ups"};
	judge_clients(&f, &report);
	only(DOCTOR_WARNING, "which ups.conf has, but not the server", "upsd -c reload");
}

static void
test_clock(void **state)
{
	struct facts_clock f = {
	    .now = 1800000000, .known = true, .synchronized = true, .stepped = 0.2};

	judge_clock(&f, &report);
	only(DOCTOR_FINE, "the clock is right, and kept so", NULL);
	f.stepped = -7300;
	judge_clock(&f, &report);
	only(DOCTOR_WARNING, "the clock was set back by 2 h", "restart holdup");
	f.stepped = NAN;
	f.now = 1000;
	judge_clock(&f, &report);
	only(DOCTOR_ERROR, "never set", "set-ntp true");
	f.now = 1800000000;
	f.steps = 3;
	f.last = "The clock was set forward by 30 s.";
	judge_clock(&f, &report);
	only(DOCTOR_WARNING, "jumped 3 times in the last 7 days", "history events");
	f.steps = 0;
	f.synchronized = false;
	judge_clock(&f, &report);
	only(DOCTOR_WARNING, "no time synchronization runs", "set-ntp true");
	f.keeper = "chronyd";
	judge_clock(&f, &report);
	only(DOCTOR_NOTE, "though chronyd runs", "timedatectl");
}

static void
test_power(void **state)
{
	static const struct {
		enum facts_folder folder;
		bool early;
		enum doctor_weight weight;
		const char *text, *remedy;
	} flags[] = {
	    {FOLDER_FINE, false, DOCTOR_FINE, "can be written", NULL},
	    {FOLDER_MISSING, false, DOCTOR_FINE, "can be written", NULL},
	    {FOLDER_READONLY, false, DOCTOR_ERROR, "a file system that cannot be written",
		"/run/holdup/killpower"},
	    {FOLDER_REFUSED, false, DOCTOR_ERROR, "may not be written", "touch /etc/k"},
	    {FOLDER_UNKNOWN, false, DOCTOR_NOTE, "only root can see",
		"sudo holdup doctor"},
	    {FOLDER_FINE, true, DOCTOR_WARNING, "may be unmounted",
		"/run/holdup/killpower"},
	};
	struct facts_power f = {.flag = "/etc/k", .hook = "/lib/hook", .runs = true};

	judge_power(&f, &report);
	only(DOCTOR_FINE, "cuts no UPS", NULL);
	f.wanted = true;
	for (size_t i = 0; i < SIZE(flags); i++) {
		f.folder = flags[i].folder;
		f.late = !flags[i].early;
		judge_power(&f, &report);
		is(0, flags[i].weight, flags[i].text, flags[i].remedy);
		is(1, DOCTOR_FINE, "the late hook is there (/lib/hook)", NULL);
		clear();
	}
	f.runs = false;
	judge_power(&f, &report);
	is(1, DOCTOR_ERROR, "may not be run", "chmod 755 /lib/hook");
	clear();
	f.hook = NULL;
	f.units = true;
	judge_power(&f, &report);
	is(1, DOCTOR_ERROR, "the late hook is missing", "--reinstall holdup");
	clear();
}

#define WELL(replace_, age_, date_, health_, sure_, learned_, result_)              \
	.ups = "ups", .replace = (replace_), .age = (age_), .date = (date_),        \
	.health = (health_), .sure = (sure_), .learned = (learned_), .needed = 180, \
	.result = (result_)
#define PASSED "Done and passed"

static void
test_battery(void **state)
{
	static const struct {
		struct facts_battery battery;
		enum doctor_weight weight;
		const char *text, *remedy;
	} rows[] = {
	    {{WELL(false, NAN, NULL, NAN, NAN, NAN, PASSED)}, DOCTOR_FINE,
		"the battery of ups is well", NULL},
	    {{WELL(true, NAN, NULL, NAN, NAN, NAN, PASSED)}, DOCTOR_ERROR,
		"is to be replaced", "upsc ups"},
	    {{WELL(false, 7.9, "2018/01/01", NAN, NAN, NAN, PASSED)}, DOCTOR_WARNING,
		"is old: 7 years by its date, 2018/01/01", "battery.date"},
	    {{WELL(false, 4.9, "2021/01/01", NAN, NAN, NAN, PASSED)}, DOCTOR_FINE, "well",
		NULL},
	    {{WELL(false, NAN, NULL, 45, 80, NAN, PASSED)}, DOCTOR_WARNING,
		"45 % of its strength", "holdup history ups"},
	    {{WELL(false, NAN, NULL, 45, 20, NAN, PASSED)}, DOCTOR_FINE, "well", NULL},
	    {{WELL(false, NAN, NULL, NAN, NAN, 100, PASSED)}, DOCTOR_WARNING,
		"lasts 100 s by what it has taught, and the machines take 180 s",
		"holdup drill"},
	    {{WELL(false, NAN, NULL, NAN, NAN, 181, "No test initiated")}, DOCTOR_NOTE,
		"never tested", "test.battery.start.quick"},
	    {{WELL(false, NAN, NULL, NAN, NAN, 181, "Done and failed")}, DOCTOR_ERROR,
		"Done and failed", "test.battery.start.quick"},
	};

	for (size_t i = 0; i < SIZE(rows); i++) {
		judge_battery(&rows[i].battery, 1, &report);
		only(rows[i].weight, rows[i].text, rows[i].remedy);
	}
	judge_battery(NULL, 0, &report);
	only(DOCTOR_NOTE, "no UPS tells", NULL);
}

static void
test_drill(void **state)
{
	const char *alive[] = {"nas"};
	struct facts_fault fault = {"nas", "192.168.1.20 does not answer", true};
	struct facts_drill f = {.cause = "Permission denied"};

	judge_drill(&f, &report);
	only(DOCTOR_NOTE, "cannot be rehearsed: Permission denied", "sudo holdup drill");
	f.cause = NULL;
	f.asked = true;
	judge_drill(&f, &report);
	only(DOCTOR_FINE, "nobody would be cut alive", NULL);
	f.alive = alive;
	f.nalive = 1;
	judge_drill(&f, &report);
	only(DOCTOR_ERROR, "nas would be cut alive", "holdup drill --story");
	f.nalive = 0;
	f.faults = &fault;
	f.nfaults = 1;
	judge_drill(&f, &report);
	only(DOCTOR_WARNING, "nas: 192.168.1.20 does not answer", "holdup drill");
}

static void
test_disk(void **state)
{
	static const struct {
		enum facts_folder folder;
		double free;
		bool full;
		enum doctor_weight weight;
		const char *text, *remedy;
	} rows[] = {
	    {FOLDER_FINE, 500, false, DOCTOR_FINE, "the history can be written", NULL},
	    {FOLDER_FINE, 8, false, DOCTOR_WARNING, "only 8 MB left", "df -h /h"},
	    {FOLDER_FINE, 0, false, DOCTOR_ERROR, "is full", "df -h /h"},
	    {FOLDER_FINE, 500, true, DOCTOR_ERROR, "is full", "df -i /h"},
	    {FOLDER_MISSING, 0, false, DOCTOR_WARNING, "is not there", "restart holdup"},
	    {FOLDER_READONLY, 0, false, DOCTOR_ERROR, "cannot be written",
		"findmnt -T /h"},
	    {FOLDER_REFUSED, 0, false, DOCTOR_ERROR, "may not be written", "ls -ld /h"},
	    {FOLDER_UNKNOWN, 0, false, DOCTOR_NOTE, "group nut", "sudo holdup doctor"},
	};

	for (size_t i = 0; i < SIZE(rows); i++) {
		const struct facts_disk d = {"the history", "/h", true, rows[i].folder,
		    rows[i].free, !rows[i].full};

		judge_disk(&d, 1, &report);
		only(rows[i].weight, rows[i].text, rows[i].remedy);
	}
	judge_disk(NULL, 0, &report);
	only(DOCTOR_FINE, "neither", NULL);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_device),
	    cmocka_unit_test(test_device_absent),
	    cmocka_unit_test(test_configuration),
	    cmocka_unit_test(test_service),
	    cmocka_unit_test(test_port),
	    cmocka_unit_test(test_server),
	    cmocka_unit_test(test_clients),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_power),
	    cmocka_unit_test(test_battery),
	    cmocka_unit_test(test_drill),
	    cmocka_unit_test(test_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

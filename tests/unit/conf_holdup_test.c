/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/conf_section.h"

enum { LOAD, CHARGE, TEMPERATURE }; /* rows of conf_sensors[] */

static void
test_whole(void **state)
{
	static const char text[] =
	    "[domoticz]\n"
	    "\turl = http://192.168.0.9:8080/\n"
	    "\tuser = ups\n"
	    "\tpassword = \"a # b\"\n"
	    "\tups = qnapups\n"
	    "\tload = 12\n\tcharge = 13\n\tTemperature = 14 # the battery's\n";
	struct holdup_conf c;

	reads(&c, text);
	assert_true(c.domoticz.wanted);
	assert_int_equal(c.domoticz.line, 1);
	assert_string_equal(c.domoticz.url, "http://192.168.0.9:8080");
	assert_string_equal(c.domoticz.user, "ups");
	assert_string_equal(c.domoticz.password, "a # b");
	assert_string_equal(c.domoticz.ups, "qnapups");
	assert_string_equal(conf_sensors[LOAD].word, "load");
	assert_int_equal(c.domoticz.idx[LOAD], 12);
	assert_int_equal(c.domoticz.idx[CHARGE], 13);
	assert_int_equal(c.domoticz.idx[TEMPERATURE], 14);
	holdup_conf_free(&c);
}

/* Two of four lines are enough. */
static void
test_least(void **state)
{
	static const char text[] = "[domoticz]\nurl = https://h/d\ncharge = 3\n";
	struct holdup_conf c;

	reads(&c, text);
	assert_true(c.domoticz.wanted);
	assert_string_equal(c.domoticz.url, "https://h/d");
	assert_null(c.domoticz.user);
	assert_null(c.domoticz.password);
	assert_null(c.domoticz.ups);
	assert_int_equal(c.domoticz.idx[LOAD], 0);
	holdup_conf_free(&c);
}

/* Nothing is said, nothing is wanted, nothing is wrong. */
static void
test_empty(void **state)
{
	static const char text[] = "# nothing yet\n";
	struct holdup_conf c;

	reads(&c, text);
	assert_false(c.domoticz.wanted);
	holdup_conf_free(&c);
}

#define HEAD "[domoticz]\n"
#define ENOUGH "[domoticz]\nurl = http://h\nload = 1\n"

static const struct section_fault faults[] = {
    {"[domotics]\nurl = x\n", 1, false, "did you mean [domoticz]?"},
    {"[qnapups]\ndriver = x\n", 1, false, "belongs into ups.conf"},
    {"load = 12\n", 1, false, "stands before the first [section]"},
    {ENOUGH "tempreature = 3\n", 4, true, "did you mean \"temperature\"?"},
    {ENOUGH "status = 3\n", 4, true, "unknown word \"status\""},
    {ENOUGH "MONITOR = 3\n", 4, true, "belongs into upsmon.conf"},
    {ENOUGH "charge = x\n", 4, true, "takes a number from 1"},
    {ENOUGH "charge = 0\n", 4, true, "takes a number from 1"},
    {ENOUGH "charge = 99999999999\n", 4, true, "takes a number from 1"},
    {ENOUGH "charge =\n", 4, true, "charge has no value"},
    {ENOUGH "charge\n", 4, true, "charge has no value"},
    {ENOUGH "charge 13\n", 4, true, "read as: charge = 13"},
    {ENOUGH "user = a\npassword geheim\n", 5, true, "read as: password = ..."},
    {ENOUGH "ups = my ups\n", 4, true, "put a text with blanks or"},
    {ENOUGH "user = a:b\n", 4, true, "holds no \":\""},
    {ENOUGH "password = x\n", 1, true, "a password but no user"},
    {ENOUGH "[domoticz]\ncharge = 3\n", 4, true, "a second section"},
    {ENOUGH "url = ftp://h\n", 4, true, "\"ftp://\" is no url"},
    {ENOUGH "url = 192.168.0.9:8080\n", 4, true, "is no url"},
    {ENOUGH "url = http://\n", 4, true, "is no url"},
    {ENOUGH "url = http://:80\n", 4, true, "is no url"},
    {ENOUGH "url = http:///x\n", 4, true, "is no url"},
    {ENOUGH "url = http://h/json.htm?x\n", 4, true, "ends with the address of Domoticz"},
    {ENOUGH "url = \"http://h/a b\"\n", 4, true, "holds a blank"},
    {ENOUGH "url = http://u:geheim@h\n", 4, true, "name or password before \"@\""},
    {HEAD "load = 1\n", 1, false, "has no url"},
    {HEAD "url = mqtt://h\n", 1, false, "names no sensor"},
    {ENOUGH "hardware = UPS\n", 1, true, "take away hardware ="},
    {ENOUGH "hardware = \"\"\n", 4, true, "a name of 1 to 64 letters"},
    {ENOUGH "prefix = domoticz\n", 1, true, "its url is one of HTTP"},
    {ENOUGH "url = mqtt://h/x\n", 4, true, "ends behind its port"},
    {ENOUGH "url = http://h:0\n", 4, true, "\":0\" is no port"},
    {ENOUGH "url = http://h:80x\n", 4, true, "\":80x\" is no port"},
    {ENOUGH "url = http://h:123456\n", 4, true, "is no port"},
    {ENOUGH "url = http://[::1:80\n", 4, true, "is no url"},
};

static bool
is_wanted(const struct holdup_conf *c)
{
	return c->domoticz.wanted;
}

static void
test_faults(void **state)
{
	assert_faults(faults, sizeof(faults) / sizeof(faults[0]), 1, is_wanted);
}

/* Machines, each by what it is known by. */
static void
test_machines(void **state)
{
	static const char text[] = "[machine pi2]\nlogin = monuser\ntakes = 30\n"
				   "[machine nas]\naddress = FD00:0::10\n"
				   "[ machine pi2 ]\n"
				   "[machine pi2]\naddress = 192.168.0.10\n";
	struct problems p = {0};
	struct holdup_conf c;

	holdup_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(c.nmachines, 2);
	assert_string_equal(c.machines[0].name, "pi2");
	assert_string_equal(c.machines[0].login, "monuser");
	assert_string_equal(c.machines[0].address, "192.168.0.10");
	assert_int_equal(c.machines[0].takes, 30);
	assert_string_equal(c.machines[1].address, "fd00::10");
	assert_null(c.machines[1].login);
	assert_problem(&p, 2, 0, 6, "its lines are ignored");
	assert_problem(&p, 2, 1, 7, "a second section [machine pi2]");
	holdup_conf_free(&c);
	problems_free(&p);
}

/* A text with one fault. */
struct fault {
	const char *text;
	int line;
	const char *problem;
};

static void
assert_fault(const struct fault *f)
{
	struct problems p = {0};
	struct holdup_conf c;

	holdup_conf_read(&c, "f", f->text, strlen(f->text), &p);
	assert_problem(&p, 1, 0, f->line, f->problem);
	holdup_conf_free(&c);
	problems_free(&p);
}

/* All that a machine of the plan can say, each in its form. */
static void
test_plan(void **state)
{
	static const char text[] =
	    "[plan]\nrestart = 40\ncalm = 0\n"
	    "[machine nas]\nlogin = qnap\naddress = 192.168.0.20\n"
	    "feeds = qnapups, second third,qnapups\nneeds = 2\n"
	    "after = 180\ncharge = 50\nruntime = 600\nvoltage = 11.5\ntakes = 90\n"
	    "hook = \"/etc/holdup/stop nas\"\noff = tcp 22\n"
	    "wake = 00:11:22:aA:Bb:ff\nwake-hook = \"/etc/holdup/start nas\"\n"
	    "boots = 300\n"
	    "[machine me]\naddress = localhost\n[machine me6]\naddress = ::1\n"
	    "[machine a]\nlogin = a\noff = logout\n"
	    "[machine b]\naddress = ::2\noff = silent\n"
	    "[machine c]\naddress = ::3\noff = ping\n"
	    "[machine d]\nhook = x\n[ups qnapups]\nhonest = yes\n";
	static const unsigned char mac[] = {0x00, 0x11, 0x22, 0xaa, 0xbb, 0xff};
	struct problems p = {0};
	struct holdup_conf c;
	const struct conf_machine *m;

	reads(&c, text);
	assert_int_equal(c.plan.restart, 40);
	assert_int_equal(c.plan.calm, 0);
	assert_int_equal(c.plan.line, 1);
	assert_int_equal(c.nmachines, 7);
	m = &c.machines[0];
	assert_string_equal(m->login, "qnap");
	assert_string_equal(m->address, "192.168.0.20");
	assert_int_equal(m->nfeeds, 3);
	assert_string_equal(m->feeds[0], "qnapups");
	assert_string_equal(m->feeds[2], "third");
	assert_int_equal(m->needs, 2);
	assert_int_equal(m->after, 180);
	assert_int_equal(m->charge, 50);
	assert_int_equal(m->runtime, 600);
	assert_true(m->voltage > 11.4 && m->voltage < 11.6);
	assert_int_equal(m->takes, 90);
	assert_int_equal(m->boots, 300);
	assert_string_equal(m->hook, "/etc/holdup/stop nas");
	assert_string_equal(m->wakehook, "/etc/holdup/start nas");
	assert_int_equal(m->off, CONF_OFF_TCP);
	assert_int_equal(m->off_port, 22);
	assert_true(m->wakes);
	assert_memory_equal(m->mac, mac, sizeof(mac));
	assert_false(m->self);
	assert_true(c.machines[1].self);
	assert_true(c.machines[2].self);
	assert_int_equal(c.machines[3].off, CONF_OFF_LOGOUT);
	assert_int_equal(c.machines[4].off, CONF_OFF_SILENT);
	assert_int_equal(c.machines[5].off, CONF_OFF_PING);
	m = &c.machines[6];
	assert_int_equal(m->off, CONF_OFF_UNSAID);
	assert_int_equal(m->nfeeds, 0);
	assert_int_equal(m->needs, 1);
	assert_int_equal(m->after + m->charge + m->runtime + m->takes, 0);
	assert_int_equal(m->boots, 120);
	assert_false(m->wakes);
	assert_true(c.names[0].honest);
	holdup_conf_free(&c);

	holdup_conf_read(&c, "f", "", 0, &p);
	assert_int_equal(c.plan.restart, 30);
	assert_int_equal(c.plan.calm, 60);
	assert_int_equal(c.plan.line, 0);
	holdup_conf_free(&c);
}

/* A feed is a section of ups.conf, in any case of letters. */
static void
test_feeds(void **state)
{
	static const char own[] = "[machine a]\nlogin = x\nfeeds = ONE two\n"
				  "[machine b]\nlogin = y\nfeeds = three\n";
	static const char upses[] = "[one]\ndriver = usbhid-ups\nport = auto\n";
	struct problems p = {0};
	struct holdup_conf c;
	struct ups_conf u = {0};

	holdup_conf_read(&c, "f", own, strlen(own), &p);
	ups_conf_read(&u, "ups.conf", upses, strlen(upses), &p);
	assert_int_equal(p.count, 0);
	conf_machines_check(&c, &u, "f", &p);
	assert_problem(&p, 3, 0, 1, "[machine a]: ups.conf has no section two");
	assert_problem(&p, 3, 1, 4, "[machine b]: ups.conf has no section three");
	assert_problem(&p, 3, 2, 4, "taken for one of the first UPS");
	ups_conf_free(&u);
	holdup_conf_free(&c);
	problems_free(&p);
}

#define M "[machine a]\nlogin = x\naddress = ::7\n"

static const struct fault machine_faults[] = {
    {"[machine]\nlogin = x\n", 1, "[machine] needs a name"},
    {"[machine pi2\nlogin = x\n", 1, "begins with [word] or [word name]"},
    {"[machine pi2 pi3]\n", 1, "begins with [word] or [word name]"},
    {"[domoticz pi2]\n", 1, "[domoticz] takes no name \"pi2\""},
    {"[machnie pi2]\n", 1, "did you mean [machine]?"},
    {"[machine pi2]\ntakes = 3\n", 1, "does not say how the machine is known"},
    {"[machine a]\nlogin = x\ntakes = 1h\n", 3, "takes a number from 0"},
    {"[machine a]\nlogin = x\naddress = pi2\n", 3, "not \"pi2\""},
    {"[machine a]\nlogn = x\naddress = ::1\n", 2, "did you mean \"login\""},
    {M "after = 0\n", 4, "takes a number from 1 to 86400"},
    {M "after = 86401\n", 4, "takes a number from 1 to 86400"},
    {M "after = -1\n", 4, "takes a number from 1"},
    {M "charge = 101\n", 4, "takes a number from 1 to 100"},
    {M "charge = 50%\n", 4, "takes a number from 1 to 100"},
    {M "runtime = 10m\n", 4, "takes a number from 1 to 86400"},
    {M "voltage = 0\n", 4, "volts of the battery like 11.5, not \"0\""},
    {M "voltage = 11.5V\n", 4, "volts of the battery"},
    {M "voltage = nan\n", 4, "volts of the battery"},
    {M "voltage = 1e9\n", 4, "volts of the battery"},
    {M "takes = 3601\n", 4, "takes a number from 0 to 3600"},
    {M "boots = 0\n", 4, "takes a number from 1 to 3600"},
    {M "needs = 0\n", 4, "takes a number from 1 to 64"},
    {M "needs = 2\n", 1, "needs more than its feeds"},
    {M "feeds = a\nneeds = 2\n", 1, "needs more than its feeds"},
    {M "feeds = a \"b c\"\n", 4, "\"b c\" cannot be the name of a UPS"},
    {M "off = never\n", 4, "off takes logout, silent, ping, or tcp"},
    {M "off = tcp\n", 4, "off = tcp needs a port"},
    {M "off = tcp 0\n", 4, "takes a number from 1 to 65535"},
    {M "off = tcp ssh\n", 4, "takes a number from 1 to 65535"},
    {M "wake = 00:11:22:33:44\n", 4, "hardware address like 00:11:22:33:44:55"},
    {M "wake = 00:11:22:33:44:55:66\n", 4, "hardware address"},
    {M "wake = /bin/wake\n", 4, "(a program is wake-hook)"},
    {M "hook =\n", 4, "hook has no value"},
    {M "hoock = x\n", 4, "did you mean \"hook\""},
    {"[machine a]\naddress = ::7\noff = logout\n", 1, "no login =: it never logs"},
    {"[machine a]\nlogin = x\noff = ping\n", 1, "has no address = to look at (off)"},
    {"[machine a]\nhook = x\noff = tcp 22\n", 1, "has no address = to look at (off)"},
    {"[machine a]\nlogin = x\noff = silent\n", 1, "has no address = to look at"},
    {"[plan]\nrestart = 101\n", 2, "takes a number from 0 to 100"},
    {"[plan]\ncalm = 1h\n", 2, "takes a number from 0 to 86400"},
    {"[plan]\nclam = 1\n", 2, "did you mean \"calm\""},
    {"[plan x]\ncalm = 1\n", 1, "[plan] takes no name"},
};

static void
test_machine_faults(void **state)
{
	for (size_t i = 0; i < sizeof(machine_faults) / sizeof(machine_faults[0]); i++)
		assert_fault(&machine_faults[i]);
}

/* Who reads without login: everybody, unless it is said otherwise. */
static const struct {
	const char *text;
	bool far, near; /* 192.0.2.1, 10.1.2.3 */
	const char *problem;
} reading[] = {
    {"", true, true, NULL},
    {"[server]\n", true, true, NULL},
    {"[server]\nread = Open\n", true, true, NULL},
    {"[server]\nread = login\n", false, false, NULL},
    {"[server]\nread = 10.0.0.0/8\n", false, true, NULL},
    {"[server]\nread = localhost 10.1.2.3\n", false, true, NULL},
    {"[server]\nread = login\nread = open\n", true, true, NULL},
    {"[server]\nread = 10.1.2.3\nread = login\n", false, false, NULL},
    {"[server]\nread = everybody\n", false, false, "knows no \"everybody\""},
    {"[server]\nread = open 10.1.2.3\n", false, true, "knows no \"open\""},
    {"[server]\nread =\n", true, true, "no value"},
    {"[server]\nred = login\n", true, true, "did you mean \"read\""},
    {"[server x]\nread = login\n", true, true, "takes no name"},
    {"[server]\nread = login\n[server]\n", false, false, "second section"},
};

static void
test_reading(void **state)
{
	const struct allow_nets nets = {0};

	for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]); i++) {
		struct problems p = {0};
		struct holdup_conf c;

		holdup_conf_read(&c, "f", reading[i].text, strlen(reading[i].text), &p);
		assert_int_equal(p.count, reading[i].problem == NULL ? 0 : 1);
		if (reading[i].problem != NULL)
			assert_non_null(strstr(p.list[0].text, reading[i].problem));
		assert_int_equal(
		    conf_server_reads(&c.server, "192.0.2.1", &nets), reading[i].far);
		assert_int_equal(
		    conf_server_reads(&c.server, "10.1.2.3", &nets), reading[i].near);
		holdup_conf_free(&c);
		problems_free(&p);
	}
}

/* Clients by address, further names of UPSes; the first section that says it counts. */
static void
test_clients(void **state)
{
	static const char text[] =
	    "[client 192.168.0.20]\nprofile = WinNUT\n"
	    "[client 192.168.0.0/24]\nprofile = full\n"
	    "account = synology\n"
	    "[client FD00::/8]\naccount = qnap\n"
	    "[ups one]\nalias = qnapups, APCUPS,nas\nalias = \"x\"\n"
	    "[ups two]\nalias = Nas y\n";
	struct problems p = {0};
	struct holdup_conf c;

	holdup_conf_read(&c, "f", text, strlen(text), &p);
	assert_problem(
	    &p, 1, 0, 11, "Nas is an alias of one already: it is left out of [ups two]");
	assert_int_equal(conf_client_at(&c, "192.168.0.20", false)->profile, CONF_WINNUT);
	assert_int_equal(conf_client_at(&c, "192.168.0.21", false)->profile, CONF_FULL);
	assert_string_equal(
	    conf_client_at(&c, "192.168.0.20", true)->account->name, "monuser");
	assert_string_equal(
	    conf_client_at(&c, "fd00::1", true)->account->password, "123456");
	assert_null(conf_client_at(&c, "fd00::1", false));
	assert_null(conf_client_at(&c, "192.168.1.1", true));
	assert_string_equal(conf_names_find(&c, "QNAPUPS")->ups, "one");
	assert_string_equal(conf_names_find(&c, "apcups")->ups, "one");
	assert_string_equal(conf_names_find(&c, "nas")->ups, "one");
	assert_string_equal(conf_names_find(&c, "x")->ups, "one");
	assert_string_equal(conf_names_find(&c, "y")->ups, "two");
	assert_null(conf_names_find(&c, "one"));
	for (int i = 0; i < CONF_PROFILES; i++)
		assert_non_null(conf_profiles[i]);
	holdup_conf_free(&c);
	problems_free(&p);
}

static const struct fault client_faults[] = {
    {"[client]\nprofile = full\n", 1, "[client] needs a name"},
    {"[client pi2]\nprofile = full\n", 1, "[client 192.168.0.0/24]"},
    {"[client ::1]\n", 1, "says nothing: write profile ="},
    {"[client ::1]\naccount = qnap\nprofile = winut\n", 3, "did you mean \"winnut\""},
    {"[client ::1]\naccount = qnap\nprofile = wonderful\n", 3, "no profile is called"},
    {"[client ::1]\nprofile = qnap\naccount = admin\n", 3, "belong into upsd.users"},
    {"[ups a]\n", 1, "[ups a] says nothing: write alias = or honest ="},
    {"[ups a]\nalias = b \"c d\"\n", 2, "\"c d\" cannot be the name"},
    {"[ups a]\nalias = b\ndesc = x\n", 3, "belongs into ups.conf"},
};

static void
test_client_faults(void **state)
{
	for (size_t i = 0; i < sizeof(client_faults) / sizeof(client_faults[0]); i++)
		assert_fault(&client_faults[i]);
}

/* The UPS of an [ups] section is one of ups.conf, in any case of letters, and its aliases
 * are not. */
static void
test_names(void **state)
{
	static const char own[] = "[ups A]\nalias = x, A\n[ups b]\nalias = y, a2\n"
				  "[domoticz]\nurl = http://h\nups = c\n"
				  "[notify p]\nvia = ntfy\nurl = http://h/t\nups = d\n"
				  "[notify q]\nvia = ntfy\nurl = http://h/t\nups = A\n";
	static const char upses[] = "[a]\ndriver = usbhid-ups\nport = auto\n"
				    "[A2]\ndriver = usbhid-ups\nport = auto\n";
	struct problems p = {0};
	struct holdup_conf c;
	struct ups_conf u = {0};

	holdup_conf_read(&c, "f", own, strlen(own), &p);
	ups_conf_read(&u, "ups.conf", upses, strlen(upses), &p);
	assert_int_equal(p.count, 0);
	conf_names_check(&c, &u, "f", &p);
	assert_problem(&p, 4, 0, 3, "[ups b]: ups.conf has no section of that name");
	assert_problem(&p, 4, 1, 3, "[ups b]: a2 is a section of ups.conf");
	assert_problem(&p, 4, 2, 5, "[domoticz]: ups.conf has no section c");
	assert_problem(&p, 4, 3, 8, "[notify p]: ups.conf has no section d");
	ups_conf_free(&u);
	holdup_conf_free(&c);
	problems_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_least),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_reading),
	    cmocka_unit_test(test_machines),
	    cmocka_unit_test(test_plan),
	    cmocka_unit_test(test_feeds),
	    cmocka_unit_test(test_machine_faults),
	    cmocka_unit_test(test_clients),
	    cmocka_unit_test(test_client_faults),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "holdupd/plan.h"
#include "lib/backoff.h"
#include "lib/buf.h"
#include "lib/netctl.h"
#include "lib/xmem.h"

static const bool yes[PLAN_FDS_MAX] = {[0 ... PLAN_FDS_MAX - 1] = true};

/* A plan for these two files; what plan itself complains about goes to `problems`. */
static struct plan
plan_for(const char *ups_text, const char *upsd_text, struct problems *problems)
{
	struct problems reading = {0};
	struct ups_conf ups = {0};
	struct upsd_conf upsd = {0};
	struct plan plan = {0};

	ups_conf_read(&ups, "ups.conf", ups_text, strlen(ups_text), &reading);
	upsd_conf_read(&upsd, "upsd.conf", upsd_text, strlen(upsd_text), &reading);
	plan_sockets(&plan, &ups, "ups.conf", &upsd, "upsd.conf", problems);
	problems_free(&reading);
	ups_conf_free(&ups);
	upsd_conf_free(&upsd);
	return plan;
}

/* "127.0.0.1 3493, ::1 3493" */
static char *
listens_text(const struct plan *plan)
{
	static char text[512];
	struct buf all = {0};

	for (size_t i = 0; i < plan->nlistens; i++)
		buf_printf(&all, "%s%s %s", i > 0 ? ", " : "", plan->listens[i].address,
		    plan->listens[i].port);
	assert_true(all.len < sizeof(text));
	strcpy(text, buf_str(&all));
	buf_free(&all);
	return text;
}

static void
assert_listens(const char *upsd_text, const char *wanted)
{
	struct problems problems = {0};
	struct plan plan = plan_for("", upsd_text, &problems);

	assert_string_equal(listens_text(&plan), wanted);
	assert_int_equal(problems.count, 0);
	plan_free(&plan);
}

static void
assert_command(const struct plan_child *c, const char *wanted)
{
	struct buf text = {0};

	for (size_t i = 0; c->argv[i] != NULL; i++)
		buf_printf(&text, "%s%s", i > 0 ? " " : "", c->argv[i]);
	assert_string_equal(buf_str(&text), wanted);
	buf_free(&text);
}

static void
test_listens(void **data)
{
	assert_listens("", "127.0.0.1 3493, ::1 3493");
	assert_listens(
	    "LISTEN 127.0.0.1\nLISTEN 192.168.0.9\n", "127.0.0.1 3493, 192.168.0.9 3493");
	assert_listens("LISTEN localhost 3493\nLISTEN 127.0.0.1\nLISTEN ::1\n",
	    "127.0.0.1 3493, ::1 3493");
	assert_listens("LISTEN 127.0.0.1\nLISTEN *\n", "0.0.0.0 3493, :: 3493");
	assert_listens(
	    "LISTEN 127.0.0.1\nLISTEN 0.0.0.0 3494\n", "0.0.0.0 3494, 127.0.0.1 3493");
	assert_listens("LISTEN 127.0.0.1\nLISTEN ::\n", ":: 3493, 127.0.0.1 3493");
	assert_listens("LISTEN fe80::1%eth0\n", "fe80::1%eth0 3493");
}

/* A name is no listener until somebody knows it, and what is covered by others adds none. */
static void
test_names(void **data)
{
	static const char *const first[] = {"10.0.0.1", "127.0.0.1", "fd00::1"};
	static const char *const other[] = {"10.0.0.1", "10.0.0.2"};
	static const char *const moved[] = {"10.0.0.3"};
	struct problems problems = {0};
	struct plan plan = plan_for("",
	    "LISTEN server.lan\nLISTEN 127.0.0.1\nLISTEN SERVER.lan\n"
	    "LISTEN nas.lan\n",
	    &problems);
	struct plan again =
	    plan_for("", "LISTEN nas.lan 7\nLISTEN server.lan\nLISTEN ::1\n", &problems);

	assert_int_equal(problems.count, 0);
	assert_int_equal(plan.nnames, 2);
	assert_string_equal(listens_text(&plan), "127.0.0.1 3493");
	plan_resolved(&plan, 0, first, 3);
	assert_string_equal(
	    listens_text(&plan), "127.0.0.1 3493, 10.0.0.1 3493, fd00::1 3493");
	plan_resolved(&plan, 1, other, 2);
	assert_string_equal(listens_text(&plan),
	    "127.0.0.1 3493, 10.0.0.1 3493, fd00::1 3493, 10.0.0.2 3493");
	/* What the one gives up, the other still has. */
	plan_resolved(&plan, 0, moved, 1);
	assert_string_equal(listens_text(&plan),
	    "127.0.0.1 3493, 10.0.0.3 3493, 10.0.0.1 3493, 10.0.0.2 3493");

	/* A reload knows what it meant, where host and port are the same. */
	plan_resolved_before(&again, &plan);
	assert_string_equal(listens_text(&again), "::1 3493, 10.0.0.3 3493");
	plan_free(&again);
	plan_free(&plan);
}

static void
test_too_many_listens(void **data)
{
	struct problems problems = {0};
	struct buf text = {0};
	struct plan plan;

	for (int i = 0; i < 300; i++)
		buf_printf(&text, "LISTEN 10.0.%d.%d\n", i / 200, i % 200);
	plan = plan_for("", buf_str(&text), &problems);
	plan_children(&plan, yes, false);
	plan_net(&plan, yes);
	assert_in_range(plan.children[1].nfds, 50, NETCTL_LISTENS_MAX + 4);
	assert_true(problems.count > 0);
	problems_free(&problems);
	buf_free(&text);
	plan_free(&plan);
}

static void
test_children(void **data)
{
	struct problems problems = {0};
	struct plan plan =
	    plan_for("[qnapups]\n driver = usbhid-ups\n port = /dev/hidraw0\n"
		     "[old]\n driver = blazer_usb\n port = auto\n"
		     "[cellar]\n driver = remote\n port = ups@192.168.0.3\n",
		"LISTEN 127.0.0.1\nLISTEN 192.168.0.9\n", &problems);

	assert_int_equal(plan.ndrivers, 2);
	assert_string_equal(plan.drivers[0].socket, "usbhid-ups-qnapups");
	assert_string_equal(plan.drivers[1].socket, "remote-cellar");
	assert_int_equal(problems.count, 0);

	plan_children(&plan, yes, false);
	assert_int_equal(plan.nchildren, 5);
	assert_command(
	    &plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9 -V 10");
	assert_command(&plan.children[1], "hid -a qnapups -C 3 -S 4");
	assert_command(&plan.children[2], "remote -a cellar -C 3 -S 4");
	assert_command(&plan.children[3], "blazer_usb -a old -F");
	assert_command(&plan.children[4], "net -C 3 -U 4 -O 5 -K 6");
	plan_net(&plan, yes);
	assert_command(&plan.children[4], "net -C 3 -U 4 -O 5 -K 6 -l 7,8");
	assert_int_equal(plan.children[0].row, -1);
	assert_int_equal(plan.children[1].row, 0);
	assert_int_equal(plan.children[2].row, 2);
	assert_string_equal(plan.children[2].name, "remote cellar");
	assert_int_equal(plan.children[2].nfds, 2);
	assert_int_equal(plan.children[2].fds[1].kind, PLAN_FD_DRIVER);
	assert_int_equal(plan.children[2].fds[1].index, 1);
	assert_int_equal(plan.children[4].fds[5].kind, PLAN_FD_TCP);
	assert_int_equal(plan.children[4].fds[5].index, 1);
	problems_free(&problems);
	plan_free(&plan);
}

/* NUT's drivers: one child each, with what ups.conf says for all of them. */
static void
test_foreign_drivers(void **data)
{
	struct problems problems = {0};
	struct plan plan =
	    plan_for("driverpath = /opt/nut\nuser = pi\nmaxstartdelay = 60\n"
		     "[a]\n driver = snmp-ups\n port = 10.0.0.1\n"
		     "[b]\n driver = apcsmart\n port = /dev/ttyS0\n"
		     " maxstartdelay = 7\n user = root\n",
		"", &problems);

	plan_children(&plan, yes, false);
	assert_int_equal(problems.count, 1);
	assert_non_null(
	    strstr(problems.list[0].text, "[b]: \"user\" counts only before"));
	assert_string_equal(plan.driver_user, "pi");
	assert_string_equal(plan.children[1].name, "snmp-ups a");
	assert_true(plan.children[1].foreign);
	assert_int_equal(plan.children[1].user, PLAN_USER_DRIVER);
	assert_string_equal(plan.children[1].folder, "/opt/nut");
	assert_string_equal(plan.children[1].socket, "snmp-ups-a");
	assert_int_equal(plan.children[1].patience_s, 60);
	assert_int_equal(plan.children[2].patience_s, 7);
	assert_int_equal(plan.children[1].nfds, 0);
	assert_true(plan_drives(&plan, &plan.children[2], 1));
	assert_false(plan_drives(&plan, &plan.children[2], 0));
	problems_free(&problems);
	plan_free(&plan);
}

/* One child for all dummies and clones. */
static void
test_many_in_one(void **data)
{
	struct problems problems = {0};
	struct plan plan = plan_for("[a]\n driver = dummy-ups\n port = a.dev\n"
				    "[h]\n driver = usbhid-ups\n port = auto\n"
				    "[c]\n driver = clone\n port = a\n"
				    "[r]\n driver = dummy-ups\n port = a@localhost\n",
	    "", &problems);

	plan_children(&plan, yes, false);
	assert_int_equal(plan.nchildren, 4);
	assert_command(&plan.children[1], "hid -a h -C 3 -S 4");
	assert_command(&plan.children[2], "dummy -C 3 -S 4,5,6");
	assert_string_equal(plan.children[2].name, "dummy");
	assert_non_null(plan.children[2].told);
	assert_string_equal(plan.drivers[2].socket, "clone-c");
	for (long row = 0; row < 4; row++)
		assert_int_equal(plan_drives(&plan, &plan.children[2], row), row != 1);
	assert_int_equal(problems.count, 0);
	problems_free(&problems);
	plan_free(&plan);
}

/* A driver starts afresh when its own section changed, or what holds for all. */
static void
test_told(void **data)
{
	static const char *const texts[] = {
	    "[a]\n driver = x\n port = 1\n[b]\n driver = x\n port = 2\n",
	    "[b]\n driver = x\n port = 2\n[a]\n driver = x\n port = 3\n",
	    "pollinterval = 1\n[b]\n driver = x\n port = 2\n",
	};
	struct problems problems = {0};
	struct plan plans[3];

	for (size_t i = 0; i < 3; i++)
		plans[i] = plan_for(texts[i], "", &problems);
	assert_string_equal(plans[0].foreigns[1].told, plans[1].foreigns[0].told);
	assert_string_not_equal(plans[0].foreigns[0].told, plans[1].foreigns[1].told);
	assert_string_not_equal(plans[0].foreigns[1].told, plans[2].foreigns[0].told);
	for (size_t i = 0; i < 3; i++)
		plan_free(&plans[i]);
	problems_free(&problems);
}

/* A machine that serves nothing: a far UPS, and what runs beside core. */
static void
test_client(void **data)
{
	const char *text = "[far]\ndriver=remote\nport=ups@pi:3493\n";
	struct problems problems = {0};
	struct ups_conf ups = {0};
	struct plan plan = {.run = true, .out = true};

	ups_conf_read(&ups, "ups.conf", text, strlen(text), &problems);
	plan_sockets(&plan, &ups, "ups.conf", NULL, NULL, &problems);
	plan_children(&plan, yes, false);
	assert_int_equal(problems.count, 0);
	assert_int_equal(plan.nlistens, 0);
	assert_int_equal(plan.nchildren, 4);
	assert_command(
	    &plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9 -V 10");
	assert_command(&plan.children[1], "remote -a far -C 3 -S 4");
	assert_command(&plan.children[2], "run -M 3 -O 4 -H 5");
	assert_command(&plan.children[3], "out -C 3 -d /var/lib/holdup/out");
	ups_conf_free(&ups);
	plan_free(&plan);
}

/* Who reads what strangers send, and who runs what an administrator has written. */
static void
test_users(void **data)
{
	static const struct {
		const char *name;
		enum plan_user user;
	} wanted[] = {{"core", PLAN_USER_HOLDUP}, {"hid a", PLAN_USER_HOLDUP},
	    {"run", PLAN_USER_RUN}, {"judge", PLAN_USER_NET}, {"out", PLAN_USER_OUT},
	    {"net", PLAN_USER_NET}};
	struct problems problems = {0};
	struct plan plan = plan_for("[a]\ndriver=usbhid-ups\nport=auto\n", "", &problems);

	plan.run = plan.judge = plan.out = true;
	plan_children(&plan, yes, true);
	assert_int_equal(plan.nchildren, sizeof(wanted) / sizeof(*wanted));
	for (size_t i = 0; i < plan.nchildren; i++) {
		assert_string_equal(plan.children[i].name, wanted[i].name);
		assert_int_equal(plan.children[i].user, wanted[i].user);
		assert_true(plan.children[i].nfds <= PLAN_FDS_MAX);
	}
	plan_free(&plan);
}

/* out has a folder, and what [mqtt] names of TLS. */
static void
test_out(void **data)
{
	static const char *const plain[] = {"out", "-C", "3", "-d", "/run/x/out"};
	static const char *const tls[] = {
	    "out", "-C", "3", "-d", "/run/x/out", "-A", "4", "-T", "5"};
	struct problems problems = {0};

	setenv("NUT_STATEPATH", "/run/x", 1);
	for (int i = 0; i < 2; i++) {
		struct plan plan = plan_for("", "", &problems);
		struct plan_child *c;

		plan.out = true;
		plan.mqtt_certificate = plan.mqtt_authorities = i == 1;
		plan_children(&plan, yes, false);
		c = &plan.children[1];
		for (size_t k = 0; k < (i == 0 ? 5 : 9); k++)
			assert_string_equal(c->argv[k], i == 0 ? plain[k] : tls[k]);
		assert_null(c->argv[i == 0 ? 5 : 9]);
		assert_int_equal(c->fds[0].kind, PLAN_FD_HOLDUP_CONF);
		if (i == 1) {
			assert_int_equal(c->fds[1].kind, PLAN_FD_MQTT_AUTHORITIES);
			assert_int_equal(c->fds[2].kind, PLAN_FD_MQTT_CERTIFICATE);
		}
		plan_free(&plan);
	}
	unsetenv("NUT_STATEPATH");
}

/* The page and the history: addresses without what wildcards cover, and descriptors. */
static void
test_page(void **data)
{
	static const char own[] =
	    "[web]\nlisten = ::1 unix:/run/w 10.0.0.1:80 10.0.0.1:80\n"
	    "listen = [::]:8493 localhost:80\n";
	const bool some[] = {false, true, true, false, false};
	struct problems problems = {0};
	struct plan plan = plan_for("[a]\ndriver=usbhid-ups\nport=auto\n", "", &problems);
	struct holdup_conf c;
	size_t n;

	holdup_conf_read(&c, "f", own, strlen(own), &problems);
	assert_int_equal(problems.count, 0);
	plan.web = plan.history = true;
	plan_pages(&plan, &c.web);
	assert_ptr_equal(plan_listens(&plan, PLAN_WEB, &n), plan.pages);
	assert_int_equal(n, 5);
	assert_string_equal(plan.pages[0].address, "::");
	assert_string_equal(plan.pages[1].path, "/run/w");
	assert_string_equal(plan.pages[2].address, "10.0.0.1");
	assert_string_equal(plan.pages[3].address, "127.0.0.1");
	assert_string_equal(plan.pages[4].port, "80");
	assert_true(plan_same_listen(&plan.pages[1], &plan.pages[1]));
	assert_false(plan_same_listen(&plan.pages[1], &plan.pages[2]));
	assert_false(plan_same_listen(&plan.pages[3], &plan.pages[2]));
	plan_children(&plan, yes, false);
	assert_int_equal(plan.nchildren, 5);
	assert_int_equal(plan.children[3].user, PLAN_USER_OUT);
	assert_true(strncmp(plan.children[3].argv[3], "-d", 3) == 0);
	assert_int_equal(plan.children[4].user, PLAN_USER_WEB);
	assert_command(&plan.children[4], "web -C 3 -M 4 -U 5 -O 6");
	assert_true(plan.children[4].idle);
	plan_web(&plan, some);
	assert_command(&plan.children[4], "web -C 3 -M 4 -U 5 -O 6 -l 7,8");
	assert_false(plan.children[4].idle);
	assert_int_equal(plan.children[4].fds[5].kind, PLAN_FD_PAGE);
	assert_int_equal(plan.children[4].fds[5].index, 2);
	plan.page_certificate = true;
	plan_web(&plan, some);
	assert_command(&plan.children[4], "web -C 3 -M 4 -U 5 -O 6 -T 7 -l 8,9");
	holdup_conf_free(&c);
	plan_free(&plan);

	/* Where nothing is said: this machine alone. */
	plan = plan_for("", "", &problems);
	plan.call.family = '4';
	plan_pages(&plan, &(struct conf_web){0});
	assert_int_equal(plan.npages, 1);
	assert_string_equal(plan.pages[0].address, "127.0.0.1");
	assert_string_equal(plan.pages[0].port, "8493");
	plan_free(&plan);
}

static void
test_what_could_not_be_opened(void **data)
{
	const bool second[] = {false, true}, none[] = {false, false};
	const char *ups = "[a]\ndriver=usbhid-ups\nport=auto\n"
			  "[b]\ndriver=usbhid-ups\nport=auto\n";
	struct problems problems = {0};
	struct plan plan = plan_for(ups, "", &problems);

	plan_children(&plan, second, true);
	plan_net(&plan, second);
	assert_int_equal(plan.nchildren, 3);
	assert_command(
	    &plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9 -V 10 -D");
	assert_command(&plan.children[1], "hid -a b -C 3 -S 4 -D");
	assert_int_equal(plan.children[1].fds[1].index, 1);
	assert_command(&plan.children[2], "net -C 3 -U 4 -O 5 -K 6 -l 7 -D");
	assert_int_equal(plan.children[2].fds[4].index, 1);
	/* The other one comes, and both go: it serves who is there. */
	plan_net(&plan, yes);
	assert_command(&plan.children[2], "net -C 3 -U 4 -O 5 -K 6 -l 7,8 -D");
	plan_net(&plan, none);
	assert_command(&plan.children[2], "net -C 3 -U 4 -O 5 -K 6 -D");
	plan_free(&plan);

	plan = plan_for(ups, "", &problems);
	plan_children(&plan, none, false);
	assert_int_equal(plan.nchildren, 2);
	plan_free(&plan);
}

/* The longest of all: drivers of others elsewhere, a private folder, and debugging. */
static void
test_core(void **data)
{
	struct problems problems = {0};
	struct plan plan = plan_for("[a]\ndriver=snmp-ups\nport=x\n", "", &problems);

	plan.driver_state = xstrdup("/run/other");
	plan.harmless = true;
	plan_children(&plan, yes, true);
	assert_command(&plan.children[0],
	    "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9 -V 10 -S /run/other -N -D");
	assert_string_equal(plan.children[1].elsewhere, "/run/other/snmp-ups-a");
	assert_int_equal(plan.children[1].silence_s, 10);
	plan_free(&plan);

	/* MAXAGE is for drivers of NUT, never less than ours have. */
	plan = plan_for("[a]\ndriver=snmp-ups\nport=x\n", "", &problems);
	plan.maxage_s = 40;
	plan_children(&plan, yes, false);
	assert_command(
	    &plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9 -V 10 -A 40");
	assert_int_equal(plan.children[1].silence_s, 40);
	plan_free(&plan);
}

/* Another program, with what it needs besides. */
/* A far UPS that wants TLS has the program that can it, where there is one. */
static void
test_far_tls(void **data)
{
	static const char text[] = "[a]\ndriver = remote\nport = a@b\ntls = try\n"
				   "[b]\ndriver = remote\nport = b@b\ntls = no\n";
	struct problems problems = {0};
	struct plan plan = plan_for(text, "", &problems);

	plan.far_tls = plan.far_authorities = true;
	plan_children(&plan, yes, false);
	assert_command(&plan.children[1], "remote-tls -a a -C 3 -S 4 -A 5");
	assert_string_equal(plan.children[1].name, "remote a");
	assert_command(&plan.children[2], "remote -a b -C 3 -S 4");
	plan_free(&plan);
	plan = plan_for(text, "", &problems);
	plan.far_tls = plan.far_certificate = true;
	plan_children(&plan, yes, true);
	assert_command(&plan.children[1], "remote-tls -a a -C 3 -S 4 -T 5 -D");
	plan_free(&plan);
	plan = plan_for(text, "", &problems);
	plan.far_authorities = true;
	plan_children(&plan, yes, false);
	assert_command(&plan.children[1], "remote -a a -C 3 -S 4");
	plan_free(&plan);
}

static void
test_tls(void **data)
{
	struct problems problems = {0};
	struct plan plan = plan_for("", "", &problems);

	plan.tls = plan.certificate = true;
	plan_children(&plan, yes, false);
	plan_net(&plan, yes);
	assert_string_equal(plan.children[1].name, "net");
	assert_command(&plan.children[1], "net-tls -C 3 -U 4 -O 5 -K 6 -T 7 -l 8,9");
	plan.authorities = true;
	plan_net(&plan, yes);
	assert_command(
	    &plan.children[1], "net-tls -C 3 -U 4 -O 5 -K 6 -T 7 -A 8 -l 9,10");
	assert_int_equal(plan.children[1].fds[5].kind, PLAN_FD_AUTHORITIES);
	plan_free(&plan);
}

static void
test_drivers_that_are_none(void **data)
{
	struct problems problems = {0};
	struct plan plan = plan_for("[empty]\ndriver=\"\"\nport=auto\n"
				    "[ok]\ndriver=../remote\nport=auto\n"
				    "[silent]\nport=auto\n",
	    "", &problems);

	assert_int_equal(plan.ndrivers, 0);
	assert_int_equal(problems.count, 1);
	assert_non_null(strstr(problems.list[0].text, "../remote"));
	problems_free(&problems);
	plan_free(&plan);
}

/* In the place of upsd core knows nothing of MONITOR lines; -4 leaves IPv6 out. */
static void
test_role(void **state)
{
	const char *text = "LISTEN *\nLISTEN localhost 7\nLISTEN ::1 8\n";
	struct problems problems = {0};
	struct ups_conf none = {0};
	struct upsd_conf upsd = {0};
	struct plan plan = {.call = {.role = ROLE_SERVER, .family = '4'}};

	upsd_conf_read(&upsd, "upsd.conf", text, strlen(text), &problems);
	plan_sockets(&plan, &none, "ups.conf", &upsd, "upsd.conf", &problems);
	assert_int_equal(plan.nlistens, 2);
	assert_string_equal(plan.listens[0].address, "0.0.0.0");
	assert_string_equal(plan.listens[1].address, "127.0.0.1");
	plan_children(&plan, NULL, false);
	assert_command(&plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -O 7 -T 8 -V 9");
	assert_int_equal(plan.ndrivers, 0);
	upsd_conf_free(&upsd);
	plan_free(&plan);
	problems_free(&problems);
}

static void
test_backoff(void **data)
{
	static const uint64_t wanted[] = {0, 1000, 2000, 4000, 8000, 16000, 30000, 30000};
	struct backoff b = {0};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		assert_int_equal(backoff_delay(&b, 59999), wanted[i]);
	assert_int_equal(backoff_delay(&b, 60000), 0);
	assert_int_equal(backoff_delay(&b, 0), 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_listens),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_too_many_listens),
	    cmocka_unit_test(test_children),
	    cmocka_unit_test(test_foreign_drivers),
	    cmocka_unit_test(test_many_in_one),
	    cmocka_unit_test(test_told),
	    cmocka_unit_test(test_client),
	    cmocka_unit_test(test_users),
	    cmocka_unit_test(test_out),
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_what_could_not_be_opened),
	    cmocka_unit_test(test_core),
	    cmocka_unit_test(test_tls),
	    cmocka_unit_test(test_far_tls),
	    cmocka_unit_test(test_drivers_that_are_none),
	    cmocka_unit_test(test_role),
	    cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

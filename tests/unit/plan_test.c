/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "holdupd/plan.h"
#include "lib/backoff.h"
#include "lib/buf.h"

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
static void
assert_listens(const char *upsd_text, const char *wanted)
{
	struct problems problems = {0};
	struct plan plan = plan_for("", upsd_text, &problems);
	struct buf text = {0};

	for (size_t i = 0; i < plan.nlistens; i++)
		buf_printf(&text, "%s%s %s", i > 0 ? ", " : "", plan.listens[i].address,
		    plan.listens[i].port);
	assert_string_equal(buf_str(&text), wanted);
	assert_int_equal(problems.count, 0);
	buf_free(&text);
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

static void
test_names_are_not_looked_up(void **data)
{
	struct problems problems = {0};
	struct plan plan =
	    plan_for("", "LISTEN 127.0.0.1\nLISTEN server.lan\n", &problems);

	assert_int_equal(plan.nlistens, 1);
	assert_int_equal(problems.count, 1);
	assert_string_equal(problems.list[0].file, "upsd.conf");
	assert_int_equal(problems.list[0].line, 2);
	assert_non_null(strstr(problems.list[0].text, "LISTEN server.lan"));
	problems_free(&problems);
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
	plan_children(&plan, yes, yes, false);
	assert_true(plan.children[1].nfds <= PLAN_FDS_MAX);
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
	assert_int_equal(problems.count, 1);
	assert_int_equal(problems.list[0].line, 4);
	assert_non_null(strstr(problems.list[0].text, "nut-driver@old"));

	plan_children(&plan, yes, yes, false);
	assert_int_equal(plan.nchildren, 4);
	assert_command(&plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9");
	assert_command(&plan.children[1], "hid -a qnapups -C 3 -S 4");
	assert_command(&plan.children[2], "remote -a cellar -C 3 -S 4");
	assert_command(&plan.children[3], "net -l 3,4 -C 5 -U 6");
	assert_int_equal(plan.children[0].row, -1);
	assert_int_equal(plan.children[1].row, 0);
	assert_int_equal(plan.children[2].row, 2);
	assert_string_equal(plan.children[2].name, "remote cellar");
	assert_int_equal(plan.children[2].nfds, 2);
	assert_int_equal(plan.children[2].fds[1].kind, PLAN_FD_DRIVER);
	assert_int_equal(plan.children[2].fds[1].index, 1);
	assert_int_equal(plan.children[3].fds[1].kind, PLAN_FD_TCP);
	assert_int_equal(plan.children[3].fds[1].index, 1);
	problems_free(&problems);
	plan_free(&plan);
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
	plan_children(&plan, yes, yes, false);
	assert_int_equal(problems.count, 0);
	assert_int_equal(plan.nlistens, 0);
	assert_int_equal(plan.nchildren, 4);
	assert_command(&plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9");
	assert_command(&plan.children[1], "remote -a far -C 3 -S 4");
	assert_command(&plan.children[2], "run -M 3 -H 4");
	assert_command(&plan.children[3], "out -C 3");
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
	    {"run", PLAN_USER_RUN}, {"out", PLAN_USER_OUT}, {"net", PLAN_USER_NET}};
	struct problems problems = {0};
	struct plan plan = plan_for("[a]\ndriver=usbhid-ups\nport=auto\n", "", &problems);

	plan.run = plan.out = true;
	plan_children(&plan, yes, yes, true);
	assert_int_equal(plan.nchildren, sizeof(wanted) / sizeof(*wanted));
	for (size_t i = 0; i < plan.nchildren; i++) {
		assert_string_equal(plan.children[i].name, wanted[i].name);
		assert_int_equal(plan.children[i].user, wanted[i].user);
		assert_true(plan.children[i].nfds <= PLAN_FDS_MAX);
	}
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

	plan_children(&plan, second, second, true);
	assert_int_equal(plan.nchildren, 3);
	assert_command(&plan.children[0], "core -C 3 -F 4 -R 5 -H 6 -M 7 -O 8 -T 9 -D");
	assert_command(&plan.children[1], "hid -a b -C 3 -S 4 -D");
	assert_int_equal(plan.children[1].fds[1].index, 1);
	assert_command(&plan.children[2], "net -l 3 -C 4 -U 5 -D");
	assert_int_equal(plan.children[2].fds[0].index, 1);
	plan_free(&plan);

	plan = plan_for(ups, "", &problems);
	plan_children(&plan, none, none, false);
	assert_int_equal(plan.nchildren, 1);
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
	    cmocka_unit_test(test_names_are_not_looked_up),
	    cmocka_unit_test(test_too_many_listens),
	    cmocka_unit_test(test_children),
	    cmocka_unit_test(test_client),
	    cmocka_unit_test(test_users),
	    cmocka_unit_test(test_what_could_not_be_opened),
	    cmocka_unit_test(test_drivers_that_are_none),
	    cmocka_unit_test(test_backoff),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/unit/setup_fold.h"

static struct setup_answers
answers(enum setup_mode mode)
{
	return (struct setup_answers){
	    .mode = mode,
	    .local_password = xstrdup("Local4Password"),
	    .far_password = xstrdup("Far4Password"),
	    .address = xstrdup("192.168.0.9"),
	};
}

static void
add_ups(struct setup_answers *a, const char *name, const char *serial)
{
	struct setup_ups *u = setup_add_ups(a);

	u->name = name != NULL ? xstrdup(name) : NULL;
	u->desc = xstrdup("Back-UPS \"CS\" 500");
	u->vendorid = xstrdup("051d");
	u->productid = xstrdup("0002");
	u->serial = serial != NULL ? xstrdup(serial) : NULL;
}

static void
add_nas(struct setup_answers *a, const char *make, const char *address)
{
	struct setup_nas *nas = setup_add_nas(a);

	nas->box = box_find(make);
	assert_non_null(nas->box);
	nas->address = xstrdup(address);
	nas->password = xstrdup("Nas4Password");
}

static void
join(struct setup_answers *a, const char *password)
{
	a->at_ups = xstrdup("ups");
	a->at_host = xstrdup("192.168.0.9");
	a->at_user = xstrdup("secondary");
	a->at_password = xstrdup(password);
}

/* holdup check finds no fault, not even a small one. */
static void
assert_good(char **texts)
{
	struct check_conf *c = fold(texts);
	struct check_list found = {0};

	check_all(&c, 1, &found);
	for (size_t i = 0; i < found.count; i++)
		if (found.list[i].weight != CHECK_NOTE)
			fail_msg("%s:%d: %s", found.list[i].file, found.list[i].line,
			    found.list[i].text);
	check_list_free(&found);
	unfold(c);
}

/* Writes into an empty folder; the second time nothing is left to do. */
static void
assert_settles(const struct setup_answers *a)
{
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;

	assert_true(compose(a, texts, &r) > 0);
	assert_int_equal(r.nclashes, 0);
	setup_result_free(&r);
	assert_good(texts);
	assert_int_equal(compose(a, texts, &r), 0);
	assert_int_equal(r.nclashes, 0);
	setup_result_free(&r);
	texts_free(texts);
}

enum {
	LAN = 1,
	NAS = 2,
	DOMOTICZ = 4,
	MQTT = 8,
	MOMENT = 16,
	NAMED = 32,
	COMBINATIONS = 64
};

static void
test_combinations(void **state)
{
	for (int mode = SETUP_STANDALONE; mode <= SETUP_SECONDARY; mode++)
		for (unsigned bits = 0; bits < COMBINATIONS; bits++)
			for (size_t n = 0; n <= 3; n++) {
				struct setup_answers a = answers((enum setup_mode)mode);

				for (size_t i = 0; i < n; i++)
					add_ups(&a,
					    (bits & NAMED) && i == 0 ? "apc" : NULL,
					    (const char *[]){"A1", NULL, "C3"}[i]);
				a.lan = bits & LAN;
				for (unsigned i = 0; (bits & NAS) && box_at(i) != NULL;
				     i++)
					add_nas(&a, box_at(i)->word,
					    (const char *[]){"192.168.0.20",
						"192.168.0.21", "fd00::22",
						"192.168.0.23"}[i]);
				if (bits & DOMOTICZ) {
					a.domoticz = xstrdup("http://192.168.0.8:8080");
					a.domoticz_user = xstrdup("a user");
					a.domoticz_password = xstrdup("\"x\\ =#");
				}
				if (bits & MQTT)
					a.mqtt = xstrdup("mqtt://192.168.0.8");
				if (bits & MOMENT) {
					a.charge_percent = 20;
					a.runtime_s = 300;
					a.on_battery_s = 60;
				}
				if (mode == SETUP_SECONDARY)
					join(&a, "a word \"of\" #your own");
				assert_settles(&a);
				setup_answers_free(&a);
			}
}

/* What one kind of answers comes to. */
static void
test_server(void **state)
{
	struct setup_answers a = answers(SETUP_SERVER);
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;

	a.lan = true;
	add_ups(&a, NULL, "A1");
	add_nas(&a, "Synology", "192.168.0.30");
	add_nas(&a, "unraid", "192.168.0.31");
	assert_int_equal(compose(&a, texts, &r), 6);
	assert_non_null(strstr(texts[CHECK_NUT], "\nMODE=netserver\n"));
	assert_non_null(
	    strstr(texts[CHECK_UPS], "[ups]\n\tdriver = usbhid-ups\n\tport = auto\n"
				     "\tdesc = \"Back-UPS \\\"CS\\\" 500\"\n"));
	assert_non_null(strstr(texts[CHECK_UPSD], "\nLISTEN 0.0.0.0\n"));
	assert_non_null(strstr(texts[CHECK_USERS],
	    "[local]\n\tpassword = Local4Password\n\tallowfrom = localhost\n"
	    "\tupsmon primary\n"));
	assert_non_null(strstr(texts[CHECK_USERS],
	    "[secondary]\n\tpassword = Far4Password\n\tallowfrom = lan\n"
	    "\tupsmon secondary\n"));
	assert_non_null(strstr(texts[CHECK_USERS],
	    "[unraid]\n\tpassword = Nas4Password\n\tallowfrom = 192.168.0.31\n"));
	assert_non_null(strstr(texts[CHECK_UPSMON],
	    "\nMONITOR ups@localhost 1 local Local4Password primary\n"));
	assert_non_null(strstr(texts[CHECK_UPSMON], "\nHOSTSYNC 120\n"));
	assert_non_null(
	    strstr(texts[CHECK_HOLDUP], "[client 192.168.0.30]\n\taccount = synology\n"));
	assert_null(strstr(texts[CHECK_HOLDUP], "[client 192.168.0.31]"));
	assert_null(strstr(texts[CHECK_HOLDUP], "[server]"));
	assert_string_equal(r.user, "secondary");
	assert_string_equal(r.password, "Far4Password");
	assert_string_equal(r.upses[0], "ups");
	assert_string_equal(r.port, "3493");
	setup_result_free(&r);
	texts_free(texts);
	setup_answers_free(&a);
}

/* Two UPSes are told apart, and this machine goes down with the first that is empty. */
static void
test_two(void **state)
{
	struct setup_answers a = answers(SETUP_STANDALONE);
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;

	add_ups(&a, NULL, "A1");
	add_ups(&a, NULL, "B2");
	compose(&a, texts, &r);
	assert_int_equal(r.nupses, 2);
	assert_non_null(strstr(texts[CHECK_UPS],
	    "[ups]\n\tdriver = usbhid-ups\n\tport = auto\n\tvendorid = 051d\n"
	    "\tproductid = 0002\n\tserial = A1\n"));
	assert_non_null(strstr(texts[CHECK_UPS], "[ups2]\n"));
	assert_non_null(strstr(texts[CHECK_UPS], "\tserial = B2\n"));
	assert_non_null(strstr(texts[CHECK_UPSMON], "MONITOR ups2@localhost 1 local "));
	assert_non_null(strstr(texts[CHECK_UPSMON], "\nMINSUPPLIES 2\n"));
	setup_result_free(&r);

	/* A third one comes later: how many supplies are needed has been said, so that it is
	 * only watched. */
	add_ups(&a, NULL, "C3");
	assert_int_equal(compose(&a, texts, &r), 2);
	assert_non_null(strstr(texts[CHECK_UPS], "[ups3]\n"));
	assert_non_null(strstr(texts[CHECK_UPSMON], "\nMONITOR ups3@localhost 0 local "));
	setup_result_free(&r);
	assert_good(texts);
	texts_free(texts);
	setup_answers_free(&a);
}

/* The first UPS had the section that takes any; a second one comes. */
static void
test_second(void **state)
{
	struct setup_answers a = answers(SETUP_STANDALONE);
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;

	add_ups(&a, NULL, "A1");
	compose(&a, texts, &r);
	setup_result_free(&r);
	assert_null(strstr(texts[CHECK_UPS], "serial"));
	add_ups(&a, NULL, "B2");
	compose(&a, texts, &r);
	setup_result_free(&r);
	assert_non_null(strstr(texts[CHECK_UPS], "[ups2]\n"));
	assert_non_null(strstr(texts[CHECK_UPS], "\tserial = B2\n"));
	assert_int_equal(compose(&a, texts, &r), 0);
	setup_result_free(&r);
	texts_free(texts);
	setup_answers_free(&a);
}

static const char *const by_hand[CHECK_FILES] = {
    [CHECK_NUT] = "# mine\nMODE=netserver",
    [CHECK_UPS] =
	"maxretry = 3\n\n[qnapups]\n\tdriver = usbhid-ups\n\tport = /dev/hidraw0\n"
	"\tdesc = \"Server\"  # the big one",
    [CHECK_UPSD] = "LISTEN 127.0.0.1 3500\n",
    [CHECK_USERS] =
	"[nut]\npassword = Zs8dkQw2\nallowfrom = localhost lan\nupsmon master\n"
	"actions = SET\ninstcmds = ALL\n\n[pis]\npassword = Uu8dkQw2\n"
	"upsmon slave\n# the end",
    [CHECK_UPSMON] = "MONITOR qnapups@localhost 1 nut Zs8dkQw2 master\n"
		     "HOSTSYNC 90 # enough\nNOTIFYFLAG ONBATT SYSLOG \\\n",
    [CHECK_HOLDUP] = "[mqtt]\n\turl = mqtt://192.168.0.5\n\tsite = home\n",
};

/* What somebody has written stays, word for word; it is used where it will do. */
static void
test_by_hand(void **state)
{
	struct setup_answers a = answers(SETUP_SERVER);
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;

	for (size_t i = 0; i < CHECK_FILES; i++)
		texts[i] = by_hand[i] != NULL ? xstrdup(by_hand[i]) : NULL;
	a.lan = true;
	add_ups(&a, NULL, "A1");
	add_nas(&a, "qnap", "192.168.0.20");
	a.domoticz = xstrdup("http://192.168.0.8:8080");
	a.mqtt = xstrdup("mqtt://192.168.0.5");
	compose(&a, texts, &r);
	assert_int_equal(r.nclashes, 0);
	for (size_t i = 0; i < CHECK_FILES; i++)
		if (by_hand[i] != NULL)
			assert_memory_equal(texts[i], by_hand[i], strlen(by_hand[i]));
	assert_null(r.texts[CHECK_NUT]);
	assert_null(r.texts[CHECK_UPS]);
	assert_null(r.texts[CHECK_USERS]);
	assert_null(r.texts[CHECK_UPSMON]);
	assert_string_equal(
	    r.texts[CHECK_UPSD], "LISTEN 127.0.0.1 3500\n\nLISTEN 192.168.0.9 3500\n");
	assert_string_equal(r.upses[0], "qnapups");
	assert_string_equal(r.user, "pis");
	assert_string_equal(r.password, "Uu8dkQw2");
	assert_string_equal(r.port, "3500");
	setup_result_free(&r);
	assert_good(texts);
	assert_int_equal(compose(&a, texts, &r), 0);
	setup_result_free(&r);
	texts_free(texts);
	setup_answers_free(&a);
}

/* What stands there and contradicts: it stays and is said, or it is replaced. */
static const struct {
	enum check_name file;
	const char *there, *replaced, *said;
} clashes[] = {
    {CHECK_NUT, "MODE=standalone # so\nPOWEROFF_WAIT=1\n",
	"MODE=netserver\nPOWEROFF_WAIT=1\n",
	"MODE=standalone stands there, and netserver was asked for"},
    {CHECK_HOLDUP, "[domoticz]\n    url = http://192.168.0.7\n[web]\n",
	"[domoticz]\n    url = http://192.168.0.8:8080\n[web]\n",
	"[domoticz] has url = http://192.168.0.7, and http://192.168.0.8:8080 was asked "
	"for"},
    {CHECK_HOLDUP, "[client 192.168.0.20]\n\taccount = synology\n",
	"[client 192.168.0.20]\n\taccount = qnap\n",
	"192.168.0.20 is said to be a synology, and qnap was asked for"},
};

static void
test_clashes(void **state)
{
	struct setup_answers a = answers(SETUP_SERVER);
	struct setup_result r;

	add_nas(&a, "qnap", "192.168.0.20");
	a.lan = true;
	a.domoticz = xstrdup("http://192.168.0.8:8080");
	for (size_t i = 0; i < sizeof(clashes) / sizeof(clashes[0]); i++) {
		char *texts[CHECK_FILES] = {NULL};

		texts[clashes[i].file] = xstrdup(clashes[i].there);
		a.replace = false;
		compose(&a, texts, &r);
		assert_int_equal(r.nclashes, 1);
		assert_int_equal(r.clashes[0].file, clashes[i].file);
		assert_string_equal(r.clashes[0].text, clashes[i].said);
		assert_memory_equal(
		    texts[clashes[i].file], clashes[i].there, strlen(clashes[i].there));
		setup_result_free(&r);
		a.replace = true;
		compose(&a, texts, &r);
		assert_int_equal(r.nclashes, 0);
		assert_memory_equal(texts[clashes[i].file], clashes[i].replaced,
		    strlen(clashes[i].replaced));
		setup_result_free(&r);
		texts_free(texts);
	}
	setup_answers_free(&a);
}

/* Joined again with another password: the line is replaced when somebody says so. */
static void
test_join(void **state)
{
	struct setup_answers a = answers(SETUP_SECONDARY), b = answers(SETUP_SECONDARY);
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;

	join(&a, "old");
	join(&b, "new");
	b.at_port = 3493;
	assert_int_equal(compose(&a, texts, &r), 2);
	assert_null(texts[CHECK_USERS]);
	assert_non_null(strstr(texts[CHECK_UPSMON],
	    "\nMONITOR ups@192.168.0.9 1 secondary old secondary\n"));
	setup_result_free(&r);
	assert_int_equal(compose(&b, texts, &r), 0);
	assert_int_equal(r.nclashes, 1);
	setup_result_free(&r);
	b.replace = true;
	assert_int_equal(compose(&b, texts, &r), 1);
	assert_non_null(strstr(texts[CHECK_UPSMON],
	    "\nMONITOR ups@192.168.0.9 1 secondary new secondary\n"));
	assert_null(strstr(texts[CHECK_UPSMON], "old"));
	setup_result_free(&r);
	assert_good(texts);
	texts_free(texts);
	setup_answers_free(&a);
	setup_answers_free(&b);
}

/* MODE=none means that nobody has said it; a login without account gets one; only a NAS may
 * read where the network may not. */
static void
test_packages(void **state)
{
	struct setup_answers a = answers(SETUP_SERVER);
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;

	texts[CHECK_NUT] = xstrdup("# from the package\nMODE=none\n");
	texts[CHECK_UPSMON] = xstrdup("MONITOR apc@localhost 1 me MyWord99 primary\n");
	texts[CHECK_UPS] = xstrdup("[apc]\ndriver = usbhid-ups\nport = auto\n");
	add_nas(&a, "qnap", "192.168.0.20");
	compose(&a, texts, &r);
	assert_int_equal(r.nclashes, 0);
	assert_null(r.user);
	assert_string_equal(texts[CHECK_NUT], "# from the package\nMODE=netserver\n");
	assert_non_null(strstr(texts[CHECK_USERS], "[me]\n\tpassword = MyWord99\n"));
	assert_non_null(
	    strstr(texts[CHECK_HOLDUP], "[server]\n\tread = localhost 192.168.0.20\n"));
	setup_result_free(&r);
	assert_good(texts);
	texts_free(texts);
	setup_answers_free(&a);
}

/* Configurations of NUT that work: where nobody says anything else, nothing is written. */
static const struct {
	enum setup_mode mode;
	bool lan;
	const char *texts[CHECK_FILES];
} working[] = {
    /* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
    {SETUP_SERVER, false,
	{[CHECK_NUT] = "MODE=netserver\n",
	    [CHECK_UPS] = "[apc]\ndriver = usbhid-ups\nport = auto\n",
	    [CHECK_UPSD] = "LISTEN 0.0.0.0\n",
	    [CHECK_USERS] = "[mon]\npassword = Zs8dkQw2\nupsmon master\n"
			    "[nas]\npassword = Aq8dkQw2\nallowfrom = 192.168.0.20\n"
			    "upsmon slave\n",
	    [CHECK_UPSMON] = "MONITOR apc@localhost 1 mon Zs8dkQw2 master\n"}},
    {SETUP_SERVER, true,
	{[CHECK_NUT] = "MODE=netserver\n",
	    [CHECK_UPS] = "[apc]\ndriver = blazer_ser\nport = /dev/ttyS0\n",
	    [CHECK_UPSD] = "LISTEN 0.0.0.0\n",
	    [CHECK_USERS] = "[mon]\npassword = Zs8dkQw2\nupsmon master\n"
			    "[pi]\npassword = Aq8dkQw2\nupsmon slave\n",
	    [CHECK_UPSMON] = "MONITOR apc@localhost 1 mon Zs8dkQw2 master\n"}},
    {SETUP_STANDALONE, false,
	{[CHECK_NUT] = "MODE=standalone\n",
	    [CHECK_UPS] = "[apc]\ndriver = usbhid-ups\nport = auto\n",
	    [CHECK_USERS] = "[mon]\npassword = Zs8dkQw2\nupsmon master\n",
	    [CHECK_UPSMON] = "MONITOR apc@localhost 1 mon Zs8dkQw2 master\n"}},
    {SETUP_SECONDARY, false,
	{[CHECK_NUT] = "MODE=netclient\n",
	    [CHECK_UPSMON] = "MONITOR apc@192.168.0.9 1 pi Aq8dkQw2 slave\n"}},
    /* NOLINTEND(bugprone-suspicious-missing-comma) */
};

static void
test_working(void **state)
{
	for (size_t i = 0; i < sizeof(working) / sizeof(working[0]); i++) {
		struct setup_answers a = answers(working[i].mode);
		char *texts[CHECK_FILES] = {NULL};
		struct check_list found = {0};
		struct setup_usual usual;
		struct setup_result r;
		struct check_conf *c;

		for (size_t k = 0; k < CHECK_FILES; k++)
			if (working[i].texts[k] != NULL)
				texts[k] = xstrdup(working[i].texts[k]);
		c = fold(texts);
		check_read(c, &found);
		check_list_free(&found);
		setup_usual(&usual, c);
		assert_int_equal(usual.mode, working[i].mode);
		assert_int_equal(usual.lan, working[i].lan);
		assert_int_equal(usual.far != NULL, working[i].mode == SETUP_SECONDARY);
		if (usual.far != NULL) {
			join(&a, usual.far->password);
			free(a.at_ups);
			free(a.at_user);
			a.at_ups = xstrdup(usual.far->ups);
			a.at_user = xstrdup(usual.far->user);
		} else if (i != 1)
			add_ups(&a, NULL, "A1");
		a.lan = usual.lan;
		assert_int_equal(compose(&a, texts, &r), 0);
		assert_int_equal(r.nclashes, 0);
		setup_result_free(&r);
		unfold(c);
		texts_free(texts);
		setup_answers_free(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_combinations),
	    cmocka_unit_test(test_server),
	    cmocka_unit_test(test_two),
	    cmocka_unit_test(test_second),
	    cmocka_unit_test(test_by_hand),
	    cmocka_unit_test(test_clashes),
	    cmocka_unit_test(test_join),
	    cmocka_unit_test(test_packages),
	    cmocka_unit_test(test_working),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

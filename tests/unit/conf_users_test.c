/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_upsd.h"
#include "lib/conf_users.h"
#include "tests/unit/conf_read.h"

/* The user with this name and password, or NULL. */
static const struct conf_user *
logs_in(const struct users_conf *c, const char *name, const char *password)
{
	const struct conf_user *u = users_conf_find(c, name);

	return u != NULL && u->password != NULL &&
		       conf_password_same(u->password, password)
		   ? u
		   : NULL;
}

static void
test_article(void **state)
{
	struct problems p = {0};
	struct users_conf c;
	const struct conf_user *u;
	size_t len;
	char *text = conf_slurp(ARTICLE "server/etc/nut/upsd.users", &len);

	assert_non_null(text);
	users_conf_read(&c, "f", text, len, &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.nusers, 2);
	u = logs_in(&c, "nut", "nut");
	assert_ptr_equal(u, &c.users[0]);
	assert_int_equal(u->upsmon, USER_UPSMON_PRIMARY);
	assert_true(u->action_set);
	assert_false(u->action_fsd);
	assert_int_equal(u->nallowfrom, 2);
	assert_string_equal(u->allowfrom[1].word, "lan");
	assert_true(conf_user_instcmd(u, "load.off"));
	u = logs_in(&c, "admin", "123456");
	assert_ptr_equal(u, &c.users[1]);
	assert_int_equal(u->upsmon, USER_UPSMON_SECONDARY);
	users_conf_free(&c);
	free(text);
}

static void
test_whole(void **state)
{
	static const char text[] = "[A]\nPassWord = \"a b\"\nACTIONS = set fsd\n"
				   "instcmds = load.off beeper.mute\n"
				   "instcmds = load.on\nupsmon = Primary\n"
				   "[a]\npassword x\nupsmon secondary\n";
	struct problems p = {0};
	struct users_conf c;
	const struct conf_user *u;

	users_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	u = logs_in(&c, "A", "a b");
	assert_non_null(u);
	assert_true(u->action_set && u->action_fsd);
	assert_int_equal(u->upsmon, USER_UPSMON_PRIMARY);
	assert_int_equal(u->ninstcmds, 3);
	assert_true(conf_user_instcmd(u, "beeper.mute"));
	assert_true(conf_user_instcmd(u, "load.on"));
	assert_false(conf_user_instcmd(u, "load"));
	u = logs_in(&c, "a", "x");
	assert_non_null(u);
	assert_int_equal(u->upsmon, USER_UPSMON_SECONDARY);
	assert_false(conf_user_instcmd(u, "load.on"));
	users_conf_free(&c);
}

static void
test_login(void **state)
{
	static const char text[] = "[a]\npassword = secret\n[b]\n[c]\npassword = \"\"\n";
	static const char *const wrong[] = {
	    "", "s", "secre", "secret1", "Secret", "secretsecret", "secret ", "xxxxxx"};
	struct problems p = {0};
	struct users_conf c;

	users_conf_read(&c, "f", text, strlen(text), &p);
	assert_problem(&p, 1, 0, 3, "nobody can log in as \"b\"");
	assert_non_null(logs_in(&c, "a", "secret"));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(logs_in(&c, "a", wrong[i]));
	assert_null(logs_in(&c, "A", "secret"));
	assert_null(logs_in(&c, "b", ""));
	assert_null(logs_in(&c, "nobody", ""));
	assert_null(logs_in(&c, "c", "x"));
	users_conf_free(&c);
	problems_free(&p);
}

static const struct {
	const char *line, *problem;
} faults[] = {
    {"paswword = y", "did you mean \"password\"?"},
    {"password", "has no value"},
    {"password =", "has no value"},
    {"password = x y", "quotes"},
    {"actions = SETT", "did you mean \"SET\"?"},
    {"actions = everything", "takes no \"everything\""},
    {"upsmon = primry", "did you mean \"primary\"?"},
    {"upsmon", "has no value"},
    {"MAXAGE 3", "belongs into upsd.conf"},
    {"driver = x", "belongs into ups.conf"},
    {"[a]", "second section"},
};

static void
test_faults(void **state)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct problems p = {0};
		struct users_conf c;
		char text[100];

		snprintf(text, sizeof(text), "[a]\npassword = x\n%s\n", faults[i].line);
		users_conf_read(&c, "f", text, strlen(text), &p);
		assert_problem(&p, 1, 0, 3, faults[i].problem);
		assert_non_null(logs_in(&c, "a", "x"));
		users_conf_free(&c);
		problems_free(&p);
	}
}

static void
test_no_section(void **state)
{
	struct problems p = {0};
	struct users_conf c;

	users_conf_read(&c, "f", "password = x\n", 13, &p);
	assert_problem(&p, 1, 0, 1, "before the first");
	assert_int_equal(c.nusers, 0);
	users_conf_free(&c);
	problems_free(&p);
}

/* Where each user may come from: words of all lines add up, ACL lines name blocks, and a
 * user without any word that is known may come from everywhere. */
static void
test_allowfrom(void **state)
{
	static const char upsd_text[] = "ACL office 10.1.0.0/16\nACL office 10.3.0.0/16\n"
					"ACL lan 0.0.0.0/0\nACL broken\n";
	static const char text[] = "[a]\npassword = x\nallowfrom = localhost office\n"
				   "allowfrom 192.168.0.20 nowhere\n"
				   "[b]\npassword = x\nallowfrom = Office broken\n"
				   "[c]\npassword = x\nallowfrom = lan\n"
				   "[d]\npassword = x\n";
	static const char places[][16] = {
	    "127.0.0.1", "10.1.2.3", "10.2.0.1", "10.3.0.1", "192.168.0.20"};
	static const bool allowed[][5] = {
	    {1, 1, 0, 1, 1}, {1, 1, 1, 1, 1}, {0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}};
	struct problems p = {0}, quiet = {0};
	struct allow_nets nets = {0};
	struct users_conf c;
	struct upsd_conf upsd;

	upsd_conf_read(&upsd, "upsd.conf", upsd_text, strlen(upsd_text), &quiet);
	assert_int_equal(quiet.count, 4);
	assert_int_equal(upsd.nacls, 3);
	users_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	users_conf_acls(&c, "f", &upsd, &p);
	assert_problem(&p, 4, 0, 4, "\"nowhere\"");
	assert_problem(&p, 4, 1, 7, "\"Office\"");
	assert_problem(&p, 4, 2, 7, "\"broken\"");
	assert_problem(&p, 4, 3, 7, "\"b\" says nothing that is known");
	assert_int_equal(c.nusers, 4);
	for (size_t i = 0; i < 4; i++)
		for (size_t j = 0; j < 5; j++)
			assert_int_equal(
			    conf_user_from(&c.users[i], places[j], &nets), allowed[i][j]);
	users_conf_free(&c);
	upsd_conf_free(&upsd);
	problems_free(&p);
	problems_free(&quiet);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_article),
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_login),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_no_section),
	    cmocka_unit_test(test_allowfrom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "setup/tell.h"
#include "tests/unit/setup_fold.h"

static const char *
row(const struct tell *t, const char *who)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->rows[i].who, who) == 0)
			return t->rows[i].what;
	fail_msg("nothing is said to %s", who);
	return NULL;
}

static void
add_nas(struct setup_answers *a, const char *make, const char *address)
{
	struct setup_nas *nas = setup_add_nas(a);

	nas->box = box_find(make);
	nas->address = xstrdup(address);
	nas->password = xstrdup("Nas4Password");
}

static void
test_server(void **state)
{
	struct setup_answers a = {.mode = SETUP_SERVER, .lan = true};
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;
	struct tell t;

	a.local_password = xstrdup("Local4Password");
	a.far_password = xstrdup("Far4Password");
	a.address = xstrdup("192.168.0.9");
	add_nas(&a, "qnap", "192.168.0.20");
	add_nas(&a, "unraid", "192.168.0.21");
	texts[CHECK_UPSD] = xstrdup("LISTEN 0.0.0.0 3500\n");
	compose(&a, texts, &r);
	tell_make(&t, &a, &r);
	assert_int_equal(t.count, 5);
	assert_string_equal(row(&t, "A machine with holdup"),
	    "sudo holdup setup --join ups@192.168.0.9:3500 --user secondary --password "
	    "Far4Password\n");
	assert_non_null(strstr(row(&t, "A machine with NUT (nut-client)"),
	    "MONITOR ups@192.168.0.9:3500 1 secondary Far4Password secondary\n"));
	assert_non_null(
	    strstr(row(&t, "QNAP at 192.168.0.20"), "enter the address 192.168.0.9\n"));
	assert_null(strstr(row(&t, "QNAP at 192.168.0.20"), "Password"));
	assert_non_null(strstr(row(&t, "Unraid at 192.168.0.21"),
	    "UPS name ups, user unraid, password Nas4Password\n"));
	assert_non_null(strstr(row(&t, "Home Assistant"), "host 192.168.0.9, port 3500"));
	tell_free(&t);

	/* Only the NAS. */
	a.lan = false;
	setup_result_free(&r);
	compose(&a, texts, &r);
	tell_make(&t, &a, &r);
	assert_int_equal(t.count, 2);
	tell_free(&t);
	setup_result_free(&r);
	texts_free(texts);
	setup_answers_free(&a);
}

static void
test_alone(void **state)
{
	struct setup_answers a = {.mode = SETUP_STANDALONE, .lan = true};
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;
	struct tell t;

	a.local_password = xstrdup("Local4Password");
	compose(&a, texts, &r);
	tell_make(&t, &a, &r);
	assert_int_equal(t.count, 0);
	tell_free(&t);
	setup_result_free(&r);
	texts_free(texts);
	setup_answers_free(&a);
}

/* A password that somebody has chosen is one word of the line, whatever is in it; that of a
 * file is quoted as files are. */
static void
test_quotes(void **state)
{
	struct setup_answers a = {.mode = SETUP_SERVER, .lan = true};
	char *texts[CHECK_FILES] = {NULL};
	struct setup_result r;
	struct tell t;

	a.local_password = xstrdup("Local4Password");
	a.far_password = xstrdup("Far4Password");
	a.address = xstrdup("192.168.0.9");
	texts[CHECK_USERS] = xstrdup("[two]\n\tpassword = \"a'b $(id);\"\n\tallowfrom = "
				     "lan\n\tupsmon secondary\n");
	compose(&a, texts, &r);
	tell_make(&t, &a, &r);
	assert_non_null(strstr(row(&t, "A machine with holdup"),
	    "--user two --password 'a'\\''b $(id);'\n"));
	assert_non_null(strstr(row(&t, "A machine with NUT (nut-client)"),
	    " 1 two \"a'b $(id);\" secondary\n"));
	tell_free(&t);
	setup_result_free(&r);
	texts_free(texts);
	setup_answers_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_server),
	    cmocka_unit_test(test_alone),
	    cmocka_unit_test(test_quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

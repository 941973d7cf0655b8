/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/target.h"
#include "lib/sock.h"

static void
targets(void **state)
{
	static const struct {
		const char *text;
		bool server;
		const char *ups, *host, *port; /* host NULL: refused */
	} cases[] = {
	    {"qnapups", false, "qnapups", "here", "1"},
	    {"qnapups@pi", false, "qnapups", "pi", "3493"},
	    {"qnapups@pi:99", false, "qnapups", "pi", "99"},
	    {"u@[::1]", false, "u", "::1", "3493"},
	    {"u@[::1]:99", false, "u", "::1", "99"},
	    {"@pi", false, NULL, "pi", "3493"},
	    {"pi", true, NULL, "pi", "3493"},
	    {"pi:99", true, NULL, "pi", "99"},
	    {NULL, true, NULL, "here", "1"},
	    {NULL, false, NULL, "here", "1"},
	    {"u@", false, NULL, NULL, NULL},
	    {"u@:99", false, NULL, NULL, NULL},
	    {"u@pi:", false, NULL, NULL, NULL},
	    {"u@pi:0", false, NULL, NULL, NULL},
	    {"u@pi:65536", false, NULL, NULL, NULL},
	    {"u@pi:nut", false, "u", "pi", "nut"},
	    {"u@[::1", false, NULL, NULL, NULL},
	    {"u@[::1]x", false, NULL, NULL, NULL},
	    {"", false, NULL, NULL, NULL},
	    {"a b", false, NULL, NULL, NULL},
	};
	struct target t;
	int rc;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = target_parse(&t, cases[i].text, cases[i].server, "here", "1");
		if (cases[i].host == NULL) {
			assert_int_equal(rc, -1);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_string_equal(t.host, cases[i].host);
		assert_string_equal(t.port, cases[i].port);
		if (cases[i].ups == NULL)
			assert_null(t.ups);
		else
			assert_string_equal(t.ups, cases[i].ups);
		target_free(&t);
	}
	(void)state;
}

/* The server of a private installation is found through its upsd.conf. */
static void
local_server(void **state)
{
	static const struct {
		const char *conf, *host, *port;
	} cases[] = {
	    {"LISTEN 127.0.0.1 4000\nLISTEN 10.0.0.1\n", "127.0.0.1", "4000"},
	    {"LISTEN 0.0.0.0\n", "127.0.0.1", "3493"},
	    {"LISTEN * 77\n", "127.0.0.1", "77"},
	    {"LISTEN :: 77\n", "::1", "77"},
	    {"", "localhost", "3493"},
	};
	char folder[] = "/tmp/holdup-client-test.XXXXXX", path[64];
	struct target t;
	FILE *f;

	assert_non_null(mkdtemp(folder));
	setenv("NUT_CONFPATH", folder, 1);
	assert_int_equal(target_local(&t, "u", false), 0);
	assert_string_equal(t.host, "localhost");
	target_free(&t);
	snprintf(path, sizeof(path), "%s/upsd.conf", folder);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(cases[i].conf, f);
		fclose(f);
		assert_int_equal(target_local(&t, "u", false), 0);
		assert_string_equal(t.host, cases[i].host);
		assert_string_equal(t.port, cases[i].port);
		target_free(&t);
	}
	unlink(path);
	rmdir(folder);
	(void)state;
}

static void
sentences(void **state)
{
	assert_string_equal(
	    client_sentence("DRIVER-NOT-CONNECTED"), "Driver not connected");
	assert_string_equal(client_sentence("DATA-STALE"), "Data stale");
	assert_string_equal(client_sentence("UNKNOWN-UPS"), "Unknown UPS");
	assert_string_equal(
	    client_sentence("VAR-NOT-SUPPORTED"), "Variable not supported by UPS");
	assert_string_equal(client_sentence("SOMETHING-NEW"), "Unknown error");
	(void)state;
}

/* A server of one connection that has these answers behind the one to NETVER, whatever is
 * asked. */
static struct client *
connect_to(const char *answers, pid_t *pid)
{
	char cause[CLIENT_CAUSE_MAX], port[16], sink[256];
	int fd = sock_listen_tcp("127.0.0.1", "0", cause, sizeof(cause)), one;
	struct client *c;

	assert_true(fd != -1);
	snprintf(port, sizeof(port), "%d", sock_port(fd));
	*pid = fork();
	if (*pid == 0) {
		do
			one = accept(fd, NULL, NULL);
		while (one == -1);
		(void)!write(one, "1.3\n", 4);
		(void)!write(one, answers, strlen(answers));
		shutdown(one, SHUT_WR);
		while (read(one, sink, sizeof(sink)) > 0)
			;
		_exit(0);
	}
	close(fd);
	c = client_open("127.0.0.1", port, cause, sizeof(cause));
	assert_non_null(c);
	return c;
}

static void
disconnect(struct client *c, pid_t pid)
{
	client_close(c);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
count_line(void *arg, const struct words *w)
{
	size_t *count = arg;

	assert_string_equal(w->argv[0], "VAR");
	assert_string_equal(w->argv[3], "a \"b\" c");
	++*count;
}

static void
answers(void **state)
{
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;
	struct client *c;
	size_t count = 0;
	pid_t pid;

	c = connect_to("BEGIN LIST VAR u\r\nVAR u x \"a \\\"b\\\" c\"\nEND LIST VAR u\n"
		       "ERR DATA-STALE\nOK TRACKING 12\nVAR \"broken\nOK\n",
	    &pid);
	client_arg(c, "LIST");
	assert_int_equal(client_list(c, count_line, &count, cause, sizeof(cause)), 0);
	assert_int_equal(count, 1);
	assert_int_equal(client_ask(c, &answer, cause, sizeof(cause)), -1);
	assert_string_equal(cause, "Data stale");
	assert_string_equal(client_error(c), "DATA-STALE");
	assert_int_equal(client_ask(c, &answer, cause, sizeof(cause)), 0);
	assert_string_equal(answer.argv[2], "12");
	assert_string_equal(client_error(c), "");
	assert_int_equal(client_ask(c, &answer, cause, sizeof(cause)), -1);
	assert_int_equal(client_list(c, count_line, &count, cause, sizeof(cause)), -1);
	assert_string_equal(cause, "Invalid response from the server");
	assert_int_equal(client_ask(c, &answer, cause, sizeof(cause)), -1);
	assert_string_equal(cause, "Server disconnected");
	disconnect(c, pid);
	(void)state;
}

static void
endless_line(void **state)
{
	char cause[CLIENT_CAUSE_MAX], *text = malloc(65536);
	struct words answer;
	struct client *c;
	pid_t pid;

	memset(text, 'x', 65535);
	text[65535] = '\0';
	c = connect_to(text, &pid);
	assert_int_equal(client_ask(c, &answer, cause, sizeof(cause)), -1);
	assert_string_equal(cause, "Line too long from the server");
	disconnect(c, pid);
	free(text);
	(void)state;
}

static void
nobody_there(void **state)
{
	char cause[CLIENT_CAUSE_MAX];

	assert_null(client_open("127.0.0.1", "1", cause, sizeof(cause)));
	assert_string_equal(cause, "Connection failure: Connection refused");
	assert_null(client_open("no.such.host.invalid", "1", cause, sizeof(cause)));
	assert_string_equal(cause, "No such host");
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(targets),
	    cmocka_unit_test(local_server),
	    cmocka_unit_test(sentences),
	    cmocka_unit_test(answers),
	    cmocka_unit_test(endless_line),
	    cmocka_unit_test(nobody_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

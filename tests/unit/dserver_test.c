/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/dserver.h"
#include "lib/sock.h"

#define SERVERS 2

/* A driver with its socket, two servers, and the last request that the driver heard. */
static struct fixture {
	char dir[32], path[64];
	struct event_base *base;
	struct state *state;
	struct dserver *d;
	int servers[SERVERS];
	char request[128];
	unsigned long ticket;
	enum dserver_status answer;
} f;

static enum dserver_status
heard(const char *what, const char *name, const char *value, unsigned long ticket)
{
	snprintf(f.request, sizeof(f.request), "%s %s %s", what, name,
	    value == NULL ? "-" : value);
	f.ticket = ticket;
	return f.answer;
}

static enum dserver_status
on_instcmd(void *arg, const char *cmd, const char *value, unsigned long ticket)
{
	return heard("INSTCMD", cmd, value, ticket);
}

static enum dserver_status
on_set(void *arg, const char *var, const char *value, unsigned long ticket)
{
	return heard("SET", var, value, ticket);
}

static void
turn(void)
{
	for (int i = 0; i < 5; i++)
		event_base_loop(f.base, EVLOOP_NONBLOCK);
}

static int
setup(void **state)
{
	static const struct dserver_ops ops = {.instcmd = on_instcmd, .set = on_set};
	char cause[200];
	int fd;

	memset(&f, 0, sizeof(f));
	snprintf(f.dir, sizeof(f.dir), "/tmp/dserver_test.XXXXXX");
	snprintf(f.path, sizeof(f.path), "%s/s", mkdtemp(f.dir));
	f.base = event_base_new();
	f.state = state_new();
	state_set(f.state, "ups.status", "OL");
	state_cmd_add(f.state, "load.off");
	fd = sock_listen_unix(f.path, SOCK_STREAM, 0600, cause, sizeof(cause));
	f.d = dserver_new(f.base, fd, f.state, &ops, &f);
	dserver_publish(f.d);
	for (int i = 0; i < SERVERS; i++)
		f.servers[i] =
		    sock_connect_unix(f.path, SOCK_STREAM, cause, sizeof(cause));
	turn();
	return 0;
}

static int
teardown(void **state)
{
	dserver_free(f.d);
	for (int i = 0; i < SERVERS; i++)
		close(f.servers[i]);
	state_free(f.state);
	event_base_free(f.base);
	unlink(f.path);
	return rmdir(f.dir);
}

static void
assert_told(int i, const char *wanted)
{
	char got[2000];
	ssize_t n;

	turn();
	n = read(f.servers[i], got, sizeof(got) - 1);
	got[n > 0 ? n : 0] = '\0';
	assert_string_equal(got, wanted);
}

static void
say(const char *text)
{
	assert_int_equal(write(f.servers[0], text, strlen(text)), (ssize_t)strlen(text));
	turn();
}

static void
test_dump(void **state)
{
	say("DUMPALL\n");
	assert_told(
	    0, "SETINFO ups.status \"OL\"\nADDCMD load.off\nDATASTALE\nDUMPDONE\n");
	/* What is not published yet is nobody's business. */
	state_set(f.state, "ups.status", "OB");
	say("DUMPSTATUS\nDUMPVALUE ups.status\nDUMPVALUE x\nDUMPVALUE\n");
	assert_told(0, "SETINFO ups.status \"OL\"\nDUMPDONE\n"
		       "SETINFO ups.status \"OL\"\nDUMPDONE\nDUMPDONE\n");
	assert_told(1, "");
}

static void
test_push(void **state)
{
	state_set(f.state, "ups.status", "OB");
	dserver_publish(f.d);
	dserver_publish(f.d);
	dserver_fresh(f.d, true);
	dserver_fresh(f.d, true);
	assert_told(0, "SETINFO ups.status \"OB\"\nDATAOK\n");
	assert_told(1, "SETINFO ups.status \"OB\"\nDATAOK\n");
	say("NOBROADCAST\n");
	dserver_fresh(f.d, false);
	assert_told(0, "");
	assert_told(1, "DATASTALE\n");
	say("BROADCAST 1\n");
	dserver_fresh(f.d, true);
	assert_told(0, "DATAOK\n");
	say("BROADCAST 0\n");
	dserver_fresh(f.d, false);
	assert_told(0, "");
	say("BROADCAST\nDUMPALL\n");
	assert_told(
	    0, "SETINFO ups.status \"OB\"\nADDCMD load.off\nDATASTALE\nDUMPDONE\n");
}

static void
test_small_words(void **state)
{
	char pid[32];

	say("PING\nping\n\nWHAT IS THIS\n\"\n");
	assert_told(0, "PONG\nPONG\n");
	snprintf(pid, sizeof(pid), "PID %ld\n", (long)getpid());
	say("GETPID\n");
	assert_told(0, pid);
	say("LOGOUT\nPING\n");
	assert_int_equal(read(f.servers[0], pid, 1), 0);
}

static const struct {
	const char *line, *request, *told;
} requests[] = {
    {"INSTCMD load.off\n", "INSTCMD load.off -", ""},
    {"INSTCMD load.off 10\n", "INSTCMD load.off 10", ""},
    {"INSTCMD load.off TRACKING a-1\n", "INSTCMD load.off -", "TRACKING a-1 2\n"},
    {"INSTCMD load.off 10 tracking a\n", "INSTCMD load.off 10", "TRACKING a 2\n"},
    {"INSTCMD load.off TRACKING\n", "INSTCMD load.off TRACKING", ""},
    {"SET ups.id \"a b\"\n", "SET ups.id a b", ""},
    {"SET ups.id \"\" TRACKING b\n", "SET ups.id ", "TRACKING b 2\n"},
    {"SET ups.id \"TRACKING\"\n", "SET ups.id TRACKING", ""},
    {"SET ups.id\n", "", ""},
    {"INSTCMD\n", "", ""},
    {"INSTCMD a b c\n", "", ""},
    {"INSTCMD a TRACKING \"b c\"\n", "", ""},
};

static void
test_requests(void **state)
{
	f.answer = DSERVER_INVALID;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		f.request[0] = '\0';
		say(requests[i].line);
		assert_string_equal(f.request, requests[i].request);
		assert_told(0, requests[i].told);
	}
	assert_told(1, "");
}

static void
test_pending(void **state)
{
	unsigned long first;

	f.answer = DSERVER_PENDING;
	say("INSTCMD load.off TRACKING a\n");
	first = f.ticket;
	say("SET x y TRACKING b\n");
	assert_told(0, "");
	dserver_result(f.d, f.ticket, DSERVER_FAILED);
	assert_told(0, "TRACKING b 3\n");
	dserver_result(f.d, first, DSERVER_DONE);
	dserver_result(f.d, first, DSERVER_DONE);
	assert_told(0, "TRACKING a 0\n");
}

/* Who asked is gone when the result comes. */
static void
test_pending_gone(void **state)
{
	f.answer = DSERVER_PENDING;
	say("INSTCMD load.off TRACKING a\n");
	close(f.servers[0]);
	f.servers[0] = -1;
	turn();
	dserver_result(f.d, f.ticket, DSERVER_DONE);
	assert_told(1, "");
}

static void
test_pending_limit(void **state)
{
	f.answer = DSERVER_PENDING;
	for (int i = 0; i < 64; i++)
		say("INSTCMD load.off TRACKING a\n");
	assert_told(0, "");
	f.request[0] = '\0';
	say("INSTCMD load.off TRACKING b\n");
	assert_told(0, "TRACKING b 3\n");
	assert_string_equal(f.request, "");
}

/* Without descriptors the loop must sleep, not spin, and recover afterwards. */
static void
test_no_descriptors(void **state)
{
	struct rlimit old, few;
	char cause[200];
	int fd, log = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
	clock_t before;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	fd = sock_connect_unix(f.path, SOCK_STREAM, cause, sizeof(cause));
	assert_true(fd >= 0);
	few = (struct rlimit){.rlim_cur = (rlim_t)fd + 1, .rlim_max = old.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	dup2(null, STDERR_FILENO);
	before = clock();
	assert_int_equal(write(fd, "PING\n", 5), 5);
	event_base_loopexit(f.base, &(struct timeval){.tv_usec = 300000});
	event_base_dispatch(f.base);
	dup2(log, STDERR_FILENO);
	close(log);
	assert_true(clock() - before < CLOCKS_PER_SEC / 10);
	assert_int_equal(read(fd, cause, 5), -1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	event_base_loopexit(f.base, &(struct timeval){.tv_sec = 1});
	event_base_dispatch(f.base);
	assert_int_equal(read(fd, cause, 5), 5);
	assert_memory_equal(cause, "PONG\n", 5);
	close(fd);
	close(null);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_dump, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_push, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_small_words, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_requests, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_pending, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_pending_gone, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_pending_limit, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_no_descriptors, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

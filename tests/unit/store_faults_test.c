/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "history/read.h"
#include "history/reserve.h"
#include "history/rollup.h"
#include "history/series.h"
#include "history/store.h"
#include "lib/log.h"
#include "lib/xmem.h"

/*
 * What becomes of the history when its writer is killed, when there is no room, and when
 * its file is damaged or of another time.
 */

#define FIRST (INT64_C(491000) * ROLLUP_HOUR)
#define KILLS 60
#define TEXT_MAX 128

struct rig {
	char folder[64];
	struct watch_now now;
	struct store *store;
	int64_t acknowledged;
	unsigned nacknowledged;
	char cause[HISTORY_CAUSE];
};

static void
on_acknowledged(void *arg, int64_t id)
{
	struct rig *r = arg;

	r->acknowledged = id;
	r->nacknowledged++;
}

static const struct store_ops ops = {on_acknowledged};

static void
rig_open(struct rig *r)
{
	r->store = store_new(r->folder, "boot-1", r->now, &ops, r);
}

static void
rig_begin(struct rig *r)
{
	*r = (struct rig){.folder = "/dev/shm/store_test.XXXXXX",
	    .now = {.wall_ms = FIRST, .boot_ms = 5000000}};
	assert_non_null(mkdtemp(r->folder));
}

static void
rig_end(struct rig *r)
{
	char *command = xasprintf("rm -rf %s", r->folder);

	if (r->store != NULL)
		store_free(r->store);
	assert_int_equal(system(command), 0);
	free(command);
}

static void
pass(struct rig *r, int64_t ms)
{
	r->now.wall_ms += ms;
	r->now.boot_ms += (uint64_t)ms;
	store_time(r->store, r->now);
}

static void
event(struct rig *r, int number)
{
	char text[TEXT_MAX];

	snprintf(text, sizeof(text), "Event %d has happened", number);
	store_event(
	    r->store, &(struct watch_event){
			  .kind = KIND_ONBATT, .ups = "ups", .text = text, .at = r->now});
	store_time(r->store, r->now);
}

static char *
path_of(const struct rig *r, const char *name)
{
	return xasprintf("%s/%s", r->folder, name);
}

/* One number out of the file, by SQLite itself. */
static int64_t
ask(const struct rig *r, const char *sql)
{
	char *path = path_of(r, "history.db");
	sqlite3 *db;
	sqlite3_stmt *q;
	int64_t answer;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	answer = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	free(path);
	return answer;
}

static void
assert_whole(const struct rig *r)
{
	assert_int_equal(
	    ask(r, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

/* Writes as fast as it can, and says by a pipe which event is on the disk, and how far time
 * had come then. */
static void
writer(struct rig *r, int pipe, int first)
{
	for (int i = first;; i++) {
		store_sample(r->store, "ups", SERIES_LOAD, r->now, i % 97);
		pass(r, 700);
		if (i % 3 == 0) {
			struct {
				int64_t event, at;
			} said;

			event(r, i);
			said.event = r->acknowledged;
			said.at = r->now.wall_ms;
			if (write(pipe, &said, sizeof(said)) != sizeof(said))
				_exit(1);
		}
	}
}

/* kill -9 at any point: the file is whole, each event that was acknowledged is there, and of
 * the values that were told at most the last minute is lost. */
static void
test_killed(void **state)
{
	int64_t said[2] = {0, 0};
	struct rig r;

	rig_begin(&r);
	srandom(5);
	for (int i = 0; i < KILLS; i++) {
		int ends[2], status;
		pid_t pid;

		assert_int_equal(pipe(ends), 0);
		if ((pid = fork()) == 0) {
			close(ends[0]);
			rig_open(&r);
			writer(&r, ends[1], i * 100000);
			_exit(0);
		}
		close(ends[1]);
		/* Not before it has begun. */
		assert_int_equal(read(ends[0], said, sizeof(said)), sizeof(said));
		usleep((useconds_t)(random() % 30000));
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		while (read(ends[0], said, sizeof(said)) == sizeof(said))
			;
		close(ends[0]);
		r.now.wall_ms = said[1] + 120000;
		r.now.boot_ms += 10000000;
		assert_whole(&r);
		assert_true(ask(&r, "SELECT max(id) FROM event") >= said[0]);
		assert_true(
		    ask(&r, "SELECT max(id) = count(*) AND min(id) = 1 FROM event"));
		assert_true(ask(&r, "SELECT max(at) FROM full WHERE ups != 0") >=
			    said[1] - ROLLUP_MINUTE);
	}
	rig_end(&r);
}

/* Seconds that each have a value and an event. */
static void
tell(struct rig *r, int first, int last)
{
	for (int i = first; i <= last; i++) {
		store_sample(r->store, "ups", SERIES_LOAD, r->now, i);
		pass(r, 1000);
		event(r, i);
	}
}

/* No file of this process may grow beyond this: like a disk that is full. */
static void
limit_files(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Where there is no room events wait, and are written when there is some. */
static void
test_limit(void **state)
{
	struct rig r;

	signal(SIGXFSZ, SIG_IGN);
	rig_begin(&r);
	rig_open(&r);
	event(&r, 0);
	limit_files(1024 * 1024);
	tell(&r, 1, 400);
	assert_true(r.acknowledged < 401);
	assert_whole(&r);
	limit_files(RLIM_INFINITY);
	pass(&r, 6000);
	assert_int_equal(r.acknowledged, 401);
	assert_int_equal(r.nacknowledged, 401);
	assert_whole(&r);
	assert_int_equal(ask(&r, "SELECT count(*) FROM event"), 401);
	assert_int_equal(ask(&r, "SELECT count(*) FROM full WHERE ups != 0"), 400);
	rig_end(&r);
}

/* The folder is a disk of 3 MB, which nobody else sees and which ends with this process.
 * False: only root can do that. */
static bool
small_disk(const struct rig *r)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", r->folder, "tmpfs", 0, "size=3m") == 0;
}

static bool
has_reserve(const struct rig *r)
{
	char *path = path_of(r, RESERVE_FILE);
	bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}

/* A disk of 3 MB that somebody fills: the reserve goes, events still find room, and all is
 * written when there is room again. Needs root. */
static void
test_full(void **state)
{
	char junk[65536] = {1}, *path;
	struct rig r;
	int fd, last = 30;

	rig_begin(&r);
	if (!small_disk(&r)) {
		rig_end(&r);
		skip();
	}
	rig_open(&r);
	event(&r, 0);
	path = path_of(&r, "junk");
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	while (write(fd, junk, sizeof(junk)) > 0)
		;
	assert_true(has_reserve(&r));
	tell(&r, 1, last);
	assert_false(has_reserve(&r));
	assert_int_equal(r.acknowledged, last + 1); /* in the room that it has left */
	while (r.acknowledged == last + 1) {
		tell(&r, last + 1, last + 100);
		last += 100;
	}
	unlink(path);
	close(fd);
	free(path);
	pass(&r, 6000);
	assert_true(has_reserve(&r));
	assert_int_equal(r.acknowledged, last + 1);
	assert_int_equal(r.nacknowledged, last + 1);
	assert_int_equal(ask(&r, "SELECT count(*) FROM event"), last + 1);
	assert_int_equal(ask(&r, "SELECT count(*) FROM full WHERE ups != 0"), last);
	assert_whole(&r);
	store_free(r.store);
	r.store = NULL;
	assert_int_equal(umount(r.folder), 0);
	rig_end(&r);
}

/* What waits is bounded: the oldest gives way. */
static void
test_bounded(void **state)
{
	struct rig r;

	signal(SIGXFSZ, SIG_IGN);
	rig_begin(&r);
	rig_open(&r);
	event(&r, 0);
	limit_files(4096);
	for (int i = 1; i <= 60000; i++) {
		store_sample(r.store, "ups", SERIES_LOAD, r.now, i);
		r.now.wall_ms += 10;
		r.now.boot_ms += 10;
		if (i % 40 == 0)
			event(&r, i);
	}
	limit_files(RLIM_INFINITY);
	pass(&r, 6000);
	assert_int_equal(ask(&r, "SELECT count(*) FROM event"), 1001);
	assert_int_equal(
	    ask(&r, "SELECT text = 'Event 60000 has happened' FROM event ORDER BY id"
		    " DESC LIMIT 1"),
	    1);
	assert_in_range(
	    ask(&r, "SELECT count(*) FROM full WHERE ups != 0"), 49990, 50010);
	rig_end(&r);
}

static void
on_event(void *arg, const struct history_event *e)
{
	*(int64_t *)arg = e->id;
}

static int64_t
newest(struct history *h, struct rig *r)
{
	struct history_which which = {.limit = 1};
	int64_t id = 0;

	if (history_events(h, &which, on_event, &id, r->cause) != 0)
		fail_msg("%s", r->cause);
	return id;
}

/* Writes nonsense over a part of the file, of which nothing is in a WAL. */
static void
damage(const struct rig *r, off_t at, size_t len)
{
	char *path = path_of(r, "history.db");
	int fd = open(path, O_WRONLY);
	char byte = 0x5a;

	assert_true(fd >= 0);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(pwrite(fd, &byte, 1, at + (off_t)i), 1);
	close(fd);
	free(path);
	path = path_of(r, "history.db-wal");
	assert_int_equal(unlink(path), 0);
	free(path);
}

static size_t
set_aside(const struct rig *r)
{
	char *pattern = path_of(r, "history.db.damaged-*Z");
	glob_t found;
	size_t count;

	glob(pattern, 0, NULL, &found);
	count = found.gl_pathc;
	globfree(&found);
	free(pattern);
	return count;
}

/* A damaged file is set aside, and a new one takes what waits; a reader goes on. */
static void
test_damaged(void **state)
{
	struct history *h;
	struct rig r;

	rig_begin(&r);
	rig_open(&r);
	event(&r, 0);
	store_free(r.store);
	assert_int_equal(history_open(&h, r.folder, r.cause), 0);
	damage(&r, 0, 4096);
	rig_open(&r);
	assert_int_equal(set_aside(&r), 1);
	event(&r, 1);
	assert_int_equal(r.acknowledged, 1); /* of the new file */
	assert_whole(&r);
	assert_int_equal(newest(h, &r), 1);
	history_close(h);
	rig_end(&r);
}

/* A file whose tables are still to be made is no history yet. */
static void
test_empty(void **state)
{
	struct history *h;
	struct rig r;
	char *path;

	rig_begin(&r);
	path = path_of(&r, "history.db");
	close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	free(path);
	assert_int_equal(history_open(&h, r.folder, r.cause), 0);
	assert_null(h);
	rig_end(&r);
}

/* A file that a newer holdup has written is not touched. */
static void
test_newer(void **state)
{
	struct history *h;
	struct rig r;

	rig_begin(&r);
	rig_open(&r);
	event(&r, 0);
	store_free(r.store);
	ask(&r, "PRAGMA user_version");
	{
		char *path = path_of(&r, "history.db");
		sqlite3 *db;

		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		assert_int_equal(
		    sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL),
		    SQLITE_OK);
		sqlite3_close(db);
		free(path);
	}
	rig_open(&r);
	event(&r, 1);
	pass(&r, 120000);
	assert_int_equal(r.acknowledged, 1);
	assert_int_equal(ask(&r, "SELECT count(*) FROM event"), 1);
	assert_int_equal(history_open(&h, r.folder, r.cause), -1);
	assert_non_null(strstr(r.cause, "newer"));
	rig_end(&r);
}

/* Who may only read reads: while the writer runs, after it has ended, after it was killed,
 * and a copy of the file alone. Needs root, to become somebody else. */
static void
read_as_nobody(struct rig *r)
{
	struct history *h;
	int64_t before, after;

	if (setgid(65534) != 0 || setuid(65534) != 0)
		_exit(77);
	if (history_open(&h, r->folder, r->cause) != 0 || h == NULL)
		_exit(2);
	if (history_version(h, &before, r->cause) != 0 || newest(h, r) != 1)
		_exit(3);
	raise(SIGSTOP); /* until something is new */
	if (history_version(h, &after, r->cause) != 0 || after == before)
		_exit(4);
	if (newest(h, r) != 2)
		_exit(5);
	history_close(h);
	_exit(0);
}

static void
test_readers(void **state)
{
	struct rig r;
	struct history *h;
	char *path;
	int status;
	pid_t pid;

	rig_begin(&r);
	umask(0022);
	assert_int_equal(chmod(r.folder, 0755), 0);
	rig_open(&r);
	event(&r, 0);
	if (geteuid() == 0) {
		if ((pid = fork()) == 0)
			read_as_nobody(&r);
		assert_int_equal(waitpid(pid, &status, WUNTRACED), pid);
		assert_true(WIFSTOPPED(status));
		event(&r, 1);
		kill(pid, SIGCONT);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	} else {
		event(&r, 1);
	}
	store_free(r.store);
	r.store = NULL;
	assert_int_equal(history_open(&h, r.folder, r.cause), 0);
	assert_int_equal(newest(h, &r), 2);
	history_close(h);
	path = path_of(&r, "history.db-shm");
	assert_int_equal(unlink(path), 0);
	free(path);
	path = path_of(&r, "history.db-wal");
	assert_int_equal(truncate(path, 0), 0);
	free(path);
	if (history_open(&h, r.folder, r.cause) != 0)
		fail_msg("%s", r.cause);
	assert_int_equal(newest(h, &r), 2);
	/* The writer comes, while this one reads a file that nobody wrote. */
	rig_open(&r);
	event(&r, 2);
	assert_int_equal(newest(h, &r), 3);
	history_close(h);
	rig_end(&r);
}

int
main(void)
{
	int quiet = open("/dev/null", O_WRONLY);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_killed),
	    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_full),
	    cmocka_unit_test(test_bounded),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_newer),
	    cmocka_unit_test(test_readers),
	};

	/* What the store says of its troubles is no fault of a test. */
	dup2(quiet, STDERR_FILENO);
	log_init("store_faults_test", -1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

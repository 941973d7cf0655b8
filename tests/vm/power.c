/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * For the guest of tests/vm/power-cut. `power feed SOCKET` is core to history: a UPS whose
 * mains comes and goes all the time. `power check FILE` says what the file has:
 * "CHECK integrity events first-to-last samples-after-the-last-event".
 */

#define VALUE_US 20000 /* between two values */
#define EVENT_EVERY 10 /* values */

static void
feed(int fd)
{
	char line[256];
	int n, number = 0;

	n = snprintf(line, sizeof(line),
	    "BEGIN 0\nUPS ups \"Server\"\nups SETINFO ups.status \"OL\"\n"
	    "ups SETINFO battery.charge \"100\"\nups DATAOK\nEND 0\n");
	while (write(fd, line, (size_t)n) == n) {
		usleep(VALUE_US);
		number++;
		if (number % EVENT_EVERY == 0)
			n = snprintf(line, sizeof(line),
			    "%d ups SETINFO ups.status \"%s\"\n", number,
			    number / EVENT_EVERY % 2 == 1 ? "OB DISCHRG" : "OL");
		else
			n = snprintf(line, sizeof(line),
			    "%d ups SETINFO ups.load \"%d\"\n", number, number % 90);
	}
}

static int
serve(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, 1) != 0) {
		perror(path);
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		feed(fd);
		close(fd);
	}
}

/* What a file says that has no tables yet: nothing was written. */
static const char *
ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *q;
	static char answer[128];

	if (sqlite3_table_column_metadata(
		db, NULL, "full", NULL, NULL, NULL, NULL, NULL, NULL) != SQLITE_OK &&
	    strstr(sql, "FROM event") != NULL)
		return "0";
	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK ||
	    sqlite3_step(q) != SQLITE_ROW) {
		snprintf(answer, sizeof(answer), "error:%s", sqlite3_errmsg(db));
		return answer;
	}
	snprintf(answer, sizeof(answer), "%s", (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	return answer;
}

static int
check(const char *path)
{
	static const char *const questions[] = {
	    "SELECT * FROM pragma_integrity_check(1)",
	    "SELECT coalesce(max(id), 0) FROM event",
	    "SELECT count(*) FROM event",
	    /* The values that waited came to the disk with the event. */
	    "SELECT coalesce((SELECT max(at) FROM full) - (SELECT max(at) FROM event), "
	    "0)",
	};
	sqlite3 *db;

	if (access(path, F_OK) != 0) {
		printf("CHECK ok 0 0 0\n");
		return 0;
	}
	if (sqlite3_open(path, &db) != SQLITE_OK)
		return 1;
	printf("CHECK");
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		printf(" %s", ask(db, questions[i]));
	printf("\n");
	sqlite3_close(db);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "feed") == 0)
		return serve(argv[2]);
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return check(argv[2]);
	fprintf(stderr, "usage: power feed SOCKET | power check FILE\n");
	return 1;
}

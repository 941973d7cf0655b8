/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/schedask.h"
#include "cli/schedkeep.h"
#include "cli/schedtalk.h"
#include "lib/boottime.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define TRIES 50
#define PAUSE_MS 100  /* between two tries */
#define PATIENCE_S 10 /* for an answer */
#define ANSWER_MAX 65536
#define TIMER "TIMER\t"

/* The folder of PIPEFN or LOCKFN, where only that is missing: /run is empty at each boot. */
static void
make_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;

	if (slash == NULL || slash == path)
		return;
	folder = xstrndup(path, (size_t)(slash - path));
	(void)mkdir(folder, 0770);
	free(folder);
}

/* Under the lock: begins a keeper unless somebody was faster. */
static int
begin_keeper(const struct upssched_conf *c, int debug, char *cause, size_t size)
{
	int lock, status = 0;

	make_folder(c->lockfn);
	make_folder(c->pipefn);
	if ((lock = schedkeep_lock(c->lockfn, true)) < 0) {
		snprintf(cause, size, "cannot take the lock %s: %s", c->lockfn,
		    strerror(errno));
		return -1;
	}
	if (!sock_is_served(c->pipefn))
		status = schedkeep_begin(c, debug, cause, size);
	schedkeep_unlock(c->lockfn, lock);
	return status;
}

/* Sends the question and reads the answer. 1; 0: the other one has gone before it
 * answered; -1: it has not answered in time. */
static int
exchange(int fd, const char *question, FILE *list, char *answer, size_t size)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	const uint64_t end = boottime_ms() + PATIENCE_S * 1000;
	size_t len = strlen(question);
	char *line;
	FILE *in;
	int status = 0;

	fcntl(fd, F_SETFL, 0); /* from here on it may wait, within limits */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (send(fd, question, len, MSG_NOSIGNAL) != (ssize_t)len ||
	    (in = fdopen(fd, "r")) == NULL) {
		close(fd);
		return 0;
	}
	line = xmalloc(ANSWER_MAX);
	errno = 0;
	while (status == 0) {
		if (fgets(line, ANSWER_MAX, in) == NULL) {
			/* Stopped and continued while it waited: who asks again would
			 * start his timer twice. */
			if (errno != EINTR || boottime_ms() > end)
				break;
			clearerr(in);
			errno = 0;
			continue;
		}
		if (strncmp(line, TIMER, strlen(TIMER)) == 0) {
			fputs(line + strlen(TIMER), list);
			continue;
		}
		line[strcspn(line, "\n")] = '\0';
		snprintf(answer, size, "%s", line);
		status = 1;
	}
	if (status == 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		status = -1;
	free(line);
	fclose(in);
	return status;
}

enum schedask_result
schedask(const struct upssched_conf *c, const char *question, bool begin, int debug,
    FILE *list, char *answer, size_t size)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};

	for (int i = 0; i < TRIES; i++) {
		int fd = sock_connect_unix(c->pipefn, SOCK_STREAM, answer, size), got;

		if (fd >= 0) {
			if ((got = exchange(fd, question, list, answer, size)) > 0)
				return SCHEDASK_ANSWERED;
			if (got < 0) {
				snprintf(answer, size,
				    "the upssched at %s has not answered for %d s: end "
				    "it "
				    "with kill -9, the next event begins another",
				    c->pipefn, PATIENCE_S);
				return SCHEDASK_FAILED;
			}
		} else if (errno == ENOENT || errno == ECONNREFUSED) {
			if (!begin)
				return SCHEDASK_NOBODY;
			if (begin_keeper(c, debug, answer, size) < 0)
				return SCHEDASK_FAILED;
			continue;
		} else if (errno != EAGAIN) {
			return SCHEDASK_FAILED;
		}
		nanosleep(&pause, NULL);
	}
	snprintf(answer, size, "no upssched at %s stays for an answer", c->pipefn);
	return SCHEDASK_FAILED;
}

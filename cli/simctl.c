/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli/simctl.h"
#include "lib/sock.h"

#define ANSWER_MS 3000

/* Reads up to the end of the line; false when it does not come in time. */
static int
read_answer(int fd, char *text, size_t size)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t len = 0;
	ssize_t n;

	while (len + 1 < size && memchr(text, '\n', len) == NULL) {
		if (poll(&p, 1, ANSWER_MS) <= 0)
			return 0;
		n = recv(fd, text + len, size - 1 - len, 0);
		if (n == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	text[len] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	return len > 0;
}

int
simctl_ask(const char *path, const char *command, char *answer, size_t size)
{
	char text[SIMCTL_ANSWER_MAX], line[SIMCTL_ANSWER_MAX];
	int fd = sock_connect_unix(path, SOCK_STREAM, answer, size);
	int len = snprintf(line, sizeof(line), "%s\n", command);
	int got;

	if (fd == -1)
		return -1;
	if (len >= (int)sizeof(line) || strchr(command, '\n') != NULL) {
		snprintf(answer, size, "%s: the command is too long", path);
		close(fd);
		return -1;
	}
	(void)!send(fd, line, (size_t)len, MSG_NOSIGNAL);
	got = read_answer(fd, text, sizeof(text));
	close(fd);
	if (!got) {
		snprintf(answer, size, "%s: it does not answer", path);
		return -1;
	}
	if (strncmp(text, "OK", 2) == 0) {
		snprintf(answer, size, "%s", text + 2 + strspn(text + 2, " "));
		return 0;
	}
	if (strncmp(text, "ERR", 3) == 0) {
		snprintf(answer, size, "%s", text + 3 + strspn(text + 3, " "));
		return 1;
	}
	snprintf(answer, size, "%s: it says '%.80s'", path, text);
	return -1;
}

/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/log.h"

#define LOG_LINE_MAX 2048
#define SYSLOG "/dev/log"
#define SYSLOG_MS 50 /* a line waits so long for room there */

static const char *log_program = "holdup";
static int log_debugging;

void
log_init(const char *program, int debug)
{
	log_program = program;
	log_debugging = debug;
}

/* A log line is one write(2), so it is a datagram. One for which a syslogd that hangs has no
 * room is lost: the way down does not wait for it. */
void
log_to_syslog(void)
{
	const struct sockaddr_un sun = {.sun_family = AF_UNIX, .sun_path = SYSLOG};
	const struct timeval patience = {.tv_usec = SYSLOG_MS * 1000};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0) {
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		setenv("HOLDUP_SYSLOG", "yes", 1);
	} else {
		if (fd >= 0)
			close(fd);
		fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
		log_fatal_errno("cannot leave the terminal");
	close(fd);
}

/* One write(2) per line, so that lines of several processes do not mix. */
static void __attribute__((format(printf, 3, 0)))
log_line(int priority, int error, const char *format, va_list args)
{
	char line[LOG_LINE_MAX];
	size_t len = 0;
	int n;

	if (getenv("HOLDUP_SYSLOG") != NULL)
		len = (size_t)snprintf(line, sizeof(line), "<%d>", priority | LOG_DAEMON);
	else if (getenv("JOURNAL_STREAM") != NULL)
		len = (size_t)snprintf(line, sizeof(line), "<%d>", priority);
	len += (size_t)snprintf(line + len, sizeof(line) - len, "%s: ", log_program);
	n = vsnprintf(line + len, sizeof(line) - len, format, args);
	if (n > 0)
		len += (size_t)n;
	if (len < sizeof(line) && error != 0)
		len += (size_t)snprintf(
		    line + len, sizeof(line) - len, ": %s", strerror(error));
	if (len >= sizeof(line))
		len = sizeof(line) - 1;
	line[len++] = '\n';
	/* A full or closed log is no reason to stop working. */
	(void)!write(STDERR_FILENO, line, len);
}

void
log_debug(const char *format, ...)
{
	va_list args;

	if (log_debugging <= 0)
		return;
	va_start(args, format);
	log_line(LOG_DEBUG, 0, format, args);
	va_end(args);
}

void
log_info(const char *format, ...)
{
	va_list args;

	if (log_debugging < 0)
		return;
	va_start(args, format);
	log_line(LOG_INFO, 0, format, args);
	va_end(args);
}

void
log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_WARNING, 0, format, args);
	va_end(args);
}

void
log_warn_errno(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	log_line(LOG_WARNING, error, format, args);
	va_end(args);
}

void
log_fatal(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_line(LOG_ERR, 0, format, args);
	va_end(args);
	exit(1);
}

void
log_fatal_errno(const char *format, ...)
{
	int error = errno;
	va_list args;

	va_start(args, format);
	log_line(LOG_ERR, error, format, args);
	va_end(args);
	exit(1);
}

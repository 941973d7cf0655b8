/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/secret.h"
#include "lib/buf.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define CONNECT_MS 5000
#define CONNECT_S_MAX 86400
#define ANSWER_S 10
#define ERROR_MAX 64

struct client {
	int fd;
	struct buf in, out;
	struct words line;
	char error[ERROR_MAX];
};

/* RFC 9271, section 4.3, and the words that NUT's upsd has beside it. */
static const struct {
	const char *word, *sentence;
} sentences[] = {
    {"ACCESS-DENIED", "Access denied"},
    {"ALREADY-ATTACHED", "Already attached"},
    {"ALREADY-LOGGED-IN", "Already logged in"},
    {"ALREADY-SET-PASSWORD", "Already set password"},
    {"ALREADY-SET-USERNAME", "Already set username"},
    {"CMD-NOT-SUPPORTED", "Command not supported by UPS"},
    {"DATA-STALE", "Data stale"},
    {"DRIVER-NOT-CONNECTED", "Driver not connected"},
    {"FEATURE-NOT-CONFIGURED", "Feature not configured"},
    {"FEATURE-NOT-SUPPORTED", "Feature not supported"},
    {"INSTCMD-FAILED", "Instant command failed"},
    {"INVALID-ARGUMENT", "Invalid argument"},
    {"INVALID-PASSWORD", "Invalid password"},
    {"INVALID-USERNAME", "Invalid username"},
    {"INVALID-VALUE", "Invalid value"},
    {"PASSWORD-REQUIRED", "Password required"},
    {"READONLY", "Read-only variable"},
    {"SET-FAILED", "Set failed"},
    {"TOO-LONG", "Value too long"},
    {"UNKNOWN-COMMAND", "Unknown command"},
    {"UNKNOWN-UPS", "Unknown UPS"},
    {"USERNAME-REQUIRED", "Username required"},
    {"VAR-NOT-SUPPORTED", "Variable not supported by UPS"},
};

const char *
client_sentence(const char *word)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		if (strcmp(sentences[i].word, word) == 0)
			return sentences[i].sentence;
	return "Unknown error";
}

/* True when the host has an address; else NUT's clients say "No such host". */
static int
resolves(const char *host, const char *port)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;

	if (getaddrinfo(host, port, &hints, &found) != 0)
		return 0;
	freeaddrinfo(found);
	return 1;
}

/* How long to wait for a connection. */
static int
connect_ms(void)
{
	const char *said = getenv(CLIENT_TIMEOUT);
	long seconds = said == NULL ? 0 : strtol(said, NULL, 10);

	return seconds > 0 && seconds <= CONNECT_S_MAX ? (int)seconds * 1000 : CONNECT_MS;
}

/* Asks for the version of the protocol first: a server of ours takes who does for one that
 * bears every word of ups.status (net/readers.c). What it answers is of no interest. */
static void
introduce(struct client *c)
{
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;

	client_arg(c, "NETVER");
	client_ask(c, &answer, cause, sizeof(cause));
}

struct client *
client_open(const char *host, const char *port, char *cause, size_t size)
{
	struct timeval patience = {.tv_sec = ANSWER_S};
	struct client *c;
	char why[CLIENT_CAUSE_MAX];
	int fd;

	if (!resolves(host, port)) {
		snprintf(cause, size, "No such host");
		return NULL;
	}
	errno = 0;
	fd = sock_connect_tcp(host, port, connect_ms(), why, sizeof(why));
	if (fd == -1) {
		snprintf(cause, size, "Connection failure: %s",
		    errno != 0 ? strerror(errno) : why);
		return NULL;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	c = xcalloc(1, sizeof(*c));
	c->fd = fd;
	introduce(c);
	return c;
}

void
client_close(struct client *c)
{
	if (c == NULL)
		return;
	(void)!send(c->fd, "LOGOUT\n", 7, MSG_NOSIGNAL);
	close(c->fd);
	buf_free(&c->in);
	buf_free(&c->out);
	free(c);
}

void
client_arg(struct client *c, const char *text)
{
	if (c->out.len > 0)
		buf_puts(&c->out, " ");
	if (text[0] == '\0' || strpbrk(text, " \t\"\\=#") != NULL)
		buf_quoted(&c->out, text);
	else
		buf_puts(&c->out, text);
}

const char *
client_error(const struct client *c)
{
	return c->error;
}

/* Sends what was gathered as one line. */
static int
flush(struct client *c, char *cause, size_t size)
{
	ssize_t n;

	buf_puts(&c->out, "\n");
	while (c->out.len > 0) {
		n = send(c->fd, buf_head(&c->out), c->out.len, MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			snprintf(cause, size, "Write error: %s", strerror(errno));
			buf_clear(&c->out);
			return -1;
		}
		buf_consume(&c->out, (size_t)n);
	}
	return 0;
}

/* Reads until a whole line is there; returns its length without LF, or -1. */
static ssize_t
fill(struct client *c, char *cause, size_t size)
{
	char *lf = NULL, *room;
	ssize_t n;

	for (;;) {
		if (c->in.len > 0)
			lf = memchr(buf_head(&c->in), '\n', c->in.len);
		if (lf != NULL)
			return lf - buf_head(&c->in);
		if (c->in.len > WORDS_LINE_MAX) {
			snprintf(cause, size, "Line too long from the server");
			return -1;
		}
		room = buf_room(&c->in, WORDS_LINE_MAX);
		n = recv(c->fd, room, WORDS_LINE_MAX, 0);
		if (n > 0)
			buf_grew(&c->in, (size_t)n);
		else if (n == 0) {
			snprintf(cause, size, "Server disconnected");
			return -1;
		} else if (errno == EAGAIN) {
			snprintf(cause, size, "Server does not answer");
			return -1;
		} else if (errno != EINTR) {
			snprintf(cause, size, "Read error: %s", strerror(errno));
			return -1;
		}
	}
}

/* Reads one line into `w`; an ERR answer becomes its sentence and -1. */
static int
read_line(struct client *c, struct words *w, char *cause, size_t size)
{
	const char *why;
	ssize_t len = fill(c, cause, size);

	c->error[0] = '\0';
	if (len == -1)
		return -1;
	if (words_split(w, WORDS_PROTOCOL, buf_head(&c->in), (size_t)len, &why) != 0) {
		snprintf(cause, size, "Invalid response from the server (%s)", why);
		w->argc = -1;
	}
	buf_consume(&c->in, (size_t)len + 1);
	if (w->argc <= 0) {
		if (w->argc == 0)
			snprintf(cause, size, "Invalid response from the server");
		return -1;
	}
	if (strcmp(w->argv[0], "ERR") == 0) {
		snprintf(c->error, sizeof(c->error), "%s", w->argc > 1 ? w->argv[1] : "");
		snprintf(cause, size, "%s", client_sentence(c->error));
		return -1;
	}
	return 0;
}

int
client_ask(struct client *c, struct words *answer, char *cause, size_t size)
{
	if (flush(c, cause, size) != 0)
		return -1;
	return read_line(c, answer, cause, size);
}

int
client_list(struct client *c, void (*each)(void *arg, const struct words *line),
    void *arg, char *cause, size_t size)
{
	struct words *w = &c->line;

	if (client_ask(c, w, cause, size) != 0)
		return -1;
	if (strcmp(w->argv[0], "BEGIN") != 0) {
		snprintf(cause, size, "Invalid response from the server");
		return -1;
	}
	for (;;) {
		if (read_line(c, w, cause, size) != 0)
			return -1;
		if (strcmp(w->argv[0], "END") == 0)
			return 0;
		each(arg, w);
	}
}

int
client_login(
    struct client *c, const char *user, const char *password, char *cause, size_t size)
{
	char *asked_user = NULL, *asked_password = NULL;
	int result = -1;

	if (user == NULL && (user = asked_user = secret_user()) == NULL) {
		snprintf(cause, size, "Error reading from stdin!");
		goto out;
	}
	if (password == NULL && (password = asked_password = secret_password()) == NULL) {
		snprintf(cause, size, "Error reading from stdin!");
		goto out;
	}
	client_arg(c, "USERNAME");
	client_arg(c, user);
	if (client_ask(c, &c->line, cause, size) != 0)
		goto out;
	client_arg(c, "PASSWORD");
	client_arg(c, password);
	result = client_ask(c, &c->line, cause, size);
out:
	free(asked_user);
	if (asked_password != NULL)
		explicit_bzero(asked_password, strlen(asked_password));
	free(asked_password);
	return result;
}

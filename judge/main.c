/* SPDX-License-Identifier: ISC */
#include <crypt.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/fdarg.h"
#include "lib/judgesock.h"
#include "lib/log.h"
#include "lib/sandbox.h"

#define CALLERS 4 /* net, and net-to-be while one takes over; more wait in the queue */
#define NICE 10   /* a password can wait for those who look after the power */

_Static_assert(JUDGE_HASH_MAX >= CRYPT_OUTPUT_SIZE, "a hash may be longer");
_Static_assert(JUDGE_PASSWORD_MAX >= CRYPT_MAX_PASSPHRASE_SIZE, "so may a password");

static void
usage(FILE *to)
{
	fprintf(to, "usage: judge [-DV] -S FD\n"
		    "  -S  listening socket\n"
		    "  -D  say more\n"
		    "  -V  print the version and exit\n"
		    "holdupd starts this program and opens the descriptor for it.\n");
}

static int
read_options(int argc, char **argv)
{
	int c, listener = -1, debug = 0;

	while ((c = getopt(argc, argv, "DS:Vh")) != -1) {
		switch (c) {
		case 'D':
			log_init("judge", ++debug);
			break;
		case 'S':
			listener = fdarg(optarg, NULL);
			break;
		case 'V':
			printf("judge (holdup) %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind < argc || listener < 0) {
		usage(stderr);
		exit(1);
	}
	return listener;
}

/* Compares in constant time. */
static bool
same(const char *a, const char *b, size_t len)
{
	unsigned char differ = 0;

	for (size_t i = 0; i < len; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return differ == 0;
}

/* The one thing done here. Its memory, 16 MB and more, crypt gives back by itself; a hash
 * that takes for ever ends the process, and holdupd starts another. */
static enum judge_answer
judge(const struct judge_question *q)
{
	static struct crypt_data data;
	char full[JUDGE_HASH_MAX] = {0};
	const char *made;
	enum judge_answer answer;

	alarm(JUDGE_SECONDS);
	made = crypt_rn(q->password, q->hash, &data, (int)sizeof(data));
	alarm(0);
	if (made != NULL)
		strncpy(full, made, sizeof(full) - 1);
	if (made == NULL || made[0] == '*')
		answer = JUDGE_NO_HASH;
	else
		answer = same(full, q->hash, sizeof(full)) ? JUDGE_RIGHT : JUDGE_WRONG;
	explicit_bzero(&data, sizeof(data));
	explicit_bzero(full, sizeof(full));
	return answer;
}

/* Takes one question and answers it; -1 when the caller is gone or makes no sense. */
static int
serve(int fd)
{
	struct judge_question q;
	struct judge_verdict v;
	ssize_t n = recv(fd, &q, sizeof(q), MSG_WAITALL);

	if (n != sizeof(q) || q.hash[sizeof(q.hash) - 1] != '\0' ||
	    q.password[sizeof(q.password) - 1] != '\0')
		return -1;
	v.answer = judge(&q);
	explicit_bzero(&q, sizeof(q));
	return send(fd, &v, sizeof(v), MSG_NOSIGNAL) == sizeof(v) ? 0 : -1;
}

/* Who connects gets a free place, or is sent away. */
static void
admit(struct pollfd *fds)
{
	/* Half a question may not keep the others waiting. */
	const struct timeval patience = {.tv_sec = 1};
	int fd = accept4(fds[CALLERS].fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (int i = 0; i < CALLERS; i++)
		if (fds[i].fd < 0) {
			fds[i].fd = fd;
			return;
		}
	close(fd);
}

static void
run(int listener)
{
	struct pollfd fds[CALLERS + 1];

	for (int i = 0; i < CALLERS; i++)
		fds[i] = (struct pollfd){.fd = -1, .events = POLLIN};
	fds[CALLERS] = (struct pollfd){.fd = listener, .events = POLLIN};
	for (;;) {
		if (poll(fds, CALLERS + 1, -1) < 0) {
			if (errno != EINTR)
				log_fatal_errno("cannot wait for questions");
			continue;
		}
		for (int i = 0; i < CALLERS; i++)
			if (fds[i].fd >= 0 && fds[i].revents != 0 &&
			    serve(fds[i].fd) < 0) {
				close(fds[i].fd);
				fds[i].fd = -1;
			}
		if (fds[CALLERS].revents != 0)
			admit(fds);
	}
}

int
main(int argc, char **argv)
{
	int listener;

	log_init("judge", 0);
	listener = read_options(argc, argv);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(SANDBOX_JUDGE);
	if (setpriority(PRIO_PROCESS, 0, NICE) < 0)
		log_warn_errno("cannot stand back behind the others");
	run(listener);
	return 0;
}

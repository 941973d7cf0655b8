/* SPDX-License-Identifier: ISC */
/*
 * The least that a server made with libmicrohttpd can do: answers each request with one
 * file's bytes, from one thread. What web is measured against.
 *
 * usage: static FILE CONTENT-TYPE     prints its port
 */
#include <err.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum MHD_Result
answer(void *arg, struct MHD_Connection *c, const char *url, const char *method,
    const char *version, const char *body, size_t *size, void **request)
{
	struct MHD_Response *file = arg;

	(void)url;
	(void)method;
	(void)version;
	(void)body;
	(void)size;
	if (*request == NULL) { /* answered now, the connection would end */
		*request = arg;
		return MHD_YES;
	}
	return MHD_queue_response(c, MHD_HTTP_OK, file);
}

/* A file as an answer that is made once. */
static struct MHD_Response *
load(const char *path, const char *type)
{
	FILE *f = fopen(path, "r");
	struct MHD_Response *r;
	char *bytes = NULL;
	size_t len;

	if (f == NULL || (bytes = malloc(1 << 20)) == NULL)
		err(1, "%s", path);
	len = fread(bytes, 1, 1 << 20, f);
	fclose(f);
	r = MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
	if (r == NULL || MHD_add_response_header(r, "Content-Type", type) != MHD_YES)
		errx(1, "libmicrohttpd makes no answer");
	return r;
}

int
main(int argc, char **argv)
{
	struct MHD_Daemon *d;

	if (argc != 3)
		errx(1, "usage: static FILE CONTENT-TYPE");
	d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer,
	    load(argv[1], argv[2]), MHD_OPTION_END);
	if (d == NULL)
		errx(1, "libmicrohttpd does not start");
	printf("%u\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	for (;;)
		pause();
}

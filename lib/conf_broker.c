/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"
#include "lib/xmem.h"

#define PORT "1883" /* IANA's, without and with TLS */
#define PORT_TLS "8883"

static const char *const schemes[] = {"mqtt", "mqtts", NULL};

void
conf_broker_free(struct conf_broker *b)
{
	free(b->host);
	free(b->port);
	*b = (struct conf_broker){0};
}

int
conf_broker_read(struct conf_broker *b, const struct conf_line *line, const char *text)
{
	struct conf_url url;
	bool tls;

	if (!conf_url_read(&url, line, text, schemes, "mqtt://192.168.0.5"))
		return -1;
	if (*url.rest != '\0' && strcmp(url.rest, "/") != 0) {
		conf_fault(line,
		    "url of a broker ends behind its port, without \"%.40s\": topics "
		    "begin with what prefix = says. The line is ignored",
		    url.rest);
		return -1;
	}
	tls = strcmp(url.scheme, "mqtts") == 0;
	conf_broker_free(b);
	b->host = xstrdup(url.host);
	b->port = xstrdup(*url.port != '\0' ? url.port : tls ? PORT_TLS : PORT);
	b->tls = tls;
	return 0;
}

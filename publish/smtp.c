/* SPDX-License-Identifier: ISC */
#include "publish/smtp.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/log.h"

/* What is seen of the conversation. */
struct talk {
	const struct buf *mail;
	size_t sent;        /* bytes of it */
	char command[8];    /* the last one, "RCPT" */
	char refuses[8];    /* the last one that was refused */
	char to[256];       /* … to whom */
	char refusal[160];  /* the last answer that refuses something */
	struct buf refused; /* receivers */
	char why[CURL_ERROR_SIZE];
};

static size_t
on_read(char *bytes, size_t size, size_t count, void *arg)
{
	struct talk *t = arg;
	size_t room = size * count, left = t->mail->len - t->sent;
	size_t len = left < room ? left : room;

	memcpy(bytes, buf_head(t->mail) + t->sent, len);
	t->sent += len;
	return len;
}

/* A command of ours; no secret is kept. */
static void
on_command(struct talk *t, const char *line, size_t len)
{
	static const char rcpt[] = "RCPT TO:<";

	snprintf(t->command, sizeof(t->command), "%.*s", len < 4 ? (int)len : 4, line);
	if (len > strlen(rcpt) && memcmp(line, rcpt, strlen(rcpt)) == 0)
		snprintf(t->to, sizeof(t->to), "%.*s",
		    (int)strcspn(line + strlen(rcpt), ">\r\n"), line + strlen(rcpt));
}

/* An answer: one that refuses something is kept, for libcurl does not say it. */
static void
on_answer(struct talk *t, const char *line, size_t len)
{
	size_t n = 0;

	if (len < 4 || (*line != '4' && *line != '5'))
		return;
	for (; n < len && n < sizeof(t->refusal) - 1; n++)
		t->refusal[n] = line[n] >= ' ' && line[n] < 0x7f ? line[n] : ' ';
	while (n > 0 && t->refusal[n - 1] == ' ')
		n--;
	t->refusal[n] = '\0';
	memcpy(t->refuses, t->command, sizeof(t->refuses));
	if (strcmp(t->command, "RCPT") == 0)
		buf_printf(&t->refused, "%s%s", t->refused.len > 0 ? ", " : "", t->to);
}

static int
on_talk(CURL *curl, curl_infotype type, char *bytes, size_t len, void *arg)
{
	if (type == CURLINFO_HEADER_OUT)
		on_command(arg, bytes, len);
	else if (type == CURLINFO_HEADER_IN)
		on_answer(arg, bytes, len);
	return 0;
}

/* True when the server is this machine. */
static bool
is_here(const char *url)
{
	static const char *const names[] = {"localhost", "127.", "[::1]"};
	const char *host = strstr(url, "://");

	for (size_t i = 0; host != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strncasecmp(host + 3, names[i], strlen(names[i])) == 0) {
			const char *end = host + 3 + strlen(names[i]);

			if (i == 1 ? end[strspn(end, "0123456789.")] == '\0' ||
					 strchr(":/", end[strspn(end, "0123456789.")])
				   : *end == '\0' || strchr(":/", *end) != NULL)
				return true;
		}
	return false;
}

static void
set_server(CURL *curl, const struct conf_notify *c, char *authorities)
{
	const bool demand = c->password != NULL && !is_here(c->url);

	curl_easy_setopt(curl, CURLOPT_URL, c->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)SMTP_CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SMTP_TOTAL_S);
	curl_easy_setopt(
	    curl, CURLOPT_USE_SSL, (long)(demand ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	if (c->user != NULL)
		curl_easy_setopt(curl, CURLOPT_USERNAME, c->user);
	if (c->user != NULL && c->password != NULL)
		curl_easy_setopt(curl, CURLOPT_PASSWORD, c->password);
	if (authorities != NULL) {
		struct curl_blob pem = {
		    .data = authorities,
		    .len = strlen(authorities),
		    .flags = CURL_BLOB_COPY,
		};

		curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &pem);
	}
}

/* Whom it goes to; the list is the caller's. */
static struct curl_slist *
receivers(const char *list)
{
	struct curl_slist *to = NULL;
	char address[256];

	while (*list != '\0') {
		const size_t len = strcspn(list, ",");

		snprintf(address, sizeof(address), "%.*s", (int)len, list);
		to = curl_slist_append(to, address);
		list += len + (list[len] == ',' ? 1 : 0);
	}
	return to;
}

/* Why the server took nothing, by its last refusal. */
static void
judge_refusal(const struct talk *t, const char *host, struct via_outcome *o)
{
	const bool address =
	    strcmp(t->refuses, "RCPT") == 0 || strcmp(t->refuses, "MAIL") == 0;

	if (*t->refusal == '4') {
		o->verdict = VERDICT_AWAY;
		snprintf(o->cause, sizeof(o->cause), "%s does not take it now", host);
	} else if (strncmp(t->refusal, "53", 2) == 0) {
		o->verdict = VERDICT_DENIED;
		snprintf(o->cause, sizeof(o->cause),
		    "%s does not let us in: look at user = and password =", host);
	} else if (address) {
		o->verdict = VERDICT_DENIED;
		snprintf(o->cause, sizeof(o->cause),
		    "%s takes no mail for these: look at from = and to =", host);
	} else {
		o->verdict = VERDICT_REFUSED;
		snprintf(o->cause, sizeof(o->cause), "%s refuses this mail", host);
	}
	via_says(o, t->refusal);
}

/* What came of it. */
static void
judge(const struct conf_notify *c, CURLcode code, const struct talk *t,
    struct via_outcome *o)
{
	struct buf host = {0};
	const char *name;

	via_host(&host, c->url);
	name = buf_str(&host);
	*o = (struct via_outcome){.verdict = VERDICT_AWAY,
	    .unsure = code != CURLE_OK && t->sent == t->mail->len && *t->refusal == '\0'};
	if (code == CURLE_OK) {
		o->verdict = VERDICT_OK;
		if (*t->refusal != '\0' && t->refused.len > 0) {
			struct buf refused = t->refused;

			snprintf(o->cause, sizeof(o->cause), "%s takes none for %.150s",
			    name, buf_str(&refused));
			via_says(o, t->refusal);
		}
	} else if (code == CURLE_USE_SSL_FAILED) {
		o->verdict = VERDICT_DENIED;
		snprintf(o->cause, sizeof(o->cause),
		    "%s offers no TLS, and a password is not sent without: look at url = "
		    "(smtps://?)",
		    name);
	} else if (code == CURLE_LOGIN_DENIED) {
		o->verdict = VERDICT_DENIED;
		snprintf(o->cause, sizeof(o->cause),
		    "%s does not let us in: look at user = and password =", name);
		via_says(o, t->refusal);
	} else if (*t->refusal != '\0') {
		judge_refusal(t, name, o);
	} else {
		snprintf(o->cause, sizeof(o->cause), "%s does not answer (%s)%s", name,
		    code == CURLE_PEER_FAILED_VERIFICATION && *t->why != '\0'
			? t->why
			: curl_easy_strerror(code),
		    code == CURLE_PEER_FAILED_VERIFICATION
			? "; an authority of one's own is named by ca ="
			: "");
	}
	buf_free(&host);
}

void
smtp_send(const struct conf_notify *c, const struct buf *mail, char *authorities,
    struct via_outcome *o)
{
	struct talk t = {.mail = mail};
	struct curl_slist *to = receivers(c->to);
	CURL *curl = curl_easy_init();
	CURLcode code;

	if (curl == NULL)
		log_fatal("libcurl cannot be used");
	set_server(curl, c, authorities);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, c->from);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(curl, CURLOPT_READDATA, &t);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t.why);
	curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_talk);
	curl_easy_setopt(curl, CURLOPT_DEBUGDATA, &t);
	code = curl_easy_perform(curl);
	judge(c, code, &t, o);
	curl_easy_cleanup(curl);
	curl_slist_free_all(to);
	buf_free(&t.refused);
}

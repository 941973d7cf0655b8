/* SPDX-License-Identifier: ISC */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "publish/http.h"

struct http {
	CURL *curl;
	char why[CURL_ERROR_SIZE];
};

/* An answer that is read. */
struct reading {
	struct http_reply *reply;
	size_t max;
};

/* libcurl has some bytes of the body. Returning less ends the transfer: what is beyond is of
 * no use, and may have no end. */
static size_t
on_body(char *bytes, size_t size, size_t count, void *arg)
{
	const struct reading *r = arg;
	size_t len = size * count, room = r->max - r->reply->body.len;

	r->reply->cut = len > room;
	buf_add(&r->reply->body, bytes, len < room ? len : room);
	return len < room ? len : room;
}

struct http *
http_new(void)
{
	struct http *h = xcalloc(1, sizeof(*h));

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    (h->curl = curl_easy_init()) == NULL)
		log_fatal("libcurl cannot be used");
	return h;
}

void
http_free(struct http *h)
{
	curl_easy_cleanup(h->curl);
	curl_global_cleanup();
	free(h);
}

/* Who asks. */
static void
set_login(CURL *curl, const struct http_request *request)
{
	const char *password = request->password;

	if (request->user != NULL) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(curl, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(
		    curl, CURLOPT_PASSWORD, password == NULL ? "" : password);
	} else if (request->token != NULL) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
		curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, request->token);
	}
}

/* Method, headers and body; the list is the caller's. */
static struct curl_slist *
set_content(CURL *curl, const struct http_request *request)
{
	struct curl_slist *headers = NULL;

	for (size_t i = 0; i < request->nheaders; i++)
		headers = curl_slist_append(headers, request->headers[i]);
	if (request->body != NULL) {
		/* Who waits with its body for a "100 Continue" waits a second with most. */
		headers = curl_slist_append(headers, "Expect:");
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
		curl_easy_setopt(
		    curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_len);
	}
	if (request->method != NULL)
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	return headers;
}

static void
set_bounds(CURL *curl, const struct http_request *request)
{
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)HTTP_CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)HTTP_TOTAL_S);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "holdup/" HOLDUP_VERSION);
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
	if (request->authorities != NULL) {
		char *text =
		    xstrdup(request->authorities); /* for it is not const there */
		struct curl_blob pem = {
		    .data = text, .len = strlen(text), .flags = CURL_BLOB_COPY};

		curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &pem);
		free(text);
	}
}

/* Of a certificate it is of interest what is wrong with it. */
static const char *
why(const struct http *h, CURLcode code)
{
	return code == CURLE_PEER_FAILED_VERIFICATION && *h->why != '\0'
		   ? h->why
		   : curl_easy_strerror(code);
}

void
http_ask(struct http *h, struct http_request *request, struct http_reply *reply)
{
	struct reading reading = {
	    .reply = reply,
	    .max = request->answer_max > 0 ? request->answer_max : HTTP_BODY_MAX,
	};
	struct curl_slist *headers;
	curl_off_t after = 0;
	long sent = 0;
	CURLcode code;

	*reply = (struct http_reply){.body = reply->body};
	buf_clear(&reply->body);
	curl_easy_reset(h->curl); /* connections stay */
	curl_easy_setopt(h->curl, CURLOPT_URL, buf_str(&request->url));
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &reading);
	set_bounds(h->curl, request);
	set_login(h->curl, request);
	headers = set_content(h->curl, request);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->why);
	*h->why = '\0';
	code = curl_easy_perform(h->curl);
	curl_slist_free_all(headers);
	if (code != CURLE_OK && !reply->cut)
		reply->error = why(h, code);
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &reply->status);
	curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &after);
	curl_easy_getinfo(h->curl, CURLINFO_REQUEST_SIZE, &sent);
	reply->retry_after = (long)after;
	reply->sent = sent > 0;
}

void
http_request_free(struct http_request *request)
{
	buf_free(&request->url);
}

/* SPDX-License-Identifier: ISC */
#include <curl/curl.h>
#include <stdlib.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "out/http.h"

struct http {
	CURL *curl;
};

/* libcurl has some bytes of the body. */
static size_t
on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct http_reply *reply = arg;
	size_t len = size * count, room = HTTP_BODY_MAX - reply->body.len;

	buf_add(&reply->body, bytes, len < room ? len : room);
	return len;
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

void
http_get(struct http *h, struct http_request *request, struct http_reply *reply)
{
	CURLcode code;

	*reply = (struct http_reply){.body = reply->body};
	buf_clear(&reply->body);
	curl_easy_reset(h->curl); /* connections stay */
	curl_easy_setopt(h->curl, CURLOPT_URL, buf_str(&request->url));
	curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_CONNECTTIMEOUT, (long)HTTP_CONNECT_S);
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT, (long)HTTP_TOTAL_S);
	curl_easy_setopt(h->curl, CURLOPT_USERAGENT, "holdup/" HOLDUP_VERSION);
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, reply);
	if (request->user != NULL) {
		const char *password = request->password;

		curl_easy_setopt(h->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(h->curl, CURLOPT_USERNAME, request->user);
		curl_easy_setopt(
		    h->curl, CURLOPT_PASSWORD, password == NULL ? "" : password);
	}
	code = curl_easy_perform(h->curl);
	if (code == CURLE_OK)
		curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &reply->status);
	else
		reply->error = curl_easy_strerror(code);
}

/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/sha256.h"
#include "mqtt/client_id.h"
#include "mqtt/topics.h"

#define MACHINE_ID "/etc/machine-id"
#define MACHINE_ID_LEN 32

char *
client_id(char *out, size_t size, const char *name)
{
	/* The id itself is nobody else's business. */
	char text[sizeof("holdup mqtt ") + MACHINE_ID_LEN] = "holdup mqtt ";
	uint8_t digest[SHA256_SIZE];
	struct sha256 sha;
	char word[TOPIC_WORD_MAX];
	size_t len = strlen(text);
	int fd = open(MACHINE_ID, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd >= 0) {
		n = read(fd, text + len, MACHINE_ID_LEN);
		len += n > 0 ? (size_t)n : 0;
		close(fd);
	}
	sha256_begin(&sha);
	sha256_add(&sha, text, len);
	sha256_end(&sha, digest);
	snprintf(out, size, "holdup-%s-%02x%02x%02x", topic_word(word, name), digest[0],
	    digest[1], digest[2]);
	return out;
}

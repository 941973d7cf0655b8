/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/sha256.h"

static void
assert_digest(const uint8_t *digest, const char *wanted)
{
	char hex[2 * SHA256_SIZE + 1];

	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	assert_string_equal(hex, wanted);
}

/* The examples of FIPS 180-4, and lengths around a block as sha256sum(1) has them. */
static void
test_digest(void **state)
{
	static const struct {
		const char *text;
		size_t times;
		const char *digest;
	} rows[] = {
	    {"", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	    {"abc", 1,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	    {"a", 1000000,
		"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
	    {"a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
	    {"a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t digest[SHA256_SIZE];
		struct sha256 s;

		sha256_begin(&s);
		for (size_t n = 0; n < rows[i].times; n++)
			sha256_add(&s, rows[i].text, strlen(rows[i].text));
		sha256_end(&s, digest);
		assert_digest(digest, rows[i].digest);
	}
}

/* RFC 4231, 4.2 and 4.3. */
static void
test_hmac(void **state)
{
	uint8_t key[20], digest[SHA256_SIZE];
	struct sha256 s;

	memset(key, 0x0b, sizeof(key));
	hmac_begin(&s, key, sizeof(key));
	sha256_add(&s, "Hi There", 8);
	hmac_end(&s, key, sizeof(key), digest);
	assert_digest(
	    digest, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");

	hmac_begin(&s, "Jefe", 4);
	sha256_add(&s, "what do ya want ", 16);
	sha256_add(&s, "for nothing?", 12);
	hmac_end(&s, "Jefe", 4, digest);
	assert_digest(
	    digest, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_hmac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

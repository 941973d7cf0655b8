/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "setup/mdns.h"

/* The question as it goes over the wire: _nut._tcp.local, PTR, to the sender alone. */
static void
test_question(void **state)
{
	static const uint8_t wanted[] = {0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, '_', 'n',
	    'u', 't', 4, '_', 't', 'c', 'p', 5, 'l', 'o', 'c', 'a', 'l', 0, 0, 12, 0x80,
	    1};
	uint8_t out[64];

	assert_int_equal(mdns_question(out, sizeof(out)), sizeof(wanted));
	assert_memory_equal(out, wanted, sizeof(wanted));
	assert_int_equal(mdns_question(out, 10), 0);
}

/* The answer to a legacy query, as Avahi gives it: the question again, then PTR, SRV, TXT and
 * A, names by pointers. Offsets: the question's name at 12, "local" at 22. */
#define HEAD(answers, more) "\0\0\204\0\0\1\0" answers "\0\0\0" more
#define QUESTION "\4_nut\4_tcp\5local\0\0\14\0\1"
#define PTR "\300\14\0\14\0\1\0\0\0\12\0\12\7Pi \303\251tu\300\14" /* its name at 45 */
#define SRV "\300\55\0\41\0\1\0\0\0\12\0\13\0\0\0\0\15\246\2pi\300\26" /* "pi" at 73 */
#define TXT "\300\55\0\20\0\1\0\0\0\12\0\1\0"
#define A "\300\111\0\1\0\1\0\0\0\12\0\4\300\250\0\11"
#define AAAA "\300\111\0\34\0\1\0\0\0\12\0\20\375\0\0\0\0\0\0\0\0\0\0\0\0\0\0\11"

static void
assert_server(const struct mdns_server *s, const char *name, const char *host,
    const char *address, int port)
{
	assert_string_equal(s->name, name);
	assert_string_equal(s->host, host);
	assert_string_equal(s->address, address);
	assert_int_equal(s->port, port);
}

#define TAKE(servers, text) \
	mdns_take(servers, (const uint8_t *)(text), sizeof(text) - 1, "192.168.0.77")

static void
test_answers(void **state)
{
	struct mdns_servers s = {0};

	TAKE(&s, HEAD("\1", "\3") QUESTION PTR SRV TXT A);
	assert_int_equal(s.count, 1);
	assert_server(&s.list[0], "Pi \303\251tu", "pi.local", "192.168.0.9", 3494);

	/* The same again is not another one; an address of IPv6 does not take the place. */
	TAKE(&s, HEAD("\1", "\3") QUESTION PTR SRV TXT AAAA);
	assert_int_equal(s.count, 1);
	assert_string_equal(s.list[0].address, "192.168.0.9");

	/* No more than the name: its sender, and NUT's port. */
	s.count = 0;
	TAKE(&s, HEAD("\1", "\0") QUESTION PTR);
	assert_int_equal(s.count, 1);
	assert_server(&s.list[0], "Pi \303\251tu", "", "192.168.0.77", 3493);
}

/* What a terminal would obey is not in a name that is shown. */
static void
test_strange(void **state)
{
	struct mdns_servers s = {0};

	TAKE(&s, HEAD("\1", "\0") QUESTION "\300\14\0\14\0\1\0\0\0\12\0\12"
					   "\7\33[m\302\2330\377\300\14");
	assert_int_equal(s.count, 1);
	assert_string_equal(s.list[0].name, "?[m?0?");
}

/* What is no answer, or ends in its middle, adds nothing, or what came before. */
static void
test_faults(void **state)
{
	static const char whole[] = HEAD("\1", "\3") QUESTION PTR SRV TXT A;
	static const char loop[] =
	    HEAD("\1", "\0") QUESTION "\300\41\0\14\0\1\0\0\0\12\0\0";
	struct mdns_servers s = {0};

	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		uint8_t part[sizeof(whole)];

		memcpy(part, whole, len);
		s.count = 0;
		mdns_take(&s, part, len, "192.168.0.77");
		assert_true(s.count <= 1);
	}
	s.count = 0;
	TAKE(&s, loop);
	TAKE(&s,
	    "\0\0\0\0\0\1\0\1\0\0\0\0" QUESTION PTR); /* a question of somebody else */
	TAKE(&s, HEAD("\1", "\0") "\5_http\4_tcp\5local\0\0\14\0\1"
				  "\300\14\0\14\0\1\0\0\0\12\0\12\7Printer\300\14");
	assert_int_equal(s.count, 0);
}

/* More than anybody has. */
static void
test_many(void **state)
{
	struct mdns_servers s = {0};

	for (int i = 0; i < MDNS_SERVERS_MAX + 20; i++) {
		char packet[] = HEAD("\1", "\0") QUESTION PTR;

		packet[sizeof(packet) - 1 - 4] = (char)('0' + i / 10);
		packet[sizeof(packet) - 1 - 3] = (char)('0' + i % 10);
		TAKE(&s, packet);
	}
	assert_int_equal(s.count, MDNS_SERVERS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_question),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_strange),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

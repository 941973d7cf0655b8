/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "lib/allow.h"

/* The networks of a machine: a home's, a link-local one, a container's, a public one. */
static struct allow_net list[] = {
    {.interface = "eth0"},
    {.interface = "eth0"},
    {.interface = "wlan0"},
    {.interface = "eth1"},
    {.interface = "eth2"},
    {.interface = "eth3"},
};
static const char *const blocks[] = {"192.168.0.9/24", "fe80::9/64", "fd00:1::9/64",
    "203.0.113.9/24", "10.0.0.9/7", "169.254.3.9/16"};
static const struct allow_nets nets = {list, sizeof(list) / sizeof(list[0])};
static const struct allow_nets nowhere;

static int
setup(void **state)
{
	for (size_t i = 0; i < nets.count; i++)
		if (allow_block_read(&list[i].block, blocks[i]) < 0)
			return -1;
	return 0;
}

static const struct {
	const char *word, *address;
	bool allowed;
} matches[] = {
    {"localhost", "127.0.0.1", true},
    {"LocalHost", "127.255.1.2", true},
    {"localhost", "::1", true},
    {"localhost", "::ffff:127.0.0.1", true},
    {"localhost", "128.0.0.1", false},
    {"localhost", "::2", false},
    {"localhost", "::", false},
    {"localhost", "192.168.0.9", false},
    {"localhost", "unknown", false},
    {"localhost", "", false},

    /* In a private network of an interface, with that interface's prefix. */
    {"lan", "192.168.0.20", true},
    {"LAN", "192.168.0.9", true},
    {"lan", "::ffff:192.168.0.20", true},
    {"lan", "192.168.1.20", false},
    {"lan", "10.0.0.20", false}, /* 10.0.0.0/7 reaches beyond what is private */
    {"lan", "203.0.113.20", false},
    {"lan", "169.254.77.1", true},
    {"lan", "fd00:1::20", true},
    {"lan", "fd00:1:0:1::20", false},
    {"lan", "127.0.0.1", false},
    {"lan", "::1", false},
    {"lan", "8.8.8.8", false},
    /* Link-local: on its own interface. */
    {"lan", "fe80::20%eth0", true},
    {"lan", "fe80::20%wlan0", false},
    {"lan", "fe80::20%", false},
    {"lan", "fe80:0:0:1::20%eth0", false},

    {"192.168.0.20", "192.168.0.20", true},
    {"192.168.0.20", "::ffff:192.168.0.20", true},
    {"192.168.0.20", "192.168.0.21", false},
    {"192.168.0.0/23", "192.168.1.255", true},
    {"192.168.0.7/23", "192.168.1.255", true},
    {"192.168.0.0/23", "192.168.2.0", false},
    {"172.16.0.0/255.240.0.0", "172.31.0.1", true},
    {"172.16.0.0/255.240.0.0", "172.32.0.1", false},
    {"0.0.0.0/0", "8.8.8.8", true},
    {"0.0.0.0/0.0.0.0", "8.8.8.8", true},
    {"0.0.0.0/0", "2001:db8::1", false},
    {"::/0", "2001:db8::1", true},
    {"::/0", "8.8.8.8", true},
    {"2001:db8::/32", "2001:db8:ffff::1", true},
    {"2001:db8::/33", "2001:db8:ffff::1", false},
    {"2001:DB8::1", "2001:db8::1", true},
    {"fe80::1/128", "fe80::1%eth0", true},
    {"10.0.0.1/32", "10.0.0.1", true},
};

static void
test_matches(void **state)
{
	for (size_t i = 0; i < sizeof(matches) / sizeof(matches[0]); i++) {
		struct allow a;

		assert_int_equal(allow_read(&a, matches[i].word), 0);
		if (allow_matches(&a, matches[i].address, &nets) != matches[i].allowed)
			fail_msg("%s from %s", matches[i].word, matches[i].address);
		if (a.kind == ALLOW_LAN)
			assert_false(allow_matches(&a, matches[i].address, &nowhere));
	}
}

static void
test_no_words(void **state)
{
	static const char *const words[] = {"", "office", "lan0", "localhost,", "1.2.3",
	    "1.2.3.4.5", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/+1",
	    "1.2.3.4/1x", "1.2.3.4/0255", "1.2.3.4/255.0.255.0", "1.2.3.4/255.0.0",
	    "1.2.3.4/8/8", "/8", "::/129", "::/255.0.0.0", "::1/", ":::1", "fe80::1%eth0",
	    "192.168.0.256",
	    "1111111111111111111111111111111111111111111111111111111111111111111/1"};
	struct allow a;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (allow_read(&a, words[i]) == 0)
			fail_msg("\"%s\" was read", words[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_matches),
	    cmocka_unit_test(test_no_words),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/policy.h"
#include "lib/conf.h"

/*
 * One step of the policy, on battery, in a house of eight machines that hang on two UPSes:
 * runtime and charge of both fall, a second passes with each round.
 *
 *   step   prints nanoseconds for each step, its actions included
 */

#define ROUNDS 100000
#define FIRST_MS 100000

static const char ups_text[] = "[one]\ndriver = usbhid-ups\nport = auto\n"
			       "[two]\ndriver = usbhid-ups\nport = auto\n";
static const char upsmon_text[] = "MONITOR one@localhost 1 nut nut primary\n"
				  "MONITOR two@localhost 1 nut nut primary\n"
				  "MINSUPPLIES 1\nSHUTDOWNCMD /bin/true\n";
static const char holdup_text[] =
    "[plan]\nrestart = 30\n"
    "[machine a]\nlogin = a\nfeeds = one, two\nafter = 86400\ntakes = 60\n"
    "[machine b]\nlogin = b\nfeeds = one\ncharge = 1\ntakes = 60\n"
    "[machine c]\nlogin = c\nfeeds = two\nruntime = 20\ntakes = 1\n"
    "[machine d]\naddress = 10.0.0.4\nfeeds = one\nafter = 86400\ntakes = 1\n"
    "[machine e]\naddress = 10.0.0.5\nfeeds = two\nafter = 86400\ntakes = 1\n"
    "[machine f]\nhook = /bin/true\nafter = 86400\ntakes = 1\n"
    "[machine g]\nhook = /bin/true\nfeeds = two\nafter = 86400\ntakes = 1\n"
    "[machine h]\nlogin = h\nfeeds = one, two\nneeds = 2\nafter = 86400\ntakes = 1\n";

static struct policy_conf
conf_make(void)
{
	struct problems problems = {0};
	struct upsmon_conf monitors = {0};
	struct holdup_conf own = {0};
	struct ups_conf upses = {0};
	struct policy_conf conf;

	ups_conf_read(&upses, "ups.conf", ups_text, strlen(ups_text), &problems);
	upsmon_conf_read(
	    &monitors, "upsmon.conf", upsmon_text, strlen(upsmon_text), &problems);
	holdup_conf_read(
	    &own, "holdup.conf", holdup_text, strlen(holdup_text), &problems);
	policy_conf_make(&conf, &monitors, &upses, &own);
	problems_free(&problems);
	upsmon_conf_free(&monitors);
	holdup_conf_free(&own);
	ups_conf_free(&upses);
	return conf;
}

static unsigned long
step(struct policy *p, struct policy_event event, uint64_t now_ms)
{
	return policy_step(p, &event, now_ms)->count;
}

/* Both UPSes are there, and on battery. */
static void
begin(struct policy *p, uint64_t now_ms)
{
	static const char *const logins[] = {"a", "b", "c", "h"};

	for (size_t row = 0; row < 2; row++) {
		step(p,
		    (struct policy_event){
			.kind = POLICY_STATUS, .row = row, .status = "OB DISCHRG"},
		    now_ms);
		step(p,
		    (struct policy_event){
			.kind = POLICY_SOURCE, .row = row, .source = FEED_OK},
		    now_ms);
		step(p, (struct policy_event){.kind = POLICY_READ, .row = row}, now_ms);
	}
	for (unsigned long i = 0; i < sizeof(logins) / sizeof(logins[0]); i++)
		step(p,
		    (struct policy_event){.kind = POLICY_LOGIN,
			.row = i == 2,
			.session = i + 1,
			.address = "10.0.0.1",
			.account = logins[i]},
		    now_ms);
}

/* Values of both fall slowly, and start again before anything is decided. */
static unsigned long
live(struct policy *p, unsigned long *steps)
{
	unsigned long actions = 0;

	for (unsigned long i = 0; i < ROUNDS; i++) {
		uint64_t now_ms = FIRST_MS + i * 500;
		double part = (double)(i % 8) / 8.0;

		for (size_t row = 0; row < 2; row++) {
			actions += step(p,
			    (struct policy_event){.kind = POLICY_VALUE,
				.row = row,
				.value = POLICY_CHARGE,
				.number = 90.0 - part},
			    now_ms);
			actions += step(p,
			    (struct policy_event){.kind = POLICY_VALUE,
				.row = row,
				.value = POLICY_RUNTIME,
				.number = 3000.0 - part},
			    now_ms);
		}
		actions += step(p, (struct policy_event){.kind = POLICY_TIME}, now_ms);
		*steps += 5;
	}
	return actions;
}

int
main(void)
{
	struct policy_conf conf = conf_make();
	struct policy *p = policy_new(&conf, FIRST_MS);
	struct timespec from, to;
	unsigned long steps = 0, actions;
	double took;

	begin(p, FIRST_MS);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	actions = live(p, &steps);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	took =
	    (double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec);
	printf("%.0f %.2f\n", took / (double)steps, (double)actions / (double)steps);
	policy_free(p);
	policy_conf_free(&conf);
	return 0;
}

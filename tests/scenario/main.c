/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/scenario/house.h"

/*
 * house SEED                 one house, told in sentences
 * house [-kv] [-j JOBS] [-s FIRST] -n OUTAGES
 *                            houses from seed FIRST on, until there were so many outages;
 *                            the first in which something does not hold is told, exit 1;
 *                            -k: goes on, with a line for each
 */

#define JOBS_MAX 64
#define BOUNDS_FROM 5000

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: house SEED\n"
	      "       house [-kv] [-j JOBS] [-s FIRST] -n OUTAGES\n",
	    stderr);
	exit(2);
}

/* Houses of one job: every JOBS-th. */
static bool
work(unsigned long first, unsigned long jobs, unsigned long outages, bool go_on,
    struct count *count)
{
	bool good = true;

	for (unsigned long seed = first; count->outages < outages; seed += jobs)
		good &= house_run(seed, false, go_on, count);
	return good;
}

static void
add(struct count *sum, const struct count *c)
{
	unsigned long *to = (unsigned long *)sum;
	const unsigned long *from = (const unsigned long *)c;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += from[i];
}

/* Runs the jobs beside each other; false when one of them has failed. */
static bool
run_jobs(unsigned long first, unsigned long jobs, unsigned long outages, bool go_on,
    struct count *sum)
{
	struct count *counts = mmap(NULL, JOBS_MAX * sizeof(*counts),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool good = true;
	int status;

	if (counts == MAP_FAILED)
		return false;
	for (unsigned long i = 0; i < jobs; i++)
		if (fork() == 0)
			exit(!work(first + i, jobs, (outages + jobs - 1) / jobs, go_on,
			    &counts[i]));
	while (wait(&status) > 0)
		good &= WIFEXITED(status) && WEXITSTATUS(status) == 0;
	for (unsigned long i = 0; i < jobs; i++)
		add(sum, &counts[i]);
	return good;
}

/* Of a thousand machines that went off, so many may be excused. */
static const unsigned bounds[EXCUSES] = {
    [EXCUSE_BATTERY] = 25,
    [EXCUSE_BLIND] = 10,
    [EXCUSE_SLOW] = 1,
    [EXCUSE_AWAY] = 13,
    [EXCUSE_UNDECLARED] = 20,
    [EXCUSE_BOOTING] = 10,
    [EXCUSE_APART] = 1,
    [EXCUSE_SHORT] = 1,
};

/* Few enough are excused; a few outages prove nothing. */
static bool
in_bounds(const struct count *c)
{
	bool good = true;

	for (size_t i = 0; i < EXCUSES && c->outages >= BOUNDS_FROM; i++)
		if (c->excused[i] * 1000 > c->stops * bounds[i]) {
			printf("cut alive and excused: %lu of %lu, more than %u of 1000: "
			       "%s\n",
			    c->excused[i], c->stops, bounds[i], must_excuses[i]);
			good = false;
		}
	return good;
}

static void
print_counts(const struct count *c)
{
	printf("%lu houses, %lu outages, %lu cuts, %lu machines stopped, %lu came up, "
	       "%lu kills, %lu steps\n",
	    c->houses, c->outages, c->cuts, c->stops, c->returns, c->kills, c->steps);
	for (size_t i = 0; i < EXCUSES; i++)
		printf("cut alive, excused: %8lu %s\n", c->excused[i], must_excuses[i]);
	printf("stayed off: %lu without a way back, %lu not known to be off\n",
	    c->stranded[STRANDED_NO_WAY], c->stranded[STRANDED_UNKNOWN]);
}

int
main(int argc, char **argv)
{
	unsigned long first = 1, outages = 0, jobs = 1;
	struct count sum = {0};
	struct timespec begin, end;
	bool verbose = false, go_on = false, good;
	double took;
	int option;

	while ((option = getopt(argc, argv, "kvj:s:n:")) != -1) {
		switch (option) {
		case 'k':
			go_on = true;
			break;
		case 'v':
			verbose = true;
			break;
		case 'j':
			jobs = strtoul(optarg, NULL, 10);
			break;
		case 's':
			first = strtoul(optarg, NULL, 10);
			break;
		case 'n':
			outages = strtoul(optarg, NULL, 10);
			break;
		default:
			usage();
		}
	}
	if (jobs == 0 || jobs > JOBS_MAX || (outages == 0) == (optind == argc))
		usage();
	if (outages == 0) {
		house_run(strtoul(argv[optind], NULL, 10), true, false, &sum);
		print_counts(&sum);
		return 0;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	good = run_jobs(first, jobs, outages, go_on, &sum);
	if (!good && !go_on)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &end);
	took = (double)(end.tv_sec - begin.tv_sec) +
	       (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
	printf("%lu outages in %.1f s: %.0f/s\n", sum.outages, took,
	    (double)sum.outages / took);
	if (verbose)
		print_counts(&sum);
	return good && in_bounds(&sum) ? 0 : 1;
}

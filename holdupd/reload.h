/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_RELOAD_H
#define HOLDUPD_RELOAD_H

#include <stdbool.h>

#include "holdupd/children.h"
#include "holdupd/hosts.h"
#include "holdupd/listens.h"
#include "holdupd/renew.h"
#include "holdupd/runner.h"
#include "holdupd/setup.h"
#include "holdupd/sockets.h"
#include "holdupd/users.h"

/* Who has to do with it. */
struct reloaded {
	struct sockets *sockets;
	struct listens *listens, *pages;
	struct hosts *hosts;
	struct users *users;
	struct children *children;
	struct renew *renew;
	struct runner *runner;
};

/*
 * Reads the files again and puts what they say in the place of what runs: who is told
 * nothing new goes on, listeners that stay are not closed, net is told while it runs.
 * Returns 0, or -1, logged, when a file cannot be read or there would be nothing left to
 * do: then all stays as it is.
 */
int reload(struct setup *setup, const struct reloaded *r, bool debug);

#endif

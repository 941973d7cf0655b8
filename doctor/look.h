/* SPDX-License-Identifier: ISC */
#ifndef DOCTOR_LOOK_H
#define DOCTOR_LOOK_H

#include "check/check.h"
#include "cli/client.h"
#include "cli/target.h"
#include "doctor/doctor.h"
#include "doctor/facts.h"
#include "lib/state.h"

/*
 * The shell of the doctor: what several looks need is gathered once, then each gathers its
 * own and hands it to its judge. Nothing is changed on the machine. Who is not root sees
 * less, and is told so.
 */
struct doctor {
	struct check_conf *conf;
	struct check_list found; /* by check_all() */
	bool root;
	bool own;      /* a private installation */
	bool units;    /* this machine runs systemd */
	long pid;      /* of holdupd; 0: it does not run */
	double since;  /* s that it runs */
	char *pidfile; /* its path */
	char *log;     /* the last lines of its log; NULL: they cannot be read */
	struct target server;
	struct client *client; /* NULL: it does not answer, for `cause` */
	char cause[CLIENT_CAUSE_MAX];
	struct doctor_ups {
		char *name;
		char *error; /* NUT's sentence; NULL: it has fresh data */
		struct state *state;
	} * upses; /* that it serves */
	size_t nupses;
};

/* Gathers / releases. -1 after a message, when there is no folder to look at at all. */
int doctor_begin(struct doctor *d);
void doctor_end(struct doctor *d);

/* Takes all looks. */
void doctor_look(struct doctor *d, struct doctor_report *r);

/* The rows of looks[] in doctor.c. */
void look_battery(struct doctor *d, struct doctor_report *r);
void look_clients(struct doctor *d, struct doctor_report *r);
void look_clock(struct doctor *d, struct doctor_report *r);
void look_configuration(struct doctor *d, struct doctor_report *r);
void look_device(struct doctor *d, struct doctor_report *r);
void look_disk(struct doctor *d, struct doctor_report *r);
void look_drill(struct doctor *d, struct doctor_report *r);
void look_port(struct doctor *d, struct doctor_report *r);
void look_power(struct doctor *d, struct doctor_report *r);
void look_server(struct doctor *d, struct doctor_report *r);
void look_service(struct doctor *d, struct doctor_report *r);

/* True when files say that holdup is to do something on this machine / serve UPSes. */
bool look_wanted(const struct doctor *d);
bool look_serves(const struct doctor *d);

/* What can be written there. */
enum facts_folder look_folder(const char *path);

#endif

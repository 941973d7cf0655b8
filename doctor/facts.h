/* SPDX-License-Identifier: ISC */
#ifndef DOCTOR_FACTS_H
#define DOCTOR_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/check.h"
#include "doctor/doctor.h"
#include "hid/holders.h"

/*
 * What each look of the doctor has gathered, and its judge. A judge is pure: facts in,
 * sentences out. It says at least one sentence, a fine one where nothing is wrong. Strings
 * are the gatherer's.
 */

/* A HID device, or an HID interface on USB that is none to the kernel. */
struct facts_device {
	char name[160];  /* "051d:0002 Back-UPS CS 500" */
	char node[256];  /* "/dev/hidraw3"; "": it has none */
	char place[64];  /* "1-1.2:1.0": its USB interface, or "" */
	char driver[32]; /* the kernel's, of a device without node; "": none */
	char fault[128]; /* why its descriptor could not be read, or "" */
	uint16_t vendor;
	bool ups;     /* its descriptor has the power page */
	bool claimed; /* no node, for a program has it through usbfs */
	bool reached; /* group nut (in a private installation: who looks) may open it */
	struct holders holders;
};

struct facts_devices {
	struct facts_device *list;
	size_t count;
	const struct ups_conf *conf;
	bool rule;    /* udev has holdup's rule */
	bool group;   /* there is a group nut */
	bool own;     /* a private installation: no group and no rule is needed */
	bool root;    /* everybody's descriptors can be seen */
	bool virtual; /* the devices are sim's */
};
void judge_device(const struct facts_devices *f, struct doctor_report *r);

/* What `holdup check` has found. */
struct facts_configuration {
	const struct check_conf *conf;
	const struct check_list *found;
	bool root;
};
void judge_configuration(const struct facts_configuration *f, struct doctor_report *r);

/* A process. */
struct facts_process {
	long pid; /* 0: none */
	char name[32];
};

#define FACTS_OTHERS_MAX 8

struct facts_service {
	bool wanted;             /* something is configured that it would do */
	long pid;                /* of holdupd; 0: it does not run */
	double since;            /* s that it runs */
	char unit[64];           /* of systemd, that it belongs to; "": none */
	struct facts_process by; /* who started it */
	bool units;              /* this machine has systemd */
	bool own;                /* a private installation */
	bool log;                /* its log could be read */
	unsigned ends;           /* programs that ended and were started again, by it */
	char last[256];          /* the last of these lines; "" */
	struct facts_process others[FACTS_OTHERS_MAX]; /* NUT's daemons */
	size_t nothers;
};
void judge_service(const struct facts_service *f, struct doctor_report *r);

/* A port that holdup is to serve on. */
struct facts_port {
	const char *what; /* "NUT", "the page" */
	char address[64], port[32];
	bool taken;               /* somebody listens there */
	bool ours;                /* ... that is one of ours */
	struct facts_process who; /* pid 0: it cannot be seen */
};

struct facts_ports {
	struct facts_port *list;
	size_t count;
	bool root;
};
void judge_port(const struct facts_ports *f, struct doctor_report *r);

struct facts_server {
	bool wanted;       /* this machine serves */
	const char *where; /* "127.0.0.1:3493" */
	const char *cause; /* why it does not answer; NULL: it does */
	int maxage;        /* s */
	struct facts_ups {
		const char *name;
		const char *error;  /* NUT's sentence; NULL: it has fresh data */
		const char *status; /* NULL: it tells none */
	} * upses;
	size_t nupses;
};
void judge_server(const struct facts_server *f, struct doctor_report *r);

struct facts_clients {
	bool told;        /* the server told who is there */
	double since;     /* s that holdupd runs; 0: not known */
	const char *ups;  /* the first one, for remedies; NULL */
	const char *host; /* an address of this machine, for remedies */
	const struct ups_conf *conf;
	struct facts_machine {
		const char *name, *login, *address; /* of holdup.conf; the latter NULL */
		bool there;
		double ago; /* s since it was seen last, by history; negative: never */
	} * machines;
	size_t nmachines;
	struct facts_miss {
		char *address, *name;
		bool ups; /* it asked for a UPS; else its password was wrong */
		unsigned long count;
		long long ago; /* s */
	} * misses;
	size_t nmisses;
};
void judge_clients(const struct facts_clients *f, struct doctor_report *r);

struct facts_clock {
	int64_t now; /* Unix s */
	bool known;  /* the kernel tells whether it is synchronized */
	bool synchronized;
	const char *keeper; /* the program that does that here; NULL: none runs */
	double stepped;     /* s by which it was set since holdupd began; NAN */
	unsigned steps;     /* that history has of the last 7 days */
	const char *last;   /* the sentence of the last one, or NULL */
};
void judge_clock(const struct facts_clock *f, struct doctor_report *r);

enum facts_folder {
	FOLDER_FINE,
	FOLDER_MISSING,
	FOLDER_READONLY, /* its file system */
	FOLDER_REFUSED,  /* it may not be written */
	FOLDER_UNKNOWN,  /* who looks may not see it */
};

struct facts_power {
	bool wanted;      /* this machine is a primary, so that it cuts a UPS */
	const char *flag; /* POWERDOWNFLAG */
	enum facts_folder folder;
	bool late;        /* its file system is there in the last moments: / or /run */
	bool own;         /* a private installation: nothing is ever cut */
	bool units;       /* this machine has systemd */
	const char *hook; /* where the late hook is; NULL: nowhere */
	bool runs;        /* ... and it may be run */
};
void judge_power(const struct facts_power *f, struct doctor_report *r);

struct facts_battery {
	const char *ups;
	bool replace;            /* RB */
	const char *date;        /* battery.date, or battery.mfr.date; NULL */
	double age;              /* years by that; NAN */
	double health, sure;     /* percent, learned; NAN */
	const char *replaced_by; /* battery.date.replace; NULL */
	double learned, needed;  /* s that it lasts, and that the machines take; NAN */
	const char *result;      /* of the last test; NULL: none is told */
};
void judge_battery(const struct facts_battery *f, size_t n, struct doctor_report *r);

struct facts_drill {
	bool asked;        /* there was a server to ask */
	const char *cause; /* why the files could not be read; NULL */
	struct facts_fault {
		const char *machine; /* NULL: of the house */
		const char *text;
		bool grave;
	} * faults;
	size_t nfaults;
	const char **alive; /* who would be cut alive */
	size_t nalive;
};
void judge_drill(const struct facts_drill *f, struct doctor_report *r);

struct facts_disk {
	const char *what; /* "the history", "the outbox" */
	const char *path;
	bool wanted;
	enum facts_folder folder;
	double free; /* MB */
	bool inodes; /* there are some left */
};
void judge_disk(const struct facts_disk *f, size_t n, struct doctor_report *r);

#endif

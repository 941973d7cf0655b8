/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "core/policy_in.h"
#include "tests/unit/policy_house.h"

/*
 * What is believed of a UPS: traces of what its driver tells, and the second in which this
 * machine, its primary, shows FSD; with the sentence that says why.
 */

#define NEVER (-1.0)
#define OWN "[ups qnapups]\nhonest = no\n"
#define MOMENT "[machine me]\naddress = localhost\nafter = 60\n"
#define MOMENT_CHARGE "[machine me]\naddress = localhost\ncharge = 70\n"
/* What is known of most UPSes, on mains. */
#define KNOWN "0 charge 100; 0 chargelow 20; 0 runtime 1800; 0 runtimelow 120; "

/*
 * A trace is "SECOND WHAT VALUE" with semicolons between. WHAT is one of values[], or
 *   status    ups.status is VALUE           stale, lost, ok   its data are
 *   order     a self-test is ordered here   sleep             the machine sleeps VALUE s
 *   read      its data were read anew       restart           kill -9 of core
 *   login     a machine of that account is there
 *   fall      VALUE is "NAME FROM TO UNTIL": falls evenly, told every 2 s
 * It ends with "SECOND end", or a minute after its last word.
 */
struct trace {
	const char *name, *own, *monitor, *steps;
	double fsd_s;
	const char *log; /* it says this (!: it does not); NULL: whatever */
};

static const struct {
	const char *name;
	enum policy_value value;
} values[] = {
    {"charge", POLICY_CHARGE},
    {"chargelow", POLICY_CHARGE_LOW},
    {"runtime", POLICY_RUNTIME},
    {"runtimelow", POLICY_RUNTIME_LOW},
    {"voltage", POLICY_VOLTAGE},
    {"voltagelow", POLICY_VOLTAGE_LOW},
    {"input", POLICY_INPUT_VOLTAGE},
    {"load", POLICY_LOAD},
    {"testing", POLICY_TESTING},
};

static const struct trace flag_traces[] = {
    {"half a second at transfer", OWN, "",
	KNOWN "10 status OB LB; 10.5 status OB; 60 end", NEVER,
	"LB for 0.5 s was not believed: charge 100 % (low at 20 %), runtime 1800 s"},
    {"two polls, and the mains is back", OWN, "",
	KNOWN "10 status OB; 12 status OB LB; 16 status OL", NEVER,
	"LB for 4.0 s was not believed"},
    {"half a second, though it fits", OWN, "",
	KNOWN "9 charge 15; 10 status OB LB; 10.5 status OB", NEVER, NULL},
    {"two polls that fit", OWN, "", KNOWN "9 charge 15; 10 status OB LB; 14 status OB",
	11, "on battery and low: LB for 1.0 s, charge 15 % (low at 20 %)"},
    {"it lasts, and all denies it", OWN, "", KNOWN "10 status OB LB", 25,
	"low: LB for 15.0 s, charge 100 %"},
    {"nearly all denies it", OWN, "", KNOWN "9 charge 26; 10 status OB LB", 25, NULL},
    {"the charge fits, nearly", OWN, "", KNOWN "9 charge 25; 10 status OB LB", 11, NULL},
    {"the charge fits later", OWN, "",
	KNOWN "10 status OB LB; 18 charge 60; 20 charge 19", 20, NULL},
    {"the charge fits without a mark", OWN, "", "0 charge 25; 10 status OB LB", 11, NULL},
    {"the charge denies it without a mark", OWN, "", "0 charge 26; 10 status OB LB", 25,
	NULL},
    {"the runtime fits", OWN, "", KNOWN "9 runtime 144; 10 status OB LB", 11, NULL},
    {"the runtime denies it", OWN, "", KNOWN "9 runtime 145; 10 status OB LB", 25, NULL},
    {"the runtime fits without a mark", OWN, "", "0 runtime 120; 10 status OB LB", 11,
	NULL},
    {"a charge that cannot be is none", OWN, "", "9 charge -1; 10 status OB LB", 13,
	NULL},
    {"no runtime is told as 0", OWN, "", KNOWN "9 runtime 0; 10 status OB LB", 25, NULL},
    {"the voltage fits", OWN, "", "0 voltage 11; 0 voltagelow 11; 10 status OB LB", 11,
	"11.0 V (low at 11.0 V)"},
    {"a voltage without a mark is nothing", OWN, "", "0 voltage 11; 10 status OB LB", 13,
	NULL},
    {"nothing is known", OWN, "", "10 status OB LB", 13, "LB for 3.0 s"},
    {"honest", OWN "[ups qnapups]\nhonest = yes\n", "", KNOWN "10 status OB LB", 10,
	"ups qnapups: on battery and low, charge 100 % (low at 20 %), runtime 1800 s "
	"(low at 120 s); forced shutdown"},
    {"OBLBDURATION for an honest one", OWN "[ups qnapups]\nhonest = yes\n",
	"OBLBDURATION 7\n", KNOWN "10 status OB LB", 17, NULL},
    {"OBLBDURATION is a minimum", OWN, "OBLBDURATION 7\n",
	KNOWN "9 charge 15; 10 status OB LB", 17, NULL},
    {"OBLBDURATION does not shorten", OWN, "OBLBDURATION 7\n", KNOWN "10 status OB LB",
	25, NULL},
    {"jitter of the charge", OWN, "",
	KNOWN "10 status OB LB; 12 charge 25; 12.5 charge 27; 13 charge 25; 13.4 end", 12,
	NULL},
    {"LB on mains", OWN, "", KNOWN "9 charge 5; 10 status OL LB", NEVER, NULL},
    {"a sleep in the middle", OWN, "", "10 status OB LB; 11 sleep 20; 31.5 read; 60 end",
	36, NULL},
    {"a long sleep in the middle", OWN, "",
	"10 status OB LB; 11 sleep 20; 45 read; 60 end", 48, NULL},
    {"a restart in the middle", OWN, "",
	"10 status OB LB; 11 restart; 11.5 status OB LB; 11.5 ok; 11.5 read; 60 end", 13,
	NULL},
};

#define TEST_END "; 40 status OL; 100 end"

static const struct trace test_traces[] = {
    {"ups.test.result", OWN, "",
	KNOWN "0 testing 0; 9 testing 1; 10 status OB; 12 charge 5; 12 status OB "
	      "LB" TEST_END,
	NEVER, "on battery for a self-test (ups.test.result): no outage"},
    {"... is told late", OWN, "",
	KNOWN "0 testing 0; 10 status OB; 10.5 charge 5; 10.5 status OB LB; 11 testing "
	      "1" TEST_END,
	NEVER, NULL},
    {"... is told too late", OWN, "",
	KNOWN "0 testing 0; 10 status OB; 41 testing 1; 42 charge 5; 42 status OB LB", 43,
	NULL},
    {"... is told late, behind TEST", OWN, "",
	KNOWN "0 testing 0; 10 status OB TEST; 45 testing 1; 46 charge 5; 46 status OB "
	      "LB TEST; 60 status OL; 100 end",
	NEVER, "!this is an outage"},
    {"... and TEST late behind it", OWN, "",
	KNOWN "0 testing 0; 9 testing 1; 10 status OB; 45 status OB TEST; 46 charge 5; "
	      "46 status OB LB TEST; 60 status OL; 100 end",
	NEVER, "!this is an outage"},
    {"... is told late, while it is lost", OWN, "",
	KNOWN "0 testing 0; 10 status OB TEST; 11 stale; 48 testing 1; 48.5 status OB "
	      "TEST; 48.5 ok; 60 status OL; 100 end",
	NEVER, "!this counts as an outage"},
    {"... is stuck", OWN, "",
	KNOWN "0 testing 0; 5 testing 1; 100 charge 5; 100 status OB LB", 101, NULL},
    {"... is stuck since before we live", OWN, "",
	KNOWN "0 testing 1; 10 charge 5; 10 status OB LB", 11, NULL},
    {"TEST, deep", OWN, "",
	KNOWN "10 status OB TEST; 500 charge 5; 500 status OB LB TEST; 600 status OL",
	NEVER, "on battery for a self-test (TEST): no outage"},
    {"... ends low", OWN, "",
	KNOWN "10 status OB TEST; 500 charge 5; 500 status OB LB TEST; 502 status OB LB; "
	      "510 status OL",
	NEVER, NULL},
    {"... is over, and OB stays", OWN, "",
	KNOWN "10 status OB TEST; 50 charge 5; 50 status OB LB TEST; 52 status OB LB", 63,
	"on battery for 52 s, which no test explains: this is an outage"},
    {"... has no end", OWN, "",
	KNOWN "10 status OB TEST; 500 charge 5; 500 status OB LB TEST; 1000 end", 911,
	NULL},
    {"the mains fails meanwhile", OWN, "",
	KNOWN "0 input 230; 10 status OB TEST; 12 charge 5; 12 status OB LB TEST; "
	      "20 input 0; 60 end",
	24, "input voltage is 0 V: this is an outage"},
    {"the mains fails just before", OWN, "",
	KNOWN "0 input 230; 8 input 0; 12 status OB TEST; 12 charge 5; 12 status OB LB "
	      "TEST; 60 end",
	13, NULL},
    {"the mains stays meanwhile", OWN, "",
	KNOWN "0 input 230; 10 status OB TEST; 12 charge 5; 12 status OB LB TEST; "
	      "20 input 180; 60 end",
	NEVER, NULL},
    {"ordered", OWN, "",
	KNOWN "8 order 1; 10 status OB; 11 charge 5; 11 status OB LB" TEST_END, NEVER,
	"on battery for a self-test that was ordered: no outage"},
    {"... of which nothing else tells", OWN, "",
	KNOWN "8 order 1; 10 status OB; 11 charge 5; 11 status OB LB; 200 end", 129,
	NULL},
    {"... deep", OWN, "",
	KNOWN "8 order 2; 10 status OB; 11 charge 5; 11 status OB LB; 800 end", NEVER,
	NULL},
    {"... too long ago", OWN, "", KNOWN "8 order 2; 24 charge 5; 24 status OB LB", 25,
	NULL},
    {"... long ago", OWN, "", KNOWN "8 order 2; 70 charge 5; 70 status OB LB", 71, NULL},
    {"... and over", OWN, "",
	KNOWN "8 order 2; 10 status OB; 20 status OL; 40 charge 5; 40 status OB LB", 41,
	NULL},
    {"... and over, a moment before", OWN, "",
	KNOWN
	"8 order 2; 10 status OB; 20 status OL; 22 charge 5; 22 status OB LB; 60 end",
	23, NULL},
    {"... and stopped", OWN, "",
	KNOWN "8 order 2; 9 order 0; 12 charge 5; 12 status OB LB; 60 end", 13, NULL},
    {"a sleep in the middle", OWN, "",
	KNOWN "10 status OB TEST; 12 charge 5; 20 sleep 20; 41 read; 50 status OB LB "
	      "TEST; 900 end",
	NEVER, NULL},
    {"a restart in the middle", OWN, "",
	KNOWN
	"10 status OB TEST; 12 charge 5; 20 restart; 20.5 status OB LB TEST; 20.5 ok; "
	"20.5 read; 500 end",
	NEVER, NULL},
    {"calibration", OWN, "",
	KNOWN "10 status OB CAL; 500 charge 5; 500 status OB LB CAL; 2000 end", NEVER,
	"on battery for a calibration (CAL): no outage"},
    {"... without its moment", OWN MOMENT, "", KNOWN "10 status OB CAL; 500 end", NEVER,
	NULL},
    {"... when the mains fails", OWN, "",
	KNOWN "0 input 230; 10 status OB CAL; 12 charge 5; 12 status OB LB CAL; 20 "
	      "input 0; 60 end",
	24, NULL},
    {"... is lost", OWN, "", KNOWN "10 status OB CAL; 20 lost; 60 end", 25,
	"lost in a calibration"},
    {"... is lost for a moment", OWN, "",
	KNOWN "10 status OB CAL; 20 stale; 24 ok; 60 end", NEVER, NULL},
    {"a test is lost", OWN, "", "10 status OB TEST; 20 lost; 900 end", NEVER,
	"on battery for a self-test (TEST): no outage"},
    {"... and its values are known", OWN MOMENT, "",
	KNOWN "10 status OB TEST; 12 charge 5; 20 lost; 1200 end", NEVER, NULL},
    {"... and the mains with it", OWN, "",
	KNOWN "0 input 230; 10 status OB TEST; 12 input 0; 20 lost; 900 end", 740,
	"lost on battery for 720 s: by estimate"},
    {"... and is found on battery", OWN, "",
	"10 status OB TEST; 20 lost; 100 status OB; 100 ok; 100 read; 130 status OB LB; "
	"140 end",
	133, NULL},
};

static const struct trace fall_traces[] = {
    /* 60 s are needed where nothing is planned: at 60 % with 1 % a second. */
    {"the charge falls fast", OWN, "",
	KNOWN "10 status OB; 10 fall charge 100 20 90; 90 end", 50,
	"falls by 1.00 % a second: empty in 60 s, 60 s are needed"},
    {"... faster than it is learned", OWN, "",
	KNOWN "10 status OB; 10 fall charge 100 4 42; 43 end", 32, NULL},
    {"... slowly", OWN, "", KNOWN "10 status OB; 10 fall charge 100 70 310; 320 end",
	NEVER, NULL},
    {"... and stops", OWN, "", KNOWN "10 status OB; 10 fall charge 100 70 40; 500 end",
	NEVER, NULL},
    /* What is learned in the mean may be an eighth off. */
    {"... and stops, and is lost", OWN, "",
	"0 charge 100; 0 chargelow 20; 0 runtime 1800; 0 runtimelow 0; 10 status OB; 10 "
	"fall charge 100 64 46; 100 lost; 800 end",
	148.3, "after the fall of its charge in the mean"},
    {"... and is lost in the next outage", OWN, "",
	"0 load 50; 0 charge 100; 0 chargelow 20; 10 status OB; 10 fall charge 100 90 "
	"110; "
	"120 status OL; 200 charge 100; 300 load 25; 310 status OB; 320 lost; 2000 end",
	1147.6, "after the fall of its charge in the mean"},
    {"... too little to teach", OWN, "",
	"0 charge 100; 0 chargelow 20; 10 status OB; 50 charge 98; 120 lost; 800 end",
	237, "after nothing but its charge"},
    {"... after a long sleep", OWN, "",
	KNOWN "10 status OB; 10 fall charge 100 97 30; 30 sleep 600; 631 read; 640 fall "
	      "charge 97 4 671; 672 end",
	656, NULL},
    {"... on mains", OWN, "", KNOWN "10 fall charge 100 4 42; 43 end", NEVER, NULL},
    {"a gauge jumps", OWN, "", KNOWN "10 status OB; 20 charge 80; 22 charge 30; 500 end",
	NEVER, NULL},
    {"... and goes on slowly", OWN, "",
	KNOWN "10 status OB; 20 charge 80; 22 charge 30; 52 charge 29; 82 charge 28; 112 "
	      "charge 27; 500 end",
	NEVER, NULL},
    {"... and there and back", OWN, "",
	KNOWN "10 status OB; 20 charge 0; 22 charge 99; 40 charge 0; 42 charge 98; 500 "
	      "end",
	NEVER, NULL},
    {"... for two samples", OWN, "",
	KNOWN "10 status OB; 20 charge 80; 45 charge 20; 500 end", NEVER, NULL},
    /* From 40 s on 0.02 V a second; empty at 83 % of what it had there, 12.0 V. */
    {"stuck at 100 %, the voltage falls", OWN, "",
	"0 charge 100; 0 voltage 13.6; 10 status OB; 11 voltage 12; 41 fall voltage 12 "
	"10 141; 141 end",
	84, "V falls by 0.020 V a second: empty in"},
    {"the voltage falls to its mark", OWN, "",
	"0 charge 100; 0 voltage 13.6; 0 voltagelow 11; 10 status OB; 11 voltage 12; 41 "
	"fall voltage 12 10 141; 141 end",
	64, NULL},
    {"the voltage drops as the battery begins", OWN, "",
	"0 voltage 13.6; 10 fall voltage 13.6 12 30; 30 voltage 12; 9 status OB; 300 end",
	NEVER, NULL},
    {"a planned machine needs more", OWN "[machine nas]\nlogin = nas\nafter = 900\n", "",
	"0 login nas; " KNOWN "10 status OB; 20 runtime 100; 500 end", 23,
	"runtime 100 s, 260 s are needed"},
    {"... for one bad reading", OWN "[machine nas]\nlogin = nas\nafter = 900\n", "",
	"0 login nas; " KNOWN "10 status OB; 20 runtime 60; 22 runtime 1700; 500 end",
	NEVER, NULL},
    {"nobody planned needs it", OWN, "", KNOWN "10 status OB; 20 runtime 60; 500 end",
	NEVER, NULL},
    {"a sleep in the middle", OWN, "",
	KNOWN "10 status OB; 10 fall charge 100 86 24; 24 sleep 20; 45 read; 45 charge "
	      "70; 47 charge 69; 500 end",
	NEVER, NULL},
};

static const struct trace line_traces[] = {
    {"OL without input voltage", OWN MOMENT, "", "0 input 230; 10 input 0; 200 end", 70,
	"OL is not believed: the input voltage is 0 V for 3 s"},
    {"... and low", OWN, "", "0 charge 5; 0 input 230; 10 input 0; 15 status OL LB", 16,
	NULL},
    {"... that is always 0", OWN MOMENT, "", "0 input 0; 200 end", NEVER, NULL},
    {"... for 2 s", OWN MOMENT, "", "0 input 230; 10 input 0; 12 input 230; 200 end",
	NEVER, NULL},
    {"... and it is back", OWN MOMENT, "",
	"0 input 230; 10 input 0; 40 input 230; 200 end", NEVER, "OL is believed again"},
    {"... and OB follows", OWN MOMENT, "",
	"0 input 230; 10 input 0; 20 status OB; 200 end", 70, NULL},
    {"... told after the mains is back", OWN MOMENT, "",
	"0 input 230; 10 status OB; 10 input 0; 40 status OL; 95 input 230; 200 end",
	NEVER, "!believed"},
    {"... a sleep in the middle", OWN MOMENT, "",
	"0 input 230; 10 input 0; 11 sleep 20; 31 read; 200 end", 91, NULL},
    {"... a restart in the middle", OWN MOMENT, "",
	"0 input 230; 10 input 0; 20 restart; 20.5 status OL; 20.5 ok; 20.5 read; 200 "
	"end",
	70, NULL},
    {"a moment", OWN MOMENT, "", KNOWN "10 status OB; 200 end", 70,
	"60 s on battery (after = 60)"},
    {"... of charge", OWN MOMENT_CHARGE, "",
	KNOWN "10 status OB; 20 charge 90; 30 charge 70; 60 end", 33,
	"charge 70 % (charge = 70)"},
    {"... of charge, for one bad reading", OWN MOMENT_CHARGE, "",
	KNOWN "10 status OB; 20 charge 0; 22 charge 99; 60 end", NEVER, NULL},
    {"... of charge, on mains", OWN MOMENT_CHARGE, "",
	KNOWN "20 charge 50; 60 status OB; 90 end", 60, NULL},
    {"... anew with each outage", OWN MOMENT, "",
	KNOWN "10 status OB; 60 status OL; 61 status OB; 200 end", 121, NULL},
    {"... known at the first reading", OWN MOMENT, "", "0 status OB; 200 end", 60, NULL},
    {"... a sleep in the middle", OWN MOMENT, "",
	"10 status OB; 20 sleep 100; 121 read; 200 end", 125, NULL},
    {"... a restart in the middle", OWN MOMENT, "",
	"10 status OB; 30 restart; 30.5 status OB; 30.5 ok; 30.5 read; 200 end", 70,
	NULL},
    {"... slept away", OWN MOMENT, "",
	"10 status OB; 20 sleep 100; 121 status OL; 121 read; 200 end", NEVER, NULL},
    {"bypass", OWN, "", "10 status OL BYPASS; 500 end", NEVER, NULL},
    {"bypass, lost", OWN, "", "10 status OL BYPASS; 20 lost; 60 end", 25,
	"lost, and on bypass before"},
    {"bypass, lost for a moment", OWN, "", "10 status OL BYPASS; 20 lost; 24 ok; 60 end",
	NEVER, NULL},
    {"off for 29 s", OWN, "", "10 status OFF; 39 status OL; 90 end", NEVER, NULL},
    {"off for 31 s", OWN, "", "10 status OFF; 41 status OL; 90 end", 40,
	"off for 30 s (OFFDURATION)"},
    {"off never counts", OWN, "OFFDURATION -1\n", "10 status OFF; 90 lost; 500 end",
	NEVER, NULL},
    {"off, lost", OWN, "", "10 status OFF; 12 lost; 60 end", 17,
	"lost, and off before (OFFDURATION)"},
    {"off, a sleep in the middle", OWN, "",
	"10 status OFF; 30 sleep 20; 51 read; 100 end", 80, NULL},
    {"off, a restart in the middle", OWN, "",
	"10 status OFF; 30 restart; 30.5 status OFF; 30.5 ok; 30.5 read; 90 end", 40,
	NULL},
    {"overload", OWN, "OVERDURATION 20\n", "10 status OL OVER; 100 end", NEVER, NULL},
    {"overload, lost", OWN, "OVERDURATION 20\n", "10 status OL OVER; 12 lost; 60 end", 30,
	"lost, and overloaded before (OVERDURATION)"},
    {"overload, lost, is nothing", OWN, "", "10 status OL OVER; 12 lost; 60 end", NEVER,
	NULL},
    {"overload, a sleep in the middle", OWN, "OVERDURATION 20\n",
	"10 status OL OVER; 12 lost; 14 sleep 20; 60 end", 54, NULL},
    {"alarm", OWN, "", "10 status ALARM OL; 500 end", NEVER, NULL},
    {"alarm, lost", OWN, "", "10 status ALARM OL; 20 lost; 60 end", 25,
	"lost, and in an alarm before (ALARMCRITICAL)"},
    {"alarm, lost, is nothing", OWN, "ALARMCRITICAL 0\n",
	"10 status ALARM OL; 20 lost; 60 end", NEVER, NULL},
    {"trimming, lost", OWN, "", "10 status OL TRIM; 20 lost; 60 end", NEVER, NULL},
};

static const struct trace lost_traces[] = {
    /* 80 % last 1200 s: 20 % in 900 s, half of which are 450 s. */
    {"lost on battery", OWN, "",
	KNOWN "10 status OB; 15 charge 80; 15 runtime 1200; 20 lost; 600 end", 470,
	"lost on battery for 450 s: by estimate, after the runtime that it told, 750 s "
	"are left"},
    {"stale on battery", OWN, "",
	KNOWN "10 status OB; 15 charge 80; 15 runtime 1200; 20 stale; 600 end", 470,
	NULL},
    /* ... 80 % last 240 s where 300 s are all that can be hoped for: 180 s, 90 s. */
    {"only the charge is known", OWN, "",
	"0 charge 80; 0 chargelow 20; 10 status OB; 20 lost; 600 end", 110,
	"after nothing but its charge"},
    {"only the runtime is known", OWN, "",
	"0 runtime 1000; 0 runtimelow 200; 10 status OB; 20 lost; 600 end", 420, NULL},
    /* 0.2 % a second: 82 % at 100 s are 410 s, 290 s to the mark of the runtime. */
    {"the fall is known", OWN, "",
	KNOWN "10 status OB; 10 fall charge 100 82 100; 100 lost; 600 end", 245,
	"after the fall of its charge"},
    {"the need is longer than half", OWN, "",
	KNOWN "10 status OB; 15 charge 30; 15 chargelow 0; 15 runtime 100; 15 runtimelow "
	      "0; 20 lost; 600 end",
	60, NULL},
    {"near its mark", OWN, "", KNOWN "10 status OB; 15 charge 20; 20 lost; 600 end", 35,
	NULL},
    {"nothing is known", OWN, "", "10 status OB; 20 lost; 100 end", 35,
	"lost on battery for DEADTIME"},
    {"a blip", OWN, "", "10 status OB; 20 lost; 24 ok; 100 end", NEVER, NULL},
    {"a blip with values", OWN, "",
	KNOWN "10 status OB; 15 charge 21; 20 lost; 24 ok; 100 end", NEVER, NULL},
    {"it is back before", OWN, "",
	KNOWN "10 status OB; 15 charge 80; 15 runtime 1200; 20 lost; 460 ok; 900 end",
	NEVER, "the estimate ends after 440 s: its values are back"},
    {"the mains was back before", OWN MOMENT, "",
	KNOWN "10 status OB; 20 lost; 60 status OL; 60 ok; 900 end", NEVER, NULL},
    {"a moment comes meanwhile", OWN MOMENT, "", KNOWN "10 status OB; 20 lost; 100 end",
	70, "60 s on battery (after = 60)"},
    {"a moment of charge comes meanwhile", OWN MOMENT_CHARGE, "",
	KNOWN "10 status OB; 15 charge 80; 15 runtime 800; 20 lost; 300 end", 120,
	"charge 70 % by estimate (charge = 70)"},
    {"lost on mains", OWN, "", KNOWN "10 status OL; 20 lost; 5000 end", NEVER, NULL},
    {"a sleep in the middle", OWN, "",
	KNOWN "10 status OB; 15 charge 80; 15 runtime 1200; 20 lost; 30 sleep 100; 600 "
	      "end",
	470, NULL},
    {"a sleep to its end", OWN, "",
	KNOWN "10 status OB; 15 charge 80; 15 runtime 1200; 20 lost; 30 sleep 600; 800 "
	      "end",
	645, NULL},
    {"a sleep in the middle of DEADTIME", OWN, "",
	"10 status OB; 20 lost; 22 sleep 20; 100 end", 57, NULL},
    {"a restart in the middle", OWN, "",
	KNOWN "10 status OB; 15 charge 80; 15 runtime 1200; 20 lost; 30 restart; 600 end",
	470, NULL},
};

static bool
is_word(const char *what, const char *word)
{
	return strcmp(what, word) == 0;
}

/* True when the driver tells a number; else it is something else. */
static bool
tell_value(struct house *h, const char *what, double number)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (is_word(what, values[i].name)) {
			house_value(h, 0, values[i].value, number);
			return true;
		}
	return false;
}

static void
apply(struct house *h, const char *what, const char *value)
{
	if (tell_value(h, what, atof(value)))
		return;
	if (is_word(what, "status"))
		house_status(h, 0, value);
	else if (is_word(what, "stale"))
		house_source(h, 0, FEED_STALE);
	else if (is_word(what, "lost"))
		house_source(h, 0, FEED_LOST);
	else if (is_word(what, "ok"))
		house_source(h, 0, FEED_OK);
	else if (is_word(what, "read"))
		house_step(h, (struct policy_event){.kind = POLICY_READ});
	else if (is_word(what, "order"))
		house_step(h, (struct policy_event){.kind = POLICY_TEST,
				  .test = (enum policy_test)atoi(value)});
	else if (is_word(what, "sleep")) {
		h->now += (uint64_t)atoi(value) * 1000;
		house_step(h, (struct policy_event){.kind = POLICY_TIME});
	} else if (is_word(what, "restart"))
		house_restart(h);
	else if (is_word(what, "login"))
		house_login(h, 0, 1, "192.168.0.20", value);
	else
		assert_string_equal(what, "end");
}

struct run {
	struct house *h;
	uint64_t start_ms;
	double fsd_s;
	/* What falls evenly. */
	char name[16];
	double from, to, from_s, to_s;
};

/* Time passes in tenths of a second, as far as the trace has it. */
static void
pass_until(struct run *r, double s)
{
	const uint64_t end = r->start_ms + (uint64_t)(s * 1000 + 0.5);

	while (r->h->now < end) {
		double at;

		house_pass(r->h, 100);
		at = (double)(r->h->now - r->start_ms) / 1000;
		if (r->fsd_s == NEVER &&
		    strstr(buf_str(&r->h->did), "VIEW qnapups fsd") != NULL)
			r->fsd_s = at;
		if (at <= r->to_s && (r->h->now - r->start_ms) % 2000 == 0)
			tell_value(r->h, r->name,
			    r->from + (r->to - r->from) * (at - r->from_s) /
					  (r->to_s - r->from_s));
	}
}

static void
run_step(struct run *r, char *step)
{
	char what[16], value[64] = "";
	double s;

	assert_true(sscanf(step, "%lf %15s %63[^;]", &s, what, value) >= 2);
	pass_until(r, s);
	if (!is_word(what, "fall")) {
		apply(r->h, what, value);
		return;
	}
	r->from_s = s;
	assert_int_equal(
	    sscanf(value, "%15s %lf %lf %lf", r->name, &r->from, &r->to, &r->to_s), 4);
}

static void
run_trace(const struct trace *t)
{
	struct run r = {.fsd_s = NEVER, .to_s = -1};
	char *copy = xstrdup(t->steps), *rest = copy, *step;
	char monitor[128];

	snprintf(monitor, sizeof(monitor), SERVER_MON "%s", t->monitor);
	r.h = house_new_own(SERVER_UPS, monitor, t->own);
	r.start_ms = r.h->now;
	house_dump(r.h, 0, strstr(t->steps, "0 status OB") == t->steps ? "OB" : "OL");
	while ((step = strsep(&rest, ";")) != NULL)
		run_step(&r, step);
	if (strstr(t->steps, "end") == NULL)
		pass_until(&r, (double)(r.h->now - r.start_ms) / 1000 + 60);
	/* It is seen at the end of the tenth in which it comes. */
	if (fabs(r.fsd_s - t->fsd_s) > 0.15)
		fail_msg("%s: decided at %.1f s, not at %.1f s:\n%s", t->name, r.fsd_s,
		    t->fsd_s, buf_str(&r.h->log));
	if (t->log != NULL && *t->log == '!')
		assert_not_logged(r.h, t->log + 1);
	else if (t->log != NULL && strstr(buf_str(&r.h->log), t->log) == NULL)
		fail_msg("%s: \"%s\" is not in the log:\n%s", t->name, t->log,
		    buf_str(&r.h->log));
	house_end(r.h);
	free(copy);
}

#define RUN_ALL(traces)                                                   \
	for (size_t i = 0; i < sizeof(traces) / sizeof((traces)[0]); i++) \
	run_trace(&(traces)[i])

static void
test_flag(void **data)
{
	RUN_ALL(flag_traces);
}

static void
test_tests(void **data)
{
	RUN_ALL(test_traces);
}

static void
test_fall(void **data)
{
	RUN_ALL(fall_traces);
}

static void
test_line(void **data)
{
	RUN_ALL(line_traces);
}

static void
test_lost(void **data)
{
	RUN_ALL(lost_traces);
}

/* What was there before we lived counts from our beginning. */
static void
test_first_reading(void **data)
{
	struct house *h = house_new_own(SERVER_UPS, SERVER_MON, OWN MOMENT);

	house_step(h, (struct policy_event){.kind = POLICY_TIME});
	house_pass(h, 30000);
	house_dump(h, 0, "OB");
	house_pass(h, 29900);
	assert_not_logged(h, "forced shutdown");
	house_pass(h, 100);
	assert_logged(h, "60 s on battery (after = 60)");
	house_end(h);
}

/* Another primary decides when a far UPS cuts: when it is silent, it is not waited for. */
static void
test_far(void **data)
{
	struct house *h = house_new_own("", CLIENT_MON, OWN);

	house_dump(h, 0, "OL");
	house_value(h, 0, POLICY_CHARGE, 80);
	house_value(h, 0, POLICY_RUNTIME, 1200);
	house_status(h, 0, "OB");
	house_source(h, 0, FEED_LOST);
	house_pass(h, 14900);
	assert_null(strstr(buf_str(&h->did), "ESTIMATE"));
	assert_not_logged(h, "this machine leaves it");
	house_pass(h, 100);
	assert_logged(h, "lost on battery for DEADTIME; this machine leaves it");
	house_end(h);
}

#define TWO_UPSES SERVER_UPS "[two]\ndriver = x\nport = y\n"
#define TWO_MON SERVER_MON "MONITOR two@localhost 1 a b master\nMINSUPPLIES 1\n"
#define TWO_OWN OWN "[ups two]\nhonest = no\n"

/* On battery, of two. */
static struct house *
two(void)
{
	struct house *h = house_new_own(TWO_UPSES, TWO_MON, TWO_OWN);

	house_dump(h, 0, "OL");
	house_dump(h, 1, "OL");
	house_value(h, 0, POLICY_CHARGE, 60);
	house_value(h, 0, POLICY_CHARGE_LOW, 20);
	house_value(h, 0, POLICY_RUNTIME, 600);
	house_status(h, 0, "OB");
	return h;
}

/* It is low as long as its flag, and no longer; the charge may go up and down. */
static void
test_low_ends(void **data)
{
	struct house *h = two();

	assert_null(policy_low(h->policy, 0));
	house_value(h, 0, POLICY_CHARGE, 20);
	house_status(h, 0, "OB LB");
	house_pass(h, 1000);
	assert_string_equal(policy_low(h->policy, 0),
	    "on battery and low: LB for 1.0 s, charge 20 % (low at 20 %), runtime 600 s");
	assert_logged(h, "the other supplies suffice");
	house_value(h, 0, POLICY_CHARGE, 60);
	house_pass(h, 1000);
	assert_non_null(policy_low(h->policy, 0));
	house_status(h, 0, "OB");
	assert_null(policy_low(h->policy, 0));
	assert_logged(h, "ups qnapups: no longer low after 1.0 s: LB is gone");
	house_status(h, 0, "OB LB");
	house_pass(h, 15000);
	assert_non_null(policy_low(h->policy, 0));
	house_status(h, 0, "OL");
	assert_null(policy_low(h->policy, 0));
	house_end(h);
}

/* What goes on by estimate is shown once a second, and ends with it. */
static void
test_estimates(void **data)
{
	struct house *h = two();

	buf_clear(&h->did);
	house_source(h, 0, FEED_STALE);
	assert_did(h, "ESTIMATE qnapups 60 600\n");
	assert_true(policy_on_battery(h->policy, 0) != 0);
	house_pass(h, 2000);
	assert_did(h, "ESTIMATE qnapups 60 599\nESTIMATE qnapups 60 598\n");
	house_status(h, 0, "OB");
	assert_did(h, "ESTIMATE qnapups 60 598\n");
	house_pass(h, 58000);
	assert_float_equal(policy_charge(h->policy, 0), 54, 0.01);
	assert_float_equal(policy_runtime(h->policy, 0), 540, 0.01);
	assert_null(policy_low(h->policy, 0));
	/* 400 s to the mark. */
	house_pass(h, 139900);
	assert_null(policy_low(h->policy, 0));
	house_pass(h, 100);
	assert_string_equal(policy_low(h->policy, 0),
	    "lost on battery for 200 s: by estimate, after the runtime that it told, 400 "
	    "s are left");
	house_pass(h, 10000);
	assert_non_null(policy_low(h->policy, 0));
	/* A new core looks for its driver first. */
	house_restart(h);
	assert_null(policy_low(h->policy, 0));
	house_pass(h, 5000);
	assert_string_equal(policy_low(h->policy, 0),
	    "on battery and low since before core was restarted");
	house_status(h, 0, "OB");
	buf_clear(&h->did);
	house_source(h, 0, FEED_OK);
	assert_null(policy_low(h->policy, 0));
	house_dump(h, 0, "OB");
	assert_did(h, "NOTIFY COMMOK qnapups@localhost\nESTIMATE qnapups off\n");
	assert_null(policy_low(h->policy, 0));
	assert_float_equal(policy_runtime(h->policy, 0), 600, 0);

	/* Gone until it is empty: it is known no more, and stays low. */
	house_source(h, 0, FEED_LOST);
	house_pass(h, 599900);
	buf_clear(&h->did);
	house_pass(h, 5000);
	assert_did(h, "ESTIMATE qnapups off\nNOTIFY NOCOMM qnapups@localhost\n");
	assert_non_null(policy_low(h->policy, 0));
	house_end(h);
}

/* The clauses of a moment, and that the first of it counts. */
static void
test_reached(void **data)
{
	static const struct {
		struct policy_moment moment;
		const char *clause;
	} rows[] = {
	    {{.after_ms = 181000, .charge = 49, .runtime = 500, .voltage = 11}, NULL},
	    {{.after_ms = 180000, .charge = NAN, .runtime = NAN, .voltage = NAN},
		"180 s on battery (after = 180)"},
	    {{.charge = 50, .runtime = NAN, .voltage = NAN}, "charge 50 % (charge = 50)"},
	    {{.charge = NAN, .runtime = 600, .voltage = NAN},
		"runtime 600 s (runtime = 600)"},
	    {{.charge = NAN, .runtime = NAN, .voltage = 11.5}, "11.4 V (voltage = 11.5)"},
	    {{.charge = NAN, .runtime = NAN, .voltage = NAN}, NULL},
	};
	struct house *h = two();

	house_value(h, 0, POLICY_CHARGE, 50);
	house_value(h, 0, POLICY_VOLTAGE, 11.4);
	house_pass(h, 180000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *clause = policy_reached(h->policy, 0, &rows[i].moment);

		if (rows[i].clause == NULL)
			assert_null(clause);
		else
			assert_string_equal(clause, rows[i].clause);
		assert_null(policy_reached(h->policy, 1, &rows[i].moment));
	}
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_flag),
	    cmocka_unit_test(test_tests),
	    cmocka_unit_test(test_fall),
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_lost),
	    cmocka_unit_test(test_first_reading),
	    cmocka_unit_test(test_far),
	    cmocka_unit_test(test_low_ends),
	    cmocka_unit_test(test_estimates),
	    cmocka_unit_test(test_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

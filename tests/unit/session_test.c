/* SPDX-License-Identifier: ISC */
/* Golden conversations: the exact bytes that a session answers. Shapes and words are
 * those of NUT's upsd 2.8.0, observed; where ours differ, a comment says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/xmem.h"
#include "net/seldom.h"
#include "tests/unit/session_world.h"

#define ADMIN "USERNAME admin\nPASSWORD 123456\n"
#define MON "USERNAME mon\nPASSWORD secret\n"
#define ONE "USERNAME one\nPASSWORD one\n"
#define OKS "OK\nOK\n"

/* What is said, what comes back; core says OK to everything. */
struct talk {
	const char *said, *heard;
};

static const struct talk talks[] = {
    /* What the server is. */
    {"VER\n", "Network UPS Tools upsd 2.8.5 - holdup " HOLDUP_VERSION
	      " https://www.networkupstools.org/\n"},
    {"VER x\n", "ERR INVALID-ARGUMENT\n"},
    {"NETVER\nPROTVER\n", "1.3\n1.3\n"},
    {"HELP\n", "Commands: GET LIST VER NETVER PROTVER HELP STARTTLS USERNAME PASSWORD "
	       "LOGIN LOGOUT PRIMARY MASTER FSD SET INSTCMD SUBSCRIBE UNSUBSCRIBE\n"},
    {"HELP x\n", "ERR INVALID-ARGUMENT\n"},
    {"STARTTLS\nNETVER\n", "ERR FEATURE-NOT-CONFIGURED\n1.3\n"},
    {"FOO\n\n   \n", "ERR UNKNOWN-COMMAND\nERR UNKNOWN-COMMAND\nERR UNKNOWN-COMMAND\n"},
    {"LOGOUT x\nLOGOUT\nNETVER\n", "ERR INVALID-ARGUMENT\nOK Goodbye\n"},

    /* GET. */
    {"GET\nGET FOO\nGET FOO bar\nGET VAR\nGET VAR Fake\nGET UPSDESC\nGET NUMLOGINS\n",
	"ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\n"
	"ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\n"
	"ERR INVALID-ARGUMENT\n"},
    {"GET VAR fake ups.status\n", "VAR fake ups.status \"OL\"\n"},
    {"get var FAKE ups.STATUS extra\n", "VAR FAKE ups.STATUS \"OL\"\n"},
    {"GET VAR Fake ups.mfr\n", "VAR Fake ups.mfr \"A 'q' / b\"\n"},
    {"GET VAR Fake uni.v\n", "VAR Fake uni.v \"grun\"\n"},
    {"GET VAR Fake nope\n", "ERR VAR-NOT-SUPPORTED\n"},
    {"GET VAR none ups.status\n", "ERR UNKNOWN-UPS\n"},
    {"GET VAR stale ups.status\n", "ERR DATA-STALE\n"},
    {"GET VAR lost ups.status\n", "ERR DRIVER-NOT-CONNECTED\n"},
    {"GET TYPE Fake ups.id\n", "TYPE Fake ups.id RW STRING:4\n"},
    {"GET TYPE Fake ups.en\n", "TYPE Fake ups.en RW ENUM NUMBER\n"},
    {"GET TYPE Fake ups.rg\n", "TYPE Fake ups.rg RW RANGE NUMBER\n"},
    {"GET TYPE Fake ups.num\n", "TYPE Fake ups.num RW NUMBER\n"},
    {"GET TYPE Fake ups.ros\n", "TYPE Fake ups.ros STRING:32\n"},
    {"GET TYPE Fake battery.charge\n", "TYPE Fake battery.charge NUMBER\n"},
    {"GET TYPE Fake nope\nGET TYPE stale ups.id\nGET TYPE lost ups.id\n",
	"ERR VAR-NOT-SUPPORTED\nERR DATA-STALE\nERR DRIVER-NOT-CONNECTED\n"},
    {"GET DESC Fake no.such\n", "DESC Fake no.such \"Description unavailable\"\n"},
    {"GET DESC Fake \"a b\"\n", "ERR VAR-NOT-SUPPORTED\n"}, /* upsd: an odd line */
    {"GET DESC lost ups.status\n", "ERR DRIVER-NOT-CONNECTED\n"},
    {"GET CMDDESC Fake no.such\n", "CMDDESC Fake no.such \"Description unavailable\"\n"},
    {"GET CMDDESC Fake \"a b\"\n", "ERR CMD-NOT-SUPPORTED\n"},
    {"GET UPSDESC Fake\n", "UPSDESC Fake \"Unavailable\"\n"},
    {"GET UPSDESC STALE\n", "UPSDESC STALE \"Say 'hi'\"\n"},
    {"GET UPSDESC none\n", "ERR UNKNOWN-UPS\n"},
    {"GET NUMLOGINS fake\n", "NUMLOGINS fake 1\n"},
    {"GET NUMLOGINS lost\n", "NUMLOGINS lost 0\n"}, /* upsd: ERR */
    {"GET TRACKING\nGET TRACKING x\n", "OFF\nERR FEATURE-NOT-CONFIGURED\n"},

    /* LIST. */
    {"LIST\nLIST FOO\nLIST VAR\nLIST CLIENT\nLIST ENUM Fake\n",
	"ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\n"
	"ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\n"},
    {"list ups\n", "BEGIN LIST UPS\n"
		   "UPS Fake \"Description unavailable\"\n"
		   "UPS stale \"Say 'hi'\"\n"
		   "UPS lost \"Description unavailable\"\n"
		   "END LIST UPS\n"},
    {"LIST \"VAR\" \"fake\" x\n", "BEGIN LIST VAR fake\n"
				  "VAR fake battery.charge \"100\"\n"
				  "VAR fake uni.v \"grun\"\n"
				  "VAR fake ups.en \"a\"\n"
				  "VAR fake ups.id \"me\"\n"
				  "VAR fake ups.mfr \"A 'q' / b\"\n"
				  "VAR fake ups.num \"5\"\n"
				  "VAR fake ups.rg \"5\"\n"
				  "VAR fake ups.ros \"5\"\n"
				  "VAR fake ups.status \"OL\"\n"
				  "END LIST VAR fake\n"},
    {"LIST VAR none\nLIST VAR stale\nLIST VAR lost\n",
	"ERR UNKNOWN-UPS\nERR DATA-STALE\nERR DRIVER-NOT-CONNECTED\n"},
    {"LIST RW Fake\n", "BEGIN LIST RW Fake\n"
		       "RW Fake ups.en \"a\"\n"
		       "RW Fake ups.id \"me\"\n"
		       "RW Fake ups.num \"5\"\n"
		       "RW Fake ups.rg \"5\"\n"
		       "END LIST RW Fake\n"},
    {"LIST RW stale\n", "ERR DATA-STALE\n"},
    {"LIST CMD Fake\n", "BEGIN LIST CMD Fake\n"
			"CMD Fake load.off\n"
			"CMD Fake test.battery.start\n"
			"END LIST CMD Fake\n"},
    {"LIST CMD lost\n", "ERR DRIVER-NOT-CONNECTED\n"},
    {"LIST ENUM Fake ups.en\n", "BEGIN LIST ENUM Fake ups.en\n"
				"ENUM Fake ups.en \"a\"\n"
				"ENUM Fake ups.en \"b c\"\n"
				"END LIST ENUM Fake ups.en\n"},
    {"LIST ENUM Fake ups.id\n",
	"BEGIN LIST ENUM Fake ups.id\nEND LIST ENUM Fake ups.id\n"},
    {"LIST ENUM Fake nope\nLIST ENUM stale ups.id\n",
	"ERR VAR-NOT-SUPPORTED\nERR DATA-STALE\n"},
    {"LIST RANGE Fake ups.rg\n", "BEGIN LIST RANGE Fake ups.rg\n"
				 "RANGE Fake ups.rg \"1\" \"10\"\n"
				 "RANGE Fake ups.rg \"20\" \"30\"\n"
				 "END LIST RANGE Fake ups.rg\n"},
    {"LIST RANGE Fake nope\n", "ERR VAR-NOT-SUPPORTED\n"},
    {"LIST CLIENT fake\n", "BEGIN LIST CLIENT fake\n"
			   "CLIENT fake 192.168.0.20\n"
			   "END LIST CLIENT fake\n"},
    {"LIST CLIENT lost\nLIST CLIENT none\n",
	"BEGIN LIST CLIENT lost\nEND LIST CLIENT lost\nERR UNKNOWN-UPS\n"},

    /* Who it is. */
    {"USERNAME\nUSERNAME a b\nUSERNAME a\nUSERNAME a\n",
	"ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nOK\nERR ALREADY-SET-USERNAME\n"},
    {"PASSWORD\nPASSWORD a\nPASSWORD a\n",
	"ERR INVALID-ARGUMENT\nOK\nERR ALREADY-SET-PASSWORD\n"},
    {"LOGIN\nLOGIN Fake\nPASSWORD x\nLOGIN Fake\n",
	"ERR USERNAME-REQUIRED\nERR USERNAME-REQUIRED\nOK\nERR USERNAME-REQUIRED\n"},
    {"USERNAME x\nLOGIN\nPRIMARY Fake\nMASTER Fake\nFSD Fake\nSET VAR\nINSTCMD\n",
	"OK\nERR PASSWORD-REQUIRED\nERR PASSWORD-REQUIRED\nERR PASSWORD-REQUIRED\n"
	"ERR PASSWORD-REQUIRED\nERR PASSWORD-REQUIRED\nERR PASSWORD-REQUIRED\n"},
    {"USERNAME admin\nPASSWORD 12345\nLOGIN Fake\nPRIMARY Fake\nFSD Fake\n"
     "SET VAR Fake ups.id x\nINSTCMD Fake load.off\nLOGIN none\nGET VAR Fake ups.id\n",
	OKS "ERR ACCESS-DENIED\nERR ACCESS-DENIED\nERR ACCESS-DENIED\n"
	    "ERR ACCESS-DENIED\nERR ACCESS-DENIED\nERR UNKNOWN-UPS\n"
	    "VAR Fake ups.id \"me\"\n"},

    /* LOGIN, PRIMARY, FSD. */
    {ADMIN "LOGIN\nLOGIN none\nLOGIN FAKE\nLOGIN Fake\nLOGIN\n",
	OKS "ERR INVALID-ARGUMENT\nERR UNKNOWN-UPS\nOK\nERR ALREADY-LOGGED-IN\n"
	    "ERR INVALID-ARGUMENT\n"},
    {MON "LOGIN lost\n", OKS "OK\n"},
    {MON "LOGIN stale\n", OKS "OK\n"},
    {ONE "LOGIN Fake\n", OKS "ERR ACCESS-DENIED\n"},
    {ADMIN "PRIMARY Fake\nMASTER Fake\nPRIMARY\nPRIMARY none\nMASTER lost\n",
	OKS "OK PRIMARY-GRANTED\nOK MASTER-GRANTED\nERR INVALID-ARGUMENT\n"
	    "ERR UNKNOWN-UPS\nOK MASTER-GRANTED\n"},
    {MON "PRIMARY Fake\nMASTER Fake\nFSD Fake\n",
	OKS "ERR ACCESS-DENIED\nERR ACCESS-DENIED\nERR ACCESS-DENIED\n"},
    {ADMIN "FSD\nFSD Fake x\nFSD none\nFSD Fake\nFSD lost\n",
	OKS "ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nERR UNKNOWN-UPS\n"
	    "OK FSD-SET\nOK FSD-SET\n"},
    {"USERNAME fsd\nPASSWORD fsd\nFSD Fake\nPRIMARY Fake\n",
	OKS "OK FSD-SET\nERR ACCESS-DENIED\n"},

    /* SET. */
    {ADMIN "SET\nSET VAR\nSET VAR Fake ups.id\nSET FOO Fake x y\n",
	OKS "ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\n"
	    "ERR INVALID-ARGUMENT\n"},
    {ADMIN "SET VAR none ups.id x\nSET VAR stale ups.id x\nSET VAR lost ups.id x\n",
	OKS "ERR UNKNOWN-UPS\nERR DATA-STALE\nERR DRIVER-NOT-CONNECTED\n"},
    {ADMIN "SET VAR Fake ups.status x\nSET VAR Fake nope x\n",
	OKS "ERR READONLY\nERR VAR-NOT-SUPPORTED\n"},
    {ADMIN "SET VAR Fake ups.id abcde\nSET VAR Fake ups.id \"ab c\" extra\n"
	   "SET VAR Fake UPS.ID \"\"\nSET VAR Fake ups.id \xc3\xbc\n",
	OKS "ERR TOO-LONG\nOK\nOK\nERR INVALID-VALUE\n"}, /* upsd: drops the bytes */
    {ADMIN "SET VAR Fake ups.en z\nSET VAR Fake ups.en b\nSET VAR Fake ups.en \"b c\"\n",
	OKS "ERR INVALID-VALUE\nERR INVALID-VALUE\nOK\n"},
    {ADMIN "SET VAR Fake ups.rg 15\nSET VAR Fake ups.rg x\nSET VAR Fake ups.rg 5x\n"
	   "SET VAR Fake ups.rg nan\nSET VAR Fake ups.rg 5.5\nSET VAR Fake ups.rg 30\n",
	OKS "ERR INVALID-VALUE\nERR INVALID-VALUE\nERR INVALID-VALUE\n" /* upsd: 5x OK */
	    "ERR INVALID-VALUE\nOK\nOK\n"},
    {MON "SET VAR Fake ups.id x\n", OKS "ERR ACCESS-DENIED\n"},
    {"SET TRACKING OFF\n", "ERR USERNAME-REQUIRED\n"},
    {ADMIN "SET TRACKING\nSET TRACKING MAYBE\nSET TRACKING ON\nSET TRACKING OFF\n",
	OKS "ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nOK\nOK\n"},
    {ADMIN
	"SET TRACKING on\nGET TRACKING\nGET TRACKING x\nSET TRACKING off\nGET TRACKING\n",
	OKS "OK\nON\nERR UNKNOWN\nOK\nOFF\n"},

    /* INSTCMD. */
    {ADMIN "INSTCMD\nINSTCMD Fake\nINSTCMD none load.off\nINSTCMD stale load.off\n"
	   "INSTCMD lost load.off\nINSTCMD Fake nope\n",
	OKS "ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\nERR UNKNOWN-UPS\n"
	    "ERR DATA-STALE\nERR DRIVER-NOT-CONNECTED\nERR CMD-NOT-SUPPORTED\n"},
    {ADMIN "INSTCMD Fake load.off\nINSTCMD Fake load.off 5\nINSTCMD Fake load.off 5 6\n",
	OKS "OK\nOK\nOK\n"},
    {ONE "INSTCMD Fake load.off\nINSTCMD Fake test.battery.start\n",
	OKS "ERR ACCESS-DENIED\nOK\n"},

    /* Push is asked for. */
    {"SUBSCRIBE none\nSUBSCRIBE a b\nsubscribe FAKE\nSUBSCRIBE\nUNSUBSCRIBE x\n"
     "UNSUBSCRIBE\n",
	"ERR UNKNOWN-UPS\nERR INVALID-ARGUMENT\nOK SUBSCRIBE FAKE\nOK SUBSCRIBE\n"
	"ERR INVALID-ARGUMENT\nOK UNSUBSCRIBE\n"},

    /* Lines: quotes, blanks, backslashes, line ends. */
    {"\"GET\" VAR fake \"ups.status\"\r\r\n  GET \t VAR  fake   ups.status  \r\n",
	"VAR fake ups.status \"OL\"\nVAR fake ups.status \"OL\"\n"},
    {"GET VAR fa\\ke ups\\.status\n", "VAR fake ups.status \"OL\"\n"},
    {"GET VAR \"fa ke\" ups.status\nGET VAR fa\\\"ke ups.status\n",
	"ERR UNKNOWN-UPS\nERR UNKNOWN-UPS\n"},
    {"GET VAR fake \"ups.status\nNETVER\n", "ERR INVALID-ARGUMENT\n1.3\n"}, /* upsd: on */
    {"\001GET\nGET VAR fake ups.status\\\n",
	"ERR INVALID-ARGUMENT\nERR INVALID-ARGUMENT\n"},
};

/* Says `len` bytes in pieces of `piece`; core answers whatever it is asked with OK. */
static void
say(struct world *w, const char *bytes, size_t len, size_t piece)
{
	while (len > 0) {
		size_t n = len < piece ? len : piece;
		enum session_next next = session_input(&w->session, bytes, n, &w->out);

		while (next == SESSION_WAIT) {
			world_answer(w, NULL, &w->out);
			next = session_input(&w->session, NULL, 0, &w->out);
		}
		bytes += n;
		len -= n;
	}
}

/* The answers so far; empties them. */
static const char *
heard(struct world *w)
{
	static char text[65536];

	snprintf(text, sizeof(text), "%s", buf_str(&w->out));
	buf_clear(&w->out);
	return text;
}

static void
test_talks(void **state)
{
	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++) {
		size_t len = strlen(talks[i].said);

		/* Whole, byte by byte, and at several other boundaries. */
		for (size_t piece = len; piece > 0;
		     piece = piece > 7 ? piece / 2 : piece - 1) {
			struct world w;

			world_begin(&w);
			say(&w, talks[i].said, len, piece);
			assert_string_equal(heard(&w), talks[i].heard);
			world_end(&w);
		}
	}
}

static void
test_every_split(void **state)
{
	static const char said[] =
	    "GET VAR fake ups.status\r\r\nUSERNAME admin\nPASSWORD 123456\n"
	    "SET VAR Fake ups.id \"a\\\"b\"\nNETVER\n";

	for (size_t cut = 0; cut < sizeof(said); cut++) {
		struct world w;

		world_begin(&w);
		say(&w, said, cut, sizeof(said));
		say(&w, said + cut, sizeof(said) - 1 - cut, sizeof(said));
		assert_string_equal(
		    heard(&w), "VAR fake ups.status \"OL\"\nOK\nOK\nOK\n1.3\n");
		world_end(&w);
	}
}

static void
test_requests(void **state)
{
	struct world w;

	world_begin(&w);
	say(&w, ADMIN, strlen(ADMIN), 99);
	say(&w, "LOGIN fake\nFSD FAKE\n", 20, 99);
	say(&w, "INSTCMD fake load.off\nINSTCMD fake load.off \"1 2\"\n", 50, 99);
	say(&w, "SET VAR fake UPS.ID \"a\\\"b\"\n", 27, 99);
	session_relogin(&w.session);
	session_end(&w.session);
	assert_string_equal(buf_str(&w.requests),
	    "0 12 admin 10.0.0.7 - LOGIN Fake\n"
	    "0 12 admin 10.0.0.7 - FSD Fake\n"
	    "0 12 admin 10.0.0.7 - INSTCMD Fake load.off\n"
	    "0 12 admin 10.0.0.7 - INSTCMD Fake load.off \"1 2\"\n"
	    "0 12 admin 10.0.0.7 - SET Fake ups.id \"a\\\"b\"\n"
	    "0 12 admin 10.0.0.7 - LOGIN Fake\n"
	    "0 12 admin 10.0.0.7 - BROKEN Fake\n");
	world_end(&w);
}

/* With TRACKING a command is answered when core has it, by an id; a refusal as ever. */
static void
test_tracking(void **state)
{
	static const char id[] = "11111111-1111-4111-9111-111111111111";
	struct world w;
	struct buf wanted = {0};

	world_begin(&w);
	say(&w, ADMIN "SET TRACKING ON\n", strlen(ADMIN) + 16, 99);
	buf_clear(&w.out);
	buf_clear(&w.requests);
	say(&w, "INSTCMD fake load.off 5\nSET VAR fake ups.id x\n", 46, 99);
	assert_string_equal(buf_str(&w.requests),
	    "0 12 - 10.0.0.7 - SEEN Fake other\n"
	    "0 12 admin 10.0.0.7 - INSTCMD-TRACKED Fake load.off \"5\"\n"
	    "0 12 admin 10.0.0.7 - SET-TRACKED Fake ups.id \"x\"\n");
	buf_printf(&wanted, "OK TRACKING %s\nOK TRACKING %s\n", id, id);
	assert_string_equal(buf_str(&w.out), buf_str(&wanted));
	assert_string_equal(tracking_answer(w.host.tracking, id, 1000), "PENDING");

	/* Core is away: there is nothing to track. */
	w.away = true;
	buf_clear(&w.out);
	say(&w, "INSTCMD fake load.off\n", 22, 99);
	assert_string_equal(buf_str(&w.out), "ERR INSTCMD-FAILED\n");
	buf_free(&wanted);
	world_end(&w);
}

/* Who says LOGOUT is off; who is cut off is not; who did not log in is neither. */
static void
test_leaving(void **state)
{
	static const struct {
		const char *said, *asked;
	} rows[] = {
	    {MON "LOGIN Fake\n", "0 12 mon 10.0.0.7 - LOGIN Fake\n"
				 "0 12 mon 10.0.0.7 - BROKEN Fake\n"},
	    {MON "LOGIN Fake\nLOGOUT\n", "0 12 mon 10.0.0.7 - LOGIN Fake\n"
					 "0 12 mon 10.0.0.7 - LOGOUT Fake\n"},
	    {MON "LOGIN Fake\nLOGOUT x\n", "0 12 mon 10.0.0.7 - LOGIN Fake\n"
					   "0 12 mon 10.0.0.7 - BROKEN Fake\n"},
	    {MON "LOGOUT\n", ""},
	    {MON "LOGIN none\n", ""},
	};
	static char endless[SESSION_LINE_HARD + 1];
	struct world w;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		world_begin(&w);
		say(&w, rows[i].said, strlen(rows[i].said), 99);
		session_end(&w.session);
		assert_string_equal(buf_str(&w.requests), rows[i].asked);
		world_end(&w);
	}
	/* The answer to LOGIN still on its way; thrown out for what it sent. */
	world_begin(&w);
	session_input(&w.session, MON "LOGIN Fake\nLOGOUT\n", 47, &w.out);
	session_end(&w.session);
	assert_non_null(strstr(buf_str(&w.requests), "BROKEN Fake\n"));
	world_end(&w);
	world_begin(&w);
	say(&w, MON "LOGIN Fake\n", 40, 99);
	memset(endless, 'x', sizeof(endless));
	session_input(&w.session, endless, sizeof(endless), &w.out);
	assert_true(w.session.closing);
	session_end(&w.session);
	assert_non_null(strstr(buf_str(&w.requests), "BROKEN Fake\n"));
	world_end(&w);
}

/* core hears who is granted PRIMARY, and a new core hears it again for the UPS that the
 * session has logged in to. */
static void
test_primary(void **state)
{
	struct world w;

	world_begin(&w);
	say(&w, ADMIN "PRIMARY lost\nLOGIN fake\nMASTER FAKE\n", 67, 99);
	buf_clear(&w.requests);
	session_relogin(&w.session);
	say(&w, "PRIMARY lost\n", 13, 99);
	assert_string_equal(buf_str(&w.requests), "0 12 admin 10.0.0.7 - LOGIN Fake\n"
						  "0 12 admin 10.0.0.7 - PRIMARY Fake\n"
						  "0 12 admin 10.0.0.7 - PRIMARY lost\n");
	world_end(&w);
	world_begin(&w);
	say(&w, MON "LOGIN Fake\nPRIMARY Fake\n", 53, 99);
	session_relogin(&w.session);
	assert_null(strstr(buf_str(&w.requests), "PRIMARY"));
	world_end(&w);
}

static void
test_seen_seldom(void **state)
{
	struct world w;

	world_begin(&w);
	for (int i = 0; i < 25; i++) {
		say(&w, "GET VAR fake ups.status\n", 24, 99);
		w.host.now += 1000;
	}
	assert_string_equal(buf_str(&w.requests), "0 12 - 10.0.0.7 - SEEN Fake other\n"
						  "0 12 - 10.0.0.7 - SEEN Fake other\n"
						  "0 12 - 10.0.0.7 - SEEN Fake other\n");
	world_end(&w);
}

/* While core is asked, later lines wait; its words reach the client if clients know them. */
static void
test_waiting(void **state)
{
	static const char said[] =
	    ADMIN "SET VAR Fake ups.id x\nNETVER\nINSTCMD Fake load.off\nGET TRACK";
	struct world w;

	world_begin(&w);
	assert_int_equal(
	    session_input(&w.session, said, strlen(said), &w.out), SESSION_WAIT);
	assert_string_equal(heard(&w), OKS);
	assert_int_equal(session_input(&w.session, "ING\n", 4, &w.out), SESSION_WAIT);
	assert_string_equal(heard(&w), "");
	session_answer(&w.session, "READONLY", &w.out);
	assert_int_equal(session_input(&w.session, NULL, 0, &w.out), SESSION_WAIT);
	assert_string_equal(heard(&w), "ERR READONLY\n1.3\n");
	session_answer(&w.session, "MADE-UP", &w.out);
	assert_int_equal(session_input(&w.session, NULL, 0, &w.out), SESSION_READ);
	assert_string_equal(heard(&w), "ERR INSTCMD-FAILED\nOFF\n");
	assert_null(w.session.in.data);
	session_answer(&w.session, NULL, &w.out); /* nobody waits: no answer */
	assert_string_equal(heard(&w), "");
	world_end(&w);
}

static void
test_core_away(void **state)
{
	struct world w;

	world_begin(&w);
	w.away = true;
	say(&w, ADMIN, strlen(ADMIN), 99);
	say(&w, "LOGIN Fake\nLOGIN Fake\nFSD Fake\n", 31, 99);
	say(&w, "SET VAR Fake ups.id x\nINSTCMD Fake load.off\n", 44, 99);
	assert_string_equal(heard(&w),
	    OKS "OK\nERR ALREADY-LOGGED-IN\n"
		"ERR DRIVER-NOT-CONNECTED\nERR SET-FAILED\nERR INSTCMD-FAILED\n");
	w.host.stale = true;
	say(&w, "GET VAR Fake ups.id\nGET VAR lost x\nLIST CLIENT lost\n", 52, 99);
	assert_string_equal(heard(&w), "ERR DATA-STALE\nERR DRIVER-NOT-CONNECTED\n"
				       "BEGIN LIST CLIENT lost\nEND LIST CLIENT lost\n");
	w.host.feed = &(const struct feed){0};
	say(&w, "LIST UPS\nGET VAR Fake ups.id\n", 29, 99);
	assert_string_equal(
	    heard(&w), "ERR DRIVER-NOT-CONNECTED\nERR DRIVER-NOT-CONNECTED\n");
	/* The login stood, and core hears of it when it is back. */
	w.away = false;
	session_relogin(&w.session);
	assert_non_null(strstr(buf_str(&w.requests), "LOGIN Fake\n"));
	world_end(&w);
}

static void
test_budgets(void **state)
{
	static char line[SESSION_LINE_MAX + 2], much[8192];
	struct world w;

	world_begin(&w);
	memset(line, 'x', sizeof(line));
	line[SESSION_LINE_MAX] = '\n';
	say(&w, line, SESSION_LINE_MAX + 1, 9999);
	assert_string_equal(heard(&w), "ERR UNKNOWN-COMMAND\n");
	for (size_t piece = 100; piece < 3000; piece *= 2) {
		line[SESSION_LINE_MAX] = 'x';
		line[SESSION_LINE_MAX + 1] = '\n';
		say(&w, line, SESSION_LINE_MAX + 2, piece);
		say(&w, "NETVER\n", 7, 99);
		assert_string_equal(heard(&w), "ERR TOO-LONG\n1.3\n");
	}
	/* Never a line end: thrown away as it comes, at last the connection ends. */
	memset(much, 'y', sizeof(much));
	for (int i = 0; i < 8; i++)
		assert_int_equal(
		    session_input(&w.session, much, sizeof(much), &w.out), SESSION_READ);
	assert_null(w.session.in.data);
	assert_int_equal(session_input(&w.session, much, 1, &w.out), SESSION_CLOSE);
	assert_string_equal(heard(&w), "ERR TOO-LONG\n");
	world_end(&w);
}

/* Many questions at once: answers in portions, none lost, none doubled. */
static void
test_portions(void **state)
{
	struct buf said = {0};
	struct world w;
	size_t answers = 0, portions = 1;
	enum session_next next;

	world_begin(&w);
	for (int i = 0; i < 3000; i++)
		buf_puts(&said, "LIST VAR fake\n");
	next = session_input(&w.session, buf_head(&said), said.len, &w.out);
	for (;;) {
		assert_true(w.out.len < SESSION_OUT_MAX + 1024);
		for (const char *at = buf_str(&w.out);
		     (at = strstr(at, "END LIST")) != NULL; at++)
			answers++;
		buf_clear(&w.out);
		if (next == SESSION_READ)
			break;
		assert_int_equal(next, SESSION_FULL);
		next = session_input(&w.session, NULL, 0, &w.out);
		portions++;
	}
	assert_int_equal(answers, 3000);
	assert_true(portions > 2);
	buf_free(&said);
	world_end(&w);
}

/* The answer to LIST VAR is kept, but never beyond a change of what it shows. */
static void
test_cache(void **state)
{
	struct world w;

	world_begin(&w);
	say(&w, "LIST VAR fake\nLIST VAR FAKE\n", 28, 99);
	assert_non_null(strstr(heard(&w), "END LIST VAR fake\nBEGIN LIST VAR FAKE\n"));
	world_apply(&w.feed, "8 Fake SETINFO battery.charge \"42\"\n");
	say(&w, "LIST VAR fake\n", 14, 99);
	assert_non_null(strstr(heard(&w), "VAR fake battery.charge \"42\"\n"));
	world_apply(&w.feed, "9 Fake VIEW * fsd\n");
	say(&w, "LIST VAR fake\n", 14, 99);
	assert_non_null(strstr(heard(&w), "VAR fake ups.status \"FSD OL\"\n"));
	for (int i = 0; i < 100; i++) {
		char line[] = "LIST VAR fake\n";

		for (int bit = 0; bit < 4; bit++)
			line[9 + bit] = (char)(line[9 + bit] - (i >> bit & 1 ? 32 : 0));
		say(&w, line, strlen(line), 99);
		assert_memory_equal(heard(&w) + 6, line, strlen(line));
	}
	world_end(&w);
}

static void
test_push(void **state)
{
	static const char *const lines[] = {
	    "8 Fake SETINFO ups.status \"OB DISCHRG\"",
	    "9 Fake DELINFO battery.charge",
	    "10 Fake ADDCMD x.y",
	    "11 Fake VIEW * lb",
	    "12 Fake LOGIN 13 10.0.0.8 mon",
	    "13 lost DATAOK",
	    "14 Fake DATASTALE",
	    "15 stale GONE",
	};
	struct world w;
	struct session one;

	world_begin(&w);
	say(&w, "SUBSCRIBE\n", 10, 99);
	session_begin(&one, &w.host, 13, "10.0.0.8");
	session_input(&one, "SUBSCRIBE fAKE\nSUBSCRIBE FAKE\n", 30, &w.out);
	heard(&w);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct feed_change c = world_apply(&w.feed, lines[i]);

		subs_change(&w.session, &c, &w.out);
		subs_change(&one, &c, &w.out);
	}
	subs_beat(&w.session, &w.out);
	assert_string_equal(heard(&w), "NOTIFY VAR Fake ups.status \"OB DISCHRG\"\n"
				       "NOTIFY VAR FAKE ups.status \"OB DISCHRG\"\n"
				       "NOTIFY DELVAR Fake battery.charge\n"
				       "NOTIFY DELVAR FAKE battery.charge\n"
				       "NOTIFY VAR Fake ups.status \"OB DISCHRG LB\"\n"
				       "NOTIFY VAR FAKE ups.status \"OB DISCHRG LB\"\n"
				       "NOTIFY DRIVER lost OK\n"
				       "NOTIFY DRIVER Fake STALE\n"
				       "NOTIFY DRIVER FAKE STALE\n"
				       "NOTIFY DRIVER stale LOST\n"
				       "NOTIFY BEAT\n");
	session_end(&one);
	world_end(&w);
}

/* FSD is told whatever became of the driver or of core; it ends with the view. */
static void
test_fsd_reaches_all(void **state)
{
	struct world w;
	struct feed_change c;

	world_begin(&w);
	say(&w, "SUBSCRIBE stale\nGET VAR stale ups.status\n", 41, 99);
	assert_string_equal(heard(&w), "OK SUBSCRIBE stale\nERR DATA-STALE\n");
	c = world_apply(&w.feed, "8 stale VIEW * fsd");
	subs_change(&w.session, &c, &w.out);
	assert_string_equal(heard(&w), "NOTIFY DRIVER stale OK\n"
				       "NOTIFY VAR stale ups.status \"FSD OL\"\n");
	w.host.stale = true;
	say(&w, "GET VAR stale ups.status\n", 25, 99);
	assert_string_equal(heard(&w), "VAR stale ups.status \"FSD OL\"\n");
	world_apply(&w.feed, "9 stale VIEW * none");
	say(&w, "GET VAR stale ups.status\n", 25, 99);
	assert_string_equal(heard(&w), "ERR DATA-STALE\n");
	world_end(&w);
}

/* A new core's model: only the differences are told. */
static void
test_push_replaced(void **state)
{
	struct feed now = {0};
	struct world w;

	world_begin(&w);
	say(&w, "SUBSCRIBE\n", 10, 99);
	heard(&w);
	w.host.stale = true;
	subs_sources(&w.session, &w.out);
	assert_string_equal(heard(&w), "NOTIFY DRIVER Fake STALE\n"
				       "NOTIFY DRIVER stale STALE\n"
				       "NOTIFY DRIVER lost LOST\n");
	world_apply(&now, world_feed);
	world_apply(&now, "8 Fake SETINFO battery.charge \"99\"\n9 Fake DELINFO ups.num\n"
			  "10 lost GONE\n11 stale SETINFO new.var \"1\"\n");
	w.host.feed = &now;
	w.host.stale = false;
	subs_replaced(&w.session, &w.feed, &w.out);
	assert_string_equal(heard(&w), "NOTIFY DRIVER lost LOST\n"
				       "NOTIFY DELVAR Fake ups.num\n"
				       "NOTIFY VAR Fake battery.charge \"99\"\n"
				       "NOTIFY DRIVER Fake OK\n"
				       "NOTIFY VAR stale new.var \"1\"\n"
				       "NOTIFY DRIVER stale STALE\n");
	feed_clear(&now);
	world_end(&w);
}

static void
test_denied(void **state)
{
	struct world w;

	world_begin(&w);
	say(&w, MON "PRIMARY Fake\nFSD Fake\nLOGIN none\n", 63, 999);
	assert_int_equal(w.denied, 2);
	world_end(&w);
}

#define NEAR "USERNAME near\nPASSWORD near\nLOGIN Fake\n"

/* What was lacking, and the line of upsd.users that says so. */
static void
test_lacks(void **state)
{
	static const struct {
		const char *address, *said;
		unsigned denied;
		enum account_lack lack;
		const char *line;
	} rows[] = {
	    {"10.0.0.7", ADMIN "LOGIN Fake\n", 0, 0, NULL},
	    {"10.0.0.7", "USERNAME admin\nPASSWORD no\nLOGIN Fake\n", 1,
		ACCOUNT_NO_PASSWORD, "[admin]"},
	    {"10.0.0.7", "USERNAME nobody\nPASSWORD no\nLOGIN Fake\n", 1, ACCOUNT_NO_USER,
		NULL},
	    {"10.0.0.7", "USERNAME near\nPASSWORD no\nLOGIN Fake\n", 1,
		ACCOUNT_NO_PASSWORD, "[near]"},
	    {"10.0.0.7", MON "FSD Fake\n", 1, ACCOUNT_NO_RIGHT, "[mon]"},
	    {"10.0.0.7", NEAR, 1, ACCOUNT_NO_ADDRESS, "allowfrom = lan"},
	    {"10.1.2.3", NEAR, 0, 0, NULL},
	    {"192.168.0.20", NEAR, 0, 0, NULL},
	    {"192.168.1.20", NEAR, 1, ACCOUNT_NO_ADDRESS, "allowfrom = lan"},
	    {"192.168.0.20", NEAR "FSD Fake\n", 0, 0, NULL},
	    {"192.168.0.20", NEAR "SET VAR Fake ups.id x\n", 1, ACCOUNT_NO_RIGHT,
		"[near]"},
	};
	struct allow_net lan = {.interface = "eth0"};

	assert_int_equal(allow_block_read(&lan.block, "192.168.0.9/24"), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;
		int line = 0;

		world_begin(&w);
		w.nets = (struct allow_nets){&lan, 1};
		w.session.address = rows[i].address;
		say(&w, rows[i].said, strlen(rows[i].said), 99);
		assert_int_equal(w.denied, rows[i].denied);
		if (rows[i].denied > 0) {
			assert_int_equal(w.lack, rows[i].lack);
			assert_non_null(strstr(heard(&w), "ERR ACCESS-DENIED\n"));
		}
		if (rows[i].line != NULL) {
			const char *end = strstr(world_users, rows[i].line);

			line = 1;
			for (const char *at = world_users; at < end; at++)
				line += *at == '\n';
		}
		assert_int_equal(w.line, line);
		world_end(&w);
	}
}

static void
test_seldom(void **state)
{
	struct seldom s = {0};
	char key[32];
	int said = 0;

	assert_true(seldom_due(&s, "10.0.0.1", 5));
	assert_false(seldom_due(&s, "10.0.0.1", 5 + SELDOM_MS - 1));
	assert_true(seldom_due(&s, "10.0.0.2", 6));
	assert_true(seldom_due(&s, "10.0.0.1", 5 + SELDOM_MS));
	assert_false(seldom_due(&s, "10.0.0.1", 6 + SELDOM_MS));
	/* Others as many as one likes: no more lines than there are keys. */
	for (int i = 0; i < 3 * SELDOM_KEYS; i++) {
		snprintf(key, sizeof(key), "10.0.1.%d", i);
		said += seldom_due(&s, key, 7 + SELDOM_MS);
	}
	assert_int_equal(said, SELDOM_KEYS - 1);
	assert_true(seldom_due(&s, "10.0.2.1", 7 + 2 * SELDOM_MS));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_talks),
	    cmocka_unit_test(test_every_split),
	    cmocka_unit_test(test_requests),
	    cmocka_unit_test(test_tracking),
	    cmocka_unit_test(test_leaving),
	    cmocka_unit_test(test_primary),
	    cmocka_unit_test(test_seen_seldom),
	    cmocka_unit_test(test_waiting),
	    cmocka_unit_test(test_core_away),
	    cmocka_unit_test(test_budgets),
	    cmocka_unit_test(test_portions),
	    cmocka_unit_test(test_cache),
	    cmocka_unit_test(test_push),
	    cmocka_unit_test(test_fsd_reaches_all),
	    cmocka_unit_test(test_push_replaced),
	    cmocka_unit_test(test_denied),
	    cmocka_unit_test(test_lacks),
	    cmocka_unit_test(test_seldom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

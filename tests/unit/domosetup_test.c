/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "publish/domosetup.h"

/* A Domoticz of rows, and the setup before it under virtual time. */
#define ROWS 64

static char url[] = "http://h", admin[] = "admin";
static const struct conf_domoticz conf = {.url = url, .user = admin};

static struct domoticz {
	struct domo_row hardware[ROWS], devices[ROWS];
	size_t nhardware, ndevices;
	int next; /* the next number of a device */
	int next_hardware;
	bool blind, no_add, no_create;
	bool vain; /* makes what is in no list afterwards */
	char version[32];
} fake;

static struct domosetup *s;
static struct domo_note note;
static uint64_t now;
static unsigned questions, made, added;
static char kept[8][2][1024];
static size_t nkept;

static int
begin(void **state)
{
	fake = (struct domoticz){.next = 12, .next_hardware = 21, .version = "2024.7"};
	fake.hardware[fake.nhardware++] =
	    (struct domo_row){.idx = 3, .type = 15, .name = "Virtual switches"};
	fake.hardware[fake.nhardware++] =
	    (struct domo_row){.idx = 4, .type = 1, .name = "UPS"};
	s = domosetup_new(&conf);
	now = 1000000;
	questions = made = added = 0;
	nkept = 0;
	return 0;
}

static int
end(void **state)
{
	domosetup_free(s);
	return 0;
}

static struct domo_row *
device(const char *name)
{
	for (size_t i = 0; i < fake.ndevices; i++)
		if (strcmp(fake.devices[i].name, name) == 0)
			return &fake.devices[i];
	return NULL;
}

static void
delete_device(const char *name)
{
	struct domo_row *row = device(name);

	assert_non_null(row);
	*row = fake.devices[--fake.ndevices];
}

static void
delete_hardware(int idx)
{
	size_t left = 0;

	for (size_t i = 0; i < fake.nhardware; i++)
		if (fake.hardware[i].idx == idx)
			fake.hardware[i] = fake.hardware[--fake.nhardware];
	for (size_t i = 0; i < fake.ndevices; i++)
		if (fake.devices[i].hardware != idx)
			fake.devices[left++] = fake.devices[i];
	fake.ndevices = left;
}

/* A value of a query, decoded as far as our names need it. */
static void
parameter(const char *question, const char *name, char *out, size_t size)
{
	const char *at = strstr(question, name);
	size_t len = 0;

	assert_non_null(at);
	for (at += strlen(name); *at != '\0' && *at != '&' && len + 1 < size; at++) {
		out[len++] = *at;
		if (strncmp(at, "%20", 3) == 0) {
			out[len - 1] = ' ';
			at += 2;
		}
	}
	out[len] = '\0';
}

static void
add_hardware(struct domo_answer *a, const char *question)
{
	struct domo_row *row = &fake.hardware[fake.nhardware];

	added++;
	a->verdict = fake.no_add ? VERDICT_REFUSED : VERDICT_OK;
	if (fake.no_add)
		return;
	*row = (struct domo_row){.idx = fake.next_hardware++, .type = 15};
	parameter(question, "&name=", row->name, sizeof(row->name));
	a->idx = row->idx;
	fake.nhardware += !fake.vain;
}

static void
create(struct domo_answer *a, const char *question)
{
	struct domo_row *row = &fake.devices[fake.ndevices];
	unsigned type;
	char text[16];

	made++;
	a->verdict = fake.no_create ? VERDICT_REFUSED : VERDICT_OK;
	if (fake.no_create)
		return;
	*row = (struct domo_row){.idx = fake.next++, .type = 15};
	parameter(question, "&idx=", text, sizeof(text));
	row->hardware = (int)strtol(text, NULL, 10);
	parameter(question, "&sensorname=", row->name, sizeof(row->name));
	parameter(question, "&sensormappedtype=", text, sizeof(text));
	type = (unsigned)strtoul(text, NULL, 16);
	for (size_t i = 0; i < DOMOSENSORS; i++)
		if (domosensors[i].type == type)
			snprintf(row->subtype, sizeof(row->subtype), "%s",
			    domosensors[i].subtype);
	a->idx = row->idx;
	fake.ndevices += !fake.vain;
	assert_true(fake.ndevices < ROWS);
}

/* A row of a list of devices. */
static struct domo_row
listed_as(const struct domo_row *row)
{
	struct domo_row listed = *row;

	for (size_t i = 0; i < fake.nhardware; i++)
		if (fake.hardware[i].idx == row->hardware)
			memcpy(listed.owner, fake.hardware[i].name, sizeof(listed.owner));
	return listed;
}

/* What Domoticz answers; rows stay its own. */
static struct domo_answer
reply(const char *question)
{
	static struct domo_row listed[ROWS];
	struct domo_answer a = {.verdict = VERDICT_OK};
	const char *hardware = strstr(question, "&hwidx=");

	if (strstr(question, "=getversion") != NULL) {
		memcpy(a.version, fake.version, sizeof(a.version));
	} else if (strstr(question, "=gethardware") != NULL) {
		a.verdict = fake.blind ? VERDICT_REFUSED : VERDICT_OK;
		a.rows = fake.hardware;
		a.nrows = fake.blind ? 0 : fake.nhardware;
	} else if (strstr(question, "=addhardware") != NULL) {
		add_hardware(&a, question);
	} else if (strstr(question, "=createdevice") != NULL) {
		create(&a, question);
	} else {
		assert_non_null(strstr(question, "=getdevices"));
		a.rows = listed;
		for (size_t i = 0; i < fake.ndevices; i++)
			if (hardware == NULL || fake.devices[i].hardware ==
						    (int)strtol(hardware + 7, NULL, 10))
				listed[a.nrows++] = listed_as(&fake.devices[i]);
	}
	return a;
}

/* Asks and answers until nothing is to be found out; warnings stay in `note`. */
static enum verdict
settle(bool tell)
{
	struct http_request question = {0};
	struct buf key = {0}, value = {0};
	enum verdict verdict = VERDICT_OK;

	note = (struct domo_note){0};
	questions = 0;
	while (verdict <= VERDICT_REFUSED && domosetup_asks(s, tell, now, &question)) {
		struct domo_answer a = reply(buf_str(&question.url));
		struct domo_note said = {0};

		verdict = domosetup_answer(s, &a, now, &said);
		if (said.warn)
			note = said;
		buf_clear(&question.url);
		assert_true(questions++ < 200);
	}
	while (domosetup_keep(s, &key, &value) && nkept < 8) {
		snprintf(kept[nkept][0], sizeof(kept[0][0]), "%s", buf_str(&key));
		snprintf(kept[nkept++][1], sizeof(kept[0][1]), "%s", buf_str(&value));
	}
	buf_free(&question.url);
	buf_free(&key);
	buf_free(&value);
	return verdict;
}

/* Wants these sensors of a UPS; NULL at the end. */
static void
want(const char *ups, const char *const *words)
{
	size_t row = (size_t)domosetup_ups(s, ups);

	for (; *words != NULL; words++)
		for (size_t i = 0; i < DOMOSENSORS; i++)
			if (strcmp(domosensors[i].word, *words) == 0)
				domosetup_want(s, row * DOMOSENSORS + i);
}

static int
idx(const char *ups, const char *word)
{
	size_t row = (size_t)domosetup_ups(s, ups);

	for (size_t i = 0; i < DOMOSENSORS; i++)
		if (strcmp(domosensors[i].word, word) == 0)
			return domosetup_idx(s, row * DOMOSENSORS + i);
	fail();
	return 0;
}

static const char *const three[] = {"condition", "charge", "load", NULL};

/* As an installation begins: a process that has kept nothing. */
static void
first(void)
{
	want("qnapups", three);
	assert_int_equal(settle(true), VERDICT_OK);
	assert_int_equal(idx("qnapups", "condition"), 12);
	assert_int_equal(idx("qnapups", "charge"), 13);
	assert_int_equal(idx("qnapups", "load"), 14);
}

/* A new process, which knows what the old one had kept. */
static void
restart(bool remembers)
{
	domosetup_free(s);
	s = domosetup_new(&conf);
	for (size_t i = 0; remembers && i < nkept; i++)
		domosetup_kept(s, kept[i][0], kept[i][1]);
	made = added = 0;
	want("qnapups", three);
}

static void
test_first(void **state)
{
	first();
	assert_int_equal(added, 1);
	assert_int_equal(made, 3);
	assert_non_null(device("qnapups condition"));
	assert_int_equal(device("qnapups charge")->hardware, 21);
	assert_int_equal(nkept, 2);
	assert_string_equal(kept[0][0], "hardware");
	assert_string_equal(kept[0][1], "21");
	assert_string_equal(kept[1][0], "ups.qnapups");
	assert_string_equal(kept[1][1], "condition=12 charge=13 load=14");
	assert_string_equal(note.text, "");
	assert_int_equal(settle(true), VERDICT_OK);
	assert_int_equal(questions, 0);
	/* What is told later is looked up before. */
	now += DOMOSETUP_TRUST_MS;
	settle(false);
	assert_int_equal(questions, 0);
	settle(true);
	assert_int_equal(questions, 1);
	assert_int_equal(made, 3);
}

static void
test_restart(void **state)
{
	first();
	restart(true);
	settle(true);
	assert_int_equal(made + added, 0);
	assert_int_equal(idx("qnapups", "charge"), 13);
	assert_int_equal(questions, 3); /* version, hardware, devices */
}

/* The file of the outbox is lost: hardware and names say what is ours. */
static void
test_lost(void **state)
{
	first();
	restart(false);
	settle(true);
	assert_int_equal(made + added, 0);
	assert_int_equal(idx("qnapups", "charge"), 13);
	assert_int_equal(idx("qnapups", "load"), 14);
}

/* A sensor is ours by its number, whatever its name. */
static void
test_renamed(void **state)
{
	first();
	strcpy(device("qnapups charge")->name, "Battery of the server");
	strcpy(fake.hardware[2].name, "Cellar");
	restart(true);
	settle(true);
	assert_int_equal(made + added, 0);
	assert_int_equal(idx("qnapups", "charge"), 13);
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(idx("qnapups", "charge"), 13);
	assert_int_equal(made + added, 0);
}

/* The hardware gets another name while we are there; then its sensors do, one by one. */
static void
test_hardware_renamed(void **state)
{
	static const char *const names[] = {
	    "qnapups condition", "qnapups charge", "qnapups load"};

	first();
	strcpy(fake.hardware[2].name, "Cellar");
	for (size_t i = 0; i < 3; i++) {
		now += DOMOSETUP_TRUST_MS;
		settle(true);
		assert_int_equal(questions, i == 0 ? 3 : 1);
		strcpy(device(names[i])->name, i == 0 ? "a" : i == 1 ? "b" : "c");
	}
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(idx("qnapups", "load"), 14);
	assert_int_equal(made, 3);
	assert_int_equal(added, 1);
}

/* While we are there, a backup gives the numbers of our hardware and of our sensors to others
 * of the same types. */
static void
test_all_taken(void **state)
{
	first();
	strcpy(fake.hardware[2].name, "Weather");
	strcpy(device("qnapups charge")->name, "Humidity");
	strcpy(device("qnapups load")->name, "Clouds");
	strcpy(device("qnapups condition")->name, "Storm");
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(added, 2);
	assert_int_equal(made, 6);
	assert_int_equal(device("qnapups charge")->hardware, 22);
	assert_int_equal(idx("qnapups", "charge"), device("qnapups charge")->idx);
}

static void
test_deleted(void **state)
{
	first();
	delete_device("qnapups charge");
	domosetup_doubt(s);
	settle(true);
	assert_int_equal(idx("qnapups", "charge"), 15);
	assert_int_equal(idx("qnapups", "load"), 14);
	assert_int_equal(made, 4);
	assert_int_equal(added, 1);

	delete_hardware(21);
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(added, 2);
	assert_int_equal(made, 7);
	assert_int_equal(device("qnapups load")->hardware, 22);
	assert_int_equal(idx("qnapups", "load"), device("qnapups load")->idx);
}

/* A number that an old backup has given to somebody else is not ours. */
static void
test_backup(void **state)
{
	struct domo_row theirs = {.idx = 13,
	    .hardware = 3,
	    .type = 15,
	    .subtype = "Percentage",
	    .name = "Humidity"};

	first();
	*device("qnapups charge") = theirs;
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(idx("qnapups", "charge"), 15);
	assert_string_equal(device("qnapups charge")->subtype, "Percentage");

	/* All of it: our hardware's number is another Dummy's, and none of our sensors is
	 * there. */
	fake.ndevices = 0;
	fake.devices[fake.ndevices++] = theirs;
	delete_hardware(21);
	fake.hardware[0].idx = 21;
	fake.devices[0].hardware = 21;
	restart(true);
	settle(true);
	assert_int_equal(added, 1);
	assert_int_equal(made, 3);
	assert_int_not_equal(device("qnapups load")->hardware, 21);
	assert_int_not_equal(idx("qnapups", "charge"), 13);
}

/* Numbers of ours that have changed places are told apart by their names. */
static void
test_swapped(void **state)
{
	first();
	device("qnapups charge")->idx = 99;
	device("qnapups load")->idx = 13;
	device("qnapups charge")->idx = 14;
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(idx("qnapups", "charge"), 14);
	assert_int_equal(idx("qnapups", "load"), 13);
	assert_int_equal(made, 3);
}

/* A device of another type is none of ours, whoever has its number. */
static void
test_type(void **state)
{
	first();
	strcpy(device("qnapups charge")->name, "mine");
	strcpy(device("mine")->subtype, "Text");
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(idx("qnapups", "charge"), 15);
	/* Words that we do not know are of another version. */
	strcpy(device("qnapups load")->subtype, "Percent");
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(idx("qnapups", "load"), 14);
}

static void
test_not_admin(void **state)
{
	fake.no_add = fake.no_create = true;
	want("qnapups", three);
	assert_int_equal(settle(true), VERDICT_OK);
	assert_true(note.warn);
	assert_non_null(strstr(note.text, "rights of an administrator"));
	assert_non_null(strstr(note.text, "load = 12"));
	assert_int_equal(idx("qnapups", "charge"), 0);
	assert_int_equal(added, 1);
	settle(true);
	assert_int_equal(questions, 0);

	/* Somebody gives the right: in a minute all is there. */
	fake.no_add = fake.no_create = false;
	now += DOMOSETUP_RETRY_MS;
	settle(false);
	assert_int_equal(idx("qnapups", "load"), 14);
	assert_string_equal(note.text, "");
}

/* What was made once is used without any right but to change it. */
static void
test_used(void **state)
{
	first();
	delete_device("qnapups load");
	restart(false);
	fake.blind = fake.no_add = fake.no_create = true;
	settle(true);
	assert_int_equal(idx("qnapups", "charge"), 13);
	assert_int_equal(idx("qnapups", "load"), 0);
	assert_int_equal(made + added, 0);
	assert_non_null(strstr(note.text, "rights of an administrator"));
	/* From then on only our own devices are listed. */
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(questions, 1);
	assert_int_equal(idx("qnapups", "condition"), 12);

	/* The hardware is seen, and nothing may be made. */
	fake.blind = false;
	now += DOMOSETUP_RETRY_MS;
	settle(true);
	assert_int_equal(made, 1);
	assert_int_equal(idx("qnapups", "charge"), 13);
	assert_non_null(strstr(note.text, "rights of an administrator"));
}

/* … but not if nothing says that its hardware is ours. */
static void
test_unproven(void **state)
{
	first();
	strcpy(fake.hardware[2].name, "Weather");
	strcpy(device("qnapups charge")->name, "Humidity");
	strcpy(device("qnapups load")->name, "Clouds");
	strcpy(device("qnapups condition")->name, "Storm");
	restart(true);
	fake.blind = fake.no_add = fake.no_create = true;
	settle(true);
	assert_int_equal(idx("qnapups", "charge"), 0);
	assert_int_equal(idx("qnapups", "load"), 0);
	assert_non_null(strstr(note.text, "rights of an administrator"));
}

/* What is made and never listed is not made for ever. */
static void
test_vain(void **state)
{
	fake.vain = true;
	want("qnapups", three);
	settle(true);
	assert_int_equal(added, DOMOSETUP_TRIES);
	assert_non_null(strstr(note.text, "does not list it"));
	settle(true);
	assert_int_equal(questions, 0);
	fake.vain = false;
	domosetup_lost(s);
	now += DOMOSETUP_RETRY_MS;
	settle(true);
	assert_int_equal(idx("qnapups", "load"), 14);

	fake.vain = true;
	made = 0;
	delete_device("qnapups load");
	now += DOMOSETUP_TRUST_MS;
	settle(true);
	assert_int_equal(made, DOMOSETUP_TRIES);
	assert_non_null(strstr(note.text, "does not list it"));
	now += DOMOSETUP_RETRY_MS;
	settle(true);
	assert_int_equal(made, DOMOSETUP_TRIES);
	assert_int_equal(idx("qnapups", "charge"), 13);
}

static void
test_version(void **state)
{
	strcpy(fake.version, "2022.2");
	want("qnapups", three);
	assert_int_equal(settle(true), VERDICT_FOREIGN);
	assert_non_null(strstr(note.text, "is Domoticz 2022.2: it has to be 2023.2"));
	assert_int_equal(made + added, 0);
	strcpy(fake.version, "2023.2 (build 15410)");
	assert_int_equal(settle(true), VERDICT_OK);
	assert_int_equal(idx("qnapups", "load"), 14);
}

/* A second UPS, and a sensor that comes later, are made beside those that are there. */
static void
test_more(void **state)
{
	static const char *const runtime[] = {"runtime", NULL};

	first();
	want("second", three);
	settle(false);
	assert_int_equal(made, 6);
	assert_int_equal(idx("second", "charge"), device("second charge")->idx);
	want("qnapups", runtime);
	settle(false);
	assert_int_equal(made, 7);
	assert_int_equal(idx("qnapups", "charge"), 13);
	assert_int_equal(added, 1);
	assert_string_equal(device("qnapups runtime")->subtype, "Custom Sensor");
}

/* What was kept may be anything. */
static void
test_kept(void **state)
{
	domosetup_kept(s, "hardware", "x");
	domosetup_kept(s, "nobody", "x");
	domosetup_kept(s, "ups.qnapups", "");
	domosetup_kept(s, "ups.qnapups", "charge load= nobody=3 = =5 vin=-7 \"load=4");
	domosetup_kept(s, "ups.qnapups", "charge= load=x nobody=3 = =5 vin=-7");
	first();
	assert_int_equal(made, 3);
}

/* There is an end to how many UPSes are told. */
static void
test_many(void **state)
{
	char name[32];

	for (int i = 0; i < DOMOSETUP_UPSES_MAX; i++) {
		snprintf(name, sizeof(name), "ups%d", i);
		assert_int_equal(domosetup_ups(s, name), i);
	}
	assert_int_equal(domosetup_ups(s, "one more"), -1);
	assert_int_equal(domosetup_ups(s, "ups7"), 7);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FRESH(test_first),
	    FRESH(test_restart),
	    FRESH(test_lost),
	    FRESH(test_renamed),
	    FRESH(test_hardware_renamed),
	    FRESH(test_all_taken),
	    FRESH(test_deleted),
	    FRESH(test_backup),
	    FRESH(test_swapped),
	    FRESH(test_type),
	    FRESH(test_not_admin),
	    FRESH(test_used),
	    FRESH(test_unproven),
	    FRESH(test_vain),
	    FRESH(test_version),
	    FRESH(test_more),
	    FRESH(test_kept),
	    FRESH(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "sim/link.h"
#include "sim/usbdev.h"

/* bmRequestType and bRequest in one number. */
#define REQUEST(type, request) ((type) << 8 | (request))
#define GET_STATUS_DEVICE REQUEST(0x80, 0)
#define GET_STATUS_INTERFACE REQUEST(0x81, 0)
#define GET_STATUS_ENDPOINT REQUEST(0x82, 0)
#define CLEAR_ENDPOINT_FEATURE REQUEST(0x02, 1)
#define GET_DESCRIPTOR REQUEST(0x80, 6)
#define GET_CONFIGURATION REQUEST(0x80, 8)
#define SET_CONFIGURATION REQUEST(0x00, 9)
#define GET_INTERFACE REQUEST(0x81, 10)
#define SET_INTERFACE REQUEST(0x01, 11)
#define GET_INTERFACE_DESCRIPTOR REQUEST(0x81, 6)
#define GET_REPORT REQUEST(0xa1, 1)
#define SET_REPORT REQUEST(0x21, 9)
#define SET_IDLE REQUEST(0x21, 10)

enum { DESC_DEVICE = 1, DESC_CONFIG, DESC_STRING, DESC_HID = 0x21, DESC_REPORT };
enum { STRING_MANUFACTURER = 253, STRING_PRODUCT, STRING_SERIAL };

#define LANGUAGE 0x0409 /* English, as every real one says */
#define STRING_CHARS_MAX 126
#define REPORT_FEATURE 3
#define REPORT_MAX 4096 /* what the kernel transfers at most, HID_MAX_BUFFER_SIZE / 4 */
#define HID_DESC_AT 18  /* within the configuration */
#define HID_DESC_LEN 9
#define LOW(n) ((uint8_t)((n)&0xff))
#define HIGH(n) ((uint8_t)((n) >> 8 & 0xff))

/* The texts that say who the device is, at indexes that no real device uses. */
static const char *
identity(const struct link_device *d, uint8_t index)
{
	const struct hidups_ident *ident = &d->recording->ident;

	switch (index) {
	case STRING_MANUFACTURER:
		return ident->manufacturer;
	case STRING_PRODUCT:
		return ident->name;
	case STRING_SERIAL:
		return ident->serial;
	default:
		return NULL;
	}
}

/* The index at which the device itself has that text, else ours; 0: an empty one. */
static uint8_t
string_index(const struct link_device *d, uint8_t ours)
{
	const char *text = identity(d, ours), *own;
	int i;

	if (*text == '\0')
		return 0;
	for (i = 1; i < STRING_MANUFACTURER; i++) {
		own = d->string(d->arg, (uint8_t)i);
		if (own != NULL && strcmp(own, text) == 0)
			return (uint8_t)i;
	}
	return ours;
}

/* Copies what the host wants of it. */
static int
give(const struct usbdev_setup *s, const void *bytes, size_t len, uint8_t *answer)
{
	if (len > s->length)
		len = s->length;
	memcpy(answer, bytes, len);
	return (int)len;
}

static int
give_device(const struct link_device *d, const struct usbdev_setup *s, uint8_t *answer)
{
	const struct hidups_ident *ident = &d->recording->ident;
	const uint8_t bytes[] = {18, DESC_DEVICE, 0x10, 0x01, 0, 0, 0, USBDEV_PACKET_MAX,
	    LOW(ident->vendor), HIGH(ident->vendor), LOW(ident->product),
	    HIGH(ident->product), LOW(ident->version), HIGH(ident->version),
	    string_index(d, STRING_MANUFACTURER), string_index(d, STRING_PRODUCT),
	    string_index(d, STRING_SERIAL), 1};

	return give(s, bytes, sizeof(bytes), answer);
}

/* Configuration, interface, HID and endpoint descriptor; or the HID one alone. */
static int
give_config(const struct link_device *d, const struct usbdev_setup *s, bool hid_alone,
    uint8_t *answer)
{
	size_t len = d->recording->descriptor_len;
	const uint8_t bytes[] = {
	    9,
	    DESC_CONFIG,
	    34,
	    0,
	    1,
	    1,
	    0,
	    0xc0,
	    0, /* self-powered */
	    9,
	    4,
	    0,
	    0,
	    1,
	    3,
	    0,
	    0,
	    0, /* class HID */
	    9,
	    DESC_HID,
	    0x10,
	    0x01,
	    0,
	    1,
	    DESC_REPORT,
	    LOW(len),
	    HIGH(len),
	    7,
	    5,
	    USBDEV_ENDPOINT,
	    3,
	    USBDEV_PACKET_MAX,
	    0,
	    USBDEV_INTERVAL,
	};

	if (hid_alone)
		return give(s, bytes + HID_DESC_AT, HID_DESC_LEN, answer);
	return give(s, bytes, sizeof(bytes), answer);
}

/* UTF-16; what is not ASCII becomes a question mark. */
static int
give_string(const struct link_device *d, const struct usbdev_setup *s, uint8_t *answer)
{
	uint8_t index = LOW(s->value), bytes[2 + 2 * STRING_CHARS_MAX] = {2, DESC_STRING};
	const char *text;

	if (index == 0) {
		bytes[bytes[0]++] = LOW(LANGUAGE);
		bytes[bytes[0]++] = HIGH(LANGUAGE);
		return give(s, bytes, bytes[0], answer);
	}
	if ((text = d->string(d->arg, index)) == NULL &&
	    (text = identity(d, index)) == NULL)
		return -1;
	for (; *text != '\0' && bytes[0] < sizeof(bytes); text++) {
		bytes[bytes[0]++] = (unsigned char)*text < 0x80 ? (uint8_t)*text : '?';
		bytes[bytes[0]++] = 0;
	}
	return give(s, bytes, bytes[0], answer);
}

static int
give_descriptor(
    const struct link_device *d, const struct usbdev_setup *s, uint8_t *answer)
{
	switch (HIGH(s->value)) {
	case DESC_DEVICE:
		return give_device(d, s, answer);
	case DESC_CONFIG:
		return give_config(d, s, false, answer);
	case DESC_STRING:
		return give_string(d, s, answer);
	case DESC_HID:
		return give_config(d, s, true, answer);
	case DESC_REPORT:
		return give(
		    s, d->recording->descriptor, d->recording->descriptor_len, answer);
	default:
		return -1;
	}
}

static int
give_report(const struct link_device *d, const struct usbdev_setup *s, uint8_t *answer)
{
	const uint8_t *bytes;
	size_t len;

	if (HIGH(s->value) != REPORT_FEATURE)
		return -1;
	bytes = d->get(d->arg, LOW(s->value), &len);
	return bytes == NULL ? -1 : give(s, bytes, len, answer);
}

/* On the bus a report without id has no id byte; the device behind expects a zero. */
static int
take_report(const struct link_device *d, const struct usbdev_setup *s,
    const uint8_t *data, size_t len)
{
	uint8_t bytes[1 + REPORT_MAX] = {0};
	size_t head = d->numbered ? 0 : 1;

	if (HIGH(s->value) != REPORT_FEATURE || len > REPORT_MAX || len + head == 0)
		return -1;
	if (len > 0)
		memcpy(bytes + head, data, len);
	return d->set(d->arg, bytes, head + len) == 0 ? 0 : -1;
}

bool
usbdev_is_report(const struct usbdev_setup *s)
{
	int request = REQUEST(s->type, s->request);

	return request == GET_REPORT || request == SET_REPORT;
}

int
usbdev_control(const struct link_device *d, const struct usbdev_setup *s,
    const uint8_t *data, size_t len, uint8_t *answer)
{
	static const uint8_t self_powered[] = {1, 0}, nothing[] = {0, 0}, one[] = {1};

	switch (REQUEST(s->type, s->request)) {
	case GET_STATUS_DEVICE:
		return give(s, self_powered, sizeof(self_powered), answer);
	case GET_STATUS_INTERFACE:
	case GET_STATUS_ENDPOINT:
		return give(s, nothing, sizeof(nothing), answer);
	case CLEAR_ENDPOINT_FEATURE:
	case SET_IDLE:
		return 0;
	case GET_CONFIGURATION:
		return give(s, one, sizeof(one), answer);
	case SET_CONFIGURATION: /* the one there is, or none */
		return s->value <= 1 ? 0 : -1;
	case GET_INTERFACE:
		return give(s, nothing, 1, answer);
	case SET_INTERFACE:
		return s->value == 0 && s->index == 0 ? 0 : -1;
	case GET_DESCRIPTOR:
	case GET_INTERFACE_DESCRIPTOR:
		return give_descriptor(d, s, answer);
	case GET_REPORT:
		return give_report(d, s, answer);
	case SET_REPORT:
		return take_report(d, s, data, len);
	default:
		return -1;
	}
}

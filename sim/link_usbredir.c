/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <usbredirparser.h>

#include "lib/log.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "sim/delay.h"
#include "sim/link.h"
#include "sim/usbdev.h"

#define DATA_MAX 4096   /* bytes that a host may send along with a request */
#define UNSENT_MAX 64   /* packets; a guest that stands still gets no more reports */
#define IN_SLOT 17      /* of endpoint 1 IN among the 32 of an ep_info */
#define CONTROL_IN 0x80 /* direction bit of a request */

/*
 * The host side of the usbredir protocol (usbredirparser.h): QEMU connects, and its guest
 * sees the device for as long as it is on the bus.
 */
struct link_usbredir {
	struct link link;
	struct event_base *base;
	const struct link_device *device;
	char *place; /* port or path */
	int listener;
	struct event *acceptable;
	struct delay *delay;
	bool present;  /* on the bus */
	unsigned life; /* counts up when what waits is void */
	int fd;        /* of the guest, -1: none */
	struct event *readable, *writable;
	struct usbredirparser *parser;
	bool greeted;     /* it said hello */
	bool announced;   /* it was told of the device */
	bool polled;      /* it wants input reports */
	uint64_t reports; /* handed out */
};

/* A control transfer that may have to wait. */
struct request {
	unsigned life;
	uint64_t id;
	struct usb_redir_control_packet_header head;
	size_t len;
	uint8_t data[DATA_MAX];
};

static bool
is_port(const char *place)
{
	return *place != '\0' && place[strspn(place, "0123456789")] == '\0';
}

/* Writes what is queued, now or when the socket takes it. After an error the end of file
 * does the rest, so that no guest vanishes while being served. */
static void
flush(struct link_usbredir *l)
{
	if (usbredirparser_do_write(l->parser) != 0)
		shutdown(l->fd, SHUT_RDWR);
	else if (usbredirparser_has_data_to_write(l->parser) > 0)
		event_add(l->writable, NULL);
}

/* Tells the guest that a device was plugged in: its endpoints and interfaces first. */
static void
announce(struct link_usbredir *l)
{
	const struct hidups_ident *ident = &l->device->recording->ident;
	struct usb_redir_ep_info_header endpoints = {0};
	struct usb_redir_interface_info_header interfaces = {
	    .interface_count = 1, .interface_class = {3}};
	struct usb_redir_device_connect_header device = {.speed = usb_redir_speed_full,
	    .vendor_id = ident->vendor,
	    .product_id = ident->product,
	    .device_version_bcd = ident->version};

	if (!l->present || !l->greeted || l->announced)
		return;
	memset(endpoints.type, usb_redir_type_invalid, sizeof(endpoints.type));
	endpoints.type[0] = endpoints.type[16] = usb_redir_type_control;
	endpoints.max_packet_size[0] = endpoints.max_packet_size[16] = USBDEV_PACKET_MAX;
	endpoints.type[IN_SLOT] = usb_redir_type_interrupt;
	endpoints.interval[IN_SLOT] = USBDEV_INTERVAL;
	endpoints.max_packet_size[IN_SLOT] = USBDEV_PACKET_MAX;
	usbredirparser_send_interface_info(l->parser, &interfaces);
	usbredirparser_send_ep_info(l->parser, &endpoints);
	usbredirparser_send_device_connect(l->parser, &device);
	l->announced = true;
}

static void
on_hello(void *arg, struct usb_redir_hello_header *hello)
{
	struct link_usbredir *l = arg;

	(void)hello;
	l->greeted = true;
	announce(l);
}

/* Resets and everything else that a device without a memory takes in its stride. */
static void
on_nothing(void *arg)
{
	(void)arg;
}

static void
on_cancel(void *arg, uint64_t id)
{
	(void)arg;
	(void)id; /* the answer comes in its time; the guest knows that it is void */
}

static void
on_set_configuration(
    void *arg, uint64_t id, struct usb_redir_set_configuration_header *head)
{
	struct link_usbredir *l = arg;
	struct usb_redir_configuration_status_header status = {
	    .status = usb_redir_success, .configuration = head->configuration};

	usbredirparser_send_configuration_status(l->parser, id, &status);
}

static void
on_get_configuration(void *arg, uint64_t id)
{
	struct link_usbredir *l = arg;
	struct usb_redir_configuration_status_header status = {
	    .status = usb_redir_success, .configuration = 1};

	usbredirparser_send_configuration_status(l->parser, id, &status);
}

/* There is one interface, and one way to set it. */
static void
answer_alt(struct link_usbredir *l, uint64_t id, uint8_t interface, uint8_t alt)
{
	struct usb_redir_alt_setting_status_header status = {
	    .status = interface == 0 && alt == 0 ? usb_redir_success : usb_redir_stall,
	    .interface = interface};

	usbredirparser_send_alt_setting_status(l->parser, id, &status);
}

static void
on_set_alt(void *arg, uint64_t id, struct usb_redir_set_alt_setting_header *head)
{
	answer_alt(arg, id, head->interface, head->alt);
}

static void
on_get_alt(void *arg, uint64_t id, struct usb_redir_get_alt_setting_header *head)
{
	answer_alt(arg, id, head->interface, 0);
}

static void
answer_polling(struct link_usbredir *l, uint64_t id, uint8_t endpoint, bool polled)
{
	struct usb_redir_interrupt_receiving_status_header status = {
	    .status = usb_redir_success, .endpoint = endpoint};

	if (endpoint == USBDEV_ENDPOINT)
		l->polled = polled;
	else
		status.status = usb_redir_inval;
	usbredirparser_send_interrupt_receiving_status(l->parser, id, &status);
}

static void
on_start_interrupt(
    void *arg, uint64_t id, struct usb_redir_start_interrupt_receiving_header *head)
{
	answer_polling(arg, id, head->endpoint, true);
}

static void
on_stop_interrupt(
    void *arg, uint64_t id, struct usb_redir_stop_interrupt_receiving_header *head)
{
	answer_polling(arg, id, head->endpoint, false);
}

/* Answers a request, unless the guest or the device went while it waited. */
static void
serve(void *arg, const void *bytes, size_t size)
{
	static uint8_t answer[UINT16_MAX];
	struct link_usbredir *l = arg;
	const struct request *r = bytes;
	struct usb_redir_control_packet_header head = r->head;
	struct usbdev_setup setup = {.type = head.requesttype,
	    .request = head.request,
	    .value = head.value,
	    .index = head.index,
	    .length = head.length};
	int len;

	(void)size;
	if (r->life != l->life)
		return;
	len = usbdev_control(l->device, &setup, r->data, r->len, answer);
	if (r->life != l->life)
		return;
	head.status = len == -1 ? usb_redir_stall : usb_redir_success;
	if (len == -1)
		len = 0;
	if ((head.requesttype & CONTROL_IN) != 0)
		head.length = (uint16_t)len;
	else
		len = 0;
	usbredirparser_send_control_packet(
	    l->parser, r->id, &head, len > 0 ? answer : NULL, len);
	flush(l);
}

static void
on_control(void *arg, uint64_t id, struct usb_redir_control_packet_header *head,
    uint8_t *data, int len)
{
	struct link_usbredir *l = arg;
	struct request r = {.life = l->life, .id = id, .head = *head};
	struct usbdev_setup setup = {.type = head->requesttype, .request = head->request};

	if (len > 0 && (size_t)len <= sizeof(r.data)) {
		memcpy(r.data, data, (size_t)len);
		r.len = (size_t)len;
	}
	usbredirparser_free_packet_data(l->parser, data);
	if ((size_t)len > sizeof(r.data) ||
	    delay_push(l->delay, usbdev_is_report(&setup), &r,
		offsetof(struct request, data) + r.len) != 0) {
		head->status = usb_redir_stall;
		head->length = 0;
		usbredirparser_send_control_packet(l->parser, id, head, NULL, 0);
	}
}

static void
on_log(void *arg, int level, const char *text)
{
	const struct link_usbredir *l = arg;

	if (level <= usbredirparser_warning)
		log_warn("%s: %s", l->place, text);
}

static int
on_read(void *arg, uint8_t *data, int count)
{
	const struct link_usbredir *l = arg;
	ssize_t n = recv(l->fd, data, (size_t)count, MSG_DONTWAIT);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n > 0 ? (int)n : -1;
}

static int
on_write(void *arg, uint8_t *data, int count)
{
	const struct link_usbredir *l = arg;
	ssize_t n = send(l->fd, data, (size_t)count, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return (int)n;
}

/* What a guest may say to this device. What it may not, the library turns down. */
static struct usbredirparser *
parser_new(struct link_usbredir *l)
{
	struct usbredirparser *p = usbredirparser_create();
	uint32_t caps[USB_REDIR_CAPS_SIZE] = {0};
	char version[] = "holdup sim " HOLDUP_VERSION;

	if (p == NULL)
		log_fatal("out of memory");
	p->priv = l;
	p->log_func = on_log;
	p->read_func = on_read;
	p->write_func = on_write;
	p->hello_func = on_hello;
	p->reset_func = on_nothing;
	p->filter_reject_func = on_nothing;
	p->cancel_data_packet_func = on_cancel;
	p->set_configuration_func = on_set_configuration;
	p->get_configuration_func = on_get_configuration;
	p->set_alt_setting_func = on_set_alt;
	p->get_alt_setting_func = on_get_alt;
	p->start_interrupt_receiving_func = on_start_interrupt;
	p->stop_interrupt_receiving_func = on_stop_interrupt;
	p->control_packet_func = on_control;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_caps_set_cap(
	    caps, usb_redir_cap_32bits_bulk_length); /* for xHCI */
	usbredirparser_init(
	    p, version, caps, USB_REDIR_CAPS_SIZE, usbredirparser_fl_usb_host);
	return p;
}

/* The guest's machine ended, or broke the rules. */
static void
guest_free(struct link_usbredir *l)
{
	if (l->fd == -1)
		return;
	usbredirparser_destroy(l->parser);
	event_free(l->readable);
	event_free(l->writable);
	close(l->fd);
	l->fd = -1;
	l->greeted = l->announced = l->polled = false;
	l->life++;
}

static void
on_readable(evutil_socket_t fd, short events, void *arg)
{
	struct link_usbredir *l = arg;

	(void)fd;
	(void)events;
	if (usbredirparser_do_read(l->parser) != 0)
		guest_free(l);
	else
		flush(l);
}

static void
on_writable(evutil_socket_t fd, short events, void *arg)
{
	(void)fd;
	(void)events;
	flush(arg);
}

static void
on_acceptable(evutil_socket_t listener, short events, void *arg)
{
	struct link_usbredir *l = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)events;
	if (fd == -1)
		return;
	if (l->fd != -1) {
		log_warn("%s: the device is plugged into one guest, another is refused",
		    l->place);
		close(fd);
		return;
	}
	l->fd = fd;
	l->parser = parser_new(l);
	l->readable = event_new(l->base, fd, EV_READ | EV_PERSIST, on_readable, l);
	l->writable = event_new(l->base, fd, EV_WRITE, on_writable, l);
	event_add(l->readable, NULL);
	flush(l);
}

/* The place stays open from the first appearance on: a guest may be there without the
 * device. */
static int
redir_appear(struct link *link, char *cause, size_t size)
{
	struct link_usbredir *l = (struct link_usbredir *)link;

	if (l->listener == -1) {
		if (is_port(l->place))
			l->listener = sock_listen_tcp("127.0.0.1", l->place, cause, size);
		else
			l->listener =
			    sock_listen_unix(l->place, SOCK_STREAM, 0660, cause, size);
		if (l->listener == -1)
			return -1;
		l->acceptable = event_new(
		    l->base, l->listener, EV_READ | EV_PERSIST, on_acceptable, l);
		event_add(l->acceptable, NULL);
	}
	l->present = true;
	if (l->fd != -1) {
		announce(l);
		flush(l);
	}
	return 0;
}

static void
redir_vanish(struct link *link)
{
	struct link_usbredir *l = (struct link_usbredir *)link;

	l->present = l->polled = false;
	l->life++;
	if (!l->announced)
		return;
	l->announced = false;
	usbredirparser_send_device_disconnect(l->parser);
	flush(l);
}

/* As a host reads it: in packets of the endpoint's size. */
static void
redir_input(struct link *link, const uint8_t *bytes, size_t len)
{
	struct link_usbredir *l = (struct link_usbredir *)link;
	struct usb_redir_interrupt_packet_header head = {.endpoint = USBDEV_ENDPOINT};
	uint8_t packet[USBDEV_PACKET_MAX];
	size_t part;

	if (!l->polled || usbredirparser_has_data_to_write(l->parser) > UNSENT_MAX)
		return;
	for (; len > 0; len -= part, bytes += part) {
		part = len < sizeof(packet) ? len : sizeof(packet);
		memcpy(packet, bytes, part);
		head.length = (uint16_t)part;
		usbredirparser_send_interrupt_packet(
		    l->parser, l->reports++, &head, packet, (int)part);
	}
	flush(l);
}

static void
redir_retime(struct link *link)
{
	delay_retime(((struct link_usbredir *)link)->delay);
}

static void
redir_free(struct link *link)
{
	struct link_usbredir *l = (struct link_usbredir *)link;

	redir_vanish(link);
	guest_free(l);
	delay_free(l->delay);
	if (l->listener != -1) {
		event_free(l->acceptable);
		close(l->listener);
		if (!is_port(l->place))
			unlink(l->place);
	}
	free(l->place);
	free(l);
}

static const struct link_ops redir_ops = {
    .appear = redir_appear,
    .vanish = redir_vanish,
    .input = redir_input,
    .retime = redir_retime,
    .free = redir_free,
};

struct link *
link_usbredir_new(
    struct event_base *base, const char *place, const struct link_device *device)
{
	struct link_usbredir *l = xcalloc(1, sizeof(*l));

	l->link.ops = &redir_ops;
	l->base = base;
	l->device = device;
	l->place = xstrdup(place);
	l->delay = delay_new(base, device->stall, serve, l);
	l->listener = l->fd = -1;
	return &l->link;
}

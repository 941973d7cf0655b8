/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "sim/delay.h"
#include "sim/link.h"

/*
 * The kernel's side is described in its Documentation/hid/uhid.rst: one struct uhid_event
 * per read and write; a shorter write counts as one filled up with zeros.
 */
struct link_uhid {
	struct link link;
	const struct link_device *device;
	int fd;
	struct event *readable;
	struct delay *delay;
	bool created;
};

static int
put(struct link_uhid *l, const struct uhid_event *e)
{
	return write(l->fd, e, sizeof(*e)) == -1 ? -1 : 0;
}

static void
answer_get(struct link_uhid *l, const struct uhid_get_report_req *question)
{
	const struct link_device *d = l->device;
	struct uhid_event e = {.type = UHID_GET_REPORT_REPLY};
	struct uhid_get_report_reply_req *answer = &e.u.get_report_reply;
	size_t head = d->numbered ? 0 : 1, len = 0; /* without ids, a zero is the id */
	const uint8_t *bytes = NULL;

	if (question->rtype == UHID_FEATURE_REPORT)
		bytes = d->get(d->arg, question->rnum, &len);
	answer->id = question->id;
	if (bytes == NULL || head + len > sizeof(answer->data))
		answer->err = EIO;
	else {
		memcpy(answer->data + head, bytes, len);
		answer->size = (uint16_t)(head + len);
	}
	put(l, &e);
}

static void
answer_set(struct link_uhid *l, const struct uhid_set_report_req *question)
{
	const struct link_device *d = l->device;
	struct uhid_event e = {.type = UHID_SET_REPORT_REPLY};
	size_t len = question->size;

	if (len > sizeof(question->data))
		len = sizeof(question->data);
	e.u.set_report_reply.id = question->id;
	if (question->rtype != UHID_FEATURE_REPORT ||
	    d->set(d->arg, question->data, len) != 0)
		e.u.set_report_reply.err = EIO;
	put(l, &e);
}

static void
serve(void *arg, const void *request, size_t len)
{
	const struct uhid_event *e = request;

	(void)len;
	if (e->type == UHID_GET_REPORT)
		answer_get(arg, &e->u.get_report);
	else
		answer_set(arg, &e->u.set_report);
}

static void
on_readable(evutil_socket_t fd, short events, void *arg)
{
	struct link_uhid *l = arg;
	struct uhid_event e = {0};
	ssize_t n;

	(void)events;
	n = read(fd, &e, sizeof(e));
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < (ssize_t)sizeof(e.type)) {
		log_warn("/dev/uhid is gone: the kernel has no virtual UPS any more");
		event_del(l->readable);
		return;
	}
	/* Everything else only says who has the device open. */
	if (e.type == UHID_GET_REPORT || e.type == UHID_SET_REPORT)
		delay_push(l->delay, true, &e, sizeof(e));
}

static int
uhid_appear(struct link *link, char *cause, size_t size)
{
	struct link_uhid *l = (struct link_uhid *)link;
	const struct recording *r = l->device->recording;
	struct uhid_event e = {.type = UHID_CREATE2};
	struct uhid_create2_req *c = &e.u.create2;

	if (r->descriptor_len > sizeof(c->rd_data)) {
		snprintf(cause, size,
		    "the kernel takes descriptors of %zu bytes, this one has %zu",
		    sizeof(c->rd_data), r->descriptor_len);
		return -1;
	}
	snprintf((char *)c->name, sizeof(c->name), "%s", r->ident.name);
	snprintf((char *)c->uniq, sizeof(c->uniq), "%.*s", (int)sizeof(c->uniq) - 1,
	    r->ident.serial);
	snprintf(
	    (char *)c->phys, sizeof(c->phys), "holdup-sim-%ld/input0", (long)getpid());
	memcpy(c->rd_data, r->descriptor, r->descriptor_len);
	c->rd_size = (uint16_t)r->descriptor_len;
	c->bus = BUS_USB;
	c->vendor = r->ident.vendor;
	c->product = r->ident.product;
	c->version = r->ident.version;
	if (put(l, &e) == -1) {
		snprintf(
		    cause, size, "/dev/uhid refuses the device: %s", strerror(errno));
		return -1;
	}
	l->created = true;
	return 0;
}

static void
uhid_vanish(struct link *link)
{
	struct link_uhid *l = (struct link_uhid *)link;
	struct uhid_event e = {.type = UHID_DESTROY};

	if (l->created)
		put(l, &e);
	l->created = false;
}

static void
uhid_input(struct link *link, const uint8_t *bytes, size_t len)
{
	struct link_uhid *l = (struct link_uhid *)link;
	struct uhid_event e = {.type = UHID_INPUT2};

	if (!l->created || len > sizeof(e.u.input2.data))
		return;
	memcpy(e.u.input2.data, bytes, len);
	e.u.input2.size = (uint16_t)len;
	put(l, &e);
}

static void
uhid_retime(struct link *link)
{
	delay_retime(((struct link_uhid *)link)->delay);
}

static void
uhid_free(struct link *link)
{
	struct link_uhid *l = (struct link_uhid *)link;

	uhid_vanish(link);
	delay_free(l->delay);
	event_free(l->readable);
	close(l->fd);
	free(l);
}

static const struct link_ops uhid_ops = {
    .appear = uhid_appear,
    .vanish = uhid_vanish,
    .input = uhid_input,
    .retime = uhid_retime,
    .free = uhid_free,
};

struct link *
link_uhid_new(struct event_base *base, int fd, const struct link_device *device)
{
	struct link_uhid *l = xcalloc(1, sizeof(*l));

	l->link.ops = &uhid_ops;
	l->device = device;
	l->fd = fd;
	l->delay = delay_new(base, device->stall, serve, l);
	l->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, l);
	event_add(l->readable, NULL);
	return &l->link;
}

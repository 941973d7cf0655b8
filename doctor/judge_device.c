/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "doctor/facts.h"

/* Makers of UPSes, and of the bridges in them; and what serves those of their devices that
 * have no HID power page. */
static const struct {
	uint16_t vendor;
	const char *name, *driver;
} makers[] = {
    {0x0463, "Eaton", "mge-shut"},
    {0x051d, "APC", "apc_modbus"},
    {0x05b8, "Agiler", "nutdrv_qx"},
    {0x0665, "Cypress", "nutdrv_qx"},
    {0x06da, "Phoenixtec", "nutdrv_qx"},
    {0x0764, "CyberPower", "powerpanel"},
    {0x0925, "Richcomm", "richcomm_usb"},
    {0x09ae, "Tripp Lite", "tripplite_usb"},
    {0x0d9f, "Powercom", "nutdrv_qx"},
    {0x0f03, "Unitek", "nutdrv_qx"},
    {0x10af, "Liebert", "nutdrv_qx"},
    {0x14f0, "Fideltronik", "nutdrv_qx"},
    {0x1cb0, "Legrand", "nutdrv_qx"},
    {0x2e66, "Salicru", "nutdrv_qx"},
};

#define MAKERS (sizeof(makers) / sizeof(makers[0]))

static int
maker_of(uint16_t vendor)
{
	for (size_t i = 0; i < MAKERS; i++)
		if (makers[i].vendor == vendor)
			return (int)i;
	return -1;
}

/* True for a program that serves a section of ups.conf: `hid` itself, or its driver. */
static bool
is_meant(const struct facts_devices *f, const char *name)
{
	const char *driver;

	if (strcmp(name, "hid") == 0)
		return true;
	for (size_t i = 0; i < f->conf->nupses; i++) {
		driver = conf_ups_get(&f->conf->upses[i], "driver");
		/* The kernel cuts names after 15 bytes. */
		if (driver != NULL && strncmp(driver, name, 15) == 0 &&
		    strcmp(driver, "usbhid-ups") != 0)
			return true;
	}
	return false;
}

static void
judge_holder(const struct facts_devices *f, const struct facts_device *d,
    const struct holder *h, struct doctor_report *r)
{
	const char *command = holders_remedy(h->name);

	if (is_meant(f, h->name))
		return;
	if (h->open)
		doctor_say(r, DOCTOR_ERROR,
		    "%s (pid %ld) holds the UPS %s: two programs cannot ask it at once",
		    h->name, h->pid, d->name);
	else
		doctor_say(r, DOCTOR_WARNING,
		    "%s (pid %ld) runs here, and may hold the UPS %s: that is only seen "
		    "by root",
		    h->name, h->pid, d->name);
	if (command != NULL)
		doctor_remedy(r, "sudo %s", command);
	else
		doctor_remedy(r, "systemctl status %ld", h->pid);
}

/* The kernel has an HID interface of a maker of UPSes, and no node for it. */
static void
judge_unbound(const struct facts_device *d, struct doctor_report *r)
{
	if (d->driver[0] == '\0') {
		doctor_say(r, DOCTOR_ERROR,
		    "%s is on USB, but the kernel has bound no driver to its interface "
		    "%s: a program took it, and did not give it back",
		    d->name, d->place);
		doctor_remedy(
		    r, "echo %s | sudo tee /sys/bus/usb/drivers/usbhid/bind", d->place);
	} else {
		doctor_say(r, DOCTOR_ERROR,
		    "%s is on USB, and %s has its interface %s, but there is no hidraw "
		    "node: the kernel lacks CONFIG_HIDRAW, or its module hid-generic",
		    d->name, d->driver, d->place);
		doctor_remedy(r, "sudo modprobe hid-generic");
	}
}

/* Nobody may open its node. */
static void
judge_access(
    const struct facts_devices *f, const struct facts_device *d, struct doctor_report *r)
{
	if (f->own) {
		doctor_say(
		    r, DOCTOR_ERROR, "you may not open %s, the UPS %s", d->node, d->name);
		doctor_remedy(r, "sudo chgrp \"$(id -gn)\" %s && sudo chmod g+rw %s",
		    d->node, d->node);
	} else if (!f->group) {
		doctor_say(r, DOCTOR_ERROR,
		    "there is no group nut, which the UPS %s is to belong to", d->name);
		doctor_remedy(r,
		    "sudo groupadd --system nut && sudo udevadm trigger "
		    "--action=change %s",
		    d->node);
	} else if (!f->rule) {
		doctor_say(r, DOCTOR_ERROR,
		    "group nut may not open %s, the UPS %s, for udev has no rule for it "
		    "(62-holdup.rules)",
		    d->node, d->name);
		doctor_remedy(r, "sudo apt install --reinstall holdup");
	} else {
		doctor_say(r, DOCTOR_ERROR,
		    "group nut may not open %s, the UPS %s, though udev has its rule: it "
		    "was plugged in before that was there",
		    d->node, d->name);
		doctor_remedy(r,
		    "sudo udevadm control --reload && sudo udevadm trigger "
		    "--action=change %s",
		    d->node);
	}
}

static void
judge_one(
    const struct facts_devices *f, const struct facts_device *d, struct doctor_report *r)
{
	const int maker = maker_of(d->vendor);
	const size_t before = r->count;

	if (!d->ups && !d->claimed && maker < 0)
		return;
	for (size_t i = 0; (d->ups || d->claimed) && i < d->holders.count; i++)
		judge_holder(f, d, &d->holders.list[i], r);
	if (d->claimed && r->count == before && d->holders.count == 0) {
		doctor_say(r, DOCTOR_WARNING,
		    "a program that cannot be seen holds %s through libusb", d->name);
		doctor_remedy(r, "sudo holdup doctor");
	} else if (!d->claimed && d->node[0] == '\0')
		judge_unbound(d, r);
	else if (d->fault[0] != '\0' && !d->claimed)
		doctor_say(r, DOCTOR_WARNING, "%s: its descriptor cannot be read: %s",
		    d->name, d->fault);
	else if (!d->ups && !d->claimed) {
		doctor_say(r, DOCTOR_WARNING,
		    "%s is on USB, but has no HID power page: it is no UPS that speaks "
		    "HID. If it is one, NUT's driver %s may know it: write that into "
		    "ups.conf",
		    d->name, makers[maker].driver);
		doctor_remedy(r, "sudo apt install nut-server");
	}
	if (d->ups && !d->claimed && !d->reached)
		judge_access(f, d, r);
	if (d->ups && r->count == before)
		doctor_say(r, DOCTOR_FINE, "%s is the UPS %s%s", d->node, d->name,
		    f->virtual ? " (virtual)" : "");
}

/* True when a section waits for a device of USB. */
static bool
wants_usb(const struct facts_devices *f)
{
	for (size_t i = 0; i < f->conf->nupses; i++) {
		const char *driver = conf_ups_get(&f->conf->upses[i], "driver");

		if (driver != NULL &&
		    (strcmp(driver, "usbhid-ups") == 0 || strcmp(driver, "hid") == 0))
			return true;
	}
	return false;
}

void
judge_device(const struct facts_devices *f, struct doctor_report *r)
{
	const size_t before = r->count;
	bool ups = false;

	for (size_t i = 0; i < f->count; i++) {
		ups |= f->list[i].ups || f->list[i].claimed;
		judge_one(f, &f->list[i], r);
	}
	if (!ups && wants_usb(f)) {
		doctor_say(r, DOCTOR_ERROR,
		    "ups.conf has a UPS on USB, but none is there: is the data cable in, "
		    "at both ends?");
		doctor_remedy(r, "lsusb");
	} else if (r->count == before)
		doctor_say(
		    r, DOCTOR_FINE, "no UPS is on USB here, and none is configured");
}

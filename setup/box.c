/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <strings.h>

#include "setup/box.h"

static const struct setup_box boxes[] = {
    {"qnap", "QNAP", true, "Control Panel > External Device > UPS",
	"choose \"Network UPS slave\" and enter the address %s",
	"It asks for a UPS named qnapups: that is the first one here.\n"
	"It goes down by its own clock: take minutes that the battery lasts easily.\n"},
    {"synology", "Synology", true, "Control Panel > Hardware & Power > UPS",
	"tick \"Enable UPS support\", type \"Synology UPS server\", address %s",
	"It asks for a UPS named ups and logs in as monuser: both work from its "
	"address.\n"},
    {"truenas", "TrueNAS", true, "System Settings > Services > UPS",
	"mode Slave, identifier ups, remote host %s, port 3493,\n"
	"shutdown mode \"UPS reaches low battery\"",
	"Leave its own user upsmon and password as they are: they work from its "
	"address.\n"},
    {"unraid", "Unraid", false, "Settings > NUT Settings (plugin NUT)",
	"Enable NUT: Yes, UPS Mode: Slave, UPS IP address %s", ""},
};

const struct setup_box *
box_at(unsigned n)
{
	return n < sizeof(boxes) / sizeof(boxes[0]) ? &boxes[n] : NULL;
}

const struct setup_box *
box_find(const char *word)
{
	for (size_t i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		if (strcasecmp(boxes[i].word, word) == 0)
			return &boxes[i];
	return NULL;
}

const char *
box_words(void)
{
	return "qnap, synology, truenas, unraid";
}

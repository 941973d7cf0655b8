/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "check/check.h"
#include "lib/conf.h"

/* Drivers of NUT that people have, ours among them. A word that is near to none of these
 * may be one of the many others. */
static const char *const drivers[] = {"apc_modbus", "apcsmart", "apcsmart-old",
    "apcupsd-ups", "bcmxcp", "bcmxcp_usb", "belkin", "blazer_ser", "blazer_usb", "clone",
    "clone-outlet", "dummy-ups", "generic_modbus", "genericups", "huawei-ups2000",
    "liebert", "liebert-esp2", "mge-shut", "mge-utalk", "netxml-ups", "nut-ipmipsu",
    "nutdrv_atcl_usb", "nutdrv_qx", "nutdrv_siemens-sitop", "oneac", "optiups", "pijuice",
    "powercom", "remote", "richcomm_usb", "riello_ser", "riello_usb", "snmp-ups",
    "tripplite", "tripplite_usb", "upscode2", "usbhid-ups", "victronups", NULL};

static bool
known(const char *driver)
{
	for (size_t i = 0; drivers[i] != NULL; i++)
		if (strcmp(driver, drivers[i]) == 0)
			return true;
	return false;
}

/* A driver that is misspelt is only found out when it is to be started. */
void
check_drivers(const struct check_conf *c, struct check_list *out)
{
	for (size_t i = 0; i < c->ups.nupses; i++) {
		const struct conf_ups *u = &c->ups.upses[i];
		const char *driver = conf_ups_get(u, "driver"), *near;

		if (driver == NULL || known(driver) ||
		    (near = conf_nearest(driver, drivers)) == NULL)
			continue;
		check_add(out, CHECK_WARNING, c->files[CHECK_UPS].path, u->line,
		    "[%s] has driver = %s: did you mean \"%s\"?", u->name, driver, near);
	}
}

/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "check/check.h"
#include "lib/conf.h"

/* All drivers of NUT 2.8, and ours; where several begin alike the usual one is the first. */
static const char *const drivers[] = {"adelsystem_cbi", "al175", "apc_modbus", "apcsmart",
    "apcsmart-old", "apcupsd-ups", "asem", "bcmxcp", "bcmxcp_usb", "belkin", "belkinunv",
    "bestfcom", "bestfortress", "bestuferrups", "bestups", "bicker_ser", "blazer_ser",
    "blazer_usb", "clone", "clone-outlet", "dummy-ups", "etapro", "everups", "failover",
    "gamatronic", "generic_gpio_common", "generic_gpio_libgpiod", "generic_modbus",
    "genericups", "huawei-ups2000", "hwmon_ina219", "isbmex", "ivtscd", "liebert",
    "liebert-esp2", "liebert-gxe", "macosx-ups", "masterguard", "meanwell_ntu", "metasys",
    "mge-shut", "mge-utalk", "microdowell", "microsol-apc", "must_ep2000pro",
    "netxml-ups", "nhs_ser", "nut-ipmipsu", "nut-upower", "nutdrv_qx", "nutdrv_atcl_usb",
    "nutdrv_hashx", "nutdrv_siemens-sitop", "oneac", "optiups", "phoenixcontact_modbus",
    "pijuice", "powercom", "powerman-pdu", "powerpanel", "powervar_cx_ser",
    "powervar_cx_usb", "remote", "rhino", "richcomm_usb", "riello_usb", "riello_ser",
    "safenet", "sms_ser", "snmp-ups", "socomec_jbus", "solis", "tripplite",
    "tripplite_usb", "tripplitesu", "upscode2", "usbhid-ups", "ve-direct", "victronups",
    NULL};

#define BEGINNING_MIN 4 /* letters that say which driver was meant */

static bool
known(const char *driver)
{
	for (size_t i = 0; drivers[i] != NULL; i++)
		if (strcmp(driver, drivers[i]) == 0)
			return true;
	return false;
}

/* What was meant by a name that is misspelt, or that is only the beginning of one; or NULL:
 * nothing like it. */
static const char *
meant(const char *driver)
{
	const size_t len = strlen(driver);

	for (size_t i = 0; len >= BEGINNING_MIN && drivers[i] != NULL; i++)
		if (strncmp(driver, drivers[i], len) == 0)
			return drivers[i];
	return conf_nearest(driver, drivers);
}

/* USB's numbers are compared as four digits of text, with or without us. */
static void
check_numbers(
    const struct check_conf *c, const struct conf_ups *u, struct check_list *out)
{
	for (size_t i = 0; i < u->npairs; i++) {
		const struct conf_pair *p = &u->pairs[i];

		if ((strcasecmp(p->key, "vendorid") == 0 ||
			strcasecmp(p->key, "productid") == 0) &&
		    strncasecmp(p->value, "0x", 2) == 0)
			check_add(out, CHECK_ERROR, c->files[CHECK_UPS].path, p->line,
			    "[%s]: no UPS matches %s = %s: it is compared with four "
			    "digits. "
			    "Write %s = %s",
			    u->name, p->key, p->value, p->key, p->value + 2);
	}
}

/* A driver that is misspelt is only found out when it is to be started. */
void
check_drivers(const struct check_conf *c, struct check_list *out)
{
	for (size_t i = 0; i < c->ups.nupses; i++) {
		const struct conf_ups *u = &c->ups.upses[i];
		const char *driver = conf_ups_get(u, "driver"), *near;

		check_numbers(c, u, out);
		if (driver == NULL || known(driver) || (near = meant(driver)) == NULL)
			continue;
		check_add(out, CHECK_WARNING, c->files[CHECK_UPS].path, u->line,
		    "[%s] has driver = %s: did you mean \"%s\"?", u->name, driver, near);
	}
}

/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/drivers.h"
#include "lib/xmem.h"

static const struct {
	const char *driver, *program;
} own[] = {
    {"usbhid-ups", "hid"},
    {"remote", "remote"},
    {"dummy-ups", "dummy"},
    {"clone", "dummy"},
    {"clone-outlet", "dummy"},
};

static const char *const folders[] = {
    "/lib/nut",            /* Debian, Ubuntu, Gentoo */
    "/usr/lib/nut",        /* Debian 13, Arch, Alpine, OpenWrt */
    "/usr/libexec/nut",    /* FHS 3 */
    "/usr/lib/ups/driver", /* openSUSE */
    "/usr/sbin",           /* Fedora */
    "/usr/local/ups/bin",  /* NUT's own default */
    "/usr/local/libexec/nut",
};

/* Debian's packages; a driver that is not here is in nut-server. */
static const struct {
	const char *driver, *package;
} packages[] = {
    {"adelsystem_cbi", "nut-modbus"},
    {"apc_modbus", "nut-modbus"},
    {"asem", "nut-i2c"},
    {"generic_modbus", "nut-modbus"},
    {"huawei-ups2000", "nut-modbus"},
    {"hwmon_ina219", "nut-i2c"},
    {"netxml-ups", "nut-xml"},
    {"nut-ipmipsu", "nut-ipmi"},
    {"phoenixcontact_modbus", "nut-modbus"},
    {"pijuice", "nut-i2c"},
    {"powerman-pdu", "nut-powerman-pdu"},
    {"snmp-ups", "nut-snmp"},
    {"socomec_jbus", "nut-modbus"},
};

const char *
drivers_own(const char *driver)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i].driver, driver) == 0)
			return own[i].program;
	return NULL;
}

static const char *
package_of(const char *driver)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (strcmp(packages[i].driver, driver) == 0)
			return packages[i].package;
	return "nut-server";
}

/* The path if there is a program; else notes the folder. */
static char *
look(const char *folder, const char *driver, struct buf *seen)
{
	char *path = xasprintf("%s/%s", folder, driver);

	if (access(path, X_OK) == 0)
		return path;
	free(path);
	buf_printf(seen, "%s%s", seen->len > 0 ? ", " : "", folder);
	return NULL;
}

char *
drivers_find(const char *driver, const char *folder, char *cause, size_t size)
{
	struct buf seen = {0};
	char *path = NULL;

	if (folder != NULL)
		path = look(folder, driver, &seen);
	for (size_t i = 0; path == NULL && i < sizeof(folders) / sizeof(folders[0]); i++)
		path = look(folders[i], driver, &seen);
	if (path == NULL)
		snprintf(cause, size,
		    "NUT's driver %.64s is not installed: it is in none of %s; in Debian "
		    "\"apt install %s\" brings it, elsewhere driverpath in ups.conf says "
		    "where it is",
		    driver, buf_str(&seen), package_of(driver));
	buf_free(&seen);
	return path;
}

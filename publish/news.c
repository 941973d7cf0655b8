/* SPDX-License-Identifier: ISC */
#include "publish/news.h"

static const struct news rows[KINDS] = {
    [KIND_ONBATT] = {"Power failure", NEWS_POWER, NEWS_HIGH, true, "electric_plug"},
    [KIND_ONLINE] = {"Power is back", NEWS_POWER, NEWS_USUAL, false, "white_check_mark"},
    [KIND_LOWBATT] = {"Battery is low", NEWS_LOW, NEWS_EMERGENCY, true, "low_battery"},
    [KIND_FSD] = {"Forced shutdown", NEWS_FSD, NEWS_EMERGENCY, true, "rotating_light"},
    [KIND_NOTFSD] = {"Forced shutdown is over", NEWS_FSD, NEWS_USUAL, false,
	"white_check_mark"},
    [KIND_LOST] = {"UPS is not heard", NEWS_LINK, NEWS_HIGH, false, "warning"},
    [KIND_STALE] = {"UPS is not heard", NEWS_LINK, NEWS_HIGH, false, "warning"},
    [KIND_BACK] = {"UPS is heard again", NEWS_LINK, NEWS_USUAL, false,
	"white_check_mark"},
    [KIND_OVERLOAD] = {"Overload", NEWS_OVERLOAD, NEWS_HIGH, true, "warning"},
    [KIND_NOTOVERLOAD] = {"Overload is over", NEWS_OVERLOAD, NEWS_USUAL, false,
	"white_check_mark"},
    [KIND_REPLACE] = {"Replace the battery", NEWS_REPLACE, NEWS_HIGH, true, "battery"},
    [KIND_BYPASS] = {"On bypass", NEWS_BYPASS, NEWS_HIGH, false, "warning"},
    [KIND_NOTBYPASS] = {"Bypass is over", NEWS_BYPASS, NEWS_USUAL, false,
	"white_check_mark"},
    [KIND_BOOST] = {"Mains is low", NEWS_VOLTAGE, NEWS_QUIET, false, "zap"},
    [KIND_TRIM] = {"Mains is high", NEWS_VOLTAGE, NEWS_QUIET, false, "zap"},
    [KIND_STRAIGHT] = {"Mains is right again", NEWS_VOLTAGE, NEWS_QUIET, false, "zap"},
    [KIND_SAG] = {"Mains sagged", NEWS_SAG, NEWS_QUIET, false, "zap"},
    [KIND_SWELL] = {"Mains swelled", NEWS_SWELL, NEWS_QUIET, false, "zap"},
    [KIND_ALARM] = {"Alarm", NEWS_ALARM, NEWS_HIGH, false, "warning"},
    [KIND_NOALARM] = {"Alarm is over", NEWS_ALARM, NEWS_USUAL, false, "white_check_mark"},
    [KIND_TEST] = {"Battery test", NEWS_TEST, NEWS_QUIET, false, "battery"},
    [KIND_TESTED] = {"Battery test", NEWS_TEST, NEWS_USUAL, false, "battery"},
    [KIND_UNTESTED] = {"Battery test is due", NEWS_TEST, NEWS_USUAL, false, "battery"},
    [KIND_CALIBRATION] = {"Calibration", NEWS_TEST, NEWS_QUIET, false, "battery"},
    [KIND_OFF] = {"Output is off", NEWS_OFF, NEWS_EMERGENCY, true, "rotating_light"},
    [KIND_NOTOFF] = {"Output is on again", NEWS_OFF, NEWS_USUAL, false,
	"white_check_mark"},
    [KIND_LOGIN] = {"Login", NEWS_LOGIN, NEWS_LEAST, false, "bust_in_silhouette"},
    [KIND_LOGOUT] = {"Logout", NEWS_LOGIN, NEWS_LEAST, false, "bust_in_silhouette"},
    [KIND_MACHINE] = {"Machine", NEWS_MACHINE, NEWS_USUAL, false, "computer"},
    [KIND_DEED] = {"Order", NEWS_DEED, NEWS_QUIET, false, "wrench"},
    [KIND_LEARNED] = {"Battery", NEWS_LEARNED, NEWS_QUIET, false, "battery"},
    [KIND_CLOCK] = {"Clock was set", NEWS_RUNNING, NEWS_LEAST, false, "clock12"},
    [KIND_START] = {"holdup has started", NEWS_RUNNING, NEWS_LEAST, false, "gear"},
    [KIND_STOP] = {"holdup has stopped", NEWS_RUNNING, NEWS_LEAST, false, "gear"},
};

const struct news *
news_of(enum kind kind)
{
	return &rows[kind];
}

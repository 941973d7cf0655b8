/* SPDX-License-Identifier: ISC */
#include "doctor/facts.h"

static void
judge_flag(const struct facts_power *f, struct doctor_report *r)
{
	switch (f->folder) {
	case FOLDER_READONLY:
		doctor_say(r, DOCTOR_ERROR,
		    "POWERDOWNFLAG is %s, on a file system that cannot be written: the "
		    "UPS would never be told to cut its output",
		    f->flag);
		doctor_remedy(r, "sudo sed -i 's,^ *POWERDOWNFLAG.*,POWERDOWNFLAG "
				 "/run/holdup/killpower,' /etc/nut/upsmon.conf");
		return;
	case FOLDER_REFUSED:
		doctor_say(r, DOCTOR_ERROR,
		    "POWERDOWNFLAG is %s, which may not be written", f->flag);
		doctor_remedy(r, "sudo touch %s", f->flag);
		return;
	case FOLDER_UNKNOWN:
		doctor_say(r, DOCTOR_NOTE,
		    "whether POWERDOWNFLAG, %s, can be written only root can see",
		    f->flag);
		doctor_remedy(r, "sudo holdup doctor");
		return;
	case FOLDER_MISSING: /* it is made */
	case FOLDER_FINE:
		break;
	}
	if (!f->late && !f->own) {
		doctor_say(r, DOCTOR_WARNING,
		    "POWERDOWNFLAG, %s, is neither in /run nor on the root file system: "
		    "it "
		    "may be unmounted when it is looked for",
		    f->flag);
		doctor_remedy(r, "sudo sed -i 's,^ *POWERDOWNFLAG.*,POWERDOWNFLAG "
				 "/run/holdup/killpower,' /etc/nut/upsmon.conf");
	} else
		doctor_say(r, DOCTOR_FINE, "POWERDOWNFLAG, %s, can be written", f->flag);
}

void
judge_power(const struct facts_power *f, struct doctor_report *r)
{
	if (!f->wanted) {
		doctor_say(r, DOCTOR_FINE,
		    "this machine cuts no UPS, for it is nobody's "
		    "primary");
		return;
	}
	judge_flag(f, r);
	if (f->own) {
		doctor_say(r, DOCTOR_FINE,
		    "in a private installation no UPS is cut by a late hook");
		return;
	}
	if (f->hook != NULL && f->runs)
		doctor_say(r, DOCTOR_FINE, "the late hook is there (%s)", f->hook);
	else if (f->hook != NULL) {
		doctor_say(r, DOCTOR_ERROR,
		    "the late hook %s may not be run: the UPS would "
		    "not be cut",
		    f->hook);
		doctor_remedy(r, "sudo chmod 755 %s", f->hook);
	} else {
		doctor_say(r, DOCTOR_ERROR,
		    "the late hook is missing: after a shutdown the UPS would not be "
		    "told "
		    "to cut its output, and this machine not start when the mains "
		    "returns");
		doctor_remedy(r, f->units ? "sudo apt install --reinstall holdup"
					  : "sudo upsdrvctl -t late");
	}
}

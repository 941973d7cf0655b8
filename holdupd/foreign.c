/* SPDX-License-Identifier: ISC */
#include "holdupd/foreign.h"

/* Two reports further apart than so many of them tell of two silences. */
#define REPORTS_APART 3

enum foreign_act
foreign_look(struct foreign *f, bool answers, uint64_t now_ms)
{
	const bool news = !f->used || f->gone_ms != 0;

	if (answers) {
		f->used = true;
		f->gone_ms = 0;
		return news ? FOREIGN_FOUND : FOREIGN_USE;
	}
	if (!f->used)
		return FOREIGN_START;
	if (f->gone_ms == 0)
		f->gone_ms = now_ms;
	if (now_ms - f->gone_ms < FOREIGN_GONE_MS)
		return FOREIGN_WAIT;
	f->used = false;
	f->gone_ms = 0;
	return FOREIGN_AFTER;
}

bool
foreign_hangs(
    struct foreign *f, uint64_t report_ms, uint64_t patience_ms, uint64_t now_ms)
{
	if (f->silent_at == 0 || now_ms - f->silent_at > REPORTS_APART * report_ms)
		f->silent_ms = now_ms > report_ms ? now_ms - report_ms : 0;
	f->silent_at = now_ms;
	if (now_ms - f->silent_ms < patience_ms)
		return false;
	f->silent_at = 0;
	return true;
}

/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_BACKGROUND_H
#define HOLDUPD_BACKGROUND_H

/*
 * Goes on in a process of its own, in a session of its own. The one that was called waits
 * until background_ready(), then exits with 0; where we end before, with our status, so
 * that what failed at the start is seen where it was started.
 */
void background_begin(void);

/* From here on nobody holds the terminal: the log, ours and that of children to come, goes
 * to syslog where there is one. */
void background_ready(void);

#endif

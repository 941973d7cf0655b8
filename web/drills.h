/* SPDX-License-Identifier: ISC */
#ifndef WEB_DRILLS_H
#define WEB_DRILLS_H

struct web;

/*
 * When an outage is rehearsed anew, so that the house knows who would go down when: a moment
 * after something has changed, but not more often than that is worth (docs/page.md, 3).
 */
struct drills;

struct drills *drills_new(struct web *web);
void drills_free(struct drills *d);

/* Something has changed that matters at some time / how a machine stands, which is shown
 * soon. */
void drills_later(struct drills *d);
void drills_soon(struct drills *d);

/* Rehearses now. */
void drills_run(struct drills *d);

#endif

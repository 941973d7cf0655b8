/* SPDX-License-Identifier: ISC */
#ifndef WEB_PEER_H
#define WEB_PEER_H

#include <stdbool.h>

#include "lib/conf_holdup.h"
#include "web/call.h"

/*
 * Who asks, when a reverse proxy stands between: what it says is believed where holdup.conf
 * names it (docs/page.md, 1), and nobody else. Pure.
 */

/* True when this address is one of `proxy =`. */
bool peer_is_proxy(const struct conf_web *conf, const char *address);

/* Fills in who asks, for a connection from `address` that is TLS or not. c->address: of
 * X-Forwarded-For the last one that is no proxy of ours. c->foreign: there is an Origin, and
 * it is not the place that was asked, by Host or X-Forwarded-Host. */
void peer_read(
    struct call *c, const struct conf_web *conf, const char *address, bool tls);

/* True when a program on this machine asks for a host that the public DNS may know: its
 * browser runs a page of that name, whose owner has had it resolved to here, so that it may
 * read the answers (DNS rebinding). Not for proxies. */
bool peer_is_astray(const struct call *c, const char *address);

#endif

#!/bin/sh
# SPDX-License-Identifier: ISC
# Every client that is known is content with our server.
. "$(dirname "$0")/lib.sh"

demo
replay ours 127.0.0.1 "$port" --user admin --password 123456

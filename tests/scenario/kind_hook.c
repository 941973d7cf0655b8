/* SPDX-License-Identifier: ISC */
#include "tests/scenario/house.h"

/* A machine that reads nothing: a program of ours tells it to stop, and looks whether it
 * still answers. */
const struct machine_kind kind_hook = {.what = "told by hook", .by_hook = true};

/* SPDX-License-Identifier: ISC */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

/* `holdup history export …`: argv[0] is "export". Returns the exit status. Values go out as
 * they are read, however many there are. */
int export_command(int argc, char **argv);

#endif

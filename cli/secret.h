/* SPDX-License-Identifier: ISC */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

/*
 * Asks on the terminal (on standard input where there is none). The caller frees; NULL
 * at the end of input.
 */

/* "Username (NAME): "; an empty answer means the name of who runs this. */
char *secret_user(void);

/* "Password: ", without echo. */
char *secret_password(void);

/* "The same again: ", without echo. */
char *secret_again(void);

/* Any other question, with echo. */
char *secret_ask(const char *prompt);

#endif

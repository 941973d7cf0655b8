/* SPDX-License-Identifier: ISC */
#ifndef LIB_XMEM_H
#define LIB_XMEM_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory that never fails: each function returns what its libc namesake
 * returns, or ends the process with a message. The only callers of malloc.
 * The caller owns the result and releases it with free(3).
 */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* Like xrealloc(old, count * size), but ends the process when the product overflows. */
void *xreallocarray(void *old, size_t count, size_t size);

#endif

/* SPDX-License-Identifier: ISC */
#ifndef CORE_POLICY_PACK_H
#define CORE_POLICY_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the blocks of policy_saved.c and policy_memory.c are made of: fields of structs as
 * words of 64 bits, by tables, so that what is saved is what is loaded; and a sum that
 * finds damage. Pure.
 */

enum policy_kind {
	PACK_TIME,   /* uint64_t */
	PACK_COUNT,  /* unsigned, uint32_t or an enum, of at most `most` */
	PACK_FLAG,   /* bool */
	PACK_NUMBER, /* double; NAN stays NAN */
};

struct policy_field {
	size_t at; /* offsetof() */
	enum policy_kind kind;
	unsigned most;
};

/* Rows of such a table for struct `of`. */
#define PACK_T(of, field)                         \
	{                                         \
		offsetof(of, field), PACK_TIME, 0 \
	}
#define PACK_C(of, field, most)                       \
	{                                             \
		offsetof(of, field), PACK_COUNT, most \
	}
#define PACK_F(of, field)                         \
	{                                         \
		offsetof(of, field), PACK_FLAG, 0 \
	}
#define PACK_N(of, field)                           \
	{                                           \
		offsetof(of, field), PACK_NUMBER, 0 \
	}

/* The n fields of a struct into as many words / words into the fields / true when each
 * word is one that pack() could have made. */
void policy_pack(
    uint64_t *words, const struct policy_field *fields, size_t n, const void *from);
void policy_unpack(
    void *to, const struct policy_field *fields, size_t n, const uint64_t *words);
bool policy_pack_ok(const uint64_t *words, const struct policy_field *fields, size_t n);

/* FNV-1a over the words from `at` to `end`: it finds damage, it keeps nobody out. */
uint64_t policy_pack_sum(const uint64_t *at, const uint64_t *end);

/* A name into `out`, of which the rest is zero already / true when it ends within. */
void policy_pack_text(char *out, size_t size, const char *text);
bool policy_pack_text_ok(const char *text, size_t size);

#endif

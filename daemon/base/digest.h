/* Hashes: BLAKE2b for what must not collide, SipHash with a fixed key for indexes. Same input, same output, everywhere.
 */
#ifndef COORDD_BASE_DIGEST_H
#define COORDD_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

void digest_128(const void *bytes, size_t size, uint8_t out[16]);

/* BLAKE2b-256 over a run of pieces. */
struct digest_256;
struct digest_256 *digest_256_new(void);
void digest_256_add(struct digest_256 *digest, const void *bytes, size_t size);
void digest_256_end(struct digest_256 *digest, uint8_t out[32]); /* frees it */

/* 64 bits for an index, of a text within a space: an agency's references, say. */
uint64_t digest_index(uint64_t space, struct text text);

#endif

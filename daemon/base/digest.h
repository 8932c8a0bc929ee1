/* Hashes. BLAKE2b for what must not collide, and SipHash with a fixed key for what rows keep: same input, same output,
 * everywhere. SipHash under a secret of the process for indexes, so that nobody outside can choose what falls together.
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

/* 64 bits of a text within a space (an agency's request ids, say), to be kept: the same in every process. An index must
 * not be made of it alone, for outsiders can reckon it. */
uint64_t digest_stored(uint64_t space, struct text text);

/* 64 bits for an index of this process, of a text within a space: an agency's references, say. They decide where things
 * lie in memory and nothing that leaves it. */
uint64_t digest_index(uint64_t space, struct text text);
/* The secret of digest_index, from the kernel's randomness: given once, by main, before anything is indexed. Tests are
 * without one and always have the same. */
#define DIGEST_SECRET_SIZE 16
void digest_set_secret(const uint8_t secret[DIGEST_SECRET_SIZE]);

#endif

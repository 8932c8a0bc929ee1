#include "base/digest.h"

#include <assert.h>
#include <endian.h>
#include <sodium/crypto_generichash.h>
#include <sodium/crypto_shorthash.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void digest_128(const void *bytes, size_t size, uint8_t out[16])
{
    int result = crypto_generichash(out, 16, bytes, size, NULL, 0);
    assert(result == 0);
}

/* The state must lie on a boundary of 64 bytes, which malloc does not promise. */
#define STATE_ALIGNMENT 64

struct digest_256 {
    crypto_generichash_state *state;
    uint8_t memory[sizeof(crypto_generichash_state) + STATE_ALIGNMENT];
};

struct digest_256 *digest_256_new(void)
{
    struct digest_256 *digest = xmalloc(sizeof *digest);
    uintptr_t start = (uintptr_t)digest->memory;
    digest->state = (void *)(digest->memory + (STATE_ALIGNMENT - start % STATE_ALIGNMENT));
    int result = crypto_generichash_init(digest->state, NULL, 0, 32);
    assert(result == 0);
    return digest;
}

void digest_256_add(struct digest_256 *digest, const void *bytes, size_t size)
{
    int result = crypto_generichash_update(digest->state, bytes, size);
    assert(result == 0);
}

void digest_256_end(struct digest_256 *digest, uint8_t out[32])
{
    int result = crypto_generichash_final(digest->state, out, 32);
    assert(result == 0);
    free(digest);
}

/* ---- SipHash ---- */

struct sip_key {
    char name[8];
    uint64_t space; /* little-endian, as the hash that comes out */
};
_Static_assert(sizeof(struct sip_key) == crypto_shorthash_KEYBYTES && crypto_shorthash_BYTES == 8,
               "sizes of SipHash-2-4");

static struct sip_key secret = {"coordd\0", 0};

static uint64_t sip(const struct sip_key *key, struct text text)
{
    uint64_t hash;
    crypto_shorthash((uint8_t *)&hash, (const uint8_t *)text.data, text.size, (const uint8_t *)key);
    return le64toh(hash);
}

uint64_t digest_stored(uint64_t space, struct text text)
{
    const struct sip_key key = {"coordd\0", htole64(space)};
    return sip(&key, text);
}

void digest_set_secret(const uint8_t bytes[DIGEST_SECRET_SIZE])
{
    memcpy(&secret, bytes, sizeof secret);
}

uint64_t digest_index(uint64_t space, struct text text)
{
    struct sip_key key = secret;
    key.space ^= htole64(space);
    return sip(&key, text);
}

#include "totp.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* ---- SHA-1 (FIPS 180-4): broken for signatures, sound in an HMAC ---- */

#define BLOCK 64

struct sha1 {
    uint32_t h[5];
    uint64_t size;
    unsigned char block[BLOCK];
};

static uint32_t roll(uint32_t value, int bits)
{
    return value << bits | value >> (32 - bits);
}

static void take_block(struct sha1 *sha)
{
    static const uint32_t k[4] = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};
    uint32_t w[80], a = sha->h[0], b = sha->h[1], c = sha->h[2], d = sha->h[3], e = sha->h[4];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)sha->block[4 * i] << 24 | (uint32_t)sha->block[4 * i + 1] << 16 |
               (uint32_t)sha->block[4 * i + 2] << 8 | sha->block[4 * i + 3];
    for (int i = 16; i < 80; i++)
        w[i] = roll(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        const uint32_t f = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        const uint32_t next = roll(a, 5) + f + e + k[i / 20] + w[i];
        e = d;
        d = c;
        c = roll(b, 30);
        b = a;
        a = next;
    }
    const uint32_t sums[5] = {a, b, c, d, e};
    for (int i = 0; i < 5; i++)
        sha->h[i] += sums[i];
}

static void take(struct sha1 *sha, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        sha->block[sha->size++ % BLOCK] = ((const unsigned char *)bytes)[i];
        if (sha->size % BLOCK == 0)
            take_block(sha);
    }
}

static void begin(struct sha1 *sha)
{
    *sha = (struct sha1){.h = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}};
}

static void end(struct sha1 *sha, unsigned char hash[20])
{
    const uint64_t bits = sha->size * 8;
    unsigned char length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    take(sha, "\x80", 1);
    while (sha->size % BLOCK != BLOCK - 8)
        take(sha, "", 1);
    take(sha, length, sizeof length);
    for (int i = 0; i < 20; i++)
        hash[i] = (unsigned char)(sha->h[i / 4] >> (24 - 8 * (i % 4)));
}

void totp_hmac(const void *key, size_t key_size, const void *bytes, size_t size, unsigned char mac[20])
{
    unsigned char pad[BLOCK] = {0}, inner[20];
    struct sha1 sha;
    if (key_size > BLOCK) {
        begin(&sha);
        take(&sha, key, key_size);
        end(&sha, pad);
    } else if (key_size) {
        memcpy(pad, key, key_size);
    }
    for (int i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36;
    begin(&sha);
    take(&sha, pad, BLOCK);
    take(&sha, bytes, size);
    end(&sha, inner);
    for (int i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36 ^ 0x5C;
    begin(&sha);
    take(&sha, pad, BLOCK);
    take(&sha, inner, sizeof inner);
    end(&sha, mac);
    sodium_memzero(pad, sizeof pad);
    sodium_memzero(&sha, sizeof sha);
}

/* ---- codes ---- */

uint32_t totp_code(const void *key, size_t key_size, int64_t step)
{
    unsigned char counter[8], mac[20];
    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    totp_hmac(key, key_size, counter, sizeof counter, mac);
    const unsigned char *at = mac + (mac[19] & 15);
    const uint32_t number = (uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    return number % 1000000;
}

int64_t totp_step(const void *key, size_t key_size, const char *code, int64_t now)
{
    char right[TOTP_DIGITS + 1];
    int64_t found = -1;
    if (strlen(code) != TOTP_DIGITS)
        return -1;
    for (int64_t step = now / TOTP_STEP_MS - 1; step <= now / TOTP_STEP_MS + 1; step++) {
        snprintf(right, sizeof right, "%06u", (unsigned)totp_code(key, key_size, step));
        if (sodium_memcmp(right, code, TOTP_DIGITS) == 0)
            found = step;
    }
    return found;
}

void totp_base32(const void *bytes, size_t size, char text[TOTP_SECRET_TEXT])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const unsigned char *from = bytes;
    uint32_t held = 0;
    int bits = 0;
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        held = (held << 8 | from[i]) & 0xFFFF;
        for (bits += 8; bits >= 5 && used < TOTP_SECRET_TEXT - 1; bits -= 5)
            text[used++] = letters[held >> (bits - 5) & 31];
    }
    if (bits && used < TOTP_SECRET_TEXT - 1)
        text[used++] = letters[held << (5 - bits) & 31];
    text[used] = '\0';
}

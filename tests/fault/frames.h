/* What a frame that leaves the broker tells of the journal: shared by the libraries that are preloaded into it. */
#ifndef COORDD_FAULT_FRAMES_H
#define COORDD_FAULT_FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The unsigned integer that msgpack has put at `at`; 0 when there is none. */
static inline uint64_t frame_number(const uint8_t *at, const uint8_t *end)
{
    if (at >= end)
        return 0;
    if (*at < 0x80)
        return *at;
    if (*at < 0xCC || *at > 0xCF)
        return 0;
    const int digits = 1 << (*at - 0xCC);
    uint64_t number = 0;
    if (end - at <= digits)
        return 0;
    for (int i = 1; i <= digits; i++)
        number = number << 8 | at[i];
    return number;
}

/* The newest record that a frame names: the largest of all its numbers under the key `seq`, 0 when it has none. A batch,
 * a page and a bundle name many. */
static inline uint64_t frame_newest_seq(const void *bytes, size_t size)
{
    const uint8_t *at = bytes, *end = at + size;
    uint64_t newest = 0;
    while ((at = memmem(at, (size_t)(end - at), "\xA3seq", 4)) != NULL) {
        at += 4;
        const uint64_t seq = frame_number(at, end);
        if (seq > newest)
            newest = seq;
    }
    return newest;
}

#endif

#include "base/bits.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void bits_done(struct bits *bits)
{
    free(bits->words);
    *bits = (struct bits){0};
}

bool bits_has(const struct bits *bits, uint64_t number)
{
    size_t word = number / 64;
    return word < bits->word_count && (bits->words[word] >> (number % 64) & 1);
}

static void reserve(struct bits *bits, size_t word)
{
    if (word < bits->word_count)
        return;
    size_t wanted = bits->word_count ? bits->word_count : 16;
    while (wanted <= word)
        wanted *= 2;
    bits->words = xrealloc(bits->words, wanted, sizeof *bits->words);
    memset(bits->words + bits->word_count, 0, (wanted - bits->word_count) * sizeof *bits->words);
    bits->word_count = wanted;
}

void bits_add(struct bits *bits, uint64_t number)
{
    if (bits_has(bits, number))
        return;
    reserve(bits, number / 64);
    bits->words[number / 64] |= UINT64_C(1) << (number % 64);
    bits->count++;
}

void bits_remove(struct bits *bits, uint64_t number)
{
    if (!bits_has(bits, number))
        return;
    bits->words[number / 64] &= ~(UINT64_C(1) << (number % 64));
    bits->count--;
}

uint64_t bits_next(const struct bits *bits, uint64_t from)
{
    for (size_t word = from / 64; word < bits->word_count; word++) {
        uint64_t left = bits->words[word];
        if (word == from / 64)
            left &= UINT64_MAX << (from % 64);
        if (left)
            return word * 64 + (uint64_t)__builtin_ctzll(left);
    }
    return UINT64_MAX;
}

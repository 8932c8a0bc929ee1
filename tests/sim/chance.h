/* The simulator's only source of chance: a seed gives the same run, always. SplitMix64 (Steele, Lea, Flood 2014). */
#ifndef COORDD_SIM_CHANCE_H
#define COORDD_SIM_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

static inline uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 to bound − 1; the bias of the modulus is far below what a run could show. */
static inline uint32_t chance_below(struct chance *chance, uint32_t bound)
{
    return (uint32_t)(chance_next(chance) >> 32) % bound;
}

static inline bool chance_percent(struct chance *chance, uint32_t percent)
{
    return chance_below(chance, 100) < percent;
}

#endif

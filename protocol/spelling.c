/* Damerau's distance in its restricted form, by three rolling rows: no memory but the stack. */
#include "spelling.h"

#include <string.h>

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t spelling_distance(struct text a, struct text b)
{
    uint32_t rows[3][SPELLING_SIZE_MAX + 1];
    if (a.size > SPELLING_SIZE_MAX || b.size > SPELLING_SIZE_MAX)
        return UINT32_MAX;
    uint32_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (uint32_t j = 0; j <= b.size; j++)
        above[j] = before[j] = j;
    for (uint32_t i = 1; i <= a.size; i++) {
        row[0] = i;
        for (uint32_t j = 1; j <= b.size; j++) {
            uint32_t change = above[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1])
                row[j] = least(row[j], before[j - 2] + 1);
        }
        uint32_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b.size];
}

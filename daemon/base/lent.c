/* Invariants: `live` of a region is the sum of its pieces that have an owner; of the regions that are not the current one
 * those with live == 0 have used == 0.
 */
#include "base/lent.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* What lies before each piece. */
struct piece {
    uint32_t size;  /* with this; a multiple of 8 */
    uint32_t owner; /* 0 when it was given back */
};
_Static_assert(sizeof(struct piece) == 8, "a piece behind it is aligned");

void lent_init(struct lent *lent, struct lender *lender)
{
    *lent = (struct lent){.lender = lender};
}

void lent_done(struct lent *lent)
{
    for (size_t i = 0; i < lent->count; i++)
        lent->lender->take_back(lent->lender, lent->regions[i].memory);
    free(lent->regions);
    lent_init(lent, NULL);
}

/* ---- regions ---- */

/* The place of the first region that does not end before an address. */
static size_t place_of(const struct lent *lent, const char *at)
{
    size_t low = 0, high = lent->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (lent->regions[middle].memory + LENT_REGION <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct lent_region *region_of(const struct lent *lent, const char *at)
{
    const size_t place = place_of(lent, at);
    assert(place < lent->count && lent->regions[place].memory <= at);
    return &lent->regions[place];
}

static struct lent_region *empty_region(const struct lent *lent)
{
    for (size_t i = 0; i < lent->count; i++)
        if (lent->regions[i].used == 0)
            return &lent->regions[i];
    return NULL;
}

static struct lent_region *borrow(struct lent *lent)
{
    char *memory = lent->lender ? lent->lender->lend(lent->lender) : NULL;
    if (!memory)
        return NULL;
    lent->regions = xgrow(lent->regions, lent->count, &lent->capacity, sizeof *lent->regions);
    const size_t place = place_of(lent, memory);
    memmove(lent->regions + place + 1, lent->regions + place, (lent->count - place) * sizeof *lent->regions);
    lent->regions[place] = (struct lent_region){.memory = memory};
    lent->count++;
    return &lent->regions[place];
}

/* One with so much room; NULL when there is none. What is left of the one before stays unused. */
static struct lent_region *with_room(struct lent *lent, uint32_t size)
{
    struct lent_region *region = lent->current ? region_of(lent, lent->current) : NULL;
    if (region && LENT_REGION - region->used >= size)
        return region;
    struct lent_region *next = empty_region(lent);
    if (!next) {
        next = borrow(lent);
        region = lent->current ? region_of(lent, lent->current) : NULL;
    }
    if (!next)
        return NULL;
    if (region && region->live == 0)
        region->used = 0;
    if (next->memory == lent->leaving)
        lent->leaving = NULL;
    lent->current = next->memory;
    return next;
}

/* ---- pieces ---- */

void *lent_take(struct lent *lent, size_t size, uint32_t owner)
{
    assert(owner != 0);
    if (size > LENT_PIECE_MAX)
        return NULL;
    const uint32_t whole = (uint32_t)((size + 7) / 8 * 8 + sizeof(struct piece));
    struct lent_region *region = with_room(lent, whole);
    if (!region)
        return NULL;
    struct piece *piece = (struct piece *)(void *)(region->memory + region->used);
    *piece = (struct piece){whole, owner};
    region->used += whole;
    region->live += whole;
    lent->live += whole;
    return piece + 1;
}

void lent_return(struct lent *lent, void *memory)
{
    struct piece *piece = (struct piece *)memory - 1;
    struct lent_region *region = region_of(lent, (const char *)piece);
    assert(piece->owner != 0 && piece->size <= region->live);
    piece->owner = 0;
    region->live -= piece->size;
    lent->live -= piece->size;
    if (region->memory == lent->current && (char *)piece + piece->size == region->memory + region->used)
        region->used -= piece->size; /* the last that was taken: nothing came of it */
    if (region->live == 0 && region->memory != lent->current)
        region->used = 0;
}

/* ---- moving ---- */

static bool is_to_be_left(const struct lent *lent, const struct lent_region *region)
{
    return region->memory != lent->current && region->used > 0 && region->live < region->used / 4;
}

static struct lent_region *region_to_leave(struct lent *lent)
{
    struct lent_region *region = lent->leaving ? region_of(lent, lent->leaving) : NULL;
    if (region && region->used > 0)
        return region;
    lent->leaving = NULL;
    lent->left = 0;
    for (size_t i = 0; i < lent->count; i++)
        if (is_to_be_left(lent, &lent->regions[i])) {
            lent->leaving = lent->regions[i].memory;
            return &lent->regions[i];
        }
    return NULL;
}

uint32_t lent_to_move(struct lent *lent)
{
    const struct lent_region *region = region_to_leave(lent);
    while (region && lent->left < region->used) {
        const struct piece *piece = (const struct piece *)(const void *)(region->memory + lent->left);
        if (piece->owner != 0)
            return piece->owner;
        lent->left += piece->size;
    }
    return 0;
}

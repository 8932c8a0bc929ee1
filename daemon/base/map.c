/* Linear probing. Invariant: between an entry's own slot and where it lies there is no free slot, so a removal moves
 * the entries behind it up. At most 7/8 of the slots are taken:
 * then what is there is found in 5 steps, and what is not in 33, which lie in five lines of the cache. */
#include "base/map.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define CAPACITY_MIN 16

void map_init(struct map *map)
{
    *map = (struct map){0};
}

void map_done(struct map *map)
{
    free(map->slots);
    *map = (struct map){0};
}

/* Half of the hash is kept; its low bits choose the slot, all of it is compared. */
static uint32_t shorten(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

bool map_next(const struct map *map, uint64_t hash, uint32_t *probe, uint32_t *value)
{
    if (map->capacity == 0)
        return false;
    uint32_t mask = map->capacity - 1, wanted = shorten(hash);
    uint32_t at = *probe == MAP_BEGIN ? wanted & mask : (*probe + 1) & mask;
    for (; map->slots[at].value; at = (at + 1) & mask) {
        if (map->slots[at].hash != wanted)
            continue;
        *probe = at;
        *value = map->slots[at].value - 1;
        return true;
    }
    return false;
}

void map_expect(const struct map *map, uint64_t hash)
{
    if (map->capacity > 0)
        __builtin_prefetch(&map->slots[shorten(hash) & (map->capacity - 1)]);
}

static void place(struct map *map, struct map_slot slot)
{
    uint32_t mask = map->capacity - 1, at = slot.hash & mask;
    while (map->slots[at].value)
        at = (at + 1) & mask;
    map->slots[at] = slot;
}

static void resize(struct map *map, uint32_t capacity)
{
    struct map old = *map;
    map->capacity = capacity;
    map->slots = xcalloc(map->capacity, sizeof *map->slots);
    for (uint32_t i = 0; i < old.capacity; i++)
        if (old.slots[i].value)
            place(map, old.slots[i]);
    free(old.slots);
}

void map_reserve(struct map *map, uint32_t count)
{
    uint32_t capacity = CAPACITY_MIN;
    while (capacity / 8 * 7 < count && capacity <= UINT32_MAX / 4)
        capacity *= 2;
    if (count > 0 && capacity > map->capacity)
        resize(map, capacity);
}

void map_add(struct map *map, uint64_t hash, uint32_t value)
{
    assert(value <= MAP_VALUE_MAX);
    assert(map->capacity <= UINT32_MAX / 4);
    if (map->count >= map->capacity / 8 * 7)
        resize(map, map->capacity ? map->capacity * 2 : CAPACITY_MIN);
    place(map, (struct map_slot){shorten(hash), value + 1});
    map->count++;
}

/* Fills the free slot with the next entry that may lie there, and so on until the run ends. */
static void close_gap(struct map *map, uint32_t gap)
{
    uint32_t mask = map->capacity - 1;
    for (uint32_t at = (gap + 1) & mask; map->slots[at].value; at = (at + 1) & mask) {
        uint32_t home = map->slots[at].hash & mask;
        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        map->slots[gap] = map->slots[at];
        gap = at;
    }
    map->slots[gap] = (struct map_slot){0};
}

void map_remove(struct map *map, uint64_t hash, uint32_t value)
{
    uint32_t probe = MAP_BEGIN, found;
    while (map_next(map, hash, &probe, &found)) {
        if (found != value)
            continue;
        close_gap(map, probe);
        map->count--;
        if (map->capacity > CAPACITY_MIN && map->count < map->capacity / 8)
            resize(map, map->capacity / 2);
        return;
    }
}

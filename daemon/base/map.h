/* An index from a hash to a number, by open addressing: the key itself stays with its owner, who compares.
 *
 *     uint32_t probe = MAP_BEGIN, value;
 *     while (map_next(map, hash, &probe, &value))
 *         if (mine[value] is the key) …
 *
 * Costs 8 bytes a slot, 9 to 18 for an entry. Nothing that is seen depends on the order of slots.
 */
#ifndef COORDD_BASE_MAP_H
#define COORDD_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    uint32_t hash;
    uint32_t value; /* + 1; 0 is a free slot */
};

struct map {
    struct map_slot *slots;
    uint32_t capacity; /* a power of two, or 0 */
    uint32_t count;
};

#define MAP_BEGIN     UINT32_MAX
#define MAP_VALUE_MAX (UINT32_MAX - 1)

void map_init(struct map *map); /* all zeroes is as good */
void map_done(struct map *map);
void map_reserve(struct map *map, uint32_t count); /* room for so many, which are about to come */
/* That a hash will be looked for soon: its slot is brought nearer meanwhile. */
void map_expect(const struct map *map, uint64_t hash);
/* The next value that was added under this hash; the map must not change between calls. */
bool map_next(const struct map *map, uint64_t hash, uint32_t *probe, uint32_t *value);
void map_add(struct map *map, uint64_t hash, uint32_t value);
void map_remove(struct map *map, uint64_t hash, uint32_t value); /* nothing when it is not there */

#endif

#include "base/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define BLOCK_MAX  512
#define BLOCK_LENT (BLOCK_MAX + 1) /* the capacity of one that lies in a table, which has room for BLOCK_MAX */
_Static_assert(BLOCK_MAX * sizeof(uint32_t) == TABLE_SIZE, "a block is a table");

static bool is_lent(const struct numbers_block *block)
{
    return block->capacity == BLOCK_LENT;
}

static void free_items(struct numbers *numbers, const struct numbers_block *block)
{
    if (is_lent(block))
        tables_return(numbers->tables, block->items);
    else
        free(block->items);
}

void numbers_done(struct numbers *numbers)
{
    for (uint32_t i = 0; i < numbers->block_count; i++)
        free_items(numbers, &numbers->blocks[i]);
    free(numbers->blocks);
    *numbers = (struct numbers){0};
}

/* ---- finding ---- */

/* The first block whose last number is not before this one; block_count when there is none. */
static uint32_t find_block(const struct numbers *numbers, uint32_t number)
{
    uint32_t low = 0, high = numbers->block_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (numbers->blocks[middle].last < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The same of a block's items. */
static uint32_t find_item(const struct numbers_block *block, uint32_t number)
{
    uint32_t low = 0, high = block->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (block->items[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether it is greater than all that are there. */
static bool is_past(const struct numbers *numbers, uint32_t number)
{
    return numbers->block_count == 0 || numbers->blocks[numbers->block_count - 1].last < number;
}

bool numbers_find(const struct numbers *numbers, uint32_t from, struct numbers_place *place, uint32_t *number)
{
    const uint32_t block = find_block(numbers, from);
    if (block == numbers->block_count)
        return false;
    *place = (struct numbers_place){block, find_item(&numbers->blocks[block], from)};
    *number = numbers->blocks[block].items[place->index];
    return true;
}

bool numbers_next(const struct numbers *numbers, struct numbers_place *place, uint32_t *number)
{
    struct numbers_place next = {place->block, place->index + 1};
    if (next.index == numbers->blocks[next.block].count)
        next = (struct numbers_place){place->block + 1, 0};
    if (next.block == numbers->block_count)
        return false;
    *place = next;
    *number = numbers->blocks[next.block].items[next.index];
    return true;
}

/* ---- blocks ---- */

static struct numbers_block *insert_block(struct numbers *numbers, uint32_t at)
{
    const uint32_t count = numbers->block_count;
    if ((count & (count - 1)) == 0) /* as many as there is room for, or none */
        numbers->blocks = xrealloc(numbers->blocks, count ? count * (size_t)2 : 1, sizeof *numbers->blocks);
    memmove(numbers->blocks + at + 1, numbers->blocks + at, (count - at) * sizeof *numbers->blocks);
    numbers->blocks[at] = (struct numbers_block){0};
    numbers->block_count++;
    return &numbers->blocks[at];
}

static void remove_block(struct numbers *numbers, uint32_t at)
{
    free_items(numbers, &numbers->blocks[at]);
    numbers->block_count--;
    memmove(numbers->blocks + at, numbers->blocks + at + 1, (numbers->block_count - at) * sizeof *numbers->blocks);
    if (numbers->block_count > 0)
        return;
    free(numbers->blocks);
    numbers->blocks = NULL;
}

static void set_capacity(struct numbers_block *block, uint32_t capacity)
{
    block->items = xrealloc(block->items, capacity, sizeof *block->items);
    block->capacity = (uint16_t)capacity;
}

static void reserve(struct numbers_block *block, uint32_t count)
{
    uint32_t capacity = block->capacity;
    while (capacity < count)
        capacity += capacity / 2 + 2;
    if (capacity != block->capacity)
        set_capacity(block, capacity < BLOCK_MAX ? capacity : BLOCK_MAX);
}

/* The latter half of a full block becomes one of its own. */
static void split(struct numbers *numbers, uint32_t at)
{
    struct numbers_block *right = insert_block(numbers, at + 1), *left = &numbers->blocks[at];
    const uint32_t kept = left->count / 2, moved = left->count - kept;
    reserve(right, moved);
    memcpy(right->items, left->items + kept, moved * sizeof *left->items);
    right->count = (uint16_t)moved;
    right->last = left->last;
    left->count = (uint16_t)kept;
    left->last = left->items[kept - 1];
}

/* A block and the one after it become one where that leaves room for as much again. */
static void join(struct numbers *numbers, uint32_t at)
{
    if (at + 1 >= numbers->block_count)
        return;
    struct numbers_block *left = &numbers->blocks[at], *right = left + 1;
    if (left->count + right->count > BLOCK_MAX / 2)
        return;
    reserve(left, (uint32_t)left->count + right->count);
    memcpy(left->items + left->count, right->items, right->count * sizeof *left->items);
    left->count = (uint16_t)(left->count + right->count);
    left->last = right->last;
    remove_block(numbers, at + 1);
}

/* ---- changing ---- */

/* The block where a number belongs, with room for one more. Numbers mostly come in their order: then the last block
 * stays full, and a new one begins. */
static uint32_t make_room(struct numbers *numbers, uint32_t number)
{
    uint32_t at = is_past(numbers, number) ? numbers->block_count : find_block(numbers, number);
    if (at == numbers->block_count && at > 0 && numbers->blocks[at - 1].count < BLOCK_MAX)
        at--;
    if (at == numbers->block_count)
        insert_block(numbers, at);
    if (numbers->blocks[at].count == BLOCK_MAX) {
        split(numbers, at);
        at += number > numbers->blocks[at].last;
    }
    reserve(&numbers->blocks[at], numbers->blocks[at].count + 1U);
    return at;
}

static bool has(const struct numbers *numbers, uint32_t number)
{
    struct numbers_place place;
    uint32_t found;
    return numbers_find(numbers, number, &place, &found) && found == number;
}

void numbers_add(struct numbers *numbers, uint32_t number)
{
    const bool is_last = is_past(numbers, number); /* most are added in their order */
    if (!is_last && has(numbers, number))
        return;
    const uint32_t in = make_room(numbers, number);
    struct numbers_block *block = &numbers->blocks[in];
    const uint32_t at = is_last ? block->count : find_item(block, number);
    memmove(block->items + at + 1, block->items + at, (block->count - at) * sizeof *block->items);
    block->items[at] = number;
    block->count++;
    block->last = block->items[block->count - 1];
    numbers->count++;
}

void numbers_remove(struct numbers *numbers, uint32_t number)
{
    struct numbers_place place;
    uint32_t found;
    if (!numbers_find(numbers, number, &place, &found) || found != number)
        return;
    struct numbers_block *block = &numbers->blocks[place.block];
    block->count--;
    numbers->count--;
    memmove(block->items + place.index, block->items + place.index + 1,
            (block->count - place.index) * sizeof *block->items);
    if (block->count == 0) {
        remove_block(numbers, place.block);
        return;
    }
    block->last = block->items[block->count - 1];
    if (!is_lent(block) && block->count <= block->capacity / 4)
        set_capacity(block, block->capacity / 2);
    join(numbers, place.block);
}

/* ---- lending ---- */

static void lend(struct numbers *numbers, uint32_t at, struct tables *tables)
{
    struct numbers_block *block = &numbers->blocks[at];
    if (at + 1 >= numbers->block_count || is_lent(block))
        return;
    uint32_t *table = tables_take(tables);
    if (!table)
        return;
    memcpy(table, block->items, block->count * sizeof *table);
    free(block->items);
    block->items = table;
    block->capacity = BLOCK_LENT;
    numbers->tables = tables;
}

void numbers_lend(struct numbers *numbers, uint32_t number, struct tables *tables)
{
    const uint32_t at = find_block(numbers, number);
    lend(numbers, at, tables);
    if (at > 0)
        lend(numbers, at - 1, tables);
}

#include "unit/core/rows.h"

#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

struct rows *rows_new(void)
{
    return calloc(1, sizeof(struct rows));
}

void rows_put(struct rows *rows, const struct journal_row *row)
{
    size_t at = 0;
    while (at < rows->count && rows->items[at].key != row->key)
        at++;
    if (at == rows->count)
        rows->count++;
    else
        free((void *)(uintptr_t)rows->items[at].body);
    assert_in_range(rows->count, 1, 8192);
    void *body = malloc(row->size);
    memcpy(body, row->body, row->size);
    rows->items[at] = *row;
    rows->items[at].body = body;
}

/* One step of a checkpoint: some rows, and at the end its mark. */
void rows_write(struct world *world, struct rows *rows, uint32_t limit)
{
    struct buffer bytes = {0};
    struct journal_row row;
    if (!rows->begun)
        rows->begun = core_checkpoint_begin(world->core);
    for (uint32_t i = 0; i < limit; i++) {
        buffer_clear(&bytes);
        if (core_checkpoint_next(world->core, &bytes, &row)) {
            rows_put(rows, &row);
            continue;
        }
        rows->checkpoint = rows->begun;
        rows->begun = 0;
        break;
    }
    buffer_done(&bytes);
}

void rows_free(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free((void *)(uintptr_t)rows->items[i].body);
    free(rows);
}

/* A calendar that was set in its records, a core looks at anew, and moves nothing. */
static void stands_as(const struct world *world, struct core *restored)
{
    uint8_t live[32], again[32];
    const int64_t next = core_next_deadline(restored);
    core_digest(world->core, live);
    core_digest(restored, again);
    assert_memory_equal(live, again, sizeof live);
    assert_true(next == core_next_deadline(world->core) || next == CORE_NOW);
    core_free(restored);
}

void rows_replay(struct world *world)
{
    stands_as(world, world_restore(world, NULL, 0, 0));
    stands_as(world, world_follow(world, world->record_count / 2));
    if (!world->rows)
        world->rows = rows_new();
    do
        rows_write(world, world->rows, 4096);
    while (world->rows->begun);
    stands_as(world, world_restore(world, world->rows->items, world->rows->count, world->rows->checkpoint));
}

#include "base/pool.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void pool_init(struct pool *pool, size_t size)
{
    assert(size > 0 && size % 8 == 0 && size <= POOL_PIECE / 2);
    *pool = (struct pool){.size = size};
}

void pool_done(struct pool *pool)
{
    for (size_t i = 0; i < pool->piece_count; i++)
        free(pool->pieces[i]);
    free(pool->pieces);
    pool_init(pool, pool->size);
}

static size_t each_has(const struct pool *pool)
{
    return POOL_PIECE / pool->size;
}

static void *at(const struct pool *pool, size_t index)
{
    return pool->pieces[index / each_has(pool)] + index % each_has(pool) * pool->size;
}

void *pool_take(struct pool *pool)
{
    if (pool->count == pool->piece_count * each_has(pool)) {
        pool->pieces = xgrow(pool->pieces, pool->piece_count, &pool->piece_capacity, sizeof *pool->pieces);
        pool->pieces[pool->piece_count++] = xmalloc(POOL_PIECE);
    }
    return at(pool, pool->count++);
}

/* A piece goes once half of the one before it is idle too: whoever takes and returns by turns makes none each time. */
static void shrink(struct pool *pool)
{
    const size_t each = each_has(pool);
    if (pool->piece_count > 1 && pool->count + each / 2 <= (pool->piece_count - 1) * each)
        free(pool->pieces[--pool->piece_count]);
}

void *pool_return(struct pool *pool, void *object)
{
    void *last = at(pool, --pool->count);
    if (object != last)
        memcpy(object, last, pool->size);
    shrink(pool);
    return object == last ? NULL : object;
}

/* Memory for very many objects of one size, without a gap: malloc would add 8 bytes to each, and round it up to 16. They lie in
 * pieces, and so that these follow the number of objects, the last of all moves to the place of one that goes.
 */
#ifndef COORDD_BASE_POOL_H
#define COORDD_BASE_POOL_H

#include <stddef.h>

#define POOL_PIECE 65536 /* bytes; of what is lent, less than two of them lie idle */

struct pool {
    size_t size; /* bytes of an object, a multiple of 8 */
    char **pieces;
    size_t piece_count, piece_capacity;
    size_t count; /* objects */
};

void pool_init(struct pool *pool, size_t size);
void pool_done(struct pool *pool);  /* all objects are gone */
void *pool_take(struct pool *pool); /* of any content, aligned to 8 bytes */
/* The object that has moved to where this one was; NULL when none has. */
void *pool_return(struct pool *pool, void *object);

#endif

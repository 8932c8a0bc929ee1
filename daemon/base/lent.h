/* Memory that somebody else lends, for what is there for ever and seldom looked at: the system may take its pages to a
 * disk and bring them back when they are read. A lender gives regions, or none; what does not fit stays in ordinary memory.
 *
 * Pieces of any size are cut from a region one after another, and each says whose it is. What is given back is counted:
 * an empty region is used again, and of one that is nearly empty the last pieces are to move (lent_to_move), so that at
 * most 3/4 of what is lent lies idle, and a region beside.
 */
#ifndef COORDD_BASE_LENT_H
#define COORDD_BASE_LENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LENT_REGION    (4 << 20)
#define LENT_PIECE_MAX (LENT_REGION / 4) /* a larger one is refused: it might leave as much of a region unused */

struct lender {
    /* LENT_REGION bytes, zeroed, aligned to pages; NULL when there is no room for them now. */
    void *(*lend)(struct lender *lender);
    void (*take_back)(struct lender *lender, void *region);
    /* Whoever goes through all that is lent is past it, and it need not stay near. */
    void (*rest)(struct lender *lender);
};

struct lent_region {
    char *memory;
    uint32_t used; /* bytes, from its beginning */
    uint32_t live; /* of them, those of pieces that were not given back */
};

struct lent {
    struct lender *lender;       /* borrowed; NULL lends nothing */
    struct lent_region *regions; /* in the order of their addresses */
    size_t count, capacity;
    char *current; /* the region that pieces are cut from; NULL for none */
    char *leaving; /* the one whose pieces are to move, and how far they have been looked through */
    uint32_t left;
    uint64_t live; /* bytes of all pieces */
};

void lent_init(struct lent *lent, struct lender *lender);
void lent_done(struct lent *lent); /* all pieces are gone */
/* A piece, aligned to 8 bytes; `owner` is not 0. NULL when it is refused. */
void *lent_take(struct lent *lent, size_t size, uint32_t owner);
void lent_return(struct lent *lent, void *piece);
/* Whose piece is to be given back next and taken anew, so that its region is empty in the end; 0 for nobody's. */
uint32_t lent_to_move(struct lent *lent);

#endif

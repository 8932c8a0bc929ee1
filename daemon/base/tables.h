/* Tables of one size in memory that is lent (base/lent.h): what finds things there. They are read and written in place;
 * one that was given back is the next that is taken.
 */
#ifndef COORDD_BASE_TABLES_H
#define COORDD_BASE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/lent.h"

#define TABLE_SIZE 2048

struct tables {
    struct lender *lender; /* borrowed; NULL lends nothing */
    char **regions;
    size_t region_count, region_capacity;
    uint32_t used; /* bytes of the last region */
    void **idle;   /* tables that were given back */
    size_t idle_count, idle_capacity;
    uint64_t count; /* that are in use */
};

void tables_init(struct tables *tables, struct lender *lender);
void tables_done(struct tables *tables); /* all of them are gone */
/* TABLE_SIZE bytes, of any content, aligned to as many; NULL when they are refused. */
void *tables_take(struct tables *tables);
void tables_return(struct tables *tables, void *table);

#endif

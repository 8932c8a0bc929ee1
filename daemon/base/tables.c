#include "base/tables.h"

#include <assert.h>
#include <stdlib.h>

#include "base/xalloc.h"

_Static_assert(LENT_REGION % TABLE_SIZE == 0, "a region is full of tables");

void tables_init(struct tables *tables, struct lender *lender)
{
    *tables = (struct tables){.lender = lender};
}

void tables_done(struct tables *tables)
{
    for (size_t i = 0; i < tables->region_count; i++)
        tables->lender->take_back(tables->lender, tables->regions[i]);
    free(tables->regions);
    free(tables->idle);
    tables_init(tables, NULL);
}

static bool borrow(struct tables *tables)
{
    char *memory = tables->lender ? tables->lender->lend(tables->lender) : NULL;
    if (!memory)
        return false;
    tables->regions = xgrow(tables->regions, tables->region_count, &tables->region_capacity, sizeof *tables->regions);
    tables->regions[tables->region_count++] = memory;
    tables->used = 0;
    return true;
}

void *tables_take(struct tables *tables)
{
    if (tables->idle_count > 0) {
        tables->count++;
        return tables->idle[--tables->idle_count];
    }
    if ((tables->region_count == 0 || tables->used == LENT_REGION) && !borrow(tables))
        return NULL;
    char *table = tables->regions[tables->region_count - 1] + tables->used;
    tables->used += TABLE_SIZE;
    tables->count++;
    return table;
}

void tables_return(struct tables *tables, void *table)
{
    assert(tables->count > 0);
    tables->count--;
    tables->idle = xgrow(tables->idle, tables->idle_count, &tables->idle_capacity, sizeof *tables->idle);
    tables->idle[tables->idle_count++] = table;
}

/* Listings: a table as wide as the terminal, tab-separated values when piped. */
#ifndef COORDCTL_TABLE_H
#define COORDCTL_TABLE_H

#include "message.h"

enum column_sort {
    COLUMN_TEXT,
    COLUMN_NUMBER,
    COLUMN_WIDE,  /* takes what room is left, and is cut there on a terminal */
    COLUMN_WORD,  /* the same word in each row, which stands in the place of a field */
    COLUMN_BELOW, /* on a terminal, a line of its own under the row, when there is something to say */
    COLUMN_NAMED, /* the same after its heading, which stands further left than what is below can: no text looks like it */
};

/* A column of a listing: a field of the item's message, or of one nested in it: "escalation.level". */
struct column {
    const char *heading;
    const char *field;
    enum column_sort sort;
    int spare; /* on a terminal that is too narrow for all, which goes first: 1, then 2; 0: it never goes */
};

struct table;

struct table *table_new(const struct column *columns, size_t count);
/* On a terminal, a number above 0 in this column is shown in red. */
void table_alarm(struct table *table, size_t column);
/* One row from an item's fields. */
void table_add(struct table *table, const struct message *message, const void *item);
/* One row from texts, which are copied. */
void table_add_cells(struct table *table, const char *const *cells);
/* Prints and frees it. `nothing` is said on a terminal when it has no rows. */
void table_show(struct table *table, const char *nothing);

#endif

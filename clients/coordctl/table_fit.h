/* Which columns of a table a terminal has room for, and how wide each is: what is needed least goes first. */
#ifndef COORDCTL_TABLE_FIT_H
#define COORDCTL_TABLE_FIT_H

#include <stdbool.h>
#include <stddef.h>

struct fit {
    size_t natural; /* columns of the terminal that its widest cell takes; 0: all are empty, and it is left out */
    bool wide;      /* it may be cut */
    int spare;      /* which goes first when room is short: 1, then 2; 0: it never goes */
    size_t given;   /* out: how much it gets; 0: it is left out */
};

#define FIT_COLUMNS_MAX 16
#define FIT_WIDE_MIN    46 /* a title that is cut shorter tells little: rather a spare column goes */

/* `width` 0: there is no end of room. One space stands between two columns. */
void table_fit(struct fit *columns, size_t count, size_t width);

#endif

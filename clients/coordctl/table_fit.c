#include "table_fit.h"

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What all that are left take at least, and the spaces between them. */
static size_t least(const struct fit *columns, size_t count)
{
    size_t sum = 0, left = 0;
    for (size_t i = 0; i < count; i++) {
        if (columns[i].given == 0)
            continue;
        sum += columns[i].wide ? smaller(columns[i].natural, FIT_WIDE_MIN) : columns[i].natural;
        left++;
    }
    return left ? sum + left - 1 : 0;
}

/* The one that is needed least, of those that are left; NULL when none is spare. */
static struct fit *most_spare(struct fit *columns, size_t count)
{
    struct fit *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (columns[i].given && columns[i].spare && (!found || columns[i].spare < found->spare))
            found = &columns[i];
    return found;
}

/* The narrowest wide one that has no share yet; NULL when all have one. */
static struct fit *narrowest(struct fit *columns, size_t count, const bool *shared)
{
    struct fit *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (columns[i].given && columns[i].wide && !shared[i] && (!found || columns[i].natural < found->natural))
            found = &columns[i];
    return found;
}

/* Shares `room` among the wide ones: what one does not need, the others have. */
static void share(struct fit *columns, size_t count, size_t room)
{
    bool shared[FIT_COLUMNS_MAX] = {false};
    size_t waiting = 0;
    struct fit *next;
    for (size_t i = 0; i < count; i++)
        waiting += columns[i].given && columns[i].wide;
    for (; (next = narrowest(columns, count, shared)); waiting--) {
        next->given = smaller(next->natural, room / waiting);
        next->given += next->given == 0; /* it is there */
        room -= smaller(room, next->given);
        shared[next - columns] = true;
    }
}

void table_fit(struct fit *columns, size_t count, size_t width)
{
    size_t fixed = 0;
    struct fit *spare;
    for (size_t i = 0; i < count; i++)
        columns[i].given = columns[i].natural;
    if (width == 0)
        return;
    while (least(columns, count) > width && (spare = most_spare(columns, count)))
        spare->given = 0;
    for (size_t i = 0; i < count; i++)
        fixed += columns[i].given ? (columns[i].wide ? 1 : columns[i].given + 1) : 0;
    fixed -= fixed > 0;
    share(columns, count, width > fixed ? width - fixed : 0);
}

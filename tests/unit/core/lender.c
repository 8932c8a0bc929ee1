#include "unit/core/lender.h"

#include <stdlib.h>

static void *lend(struct lender *lender)
{
    struct plain_lender *plain = (struct plain_lender *)lender;
    if (plain->left == 0)
        return NULL;
    plain->left -= plain->left > 0;
    plain->regions++;
    return calloc(1, LENT_REGION);
}

static void take_back(struct lender *lender, void *region)
{
    ((struct plain_lender *)lender)->regions--;
    free(region);
}

static void rest(struct lender *lender)
{
    (void)lender;
}

void plain_lender_init(struct plain_lender *lender)
{
    *lender = (struct plain_lender){.lender = {lend, take_back, rest}, .left = -1};
}

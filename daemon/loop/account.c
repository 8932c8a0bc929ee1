/* See account.h. */
#include "loop/account.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/core.h"

void accounts_init(struct accounts *accounts)
{
    *accounts = (struct accounts){.nobody = {.agency = CORE_NO_AGENCY}};
}

void accounts_done(struct accounts *accounts)
{
    for (size_t i = 0; i < accounts->agencies; i++)
        free(accounts->by_agency[i]);
    free(accounts->by_agency);
    *accounts = (struct accounts){0};
}

struct account *accounts_of(struct accounts *accounts, uint32_t agency)
{
    if (agency == CORE_NO_AGENCY)
        return &accounts->nobody;
    if (agency >= accounts->agencies) {
        const size_t wanted = (size_t)agency + agency / 2 + 64;
        accounts->by_agency = xrealloc(accounts->by_agency, wanted, sizeof(struct account *));
        memset(accounts->by_agency + accounts->agencies, 0, (wanted - accounts->agencies) * sizeof(struct account *));
        accounts->agencies = wanted;
    }
    struct account **account = &accounts->by_agency[agency];
    if (!*account) {
        *account = xcalloc(1, sizeof **account);
        (*account)->agency = agency;
    }
    return *account;
}

/* Puts an account among the top where its cost belongs; the last falls out when there is no room. */
static size_t account_rank(const struct account *account, const struct account **top, size_t had, size_t count)
{
    if (had == count && top[had - 1]->cost >= account->cost)
        return had;
    size_t at = had < count ? had++ : had - 1;
    for (; at > 0 && top[at - 1]->cost < account->cost; at--)
        top[at] = top[at - 1];
    top[at] = account;
    return had;
}

size_t accounts_top(const struct accounts *accounts, const struct account **top, size_t count)
{
    size_t had = 0;
    for (size_t i = 0; count > 0 && i < accounts->agencies; i++)
        if (accounts->by_agency[i])
            had = account_rank(accounts->by_agency[i], top, had, count);
    return had;
}

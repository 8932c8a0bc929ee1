/* See account.h. */
#include "loop/account.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "core/core.h"
#include "loop/read.h"

void accounts_init(struct accounts *accounts)
{
    *accounts = (struct accounts){.nobody = {.agency = CORE_NO_AGENCY}};
}

static void account_forget(struct accounts *accounts, struct account *account)
{
    while (account->queued_first)
        free(account_take(accounts, account));
    while (account->read_first) {
        struct read *read = account->read_first;
        account->read_first = read->next;
        read_free(read);
    }
}

void accounts_done(struct accounts *accounts)
{
    account_forget(accounts, &accounts->nobody);
    for (size_t i = 0; i < accounts->agencies; i++)
        if (accounts->by_agency[i])
            account_forget(accounts, accounts->by_agency[i]);
    for (size_t i = 0; i < accounts->agencies; i++)
        free(accounts->by_agency[i]);
    free(accounts->by_agency);
    heap_done(&accounts->resting);
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

uint64_t accounts_connections(const struct accounts *accounts, uint32_t agency)
{
    const struct account *account = agency < accounts->agencies ? accounts->by_agency[agency] : NULL;
    return account ? account->connections : 0;
}

/* ---- what it writes ---- */

#define DAY_SECONDS 86400.0

void account_wrote(struct account *account, uint64_t bytes)
{
    account->written += bytes;
    account->written_day += (double)bytes;
}

void account_limit_writes(struct account *account, const struct limits *limits, uint64_t second,
                          struct event_limits *into)
{
    const double most = (double)limits->agency_daily_bytes, a_second = most / DAY_SECONDS;
    const uint64_t before = account->written_most;
    account->written_day -= (double)(second - account->written_second) * a_second;
    account->written_second = second;
    account->written_most = limits->agency_daily_bytes;
    if (account->written_day < 0 || limits->agency_daily_bytes == 0)
        account->written_day = 0;
    /* What was written under a higher limit is over in a day, as it would be under that. */
    if (limits->agency_daily_bytes < before && account->written_day > 2 * most)
        account->written_day = 2 * most;
    if (limits->agency_daily_bytes == 0 || account->written_day < most)
        return;
    into->daily_bytes = limits->agency_daily_bytes;
    into->wait_s = 1 + (uint64_t)((account->written_day - most) / a_second);
}

/* ---- those that cost the most ---- */

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

/* ---- those that rest ---- */

/* Nobody's is 0. */
_Static_assert(CORE_NO_AGENCY + 1 == 0, "the numbers of those that rest");
static uint32_t resting_number(const struct account *account)
{
    return account->agency + 1;
}

bool accounts_has_resting(const struct accounts *accounts, const struct account *account)
{
    int64_t until;
    return accounts->resting.count > 0 && heap_find(&accounts->resting, resting_number(account), &until);
}

void accounts_rest(struct accounts *accounts, struct account *account)
{
    if (account->waiting == 0)
        return;
    if (!accounts_has_resting(accounts, account))
        DL_DELETE2(accounts->turns, account, turn_previous, turn_next);
    heap_set(&accounts->resting, resting_number(account), (int64_t)account->rests_until_ns);
}

static const struct account *resting_account(const struct accounts *accounts, const struct heap_item *item)
{
    return item->value == 0 ? &accounts->nobody : accounts->by_agency[item->value - 1];
}

const struct account *accounts_first_to_rest(const struct accounts *accounts)
{
    const struct heap_item *first = heap_first(&accounts->resting);
    return first ? resting_account(accounts, first) : NULL;
}

bool accounts_have_begun(const struct accounts *accounts)
{
    for (const struct account *account = accounts->turns; account; account = account->turn_next)
        if (account->queued_first->slice.from > 0)
            return true;
    for (size_t i = 0; i < accounts->resting.count; i++)
        if (resting_account(accounts, &accounts->resting.items[i])->queued_first->slice.from > 0)
            return true;
    return false;
}

void accounts_let_in(struct accounts *accounts, const struct account *account, uint64_t now_ns)
{
    struct account *back = accounts_of(accounts, account->agency);
    if (back->rests_until_ns <= now_ns)
        back->rests_until_ns = 0;
    heap_remove(&accounts->resting, resting_number(back));
    DL_APPEND2(accounts->turns, back, turn_previous, turn_next);
}

/* Something waits of it now, and nothing does any more. */
static void turns_join(struct accounts *accounts, struct account *account)
{
    DL_APPEND2(accounts->turns, account, turn_previous, turn_next);
    if (account->rests_until_ns > 0)
        accounts_rest(accounts, account);
}

static void turns_leave(struct accounts *accounts, struct account *account)
{
    if (accounts_has_resting(accounts, account))
        heap_remove(&accounts->resting, resting_number(account));
    else
        DL_DELETE2(accounts->turns, account, turn_previous, turn_next);
}

/* ---- requests that wait ---- */

static size_t queued_size(size_t size)
{
    return sizeof(struct queued) + size;
}

bool accounts_room(const struct accounts *accounts, const struct account *account, size_t size, uint64_t each)
{
    const uint64_t wanted = account->waiting_bytes + queued_size(size), all = ACCOUNTS_WAITING * each;
    if (account->waiting + account->held == 0)
        return true;
    return wanted <= each && accounts->waiting_bytes < all && wanted <= all - accounts->waiting_bytes;
}

bool account_turn_away(struct account *account, size_t size, size_t values, uint64_t each, uint64_t second)
{
    if (account->turned_away_second != second + 1)
        account->turned_away = 0;
    account->turned_away_second = second + 1;
    account->turned_away += size > values * ACCOUNT_FLOOD_VALUE ? size : values * ACCOUNT_FLOOD_VALUE;
    if (account->turned_away <= ACCOUNT_FLOOD * each)
        return false;
    account->flooded_second = second + 1;
    return true;
}

bool accounts_flood(const struct accounts *accounts, uint32_t agency, uint64_t second)
{
    const struct account *account = agency < accounts->agencies ? accounts->by_agency[agency] : NULL;
    return account && account->flooded_second > 0 && second < account->flooded_second + 1;
}

void account_ask(struct accounts *accounts, struct account *account, struct peer_key *key, uint64_t peer,
                 const void *frame, size_t size)
{
    struct queued *queued = xmalloc(queued_size(size));
    *queued = (struct queued){.key = key, .peer = peer, .size = (uint32_t)size};
    memcpy(queued->frame, frame, size);
    if (account->queued_last)
        account->queued_last->next = queued;
    else
        account->queued_first = queued;
    account->queued_last = queued;
    account->waiting++;
    account->waiting_bytes += queued_size(size);
    accounts->waiting_bytes += queued_size(size);
    if (account->waiting == 1)
        turns_join(accounts, account);
}

/* Out of the queue, and with the last of them out of the turns. */
static struct queued *account_pop(struct accounts *accounts, struct account *account)
{
    struct queued *queued = account->queued_first;
    account->queued_first = queued->next;
    if (!queued->next)
        account->queued_last = NULL;
    account->waiting--;
    if (account->waiting > 0)
        return queued;
    turns_leave(accounts, account);
    if (account->deficit > 0)
        account->deficit = 0; /* nobody saves up for later */
    return queued;
}

struct queued *account_take(struct accounts *accounts, struct account *account)
{
    struct queued *queued = account_pop(accounts, account);
    account->waiting_bytes -= queued_size(queued->size);
    accounts->waiting_bytes -= queued_size(queued->size);
    return queued;
}

struct queued *account_hold(struct accounts *accounts, struct account *account)
{
    account->held++;
    return account_pop(accounts, account);
}

/* One that has begun stays before all others. */
void account_put_back(struct accounts *accounts, struct account *account, struct queued *first, struct queued *last,
                      uint64_t count)
{
    const bool has_begun = account->queued_first && account->queued_first->slice.from > 0;
    struct queued **place = has_begun ? &account->queued_first->next : &account->queued_first;
    const bool had_none = account->waiting == 0;
    last->next = *place;
    *place = first;
    if (!last->next)
        account->queued_last = last;
    account->held -= count;
    account->waiting += count;
    if (had_none)
        turns_join(accounts, account);
}

void account_drop(struct accounts *accounts, struct account *account, struct queued *queued)
{
    account->held--;
    account->waiting_bytes -= queued_size(queued->size);
    accounts->waiting_bytes -= queued_size(queued->size);
    free(queued);
}

void accounts_turn_over(struct accounts *accounts)
{
    struct account *account = accounts->turns;
    DL_DELETE2(accounts->turns, account, turn_previous, turn_next);
    DL_APPEND2(accounts->turns, account, turn_previous, turn_next);
}

/* ---- reads that wait ---- */

void account_read(struct accounts *accounts, struct account *account, struct read *read)
{
    if (!account->read_first)
        DL_APPEND2(accounts->reads, account, reads_previous, reads_next);
    /* One that has begun goes on before the next begins: only one of an agency holds what it has read so far. */
    if (read->count > 0) {
        read->next = account->read_first;
        account->read_first = read;
    } else {
        read->next = NULL;
        if (account->read_last)
            account->read_last->next = read;
        else
            account->read_first = read;
    }
    if (!read->next)
        account->read_last = read;
}

struct read *accounts_next_read(struct accounts *accounts)
{
    struct account *account = accounts->reads;
    if (!account)
        return NULL;
    struct read *read = account->read_first;
    DL_DELETE2(accounts->reads, account, reads_previous, reads_next);
    account->read_first = read->next;
    if (account->read_first)
        DL_APPEND2(accounts->reads, account, reads_previous, reads_next);
    else
        account->read_last = NULL;
    return read;
}

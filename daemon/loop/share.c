/* See share.h. */
#include "loop/share.h"

#include "loop/account.h"
#include "loop/batch.h"

static size_t lesser(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t others(const struct share_top *top, const struct account *account)
{
    return top->whose == account ? top->other : top->most;
}

static void top_note(struct share_top *top, const struct account *account, size_t has)
{
    if (account == top->whose) {
        top->most = has;
    } else if (has > top->most) {
        *top = (struct share_top){account, has, top->most};
    } else if (has > top->other) {
        top->other = has;
    }
}

/* Of a batch that nobody has put anything into yet `shares` may still say what was in the one before. */
static bool share_knows(const struct shares *shares, const struct batch *batch)
{
    return shares->begun > 0 && shares->serial == batch->serial;
}

static bool share_has_others(const struct shares *shares)
{
    return shares->begun < shares->alone_from;
}

/* For one that makes no records: whether another does. */
static bool share_is_beside(const struct shares *shares, const struct account *account)
{
    return share_has_others(shares) ||
           (shares->last && shares->last != account && shares->begun < shares->last_begun + SHARE_BESIDE_BATCHES);
}

size_t share_beside(const struct shares *shares)
{
    const uint64_t records = shares->quick_us / SHARE_BESIDE_US;
    if (records < SHARE_BESIDE_LEAST)
        return SHARE_BESIDE_LEAST;
    return lesser(records, SHARE_BESIDE_MOST);
}

uint64_t share_rests_ns(const struct shares *shares, const struct account *account, uint64_t now_ns)
{
    return account->rests_until_ns > now_ns && share_is_beside(shares, account) ? account->rests_until_ns - now_ns : 0;
}

bool share_left(const struct shares *shares, const struct batch *batch, const struct account *account, uint64_t records,
                uint64_t now_ns)
{
    if (share_rests_ns(shares, account, now_ns) > 0)
        return false;
    if (account->batch != batch->serial)
        return true;
    size_t writes = (records + SHARE_PART - 1) / SHARE_PART, bytes = SHARE_PART_BYTES;
    if (share_knows(shares, batch) && share_has_others(shares)) {
        const size_t beside = share_beside(shares);
        writes = lesser(writes, others(&shares->writes, account) + beside);
        bytes = lesser(bytes, others(&shares->bytes, account) + beside * SHARE_BESIDE_EACH);
    }
    return account->batch_writes < writes && account->batch_bytes < bytes;
}

bool share_left_tick(const struct batch *batch, uint64_t records)
{
    return batch->tick_writes < (records + SHARE_PART - 1) / SHARE_PART && batch->tick_bytes < SHARE_PART_BYTES;
}

static uint64_t beyond(size_t has, size_t others_have, size_t beside, uint64_t each_ns)
{
    return has > others_have + beside ? (uint64_t)(has - others_have - beside) * each_ns : 0;
}

/* What one request makes cannot be parted: what it is too much is made good by time. */
static uint64_t share_owes_ns(const struct shares *shares, const struct account *account)
{
    const uint64_t bytes_ns = beyond(account->batch_bytes, others(&shares->bytes, account),
                                     SHARE_BESIDE_MOST * SHARE_BESIDE_EACH, SHARE_REST_BYTE_NS);
    const uint64_t records_ns = beyond(account->batch_writes, others(&shares->writes, account), SHARE_BESIDE_MOST,
                                       SHARE_REST_RECORD_NS);
    return bytes_ns > records_ns ? bytes_ns : records_ns;
}

uint64_t share_received(const struct shares *shares, const struct account *account, size_t size)
{
    const uint64_t rest_ns = beyond(size, 0, SHARE_BESIDE_MOST * SHARE_BESIDE_EACH, SHARE_REST_BYTE_NS);
    return rest_ns > 0 && share_is_beside(shares, account) ? rest_ns : 0;
}

uint64_t share_stepped(const struct shares *shares, const struct account *account, size_t writes, uint64_t cost,
                       uint64_t refused)
{
    const size_t free_cost = writes > 0 ? SHARE_REST_MADE_COST : SHARE_REST_FREE_COST;
    const uint64_t rest_ns = beyond(cost, 0, free_cost, SHARE_REST_COST_NS) + refused * SHARE_REST_REFUSED_NS;
    return rest_ns > 0 && share_is_beside(shares, account) ? rest_ns : 0;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static void share_rest_until(struct shares *shares, struct account *account, uint64_t until_ns)
{
    if (until_ns <= account->rests_until_ns)
        return;
    account->rests_until_ns = until_ns;
    if (until_ns > shares->rest_last_ns)
        shares->rest_last_ns = until_ns;
}

void share_rest(struct shares *shares, struct account *account, uint64_t rest_ns, uint64_t now_ns)
{
    share_rest_until(shares, account, now_ns + (rest_ns < SHARE_REST_MOST_NS ? rest_ns : SHARE_REST_MOST_NS));
}

void share_rest_longer(struct shares *shares, struct account *account, uint64_t rest_ns, uint64_t now_ns)
{
    share_rest_until(shares, account, later(account->rests_until_ns, now_ns) + rest_ns);
}

void share_turned_away(const struct shares *shares, struct account *account, size_t size, uint64_t cost,
                       uint64_t now_ns)
{
    const uint64_t rest_ns = later(share_received(shares, account, size), share_stepped(shares, account, 0, cost, 1));
    const uint64_t until_ns = later(account->owes_until_ns, now_ns) + rest_ns, most_ns = now_ns + SHARE_REST_MOST_NS;
    if (rest_ns > 0)
        account->owes_until_ns = until_ns < most_ns ? until_ns : most_ns;
}

bool share_rest_owed(struct shares *shares, struct account *account)
{
    const uint64_t until_ns = account->owes_until_ns;
    account->owes_until_ns = 0;
    share_rest_until(shares, account, until_ns);
    return until_ns > 0;
}

/* Who is alone does not rest, though it may stand behind others that do: they rest beside it. Of all others the same holds. */
const struct account *share_rested(const struct shares *shares, const struct accounts *accounts, uint64_t now_ns)
{
    const struct account *first = accounts_first_to_rest(accounts), *last = shares->last;
    if (!first || share_rests_ns(shares, first, now_ns) == 0)
        return first;
    return last && accounts_has_resting(accounts, last) && share_rests_ns(shares, last, now_ns) == 0 ? last : NULL;
}

void share_let_in(const struct shares *shares, struct accounts *accounts, uint64_t now_ns)
{
    const struct account *rested;
    while ((rested = share_rested(shares, accounts, now_ns)))
        accounts_let_in(accounts, rested, now_ns);
}

uint64_t share_took(struct shares *shares, const struct batch *batch, struct account *account, size_t writes,
                    size_t bytes)
{
    if (!share_knows(shares, batch)) {
        shares->writes = shares->bytes = (struct share_top){0};
        shares->serial = batch->serial;
        shares->begun++;
    }
    if (account->batch != batch->serial) {
        account->batch = batch->serial;
        account->batch_writes = account->batch_bytes = 0;
    }
    account->batch_writes += writes;
    account->batch_bytes += bytes;
    top_note(&shares->writes, account, account->batch_writes);
    top_note(&shares->bytes, account, account->batch_bytes);
    if (writes == 0)
        return 0;
    if (shares->last && shares->last != account)
        shares->alone_from = shares->begun + SHARE_BESIDE_BATCHES;
    shares->last = account;
    shares->last_begun = shares->begun;
    return share_has_others(shares) ? share_owes_ns(shares, account) : 0;
}

/* One that is quicker counts at once, one that is slower by a sixteenth of the difference: those that hold much are slow
 * because of it. */
void share_committed(struct shares *shares, uint64_t took_us)
{
    if (shares->quick_us == 0 || took_us < shares->quick_us)
        shares->quick_us = took_us;
    else
        shares->quick_us += (took_us - shares->quick_us) / 16;
}

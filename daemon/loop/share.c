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

bool share_left(const struct shares *shares, const struct batch *batch, const struct account *account, uint64_t records)
{
    if (account->batch != batch->serial)
        return true;
    size_t writes = (records + SHARE_PART - 1) / SHARE_PART, bytes = SHARE_PART_BYTES;
    if (share_knows(shares, batch) && shares->begun < shares->alone_from) {
        writes = lesser(writes, others(&shares->writes, account) + SHARE_BESIDE);
        bytes = lesser(bytes, others(&shares->bytes, account) + SHARE_BESIDE_BYTES);
    }
    return account->batch_writes < writes && account->batch_bytes < bytes;
}

void share_took(struct shares *shares, const struct batch *batch, struct account *account, size_t writes, size_t bytes)
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
        return;
    if (shares->last && shares->last != account)
        shares->alone_from = shares->begun + SHARE_BESIDE_BATCHES;
    shares->last = account;
}

/* See behind.h. */
#include "loop/behind.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/state.h"

#define NS_PER_MS 1000000U

void behind_done(struct behind *behind)
{
    struct behind_item *item, *next;
    DL_FOREACH_SAFE2(behind->items, item, next, next)
    {
        free(item->queued);
        free(item);
    }
    *behind = (struct behind){0};
}

/* ---- what waits, and for what ---- */

/* Of a batch it is not looked at what is in it. */
static bool is_leaders(struct text name)
{
    const struct op_row *op = op_row_named(name.data, name.size);
    return op && op->touches != OP_CLASS_read && op->op != OP_STATUS && op->op != OP_LOAD;
}

static bool is_handing(const struct broker *broker)
{
    return broker->handing.asked && role_follows(broker->follow.role);
}

/* A frame that has neither word in it asks for neither, and need not be opened. */
static bool says_anything(const struct queued *queued)
{
    return memmem(queued->frame, queued->size, "at_least", 8) || memmem(queued->frame, queued->size, "within_ms", 9);
}

static bool is_met(const struct broker *broker, const struct behind_item *item)
{
    if (item->until_ns == UINT64_MAX)
        return !is_handing(broker);
    return item->at_least <= broker->streams.durable && item->within_ms >= follow_lag_ms(broker);
}

/* Whether it waits, and then for what. */
static bool reads_wish(struct broker *broker, const struct queued *queued, struct behind_item *item)
{
    struct envelope envelope;
    struct problem problem = {0};
    if (!is_handing(broker) && !says_anything(queued))
        return false;
    if (decoder_open(broker->decoder, queued->frame, queued->size, &envelope, &problem) != 0)
        return false;
    if (is_leaders(envelope.op) && !is_handing(broker))
        return false; /* it is refused, however new it may be here */
    item->at_least = envelope.at_least == ENVELOPE_ABSENT ? 0 : envelope.at_least;
    item->within_ms = envelope.within_ms;
    item->until_ns = clock_monotonic_ns(&broker->clock) + broker->options->config->journal_follower_wait_ms * NS_PER_MS;
    if (is_handing(broker) && is_leaders(envelope.op))
        item->until_ns = UINT64_MAX;
    return !is_met(broker, item);
}

/* ---- waiting ---- */

static bool hurries(const struct behind_item *item)
{
    return item->within_ms != ENVELOPE_ABSENT && item->until_ns != UINT64_MAX;
}

bool behind_holds(struct broker *broker, struct account *account)
{
    struct behind *behind = &broker->behind;
    struct queued *queued = account->queued_first;
    struct behind_item wish = {.account = account, .queued = queued};
    if (!role_follows(broker->follow.role) || broker->phase != PHASE_SERVING || queued->waited ||
        (behind->count >= BEHIND_ALL && !is_handing(broker)) || !reads_wish(broker, queued, &wish))
        return false;
    struct behind_item *item = xmalloc(sizeof *item);
    *item = wish;
    (void)account_hold(&broker->peers.accounts, account);
    DL_APPEND2(behind->items, item, previous, next);
    behind->count++;
    behind->hurried += hurries(item);
    return true;
}

static void put_back(struct broker *broker, struct behind_item *item)
{
    struct behind *behind = &broker->behind;
    DL_DELETE2(behind->items, item, previous, next);
    behind->count--;
    behind->hurried -= hurries(item);
    item->queued->waited = true;
    account_put_back(&broker->peers.accounts, item->account, item->queued);
    free(item);
}

void behind_release(struct broker *broker)
{
    struct behind *behind = &broker->behind;
    if (!behind->items)
        return;
    const uint64_t now_ns = clock_monotonic_ns(&broker->clock);
    const bool follows = role_follows(broker->follow.role) && broker->phase == PHASE_SERVING;
    struct behind_item *item = behind->items->previous, *previous; /* the last: each is put before those after it */
    for (bool is_first = false; !is_first; item = previous) {
        is_first = item == behind->items;
        previous = item->previous;
        if (!follows || is_met(broker, item) || now_ns >= item->until_ns)
            put_back(broker, item);
    }
}

uint64_t behind_next_ns(const struct behind *behind)
{
    const struct behind_item *item;
    DL_FOREACH2(behind->items, item, next)
    {
        if (item->until_ns != UINT64_MAX) /* all others wait for the same time */
            return item->until_ns;
    }
    return 0;
}

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

/* A follower refuses it, however new what it has is. */
static bool is_leaders(const struct op_row *op)
{
    return op && (op->touches == OP_CLASS_change || op->op == OP_BACKUP || op->op == OP_HAND_OVER);
}

/* Of a batch it is not looked at what is in it. */
static bool may_be_leaders(const struct op_row *op)
{
    return is_leaders(op) || (op && op->touches == OP_CLASS_batch);
}

static bool is_handing(const struct broker *broker)
{
    return broker->handing.asked && role_follows(broker->follow.role);
}

/* While the lead changes hands nothing is. */
static bool is_asked(const struct broker *broker)
{
    const enum role_state role = broker->follow.role;
    return broker->phase == PHASE_SERVING && (role_follows(role) || role == ROLE_IS_LEADS);
}

/* A frame that has neither word in it asks for neither, and need not be opened. */
static bool says_anything(const struct queued *queued)
{
    static const char *const words[] = {"at_least", "within_ms", "subscribe"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(queued->frame, queued->size, words[i], strlen(words[i])))
            return true;
    return false;
}

/* It begins after a record, where its consumer is, or with what comes next: all that is here by now is known to stand, then. */
static void read_subscription(struct broker *broker, struct behind_item *item)
{
    struct msg_subscribe asked;
    struct problem problem = {0};
    if (decoder_read(broker->decoder, &message_subscribe, &asked, &problem) != 0)
        return; /* the core says what is wrong */
    if (!MSG_HAS(&asked, subscribe, from))
        item->known = item->at_least > broker->streams.durable ? item->at_least : broker->streams.durable;
    else if (asked.from > item->at_least)
        item->at_least = asked.from;
    if (asked.consumer.size > 0)
        item->look = placing_want(&broker->placing);
}

/* Whoever leads has everything but what others put. */
static bool is_met(const struct broker *broker, const struct behind_item *item)
{
    if (item->until_ns == UINT64_MAX)
        return !is_handing(broker);
    if (broker->follow.role == ROLE_IS_LEADS)
        return placing_knows(&broker->placing, item->look);
    return item->at_least <= broker->streams.durable && item->within_ms >= follow_lag_ms(broker) &&
           item->known <= broker->streams.on_disk && placing_knows(&broker->placing, item->look);
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
    const struct op_row *op = op_row_named(envelope.op.data, envelope.op.size);
    if (is_leaders(op) && !is_handing(broker))
        return false;
    item->at_least = envelope.at_least == ENVELOPE_ABSENT ? 0 : envelope.at_least;
    item->within_ms = envelope.within_ms;
    item->until_ns = clock_monotonic_ns(&broker->clock) + broker->options->config->journal_follower_wait_ms * NS_PER_MS;
    if (is_handing(broker) && may_be_leaders(op))
        item->until_ns = UINT64_MAX;
    else if (op && op->op == OP_SUBSCRIBE)
        read_subscription(broker, item);
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
    /* One that has waited does so again where the lead was taken meanwhile, until it is known anew where its consumer is. */
    if (!is_asked(broker) || (queued->waited && !broker->placing.is_partial) || !reads_wish(broker, queued, &wish) ||
        (behind->count >= BEHIND_ALL && !is_handing(broker) && wish.look == 0))
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
    item->queued->placed = item->look > 0 && placing_knows(&broker->placing, item->look);
    account_put_back(&broker->peers.accounts, item->account, item->queued);
    free(item);
}

void behind_release(struct broker *broker)
{
    struct behind *behind = &broker->behind;
    if (!behind->items)
        return;
    const uint64_t now_ns = clock_monotonic_ns(&broker->clock);
    const bool serves = broker->phase == PHASE_SERVING, follows = role_follows(broker->follow.role);
    if (serves && !is_asked(broker))
        return;
    struct behind_item *item = behind->items->previous, *previous; /* the last: each is put before those after it */
    for (bool is_first = false; !is_first; item = previous) {
        is_first = item == behind->items;
        previous = item->previous;
        if (!serves || is_met(broker, item) || (follows && now_ns >= item->until_ns))
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

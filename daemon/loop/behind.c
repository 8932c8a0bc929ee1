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

/* A frame that has neither word in it asks for neither, and need not be opened. */
static bool says_anything(const struct queued *queued)
{
    static const char *const words[] = {"at_least", "within_ms", "subscribe"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(queued->frame, queued->size, words[i], strlen(words[i])))
            return true;
    return false;
}

/* It begins after a record, or where its consumer is. */
static void read_subscription(struct broker *broker, struct behind_item *item)
{
    struct msg_subscribe asked;
    struct problem problem = {0};
    if (decoder_read(broker->decoder, &message_subscribe, &asked, &problem) != 0)
        return; /* the core says what is wrong */
    if (MSG_HAS(&asked, subscribe, from) && asked.from > item->at_least)
        item->at_least = asked.from;
    if (asked.consumer.size > 0)
        item->look = placing_want(&broker->placing);
}

static bool reads_wish(struct broker *broker, const struct queued *queued, struct behind_item *item)
{
    struct envelope envelope;
    struct problem problem = {0};
    if (!says_anything(queued) || decoder_open(broker->decoder, queued->frame, queued->size, &envelope, &problem) != 0)
        return false;
    item->at_least = envelope.at_least == ENVELOPE_ABSENT ? 0 : envelope.at_least;
    item->within_ms = envelope.within_ms;
    if (text_equal(envelope.op, text_of(op_row(OP_SUBSCRIBE)->name)))
        read_subscription(broker, item);
    return true;
}

/* Whoever leads has everything but what others put. */
static bool is_met(const struct broker *broker, const struct behind_item *item)
{
    if (broker->follow.role == ROLE_IS_LEADS)
        return placing_knows(&broker->placing, item->look);
    return item->at_least <= broker->streams.durable && item->within_ms >= follow_lag_ms(broker) &&
           placing_knows(&broker->placing, item->look);
}

/* While the lead changes hands nothing is. */
static bool is_asked(const struct broker *broker)
{
    const enum role_state role = broker->follow.role;
    return broker->phase == PHASE_SERVING && (role == ROLE_IS_FOLLOWS || role == ROLE_IS_LEADS);
}

bool behind_holds(struct broker *broker, struct account *account)
{
    struct behind *behind = &broker->behind;
    struct queued *queued = account->queued_first;
    struct behind_item wish = {.account = account, .queued = queued};
    if (!is_asked(broker) || queued->waited || !reads_wish(broker, queued, &wish) || is_met(broker, &wish) ||
        (behind->count >= BEHIND_ALL && wish.look == 0))
        return false;
    wish.until_ns = clock_monotonic_ns(&broker->clock) + broker->options->config->journal_follower_wait_ms * NS_PER_MS;
    struct behind_item *item = xmalloc(sizeof *item);
    *item = wish;
    (void)account_hold(&broker->peers.accounts, account);
    DL_APPEND2(behind->items, item, previous, next);
    behind->count++;
    behind->hurried += item->within_ms != ENVELOPE_ABSENT;
    return true;
}

static void put_back(struct broker *broker, struct behind_item *item)
{
    struct behind *behind = &broker->behind;
    DL_DELETE2(behind->items, item, previous, next);
    behind->count--;
    behind->hurried -= item->within_ms != ENVELOPE_ABSENT;
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
    const bool serves = broker->phase == PHASE_SERVING, follows = broker->follow.role == ROLE_IS_FOLLOWS;
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
    return behind->items ? behind->items->until_ns : 0; /* all wait for the same time */
}

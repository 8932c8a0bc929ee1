/* See behind.h. */
#include "loop/behind.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/state.h"

#define NS_PER_MS 1000000U

/* ---- what waits, and for what ---- */

/* A follower refuses it, however new what it has is. */
static bool is_leaders(const struct op_row *op)
{
    return op && (op->touches == OP_CLASS_change || op->op == OP_HAND_OVER);
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
static void read_subscription(struct broker *broker, struct behind_line *line)
{
    struct msg_subscribe asked;
    struct problem problem = {0};
    if (decoder_read(broker->decoder, &message_subscribe, &asked, &problem) != 0)
        return; /* the core says what is wrong */
    if (!MSG_HAS(&asked, subscribe, from))
        line->known = line->at_least > broker->streams.durable ? line->at_least : broker->streams.durable;
    else if (asked.from > line->at_least)
        line->at_least = asked.from;
    if (asked.consumer.size > 0)
        line->look = placing_want(&broker->placing);
}

/* Whoever leads has everything but what others put. */
static bool is_met(const struct broker *broker, const struct behind_line *line)
{
    if (line->until_ns == UINT64_MAX)
        return !is_handing(broker);
    if (broker->follow.role == ROLE_IS_LEADS)
        return placing_knows(&broker->placing, line->look);
    return line->at_least <= broker->streams.durable && line->within_ms >= follow_lag_ms(broker) &&
           line->known <= broker->streams.on_disk && placing_knows(&broker->placing, line->look);
}

/* What waited behind another has done so for itself, too, but for a look that nobody has asked for yet. */
static uint64_t waits_until_ns(const struct broker *broker, const struct queued *queued, const struct op_row *op)
{
    const bool has_waited = queued->since_ns > 0 && !(op && op->op == OP_SUBSCRIBE);
    const uint64_t since_ns = has_waited ? queued->since_ns : clock_monotonic_ns(&broker->clock);
    return since_ns + broker->options->config->journal_follower_wait_ms * NS_PER_MS;
}

/* It is asked all the same. Whoever leads knows before long. */
static bool has_waited_enough(const struct broker *broker, const struct behind_line *line, uint64_t now_ns)
{
    return role_follows(broker->follow.role) && now_ns >= line->until_ns;
}

/* Whether it waits, and then for what. */
static bool reads_wish(struct broker *broker, const struct queued *queued, struct behind_line *line)
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
    line->at_least = envelope.at_least == ENVELOPE_ABSENT ? 0 : envelope.at_least;
    line->within_ms = envelope.within_ms;
    line->until_ns = waits_until_ns(broker, queued, op);
    if (is_handing(broker) && may_be_leaders(op))
        line->until_ns = UINT64_MAX;
    else if (op && op->op == OP_SUBSCRIBE)
        read_subscription(broker, line);
    return !is_met(broker, line) && !has_waited_enough(broker, line, clock_monotonic_ns(&broker->clock));
}

/* ---- waiting ---- */

static bool hurries(const struct behind_line *line)
{
    return line->within_ms != ENVELOPE_ABSENT && line->until_ns != UINT64_MAX;
}

static bool has_room(const struct broker *broker, const struct behind_line *line)
{
    return is_handing(broker) || line->look > 0 ||
           (broker->behind.count < BEHIND_ALL && line->account->held_lines < BEHIND_EACH);
}

static void note_next(struct behind *behind, const struct behind_line *line)
{
    if (line->until_ns != UINT64_MAX && (behind->next_ns == 0 || line->until_ns < behind->next_ns))
        behind->next_ns = line->until_ns;
}

static void line_begin(struct broker *broker, const struct behind_line *wish)
{
    struct behind *behind = &broker->behind;
    struct behind_line *line = xmalloc(sizeof *line);
    *line = *wish;
    line->first = line->last = account_hold(&broker->peers.accounts, line->account);
    line->first->next = NULL;
    line->count = 1;
    line->peer->line = line;
    line->account->held_lines++;
    DL_APPEND2(behind->lines, line, previous, next);
    behind->count++;
    behind->hurried += hurries(line);
    note_next(behind, line);
}

static void line_end(struct broker *broker, struct behind_line *line)
{
    struct behind *behind = &broker->behind;
    DL_DELETE2(behind->lines, line, previous, next);
    behind->count--;
    behind->hurried -= hurries(line);
    line->account->held_lines--;
    line->peer->line = NULL;
    free(line);
}

static void line_join(struct broker *broker, struct behind_line *line)
{
    struct queued *queued = account_hold(&broker->peers.accounts, line->account);
    queued->next = NULL;
    if (queued->since_ns == 0)
        queued->since_ns = clock_monotonic_ns(&broker->clock);
    line->last->next = queued;
    line->last = queued;
    line->count++;
}

bool behind_holds(struct broker *broker, struct account *account, struct peer *peer)
{
    const struct queued *queued = account->queued_first;
    struct behind_line wish = {.account = account, .peer = peer};
    if (!peer || queued->slice.from > 0)
        return false;
    if (peer->line) {
        line_join(broker, peer->line);
        return true;
    }
    /* One that has waited does so again where the lead was taken meanwhile, until it is known anew where its consumer is. */
    if (!is_asked(broker) || (queued->waited && !broker->placing.is_partial) || !reads_wish(broker, queued, &wish) ||
        !has_room(broker, &wish))
        return false;
    line_begin(broker, &wish);
    return true;
}

static void put_back(struct broker *broker, struct behind_line *line)
{
    line->first->waited = true;
    line->first->placed = line->look > 0 && placing_knows(&broker->placing, line->look);
    account_put_back(&broker->peers.accounts, line->account, line->first, line->last, line->count);
    line_end(broker, line);
}

void behind_release(struct broker *broker)
{
    struct behind *behind = &broker->behind;
    if (!behind->lines)
        return;
    const uint64_t now_ns = clock_monotonic_ns(&broker->clock);
    const bool serves = broker->phase == PHASE_SERVING;
    if (serves && !is_asked(broker))
        return;
    struct behind_line *line = behind->lines->previous, *previous; /* the last: each is put before those after it */
    behind->next_ns = 0;
    for (bool is_first = false; !is_first; line = previous) {
        is_first = line == behind->lines;
        previous = line->previous;
        if (!serves || is_met(broker, line) || has_waited_enough(broker, line, now_ns))
            put_back(broker, line);
        else
            note_next(behind, line);
    }
}

void behind_forget(struct broker *broker, const struct peer *peer)
{
    struct behind_line *line = peer->line;
    if (!line)
        return;
    for (struct queued *queued = line->first, *next; queued; queued = next) {
        next = queued->next;
        account_drop(&broker->peers.accounts, line->account, queued);
    }
    line_end(broker, line);
}

uint64_t behind_next_ns(const struct behind *behind)
{
    return behind->lines ? behind->next_ns : 0;
}

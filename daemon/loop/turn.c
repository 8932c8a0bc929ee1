/* Whose turn it is: the loop takes requests from agencies in turn, not as they came, so that nobody waits for what another
 * asks. Deficit round robin: each turn gives an agency a quantum of cost, what it takes beyond that it pays back with turns
 * to come, and who has nothing waiting saves nothing up. Requests of one agency are taken in the order in which they came.
 *
 * Of one commit an agency has no more than its part (share.h), and no more reads of the journal than TURN_READS: what it asks
 * beyond that waits for its own.
 */
#include <stdlib.h>
#include <string.h>

#include "core/cost.h"
#include "loop/state.h"

#define TURN_NS      (500000) /* and no longer than that, where the count was too little for the machine */
#define TURN_REFUSED 20       /* what it costs to refuse one */
#define TURN_READS   64       /* of one agency, decided and waiting: × 300 bytes, and one of them that is read */

/* What one batch may hold before no more is taken, so that two of them bound the memory of a burst. */
#define TURN_BATCH_BYTES              (8U << 20)
#define TURN_BATCH_EFFECTS_PER_RECORD 4U

/* ---- whether there is room ---- */

static bool turn_full(const struct broker *broker)
{
    const struct batch *batch = broker->current;
    return broker->phase == PHASE_SERVING &&
           (batch->writes >= broker->limits.batch_records || batch->effects.bytes.size >= TURN_BATCH_BYTES ||
            batch->effects.count >= broker->limits.batch_records * TURN_BATCH_EFFECTS_PER_RECORD);
}

/* While the lead changes hands all waits, but for the batches that have begun; while nobody has it yet, what only reads does not. */
static bool turn_open(const struct broker *broker, const struct account *account)
{
    const enum role_state role = broker->follow.role;
    if (role_decides(role) || role_follows(role))
        return true;
    return role == ROLE_IS_DRAINS && account->queued_first && account->queued_first->slice.from > 0;
}

static bool turn_may(const struct broker *broker, const struct account *account, uint64_t now_ns)
{
    if (broker->phase != PHASE_SERVING)
        return true;
    if (account->reads_waiting >= TURN_READS || !turn_open(broker, account))
        return false;
    return share_left(&broker->shares, broker->current, account, broker->limits.batch_records, now_ns);
}

/* By when a rest is to have ended: while it stops the broker waits for none. */
static uint64_t turn_rested_ns(const struct broker *broker, uint64_t now_ns)
{
    return broker->phase == PHASE_SERVING ? now_ns : UINT64_MAX;
}

bool turn_pending(const struct broker *broker)
{
    const struct accounts *accounts = &broker->peers.accounts;
    if (!accounts_wait(accounts) || turn_full(broker))
        return false;
    const uint64_t now_ns = clock_monotonic_ns(&broker->clock);
    for (const struct account *account = accounts->turns; account; account = account->turn_next)
        if (turn_may(broker, account, now_ns))
            return true;
    return share_rested(&broker->shares, accounts, turn_rested_ns(broker, now_ns)) != NULL;
}

static void turn_least(const struct broker *broker, const struct account *account, uint64_t now_ns, uint64_t *least)
{
    const uint64_t rests_ns = share_rests_ns(&broker->shares, account, now_ns);
    if (rests_ns > 0 && (*least == 0 || rests_ns < *least))
        *least = rests_ns;
}

uint64_t turn_rests_ns(const struct broker *broker)
{
    const uint64_t now_ns = clock_monotonic_ns(&broker->clock);
    uint64_t least = 0;
    if (now_ns >= broker->shares.rest_last_ns)
        return 0;
    const struct account *first = accounts_first_to_rest(&broker->peers.accounts);
    if (first)
        turn_least(broker, first, now_ns, &least);
    for (const struct account *account = broker->peers.accounts.turns; account; account = account->turn_next)
        turn_least(broker, account, now_ns, &least); /* that were alone when they were let in */
    return least;
}

/* ---- what a connection leaves unread ---- */

static struct peer_owed *turn_slot(struct broker *broker, struct peer *peer)
{
    return &peer->owed[broker->current - broker->batches];
}

/* Bytes of answers to it in batches that are still to leave. */
size_t turn_owed(const struct broker *broker, const struct peer *peer)
{
    size_t bytes = 0;
    for (int i = 0; i < 2; i++)
        bytes += peer->owed[i].batch == broker->batches[i].serial ? peer->owed[i].bytes : 0;
    return bytes;
}

/* Counts the answers that a request has just got. */
static void turn_owe(struct broker *broker, struct peer *peer, size_t first_effect)
{
    const struct effects *effects = &broker->current->effects;
    struct peer_owed *owed = turn_slot(broker, peer);
    if (owed->batch != broker->current->serial)
        *owed = (struct peer_owed){.batch = broker->current->serial};
    for (size_t i = first_effect; i < effects->count; i++) {
        if (effects->items[i].type != EFFECT_REPLY)
            continue;
        owed->bytes += effects->items[i].reply.body.size;
        const int refused = effects->items[i].reply.refused;
        peer->account->refused += refused != 0 && !effects->items[i].reply.found_free;
        if (refused == COORD_E_STORAGE_LIMITED || refused == COORD_E_WRITE_LIMITED)
            admit_log_limited(broker, peer, refused);
        peer->account->tried += effects->items[i].reply.tried;
    }
}

/* ---- one request ---- */

/* A batch turned out to hold more requests than the one that was taken in. */
static void turn_count(struct broker *broker, struct peer *peer, size_t first_effect)
{
    const struct effects *effects = &broker->current->effects;
    for (size_t i = first_effect; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type != EFFECT_BATCH || effect->batch.next.count <= 1)
            continue;
        quota_add(&peer->key->quota, &broker->limits, effect->batch.next.count - 1);
        peer->in_flight += effect->batch.next.count - 1;
        peer->account->requests += effect->batch.next.count - 1;
        return;
    }
}

static void turn_count_written(struct account *account, const struct effects *effects, size_t first_effect)
{
    uint64_t bytes = 0;
    for (size_t i = first_effect; i < effects->count; i++)
        if (effects->items[i].type == EFFECT_RECORD)
            bytes += effects->items[i].record.body.size;
    if (bytes > 0)
        account_wrote(account, bytes);
}

static struct event_limits turn_limits(const struct broker *broker, struct account *account)
{
    struct event_limits limits = {.tasks = broker->limits.agency_tasks, .task_bytes = broker->limits.agency_task_bytes};
    account_limit_writes(account, &broker->limits, broker->second_count, &limits);
    return limits;
}

/* They are of the agency that the key is of now, as reply.c has it: a connection may be older than its key. */
static void turn_count_reads(struct broker *broker, size_t first_effect)
{
    const struct effects *effects = &broker->current->effects;
    for (size_t i = first_effect; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_RESEND)
            accounts_of(&broker->peers.accounts, effect->resend.agency)->reads_waiting++;
        else if (effect->type == EFFECT_HISTORY)
            accounts_of(&broker->peers.accounts, effect->history.agency)->reads_waiting++;
    }
}

/* How much is in a batch. */
struct turn_size {
    size_t writes, bytes;
    uint64_t cost, refused; /* …of that agency's requests */
};

static struct turn_size turn_size(const struct batch *batch, const struct account *account)
{
    return (struct turn_size){batch->writes, batch->effects.bytes.size, batch->effects.cost, account->refused};
}

/* For what a step has just put into the batch its agency may have to rest, beside others. */
static void turn_share(struct broker *broker, struct account *account, struct turn_size before, size_t received)
{
    struct shares *shares = &broker->shares;
    const struct turn_size now = turn_size(broker->current, account);
    const size_t writes = now.writes - before.writes;
    const uint64_t rests_ns[] = {
        share_received(shares, account, received),
        share_took(shares, broker->current, account, writes, now.bytes - before.bytes),
        share_stepped(shares, account, writes, now.cost - before.cost, now.refused - before.refused),
    };
    uint64_t most_ns = 0;
    for (size_t i = 0; i < sizeof rests_ns / sizeof *rests_ns; i++)
        most_ns = rests_ns[i] > most_ns ? rests_ns[i] : most_ns;
    if (most_ns > 0)
        share_rest(shares, account, most_ns, clock_monotonic_ns(&broker->clock));
    if (share_rest_owed(shares, account) || most_ns > 0)
        accounts_rest(&broker->peers.accounts, account);
}

void turn_answered_late(struct broker *broker, struct account *account)
{
    const uint64_t rest_ns = share_stepped(&broker->shares, account, 0, 0, 1);
    if (rest_ns == 0)
        return;
    share_rest_longer(&broker->shares, account, rest_ns, clock_monotonic_ns(&broker->clock));
    accounts_rest(&broker->peers.accounts, account);
}

void turn_turned_away(struct broker *broker, struct account *account, size_t size, size_t values)
{
    const uint64_t cost = TURN_REFUSED + values / COST_FRAME_ITEMS;
    account_charge(account, cost);
    share_turned_away(&broker->shares, account, size, cost, clock_monotonic_ns(&broker->clock));
}

/* Takes it, or a slice of it; false when it goes on. The connection may be gone when a batch has begun. */
static bool turn_step(struct broker *broker, struct account *account, struct peer *peer, struct queued *queued,
                      uint64_t now_ns)
{
    struct batch *batch = broker->current;
    const int64_t now_ms = look_to_date(broker, now_ns);
    struct event event = {
        .type = EVENT_REQUEST,
        .now_ms = now_ms,
        .request =
            {
                .peer = queued->peer,
                .key = {queued->key->text, PEER_KEY_SIZE},
                .frame = queued->frame,
                .size = queued->size,
                .slice = queued->slice,
                .slice_cost = broker->slice_cost,
                .batch_limits = broker->batch_limits,
                .read_only = broker->disk != DISK_WRITABLE,
                .clock_doubtful = look_doubts(broker),
                .limits = turn_limits(broker, account),
                .beside = follow_beside(broker),
            },
    };
    event.request.beside.placed = queued->placed;
    const size_t first_effect = batch->effects.count;
    const struct turn_size before = turn_size(batch, account);
    const uint32_t batches = batch->effects.batches;
    const bool begins = queued->slice.from == 0;
    broker_step(broker, &event);
    account->requests += begins;
    account_charge(account, batch->effects.cost - before.cost);
    if (peer && begins && batch->effects.batches != batches)
        turn_count(broker, peer, first_effect);
    if (peer)
        turn_owe(broker, peer, first_effect);
    turn_share(broker, account, before, begins ? queued->size : 0);
    turn_count_reads(broker, first_effect);
    turn_count_written(account, &batch->effects, first_effect);
    if (look_doubts(broker))
        look_for_acceptance(broker);
    return batch->effects.batches == batches || !effects_go_on(&batch->effects, first_effect, &queued->slice);
}

/* Whether it has to be refused, as things stand when its turn comes. */
static bool turn_refuses(struct broker *broker, struct peer *peer, const struct queued *queued)
{
    const bool stopping = broker->phase != PHASE_SERVING;
    if (!stopping && !peers_unread(&broker->peers, peer, turn_owed(broker, peer)))
        return false;
    if (broker->host->functions->turned_away)
        broker->host->functions->turned_away(broker->host, peer->number);
    request_turn_away(broker, peer, queued->frame, queued->size, stopping ? COORD_E_STOPPING : COORD_E_IN_FLIGHT_LIMIT,
                      stopping ? "" : REQUEST_UNREAD, 1);
    return true;
}

static void turn_rest_owed(struct broker *broker, struct account *account)
{
    if (share_rest_owed(&broker->shares, account))
        accounts_rest(&broker->peers.accounts, account);
}

/* Takes the first of an agency's, or its next slice. One of a connection that is gone is nobody's, unless it has begun. */
static void turn_take_one(struct broker *broker, struct account *account, uint64_t now_ns)
{
    struct queued *queued = account->queued_first;
    follow_note_read(broker);
    struct peer *peer = peers_find(&broker->peers, queued->peer);
    if (behind_holds(broker, account, peer)) {
        account_charge(account, TURN_REFUSED);
        return;
    }
    if (queued->slice.from == 0 && !peer)
        account_charge(account, TURN_REFUSED);
    else if (queued->slice.from == 0 && turn_refuses(broker, peer, queued))
        turn_rest_owed(broker, account);
    else if (!turn_step(broker, account, peer, queued, now_ns))
        return;
    free(account_take(&broker->peers.accounts, account));
}

/* ---- turns ---- */

void turn_take(struct broker *broker)
{
    struct accounts *accounts = &broker->peers.accounts;
    const struct account *idle = NULL; /* since this one nobody might take a turn */
    uint64_t now_ns = clock_monotonic_ns(&broker->clock);
    const uint64_t ends_ns = now_ns + TURN_NS;
    share_let_in(&broker->shares, accounts, turn_rested_ns(broker, now_ns));
    int64_t left = broker->turn_cost;
    for (; accounts->turns && accounts->turns != idle && left > 0 && !turn_full(broker) && now_ns < ends_ns;
         now_ns = clock_monotonic_ns(&broker->clock)) {
        struct account *account = accounts->turns;
        if (share_rests_ns(&broker->shares, account, turn_rested_ns(broker, now_ns)) > 0) {
            accounts_rest(accounts, account); /* it was alone, and is so no longer */
            continue;
        }
        if (!turn_may(broker, account, now_ns)) {
            if (!idle)
                idle = account;
            accounts_turn_over(accounts);
            continue;
        }
        idle = NULL;
        account->deficit = account->deficit < 0 ? account->deficit + broker->turn_quantum : broker->turn_quantum;
        const int64_t had = account->deficit;
        while (account->waiting > 0 && account->deficit > 0 && left > had - account->deficit &&
               turn_may(broker, account, now_ns) && !turn_full(broker))
            turn_take_one(broker, account, now_ns);
        left -= had - account->deficit;
        if (accounts->turns == account)
            accounts_turn_over(accounts);
    }
}

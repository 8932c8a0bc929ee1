/* See handing.h. */
#include "loop/handing.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "loop/state.h"

#define NS_PER_MS 1000000U
/* A checkpoint that is under way is finished in so long, or given up: a start would replay a little more. */
#define CHECKPOINT_NS (UINT64_C(500) * NS_PER_MS)

static uint64_t passed_ns(const struct broker *broker, uint64_t since_ns)
{
    return clock_monotonic_ns(&broker->clock) - since_ns;
}

static uint64_t lease_ns(const struct broker *broker)
{
    return broker->options->config->journal_lease_seconds * 1000 * NS_PER_MS;
}

/* ---- asking ---- */

static int check(const struct broker *broker, struct text to, const char **field, const char **message)
{
    *field = *message = "";
    if (broker->phase != PHASE_SERVING)
        return COORD_E_STOPPING;
    if (broker->follow.role == ROLE_IS_ALONE)
        return COORD_E_NOT_SEVERAL;
    if (broker->follow.role != ROLE_IS_LEADS) {
        *message = "The lead is being handed over already; ask for the status to see to whom.";
        return COORD_E_HAND_OVER_FAILED;
    }
    if (broker->backup)
        return COORD_E_BACKUP_RUNNING;
    if (to.size > 0 && text_equal(to, text_of(follow_leader(broker)))) {
        *field = "to";
        *message = "This is the broker that leads; name another, or none.";
        return COORD_E_BAD_VALUE;
    }
    return 0;
}

void handing_ask(struct broker *broker, uint64_t peer, struct text id, struct text to)
{
    struct handing *handing = &broker->handing;
    const char *field, *message;
    const int error = check(broker, to, &field, &message);
    if (error) {
        reply_error(broker, peer, id, error, field, message);
        return;
    }
    *handing = (struct handing){
        .asked = true, .peer = peer, .id_size = id.size, .began_ns = clock_monotonic_ns(&broker->clock)};
    memcpy(handing->id, id.data, id.size);
    snprintf(handing->to, sizeof handing->to, "%.*s", TEXT_ARGS(to));
    follow_move(broker, ROLE_ASKED);
    log_write(LOG_LEVEL_INFO, LOG_LEAD, LOG_FIELDS("to", handing->to), "is to hand the lead over");
}

/* ---- answering ---- */

static struct text asker(const struct handing *handing)
{
    return (struct text){handing->id, handing->id_size};
}

static void failed(struct broker *broker, int error, const char *message)
{
    broker->handing.asked = false;
    reply_error(broker, broker->handing.peer, asker(&broker->handing), error, "", message);
}

static void succeeded(struct broker *broker)
{
    struct handing *handing = &broker->handing;
    const struct journal_lead *lead = &broker->follow.lead;
    struct msg_hand_over_reply reply = {0};
    struct buffer frame = XMEMORY;
    char took[24];
    const uint64_t took_ms = passed_ns(broker, handing->began_ns) / NS_PER_MS;
    handing->asked = false;
    MSG_SET(&reply, hand_over_reply, leader, text_of(lead->endpoint));
    MSG_SET(&reply, hand_over_reply, epoch, lead->epoch);
    MSG_SET(&reply, hand_over_reply, took_ms, took_ms);
    message_encode(&frame, "reply", asker(handing), &message_hand_over_reply, &reply);
    snprintf(took, sizeof took, "%llu", (unsigned long long)took_ms);
    log_write(LOG_LEVEL_INFO, LOG_LEAD, LOG_FIELDS("leader", lead->endpoint, "took_ms", took),
              "the lead is handed over");
    reply_frame(broker, handing->peer, frame.data, frame.size, 1);
    buffer_done(&frame);
}

/* ---- going on ---- */

static bool is_in_slices(const struct broker *broker)
{
    for (const struct account *account = broker->peers.accounts.turns; account; account = account->turn_next)
        if (account->queued_first->slice.from > 0)
            return true;
    return false;
}

/* Whether all that was begun is finished. */
static bool is_drained(struct broker *broker)
{
    if (broker->under_way || broker->writing || broker->current->effects.count > 0 || broker->peers.accounts.reads ||
        broker->composites || is_in_slices(broker) || broker->disk != DISK_WRITABLE)
        return false;
    if (broker->checkpoint.under_way && passed_ns(broker, broker->handing.began_ns) < CHECKPOINT_NS)
        return false;
    broker->checkpoint.under_way = false;
    return true;
}

bool handing_lapsed(const struct broker *broker)
{
    return passed_ns(broker, broker->handing.given_ns) >= lease_ns(broker);
}

static void drain(struct broker *broker)
{
    if (is_drained(broker)) {
        streams_close_all(&broker->streams, ENDING_STOPPING);
        follow_move(broker, ROLE_DRAINED);
    } else if (passed_ns(broker, broker->handing.began_ns) >= lease_ns(broker)) {
        follow_move(broker, ROLE_DELAYED);
    }
}

void handing_go_on(struct broker *broker)
{
    const enum role_state role = broker->follow.role;
    if (role == ROLE_IS_DRAINS)
        drain(broker);
    if (!broker->handing.asked)
        return;
    if (role == ROLE_IS_LEADS)
        failed(broker, COORD_E_HAND_OVER_FAILED, "");
    else if (role == ROLE_IS_FOLLOWS && broker->follow.lead.leader[0])
        succeeded(broker);
}

void handing_stop(struct broker *broker)
{
    if (broker->handing.asked)
        failed(broker, COORD_E_STOPPING, "");
}

/* See follow.h: what was read is applied, in the loop's own thread, a slice in each turn. */
#include "base/log.h"
#include "loop/follow.h"
#include "loop/state.h"

#define NS_PER_MS 1000000U
#define SLICE_NS  500000 /* of applying, in one turn of the loop; a record takes some µs, the largest some ms */

/* What a leader does when a batch is on disk. */
static void publish(struct broker *broker, const struct journal_record *record, const struct core_followed *followed)
{
    streams_follow(&broker->streams, look_trusted_ms(broker), record->seq, broker->follow.lead.safe);
    streams_publish(&broker->streams, record, (struct text){0}, followed->notifies ? &followed->audience : NULL);
    if (followed->admits && followed->agency != CORE_NO_AGENCY)
        streams_look_at(&broker->streams, followed->agency);
    if (followed->revoked[0])
        cuts_key(&broker->cuts, &broker->peers, text_of(followed->revoked), broker->second_count);
}

static bool apply_one(struct broker *broker, const struct journal_record *record)
{
    struct core_followed followed;
    struct problem problem = {0};
    const int error = core_follow(broker->core, record, &followed, &problem);
    if (error) {
        log_error("record %llu cannot be applied: %s%s%s", (unsigned long long)record->seq, problem.field,
                  problem.field[0] ? ": " : "", problem.message);
        broker_fail(broker, BROKER_DAMAGED);
        return false;
    }
    publish(broker, record, &followed);
    return true;
}

static void apply(struct broker *broker, struct followed *page)
{
    const uint64_t ends_ns = clock_monotonic_ns(&broker->clock) + SLICE_NS;
    streams_begin_slice(&broker->streams, look_trusted_ms(broker));
    while (page->applied < page->count && apply_one(broker, &page->records[page->applied])) {
        page->applied++;
        if (clock_monotonic_ns(&broker->clock) >= ends_ns)
            break;
    }
    peers_push_all(&broker->peers);
    if (page->applied < page->count)
        return;
    followed_clear(page);
    broker->follow.applies = !broker->follow.applies;
    broker->follow.full--;
}

/* ---- where consumers are ---- */

#define TAKEN_AT_ONCE 256 /* each some µs */

static void take_consumers(struct broker *broker)
{
    struct consumer_rows *rows = &broker->follow.consumers;
    struct problem problem = {0};
    for (size_t i = 0; i < TAKEN_AT_ONCE && rows->taken < rows->count; i++, rows->taken++)
        if (core_consumers_take(broker->core, &rows->rows[rows->taken], &problem) != 0) {
            log_error("the place of a consumer cannot be read: %s", problem.message);
            broker_fail(broker, BROKER_DAMAGED);
            return;
        }
    if (rows->taken == rows->count)
        consumer_rows_done(rows);
}

/* Once all is applied: what they are of is there by then. */
static bool has_consumers(const struct broker *broker)
{
    const struct follow *follow = &broker->follow;
    return follow->role == ROLE_IS_CATCHES_UP && broker->streams.durable == follow->end && follow->consumers.count > 0;
}

void follow_work(struct broker *broker)
{
    struct follow *follow = &broker->follow;
    struct followed *page = &follow->pages[follow->applies];
    if (follow_has_places(broker)) {
        follow_keep_places(broker);
    } else if (has_consumers(broker)) {
        take_consumers(broker);
        follow_catch_up(broker);
    } else if (placing_pending(broker)) {
        placing_work(broker);
    } else if (follow->full > 0) {
        apply(broker, page);
        follow->counts = true;
        follow_note_applied(broker);
        follow_catch_up(broker);
    } else if (follow->counts) {
        follow->counts = core_follow_on(broker->core, broker_now_ms(broker), &broker->current->effects);
    }
}

bool follow_pending(const struct broker *broker)
{
    const struct follow *follow = &broker->follow;
    return follow_has_places(broker) || has_consumers(broker) || placing_pending(broker) ||
           (!role_appends(follow->role) && (follow->full > 0 || follow->counts));
}

uint64_t follow_rests_ns(const struct broker *broker)
{
    const uint64_t now_ns = clock_monotonic_ns(&broker->clock);
    const uint64_t instants[] = {
        role_follows(broker->follow.role) ? broker->follow.rests_until_ns : 0,
        broker->follow.role == ROLE_IS_DRAINS ? now_ns + 50 * NS_PER_MS : 0,
        broker->placing.puts.count > 0 ? broker->placing.rests_until_ns : 0,
        behind_next_ns(&broker->behind),
        broker->confirm_ns,
    };
    uint64_t first = 0;
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++)
        if (instants[i] > now_ns && (first == 0 || instants[i] < first))
            first = instants[i];
    return first > 0 ? first - now_ns : 0;
}

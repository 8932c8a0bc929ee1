/* See follow.h. */
#include "loop/follow.h"

#include <stdio.h>

#include "base/log.h"
#include "loop/state.h"

#define NS_PER_MS 1000000U

void follow_init(struct broker *broker)
{
    const struct broker_options *options = broker->options;
    struct follow *follow = &broker->follow;
    follow->role = options->follows ? ROLE_IS_FOLLOWS : options->waits ? ROLE_IS_LEADS : ROLE_IS_ALONE;
    followed_init(&follow->pages[0]);
    followed_init(&follow->pages[1]);
    consumer_rows_init(&follow->consumers);
    follow->look_ms = INT64_MIN;
    follow->fresh_ms = follow_monotonic_ms(broker); /* the store is still to be read */
}

void follow_done(struct follow *follow)
{
    followed_done(&follow->pages[0]);
    followed_done(&follow->pages[1]);
    consumer_rows_done(&follow->consumers);
    places_done(&follow->places);
}

void follow_move(struct broker *broker, enum role_event event)
{
    broker->follow.role = role_move(broker->follow.role, event);
    broker->beats = broker->follow.beats &&
                    (role_appends(broker->follow.role) || broker->follow.role == ROLE_IS_CATCHES_UP ||
                     broker->follow.role == ROLE_IS_GIVES);
    broker->beat_due = broker->beats && broker->beat_due;
    pace_tell_status(broker);
}

void follow_restored(struct broker *broker, uint64_t last_seq, bool beats)
{
    struct follow *follow = &broker->follow;
    follow->read_seq = last_seq;
    follow->beats = beats;
    broker->beats = broker->beat_due = beats && role_appends(follow->role);
    if (role_follows(follow->role))
        follow->written = core_checkpoint_begin(broker->core);
}

/* ---- errands ---- */

static bool has_room(const struct follow *follow)
{
    return follow->full < 2;
}

static enum lead_task next_task(const struct broker *broker)
{
    const struct follow *follow = &broker->follow;
    if (follow->role == ROLE_IS_GIVES)
        return LEAD_GIVE_UP;
    if (broker->phase != PHASE_SERVING)
        return LEAD_NOTHING;
    if (role_follows(follow->role) && has_room(follow) && clock_monotonic_ns(&broker->clock) >= follow->rests_until_ns)
        return LEAD_FOLLOW;
    if (follow->role == ROLE_IS_TAKES)
        return LEAD_TAKE;
    if (follow->role == ROLE_IS_LEADS)
        return (follow->places_due || placing_wants(&broker->placing)) && !follow->has_places ? LEAD_PLACES
                                                                                              : LEAD_NOTHING;
    return follow->role == ROLE_IS_CATCHES_UP && follow->read_seq < follow->end && has_room(follow) ? LEAD_READ
                                                                                                    : LEAD_NOTHING;
}

bool follow_fill(struct broker *broker, struct errand *errand)
{
    struct follow *follow = &broker->follow;
    const bool hurries = errand->read_count > 0 || errand->backup || broker->behind.hurried > 0 || follow->old ||
                         placing_has(&errand->placing) || placing_waits(broker);
    struct lead_errand *lead = &errand->lead;
    lead->task = next_task(broker);
    lead->page = &follow->pages[follow->fills];
    lead->after = follow->read_seq;
    lead->consumers = &follow->consumers;
    lead->places = &follow->places;
    lead->forget = follow_to_forget(follow);
    lead->wait_ms = hurries ? 0 : FOLLOW_WAIT_MS;
    lead->lead = follow->lead;
    follow->called = false;
    follow->old = follow->old && lead->task != LEAD_FOLLOW;
    if (lead->task == LEAD_PLACES)
        placing_begin(&broker->placing);
    if (lead->task == LEAD_GIVE_UP)
        snprintf(lead->to, sizeof lead->to, "%s", broker->handing.to);
    return lead->task != LEAD_NOTHING;
}

void follow_call_back(struct broker *broker)
{
    struct follow *follow = &broker->follow;
    const bool wanted = broker->peers.accounts.reads || broker->backup || broker->behind.hurried > 0 || follow->old ||
                        placing_waits(broker) || streams_want(&broker->streams) || broker->phase != PHASE_SERVING;
    if (!wanted || follow->called || broker->errand.lead.task != LEAD_FOLLOW || !broker->host->functions->poke)
        return;
    follow->called = true;
    broker->host->functions->poke(broker->host);
}

static void failed(struct broker *broker, int result, const char *cause)
{
    static const struct {
        int result, code;
        const char *words;
    } failures[] = {
        {JOURNAL_DAMAGED, BROKER_DAMAGED, "the store cannot be followed: coordd verify says where it is damaged"},
        {JOURNAL_DEMOTED, BROKER_NO_STORE,
         "another coordd has taken the store over: this one leads no more, and stops"},
        {JOURNAL_FAILED, BROKER_NO_STORE, "the store cannot be followed from where this broker is"},
        {JOURNAL_GAVE_WAY, BROKER_NO_STORE, "what was followed is gone: this broker is to begin anew"},
    };
    int code = BROKER_BUG;
    const char *words = "the journal and the broker disagree about what was read";
    if (role_appends(broker->follow.role) && result == JOURNAL_FAILED) {
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FAILED, LOG_FIELDS("cause", cause), "the store cannot be read");
        broker_fail(broker, BROKER_DISK);
        return;
    }
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].result == result) {
            code = failures[i].code;
            words = failures[i].words;
        }
    log_write(LOG_LEVEL_ERROR, LOG_LEAD, LOG_FIELDS("cause", cause), "%s", words);
    broker_fail(broker, code);
}

/* ---- what came of them ---- */

static void note_page(struct follow *follow)
{
    const struct followed *page = &follow->pages[follow->fills];
    if (page->count == 0)
        return;
    follow->read_seq = page->records[page->count - 1].seq;
    follow->fills = !follow->fills;
    follow->full++;
}

static void tell_change(const struct broker *broker, bool was_reached, const char *leader)
{
    const struct journal_lead *lead = &broker->follow.lead;
    const bool is_another = lead->reached && !text_equal(text_of(lead->leader), text_of(leader));
    char cause[JOURNAL_CAUSE];
    (void)stall_cause(broker, cause);
    if (was_reached != lead->reached)
        log_write(LOG_LEVEL_WARNING, LOG_LEAD, LOG_FIELDS(lead->reached ? NULL : "cause", cause),
                  lead->reached ? "the store is reached again" : "the store is not reached: what is known grows old");
    if (is_another && lead->leader[0])
        log_write(LOG_LEVEL_INFO, LOG_LEAD, LOG_FIELDS("leader", lead->leader, "endpoint", lead->endpoint),
                  "another leads");
    if (is_another || was_reached != lead->reached)
        pace_tell_status(broker);
}

static void rest(struct broker *broker)
{
    broker->follow.rests_until_ns = clock_monotonic_ns(&broker->clock) + FOLLOW_REST_MS * NS_PER_MS;
}

/* What the leader's checkpoints have is not to be written again by who leads next: two sets of what changed take turns. One that is seen
 * may yet be lost, as the newest record may; it is there for good once the leader has gone on after it. */
static void note_checkpoint(struct broker *broker, uint64_t stands)
{
    struct follow *follow = &broker->follow;
    if (stands != follow->seen) {
        follow->seen = stands;
        follow->seen_at = follow->lead.seq;
    } else if (stands >= follow->written && follow->lead.seq > follow->seen_at) {
        core_checkpoint_written(broker->core);
        follow->written = core_checkpoint_begin(broker->core);
    }
}

static void looked(struct broker *broker, const struct errand *errand)
{
    struct follow *follow = &broker->follow;
    const struct journal_lead before = follow->lead;
    follow->lead = errand->lead.lead;
    note_page(follow);
    follow_note_look(broker);
    if (follow->lead.reached) {
        placing_note_head(&broker->placing, follow->lead.seq);
        streams_follow(&broker->streams, look_trusted_ms(broker), broker->streams.durable, follow->lead.safe);
    }
    note_checkpoint(broker, errand->lead.checkpoint);
    tell_change(broker, before.reached || before.asked_ms == 0, before.leader);
    if (!follow->lead.reached) {
        rest(broker);
        return;
    }
    if (broker->phase != PHASE_SERVING)
        return;
    if (follow->role == ROLE_IS_OFFERS && follow->lead.leader[0] && !follow->lead.free)
        follow_move(broker, ROLE_SUCCEEDED);
    else if (follow->lead.free && (follow->role == ROLE_IS_FOLLOWS || handing_lapsed(broker)))
        follow_move(broker, ROLE_FREE);
}

/* It leads from here on: as after a start, what fell due while nobody did was missed. All that was followed is on disk, and streams need
 * wait for none of it. */
static void begin_to_lead(struct broker *broker)
{
    struct follow *follow = &broker->follow;
    char seq[24];
    broker->checkpoint = (struct checkpoint){.stands = follow->checkpoint};
    broker->quiet_durable = broker->streams.durable;
    streams_follow(&broker->streams, look_trusted_ms(broker), broker->streams.durable, UINT64_MAX);
    follow_move(broker, ROLE_CAUGHT_UP);
    if (!follow->has_places)
        placing_end(&broker->placing);
    snprintf(seq, sizeof seq, "%llu", (unsigned long long)broker->streams.durable);
    log_write(LOG_LEVEL_INFO, LOG_LEAD, LOG_FIELDS("seq", seq), "leads from here on");
    look_begin(broker);
    pace_tell_status(broker);
}

void follow_catch_up(struct broker *broker)
{
    const struct follow *follow = &broker->follow;
    if (follow->role == ROLE_IS_CATCHES_UP && broker->streams.durable == follow->end &&
        follow->consumers.taken == follow->consumers.count)
        begin_to_lead(broker);
}

static void took(struct broker *broker, const struct errand *errand)
{
    struct follow *follow = &broker->follow;
    if (!errand->lead.taken) {
        rest(broker);
        follow_move(broker, ROLE_MISSED);
        return;
    }
    follow->end = errand->lead.last_seq;
    follow->checkpoint = errand->lead.checkpoint;
    broker->led_ns = broker->errand_ns;
    core_consumers_forget(broker->core);
    placing_take(&broker->placing);
    follow->lead.epoch = errand->lead.lead.epoch;
    follow->has_places = follow->places.count > 0;
    follow_move(broker, ROLE_TAKEN);
    follow_catch_up(broker);
}

/* What was seen before it led says nothing any more; and since the lead was given up, another may have appended for long. */
static void gave(struct broker *broker)
{
    struct follow *follow = &broker->follow;
    broker->handing.given_ns = clock_monotonic_ns(&broker->clock);
    follow->lead = (struct journal_lead){.reached = true, .safe = broker->streams.durable};
    broker->confirm_ns = 0;
    broker->confirm_again = false;
    placing_forget(&broker->placing);
    follow->read_seq = broker->streams.durable;
    /* Since it was given up another may have appended for long. */
    follow->fresh_ms = (int64_t)(broker->led_ns / NS_PER_MS);
    follow->look_ms = INT64_MIN;
    follow->written = core_checkpoint_begin(broker->core);
    follow_move(broker, ROLE_GIVEN);
}

void follow_finished(struct broker *broker, struct errand *errand)
{
    const enum lead_task task = errand->lead.task;
    errand->lead.task = LEAD_NOTHING;
    if (errand->lead.result != JOURNAL_OK) {
        failed(broker, errand->lead.result, errand->failure);
        return;
    }
    switch (task) {
    case LEAD_FOLLOW:
        looked(broker, errand);
        break;
    case LEAD_TAKE:
        took(broker, errand);
        break;
    case LEAD_READ:
        note_page(&broker->follow);
        break;
    case LEAD_PLACES:
        follow_looked_for_places(broker, errand);
        break;
    case LEAD_GIVE_UP:
        gave(broker);
        break;
    case LEAD_NOTHING:
        break;
    }
}

/* Who hears here hears of nothing that happens, and would not find out: another broker may know. */
static void close_streams(struct broker *broker)
{
    if (broker->streams.count == 0 || !follow_beside(broker).stale)
        return;
    log_write(LOG_LEVEL_WARNING, LOG_LEAD, LOG_NO_FIELDS, "nothing newer is heard of: streams are closed");
    streams_close_all(&broker->streams, ENDING_STOPPING);
}

void follow_second(struct broker *broker)
{
    broker->follow.places_due = broker->follow.role == ROLE_IS_LEADS;
    close_streams(broker);
}

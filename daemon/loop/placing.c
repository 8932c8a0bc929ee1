/* See placing.h. */
#include "loop/placing.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "loop/state.h"

#define TAKEN_AT_ONCE   256 /* of rows, or places: each some µs */
#define PLACING_REST_MS 100 /* until what could not be put is tried again */
#define NS_PER_MS       UINT64_C(1000000)

void placing_init(struct placing *placing)
{
    *placing = (struct placing){0};
    consumer_rows_init(&placing->rows);
    effects_init(&placing->unwritten);
}

static void put_free(struct placing_put *put)
{
    buffer_done(&put->reply);
    free(put);
}

void placing_forget(struct placing *placing)
{
    core_consumers_free(placing->next);
    placing->next = NULL;
    consumer_rows_done(&placing->rows);
    places_done(&placing->places);
    placing->was_read = placing->is_bounded = false;
    if (placing->known < placing->begun) /* one that came to nothing */
        placing_want(placing);
}

void placing_done(struct placing *placing)
{
    while (placing->first) {
        struct placing_put *put = placing->first;
        placing->first = put->next;
        put_free(put);
    }
    placing_forget(placing);
    effects_done(&placing->unwritten);
}

/* ---- keeping ---- */

static void place_put(struct placing *placing, uint32_t agency, struct text consumer, const struct core_place *at)
{
    struct placing_put *put = xcalloc(1, sizeof *put);
    put->place = (struct place){.agency = agency, .at = *at};
    snprintf(put->place.consumer, sizeof put->place.consumer, "%.*s", TEXT_ARGS(consumer));
    put->reply = (struct buffer)XMEMORY;
    if (placing->last)
        placing->last->next = put;
    else
        placing->first = put;
    placing->last = put;
    placing->count++;
}

int placing_keep(struct broker *broker, uint32_t agency, uint32_t key, struct text consumer, uint64_t seq)
{
    struct placing *placing = &broker->placing;
    if (placing->count >= PLACING_MAX)
        return COORD_E_BEHIND;
    effects_clear(&placing->unwritten);
    const int error = core_consumer_keep(broker->core, agency, key, consumer, seq, &placing->unwritten);
    if (error == 0)
        place_put(placing, agency, consumer, &(struct core_place){.key = key, .seq = seq});
    return error;
}

int placing_make(struct broker *broker, uint32_t agency, uint32_t key, struct text consumer, uint64_t seq)
{
    struct placing *placing = &broker->placing;
    struct core_place at = {.key = key, .seq = seq, .made = true};
    if (placing->count >= PLACING_MAX)
        return COORD_E_BEHIND;
    effects_clear(&placing->unwritten);
    const int error = core_consumer_make(broker->core, agency, key, consumer, seq, &placing->unwritten);
    (void)core_consumer_stands(broker->core, agency, consumer, &at);
    if (error == 0)
        place_put(placing, agency, consumer, &at);
    return error;
}

const void *placing_answer(struct broker *broker, uint64_t peer, const void *frame, size_t size)
{
    struct placing_put *put = broker->placing.last;
    put->peer = peer;
    buffer_append(&put->reply, frame, size);
    return put;
}

static void put_answered(struct broker *broker, struct placing_put *put)
{
    struct peer *peer = peers_find(&broker->peers, put->peer);
    if (put->reply.size > 0)
        reply_frame(broker, put->peer, put->reply.data, put->reply.size, 1);
    if (peer && peer->stream && peer->stream->opens_with == put)
        stream_begin(&broker->streams, peer->stream);
    put_free(put);
}

/* ---- looking up ---- */

uint64_t placing_want(struct placing *placing)
{
    placing->wanted = placing->begun + 1;
    return placing->wanted;
}

bool placing_knows(const struct placing *placing, uint64_t look)
{
    return look == 0 || (look <= placing->known && !placing->is_partial);
}

bool placing_wants(const struct placing *placing)
{
    return placing->wanted > placing->begun;
}

void placing_begin(struct placing *placing)
{
    placing->begun = placing->wanted;
}

void placing_end(struct placing *placing)
{
    placing->known = placing->begun;
    placing->is_partial = false;
}

void placing_take(struct placing *placing)
{
    placing_forget(placing);
    placing_begin(placing);
    placing->is_partial = true;
}

bool placing_wants_head(const struct placing *placing)
{
    return placing->was_read && !placing->is_bounded;
}

void placing_note_head(struct placing *placing, uint64_t seq)
{
    if (!placing_wants_head(placing))
        return;
    placing->bound = seq;
    placing->is_bounded = true;
}

static bool wants_look(const struct broker *broker)
{
    const struct placing *placing = &broker->placing;
    return role_follows(broker->follow.role) && placing_wants(placing) && !placing->was_read;
}

/* ---- errands ---- */

static bool is_reached(const struct broker *broker)
{
    return !role_follows(broker->follow.role) || broker->follow.lead.reached;
}

static bool may_put(const struct broker *broker)
{
    return is_reached(broker) && clock_monotonic_ns(&broker->clock) >= broker->placing.rests_until_ns;
}

bool placing_waits(const struct broker *broker)
{
    return may_put(broker) && (broker->placing.first || wants_look(broker) || placing_wants_head(&broker->placing));
}

/* Of a store that is not reached, or takes none, they would be owed for ever. */
bool placing_owes(const struct broker *broker)
{
    return may_put(broker) && broker->placing.first;
}

bool placing_has(const struct placing_errand *errand)
{
    return errand->count > 0 || errand->looks;
}

bool placing_fill(struct broker *broker, struct errand *errand)
{
    struct placing *placing = &broker->placing;
    struct placing_errand *part = &errand->placing;
    if (!may_put(broker))
        return false;
    for (struct placing_put *put = placing->first; put && part->count < PLACING_PUTS; put = put->next)
        part->puts[part->count++] = put;
    /* After what was said before it: so an answer is never followed by an older place. */
    part->looks = part->count < PLACING_PUTS && wants_look(broker);
    part->places = &placing->places;
    part->rows = &placing->rows;
    if (part->looks)
        placing_begin(placing);
    return placing_has(part);
}

void placing_do(struct placing_errand *errand, struct journal *journal)
{
    struct journal_place places[PLACING_PUTS];
    for (unsigned i = 0; i < errand->count; i++) {
        const struct place *place = &errand->puts[i]->place;
        places[i] = (struct journal_place){.agency = place->agency,
                                           .key = place->at.key,
                                           .consumer = place->consumer,
                                           .seq = place->at.seq,
                                           .made = place->at.made};
    }
    errand->put = true;
    if (errand->count > 0)
        errand->result = journal_places_put(journal, places, errand->count, &errand->put);
    if (errand->result == JOURNAL_OK && errand->put && errand->looks)
        errand->result = places_read(errand->places, journal);
    if (errand->result == JOURNAL_OK && errand->put && errand->looks)
        errand->result = consumer_rows_read(errand->rows, journal);
}

/* Not at once again: a server that has no room says so in no time. */
static void put_again(struct broker *broker, const struct placing_errand *errand)
{
    struct placing *placing = &broker->placing;
    placing->rests_until_ns = clock_monotonic_ns(&broker->clock) + PLACING_REST_MS * NS_PER_MS;
    if (errand->looks)
        (void)placing_want(placing);
}

void placing_finished(struct broker *broker, struct errand *errand)
{
    struct placing *placing = &broker->placing;
    if (!placing_has(&errand->placing))
        return;
    if (!errand->placing.put) {
        put_again(broker, &errand->placing);
        return;
    }
    for (unsigned i = 0; i < errand->placing.count; i++) {
        struct placing_put *put = placing->first;
        placing->first = put->next;
        if (!placing->first)
            placing->last = NULL;
        placing->count--;
        put_answered(broker, put);
    }
    placing->was_read = placing->was_read || errand->placing.looks;
}

/* ---- giving the core what was read ---- */

bool placing_pending(const struct broker *broker)
{
    const struct placing *placing = &broker->placing;
    return role_follows(broker->follow.role) && placing->was_read && placing->is_bounded &&
           broker->streams.durable >= placing->bound;
}

/* false when a row cannot be read. */
static bool take_rows(struct broker *broker, struct consumer_rows *rows)
{
    struct problem problem = {0};
    for (size_t i = 0; i < TAKEN_AT_ONCE && rows->taken < rows->count; i++, rows->taken++)
        if (core_consumers_take(broker->core, &rows->rows[rows->taken], &problem) != 0) {
            log_error("the place of a consumer cannot be read: %s", problem.message);
            return false;
        }
    return true;
}

static void take_places(struct broker *broker, struct places *places)
{
    struct effects *effects = &broker->placing.unwritten;
    effects_clear(effects);
    for (size_t i = 0; i < TAKEN_AT_ONCE && places->taken < places->count; i++, places->taken++) {
        const struct place *place = &places->items[places->taken];
        (void)core_consumers_fold(broker->core, place->agency, text_of(place->consumer), &place->at, effects);
    }
}

void placing_work(struct broker *broker)
{
    struct placing *placing = &broker->placing;
    if (!placing->next)
        placing->next = core_consumers_new();
    core_consumers_swap(broker->core, placing->next);
    const bool sound = take_rows(broker, &placing->rows);
    if (placing->rows.taken == placing->rows.count)
        take_places(broker, &placing->places);
    const bool whole = placing->rows.taken == placing->rows.count && placing->places.taken == placing->places.count;
    if (whole) {
        placing_end(placing);
        placing_forget(placing);
    } else {
        core_consumers_swap(broker->core, placing->next);
    }
    if (!sound)
        broker_fail(broker, BROKER_DAMAGED);
}

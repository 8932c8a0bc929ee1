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
    puts_done(&placing->puts);
    placing_forget(placing);
    effects_done(&placing->unwritten);
}

/* ---- keeping ---- */

/* A key that may only read moves a place as long as none that may act has taken the name, which others may know before this broker: it is
 * looked up once in a second while such a one says something. */
static void look_for_keeper(struct broker *broker, uint32_t key)
{
    struct placing *placing = &broker->placing;
    if (placing->looked_second > broker->second_count || !core_key_only_reads(broker->core, key))
        return;
    placing->looked_second = broker->second_count + 1;
    (void)placing_want(placing);
}

static void place_put(struct broker *broker, uint32_t asker, const struct place *place, struct put **put)
{
    struct put *with = puts_add(&broker->placing.puts, asker, place);
    if (!*put || with->number > (*put)->number)
        *put = with;
}

int placing_keep(struct broker *broker, uint32_t asker, const struct place *place, struct put **put)
{
    struct placing *placing = &broker->placing;
    if (!puts_have_room(&placing->puts, asker))
        return COORD_E_BEHIND;
    effects_clear(&placing->unwritten);
    const int error = core_consumer_keep(broker->core, place->agency, place->at.key, text_of(place->consumer),
                                         place->at.seq, &placing->unwritten);
    if (error)
        return error;
    look_for_keeper(broker, place->at.key);
    place_put(broker, asker, place, put);
    return 0;
}

int placing_make(struct broker *broker, uint32_t asker, const struct place *place, struct put **put)
{
    struct placing *placing = &broker->placing;
    const struct text consumer = text_of(place->consumer);
    struct place stands = *place;
    if (!puts_have_room(&placing->puts, asker))
        return COORD_E_BEHIND;
    effects_clear(&placing->unwritten);
    const int error = core_consumer_make(broker->core, place->agency, place->at.key, consumer, place->at.seq,
                                         &placing->unwritten);
    if (error)
        return error;
    (void)core_consumer_stands(broker->core, place->agency, consumer, &stands.at);
    place_put(broker, asker, &stands, put);
    return 0;
}

uint64_t placing_said(const struct broker *broker, uint32_t asker, uint32_t agency, struct text consumer, uint64_t seq)
{
    const uint64_t said = puts_furthest(&broker->placing.puts, asker, agency, consumer);
    return said > seq ? said : seq;
}

/* How far a stream's consumer has said to be, where that was put for this broker. */
static void note_said(struct stream *stream, const struct place *place)
{
    const struct text consumer = {stream->consumer.name, stream->consumer_size};
    if (stream->agency == place->agency && text_equal(consumer, text_of(place->consumer)) &&
        place->at.seq > stream->said)
        stream->said = place->at.seq;
}

static void put_answered(struct broker *broker, struct put *put)
{
    for (const struct put_answer *answer = put->first; answer; answer = answer->next) {
        struct peer *peer = peers_find(&broker->peers, answer->peer);
        reply_frame(broker, answer->peer, answer->frame, answer->size, 1);
        if (peer && peer->stream && answer->says)
            note_said(peer->stream, &put->place);
        if (peer && peer->stream && peer->stream->opens_with == put)
            stream_begin(&broker->streams, peer->stream);
    }
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
    return may_put(broker) &&
           (broker->placing.puts.count > 0 || wants_look(broker) || placing_wants_head(&broker->placing));
}

/* Of a store that is not reached, or takes none, they would be owed for ever. */
bool placing_owes(const struct broker *broker)
{
    return may_put(broker) && broker->placing.puts.count > 0;
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
    part->count = puts_take(&placing->puts, part->puts, PLACING_PUTS);
    /* After what is put: so an answer is never followed by an older place. */
    part->looks = wants_look(broker);
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
    puts_wait_again(&placing->puts);
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
    for (unsigned i = 0; i < errand->placing.count; i++)
        put_answered(broker, puts_take_out(&placing->puts, errand->placing.puts[i]));
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
        (void)core_consumers_fold(broker->core, place->agency, text_of(place->consumer), &place->at,
                                  look_trusted_ms(broker), effects);
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

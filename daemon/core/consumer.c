/* Durable consumers: how far each has dealt with its notifications. A place is of no record; it is kept as a row. */
#include "core/consumer.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/place.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/effects.h"
#include "core/row.h"

bool core_key_only_reads(const struct core *core, uint32_t key)
{
    return key != NONE && !(core->keys[key].message->rights & (TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_ADMINISTER)));
}

/* The agency's own, or with `reads` that of a successor's key that may only read. */
static struct consumer *find(const struct core *core, uint32_t agency, struct text name, bool reads, uint32_t *number)
{
    uint32_t probe = MAP_BEGIN;
    const uint64_t index = digest_index((uint64_t)agency + 1, name);
    while (map_next(&core->consumer_index, index, &probe, number)) {
        struct consumer *consumer = &core->consumers[*number];
        if (consumer->agency == agency && consumer->reads == reads && text_equal(consumer->name, name))
            return consumer;
    }
    return NULL;
}

bool core_consumer_stands(const struct core *core, uint32_t agency, struct text name, struct core_place *place)
{
    uint32_t number;
    const struct consumer *consumer = find(core, agency, name, false, &number);
    if (consumer)
        *place = (struct core_place){.key = consumer->key, .seq = consumer->seq, .made = consumer->made};
    return consumer != NULL;
}

bool core_consumer_place(const struct core *core, uint32_t agency, struct text name, uint64_t *seq)
{
    struct core_place place;
    const bool stands = core_consumer_stands(core, agency, name, &place);
    if (stands)
        *seq = place.seq;
    return stands;
}

/* The furthest place of each agency's own; 0 where there is none. */
static uint64_t *furthest_places(const struct core *core)
{
    uint64_t *furthest = xcalloc(core->agency_count, sizeof *furthest);
    for (uint32_t i = 0; i < core->consumer_count; i++) {
        const struct consumer *consumer = &core->consumers[i];
        if (consumer->name.size > 0 && !consumer->reads && consumer->seq > furthest[consumer->agency])
            furthest[consumer->agency] = consumer->seq;
    }
    return furthest;
}

struct core_left *core_consumer_left(const struct core *core, uint32_t agency, uint32_t key, struct text name,
                                     int64_t now_ms, uint32_t *count)
{
    uint32_t gone_count, number;
    uint32_t *gone = agency_predecessors(core, agency, now_ms, &gone_count);
    *count = 0;
    if (gone_count == 0)
        return NULL;
    uint64_t *furthest = furthest_places(core);
    struct core_left *left = xcalloc(gone_count, sizeof *left);
    for (uint32_t i = 0; i < gone_count; i++) {
        const struct consumer *own = find(core, gone[i], name, false, &number);
        const struct consumer *reader = core_key_only_reads(core, key) ? find(core, gone[i], name, true, &number)
                                                                       : NULL;
        const uint64_t seq = own ? own->seq : furthest[gone[i]], read = reader ? reader->seq : 0;
        if (own || seq || reader)
            left[(*count)++] = (struct core_left){gone[i], seq > read ? seq : read};
    }
    free(furthest);
    free(gone);
    return left;
}

uint32_t core_consumer_count(const struct core *core, uint32_t agency)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < core->consumer_count; i++)
        count += core->consumers[i].agency == agency && core->consumers[i].name.size > 0;
    return count;
}

uint32_t *core_consumer_counts(const struct core *core)
{
    uint32_t *counts = xcalloc(core->agency_count + 1, sizeof *counts);
    for (uint32_t i = 0; i < core->consumer_count; i++)
        counts[core->consumers[i].agency] += core->consumers[i].name.size > 0;
    return counts;
}

/* Places that were not given stay empty: rows may come in any order. */
static void make_room(struct core *core, uint32_t number)
{
    if (number < core->consumer_count)
        return;
    core->consumers = xgrow(core->consumers, number, &core->consumer_capacity, sizeof(struct consumer));
    memset(core->consumers + core->consumer_count, 0, (number + 1 - core->consumer_count) * sizeof(struct consumer));
    core->consumer_count = number + 1;
}

static void put(struct core *core, uint32_t number, const struct consumer *consumer)
{
    make_room(core, number);
    char *copy = xmalloc(consumer->name.size);
    memcpy(copy, consumer->name.data, consumer->name.size);
    core->consumers[number] = *consumer;
    core->consumers[number].name.data = copy;
    map_add(&core->consumer_index, digest_index((uint64_t)consumer->agency + 1, consumer->name), number);
}

static void drop(struct core *core, uint32_t number)
{
    struct consumer *consumer = &core->consumers[number];
    map_remove(&core->consumer_index, digest_index((uint64_t)consumer->agency + 1, consumer->name), number);
    free((char *)(uintptr_t)consumer->name.data);
    *consumer = (struct consumer){0};
}

/* ---- whose they are ---- */

/* The key that a consumer is kept for; NONE when it is gone, or never was known. */
static uint32_t keeper(const struct core *core, const struct consumer *consumer)
{
    const bool known = consumer->key < core->key_count && core->keys[consumer->key].message &&
                       (consumer->reads || core->keys[consumer->key].agency == consumer->agency);
    return known && !MSG_HAS(core->keys[consumer->key].message, key, revoked) ? consumer->key : NONE;
}

int core_consumer_may(const struct core *core, uint32_t agency, uint32_t key, struct text name, int64_t now_ms,
                      struct problem *problem)
{
    uint32_t number;
    const struct consumer *consumer = find(core, agency, name, false, &number);
    const uint32_t kept_for = consumer ? keeper(core, consumer) : NONE;
    if (kept_for == NONE || kept_for == key || !core_key_only_reads(core, key))
        return 0;
    const struct msg_key *message = core->keys[kept_for].message;
    if (MSG_HAS(message, key, valid_until) && now_ms >= message->valid_until)
        return 0;
    return problem_set(
        problem, COORD_E_NOT_AUTHORISED, "consumer",
        "The place of `%.*s` is kept for the key \"%.*s\", and a key that may only read moves none but its "
        "own; subscribe by another name.",
        TEXT_ARGS(name), TEXT_ARGS(message->label));
}

/* Where a new consumer goes: at the end, or, when the agency has as many as it may, or a key that only reads has, in the
 * place of the one of theirs that is furthest behind. NONE when there is neither room nor such a one. Walks over all: at most
 * 65,536 × 40 bytes, 0.1 ms, and once in the life of a name. */
static uint32_t place_for(const struct core *core, uint32_t agency, uint32_t key, bool reads)
{
    const bool reader = core_key_only_reads(core, key);
    uint32_t all = 0, own = 0, last = NONE, last_own = NONE;
    for (uint32_t i = 0; i < core->consumer_count; i++) {
        const struct consumer *consumer = &core->consumers[i];
        if (consumer->agency != agency || consumer->name.size == 0 || consumer->reads != reads)
            continue;
        const bool is_own = key != NONE && consumer->key == key;
        all++;
        own += is_own;
        if ((!reader || is_own || keeper(core, consumer) == NONE) &&
            (last == NONE || consumer->seq < core->consumers[last].seq))
            last = i;
        if (is_own && (last_own == NONE || consumer->seq < core->consumers[last_own].seq))
            last_own = i;
    }
    if (reader && own >= CORE_CONSUMERS_READER)
        return last_own;
    if (all >= core->consumers_each)
        return last;
    return core->consumer_count < CORE_CONSUMERS_MAX ? core->consumer_count : last;
}

/* ---- keeping them ---- */

static struct effect_span encode(const struct consumer *consumer, struct effects *effects)
{
    struct msg_consumer_row row = {0};
    MSG_SET(&row, consumer_row, agency, consumer->agency);
    MSG_SET(&row, consumer_row, consumer, consumer->name);
    MSG_SET(&row, consumer_row, seq, consumer->seq);
    if (consumer->key != NONE)
        MSG_SET(&row, consumer_row, key, consumer->key);
    if (consumer->reads)
        MSG_SET(&row, consumer_row, reads, true);
    if (consumer->made)
        MSG_SET(&row, consumer_row, made, true);
    return effects_message(effects, "row", (struct text){0}, &message_consumer_row, &row);
}

/* What nobody is left for is anyone's; whoever acts for the agency takes it from a key that may only read, for good. */
static bool takes_over(const struct core *core, const struct consumer *consumer, uint32_t key)
{
    const uint32_t kept_for = keeper(core, consumer);
    return key != NONE && key != kept_for &&
           (kept_for == NONE || (core_key_only_reads(core, kept_for) && !core_key_only_reads(core, key)));
}

static int keep(struct core *core, uint32_t agency, uint32_t key, struct text name, uint64_t seq, bool made,
                struct effects *effects)
{
    uint32_t number;
    const bool is_left = key != NONE && core->keys[key].agency != agency,
               reads = is_left && core_key_only_reads(core, key);
    struct consumer *consumer = find(core, agency, name, reads, &number);
    if (is_left && !reads)
        key = NONE;
    effects->bytes.exhausted = xalloc_failed;
    const bool is_taken = consumer && takes_over(core, consumer, key);
    const bool moves = consumer && place_goes_before(seq, made, consumer->seq, consumer->made);
    if (consumer && !moves && !is_taken)
        return 0;
    if (!consumer) {
        number = place_for(core, agency, key, reads);
        if (number == NONE)
            return COORD_E_CAPACITY;
        if (number < core->consumer_count)
            drop(core, number);
        put(core, number, &(struct consumer){agency, key, reads, made, name, seq});
    } else if (is_taken) {
        consumer->key = key;
    }
    if (moves) {
        consumer->seq = seq;
        consumer->made = made;
    }
    struct effect_span body = encode(&core->consumers[number], effects);
    struct effect *effect = effects_add(effects, EFFECT_ROW);
    effect->row.key = ROW_KEY(ROW_CONSUMER, number);
    effect->row.seq = core->consumers[number].seq;
    effect->row.body = body;
    return 0;
}

int core_consumer_keep(struct core *core, uint32_t agency, uint32_t key, struct text name, uint64_t seq,
                       struct effects *effects)
{
    return keep(core, agency, key, name, seq, false, effects);
}

int core_consumer_make(struct core *core, uint32_t agency, uint32_t key, struct text name, uint64_t seq,
                       struct effects *effects)
{
    uint32_t number;
    return find(core, agency, name, false, &number) ? 0 : keep(core, agency, key, name, seq, true, effects);
}

bool consumer_restore(struct core *core, uint64_t number, const struct consumer *consumer)
{
    if (number >= CORE_CONSUMERS_MAX || (number < core->consumer_count && core->consumers[number].name.size > 0))
        return false;
    put(core, (uint32_t)number, consumer);
    return true;
}

/* From a key that may only read. What such a one has dealt with, whoever acts has not: and what is said of it elsewhere, before it
 * is known there that the name is taken over, comes before that or after. */
static void take_over(struct core *core, uint32_t agency, uint32_t key, struct text name, uint64_t seq)
{
    uint32_t number;
    struct consumer *consumer = find(core, agency, name, false, &number);
    if (consumer && keeper(core, consumer) != NONE && takes_over(core, consumer, key))
        consumer->seq = seq;
}

int core_consumers_fold(struct core *core, uint32_t agency, struct text name, const struct core_place *place,
                        int64_t now_ms, struct effects *effects)
{
    struct problem problem;
    if (agency >= core->agency_count || (place->key != NONE && place->key >= core->key_count) || name.size == 0)
        return 0;
    if (place->key != NONE && core->keys[place->key].agency == agency) {
        const int error = core_consumer_may(core, agency, place->key, name, now_ms, &problem);
        if (error)
            return error;
        if (!place->made)
            take_over(core, agency, place->key, name, place->seq);
    }
    return keep(core, agency, place->key, name, place->seq, place->made, effects);
}

/* ---- following ---- */

struct core_consumers {
    struct consumer *items;
    size_t capacity;
    uint32_t count;
    struct map index;
};

static struct core_consumers consumers_of(const struct core *core)
{
    return (struct core_consumers){core->consumers, core->consumer_capacity, core->consumer_count,
                                   core->consumer_index};
}

static void drop_all(struct core_consumers *consumers)
{
    for (uint32_t i = 0; i < consumers->count; i++)
        free((char *)(uintptr_t)consumers->items[i].name.data);
    free(consumers->items);
    map_done(&consumers->index);
    *consumers = (struct core_consumers){0};
}

struct core_consumers *core_consumers_new(void)
{
    return xcalloc(1, sizeof(struct core_consumers));
}

void core_consumers_free(struct core_consumers *consumers)
{
    if (consumers)
        drop_all(consumers);
    free(consumers);
}

void core_consumers_swap(struct core *core, struct core_consumers *consumers)
{
    const struct core_consumers had = consumers_of(core);
    core->consumers = consumers->items;
    core->consumer_capacity = consumers->capacity;
    core->consumer_count = consumers->count;
    core->consumer_index = consumers->index;
    *consumers = had;
}

void core_consumers_forget(struct core *core)
{
    struct core_consumers none = {0};
    core_consumers_swap(core, &none);
    drop_all(&none);
}

void consumer_free(struct core *core)
{
    struct core_consumers all = consumers_of(core);
    drop_all(&all);
}

/* Giving the state away, row by row, while it goes on changing.
 *
 * A checkpoint fixes at its beginning which objects it has to give; each is given as it is when its turn comes. What
 * changes after the beginning is marked anew, for the next one. The counters' row comes last and says what they were at
 * the beginning: once it is there, so is every row that had seen the records before.
 */
#include "core/checkpoint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/digest.h"
#include "base/xalloc.h"
#include "core/document.h"
#include "core/hot_spot.h"
#include "core/recount_places.h"
#include "core/row.h"
#include "core/schedule.h"
#include "core/scratch.h"
#include "core/seen.h"
#include "core/task_row.h"

#define KINDS (ROW_SCHEDULE + 1)

struct checkpoint {
    struct bits pending[KINDS]; /* by kind: what is still to be given */
    struct bits nothing;        /* of a kind that no checkpoint gives */
    uint64_t from[KINDS];       /* numbers before are given */
    bool core_pending;
    struct msg_core_row counters; /* at the beginning */
    uint8_t identity[16], ancestor[16];
    uint64_t recounts[2 * CORE_CALENDARS_MAX], changed[CORE_CALENDARS_MAX];
    struct msg_store_settings *settings; /* a copy */
    struct msg_hot_spots_row *hot_spots; /* the same */
    struct buffer remembered;
};

struct checkpoint *checkpoint_new(void)
{
    struct checkpoint *checkpoint = xcalloc(1, sizeof *checkpoint);
    checkpoint->remembered.exhausted = xalloc_failed;
    return checkpoint;
}

void checkpoint_free(struct checkpoint *checkpoint)
{
    for (int kind = 0; checkpoint && kind < KINDS; kind++)
        bits_done(&checkpoint->pending[kind]);
    if (checkpoint) {
        free(checkpoint->settings);
        free(checkpoint->hot_spots);
        buffer_done(&checkpoint->remembered);
    }
    free(checkpoint);
}

/* ---- one row of each kind: false when there is no such object ---- */

static void encode(struct buffer *bytes, const struct message *message, const void *row)
{
    message_encode(bytes, "row", (struct text){0}, message, row);
}

/* What is remembered of each agency is counted in the buffer, and is the row's for as long. */
static struct msg_core_row counters(const struct core *core, struct buffer *remembered)
{
    struct msg_core_row row = {0};
    buffer_clear(remembered);
    seen_counts(core, remembered);
    MSG_SET(&row, core_row, remembered, (struct text){remembered->data, (uint32_t)remembered->size});
    MSG_SET(&row, core_row, seq, core->seq);
    MSG_SET(&row, core_row, time, core->time);
    MSG_SET(&row, core_row, identity, (struct text){(const char *)core->identity, sizeof core->identity});
    MSG_SET(&row, core_row, requests, core->request_count);
    if (core->parted > 0) {
        MSG_SET(&row, core_row, ancestor, (struct text){(const char *)core->ancestor, sizeof core->ancestor});
        MSG_SET(&row, core_row, parted, core->parted);
    }
    if (core->settings)
        MSG_SET(&row, core_row, settings, *core->settings);
    return row;
}

static bool give_agency(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq)
{
    struct arena *arena = &core->scratch->arena;
    struct msg_agency_row row = {0};
    if (number >= core->agency_count || !core->agencies[number])
        return false;
    const struct agency *agency = core->agencies[number];
    arena_clear(arena);
    struct msg_key *keys = arena_alloc(arena, (agency->key_count + 1) * sizeof *keys);
    uint64_t *numbers = arena_alloc(arena, (agency->key_count + 1) * sizeof *numbers);
    for (uint32_t i = 0; i < agency->key_count; i++) {
        keys[i] = *core->keys[agency->keys[i]].message;
        numbers[i] = agency->keys[i];
    }
    MSG_SET(&row, agency_row, agency, *agency->message);
    MSG_SET(&row, agency_row, keys, (struct msg_key_items){keys, agency->key_count});
    MSG_SET(&row, agency_row, numbers, (struct u64s){numbers, agency->key_count});
    if (agency->placed)
        MSG_SET(&row, agency_row, placed, agency->placed);
    encode(bytes, &message_agency_row, &row);
    *seq = agency->seq;
    return true;
}

static bool give_calendar(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq)
{
    if (number >= core->calendar_count || !core->calendars[number].calendar)
        return false;
    encode(bytes, &message_calendar, calendar_message(core->calendars[number].calendar));
    *seq = core->calendars[number].seq;
    return true;
}

static bool give_policy(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq)
{
    if (number >= core->policy_count || !core->policies[number].policy)
        return false;
    encode(bytes, &message_policy, policy_message(core->policies[number].policy));
    *seq = core->policies[number].seq;
    return true;
}

static bool give_schedule(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq)
{
    const struct schedule *schedule = schedule_at(core, number);
    if (!schedule)
        return false;
    encode(bytes, &message_schedule, schedule->message);
    *seq = schedule->seq;
    return true;
}

static bool give_requests(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq)
{
    struct msg_requests_row row = {0};
    struct seen_chunk chunk;
    struct buffer *entries = scratch_bytes(core);
    if (!seen_row(core, number, entries, &chunk))
        return false;
    MSG_SET(&row, requests_row, agency, chunk.agency);
    MSG_SET(&row, requests_row, first, chunk.first);
    MSG_SET(&row, requests_row, entries, (struct text){entries->data, (uint32_t)entries->size});
    encode(bytes, &message_requests_row, &row);
    *seq = chunk.seq;
    return true;
}

static bool give_task(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq)
{
    const struct task *task = core_task(core, number);
    if (!task)
        return false;
    arena_clear(&core->scratch->arena);
    struct msg_task_row row = task_row_give(core, task, &core->scratch->arena);
    encode(bytes, &message_task_row, &row);
    *seq = task->record;
    return true;
}

static bool give_document(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq)
{
    const struct document *document = document_at(core, (uint32_t)number);
    if (!document)
        return false;
    encode(bytes, &message_document, document->message);
    *seq = document->seq;
    return true;
}

/* What is given of each kind of object: how a row is made, what marks those that changed, and where their numbers end. */
struct giving {
    bool (*give)(struct core *core, uint64_t number, struct buffer *bytes, uint64_t *seq);
    struct bits *dirty;
    uint64_t end;
};

static struct giving giving_of(struct core *core, int kind)
{
    switch ((enum row_kind)kind) {
    case ROW_AGENCY:
        return (struct giving){give_agency, &core->dirty_agencies, core->agency_count};
    case ROW_CALENDAR:
        return (struct giving){give_calendar, &core->dirty_calendars, core->calendar_count};
    case ROW_POLICY:
        return (struct giving){give_policy, &core->dirty_policies, core->policy_count};
    case ROW_TASK:
        return (struct giving){give_task, &core->dirty_tasks, core->task_count + 1};
    case ROW_REQUESTS:
        return (struct giving){give_requests, &core->dirty_requests, seen_rows_end(core)};
    case ROW_DOCUMENT:
        return (struct giving){give_document, document_dirty(core), document_count(core)};
    case ROW_SCHEDULE:
        return (struct giving){give_schedule, &core->dirty_schedules, (uint64_t)core->schedule_count + 1};
    case ROW_CONSUMER: /* a consumer's place is written when it is kept */
        return (struct giving){NULL, &core->checkpoint->nothing, 0};
    case ROW_CORE: /* the counters: given by themselves */
        break;
    }
    return (struct giving){0}; /* nothing is given of this kind */
}

/* ---- the doors ---- */

/* What an unfinished checkpoint still had to give is this one's as well. */
static void take_over(struct bits *pending, struct bits *dirty)
{
    for (uint64_t number = bits_next(pending, 0); number != UINT64_MAX; number = bits_next(pending, number + 1))
        bits_add(dirty, number);
    bits_done(pending);
    *pending = *dirty;
    *dirty = (struct bits){0};
}

uint64_t core_checkpoint_begin(struct core *core)
{
    struct checkpoint *checkpoint = core->checkpoint;
    for (int kind = ROW_AGENCY; kind < KINDS; kind++) {
        if (giving_of(core, kind).dirty)
            take_over(&checkpoint->pending[kind], giving_of(core, kind).dirty);
        checkpoint->from[kind] = 0;
    }
    checkpoint->core_pending |= core->dirty_core;
    core->dirty_core = false;
    checkpoint->counters = counters(core, &checkpoint->remembered);
    memcpy(checkpoint->identity, core->identity, sizeof core->identity);
    checkpoint->counters.identity.data = (const char *)checkpoint->identity;
    memcpy(checkpoint->ancestor, core->ancestor, sizeof core->ancestor);
    checkpoint->counters.ancestor.data = (const char *)checkpoint->ancestor;
    /* Not of the digest, which is of what follows from the records alone. */
    const uint32_t places = recount_places(core, checkpoint->recounts, checkpoint->changed);
    if (places > 0) {
        MSG_SET(&checkpoint->counters, core_row, recounts, ((struct u64s){checkpoint->recounts, places}));
        MSG_SET(&checkpoint->counters, core_row, changed, ((struct u64s){checkpoint->changed, places / 2}));
    }
    free(checkpoint->settings);
    checkpoint->settings = core->settings ? copy_message(&message_store_settings, core->settings) : NULL;
    if (checkpoint->settings)
        checkpoint->counters.settings = *checkpoint->settings;
    free(checkpoint->hot_spots);
    checkpoint->hot_spots = hot_spots_row(core);
    if (checkpoint->hot_spots)
        MSG_SET(&checkpoint->counters, core_row, hot_spots, *checkpoint->hot_spots);
    return core->seq;
}

void core_checkpoint_written(struct core *core)
{
    struct checkpoint *checkpoint = core->checkpoint;
    for (int kind = ROW_AGENCY; kind < KINDS; kind++)
        bits_done(&checkpoint->pending[kind]);
    checkpoint->core_pending = false;
}

static bool next_of_kind(struct core *core, int kind, struct buffer *bytes, struct journal_row *row)
{
    struct bits *pending = &core->checkpoint->pending[kind];
    uint64_t *from = &core->checkpoint->from[kind];
    while (pending->count > 0) {
        uint64_t number = bits_next(pending, *from);
        assert(number != UINT64_MAX);
        bits_remove(pending, number);
        *from = number + 1;
        row->key = ROW_KEY(kind, number);
        if (giving_of(core, kind).give(core, number, bytes, &row->seq))
            return true;
    }
    return false;
}

bool core_checkpoint_next(struct core *core, struct buffer *bytes, struct journal_row *row)
{
    struct checkpoint *checkpoint = core->checkpoint;
    size_t before = bytes->size;
    bool given = false;
    bytes->exhausted = xalloc_failed;
    for (int kind = ROW_AGENCY; !given && kind < KINDS; kind++)
        given = next_of_kind(core, kind, bytes, row);
    if (!given && checkpoint->core_pending) {
        checkpoint->core_pending = false;
        encode(bytes, &message_core_row, &checkpoint->counters);
        row->key = ROW_KEY(ROW_CORE, 0);
        row->seq = checkpoint->counters.seq;
        given = true;
    }
    if (!given)
        return false;
    row->body = bytes->data + before;
    row->size = (uint32_t)(bytes->size - before);
    return true;
}

uint64_t core_checkpoint_dirty(const struct core *core)
{
    return core->dirty_agencies.count + core->dirty_calendars.count + core->dirty_policies.count +
           core->dirty_tasks.count + core->dirty_requests.count + core->dirty_schedules.count +
           document_dirty(core)->count + core->dirty_core;
}

/* ---- the digest of all that rows would say ---- */

static void digest_row(struct digest_256 *digest, uint64_t key, uint64_t seq, const struct buffer *bytes)
{
    uint8_t head[24];
    uint64_t numbers[3] = {key, seq, bytes->size};
    for (size_t i = 0; i < sizeof head; i++)
        head[i] = (uint8_t)(numbers[i / 8] >> (8 * (i % 8)));
    digest_256_add(digest, head, sizeof head);
    digest_256_add(digest, bytes->data, bytes->size);
}

void core_digest(struct core *core, uint8_t out[32])
{
    struct digest_256 *digest = digest_256_new();
    struct buffer bytes = {0};
    struct msg_core_row row = counters(core, scratch_bytes(core));
    struct msg_hot_spots_row *hot_spots = hot_spots_row(core);
    if (hot_spots)
        MSG_SET(&row, core_row, hot_spots, *hot_spots);
    encode(&bytes, &message_core_row, &row);
    free(hot_spots);
    digest_row(digest, ROW_KEY(ROW_CORE, 0), core->seq, &bytes);
    for (int kind = ROW_AGENCY; kind < KINDS; kind++) {
        const struct giving giving = giving_of(core, kind);
        for (uint64_t number = 0; number < giving.end; number++) {
            uint64_t seq;
            buffer_clear(&bytes);
            if (giving.give(core, number, &bytes, &seq))
                digest_row(digest, ROW_KEY(kind, number), seq, &bytes);
        }
    }
    buffer_done(&bytes);
    digest_256_end(digest, out);
}

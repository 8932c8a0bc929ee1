#include "core/reply.h"

#include <assert.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/record.h"

#define HISTORY_BYTES_MAX (512 * 1024) /* of records in one reply, so that it stays within a frame */

struct msg_changed reply_changed(const struct msg_record *record)
{
    struct msg_changed changed = {0};
    MSG_SET(&changed, changed, task, record->task);
    MSG_SET(&changed, changed, reference, record->reference);
    MSG_SET(&changed, changed, lead, record->lead);
    MSG_SET(&changed, changed, version, record->version);
    MSG_SET(&changed, changed, state, record->state);
    if (MSG_HAS(record, record, due))
        MSG_SET(&changed, changed, due, record->due);
    if (MSG_HAS(record, record, due_day))
        MSG_SET(&changed, changed, due_day, record->due_day);
    if (MSG_HAS(record, record, escalation))
        MSG_SET(&changed, changed, escalation, record->escalation);
    if (MSG_HAS(record, record, level))
        MSG_SET(&changed, changed, level, record->level);
    if (MSG_HAS(record, record, addressed))
        MSG_SET(&changed, changed, addressed, record->addressed);
    if (MSG_HAS(record, record, policy))
        MSG_SET(&changed, changed, policy, record->policy);
    if (MSG_HAS(record, record, day_off))
        MSG_SET(&changed, changed, day_off, true);
    if (MSG_HAS(record, record, measured))
        MSG_SET(&changed, changed, measured, record->measured);
    return changed;
}

static struct msg_change_reply change_reply(uint64_t seq, int64_t time_ms, const struct msg_changed *tasks,
                                            uint32_t count)
{
    struct msg_change_reply reply = {0};
    MSG_SET(&reply, change_reply, seq, seq);
    MSG_SET(&reply, change_reply, time, time_ms);
    if (count)
        MSG_SET(&reply, change_reply, tasks, (struct msg_changed_items){tasks, count});
    return reply;
}

void reply_changes(struct step *step, uint64_t seq, const struct msg_changed *tasks, uint32_t count)
{
    struct msg_change_reply reply = change_reply(seq, step->dry_run ? step->now_ms : step->core->time, tasks, count);
    if (step->dry_run)
        MSG_SET(&reply, change_reply, dry_run, true);
    step_reply(step, &message_change_reply, &reply);
}

/* ---- from what the journal gave ---- */

static struct msg_changed own(struct arena *arena, struct msg_changed changed)
{
    changed.reference = arena_copy(arena, changed.reference);
    changed.lead = arena_copy(arena, changed.lead);
    changed.due_day = arena_copy(arena, changed.due_day);
    changed.policy = arena_copy(arena, changed.policy);
    changed.measured.period = arena_copy(arena, changed.measured.period);
    struct text *addressed = arena_alloc(arena, (changed.addressed.count + 1) * sizeof *addressed);
    for (uint32_t i = 0; i < changed.addressed.count; i++)
        addressed[i] = arena_copy(arena, changed.addressed.items[i]);
    changed.addressed.items = addressed;
    return changed;
}

/* What a decoder cannot read here was written by this program and checked by the journal's hash: a bug. */
static void read_record(struct decoder *decoder, const struct journal_record *stored, struct msg_record *record)
{
    struct problem problem = {0};
    const int error = record_take(decoder, stored, record, &problem);
    assert(!error);
    (void)error;
}

static void encode_again(struct decoder *decoder, struct arena *arena, struct text id, const uint8_t digest[16],
                         const struct journal_record *records, size_t count, struct buffer *frame)
{
    struct msg_changed *tasks = arena_alloc(arena, (count + 1) * sizeof *tasks);
    uint32_t changed = 0;
    int64_t time_ms = 0;
    bool is_unchanged = false;
    for (size_t i = 0; i < count; i++) {
        struct msg_record record;
        read_record(decoder, &records[i], &record);
        if (i == 0 && (record.digest.size != 16 || memcmp(record.digest.data, digest, 16) != 0)) {
            struct problem problem = {0};
            problem_set(&problem, COORD_E_REQUEST_REUSED, "id",
                        "Record %llu holds another change of this id. Make a new id for each change; resend the same "
                        "bytes to ask again.",
                        (unsigned long long)record.seq);
            message_encode_problem(frame, id, &problem);
            return;
        }
        if (i == 0)
            time_ms = record.time;
        is_unchanged |= record.record == RECORD_UNCHANGED;
        if (MSG_HAS(&record, record, task))
            tasks[changed++] = own(arena, reply_changed(&record));
    }
    struct msg_change_reply reply = change_reply(is_unchanged ? 0 : records[0].seq, time_ms, tasks, changed);
    message_encode(frame, "reply", id, &message_change_reply, &reply);
}

void core_reply_again(struct text id, const uint8_t digest[16], const struct journal_record *records, size_t count,
                      struct buffer *frame)
{
    struct arena arena = XMEMORY;
    struct decoder *decoder = xdecoder_new();
    assert(count > 0);
    frame->exhausted = xalloc_failed;
    encode_again(decoder, &arena, id, digest, records, count, frame);
    arena_done(&arena);
    decoder_free(decoder);
}

/* One as it is told, in the arena unless it is so already. */
static struct text wire_of(struct decoder *decoder, struct arena *arena, const struct journal_record *stored)
{
    struct buffer frame = XMEMORY;
    struct problem problem = {0};
    if (!record_is_compact(stored))
        return (struct text){stored->body, stored->size};
    const int error = core_record_wire(decoder, stored, &frame, &problem);
    assert(!error);
    (void)error;
    const struct text wire = arena_copy(arena, (struct text){frame.data, (uint32_t)frame.size});
    buffer_done(&frame);
    return wire;
}

void core_reply_history(struct text id, const struct journal_record *records, size_t count, bool more,
                        struct buffer *frame)
{
    struct arena arena = XMEMORY;
    struct decoder *decoder = xdecoder_new();
    struct text *bodies = arena_alloc(&arena, (count + 1) * sizeof *bodies);
    size_t taken = 0, bytes = 0;
    for (; taken < count; taken++) {
        bodies[taken] = wire_of(decoder, &arena, &records[taken]);
        if (taken > 0 && bytes + bodies[taken].size > HISTORY_BYTES_MAX)
            break;
        bytes += bodies[taken].size;
    }
    struct msg_records_reply reply = {0};
    MSG_SET(&reply, records_reply, records, (coord_raws){bodies, (uint32_t)taken});
    if (taken > 0 && (more || taken < count))
        MSG_SET(&reply, records_reply, next, records[taken - 1].seq);
    frame->exhausted = xalloc_failed;
    message_encode(frame, "reply", id, &message_records_reply, &reply);
    arena_done(&arena);
    decoder_free(decoder);
}

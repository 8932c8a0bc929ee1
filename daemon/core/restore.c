/* Taking the state back: rows in any order, then records over them. Rows are checked as far as a row alone can be;
 * whether what they refer to is there shows at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/agency.h"
#include "core/apply.h"
#include "core/catalogue.h"
#include "core/cites.h"
#include "core/cold.h"
#include "core/consumer.h"
#include "core/deadline.h"
#include "core/document.h"
#include "core/given.h"
#include "core/holdings.h"
#include "core/hot_spot.h"
#include "core/pack.h"
#include "core/record.h"
#include "core/recount_places.h"
#include "core/row.h"
#include "core/row_read.h"
#include "core/schedule.h"
#include "core/scratch.h"
#include "core/seen.h"
#include "core/settings.h"
#include "core/target.h"
#include "core/task_data.h"
#include "core/task_row.h"

static int unfit(const struct journal_row *row, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, "", "Row %llu of kind %d does not fit the others.",
                       (unsigned long long)ROW_NUMBER(row->key), (int)ROW_KIND(row->key));
}

static int open_row(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct envelope envelope;
    const int error = decoder_open(core->scratch->stored, stored->body, stored->size, &envelope, problem);
    return error || text_equal(envelope.op, TEXT("row")) ? error : unfit(stored, problem);
}

/* Nearly all rows are as this program writes them; the decoder judges the others. */
static int read_row(struct core *core, const struct journal_row *stored, const struct message *message, void *row,
                    struct problem *problem)
{
    struct decoder *decoder = core->scratch->stored;
    arena_clear(decoder_arena(decoder));
    if (row_read(stored->body, stored->size, message, decoder_arena(decoder), row))
        return 0;
    const int error = open_row(core, stored, problem);
    return error ? error : decoder_read(decoder, message, row, problem);
}

static int restore_core(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_core_row row;
    int error = read_row(core, stored, &message_core_row, &row, problem);
    if (error)
        return error;
    core->seq = core->rows_seq = row.seq;
    core->time = row.time;
    core->request_count = row.requests;
    core->requests_reread = !MSG_HAS(&row, core_row, remembered) && row.requests > 0;
    if (!seen_restore_counts(core, row.remembered, row.seq))
        return unfit(stored, problem);
    recount_keep_places(core, &row.recounts, &row.changed);
    memcpy(core->identity, row.identity.data, sizeof core->identity);
    if (MSG_HAS(&row, core_row, ancestor) != MSG_HAS(&row, core_row, parted))
        return unfit(stored, problem);
    if (MSG_HAS(&row, core_row, parted)) {
        memcpy(core->ancestor, row.ancestor.data, sizeof core->ancestor);
        core->parted = row.parted;
    }
    if (MSG_HAS(&row, core_row, hot_spots) && !hot_spots_restore(core, &row.hot_spots))
        return unfit(stored, problem);
    settings_put(core, &row.settings); /* of a row without them, or of before there were any, it is empty */
    return 0;
}

static int restore_agency(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_agency_row row;
    int error = read_row(core, stored, &message_agency_row, &row, problem);
    if (error)
        return error;
    uint64_t number = ROW_NUMBER(stored->key);
    if (number >= CORE_AGENCIES_MAX || (number < core->agency_count && core->agencies[number]) ||
        row.numbers.count != row.keys.count)
        return unfit(stored, problem);
    struct agency *agency = agency_restore(core, (uint32_t)number, &row.agency);
    agency->seq = stored->seq;
    agency->placed = row.placed;
    for (uint32_t i = 0; i < row.keys.count; i++) {
        if (row.numbers.items[i] >= (uint64_t)CORE_AGENCIES_MAX * CORE_KEYS_MAX)
            return unfit(stored, problem);
        key_restore(core, (uint32_t)row.numbers.items[i], (uint32_t)number, &row.keys.items[i]);
    }
    return 0;
}

static int restore_calendar(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_calendar row;
    uint64_t number = ROW_NUMBER(stored->key);
    int error = read_row(core, stored, &message_calendar, &row, problem);
    if (error)
        return error;
    if (number >= CORE_CALENDARS_MAX)
        return unfit(stored, problem);
    struct calendar *calendar = calendar_new(&row, problem);
    if (!calendar)
        return problem->error;
    if (catalogue_restore_calendar(core, (uint32_t)number, calendar, stored->seq))
        return 0;
    calendar_free(calendar);
    return unfit(stored, problem);
}

static int restore_policy(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_policy row;
    uint64_t number = ROW_NUMBER(stored->key);
    int error = read_row(core, stored, &message_policy, &row, problem);
    if (error)
        return error;
    if (number >= CORE_POLICY_VERSIONS || !MSG_HAS(&row, policy, version))
        return unfit(stored, problem);
    struct policy *policy = policy_new(&row, problem);
    if (!policy)
        return problem->error;
    if (catalogue_restore_policy(core, (uint32_t)number, policy, stored->seq))
        return 0;
    policy_free(policy);
    return unfit(stored, problem);
}

static int restore_task(struct core *core, const struct journal_row *stored, const struct msg_task_row *row,
                        struct problem *problem)
{
    struct msg_task_row own;
    uint64_t number = ROW_NUMBER(stored->key);
    int error = row ? 0 : read_row(core, stored, &message_task_row, &own, problem);
    if (error)
        return error;
    if (!row)
        row = &own;
    if (number == 0 || number > CORE_TASKS_MAX || core_task(core, number) || !pack_check(row->pack))
        return unfit(stored, problem);
    task_row_take(core, task_new(core, number), row);
    cold_restored(core, number);
    return 0;
}

static int restore_requests(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_requests_row row;
    uint64_t number = ROW_NUMBER(stored->key);
    int error = read_row(core, stored, &message_requests_row, &row, problem);
    if (error)
        return error;
    if (!MSG_HAS(&row, requests_row, agency))
        return 0; /* of 1.0: what it has is read again from the records */
    if (!seen_restore(core, number, (uint32_t)row.agency, row.first, row.entries))
        return unfit(stored, problem);
    return 0;
}

static int restore_consumer(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_consumer_row row;
    uint64_t number = ROW_NUMBER(stored->key);
    int error = read_row(core, stored, &message_consumer_row, &row, problem);
    if (error)
        return error;
    const uint32_t key = MSG_HAS(&row, consumer_row, key) ? (uint32_t)row.key : NONE;
    if (!consumer_restore(core, number,
                          &(struct consumer){(uint32_t)row.agency, key, row.reads, row.made, row.consumer, row.seq}))
        return unfit(stored, problem);
    return 0;
}

int core_consumers_take(struct core *core, const struct journal_row *row, struct problem *problem)
{
    if (ROW_KIND(row->key) != ROW_CONSUMER || restore_consumer(core, row, problem) != 0)
        return problem->error ? problem->error : unfit(row, problem);
    const struct consumer *taken = &core->consumers[ROW_NUMBER(row->key)];
    return taken->name.size > 0 && taken->agency < core->agency_count ? 0 : unfit(row, problem);
}

static int restore_document(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_document row;
    const uint64_t number = ROW_NUMBER(stored->key);
    const int error = read_row(core, stored, &message_document, &row, problem);
    if (error)
        return error;
    if (number >= CORE_DOCUMENTS_MAX || !document_restore(core, (uint32_t)number, &row, stored->seq))
        return unfit(stored, problem);
    return 0;
}

static int restore_schedule(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_schedule row;
    int error = read_row(core, stored, &message_schedule, &row, problem);
    if (error)
        return error;
    if (!schedule_restore(core, ROW_NUMBER(stored->key), &row, stored->seq))
        return unfit(stored, problem);
    return 0;
}

const void *core_read_row(const struct journal_row *row, struct arena *arena)
{
    if (ROW_KIND(row->key) != ROW_TASK) /* of all others there are few */
        return NULL;
    struct msg_task_row *read = arena_alloc(arena, sizeof *read);
    return read && row_read(row->body, row->size, &message_task_row, arena, read) ? read : NULL;
}

static int restore_kind(struct core *core, const struct journal_row *row, const void *read, struct problem *problem)
{
    switch (ROW_KIND(row->key)) {
    case ROW_CORE:
        return restore_core(core, row, problem);
    case ROW_AGENCY:
        return restore_agency(core, row, problem);
    case ROW_CALENDAR:
        return restore_calendar(core, row, problem);
    case ROW_POLICY:
        return restore_policy(core, row, problem);
    case ROW_TASK:
        return restore_task(core, row, read, problem);
    case ROW_REQUESTS:
        return restore_requests(core, row, problem);
    case ROW_CONSUMER:
        return restore_consumer(core, row, problem);
    case ROW_SCHEDULE:
        return restore_schedule(core, row, problem);
    case ROW_DOCUMENT:
        return restore_document(core, row, problem);
    }
    const int error = open_row(core, row, problem);
    return error ? error : unfit(row, problem); /* of a kind that this program does not know */
}

int core_restore_read(struct core *core, const struct journal_row *row, const void *read, struct problem *problem)
{
    core->restoring = true;
    return restore_kind(core, row, read, problem);
}

int core_restore_row(struct core *core, const struct journal_row *row, struct problem *problem)
{
    return core_restore_read(core, row, NULL, problem);
}

/* ---- records, and the end ---- */

int core_restore_record(struct core *core, const struct journal_record *stored, struct problem *problem)
{
    struct msg_record record;
    core->restoring = true;
    int error = record_take(core->scratch->stored, stored, &record, problem);
    if (!error && record.seq > core->seq + 1) /* rows may have seen it; of what is between nothing has */
        error = problem_set(problem, COORD_E_BAD_VALUE, "seq", "Record %llu comes after record %llu.",
                            (unsigned long long)record.seq, (unsigned long long)core->seq);
    return error ? error : apply_record(core, &record, problem);
}

bool core_restore_rereads(const struct core *core)
{
    return core->requests_reread;
}

int core_restore_reread(struct core *core, const struct journal_record *stored, struct problem *problem)
{
    struct msg_record record;
    int error = record_take(core->scratch->stored, stored, &record, problem);
    if (error || !core->requests_reread)
        return error;
    if (record.seq == 1)
        core->request_count = 0;
    const uint32_t actor = record_is_remembered(&record) ? core_agency_find(core, record_sender(&record)) : NONE;
    if (record_is_remembered(&record) && (actor == NONE || !seen_reread(core, actor, record.request, record.seq)))
        return problem_set(problem, COORD_E_BAD_VALUE, "request", "Record %llu does not fit the rows.",
                           (unsigned long long)record.seq);
    core->requests_reread = record.seq < core->seq;
    core->dirty_core = true; /* the next checkpoint says how many there are, and none is read again */
    return 0;
}

static int incomplete(const char *what, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, "", "The store is damaged: %s.", what);
}

static int check_whole(struct core *core, uint64_t last_seq, struct problem *problem)
{
    if (core->seq != last_seq)
        return problem_set(problem, COORD_E_BAD_VALUE, "", "The state has seen record %llu, the journal ends at %llu.",
                           (unsigned long long)core->seq, (unsigned long long)last_seq);
    if (!agency_restore_done(core) || !catalogue_restore_done(core))
        return incomplete("an agency, a key, a calendar or a policy is missing", problem);
    if (!document_restore_done(core))
        return incomplete("a document, or the agency that issued it, is missing", problem);
    if (!agency_links_end(core))
        return incomplete("an agency stands above itself, or succeeds itself", problem);
    if (!hot_spots_restore_done(core))
        return incomplete("an agency that a rule of hot spots names is missing", problem);
    if (!seen_restore_done(core))
        return incomplete("the remembered requests are not as many as were counted", problem);
    for (uint64_t number = 1; number <= core->task_count; number++) {
        const struct task *task = core_task(core, number);
        if (!task)
            return problem_set(problem, COORD_E_BAD_VALUE, "", "The store is damaged: task %llu is missing.",
                               (unsigned long long)number);
        if (!task_row_holds(core, task))
            return problem_set(problem, COORD_E_BAD_VALUE, "",
                               "The store is damaged: task %llu refers to what is not there.",
                               (unsigned long long)number);
        cold_passed(core, number);
    }
    for (uint32_t i = 0; i < core->consumer_count; i++)
        if (core->consumers[i].name.size == 0 || core->consumers[i].agency >= core->agency_count)
            return incomplete("a consumer's place is missing", problem);
    if (!schedules_restored(core))
        return incomplete("a schedule is missing, or refers to what is not there", problem);
    return 0;
}

/* All that follows from the tasks, of one after another: each is brought near once. */
static void follow_tasks(struct core *core)
{
    heap_reserve(&core->deadlines, core->open_tasks);
    for (uint64_t number = 1; number <= core->task_count; number++) {
        const struct task *task = core_task(core, number);
        holdings_restored(core, task);
        given_restored(core, task);
        cites_restored(core, task);
        target_follow(core, task);
        cold_waits(core, task);
        if (!core_task_is_cold(core, number))
            deadline_schedule(core, task);
        cold_passed(core, number);
    }
}

int core_restore_done(struct core *core, uint64_t last_seq, struct problem *problem)
{
    int error = check_whole(core, last_seq, problem);
    if (error)
        return error;
    core->restoring = false;
    recount_restore(core);
    given_build(core);
    follow_tasks(core);
    schedules_build(core);
    cites_build(core);
    cold_build(core);
    return 0;
}

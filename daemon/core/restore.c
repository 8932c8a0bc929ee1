/* Taking the state back: rows in any order, then records over them. Rows are checked as far as a row alone can be;
 * whether what they refer to is there shows at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/agency.h"
#include "core/apply.h"
#include "core/catalogue.h"
#include "core/consumer.h"
#include "core/deadline.h"
#include "core/pack.h"
#include "core/row.h"
#include "core/scratch.h"
#include "core/seen.h"
#include "core/task_data.h"

static int unfit(const struct journal_row *row, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, "", "Row %llu of kind %d does not fit the others.",
                       (unsigned long long)ROW_NUMBER(row->key), (int)ROW_KIND(row->key));
}

typedef int restorer(struct core *core, const struct journal_row *row, struct problem *problem);

static int restore_core(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_core_row row;
    int error = decoder_read(core->scratch->stored, &message_core_row, &row, problem);
    if (error)
        return error;
    core->seq = core->rows_seq = row.seq;
    core->time = row.time;
    core->request_count = row.requests;
    memcpy(core->identity, row.identity.data, sizeof(core->identity));
    (void)stored;
    return 0;
}

static int restore_agency(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_agency_row row;
    int error = decoder_read(core->scratch->stored, &message_agency_row, &row, problem);
    if (error)
        return error;
    uint64_t number = ROW_NUMBER(stored->key);
    if (number >= CORE_AGENCIES_MAX || (number < core->agency_count && core->agencies[number]) ||
        row.numbers.count != row.keys.count)
        return unfit(stored, problem);
    agency_restore(core, (uint32_t)number, &row.agency)->seq = stored->seq;
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
    int error = decoder_read(core->scratch->stored, &message_calendar, &row, problem);
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
    int error = decoder_read(core->scratch->stored, &message_policy, &row, problem);
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

/* ---- tasks ---- */

static void take_escalations(struct core *core, struct task *task, const struct msg_escalation_row_items *rows)
{
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct msg_escalation_row *row = &rows->items[i];
        struct escalation *escalation = task_add_escalation(core, task, row->to.count, row->reason);
        escalation->id = row->escalation;
        escalation->level = (uint8_t)row->level;
        escalation->opened = row->opened;
        escalation->told = MSG_HAS(row, escalation_row, told) ? row->told : row->opened;
        escalation->round = MSG_HAS(row, escalation_row, round) ? (uint32_t)row->round : 1;
        escalation->superseded = MSG_HAS(row, escalation_row, superseded);
        for (uint32_t j = 0; j < row->to.count; j++)
            escalation->to[j] = (uint32_t)row->to.items[j];
        if (MSG_HAS(row, escalation_row, step))
            escalation->step = (uint8_t)row->step;
        if (MSG_HAS(row, escalation_row, by))
            escalation->by = (uint32_t)row->by;
        if (MSG_HAS(row, escalation_row, acknowledged))
            escalation->acknowledged = row->acknowledged;
        if (MSG_HAS(row, escalation_row, acknowledged_by))
            escalation->acknowledged_by = (uint32_t)row->acknowledged_by;
        if (MSG_HAS(row, escalation_row, closed))
            escalation->closed = row->closed;
    }
}

static void take_times(struct task *task, const struct msg_task_row *row)
{
    task->assigned = row->assigned;
#define TIME_FIELD(field)                                                                                              \
    if (MSG_HAS(row, task_row, field))                                                                                 \
        task->field = row->field;
    TASK_TIMES(TIME_FIELD)
#undef TIME_FIELD
}

/* The policy may not be there yet, so there is room for as many steps as any has. */
static void take_fired(struct task *task, const struct u64s *fired)
{
    if (fired->count == 0)
        return;
    task->fired = xcalloc(32, sizeof(uint16_t));
    for (uint32_t i = 0; i < fired->count; i++)
        task->fired[i] = (uint16_t)fired->items[i];
}

static void take_rounds(struct task *task, const struct msg_task_row *row)
{
    if (!MSG_HAS(row, task_row, rounds))
        return;
    struct rounds *rounds = task_rounds(task);
    for (uint32_t i = 0; i + 1 < row->rounds.count && i / 2 + 1 < ROUND_KINDS; i += 2)
        rounds->of[i / 2 + 1] = (struct round){(uint32_t)row->rounds.items[i], (int64_t)row->rounds.items[i + 1]};
    if (MSG_HAS(row, task_row, report_missed))
        rounds->report_missed = row->report_missed;
}

static void take_pack(struct task *task, struct text pack)
{
    task->pack = xmalloc(sizeof(struct pack) + pack.size);
    task->pack->size = pack.size;
    memcpy(task->pack->bytes, pack.data, pack.size);
}

static void take_task(struct core *core, struct task *task, const struct msg_task_row *row)
{
    task->record = row->record;
    task->version = (uint32_t)row->version;
    task->assigner = (uint32_t)row->assigner;
    task->lead = (uint32_t)row->lead;
    task->state = (uint8_t)row->state;
    task->resumes_as = (uint8_t)row->resumes_as;
    task->kind = (uint8_t)row->kind;
    task->priority = (uint8_t)row->priority;
    task->scope = (uint8_t)row->scope;
    task->reporting = (uint8_t)row->reporting;
    task->percent = (uint8_t)row->percent;
    task->value = row->value;
    task->has_percent = MSG_HAS(row, task_row, percent);
    task->has_value = MSG_HAS(row, task_row, value);
    if (MSG_HAS(row, task_row, supervisor))
        task->supervisor = (uint32_t)row->supervisor;
    if (MSG_HAS(row, task_row, policy))
        task->policy = (uint32_t)row->policy;
    if (MSG_HAS(row, task_row, calendar))
        task->calendar = (uint32_t)row->calendar;
    take_times(task, row);
    take_fired(task, &row->fired);
    take_rounds(task, row);
    take_escalations(core, task, &row->escalations);
    take_pack(task, row->pack);
    core->open_tasks += state_is_open(task->state);
    task_index(core, task);
}

static int restore_task(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_task_row row;
    uint64_t number = ROW_NUMBER(stored->key);
    int error = decoder_read(core->scratch->stored, &message_task_row, &row, problem);
    if (error)
        return error;
    if (number == 0 || number > CORE_TASKS_MAX || core_task(core, number) || !pack_check(row.pack))
        return unfit(stored, problem);
    take_task(core, task_new(core, number), &row);
    return 0;
}

static int restore_requests(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_requests_row row;
    uint64_t slot = ROW_NUMBER(stored->key);
    int error = decoder_read(core->scratch->stored, &message_requests_row, &row, problem);
    if (error)
        return error;
    if (slot >= REQUEST_CHUNKS || !seen_restore(core, (uint32_t)slot, row.first, row.entries, stored->seq))
        return unfit(stored, problem);
    return 0;
}

static int restore_consumer(struct core *core, const struct journal_row *stored, struct problem *problem)
{
    struct msg_consumer_row row;
    uint64_t number = ROW_NUMBER(stored->key);
    int error = decoder_read(core->scratch->stored, &message_consumer_row, &row, problem);
    if (error)
        return error;
    if (!consumer_restore(core, number, (uint32_t)row.agency, row.consumer, row.seq))
        return unfit(stored, problem);
    return 0;
}

static restorer *const restorers[] = {
    [ROW_CORE] = restore_core,         [ROW_AGENCY] = restore_agency, [ROW_CALENDAR] = restore_calendar,
    [ROW_POLICY] = restore_policy,     [ROW_TASK] = restore_task,     [ROW_REQUESTS] = restore_requests,
    [ROW_CONSUMER] = restore_consumer,
};

int core_restore_row(struct core *core, const struct journal_row *row, struct problem *problem)
{
    struct envelope envelope;
    int kind = (int)ROW_KIND(row->key);
    core->restoring = true;
    if (kind < ROW_CORE || kind > ROW_CONSUMER)
        return unfit(row, problem);
    int error = decoder_open(core->scratch->stored, row->body, row->size, &envelope, problem);
    if (!error && !text_equal(envelope.op, TEXT("row")))
        error = unfit(row, problem);
    if (!error)
        error = restorers[kind](core, row, problem);
    return error;
}

/* ---- records, and the end ---- */

int core_restore_record(struct core *core, const struct journal_record *stored, struct problem *problem)
{
    struct decoder *decoder = core->scratch->stored;
    struct envelope envelope;
    struct msg_record record;
    core->restoring = true;
    int error = decoder_open(decoder, stored->body, stored->size, &envelope, problem);
    if (!error)
        error = decoder_read(decoder, &message_record, &record, problem);
    if (!error && record.seq != stored->seq)
        error = problem_set(problem, COORD_E_BAD_VALUE, "seq", "Record %llu says that it is record %llu.",
                            (unsigned long long)stored->seq, (unsigned long long)record.seq);
    if (!error)
        error = apply_record(core, &record, problem);
    return error;
}

static bool are_agencies(const struct core *core, const uint32_t *agencies, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (agencies[i] >= core->agency_count)
            return false;
    return true;
}

static bool escalations_hold(const struct core *core, const struct task *task)
{
    for (uint32_t i = 0; task->escalations && i < task->escalations->count; i++) {
        const struct escalation *escalation = &task->escalations->items[i];
        if (!are_agencies(core, escalation->to, escalation->to_count) ||
            (escalation->by != NONE && escalation->by >= core->agency_count) ||
            (escalation->acknowledged_by != NONE && escalation->acknowledged_by >= core->agency_count))
            return false;
    }
    return true;
}

/* Whether all that a task refers to is there. */
static bool task_holds(const struct core *core, const struct task *task)
{
    uint32_t list[TASK_AGENCIES_MAX];
    return task->assigner < core->agency_count && task->lead < core->agency_count &&
           (task->supervisor == NONE || task->supervisor < core->agency_count) &&
           (task->policy == NONE || task->policy < core->policy_count) &&
           (task->calendar == NONE || task->calendar < core->calendar_count) &&
           (!task->fired || task->policy != NONE) && are_agencies(core, list, task_cooperating(task, list)) &&
           are_agencies(core, list, task_observers(task, list)) && escalations_hold(core, task);
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
    if (!agency_links_end(core))
        return incomplete("an agency stands above itself, or succeeds itself", problem);
    if (!seen_restore_done(core))
        return incomplete("the remembered requests are not as many as were counted", problem);
    for (uint64_t number = 1; number <= core->task_count; number++) {
        const struct task *task = core_task(core, number);
        if (!task)
            return problem_set(problem, COORD_E_BAD_VALUE, "", "The store is damaged: task %llu is missing.",
                               (unsigned long long)number);
        if (!task_holds(core, task))
            return problem_set(problem, COORD_E_BAD_VALUE, "",
                               "The store is damaged: task %llu refers to what is not there.",
                               (unsigned long long)number);
    }
    for (uint32_t i = 0; i < core->consumer_count; i++)
        if (core->consumers[i].name.size == 0 || core->consumers[i].agency >= core->agency_count)
            return incomplete("a consumer's place is missing", problem);
    return 0;
}

int core_restore_done(struct core *core, uint64_t last_seq, struct problem *problem)
{
    int error = check_whole(core, last_seq, problem);
    if (error)
        return error;
    core->restoring = false;
    for (uint64_t number = 1; number <= core->task_count; number++)
        deadline_schedule(core, core_task(core, number));
    return 0;
}

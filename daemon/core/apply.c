/* Every object says up to which record it has seen; a record that is no newer leaves it alone. Rows that a checkpoint
 * wrote later than others are so brought to the same point by one replay.
 */
#include "core/apply.h"

#include <string.h>

#include "core/agency.h"
#include "core/apply_action.h"
#include "core/apply_round.h"
#include "core/asks.h"
#include "core/bounces.h"
#include "core/catalogue.h"
#include "core/cites.h"
#include "core/cold.h"
#include "core/course.h"
#include "core/custody.h"
#include "core/decider.h"
#include "core/document.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/given.h"
#include "core/holdings.h"
#include "core/hot_spot.h"
#include "core/parts.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/recount_places.h"
#include "core/schedule.h"
#include "core/seen.h"
#include "core/settings.h"
#include "core/target.h"
#include "core/task_data.h"
#include "core/task_field.h"
#include "core/waits.h"
#include "core/words.h"

static int misfit(const struct msg_record *record, const char *field, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, field, "Record %llu does not fit the state: `%s`.",
                       (unsigned long long)record->seq, field);
}

/* ---- the store, agencies and their keys, calendars and policies ---- */

static int apply_store(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (record->digest.size != sizeof core->identity)
        return misfit(record, "digest", problem);
    /* A second one says that a backup of the store was restored, once or several times, to tell more agencies of it. */
    if (record->seq > 1 && memcmp(core->identity, record->digest.data, sizeof core->identity) != 0) {
        memcpy(core->ancestor, core->identity, sizeof core->ancestor);
        core->parted = record->seq - 1;
    }
    memcpy(core->identity, record->digest.data, sizeof core->identity);
    return 0;
}

static int apply_settings(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, store_settings))
        return misfit(record, "store_settings", problem);
    settings_put(core, &record->store_settings);
    return 0;
}

/* Of a new one there was nothing to hear before. */
static bool is_placed_alike(const struct agency *before, const struct agency *after)
{
    return before->parent == after->parent && before->successor == after->successor &&
           before->valid_from == after->valid_from && before->valid_until == after->valid_until;
}

static int apply_agency(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, agency))
        return misfit(record, "agency", problem);
    uint32_t number = core_agency_find(core, record->agency.agency);
    if (number != NONE && core->agencies[number]->seq >= record->seq)
        return 0;
    const struct agency before = number == NONE ? (struct agency){0} : *core->agencies[number];
    struct agency *agency = agency_put(core, &record->agency);
    agency->seq = record->seq;
    if (record->placed)
        agency->placed = record->seq;
    const bool stands_alike = number == NONE ||
                              (before.stand_in == agency->stand_in && before.stand_from == agency->stand_from &&
                               before.stand_until == agency->stand_until);
    if (!stands_alike)
        core->tree_seq = record->seq;
    if (!stands_alike && !core->restoring && agency->gone.first != NONE)
        decider_begin(core); /* it may come to lead what a predecessor leads yet */
    else if (!stands_alike && !core->restoring)
        decider_begin_of(core, number);
    if (number != NONE && !is_placed_alike(&before, agency))
        core->tree_seq = record->seq;
    if (number != NONE && !core->restoring && !is_placed_alike(&before, agency))
        hot_spots_begin(core);
    if (number != NONE && !core->restoring &&
        (before.valid_from != agency->valid_from || before.valid_until != agency->valid_until ||
         before.successor != agency->successor || before.parent != agency->parent))
        decider_begin(core);
    bits_add(&core->dirty_agencies, agency->number);
    return 0;
}

static int apply_key(struct core *core, const struct msg_record *record, struct problem *problem)
{
    uint32_t number = MSG_HAS(record, record, agency) ? core_agency_find(core, record->agency.agency) : NONE;
    if (number == NONE)
        return misfit(record, "agency", problem);
    if (!MSG_HAS(record, record, entry) || record->entry.public_key.size != 40)
        return misfit(record, "entry", problem);
    if (core->agencies[number]->seq >= record->seq)
        return 0;
    key_put(core, number, &record->entry);
    core->agencies[number]->seq = record->seq;
    bits_add(&core->dirty_agencies, number);
    return 0;
}

static int apply_calendar(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, calendar_set))
        return misfit(record, "calendar_set", problem);
    uint32_t number = core_calendar_find(core, record->calendar_set.calendar);
    if (number != NONE)
        recount_begin(core, number, record->time); /* a row may be newer than the record, and its tasks' rows older */
    if (number != NONE && core->calendars[number].seq >= record->seq)
        return 0;
    struct calendar *calendar = calendar_new(&record->calendar_set, problem);
    if (!calendar)
        return problem->error;
    catalogue_put_calendar(core, calendar, record->seq);
    if (number != NONE && !core->restoring)
        schedules_follow(core, number);
    return 0;
}

static int apply_policy(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, policy_set))
        return misfit(record, "policy_set", problem);
    if (!MSG_HAS(&record->policy_set, policy, version))
        return misfit(record, "policy_set.version", problem);
    if (core_policy_version(core, record->policy_set.policy, record->policy_set.version) != NONE)
        return 0;
    struct policy *policy = policy_new(&record->policy_set, problem);
    if (!policy)
        return problem->error;
    catalogue_put_policy(core, policy, record->seq);
    return 0;
}

static int apply_document(struct core *core, const struct msg_record *record, struct problem *problem)
{
    const uint32_t number = MSG_HAS(record, record, document) ? document_find(core, record->document.document) : NONE;
    if (number != NONE && document_at(core, number)->seq >= record->seq)
        return 0;
    if (!MSG_HAS(record, record, document) || !document_put(core, &record->document, record->seq))
        return misfit(record, "document", problem);
    if (!core->restoring)
        cites_follow(core, document_find(core, record->document.document));
    return 0;
}

/* ---- tasks: what all records change ---- */

static void set_state(struct core *core, struct task *task, int state, int64_t time_ms)
{
    if (state == STATE_SUSPENDED && task->state != STATE_SUSPENDED)
        task_rare(task)->resumes_as = task->state;
    if (state != STATE_SUSPENDED && rare_is_own(task)) {
        struct rare *rare = task_rare(task);
        rare->resumes_as = 0;
        rare->suspended = rare->until = TIME_NONE;
    }
    bool was_open = task->state != 0 && state_is_open(task->state), is_open = state_is_open(state);
    core->open_tasks += (uint64_t)is_open - (uint64_t)was_open;
    task->state = (uint8_t)state;
    if (was_open && !is_open)
        cold_wait(core, task->number, time_ms);
}

static void set_due_stood(struct task *task, uint32_t stood)
{
    if (task->rare->due_stood != stood)
        task_rare(task)->due_stood = stood;
}

/* A due time that comes without its count is a date: a count that was known no longer holds. */
static void set_counted(struct task *task, const struct msg_record *record, int64_t due_before)
{
    struct words words;
    struct problem problem = {0};
    bool is_named = task->due != due_before || MSG_HAS(&record->content, content, due);
    if (!MSG_HAS(record, record, counted) && !is_named)
        return;
    task->due_words = 0;
    task->due_from = TIME_NONE;
    set_due_stood(task, 0);
    if (!MSG_HAS(record, record, counted) || words_read(record->counted.words, "", &words, &problem) ||
        !words_are_count(&words))
        return;
    task->due_words = due_words_number(&words);
    task->due_from = record->counted.from;
    set_due_stood(task, (uint32_t)record->counted.stood);
}

/* The same of the time to accept. */
static void set_accept_counted(struct task *task, const struct msg_record *record, int64_t accept_before)
{
    if (MSG_HAS(record, record, accept_counted))
        task->accept_stood = 1 + (uint32_t)record->accept_counted.stood;
    else if (task->accept_due != accept_before)
        task->accept_stood = 0;
}

static void set_report_counted(struct task *task, const struct msg_record *record, int64_t report_before)
{
    if (!MSG_HAS(record, record, report_counted) && task->course->report_due == report_before)
        return;
    const uint32_t period = due_report_period(record);
    if (task->course->report_period != period)
        task_course(task)->report_period = period;
}

static void set_common(struct core *core, struct task *task, const struct msg_record *record)
{
    int64_t due_before = task->due, accept_before = task->accept_due, report_before = task->course->report_due;
    task->record = record->seq;
    task_take_common(core, task, record);
    set_counted(task, record, due_before);
    set_accept_counted(task, record, accept_before);
    set_report_counted(task, record, report_before);
    set_state(core, task, record->state, record->time);
}

static int check_agencies(const struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (MSG_HAS(record, record, content) && !task_content_known(core, &record->content))
        return misfit(record, "content", problem);
    if (core_agency_find(core, record->lead) == NONE)
        return misfit(record, "lead", problem);
    for (uint32_t i = 0; i < record->addressed.count; i++)
        if (core_agency_find(core, record->addressed.items[i]) == NONE)
            return misfit(record, "addressed", problem);
    return 0;
}

/* Whether a record that opens an escalation says which, and how high. */
static bool names_escalation(const struct msg_record *record)
{
    return MSG_HAS(record, record, escalation) && MSG_HAS(record, record, level);
}

/* Whether a record on what the lead asks says it, and agencies that are known. */
static bool names_asked(const struct core *core, const struct msg_record *record)
{
    const struct msg_asked *asked = &record->asked;
    const bool asks = record->action == ACTION_ASK;
    if (!asks && record->action != ACTION_GRANT && record->action != ACTION_DENY && record->action != ACTION_TAKE_BACK)
        return true;
    return MSG_HAS(record, record, asked) && (!asks || asked->ask == record->seq) &&
           asks == !MSG_HAS(asked, asked, outcome) && core_agency_find(core, asked->by) != NONE &&
           core_agency_find(core, asked->decider) != NONE;
}

static int apply_assign(struct core *core, const struct msg_record *record, struct problem *problem)
{
    uint32_t assigner = core_agency_find(core, record->assigner);
    if (assigner == NONE)
        return misfit(record, "assigner", problem);
    if (record->task == 0 || record->task > CORE_TASKS_MAX)
        return misfit(record, "task", problem);
    if (!MSG_HAS(record, record, content) || !MSG_HAS(&record->content, content, title) || record->reference.size == 0)
        return misfit(record, "content", problem);
    struct task *task = task_new(core, record->task);
    task->assigner = assigner;
    task->lead = core_agency_find(core, record->lead);
    task->assigned = record->time;
    if (MSG_HAS(record, record, policy))
        task->policy = core_policy_version(core, record->policy, record->policy_version);
    if (MSG_HAS(record, record, calendar))
        task->calendar = core_calendar_find(core, record->calendar);
    task_take_first(core, task, record);
    set_common(core, task, record);
    task->original_due = task->due;
    task_share(core, task);
    if (!core->restoring) /* then all are at its end */
        task_index(core, task);
    parts_follow(core, task);
    target_follow(core, task);
    waits_follow(core, task, true);
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

static int apply_task(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (task && task->record >= record->seq)
        return 0;
    if (check_agencies(core, record, problem))
        return problem->error;
    if (!MSG_HAS(record, record, version) || !MSG_HAS(record, record, state))
        return misfit(record, "state", problem);
    if (record->action == ACTION_ASSIGN)
        return task ? misfit(record, "task", problem) : apply_assign(core, record, problem);
    if (!task || record->action == 0)
        return misfit(record, "task", problem);
    if (record->action == ACTION_ESCALATE && !names_escalation(record))
        return misfit(record, "escalation", problem);
    if (record->action == ACTION_ANSWER && !MSG_HAS(record, record, answer))
        return misfit(record, "answer", problem);
    if (!names_asked(core, record))
        return misfit(record, "asked", problem);
    if (!questions_known(core, task, record))
        return misfit(record, "question", problem);
    if (!custody_known(core, record))
        return misfit(record, "custody", problem);
    const bool was_restricted = task->scope == SCOPE_RESTRICTED;
    custody_take(core, task, record);
    bounces_take(core, task, record);
    apply_action(core, task, record);
    asks_take(task, record); /* before the rounds: the next that is open has its own */
    questions_take(task, record);
    if (was_restricted && task->scope != SCOPE_RESTRICTED)
        core->opened_seq = record->seq;
    if (was_restricted != (task->scope == SCOPE_RESTRICTED))
        questions_restrict(task);
    apply_rounds(core, task, record);
    apply_superseded(task, record);
    words_take(core, task, record);
    set_common(core, task, record);
    if (MSG_HAS(record, record, content)) {
        parts_follow(core, task);
        target_follow(core, task);
    } else {
        parts_weigh(core, task);
    }
    waits_follow(core, task, MSG_HAS(record, record, content));
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

/* Of what a clock does to a task: false when it is in the state already, and then `problem` says nothing, or does not fit. */
static bool is_news(const struct core *core, const struct task *task, const struct msg_record *record,
                    struct problem *problem)
{
    problem->error = 0;
    if (!task) {
        (void)misfit(record, "task", problem);
        return false;
    }
    return task->record < record->seq && check_agencies(core, record, problem) == 0;
}

static int apply_due_moved(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (!MSG_HAS(record, record, version) || !MSG_HAS(record, record, state) ||
        !(MSG_HAS(record, record, counted) || MSG_HAS(record, record, accept_counted) ||
          MSG_HAS(record, record, report_counted) || MSG_HAS(record, record, asked) ||
          MSG_HAS(record, record, question)))
        return misfit(record, "counted", problem);
    if (!questions_known(core, task, record))
        return misfit(record, "question", problem);
    apply_rounds(core, task, record);
    apply_superseded(task, record);
    asks_take(task, record);
    questions_take(task, record);
    set_common(core, task, record);
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

static int apply_unanswered(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (!questions_known(core, task, record))
        return misfit(record, "question", problem);
    questions_take(task, record);
    task->record = record->seq;
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

static int apply_handed_on(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    const bool goes_on = MSG_HAS(record, record, asked);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (goes_on ? core_agency_find(core, record->asked.decider) == NONE ||
                      core_agency_find(core, record->asked.by) == NONE || MSG_HAS(&record->asked, asked, outcome)
                : record->ended.count == 0)
        return misfit(record, "asked", problem);
    if (!custody_known(core, record))
        return misfit(record, "custody", problem);
    custody_take(core, task, record);
    asks_take(task, record); /* before the rounds: the next that is open has its own */
    apply_rounds(core, task, record);
    apply_superseded(task, record);
    task->record = record->seq;
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

static int apply_rung(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!is_news(core, task, record, problem))
        return problem->error;
    if (MSG_HAS(record, record, addressed) && !names_escalation(record))
        return misfit(record, "escalation", problem);
    if (MSG_HAS(record, record, step))
        task_count_fired(core, task, record->step, record->occurrence);
    else if (MSG_HAS(record, record, report_due) && !MSG_HAS(record, record, escalation))
        apply_period_end(core, task, record);
    if (MSG_HAS(record, record, addressed) && record->escalation == record->seq)
        apply_escalation(core, task, record, NONE,
                         MSG_HAS(record, record, bounces) ? STEP_OF_BOUNCES : (uint8_t)record->step, record->reason);
    else if (MSG_HAS(record, record, addressed))
        apply_told_again(core, task, record);
    apply_superseded(task, record);
    task->record = record->seq;
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

/* It follows the change that it tells of, and changes nothing but the chain of the task's records. */
static int apply_removed(struct core *core, const struct msg_record *record, struct problem *problem)
{
    struct task *task = task_to_change(core, record->task, record->time);
    if (!task)
        return misfit(record, "task", problem);
    if (task->record >= record->seq)
        return 0;
    task->record = record->seq;
    bits_add(&core->dirty_tasks, task->number);
    return 0;
}

/* ---- hot spots ---- */

static bool names_agencies(const struct core *core, const struct msg_hot_spot_rule *rule)
{
    for (uint32_t i = 0; i < rule->to.count; i++)
        if (core_agency_find(core, rule->to.items[i]) == NONE)
            return false;
    return (!MSG_HAS(rule, hot_spot_rule, agency) || core_agency_find(core, rule->agency) != NONE) &&
           (!MSG_HAS(rule, hot_spot_rule, by) || core_agency_find(core, rule->by) != NONE);
}

/* Rules lie in the counters' row, which may be on disk before the checkpoint that it is of: then it has seen the record. */
static bool is_in_row(const struct core *core, const struct msg_record *record)
{
    return core->restoring && record->seq <= core->rows_seq;
}

static int apply_hot_spot_rule(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (is_in_row(core, record))
        return 0;
    const bool fits = MSG_HAS(record, record, hot_spot_rule) && names_agencies(core, &record->hot_spot_rule) &&
                      (record->rule_removed ? hot_spot_drop(core, record->hot_spot_rule.rule)
                                            : hot_spot_put(core, &record->hot_spot_rule));
    return fits ? 0 : misfit(record, "hot_spot_rule", problem);
}

static int apply_hot_spot(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (is_in_row(core, record))
        return 0;
    const bool fits = MSG_HAS(record, record, hot_spot) && hot_spot_take(core, &record->hot_spot);
    return fits ? 0 : misfit(record, "hot_spot", problem);
}

/* ---- any record ---- */

typedef int apply_function(struct core *core, const struct msg_record *record, struct problem *problem);

/* Whatever changes a task goes through here, so that what lists look up follows it. */
static int apply_to_task(struct core *core, const struct msg_record *record, apply_function *function,
                         struct problem *problem)
{
    holdings_begin(core, record);
    given_begin(core, record);
    cites_begin(core, record);
    const int error = function(core, record, problem);
    cites_end(core, record);
    given_end(core, record);
    holdings_end(core, record);
    if (core->hot_spots && !core->restoring && !error)
        hot_spots_look(core, core_task(core, record->task),
                       record->actor.size ? core_agency_find(core, record->actor) : NONE, record->time);
    return error;
}

static int apply_kind(struct core *core, const struct msg_record *record, struct problem *problem)
{
    switch ((enum record)record->record) {
    case RECORD_STORE:
        return apply_store(core, record, problem);
    case RECORD_AGENCY:
        return apply_agency(core, record, problem);
    case RECORD_KEY:
        return apply_key(core, record, problem);
    case RECORD_CALENDAR:
        return apply_calendar(core, record, problem);
    case RECORD_POLICY:
        return apply_policy(core, record, problem);
    case RECORD_TASK:
        return apply_to_task(core, record, apply_task, problem);
    case RECORD_RUNG:
        return apply_to_task(core, record, apply_rung, problem);
    case RECORD_DUE_MOVED:
        return apply_to_task(core, record, apply_due_moved, problem);
    case RECORD_HANDED_ON:
        return apply_to_task(core, record, apply_handed_on, problem);
    case RECORD_UNANSWERED:
        return apply_to_task(core, record, apply_unanswered, problem);
    case RECORD_REMOVED:
        return apply_to_task(core, record, apply_removed, problem);
    case RECORD_CLOCK:
        return 0; /* its time is what it says */
    case RECORD_UNCHANGED:
        return 0; /* but for the request, which is remembered like any other */
    case RECORD_SETTINGS:
        return apply_settings(core, record, problem);
    case RECORD_HOT_SPOT_RULE:
        return apply_hot_spot_rule(core, record, problem);
    case RECORD_HOT_SPOT:
        return apply_hot_spot(core, record, problem);
    case RECORD_SCHEDULE:
        return schedule_apply_set(core, record) ? 0 : misfit(record, "schedule", problem);
    case RECORD_PERIOD:
        return schedule_apply_period(core, record) ? 0 : misfit(record, "scheduled", problem);
    case RECORD_DOCUMENT:
        return apply_document(core, record, problem);
    case RECORD_NONE:
        break;
    }
    return misfit(record, "record", problem);
}

int apply_record(struct core *core, const struct msg_record *record, struct problem *problem)
{
    /* Looked up first: an actor's id may be the core's own, which changes when the record is of that very agency. */
    uint32_t actor = record_is_remembered(record) ? core_agency_find(core, record_sender(record)) : NONE;
    int error = apply_kind(core, record, problem);
    if (error)
        return error;
    core->seq = record->seq;
    core->time = record->time;
    if (core->hot_spots && !core->restoring)
        hot_spots_pass(core, record->time);
    core->dirty_core = true;
    if (!record_is_remembered(record))
        return 0;
    if (actor == NONE || !seen_add(core, actor, record->request, record->seq))
        return misfit(record, "request", problem);
    return 0;
}

/* The actions that change who leads a task and what it asks. */
#include <string.h>

#include "core/agency.h"
#include "core/authority.h"
#include "core/content.h"
#include "core/decide.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/exclude.h"
#include "core/given.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/record.h"
#include "core/settings.h"
#include "core/standing.h"
#include "core/target.h"
#include "core/task_data.h"
#include "core/task_field.h"
#include "core/waits.h"

/* ---- by when ---- */

/* The calendar that a new due is counted in: with its first date the task has got it. */
static uint32_t calendar_given(struct decision *decision)
{
    const uint32_t calendar = core_calendar_to_count(decision->step->core, decision->task);
    if (decision->task->calendar == NONE && calendar != NONE)
        MSG_SET(&decision->record, record, calendar, TEXT("default"));
    return calendar;
}

int decision_read_due(const struct decision *decision, struct text words, const char *field, enum due_past past,
                      int64_t *due_ms, struct problem *problem)
{
    const struct core *core = decision->step->core;
    return due_asked(core, core_calendar_to_count(core, decision->task), words, field, decision->step->now_ms, past,
                     due_ms, problem);
}

/* A new date: of a suspended task it is final, and only what passes from now on moves it. */
static void set_due(struct decision *decision, int64_t due, struct text words)
{
    const struct step *step = decision->step;
    decision_run_on(decision);
    record_give_due(step->core, calendar_given(decision), due, &decision->record, decision->day);
    due_set_counted(&decision->record, words, step->now_ms, decision->task->due_words != 0);
    if (due != decision->task->due)
        decision_begin_rounds(decision, TERM_BIT(DEADLINE_COMPLETION));
}

#define CLEARS(TERM) TERM_BIT(CLEARABLE_##TERM)

/* The due time that it will have, held against the whole that it is or will be a part of, and against its own parts.
 * `field` is that of a new due time, NULL when the old one stays; `parent` that of a new whole, or 0. */
static int check_family(const struct decision *decision, const char *field, uint64_t parent, struct problem *problem)
{
    const struct task *task = decision->task;
    const uint32_t cleared = decision->record.cleared;
    const uint64_t old_parent = pack_u64(task->pack, PACK_PARENT), stays = cleared & CLEARS(PARENT) ? 0 : old_parent;
    const uint64_t whole = parent ? parent : stays;
    const int64_t stands = cleared & CLEARS(DUE) ? TIME_NONE : task->due, due = field ? decision->record.due : stands;
    /* A part that is due after its whole already, as by a day off that was decreed, may be brought nearer to it. */
    const bool comes_nearer = !parent && due != TIME_NONE && task->due != TIME_NONE && due < task->due;
    int error = 0;
    if ((field || parent) && !comes_nearer)
        error = parts_check_due(decision->step, whole, due, field ? field : "content.parent", problem);
    if (!error && field)
        error = parts_check_whole(decision->step, task, due, field, problem);
    if (!error && whole != old_parent)
        error = parts_check_room(decision->step, whole, 1, problem);
    return error;
}

int decision_give_due(struct decision *decision, int64_t due_ms, struct text words, const char *field,
                      struct problem *problem)
{
    set_due(decision, due_ms, words);
    return check_family(decision, field, 0, problem);
}

/* ---- reassign ---- */

/* The ids of a role's agencies but one: true when that was among them. */
static bool list_without(struct step *step, const uint32_t *agencies, uint32_t count, uint32_t without,
                         struct texts *ids)
{
    struct text *items = step_alloc(step, count, sizeof *items);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (agencies[i] != without)
            items[kept++] = core_agency_id(step->core, agencies[i]);
    *ids = (struct texts){items, kept};
    return kept < count;
}

/* An agency that worked along or looked on, and leads now, no longer has that other role. */
static void promote(struct decision *decision, uint32_t lead)
{
    uint32_t list[TASK_AGENCIES_MAX];
    struct msg_content *content = &decision->record.content;
    struct texts ids;
    if (list_without(decision->step, list, task_cooperating(decision->task, list), lead, &ids))
        MSG_SET(content, content, cooperating, ids);
    if (list_without(decision->step, list, task_observers(decision->task, list), lead, &ids))
        MSG_SET(content, content, observers, ids);
    if (content->has)
        MSG_MARK(&decision->record, record, content);
}

int decision_check_lead(const struct decision *decision, uint32_t lead, const char *field, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    struct text id = core_agency_id(step->core, lead);
    if (lead == task->lead)
        return problem_set(problem, COORD_E_BAD_VALUE, field, "%.*s leads the task already; name another agency.",
                           TEXT_ARGS(id));
    if (task->supervisor != NONE && lead == agency_effective(step->core, task->supervisor, step->now_ms))
        return problem_set(problem, COORD_E_DUPLICATE_ROLE, field,
                           "%.*s supervises the task; amend its supervisor first.", TEXT_ARGS(id));
    if (authority_is_excluded(step->core, task, lead, step->now_ms))
        return problem_set(problem, COORD_E_DUPLICATE_ROLE, field,
                           "%.*s is excluded from the task; amend `excluded` first.", TEXT_ARGS(id));
    int error = content_check_lead(step, lead, field, problem);
    if (!error)
        error = content_check_kind(step->core, task->kind, task->assigner, lead, field, problem);
    if (!error)
        error = content_check_tasking(step, task->kind, lead, field, problem);
    return error;
}

/* A task as it goes to its new lead: with the due time of the record. */
static int check_passed_on(const struct decision *decision, uint32_t lead, struct problem *problem)
{
    const struct core *core = decision->step->core;
    const struct task *task = decision->task;
    const struct msg_record *record = &decision->record;
    const uint32_t usual = settings_default_policy(core);
    const bool is_chosen = task->policy != NONE &&
                           (usual == NONE || !text_equal(core->policies[task->policy].id, core->policies[usual].id));
    const bool has_passed = MSG_HAS(record, record, due) && record->due <= decision->step->now_ms;
    const struct imposed imposed = {.kind = task->kind,
                                    .lead = lead,
                                    .due_field = has_passed ? "due" : NULL,
                                    .policy_field = is_chosen ? "lead" : NULL,
                                    .reporting_field = task->course->reporting ? "lead" : NULL};
    const struct given_due given = {.kind = task->kind,
                                    .lead = lead,
                                    .field = "due",
                                    .due = MSG_HAS(record, record, due) ? record->due : TIME_NONE,
                                    .was = TIME_NONE,
                                    .calendar = core_calendar_to_count(core, task)};
    const int error = content_check_imposed(decision->step, &imposed, problem);
    return error ? error : content_check_time(decision->step, &given, problem);
}

/* With its first date the task gets a calendar, and the new lead's other clocks run by it. */
int decision_give_lead(struct decision *decision, uint32_t lead, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    struct msg_record *record = &decision->record;
    const uint32_t calendar = MSG_HAS(record, record, calendar) ? core_calendar_to_count(step->core, task)
                                                                : task->calendar;
    if (check_passed_on(decision, lead, problem))
        return problem->error;
    promote(decision, lead);
    MSG_SET(record, record, lead, core_agency_id(step->core, lead));
    due_set_accept(step->core, task->policy, calendar, step->now_ms, step->arena, record);
    struct report_rule rule = due_report_rule(task);
    rule.calendar = calendar;
    rule.assigned_ms = step->now_ms;
    due_set_report(record, task->course->reporting, step->now_ms, due_to_report(step->core, &rule, step->now_ms));
    recipients_add(step->core, &decision->recipients, lead, step->who.agency, step->now_ms);
    decision_begin_rounds(decision, TERM_BIT(DEADLINE_ACCEPTANCE) | TERM_BIT(DEADLINE_REPORT));
    return 0;
}

int decide_reassign(struct decision *decision, const struct msg_reassign *reassign, struct problem *problem)
{
    uint32_t lead = NONE;
    int64_t due;
    int error = content_find_agency(decision->step->core, reassign->lead, "lead", &lead, problem);
    if (!error)
        error = decision_check_lead(decision, lead, "lead", problem);
    if (error)
        return error;
    decision_run_on(decision);
    if (MSG_HAS(reassign, reassign, due) &&
        (decision_read_due(decision, reassign->due, "due", due_past(reassign->backdated), &due, problem) ||
         decision_give_due(decision, due, reassign->due, "due", problem)))
        return problem->error;
    if (decision_give_lead(decision, lead, problem))
        return problem->error;
    decision_set_note(decision, true, reassign->note);
    return 0;
}

/* ---- amend ---- */

/* Another period; or values from now on, or reports again in their place. */
static void amend_reporting(struct decision *decision, const struct msg_content *content)
{
    const struct task *task = decision->task;
    const uint32_t cleared = decision->record.cleared;
    struct report_rule rule = due_report_rule(task);
    const bool is_measured = MSG_HAS(content, content, indicator) && !target_is(task);
    const bool was_measured = (cleared & CLEARS(INDICATOR)) && !(cleared & CLEARS(REPORTING));
    if (MSG_HAS(content, content, reporting))
        rule.period = content->reporting;
    if (rule.period == task->course->reporting && !is_measured && !was_measured)
        return;
    rule.calendar = calendar_given(decision);
    rule.is_civil = is_measured || (rule.is_civil && !was_measured);
    due_set_report(&decision->record, rule.period, task->assigned,
                   due_to_report(decision->step->core, &rule, decision->step->now_ms));
    decision_begin_rounds(decision, TERM_BIT(DEADLINE_REPORT));
}

static void tell_named(struct decision *decision, struct texts ids)
{
    const struct step *step = decision->step;
    for (uint32_t i = 0; i < ids.count; i++)
        recipients_add(step->core, &decision->recipients, core_agency_find(step->core, ids.items[i]), step->who.agency,
                       step->now_ms);
}

/* Those who had a role are told by the table; those who get one by this are told as well. */
static void tell_newly_named(struct decision *decision, const struct msg_content *content)
{
    struct recipients *recipients = &decision->recipients;
    const struct step *step = decision->step;
    recipients_add(step->core, recipients, standing_on(step->core, decision->task, decision->task->lead, step->now_ms),
                   step->who.agency, step->now_ms);
    tell_named(decision, content->cooperating);
    if (content->supervisor.size > 0)
        tell_named(decision, (struct texts){&content->supervisor, 1});
    tell_named(decision, content->observers);
}

static void put_amended(struct decision *decision, const struct msg_content *asked)
{
    struct msg_record *record = &decision->record;
    amend_reporting(decision, asked);
    if (MSG_HAS(asked, content, title))
        MSG_SET(record, record, title, asked->title);
    if (MSG_HAS(asked, content, scope)) {
        record->has &= ~MSG_BIT(record, scope);
        if (asked->scope == SCOPE_RESTRICTED)
            MSG_SET(record, record, scope, SCOPE_RESTRICTED);
    }
    MSG_SET(record, record, content, *asked);
}

/* Whether a due time is the one that the task has, said as it was said: of a clock that stands still any is new. */
static bool is_standing_due(const struct decision *decision, int64_t due, struct text text)
{
    const struct task *task = decision->task;
    struct words words;
    struct problem unread = {0};
    return due == task->due && task->rare->suspended == TIME_NONE && words_read(text, "", &words, &unread) == 0 &&
           due_words_number(&words) == task->due_words;
}

/* The new due time; what is asked no longer has it when it is the old one. */
static int amend_due(struct decision *decision, struct msg_content *asked, bool backdated, struct problem *problem)
{
    int64_t due;
    if (!MSG_HAS(asked, content, due))
        return 0;
    if (decision_read_due(decision, asked->due, "content.due", due_past(backdated), &due, problem))
        return problem->error;
    if (is_standing_due(decision, due, asked->due))
        asked->has &= ~MSG_BIT(content, due);
    else
        set_due(decision, due, asked->due);
    return 0;
}

static int check_clear(const struct msg_amend *amend, struct problem *problem)
{
    for (uint32_t left = amend->clear; left; left &= left - 1) {
        const unsigned field = task_clearable_field(__builtin_ctz(left));
        if (amend->content.has >> field & 1)
            return problem_set(problem, COORD_E_BAD_VALUE, "clear",
                               "`content.%s` is given, and taken away as well: leave out one of the two.",
                               message_content.fields[field].name);
    }
    return 0;
}

/* What the task has of what is to be taken away. A clock that stands still, stands still without it. */
static void clear(struct decision *decision, uint32_t wanted)
{
    struct msg_record *record = &decision->record;
    const uint32_t cleared = task_clearable(decision->task, wanted);
    uint32_t rounds = 0;
    if (cleared & CLEARS(DUE)) {
        record_set_due(decision->step->core, decision->task->calendar, TIME_NONE, record, decision->day);
        rounds |= TERM_BIT(DEADLINE_COMPLETION);
    }
    if (cleared & CLEARS(REPORTING)) {
        due_set_report(record, 0, 0, (struct report_end){TIME_NONE, 0});
        rounds |= TERM_BIT(DEADLINE_REPORT);
    }
    if (rounds)
        decision_begin_rounds(decision, rounds);
    if (cleared)
        MSG_SET(record, record, cleared, cleared);
}

/* Of what is new, what an amendment would impose on the lead. */
static int check_amended(const struct decision *decision, const struct msg_content *asked, struct problem *problem)
{
    const bool has_passed = MSG_HAS(asked, content, due) && decision->record.due <= decision->step->now_ms;
    const struct imposed imposed = {.kind = MSG_HAS(asked, content, kind) ? asked->kind : decision->task->kind,
                                    .lead = decision->task->lead,
                                    .due_field = has_passed ? "content.due" : NULL,
                                    .reporting_field = MSG_HAS(asked, content, reporting) ? "content.reporting" : NULL};
    const struct given_due given = {.kind = imposed.kind,
                                    .lead = imposed.lead,
                                    .field = "content.due",
                                    .due = MSG_HAS(asked, content, due) ? decision->record.due : TIME_NONE,
                                    .was = decision->task->due,
                                    .calendar = core_calendar_to_count(decision->step->core, decision->task)};
    const int error = content_check_imposed(decision->step, &imposed, problem);
    return error ? error : content_check_time(decision->step, &given, problem);
}

/* A note with it is something said, unless it is what the assigner said last. */
static bool says_nothing(const struct decision *decision, const struct msg_amend *amend,
                         const struct msg_content *asked)
{
    return asked->has == 0 && !decision->record.cleared &&
           (!MSG_HAS(amend, amend, note) ||
            text_equal(amend->note, pack_text(decision->task->pack, PACK_ASSIGNER_NOTE)));
}

/* What it is a part of with the amendment; 0 for none. */
static uint64_t whole_after(const struct decision *decision, const struct msg_content *asked)
{
    if (MSG_HAS(asked, content, parent))
        return asked->parent;
    return decision->record.cleared & CLEARS(PARENT) ? 0 : pack_u64(decision->task->pack, PACK_PARENT);
}

/* What the task is already is no change: the record, and whoever is told, have what is new alone. */
int decide_amend(struct decision *decision, const struct msg_amend *amend, struct problem *problem)
{
    const struct msg_content *content = &amend->content;
    const struct task *task = decision->task;
    struct msg_content asked = amend->content;
    if (content->has == 0 && amend->clear == 0)
        return problem_set(problem, COORD_E_BAD_VALUE, "content", "It names nothing to change.");
    int error = content_check(decision->step, content, task, &task->lead, 1, problem);
    if (!error && MSG_HAS(content, content, kind))
        error = content_check_kind(decision->step->core, content->kind, task->assigner, task->lead, "content.kind",
                                   problem);
    /* What went out as a recommendation does not become a directive on the way. */
    if (!error && MSG_HAS(content, content, kind) && content->kind != task->kind)
        error = content_check_tasking(decision->step, content->kind, task->lead, "content.kind", problem);
    if (!error)
        error = target_check(decision->step, content, task, amend->clear, problem);
    if (!error)
        error = amend_due(decision, &asked, amend->backdated, problem);
    if (!error)
        error = check_clear(amend, problem);
    if (!error) {
        clear(decision, amend->clear);
        exclude_decide(decision, &asked);
        /* Without a document there are no paragraphs of it. */
        if (MSG_HAS(&asked, content, document) && asked.document.size == 0)
            MSG_SET(&asked, content, paragraphs, ((struct texts){0}));
        task_content_news(decision->step->core, task, &asked);
        error = check_family(decision, MSG_HAS(&asked, content, due) ? "content.due" : NULL,
                             MSG_HAS(&asked, content, parent) ? asked.parent : 0, problem);
    }
    if (!error)
        error = parts_check_weight(&asked, whole_after(decision, &asked), problem);
    if (!error)
        error = waits_check_circle(decision->step, &asked, task, whole_after(decision, &asked), 0, problem);
    if (!error)
        error = check_amended(decision, &asked, problem);
    if (!error)
        error = given_check_amend(decision->step, task, &asked, problem);
    if (error)
        return error;
    decision->unchanged = says_nothing(decision, amend, &asked);
    put_amended(decision, &asked);
    decision_set_note(decision, MSG_HAS(amend, amend, note), amend->note);
    tell_newly_named(decision, &asked);
    return 0;
}

#include "core/schedule_fire.h"

#include <assert.h>
#include <string.h>

#include "core/agency.h"
#include "core/notice.h"
#include "core/record.h"
#include "core/schedule_today.h"
#include "core/scratch.h"

#define COMPARES_A_LOOK 256 /* numbers compared in a unit of step_look, 0.4 ns each */

/* ---- who it goes to today ---- */

/* Agencies by who stands for them now, each once. */
struct standing_list {
    struct step *step;
    uint32_t *agencies;
    uint32_t count;
};

/* Adds who stands for an agency; false when that one has a role already. */
static bool stand_in(struct standing_list *list, struct text id, struct text *now)
{
    const struct core *core = list->step->core;
    const uint32_t agency = core_agency_find(core, id);
    if (agency == NONE) /* as it is when none of it was checked before */
        return true;
    const uint32_t stands = agency_effective(core, agency, list->step->now_ms);
    for (uint32_t i = 0; i < list->count; i++)
        if (list->agencies[i] == stands)
            return false;
    list->agencies[list->count++] = stands;
    *now = core_agency_id(core, stands);
    return true;
}

static struct texts stand_in_all(struct standing_list *list, struct texts ids)
{
    struct text *now = step_alloc(list->step, ids.count, sizeof *now);
    uint32_t count = 0;
    for (uint32_t i = 0; i < ids.count; i++) {
        now[count] = ids.items[i];
        count += stand_in(list, ids.items[i], &now[count]);
    }
    return (struct texts){now, count};
}

/* A merger may have brought several roles together: the first of them stays. Whom the task is kept from is a list of its own, so
 * that who is to lead, and is excluded by now, is refused. */
static void stand_in_for_all(struct step *step, struct msg_assign *request)
{
    struct msg_content *content = &request->content;
    const uint32_t most = request->leads.count + content->cooperating.count + content->observers.count + 1;
    struct standing_list roles = {step, step_alloc(step, most, sizeof(uint32_t)), 0};
    struct standing_list excluded = {step, step_alloc(step, content->excluded.count + 1, sizeof(uint32_t)), 0};
    struct standing_list whole = {step, step_alloc(step, 1, sizeof(uint32_t)), 0};
    request->leads = stand_in_all(&roles, request->leads);
    if (request->children_of.size > 0)
        (void)stand_in(&whole, request->children_of, &request->children_of);
    if (content->supervisor.size > 0 && !stand_in(&roles, content->supervisor, &content->supervisor)) {
        content->has &= ~MSG_BIT(content, supervisor);
        content->supervisor = (struct text){0};
    }
    content->cooperating = stand_in_all(&roles, content->cooperating);
    content->observers = stand_in_all(&roles, content->observers);
    content->excluded = stand_in_all(&excluded, content->excluded);
    step_look(step, (uint64_t)most * most / COMPARES_A_LOOK + 1); /* each is compared with those before */
}

/* ---- what is made of a period ---- */

static int find_end(const struct step *step, const struct schedule *schedule, int64_t begin, int64_t *due_ms,
                    struct problem *problem)
{
    const struct calendar *calendar = step->core->calendars[schedule->calendar].calendar;
    *due_ms = schedule_due_at_end(schedule->message, calendar, begin);
    if (schedule->message->due_at_end && *due_ms == TIME_NONE)
        return problem_set(problem, COORD_E_CALENDAR_RANGE, "due_at_end",
                           "The period ends outside 2000-01-01 to 2099-12-31.");
    return 0;
}

static void ask(struct step *step, const struct schedule *schedule, struct schedule_try *try)
{
    const struct msg_schedule *message = schedule->message;
    struct msg_assign *request = &try->request;
    MSG_SET(request, assign, reference, schedule_reference(step, schedule, try->name));
    if (MSG_HAS(message, schedule, leads))
        MSG_SET(request, assign, leads, message->leads);
    if (MSG_HAS(message, schedule, children_of))
        MSG_SET(request, assign, children_of, message->children_of);
    if (MSG_HAS(message, schedule, policy))
        MSG_SET(request, assign, policy, message->policy);
    MSG_SET(request, assign, calendar, MSG_HAS(message, schedule, calendar) ? message->calendar : TEXT("default"));
    MSG_SET(request, assign, content, message->content);
    MSG_SET(request, assign, backdated, true); /* however late it is made */
}

/* Which period it is, and under which name. */
static void name_period(struct step *step, const struct schedule *schedule, int64_t begin, struct schedule_try *try)
{
    const struct msg_schedule *message = schedule->message;
    memset(try, 0, sizeof *try);
    period_name(message->period, begin, try->name);
    date_text(begin, try->begin);
    MSG_SET(&try->scheduled, scheduled, schedule, message->schedule);
    MSG_SET(&try->scheduled, scheduled, assigner, message->assigner);
    MSG_SET(&try->scheduled, scheduled, number, message->number);
    MSG_SET(&try->scheduled, scheduled, period, text_of(try->name));
    MSG_SET(&try->scheduled, scheduled, begin, text_of(try->begin));
    ask(step, schedule, try);
}

/* A lead that is looked up, named and checked, also where nothing comes of it at the end; by the tree, with the grants of 64. */
#define LEAD_COST         12
#define LEAD_BY_TREE_COST 50

int schedule_try(struct step *step, const struct schedule *schedule, int64_t begin, bool stands,
                 struct schedule_try *try, struct problem *problem)
{
    name_period(step, schedule, begin, try);
    try->period = (struct assign_period){.scheduled = &try->scheduled,
                                         .from_ms = schedule_begins(step->core, schedule, begin)};
    if (find_end(step, schedule, begin, &try->period.due_ms, problem))
        return problem->error;
    if (stands) {
        stand_in_for_all(step, &try->request);
        schedule_cite(step, &try->request.content);
    }
    try->assignment = (struct assignment){.step = step, .request = &try->request, .period = &try->period};
    const int error = assign_check(&try->assignment, problem);
    const bool by_tree = core_store_settings(step->core).tasking == TASKING_TREE;
    cost_add(step->effects, COST_ASSIGN + try->assignment.count * (uint64_t)(by_tree ? LEAD_BY_TREE_COST : LEAD_COST));
    return error;
}

/* ---- a period begins ---- */

struct coming {
    struct step step;
    const struct schedule *schedule;
    int64_t begin, next; /* its first day, and that of the one after it; SCHEDULE_NEVER when it is the last */
};

/* Why it is only put on record; CATCHUP_NONE when its tasks are to be made. */
static int passed_over(const struct coming *coming)
{
    const struct core *core = coming->step.core;
    const struct msg_schedule *message = coming->schedule->message;
    const int catchup = MSG_HAS(message, schedule, catchup) ? message->catchup : CATCHUP_MERGE;
    const bool has_next = coming->next != SCHEDULE_NEVER &&
                          schedule_begins(core, coming->schedule, coming->next) <= coming->step.now_ms;
    const bool was_missed = schedule_begins(core, coming->schedule, coming->begin) <= core->missed_until;
    if (catchup != CATCHUP_FIRE && has_next)
        return catchup;
    return catchup == CATCHUP_RECORD && was_missed ? CATCHUP_RECORD : CATCHUP_NONE;
}

/* Its agency is told, or who stands in its place: nobody else knows of the schedule. */
static void set_trouble(struct coming *coming, const struct schedule_try *try, const struct problem *problem,
                        struct recipients *to, struct msg_record *record)
{
    const struct core *core = coming->step.core;
    MSG_SET(&record->scheduled, scheduled, error, text_of(error_row(problem->error)->name));
    if (problem->field[0])
        MSG_SET(&record->scheduled, scheduled, field, text_of(problem->field));
    MSG_SET(record, record, reason,
            arena_printf(coming->step.arena, "%.*s could not be made: %s", TEXT_ARGS(try->request.reference),
                         problem->message[0] ? problem->message : error_row(problem->error)->sentence));
    if (!agency_is_valid(core_agency(core, coming->step.who.agency), coming->step.now_ms))
        return;
    recipients_add(core, to, coming->step.who.agency, NONE, coming->step.now_ms);
    MSG_SET(record, record, notice, NOTICE_CANCELLED);
    MSG_SET(record, record, severity, SEVERITY_WARNING);
    MSG_SET(record, record, to, recipients_texts(core, to));
}

static void begin_record(const struct coming *coming, const struct schedule_try *try, char day[DATE_TEXT],
                         struct msg_record *record)
{
    const struct core *core = coming->step.core;
    const struct msg_content *content = &coming->schedule->message->content;
    MSG_SET(record, record, record, RECORD_PERIOD);
    MSG_SET(record, record, scheduled, try->scheduled);
    MSG_SET(record, record, instant, schedule_begins(core, coming->schedule, coming->begin));
    if (try->request.reference.size <= REFERENCE_MAX) /* else no task is called so, and no record has room for it */
        MSG_SET(record, record, reference, try->request.reference);
    MSG_SET(record, record, title, content->title);
    MSG_SET(record, record, assigner, core_agency_id(core, coming->step.who.agency));
    if (content->scope == SCOPE_RESTRICTED)
        MSG_SET(record, record, scope, SCOPE_RESTRICTED);
    if (coming->next == SCHEDULE_NEVER)
        return;
    date_text(coming->next, day);
    MSG_SET(&record->scheduled, scheduled, next, text_of(day));
}

/* Whoever gives it has ended, and nobody stands in its place. */
static int check_assigner(const struct coming *coming, struct problem *problem)
{
    const struct core *core = coming->step.core;
    const struct agency *agency = core_agency(core, coming->step.who.agency);
    if (agency_is_valid(agency, coming->step.now_ms))
        return 0;
    return problem_set(problem, COORD_E_AGENCY_CLOSED, "assigner", "%.*s has ended, and nobody has taken its place.",
                       TEXT_ARGS(agency->id));
}

static int try_period(struct coming *coming, struct schedule_try *try, struct problem *problem)
{
    const int error = schedule_try(&coming->step, coming->schedule, coming->begin, true, try, problem);
    return error ? error : check_assigner(coming, problem);
}

/* How many records it came to. */
static uint32_t come(struct coming *coming)
{
    struct core *core = coming->step.core;
    struct schedule_try try;
    struct problem problem = {0};
    struct msg_record record = {0};
    struct recipients to;
    char day[DATE_TEXT];
    const int catchup = passed_over(coming);
    to.count = 0;
    int error = 0;
    if (catchup == CATCHUP_NONE)
        error = try_period(coming, &try, &problem);
    else
        name_period(&coming->step, coming->schedule, coming->begin, &try);
    const uint32_t tasks = catchup == CATCHUP_NONE && !error ? try.assignment.count : 0;
    if (tasks > 0)
        (void)assign_make(&try.assignment);
    begin_record(coming, &try, day, &record);
    if (catchup != CATCHUP_NONE)
        MSG_SET(&record, record, missed, catchup);
    else if (error)
        set_trouble(coming, &try, &problem, &to, &record);
    else
        MSG_SET(&record.scheduled, scheduled, made, tasks);
    record_emit(core, coming->step.now_ms, &record, coming->step.effects);
    record_apply(core, &record); /* what all of it was made from goes with it */
    return 1 + tasks;
}

uint32_t schedule_fire(struct core *core, const struct event *event, struct effects *effects)
{
    const struct effects_mark began = effects_here(effects);
    const struct heap_item *first = heap_first(&core->periods);
    assert(first && first->at <= event->now_ms);
    const struct schedule *schedule = schedule_at(core, first->value);
    const struct msg_schedule *message = schedule->message;
    const int64_t after = period_after(message->period, schedule->next);
    uint64_t looked = 0;
    struct coming coming = {.step = {.core = core,
                                     .effects = effects,
                                     .now_ms = event->now_ms,
                                     .limits = event->limits,
                                     .arena = decoder_arena(core->scratch->inner),
                                     .looked = &looked},
                            .schedule = schedule,
                            .begin = schedule->next,
                            .next = period_next(message, message->periods + 1, after)};
    arena_clear(coming.step.arena);
    coming.step.who.agency = agency_effective(core, schedule->assigner, event->now_ms);
    coming.step.who.rights = TERM_BIT(RIGHT_ACT);
    const uint32_t made = come(&coming);
    effects_charge(effects, began, coming.step.who.agency);
    return made;
}

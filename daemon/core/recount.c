#include "core/recount.h"

#include "core/asks.h"
#include "core/deadline.h"
#include "core/deadline_text.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/exclude.h"
#include "core/notice.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/recount_places.h"
#include "core/round.h"
#include "core/scratch.h"
#include "core/task_data.h"

/* A step looks at so much: a task of another calendar costs 1 (some ns), one whose rungs are found anew 8 (5 µs at most), a
 * record 64 (20 µs): 2.6 ms in all. */
#define STEP_BUDGET   4096
#define COST_LOOK     1
#define COST_SCHEDULE 8
#define RECORD_COST   64

bool recount_waits_for_acceptance(const struct task *task)
{
    return task->state == STATE_ASSIGNED ||
           (task->state == STATE_SUSPENDED && task->rare->resumes_as == STATE_ASSIGNED);
}

int64_t recount_due(const struct task *task, int deadline)
{
    switch ((enum deadline)deadline) {
    case DEADLINE_ACCEPTANCE:
        return task->accept_due;
    case DEADLINE_COMPLETION:
        return task->due;
    case DEADLINE_REPORT:
        return task->course->report_due;
    case DEADLINE_DECISION:
        return asks_due(task);
    case DEADLINE_NONE:
        break;
    }
    return TIME_NONE;
}

static bool recounted(const struct core *core, const struct task *task, int deadline, const struct calendar *calendar,
                      int64_t *due_ms)
{
    if (recount_due(task, deadline) == TIME_NONE)
        return false;
    if (deadline == DEADLINE_ACCEPTANCE)
        return recount_waits_for_acceptance(task) && due_accept_recounted(core, task, calendar, due_ms);
    if (deadline == DEADLINE_REPORT)
        return due_report_recounted(task, calendar, due_ms);
    if (deadline == DEADLINE_DECISION)
        return due_decide_recounted(core, task, asks_oldest(task), calendar, due_ms);
    return task->due_words != 0 && due_recounted(task, calendar, due_ms);
}

/* What time it was for a deadline when its calendar was changed: of a task that stood still, when that began, but for what its
 * lead has asked. */
static int64_t clock_of(const struct task *task, int deadline, int64_t changed_ms)
{
    const bool stood = task->rare->suspended != TIME_NONE && task->rare->suspended < changed_ms &&
                       deadline != DEADLINE_DECISION;
    return stood ? task->rare->suspended : changed_ms;
}

/* Whether a date stays that would become another. */
static bool is_kept(const struct task *task, int deadline, int64_t due_ms, int64_t changed_ms)
{
    const int64_t then = clock_of(task, deadline, changed_ms);
    return recount_due(task, deadline) > then && due_ms <= then;
}

static bool moves(const struct core *core, const struct task *task, int deadline, const struct calendar *calendar,
                  int64_t changed_ms, int64_t *due_ms)
{
    return state_is_open(task->state) && recounted(core, task, deadline, calendar, due_ms) &&
           *due_ms != recount_due(task, deadline) && !is_kept(task, deadline, *due_ms, changed_ms);
}

uint32_t recount_keeps(const struct core *core, const struct task *task, const struct calendar *calendar,
                       int64_t changed_ms, int64_t due_ms[ROUND_KINDS])
{
    uint32_t kept = 0;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++)
        if (state_is_open(task->state) && recounted(core, task, deadline, calendar, &due_ms[deadline]) &&
            is_kept(task, deadline, due_ms[deadline], changed_ms))
            kept |= TERM_BIT(deadline);
    return kept;
}

uint32_t recount_moves(const struct core *core, const struct task *task, const struct calendar *calendar,
                       int64_t changed_ms, int64_t due_ms[ROUND_KINDS])
{
    uint32_t moved = 0;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++)
        if (moves(core, task, deadline, calendar, changed_ms, &due_ms[deadline]))
            moved |= TERM_BIT(deadline);
    return moved;
}

uint32_t recount_asks(const struct core *core, const struct task *task, const struct calendar *calendar,
                      int64_t changed_ms, struct recounted_ask asks[ASKING_END])
{
    const struct msg_asked *oldest = asks_oldest(task);
    uint32_t count = 0;
    for (uint32_t i = 0; oldest && state_is_open(task->state) && i < task->rare->asks->count; i++) {
        const struct msg_asked *asked = task->rare->asks->items[i];
        int64_t due;
        if (asked != oldest && asks_is_open(asked) && due_decide_recounted(core, task, asked, calendar, &due) &&
            due != asked->decide_due && (due > changed_ms || asked->decide_due <= changed_ms))
            asks[count++] = (struct recounted_ask){asked, due};
    }
    return count;
}

/* ---- telling ---- */

/* What is told of one task: all of its deadlines that move, by one record. */
struct telling {
    const struct task *task;
    const struct msg_asked *asked; /* whose decision moves, if one does: the oldest's, unless it is told for itself */
    int64_t changed_ms;            /* when the calendar was */
    uint32_t moved;                /* deadlines, as bits */
    const int64_t *due_ms;
    struct msg_counted counted[ROUND_KINDS];
};

/* The deadlines that move, each by these words, the last after "and". */
static struct text list(struct core *core, const struct telling *telling,
                        struct text (*words)(struct core *core, const struct telling *telling, int deadline))
{
    struct text all = {0};
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        if (!(telling->moved & TERM_BIT(deadline)))
            continue;
        const bool is_last = telling->moved >> (deadline + 1) == 0;
        const char *between = all.size == 0 ? "" : is_last ? " and " : ", ";
        all = arena_printf(&core->scratch->arena, "%.*s%s%.*s", TEXT_ARGS(all), between,
                           TEXT_ARGS(words(core, telling, deadline)));
    }
    return all;
}

static struct text moved_words(struct core *core, const struct telling *telling, int deadline)
{
    static const char *const owes[ROUND_KINDS] = {[DEADLINE_ACCEPTANCE] = "to be accepted by",
                                                  [DEADLINE_COMPLETION] = "due",
                                                  [DEADLINE_REPORT] = "to report by",
                                                  [DEADLINE_DECISION] = "to be decided on by"};
    char to[WHEN_ROOM], from[WHEN_ROOM];
    const struct calendar *calendar = core_calendar_of(core, telling->task);
    deadline_when(calendar, telling->due_ms[deadline], to);
    deadline_when(calendar, telling->counted[deadline].was, from);
    return arena_printf(&core->scratch->arena, "%s %s now, which was %s", owes[deadline], to, from);
}

static struct text counted_words(struct core *core, const struct telling *telling, int deadline)
{
    const struct text words = telling->counted[deadline].words;
    return deadline == DEADLINE_REPORT ? arena_printf(&core->scratch->arena, "the %.*s report", TEXT_ARGS(words))
                                       : words;
}

/* What says each date may be 541 bytes: 128 of a reference, 64 of a calendar's id, four times 70 of dates and 17 of what was
 * counted. Then it is said shortly: the record has the dates. */
static struct text reason_of(struct core *core, const struct telling *telling)
{
    const struct text moved = list(core, telling, moved_words), counted = list(core, telling, counted_words);
    const bool is_one_report = telling->moved == TERM_BIT(DEADLINE_REPORT);
    const struct text calendar = core->calendars[telling->task->calendar].id;
    const struct text reason = arena_printf(&core->scratch->arena,
                                            "%.*s is %.*s: the calendar %.*s has changed, and %.*s %s counted anew.",
                                            TEXT_ARGS(task_reference(telling->task)), TEXT_ARGS(moved),
                                            TEXT_ARGS(calendar), TEXT_ARGS(counted), is_one_report ? "was" : "were");
    return reason.size <= REASON_MAX
               ? reason
               : arena_printf(&core->scratch->arena, "The dates of %.*s moved: the calendar %.*s has changed.",
                              TEXT_ARGS(task_reference(telling->task)), TEXT_ARGS(calendar));
}

/* What the record says of the dates, and of how they were counted. */
static void set_dates(struct core *core, struct telling *telling, struct msg_record *record, char *day)
{
    const struct task *task = telling->task;
    struct msg_counted *counted = telling->counted;
    if (telling->moved & TERM_BIT(DEADLINE_ACCEPTANCE)) {
        (void)due_accept_counted(core, task, &core->scratch->arena, &counted[DEADLINE_ACCEPTANCE]);
        MSG_SET(&counted[DEADLINE_ACCEPTANCE], counted, was, task->accept_due);
        MSG_SET(record, record, accept_counted, counted[DEADLINE_ACCEPTANCE]);
        MSG_SET(record, record, accept_due, telling->due_ms[DEADLINE_ACCEPTANCE]);
    }
    if (telling->moved & TERM_BIT(DEADLINE_COMPLETION)) {
        (void)due_counted(task, &core->scratch->arena, &counted[DEADLINE_COMPLETION]);
        MSG_SET(&counted[DEADLINE_COMPLETION], counted, was, task->due);
        MSG_SET(record, record, counted, counted[DEADLINE_COMPLETION]);
        record_set_due(core, task->calendar, telling->due_ms[DEADLINE_COMPLETION], record, day);
    }
    if (telling->moved & TERM_BIT(DEADLINE_REPORT)) {
        (void)due_report_counted(task, &counted[DEADLINE_REPORT]);
        MSG_SET(&counted[DEADLINE_REPORT], counted, was, task->course->report_due);
        MSG_SET(record, record, report_counted, counted[DEADLINE_REPORT]);
        MSG_SET(record, record, report_due, telling->due_ms[DEADLINE_REPORT]);
    }
    if (telling->moved & TERM_BIT(DEADLINE_DECISION)) {
        MSG_SET(record, record, asked, *telling->asked);
        counted[DEADLINE_DECISION] = record->asked.counted;
        MSG_SET(&counted[DEADLINE_DECISION], counted, was, record->asked.decide_due);
        MSG_SET(&record->asked, asked, counted, counted[DEADLINE_DECISION]);
        MSG_SET(&record->asked, asked, decide_due, telling->due_ms[DEADLINE_DECISION]);
        record->asked.has &= ~MSG_BIT(asked, reason);
    }
}

/* A date that has passed and that comes to another one that has gets no round of its own, so that what climbs climbs on. Nor does
 * the report under way while that of a period before is missing: the ladder of reports is its. */
static uint32_t rounds_of(const struct telling *telling)
{
    const struct task *task = telling->task;
    uint32_t rounds = telling->moved;
    if (telling->asked != asks_oldest(task))
        return 0; /* its clock does not run yet */
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        const int64_t then = clock_of(task, deadline, telling->changed_ms);
        if ((rounds & TERM_BIT(deadline)) && recount_due(task, deadline) <= then && telling->due_ms[deadline] <= then)
            rounds &= ~TERM_BIT(deadline);
    }
    return task_report_missed(task) == TIME_NONE ? rounds : rounds & ~TERM_BIT(DEADLINE_REPORT);
}

static void move(struct core *core, struct telling *telling, int64_t now_ms, struct effects *effects)
{
    const struct task *task = telling->task;
    const uint32_t rounds = rounds_of(telling);
    struct msg_record record;
    struct recipients told = {0};
    struct round_end ended;
    char day[DATE_TEXT];
    arena_clear(&core->scratch->arena);
    record_begin_task(core, task, now_ms, RECORD_DUE_MOVED, &record, day);
    set_dates(core, telling, &record, day);
    if (rounds)
        MSG_SET(&record, record, rounds, rounds);
    round_end(core, task, rounds, NONE, now_ms, &record, &ended, &told);
    recipients_add_roles(core, &told, task, TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_ASSIGNER), NONE, now_ms);
    if (telling->asked != asks_oldest(task))
        recipients_add(core, &told, asks_decider(core, telling->asked), NONE, now_ms);
    else if (telling->moved & TERM_BIT(DEADLINE_DECISION))
        recipients_add_roles(core, &told, task, TERM_BIT(ROLE_DECIDER), NONE, now_ms);
    MSG_SET(&record, record, notice, NOTICE_DUE_MOVED);
    MSG_SET(&record, record, severity, SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, reason_of(core, telling));
    MSG_SET(&record, record, to, recipients_texts(core, &told));
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
}

/* ---- questions of the lead ---- */

static struct text question_reason(struct core *core, const struct task *task, const struct msg_question *question,
                                   const struct calendar *calendar, int64_t due_ms)
{
    char to[WHEN_ROOM], from[WHEN_ROOM];
    deadline_when(calendar, due_ms, to);
    deadline_when(calendar, question->due, from);
    return arena_printf(&core->scratch->arena,
                        "An opinion on %.*s is owed by %s now, which was %s: the calendar has changed, and %.*s was "
                        "counted anew.",
                        TEXT_ARGS(task_reference(task)), to, from, TEXT_ARGS(question->counted.words));
}

/* Told to the lead, and to those who owe an opinion. */
static void move_question(struct core *core, const struct task *task, const struct calendar *calendar,
                          const struct recounted_question *moved, int64_t now_ms, struct effects *effects)
{
    struct msg_record record;
    struct msg_question question = *moved->question;
    struct recipients told = {0};
    char day[DATE_TEXT], question_day[DATE_TEXT];
    arena_clear(&core->scratch->arena);
    record_begin_task(core, task, now_ms, RECORD_DUE_MOVED, &record, day);
    question.has &= ~(MSG_BIT(question, note) | MSG_BIT(question, evidence) | MSG_BIT(question, due_day));
    MSG_SET(&question.counted, counted, was, question.due);
    MSG_SET(&question, question, due, moved->due_ms);
    calendar_day_text(calendar, moved->due_ms, question_day);
    if (question_day[0])
        MSG_SET(&question, question, due_day, text_of(question_day));
    MSG_SET(&record, record, question, question);
    recipients_add_roles(core, &told, task, TERM_BIT(ROLE_LEAD), NONE, now_ms);
    for (uint32_t i = 0; i < task->rare->questions->opinion_count; i++)
        if (task->rare->questions->opinions[i]->question == question.question &&
            opinion_is_owed(task->rare->questions->opinions[i]))
            recipients_add(core, &told, questions_owes(core, task->rare->questions->opinions[i], now_ms), NONE, now_ms);
    exclude_from(core, task, now_ms, &told);
    MSG_SET(&record, record, notice, NOTICE_DUE_MOVED);
    MSG_SET(&record, record, severity, SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, question_reason(core, task, moved->question, calendar, moved->due_ms));
    MSG_SET(&record, record, to, recipients_texts(core, &told));
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
}

static uint32_t move_questions(struct core *core, uint32_t calendar, const struct task *task, int64_t now_ms,
                               struct effects *effects)
{
    struct recounted_question moved[TASK_QUESTIONS_MAX];
    const struct calendar *counting = core->calendars[calendar].calendar;
    const uint32_t count = questions_moved(task, counting, core->calendars[calendar].changed, moved);
    for (uint32_t i = 0; i < count; i++)
        move_question(core, task, counting, &moved[i], now_ms, effects);
    return count;
}

/* ---- walking ---- */

/* Each by a record of its own; the applying of one leaves the others where they were. */
static uint32_t move_asks(struct core *core, const struct task *task, int64_t changed_ms, int64_t now_ms,
                          struct effects *effects)
{
    struct recounted_ask asks[ASKING_END];
    const uint32_t count = recount_asks(core, task, core_calendar_of(core, task), changed_ms, asks);
    for (uint32_t i = 0; i < count; i++) {
        int64_t due_ms[ROUND_KINDS] = {[DEADLINE_DECISION] = asks[i].due_ms};
        struct telling telling = {.task = task,
                                  .asked = asks[i].asked,
                                  .changed_ms = changed_ms,
                                  .moved = TERM_BIT(DEADLINE_DECISION),
                                  .due_ms = due_ms};
        move(core, &telling, now_ms, effects);
    }
    return count;
}

/* A task without a date of its own may have questions all the same: those are counted in `default`. */
static bool is_counted_in(const struct core *core, const struct task *task, uint32_t calendar)
{
    return task->calendar == calendar || (task->rare->questions && core_calendar_to_count(core, task) == calendar);
}

/* What looking at a task cost. */
static uint32_t look(struct core *core, uint32_t calendar, const struct task *task, int64_t now_ms,
                     struct effects *effects)
{
    int64_t due_ms[ROUND_KINDS];
    const int64_t changed_ms = core->calendars[calendar].changed;
    struct telling telling = {.task = task, .changed_ms = changed_ms, .due_ms = due_ms};
    uint32_t told = 0;
    if (!task || !state_is_open(task->state) || !is_counted_in(core, task, calendar))
        return COST_LOOK;
    telling.moved = recount_moves(core, task, core->calendars[calendar].calendar, changed_ms, due_ms);
    telling.asked = asks_oldest(task);
    if (telling.moved) {
        move(core, &telling, now_ms, effects);
        told++;
    }
    told += move_asks(core, task, changed_ms, now_ms, effects);
    told += move_questions(core, calendar, task, now_ms, effects);
    if (told > 0)
        return (RECORD_COST + COST_SCHEDULE * questions_looks(task)) * told;
    deadline_schedule(core, task);
    return COST_SCHEDULE * (1 + questions_looks(task));
}

void recount_step(struct core *core, int64_t now_ms, struct effects *effects)
{
    uint32_t cost = 0;
    for (uint32_t i = 0; i < core->calendar_count && cost < STEP_BUDGET; i++) {
        struct calendar_entry *entry = &core->calendars[i];
        for (; entry->recount && entry->recount <= core->task_count && cost < STEP_BUDGET; entry->recount++)
            cost += core_task_is_cold(core, entry->recount)
                        ? COST_LOOK
                        : look(core, i, core_task(core, entry->recount), now_ms, effects);
        if (entry->recount > core->task_count)
            recount_end(core, i);
    }
}

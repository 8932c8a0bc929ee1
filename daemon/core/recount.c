#include "core/recount.h"

#include "core/deadline.h"
#include "core/deadline_text.h"
#include "core/due.h"
#include "core/notice.h"
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
#define COST_RECORD   64

/* Whether the lead still has to accept, now or once the task runs on. */
static bool waits_for_acceptance(const struct task *task)
{
    return task->state == STATE_ASSIGNED || (task->state == STATE_SUSPENDED && task->resumes_as == STATE_ASSIGNED);
}

static bool recounted(const struct core *core, const struct task *task, int deadline, const struct calendar *calendar,
                      int64_t *due_ms)
{
    if (deadline == DEADLINE_ACCEPTANCE)
        return task->accept_due != TIME_NONE && waits_for_acceptance(task) &&
               due_accept_recounted(core, task, calendar, due_ms);
    return task->due != TIME_NONE && task->due_words != 0 && due_recounted(task, calendar, due_ms);
}

bool recount_moves(const struct core *core, const struct task *task, int deadline, const struct calendar *calendar,
                   int64_t now_ms, int64_t *due_ms)
{
    const int64_t old = deadline == DEADLINE_ACCEPTANCE ? task->accept_due : task->due;
    if (!state_is_open(task->state) || !recounted(core, task, deadline, calendar, due_ms) || *due_ms == old)
        return false;
    return *due_ms > now_ms || *due_ms > old;
}

/* ---- telling ---- */

static struct text reason_of(struct core *core, const struct task *task, int deadline, int64_t due_ms,
                             const struct msg_counted *counted)
{
    char to[WHEN_ROOM], from[WHEN_ROOM];
    const struct calendar *calendar = core_calendar_of(core, task);
    deadline_when(calendar, due_ms, to);
    deadline_when(calendar, counted->was, from);
    return arena_printf(&core->scratch->arena,
                        "%.*s is %s %s now, which was %s: the calendar %.*s has changed, and %.*s were counted anew.",
                        TEXT_ARGS(task_reference(task)), deadline == DEADLINE_ACCEPTANCE ? "to be accepted by" : "due",
                        to, from, TEXT_ARGS(core->calendars[task->calendar].id), TEXT_ARGS(counted->words));
}

/* What the record says of the date, and of how it was counted. */
static struct msg_counted set_date(struct core *core, const struct task *task, int deadline, int64_t due_ms,
                                   struct msg_record *record, char *day)
{
    struct msg_counted counted;
    if (deadline == DEADLINE_ACCEPTANCE) {
        (void)due_accept_counted(core, task, &core->scratch->arena, &counted);
        MSG_SET(&counted, counted, was, task->accept_due);
        MSG_SET(record, record, accept_counted, counted);
        MSG_SET(record, record, accept_due, due_ms);
    } else {
        (void)due_counted(task, &core->scratch->arena, &counted);
        MSG_SET(&counted, counted, was, task->due);
        MSG_SET(record, record, counted, counted);
        record_set_due(core, task->calendar, due_ms, record, day);
    }
    return counted;
}

static void move(struct core *core, const struct task *task, int deadline, int64_t due_ms, int64_t now_ms,
                 struct effects *effects)
{
    struct msg_record record;
    struct recipients told = {0};
    struct round_end ended;
    char day[DATE_TEXT];
    arena_clear(&core->scratch->arena);
    record_begin_task(core, task, RECORD_DUE_MOVED, &record, day);
    const struct msg_counted counted = set_date(core, task, deadline, due_ms, &record, day);
    MSG_SET(&record, record, rounds, TERM_BIT(deadline));
    round_end(core, task, TERM_BIT(deadline), NONE, now_ms, &record, &ended, &told);
    recipients_add_roles(core, &told, task, TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_ASSIGNER), NONE, now_ms);
    MSG_SET(&record, record, notice, NOTICE_DUE_MOVED);
    MSG_SET(&record, record, severity, SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, reason_of(core, task, deadline, due_ms, &counted));
    MSG_SET(&record, record, to, recipients_texts(core, &told));
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
}

/* ---- walking ---- */

/* What looking at a task cost. */
static uint32_t look(struct core *core, uint32_t calendar, const struct task *task, int64_t now_ms,
                     struct effects *effects)
{
    static const int deadlines[] = {DEADLINE_ACCEPTANCE, DEADLINE_COMPLETION};
    int64_t due_ms;
    uint32_t cost = 0;
    if (!task || task->calendar != calendar || !state_is_open(task->state))
        return COST_LOOK;
    for (size_t i = 0; i < sizeof deadlines / sizeof deadlines[0]; i++) {
        if (!recount_moves(core, task, deadlines[i], core_calendar_of(core, task), now_ms, &due_ms))
            continue;
        move(core, task, deadlines[i], due_ms, now_ms, effects);
        cost += COST_RECORD;
    }
    if (cost == 0)
        deadline_schedule(core, task);
    return cost ? cost : COST_SCHEDULE;
}

void recount_step(struct core *core, int64_t now_ms, struct effects *effects)
{
    uint32_t cost = 0;
    for (uint32_t i = 0; i < core->calendar_count && cost < STEP_BUDGET; i++) {
        struct calendar_entry *entry = &core->calendars[i];
        for (; entry->recount && entry->recount <= core->task_count && cost < STEP_BUDGET; entry->recount++)
            cost += look(core, i, core_task(core, entry->recount), now_ms, effects);
        if (entry->recount > core->task_count)
            recount_end(core, i);
    }
}

/* What a calendar that is only tried would move, a page at a time: of the tasks that the asker may read each, and of the others
 * how many. */
#include "core/recount_try.h"
#include "core/questions.h"
#include "core/recount.h"
#include "core/schedule_moved.h"
#include "core/stand_in.h"
#include "core/standing.h"

#define PAGE_TASKS 4096 /* looked at for one reply: × 1 µs, the counting of one */
#define PAGE_MOVES 256  /* of a reply, as messages.def.h has it */
/* Where the pages of schedules go on: this bit, and the number of the last. Below 2^53, which every client's numbers hold. */
#define AFTER_TASKS (UINT64_C(1) << 52)
_Static_assert(CORE_TASKS_MAX < AFTER_TASKS, "no task has the number of a schedule");
/* of one task: each deadline, each kind of request, the end of its suspension, each question */
#define TASK_MOVES (ROUND_KINDS + ASKING_END + TASK_QUESTIONS_MAX)

/* A date that was named for a day of work, and would be on a day off. A task may have none (NULL) that its dates are of. */
static bool loses_its_day(const struct calendar *old, const struct calendar *tried, int64_t named_ms)
{
    return old && named_ms != TIME_NONE && calendar_works(old, calendar_last_day(old, named_ms)) &&
           !calendar_works(tried, calendar_last_day(tried, named_ms));
}

/* What a date of a task would become, TIME_NONE to leave it and only say that it would be a day off. */
static struct msg_move would_move(const struct step *step, const struct task *task, const struct calendar *tried,
                                  int64_t due, int64_t to)
{
    const struct core *core = step->core;
    struct msg_move move = {0};
    MSG_SET(&move, move, task, task->number);
    MSG_SET(&move, move, reference, task_reference(task));
    MSG_SET(&move, move, lead, standing_id_on(core, task, task->lead, step->now_ms));
    MSG_SET(&move, move, due, due);
    struct text day = calendar_day_name(core->calendars[core_calendar_to_count(core, task)].calendar, due, step->arena);
    if (day.size > 0)
        MSG_SET(&move, move, due_day, day);
    MSG_SET(&move, move, day_off, to == TIME_NONE);
    if (to == TIME_NONE)
        return move;
    MSG_SET(&move, move, to, to);
    day = calendar_day_name(tried, to, step->arena);
    if (day.size > 0)
        MSG_SET(&move, move, to_day, day);
    return move;
}

/* A counted date that stays, and what it would be. */
static struct msg_move would_stay(const struct step *step, const struct task *task, const struct calendar *tried,
                                  int64_t due, int64_t counted)
{
    struct msg_move move = would_move(step, task, tried, due, counted);
    move.has &= ~MSG_BIT(move, to);
    MSG_SET(&move, move, kept, true);
    return move;
}

/* How many of a task's dates it touches: TASK_MOVES at most. All but the due time and the end of a suspension are counted. */
static uint32_t touches(const struct step *step, const struct task *task, const struct calendar *tried,
                        struct msg_move *moves)
{
    const struct calendar *old = core_calendar_of(step->core, task);
    int64_t due_ms[ROUND_KINDS];
    struct recounted_ask asks[ASKING_END];
    uint32_t count = 0;
    const uint32_t moved = recount_moves(step->core, task, tried, step->now_ms, due_ms);
    const uint32_t kept = recount_keeps(step->core, task, tried, step->now_ms, due_ms);
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        const int64_t due = recount_due(task, deadline);
        if (!((moved | kept) & TERM_BIT(deadline)))
            continue;
        moves[count] = moved & TERM_BIT(deadline) ? would_move(step, task, tried, due, due_ms[deadline])
                                                  : would_stay(step, task, tried, due, due_ms[deadline]);
        if (deadline != DEADLINE_COMPLETION)
            MSG_SET(&moves[count], move, deadline, deadline);
        count++;
    }
    const uint32_t asked = recount_asks(step->core, task, tried, step->now_ms, asks);
    for (uint32_t i = 0; i < asked; i++) {
        moves[count] = would_move(step, task, tried, asks[i].asked->decide_due, asks[i].due_ms);
        MSG_SET(&moves[count], move, deadline, DEADLINE_DECISION);
        count++;
    }
    if (task->due_words == 0 && loses_its_day(old, tried, task->due))
        moves[count++] = would_move(step, task, tried, task->due, TIME_NONE);
    if (loses_its_day(old, tried, task->rare->until)) {
        moves[count] = would_move(step, task, tried, task->rare->until, TIME_NONE);
        MSG_SET(&moves[count], move, suspension, true);
        count++;
    }
    struct recounted_question questions[TASK_QUESTIONS_MAX];
    const uint32_t asked_of = questions_moved(task, tried, step->now_ms, questions);
    for (uint32_t i = 0; i < asked_of; i++) {
        moves[count] = would_move(step, task, tried, questions[i].question->due, questions[i].due_ms);
        MSG_SET(&moves[count], move, question, questions[i].question->question);
        count++;
    }
    return count;
}

/* Of the tasks after a number, so many as a page holds. */
struct page {
    struct msg_move *moves;
    uint32_t found, hidden;
    uint64_t next; /* the number of the last that was looked at; 0 when there are no more */
};

static struct page try_tasks(struct step *step, uint32_t number, const struct calendar *tried, uint64_t after)
{
    const struct core *core = step->core;
    struct page page = {.moves = step_alloc(step, PAGE_MOVES, sizeof *page.moves)};
    uint32_t looked = 0;
    uint64_t at = after;
    for (; at < core->task_count && looked < PAGE_TASKS && page.found + TASK_MOVES <= PAGE_MOVES; at++, looked++) {
        const struct task *task = core_task_is_cold(core, at + 1) ? NULL : core_task(core, at + 1);
        if (!task || !state_is_open(task->state) || core_calendar_to_count(core, task) != number)
            continue;
        const uint32_t touched = touches(step, task, tried, &page.moves[page.found]);
        if (step_may_read(step, task))
            page.found += touched;
        else
            page.hidden += touched;
    }
    page.next = at < core->task_count ? at : 0;
    return page;
}

void recount_try(struct step *step, uint32_t number, const struct calendar *tried, uint64_t after, uint64_t seq)
{
    struct page page = {0};
    struct schedules_moved schedules = {0};
    struct msg_change_reply reply = {0};
    const bool is_of_tasks = !(after & AFTER_TASKS);
    if (number != NONE && is_of_tasks)
        page = try_tasks(step, number, tried, after);
    if (number != NONE && !is_of_tasks)
        schedules_moved(step, number, tried, after & ~AFTER_TASKS, &schedules);
    MSG_SET(&reply, change_reply, seq, seq);
    MSG_SET(&reply, change_reply, time, step->now_ms);
    MSG_SET(&reply, change_reply, moves, ((struct msg_move_items){page.moves, page.found}));
    if (page.next > 0)
        MSG_SET(&reply, change_reply, next, page.next);
    else if (schedules.next > 0)
        MSG_SET(&reply, change_reply, next, AFTER_TASKS | schedules.next);
    else if (number != NONE && is_of_tasks && step->core->schedule_count > 0)
        MSG_SET(&reply, change_reply, next, AFTER_TASKS);
    MSG_SET(&reply, change_reply, dry_run, true);
    if (page.hidden + schedules.hidden > 0)
        MSG_SET(&reply, change_reply, hidden, page.hidden + schedules.hidden);
    if (schedules.count > 0)
        MSG_SET(&reply, change_reply, schedules, ((struct msg_schedule_move_items){schedules.moves, schedules.count}));
    step_reply(step, &message_change_reply, &reply);
}

/* What a calendar that is only tried would move, by the model's own count: the calendar stands in the place of its old one for as
 * long as all dates are counted by it, and each line of the reply is held against what that comes to. Of tasks and schedules that
 * the asker may not read the lines are only numbered.
 */
#include "sim/sim.h"

#define AT(seq)     (unsigned long long)(seq)
#define AFTER_TASKS (UINT64_C(1) << 52)
#define DATES_MAX   (MODEL_DEADLINES + MODEL_ASKS + 2 + MODEL_QUESTIONS)

/* One line that must come. */
struct line_wanted {
    int64_t due, to; /* `to` is NO_TIME when it stays */
    int deadline;    /* 0 for completion, as the wire leaves it out */
    bool kept, day_off, suspension;
    uint64_t question;
};

struct wanted {
    const struct model_task *task;
    struct line_wanted lines[DATES_MAX];
    uint32_t count;
};

static void want(struct wanted *wanted, struct line_wanted line)
{
    wanted->lines[wanted->count++] = line;
}

/* Nobody is late by decree: what lies ahead and would come to lie in the past stays, and is said to. */
static void want_counted(struct wanted *wanted, int64_t due, int64_t counted, int64_t then, struct line_wanted line)
{
    line.due = due;
    line.to = counted;
    if (due == NO_TIME || counted == NO_TIME || counted == due)
        return;
    line.kept = due > then && counted <= then;
    if (line.kept)
        line.to = NO_TIME;
    want(wanted, line);
}

static void want_day_off(struct wanted *wanted, const struct world_calendar *old, const struct world_calendar *tried,
                         int64_t named, bool suspension)
{
    if (!old || named == NO_TIME || !days_works(old, days_last(old, named)) ||
        days_works(tried, days_last(tried, named)))
        return;
    want(wanted, (struct line_wanted){.due = named, .to = NO_TIME, .day_off = true, .suspension = suspension});
}

/* All lines of a task, while the tried calendar stands. */
static void want_of(const struct sim *sim, const struct model_task *task, const struct world_calendar *old,
                    struct wanted *wanted)
{
    const struct world_calendar *tried = dates_calendar(sim, task);
    const bool has_own = task->calendar >= 0;
    *wanted = (struct wanted){.task = task};
    const int64_t dates[MODEL_DEADLINES] = {[DEADLINE_ACCEPTANCE] = task->accept_due,
                                            [DEADLINE_COMPLETION] = task->due,
                                            [DEADLINE_REPORT] = task->report_due,
                                            [DEADLINE_DECISION] = asked_due(task)};
    for (int deadline = DEADLINE_ACCEPTANCE; has_own && deadline < MODEL_DEADLINES; deadline++)
        want_counted(wanted, dates[deadline], dates_counted_now(sim, task, deadline),
                     dates_clock_of(sim, task, deadline),
                     (struct line_wanted){.deadline = deadline == DEADLINE_COMPLETION ? 0 : deadline});
    for (int i = 0; has_own && i < task->ask_count; i++) {
        const struct model_asked *asked = &task->asks[i];
        if (!asked->outcome && asked != asked_oldest(task) && dates_ask_moves(sim, task, asked))
            want(wanted, (struct line_wanted){.due = asked->decide_due,
                                              .to = dates_ask_counted(sim, task, asked),
                                              .deadline = DEADLINE_DECISION});
    }
    if (!task->words[0])
        want_day_off(wanted, has_own ? old : NULL, tried, task->due, false);
    want_day_off(wanted, has_own ? old : NULL, tried, task->until, true);
    for (int i = 0; i < task->question_count; i++) {
        const struct model_question *question = &task->questions[i];
        if (opinions_question_moves(sim, task, question))
            want(wanted, (struct line_wanted){.due = question->due,
                                              .to = opinions_counted(sim, task, question),
                                              .question = question->id});
    }
}

static void check_line(struct sim *sim, struct text id, const struct wanted *wanted, const struct line_wanted *line,
                       const struct msg_move *move)
{
    SIM_CHECK(sim,
              move->task == wanted->task->number && text_equal(move->reference, text_of(wanted->task->reference)) &&
                  move->due == line->due && (MSG_HAS(move, move, to) ? move->to : NO_TIME) == line->to &&
                  (MSG_HAS(move, move, deadline) ? move->deadline : 0) == line->deadline && move->kept == line->kept &&
                  move->day_off == line->day_off && move->suspension == line->suspension &&
                  (MSG_HAS(move, move, question) ? move->question : 0) == line->question,
              "%.*s: a date of task %llu would move otherwise than it says of task %llu", TEXT_ARGS(id),
              AT(wanted->task->number), AT(move->task));
}

static void check_tasks(struct sim *sim, int key, struct text id, const struct world_calendar *old, uint64_t after,
                        const struct msg_change_reply *reply)
{
    const struct model *model = &sim->model;
    const int number = world_calendar(model->asked.calendar_set.calendar.calendar);
    const bool goes_on = MSG_HAS(reply, change_reply, next) && !(reply->next & AFTER_TASKS);
    const uint64_t last = goes_on ? reply->next : model->task_count;
    uint32_t at = 0;
    uint64_t hidden = 0;
    for (uint64_t i = after; i < last && i < model->task_count; i++) {
        const struct model_task *task = &model->tasks[i];
        struct wanted wanted;
        if (!model_task_is_open(task) || dates_calendar(sim, task) != &sim->world.calendars[number])
            continue;
        want_of(sim, task, old, &wanted);
        const bool is_read = rules_key_may_read(&sim->world, task, key, model->decided);
        hidden += is_read ? 0 : wanted.count;
        for (uint32_t n = 0; is_read && n < wanted.count; n++, at++) {
            SIM_CHECK(sim, at < reply->moves.count, "%.*s: a date of task %llu would move, and that is not said",
                      TEXT_ARGS(id), AT(task->number));
            check_line(sim, id, &wanted, &wanted.lines[n], &reply->moves.items[at]);
        }
    }
    SIM_CHECK(sim, at == reply->moves.count && hidden == (MSG_HAS(reply, change_reply, hidden) ? reply->hidden : 0),
              "%.*s: it says %u dates and %llu hidden ones, of %u and %llu", TEXT_ARGS(id), reply->moves.count,
              AT(reply->hidden), at, AT(hidden));
    sim->model.tried_moves += at;
}

void tried_check_calendar(struct sim *sim, const struct request *request, struct text id,
                          const struct msg_change_reply *reply)
{
    const struct msg_calendar_set *asked = &sim->model.asked.calendar_set;
    const int number = world_calendar(asked->calendar.calendar), key = request->key;
    if (request->is_scrambled || number < 0 || asked->calendar.exceptions.count > WORLD_EXCEPTIONS)
        return;
    const struct world_calendar old = sim->world.calendars[number];
    SIM_CHECK(sim, old.exists || (reply->moves.count == 0 && reply->schedules.count == 0),
              "%.*s moves dates by a calendar that is not there", TEXT_ARGS(id));
    if (!old.exists)
        return;
    struct tried_period was[MODEL_SCHEDULES];
    tried_periods(sim, number, was);
    world_set_calendar(sim, &asked->calendar, sim->model.decided);
    if (asked->after & AFTER_TASKS)
        tried_check_periods(sim, number, key, id, was, reply);
    else
        check_tasks(sim, key, id, &old, asked->after, reply);
    sim->world.calendars[number] = old;
    model_reckon_all(sim);
}

/* Counts by lead over the tasks of one page; the asker adds the pages up. Work of an agency that has ended counts for the one
 * that answers for it now. */
#include "core/agency.h"
#include "core/asks.h"
#include "core/cold.h"
#include "core/deadline.h"
#include "core/handlers.h"
#include "core/holdings.h"
#include "core/query.h"
#include "core/questions.h"
#include "core/reading.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/task_data.h"

#define TALLIES_MAX 1000 /* leads in one reply, as messages.def.h has it */

struct summary {
    struct step *step;
    struct msg_tally *tallies;
    uint32_t *places; /* by agency: index in tallies + 1 */
    uint32_t count;
};

static struct msg_tally *tally_of(struct summary *summary, uint32_t lead)
{
    if (summary->places[lead])
        return &summary->tallies[summary->places[lead] - 1];
    summary->tallies = step_room(summary->step, summary->tallies, summary->count, sizeof *summary->tallies);
    struct msg_tally *tally = &summary->tallies[summary->count++];
    summary->places[lead] = summary->count;
    *tally = (struct msg_tally){.has = ((msg_bits)1 << message_tally.count) - 1};
    tally->lead = core_agency_id(summary->step->core, lead);
    return tally;
}

/* Working days from its due time to when it was submitted, or closed, or now. */
static uint64_t delay_of(const struct step *step, const struct task *task)
{
    int64_t until = step->now_ms;
    if (task->course->submitted != TIME_NONE && (task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED))
        until = task->course->submitted;
    else if (task->course->closed != TIME_NONE)
        until = task->course->closed;
    int64_t days = deadline_delay(step->core, task, until);
    return days > 0 ? (uint64_t)days : 0;
}

static uint32_t answers(const struct step *step, const struct task *task)
{
    return standing_on(step->core, task, task->lead, step->now_ms);
}

/* Whoever had to decide what the lead asked, and did not in time. */
static uint32_t undecided_by(const struct summary *summary, const struct task *task, uint32_t at)
{
    const struct step *step = summary->step;
    if (!asks_is_late(task->rare->asks->items[at], step->now_ms))
        return NONE;
    return standing_on(step->core, task, asks_decider(step->core, task->rare->asks->items[at]), step->now_ms);
}

static void count_undecided(struct summary *summary, const struct task *task)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        const uint32_t decider = undecided_by(summary, task, i);
        if (decider != NONE)
            tally_of(summary, decider)->undecided++;
    }
}

/* Whoever owed an opinion, and did not give it in time. */
static uint32_t silent_of(const struct summary *summary, const struct task *task, uint32_t at)
{
    const struct step *step = summary->step;
    const struct msg_opinion *opinion = task->rare->questions->opinions[at];
    return MSG_HAS(opinion, opinion, silent) ? questions_owes(step->core, opinion, step->now_ms) : NONE;
}

static void count_silent(struct summary *summary, const struct task *task)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const uint32_t silent = silent_of(summary, task, i);
        if (silent != NONE)
            tally_of(summary, silent)->silent++;
    }
}

/* How many tallies a task would add, at most. */
static uint32_t new_tallies(const struct summary *summary, const struct task *task)
{
    uint32_t count = summary->places[answers(summary->step, task)] == 0;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        const uint32_t decider = undecided_by(summary, task, i);
        count += decider != NONE && summary->places[decider] == 0;
    }
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const uint32_t silent = silent_of(summary, task, i);
        count += silent != NONE && summary->places[silent] == 0;
    }
    return count;
}

static void count(struct summary *summary, const struct task *task)
{
    count_undecided(summary, task);
    count_silent(summary, task);
    const struct step *step = summary->step;
    struct msg_tally *tally = tally_of(summary, answers(step, task));
    int timeliness = deadline_timeliness(step->core, task, step->now_ms);
    bool is_done = task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED;
    tally->assigned++;
    tally->open += !is_done;
    tally->submitted += task->state == STATE_SUBMITTED;
    tally->late += is_done && timeliness == TIMELINESS_LATE;
    tally->on_time += is_done && timeliness != TIMELINESS_LATE;
    tally->overdue += timeliness == TIMELINESS_OVERDUE;
    tally->open_escalations += task_open_escalations(task);
    if (timeliness != TIMELINESS_LATE && timeliness != TIMELINESS_OVERDUE)
        return;
    uint64_t delay = delay_of(step, task);
    if (delay > tally->worst_delay)
        tally->worst_delay = delay;
}

/* `limit` is of tallies, but for those of the first task, which are at most 129; the tasks looked at have a bound of their own. */
int handle_summary(struct step *step, const struct msg_summary *asked, struct problem *problem)
{
    const struct core *core = step->core;
    (void)problem;
    uint32_t limit = MSG_HAS(asked, summary, limit) ? (uint32_t)asked->limit : TALLIES_MAX;
    struct summary summary = {step, NULL, step_alloc(step, core->agency_count, sizeof(uint32_t)), 0};
    uint64_t done = asked->after, number, looks = 0; /* what those cost that lie far away, or have many requests */
    struct reading *reading = reading_begin(
        step, &(struct reading_wanted){.agency = NONE, .groups = GROUPS_ALL, .after = done});
    for (; looks + reading_cost(reading) < QUERY_SCAN_MAX && (number = reading_next(reading)); done = number) {
        const struct task *task = core_task(core, number);
        looks += task ? asks_looks(task) + questions_looks(task) + cold_looks(core, task, step->now_ms) : 0;
        if (!task || task->state == STATE_CANCELLED || !step_may_read(step, task))
            continue;
        if (summary.count > 0 && summary.count + new_tallies(&summary, task) > limit)
            break;
        count(&summary, task);
    }
    step_look(step, looks + reading_cost(reading));
    const uint64_t next = reading_rest(reading, done);
    struct msg_summary_reply reply = {0};
    MSG_SET(&reply, summary_reply, tallies, (struct msg_tally_items){summary.tallies, summary.count});
    if (next)
        MSG_SET(&reply, summary_reply, next, next);
    step_reply(step, &message_summary_reply, &reply);
    return 0;
}

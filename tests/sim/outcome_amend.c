/* What an amendment makes of a task. */
#include <math.h>
#include <string.h>

#include "sim/outcome_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

/* The due time that is asked for is the one that it has, in the same words, and its clock runs. */
static bool stays_due(struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct msg_amend *asked = &sim->model.asked.amend;
    struct model_task said = *task;
    dates_learn_words(&said, asked->content.due, now);
    return task->due != NO_TIME && task->suspended == NO_TIME && strcmp(said.words, task->words) == 0 &&
           task->due == dates_of_words(sim, task, asked->content.due, now, asked->backdated);
}

uint32_t outcome_taken(const struct model_task *task, const struct msg_amend *asked)
{
    const uint32_t has = (task->due != NO_TIME ? TERM_BIT(CLEARABLE_DUE) : 0) |
                         (task->parent ? TERM_BIT(CLEARABLE_PARENT) : 0) |
                         (task->reporting ? TERM_BIT(CLEARABLE_REPORTING) : 0) |
                         (task->is_measured ? TERM_BIT(CLEARABLE_INDICATOR) : 0);
    return asked->clear & has;
}

/* It is as if it had never been given; the clock of a task that is suspended stands still without it. */
static void take_away(struct sim *sim, struct model_task *task, const struct msg_record *record, uint32_t taken)
{
    SIM_CHECK(sim, (record->cleared & ~TERM_BIT(CLEARABLE_TARGET)) == taken,
              "record %llu takes away %x, and was to take %x", AT(record->seq), record->cleared, taken);
    if (taken & TERM_BIT(CLEARABLE_DUE)) {
        task->due = NO_TIME;
        dates_learn_words(task, (struct text){0}, record->time);
    }
    if (taken & TERM_BIT(CLEARABLE_PARENT))
        task->parent = 0;
    if (record->cleared & TERM_BIT(CLEARABLE_TARGET))
        task->target = NAN;
    if (taken & TERM_BIT(CLEARABLE_INDICATOR))
        targets_take_away(task);
    if (!(taken & TERM_BIT(CLEARABLE_REPORTING)))
        return;
    task->reporting = 0;
    dates_owe_report(sim, task, record->time);
}

/* What a model knows of what is asked of a task; the rest it does not. */
static bool is_asked_alike(const struct model_task *a, const struct model_task *b)
{
    return a->cooperating == b->cooperating && a->observers == b->observers && a->supervisor == b->supervisor &&
           a->excluded == b->excluded && a->restricted == b->restricted && a->kind == b->kind &&
           a->reporting == b->reporting && targets_same(a, b) && a->parent == b->parent && a->weight == b->weight &&
           waits_same(a, b);
}

/* What was taken for no change is none. */
void outcome_unchanged(struct sim *sim, const struct msg_record *record)
{
    const struct msg_amend *asked = &sim->model.asked.amend;
    const struct model_task *task = &sim->model.tasks[asked->task - 1];
    struct model_task after = *task;
    outcome_take_content(sim, &after, &asked->content, record);
    SIM_CHECK(sim,
              is_asked_alike(task, &after) && outcome_taken(task, asked) == 0 &&
                  (!MSG_HAS(&asked->content, content, due) || stays_due(sim, task, record->time)),
              "record %llu says that task %llu is so already, and it is not", AT(record->seq), AT(asked->task));
}

/* Nothing is on record as amended that was so already. */
static void check_news(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_content *content = &record->content;
    const bool same[] = {MSG_HAS(content, content, cooperating) && world_mask(content->cooperating) == 0 &&
                             task->cooperating == 0,
                         MSG_HAS(content, content, supervisor) && world_agency(content->supervisor) == task->supervisor,
                         MSG_HAS(content, content, kind) && content->kind == task->kind,
                         MSG_HAS(content, content, reporting) && content->reporting == task->reporting,
                         MSG_HAS(content, content, scope) && (content->scope == SCOPE_RESTRICTED) == task->restricted,
                         MSG_HAS(content, content, parent) && content->parent == task->parent,
                         MSG_HAS(content, content, weight) && (int)content->weight == task->weight,
                         MSG_HAS(content, content, due) && stays_due(sim, task, record->time)};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        SIM_CHECK(sim, !same[i], "record %llu amends task %llu to what it is already: %zu", AT(record->seq),
                  AT(task->number), i);
}

void outcome_amend(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    check_news(sim, task, record);
    const struct msg_content *content = &sim->model.asked.amend.content;
    const bool new_period = MSG_HAS(content, content, reporting) && content->reporting != task->reporting;
    const bool is_measured = MSG_HAS(content, content, indicator) && !task->is_measured;
    const uint32_t taken = outcome_taken(task, &sim->model.asked.amend);
    const bool was_measured = (taken & TERM_BIT(CLEARABLE_INDICATOR)) && !(taken & TERM_BIT(CLEARABLE_REPORTING));
    const struct model_task before = *task;
    const int64_t was = task->due;
    if (task->calendar < 0 && (MSG_HAS(content, content, due) || new_period || is_measured || was_measured) &&
        sim->world.calendars[0].exists)
        task->calendar = 0;
    if (MSG_HAS(content, content, due) && !stays_due(sim, task, record->time)) {
        dates_run_on(sim, task, record->time);
        outcome_give_due(sim, task,
                         dates_of_words(sim, task, content->due, record->time, sim->model.asked.amend.backdated),
                         content->due, record->time);
        if (task->suspended != NO_TIME)
            task->suspended = record->time;
    }
    const int kind = task->kind;
    const uint64_t parent = task->parent;
    const struct model_cited cited = documents_cited(task);
    take_away(sim, task, record, taken);
    outcome_take_content(sim, task, content, record);
    documents_check_cited(sim, task, &cited, content, record);
    SIM_CHECK(sim, task->parent || !MSG_HAS(&record->content, content, weight),
              "record %llu gives task %llu a weight, and it is a part of none", AT(record->seq), AT(task->number));
    SIM_CHECK(sim, !waits_for_itself(sim, task), "record %llu makes task %llu wait for itself", AT(record->seq),
              AT(task->number));
    if (task->kind != kind)
        tasking_check(sim, task, record);
    if (task->parent != parent)
        tasking_check_hanging(sim, task, record);
    tasking_check_imposed(sim, task, record, MSG_HAS(&record->content, content, due), new_period);
    if (MSG_HAS(&record->content, content, due))
        tasking_check_time(sim, task, was, record);
    if (new_period || is_measured || was_measured)
        dates_owe_report(sim, task, record->time);
    targets_check(sim, task, &before, record);
    outcome_check_roles(sim, task, record);
    outcome_check_named(sim, task, content, record);
}

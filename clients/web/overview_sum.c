#include "overview_sum.h"

#include <stdio.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (1440 * MINUTE_MS)
#define WEEK_MS   (7 * DAY_MS)

static const char *const summed[] = {
    "assigned", "open",           "on_time",   "late",      "overdue", "open_escalations",
    "due_week", "overdue_before", "submitted", "undecided", "silent"};
#define SUMMED (sizeof summed / sizeof *summed)

/* 1970-01-01 was a Thursday. */
static int64_t end_of_week(int64_t now, int utc_offset)
{
    const int64_t local = now + utc_offset * MINUTE_MS;
    const int64_t day = local >= 0 ? local / DAY_MS : (local - DAY_MS + 1) / DAY_MS;
    const int64_t weekday = ((day + 3) % 7 + 7) % 7; /* Monday is 0 */
    return (day + 7 - weekday) * DAY_MS - utc_offset * MINUTE_MS;
}

void overview_sum_begin(struct overview_sum *sum, const char *agency, int64_t now, int utc_offset)
{
    *sum = (struct overview_sum){.agencies = json_object(), .now = now, .week_end = end_of_week(now, utc_offset)};
    overview_heads_begin(&sum->heads);
    snprintf(sum->agency, sizeof sum->agency, "%s", agency);
    for (int i = 0; i < OVERVIEW_WEEKS; i++)
        sum->weeks[i].time = now - (OVERVIEW_WEEKS - 1 - i) * WEEK_MS;
}

void overview_sum_done(struct overview_sum *sum)
{
    json_decref(sum->agencies);
    sum->agencies = NULL;
    overview_heads_done(&sum->heads);
}

/* The counts of a lead; they begin at nothing. */
static json_t *counts_of(struct overview_sum *sum, struct text lead)
{
    json_t *counts = json_object_getn(sum->agencies, lead.data, lead.size);
    if (counts)
        return counts;
    counts = json_object();
    for (size_t i = 0; i < SUMMED; i++)
        json_object_set_new(counts, summed[i], json_integer(0));
    json_object_set_new(counts, "worst_delay", json_integer(0));
    json_object_setn_new(sum->agencies, lead.data, lead.size, counts);
    return counts;
}

static void add(json_t *counts, const char *name, uint64_t more)
{
    json_t *count = json_object_get(counts, name);
    json_integer_set(count, json_integer_value(count) + (json_int_t)more);
}

void overview_add_tally(struct overview_sum *sum, const struct msg_tally *tally)
{
    json_t *counts = counts_of(sum, tally->lead), *worst = json_object_get(counts, "worst_delay");
    add(counts, "assigned", tally->assigned);
    add(counts, "open", tally->open);
    add(counts, "on_time", tally->on_time);
    add(counts, "late", tally->late);
    add(counts, "overdue", tally->overdue);
    add(counts, "open_escalations", tally->open_escalations);
    add(counts, "submitted", tally->submitted); /* 0 of a broker that does not count it, as the next */
    add(counts, "undecided", tally->undecided);
    add(counts, "silent", tally->silent);
    if ((json_int_t)tally->worst_delay > json_integer_value(worst))
        json_integer_set(worst, (json_int_t)tally->worst_delay);
}

static bool is_asker(const struct overview_sum *sum, struct text agency)
{
    return text_equal(agency, text_of(sum->agency));
}

static bool is_open(const struct msg_escalation *escalation)
{
    return !MSG_HAS(escalation, escalation, acknowledged) && !MSG_HAS(escalation, escalation, closed);
}

void overview_add_escalation(struct overview_sum *sum, const struct msg_escalation *escalation)
{
    const uint64_t level = escalation->level < OVERVIEW_LEVELS ? escalation->level : OVERVIEW_LEVELS - 1;
    if (MSG_HAS(escalation, escalation, acknowledged))
        sum->acknowledged[level]++;
    else if (MSG_HAS(escalation, escalation, closed))
        sum->ended[level]++;
    else
        sum->open[level]++;
    for (uint32_t i = 0; i < escalation->to.count; i++)
        sum->waiting += is_open(escalation) && is_asker(sum, escalation->to.items[i]);
}

void overview_add_requests(struct overview_sum *sum, const struct msg_task *task)
{
    for (uint32_t i = 0; i < task->asks.count; i++) {
        const struct msg_asked *asked = &task->asks.items[i];
        if (MSG_HAS(asked, asked, outcome))
            continue;
        sum->requests++;
        sum->waiting += is_asker(sum, asked->decider);
    }
}

/* As the page's inbox and coordctl's have it, but for requests of leads: what it leads, what it may confirm, and comments that
 * it has not answered. */
static unsigned waits(const struct overview_sum *sum, const struct msg_task *task)
{
    const uint32_t state = TERM_BIT(task->state);
    const uint32_t worked = TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS);
    const bool leads = is_asker(sum, task->lead),
               watches = is_asker(sum, task->assigner) ||
                         (MSG_HAS(task, task, supervisor) && is_asker(sum, task->supervisor));
    unsigned count = 0;
    if (leads && state & worked)
        count += task->lead_unanswered > 0 ? 2 : 1;
    if (watches && state & (worked | TERM_BIT(STATE_SUSPENDED)))
        count += task->assigner_unanswered > 0;
    if (watches && state & TERM_BIT(STATE_SUBMITTED))
        count++;
    return count;
}

void overview_add_task(struct overview_sum *sum, const struct msg_task *task)
{
    sum->waiting += waits(sum, task);
    if (task->state == STATE_CANCELLED)
        return;
    overview_heads_add(&sum->heads, task, sum->now);
    const bool is_done = task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED;
    const bool has_due = MSG_HAS(task, task, due);
    const int64_t done = is_done && MSG_HAS(task, task, submitted) ? task->submitted : INT64_MAX;
    for (int i = 0; i < OVERVIEW_WEEKS; i++) {
        struct overview_week *week = &sum->weeks[i];
        if (task->assigned > week->time)
            continue;
        const bool is_open = done > week->time, is_overdue = is_open && has_due && task->due <= week->time;
        week->submitted += !is_open;
        week->open += is_open;
        week->overdue += is_overdue;
        if (is_overdue && i == OVERVIEW_WEEKS - 2)
            add(counts_of(sum, task->lead), "overdue_before", 1);
    }
    if (!is_done && has_due && task->due > sum->now && task->due < sum->week_end)
        add(counts_of(sum, task->lead), "due_week", 1);
}

json_t *overview_sum_json(const struct overview_sum *sum)
{
    json_t *levels = json_array(), *trend = json_array();
    for (int level = 1; level < OVERVIEW_LEVELS; level++)
        if (sum->open[level] + sum->acknowledged[level] + sum->ended[level] > 0)
            json_array_append_new(levels, json_pack("{s:i, s:I, s:I, s:I}", "level", level, "open",
                                                    (json_int_t)sum->open[level], "acknowledged",
                                                    (json_int_t)sum->acknowledged[level], "ended",
                                                    (json_int_t)sum->ended[level]));
    for (int i = 0; i < OVERVIEW_WEEKS; i++)
        json_array_append_new(trend,
                              json_pack("{s:I, s:I, s:I, s:I}", "time", (json_int_t)sum->weeks[i].time, "overdue",
                                        (json_int_t)sum->weeks[i].overdue, "open", (json_int_t)sum->weeks[i].open,
                                        "submitted", (json_int_t)sum->weeks[i].submitted));
    return json_pack("{s:I, s:s, s:O, s:o, s:I, s:o, s:I, s:I, s:o, s:o}", "time", (json_int_t)sum->now, "agency",
                     sum->agency, "agencies", sum->agencies, "escalations", levels, "due_week_end",
                     (json_int_t)sum->week_end, "trend", trend, "waiting", (json_int_t)sum->waiting, "requests",
                     (json_int_t)sum->requests, "hot", overview_hot_json(&sum->heads), "documents",
                     overview_documents_json(&sum->heads));
}

#include "overview_sum.h"

#include <stdlib.h>

#include "alloc.h"
#include "overview_heads.h"

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

void overview_sum_begin(struct overview_sum *sum, int64_t now, int utc_offset)
{
    *sum = (struct overview_sum){.agencies = json_object(), .now = now, .week_end = end_of_week(now, utc_offset)};
    for (int i = 0; i < OVERVIEW_WEEKS; i++)
        sum->weeks[i].time = now - (OVERVIEW_WEEKS - 1 - i) * WEEK_MS;
}

void overview_sum_done(struct overview_sum *sum)
{
    json_decref(sum->agencies);
    sum->agencies = NULL;
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

void overview_add_requests(struct overview_sum *sum, const struct msg_task *task)
{
    for (uint32_t i = 0; i < task->asks.count; i++)
        sum->requests += !MSG_HAS(&task->asks.items[i], asked, outcome);
}

/* ---- the rows ---- */

/* Of one lead, as the rows have it. */
struct counted {
    uint64_t assigned, open, open_escalations, due_week, overdue_before;
};

static void add_weeks(struct overview_sum *sum, const struct overview_row *row)
{
    for (int i = 0; i < OVERVIEW_WEEKS; i++) {
        struct overview_week *week = &sum->weeks[i];
        if (row->assigned > week->time)
            continue;
        const bool is_open = row->done > week->time;
        week->submitted += !is_open;
        week->open += is_open;
        week->overdue += overview_is_overdue(row, week->time);
    }
}

static void add_told(struct overview_sum *sum, const struct overview_told *told, struct counted *counted,
                     bool is_counted)
{
    for (size_t level = 0; level < OVERVIEW_LEVELS; level++) {
        sum->open[level] += told->open[level];
        sum->acknowledged[level] += told->acknowledged[level];
        sum->ended[level] += told->ended[level];
        counted->open_escalations += is_counted ? told->open[level] : 0;
    }
}

static void add_row(struct overview_sum *sum, const struct overview_row *row, struct counted *counted)
{
    const int64_t week_ago = sum->weeks[OVERVIEW_WEEKS - 2].time;
    const bool is_cancelled = row->state == STATE_CANCELLED;
    const bool is_open = !is_cancelled && row->state != STATE_SUBMITTED && row->state != STATE_COMPLETED;
    sum->waiting += row->waits;
    if (row->told)
        add_told(sum, row->told, counted, !is_cancelled);
    if (is_cancelled)
        return;
    add_weeks(sum, row);
    counted->assigned++;
    counted->open += is_open;
    counted->overdue_before += row->assigned <= week_ago && overview_is_overdue(row, week_ago);
    counted->due_week += is_open && row->due < sum->week_end && !overview_is_overdue(row, sum->now);
    if (is_open && row->due > sum->now && row->due < sum->next)
        sum->next = row->due;
}

static bool is_as_told(const struct overview_sum *sum, const char *lead, const struct counted *counted)
{
    const json_t *counts = json_object_get(sum->agencies, lead);
    return json_integer_value(json_object_get(counts, "assigned")) == (json_int_t)counted->assigned &&
           json_integer_value(json_object_get(counts, "open")) == (json_int_t)counted->open &&
           json_integer_value(json_object_get(counts, "open_escalations")) == (json_int_t)counted->open_escalations;
}

/* Which of them were counted by the broker and are not here at all, is seen by how many there are. */
static bool agree(const struct overview_sum *sum, const struct overview_rows *rows, const struct counted *counted)
{
    const char *lead;
    json_t *counts;
    size_t here = 0, there = 0;
    bool is_same = true;
    for (size_t i = 0; i < rows->leads.count; i++) {
        is_same = is_same && is_as_told(sum, rows->leads.items[i], &counted[i]);
        here += counted[i].assigned > 0;
    }
    json_object_foreach(sum->agencies, lead, counts)
        there += json_integer_value(json_object_get(counts, "assigned")) > 0;
    return is_same && here == there;
}

void overview_add_rows(struct overview_sum *sum, const struct overview_rows *rows)
{
    struct counted *counted = alloc_zeroed(rows->leads.count + 1, sizeof *counted);
    sum->next = sum->week_end;
    for (size_t i = 0; i < rows->count; i++)
        add_row(sum, &rows->items[i], &counted[rows->items[i].lead]);
    sum->agrees = agree(sum, rows, counted);
    for (size_t i = 0; i < rows->leads.count; i++) {
        if (!counted[i].due_week && !counted[i].overdue_before)
            continue;
        json_t *counts = counts_of(sum, text_of(rows->leads.items[i]));
        add(counts, "due_week", counted[i].due_week);
        add(counts, "overdue_before", counted[i].overdue_before);
    }
    free(counted);
}

json_t *overview_sum_json(const struct overview_sum *sum, const struct overview_rows *rows)
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
                     rows->agency, "agencies", sum->agencies, "escalations", levels, "due_week_end",
                     (json_int_t)sum->week_end, "trend", trend, "waiting", (json_int_t)sum->waiting, "requests",
                     (json_int_t)sum->requests, "hot", overview_hot_json(rows), "documents",
                     overview_documents_json(rows, sum->now));
}

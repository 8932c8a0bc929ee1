/* What follows from a document, by page: the tasks that cite it, how they stand, and by paragraph how many do. A page goes through
 * so many of them, in the order of their numbers, and says nothing of those that its asker may not read. */
#include "core/asks.h"
#include "core/cites.h"
#include "core/cold.h"
#include "core/deadline.h"
#include "core/document_read.h"
#include "core/handlers.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/present.h"
#include "core/query.h"
#include "core/reading.h"
#include "core/scratch.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/task_data.h"

#define CITING_COST    10   /* units of step_look: to show a task in short… */
#define CITING_BYTES   512  /* …and about so many bytes of one, beside its texts */
#define PARAGRAPHS_MAX 16   /* of a task, as messages.def.h has it */
#define COVERED_MAX    1024 /* counts of a page: past them it goes on with the next */

struct coverage {
    struct step *step;
    const struct document *document;
    struct msg_covered *covered; /* the document's paragraphs, none, and those that it has not */
    uint32_t count;              /* of them */
    struct msg_citing *tasks;
    uint32_t found;
    uint64_t cost;
    size_t bytes;
};

/* ---- counting ---- */

static struct msg_covered covered_none(struct text paragraph)
{
    struct msg_covered covered = {0};
    if (paragraph.size > 0)
        MSG_SET(&covered, covered, paragraph, paragraph);
    MSG_SET(&covered, covered, tasks, 0);
    MSG_SET(&covered, covered, open, 0);
    MSG_SET(&covered, covered, submitted, 0);
    MSG_SET(&covered, covered, completed, 0);
    MSG_SET(&covered, covered, overdue, 0);
    MSG_SET(&covered, covered, late, 0);
    return covered;
}

static struct msg_covered *covered_of(struct coverage *coverage, struct text paragraph)
{
    coverage->cost += coverage->count / DOCUMENT_TEXT_LOOKS;
    for (uint32_t i = 0; i < coverage->count; i++)
        if (text_equal(coverage->covered[i].paragraph, paragraph))
            return &coverage->covered[i];
    struct msg_covered *covered = &coverage->covered[coverage->count++];
    *covered = covered_none(paragraph);
    MSG_SET(covered, covered, missing, true);
    return covered;
}

static void count(const struct task *task, int timeliness, struct msg_covered *covered)
{
    const bool is_done = task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED;
    covered->tasks++;
    covered->open += !is_done;
    covered->submitted += task->state == STATE_SUBMITTED;
    covered->completed += task->state == STATE_COMPLETED;
    covered->overdue += timeliness == TIMELINESS_OVERDUE;
    covered->late += is_done && timeliness == TIMELINESS_LATE;
}

static void count_all(struct coverage *coverage, const struct task *task, const struct texts *paragraphs,
                      int timeliness)
{
    if (task->state == STATE_CANCELLED)
        return;
    for (uint32_t i = 0; i < paragraphs->count; i++)
        count(task, timeliness, covered_of(coverage, paragraphs->items[i]));
    if (paragraphs->count == 0)
        count(task, timeliness, covered_of(coverage, (struct text){0}));
}

/* ---- showing ---- */

static struct texts paragraphs_of(struct step *step, const struct task *task)
{
    struct text *items = step_alloc(step, PARAGRAPHS_MAX, sizeof *items);
    uint32_t at = 0, count = 0;
    int tag;
    struct text value;
    while (count < PARAGRAPHS_MAX && pack_next(task->pack, &at, &tag, &value))
        if (tag == PACK_PARAGRAPHS)
            items[count++] = value;
    return (struct texts){items, count};
}

static uint32_t asked_of(const struct task *task)
{
    uint32_t kinds = 0;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (asks_is_open(task->rare->asks->items[i]))
            kinds |= TERM_BIT(task->rare->asks->items[i]->asking);
    return kinds;
}

static void show_standing(struct coverage *coverage, const struct task *task, struct msg_citing *citing)
{
    const struct parts_count parts = parts_count(coverage->step->core, task->number);
    const uint32_t asks = asked_of(task), escalations = task_open_escalations(task);
    coverage->cost += parts.all;
    if (task->course->percent != UINT8_MAX)
        MSG_SET(citing, citing, percent, task->course->percent);
    if (parts.all > 0)
        MSG_SET(citing, citing, parts, parts.all);
    if (parts.open > 0)
        MSG_SET(citing, citing, open_parts, parts.open);
    if (asks)
        MSG_SET(citing, citing, asks, asks);
    if (escalations > 0)
        MSG_SET(citing, citing, open_escalations, escalations);
    if (task->course->answer)
        MSG_SET(citing, citing, answer, task->course->answer);
}

static struct msg_citing show(struct coverage *coverage, const struct task *task, int timeliness,
                              const struct texts *paragraphs)
{
    const struct core *core = coverage->step->core;
    const int64_t now_ms = coverage->step->now_ms;
    const struct text day = present_day(core, task, coverage->step->arena);
    struct msg_citing citing = {0};
    MSG_SET(&citing, citing, task, task->number);
    MSG_SET(&citing, citing, reference, task_reference(task));
    MSG_SET(&citing, citing, title, task_title(task));
    MSG_SET(&citing, citing, assigner, standing_id_on(core, task, task->assigner, now_ms));
    MSG_SET(&citing, citing, lead, standing_id_on(core, task, task->lead, now_ms));
    MSG_SET(&citing, citing, kind, task->kind);
    MSG_SET(&citing, citing, state, task->state);
    MSG_SET(&citing, citing, timeliness, timeliness);
    if (task->due != TIME_NONE)
        MSG_SET(&citing, citing, due, task->due);
    if (day.size > 0)
        MSG_SET(&citing, citing, due_day, day);
    if (paragraphs->count > 0)
        MSG_SET(&citing, citing, paragraphs, *paragraphs);
    show_standing(coverage, task, &citing);
    return citing;
}

/* False when the page is full before this one. */
static bool take(struct coverage *coverage, const struct task *task)
{
    const struct step *step = coverage->step;
    const struct texts paragraphs = paragraphs_of(coverage->step, task);
    const int timeliness = deadline_timeliness(step->core, task, step->now_ms);
    size_t bytes = CITING_BYTES + task_title(task).size + task_reference(task).size;
    for (uint32_t i = 0; i < paragraphs.count; i++)
        bytes += paragraphs.items[i].size;
    if (coverage->found > 0 &&
        (coverage->bytes + bytes > QUERY_BYTES_MAX / 2 || coverage->count + paragraphs.count + 1 > COVERED_MAX))
        return false;
    coverage->bytes += bytes;
    coverage->cost += CITING_COST;
    count_all(coverage, task, &paragraphs, timeliness);
    coverage->tasks = step_room(coverage->step, coverage->tasks, coverage->found, sizeof *coverage->tasks);
    coverage->tasks[coverage->found++] = show(coverage, task, timeliness, &paragraphs);
    return true;
}

/* ---- the page ---- */

static void begin(struct coverage *coverage)
{
    const struct msg_paragraph_items *paragraphs = &coverage->document->message->paragraphs;
    coverage->covered = step_alloc(coverage->step, COVERED_MAX, sizeof *coverage->covered);
    for (uint32_t i = 0; i < paragraphs->count; i++)
        coverage->covered[coverage->count++] = covered_none(paragraphs->items[i].paragraph);
    coverage->covered[coverage->count++] = covered_none((struct text){0});
    coverage->cost += coverage->document->bytes / DOCUMENT_LOOK_BYTES;
}

/* Those that say nothing are left out: the document has its paragraphs. */
static void leave_out(struct coverage *coverage)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < coverage->count; i++)
        if (coverage->covered[i].tasks > 0)
            coverage->covered[kept++] = coverage->covered[i];
    coverage->count = kept;
}

static struct msg_document without_text(struct step *step, const struct document *document)
{
    struct msg_document shown = document_for(step, document);
    struct msg_paragraph *items = step_alloc(step, shown.paragraphs.count, sizeof *items);
    for (uint32_t i = 0; i < shown.paragraphs.count; i++)
        MSG_SET(&items[i], paragraph, paragraph, shown.paragraphs.items[i].paragraph);
    shown.paragraphs.items = items;
    return shown;
}

int handle_document_coverage(struct step *step, const struct msg_document_coverage *asked, struct problem *problem)
{
    const struct core *core = step->core;
    const struct document *document = document_readable(step, asked->document, asked->task, problem);
    if (!document)
        return problem->error;
    const uint32_t limit = query_limit(MSG_HAS(asked, document_coverage, limit), asked->limit);
    const struct cite *cite = cites_of(core, document->message->document);
    struct coverage coverage = {.step = step, .document = document};
    uint64_t done = asked->after, number = 0;
    begin(&coverage);
    for (; cite && coverage.found < limit && coverage.cost < QUERY_SCAN_MAX && (number = cites_next(cite, done));
         done = number) {
        const struct task *task = core_task(core, number);
        coverage.cost += READING_LOOKS + asks_looks(task) + cold_looks(core, task, step->now_ms);
        if (step_may_read(step, task) && !take(&coverage, task))
            break;
    }
    step_look(step, coverage.cost);
    leave_out(&coverage);
    struct msg_coverage_reply reply = {0};
    MSG_SET(&reply, coverage_reply, document, without_text(step, document));
    MSG_SET(&reply, coverage_reply, paragraphs, (struct msg_covered_items){coverage.covered, coverage.count});
    MSG_SET(&reply, coverage_reply, tasks, (struct msg_citing_items){coverage.tasks, coverage.found});
    if (cite && cites_next(cite, done))
        MSG_SET(&reply, coverage_reply, next, done);
    step_reply(step, &message_coverage_reply, &reply);
    return 0;
}

/* coordctl target set, and what else is said of targets: in a report, on a task's page, in an inbox. */
#include "target.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "fill.h"
#include "number.h"
#include "pages.h"
#include "request.h"

/* ---- what is asked ---- */

/* "2024-Q2=97.5" */
static int read_planned(const char *given, struct msg_planned *planned, struct problem *problem)
{
    const char *sign = strchr(given, '=');
    double value;
    *planned = (struct msg_planned){0};
    if (!sign || sign == given || !number_read(sign + 1, &value))
        return problem_set(problem, COORD_E_BAD_VALUE, "plan",
                           "`%.80s` is no planned value: write a period and a number, 2024-Q2=97.5", given);
    MSG_SET(planned, planned, period, ((struct text){given, (uint32_t)(sign - given)}));
    MSG_SET(planned, planned, value, value);
    return 0;
}

/* The whole plan; one that is empty takes it away. One period too many is the broker's to refuse. */
static int fill_plan(struct session *session, struct msg_content *content, struct problem *problem)
{
    const size_t most = message_content.fields[MSG_FIELD(content, plan)].max;
    struct msg_planned *items = arena_alloc(&session->arena, (most + 1) * sizeof *items);
    uint32_t count = 0;
    if (!items)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    for (size_t i = 0; i < session->arguments.given_count; i++) {
        const struct given *given = &session->arguments.given[i];
        if (strcmp(given->option->name, "plan") != 0)
            continue;
        if (!given->value || !given->value[0])
            count = 0;
        else if (count <= most && read_planned(given->value, &items[count++], problem))
            return problem->error;
        MSG_SET(content, content, plan, ((struct msg_planned_items){items, count}));
    }
    return 0;
}

int target_fill(struct session *session, struct msg_content *content, bool is_new, struct problem *problem)
{
    struct msg_indicator given = {0};
    if (fill_from_options(&message_indicator, &given, &session->arguments, &session->arena, problem) ||
        fill_plan(session, content, problem))
        return session_fail(session, problem);
    if (MSG_HAS(&given, indicator, better))
        MSG_SET(&content->indicator, indicator, better, given.better);
    if (MSG_HAS(&given, indicator, counting))
        MSG_SET(&content->indicator, indicator, counting, given.counting);
    if (MSG_HAS(&given, indicator, per))
        MSG_SET(&content->indicator, indicator, per, given.per);
    if (given.has || (is_new && MSG_HAS(content, content, plan)))
        MSG_MARK(content, content, indicator);
    return EXIT_DONE;
}

/* What is not given stays: of the indicator, which is sent whole, as it stands. */
int target_set(struct session *session)
{
    struct msg_task_get get = {0};
    struct msg_task_reply there;
    struct msg_amend amend = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    int code = session_task(session, session->arguments.operands[0], &get.task);
    MSG_MARK(&get, task_get, task);
    if (!code)
        code = session_call(session, OP_TASK_GET, &get, &there);
    if (code)
        return code;
    const bool is_new = !MSG_HAS(&there.task, task, indicator);
    const int kind = there.task.kind;
    amend.content.indicator = there.task.indicator;
    if (fill_from_options(&message_amend, &amend, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&amend, amend, task, get.task);
    MSG_MARK(&amend, amend, content);
    code = task_fill_content(session, &amend.content, &problem);
    if (!code)
        code = target_fill(session, &amend.content, is_new, &problem);
    if (code)
        return code;
    if (is_new)
        MSG_MARK(&amend.content, content, indicator);
    if (kind != KIND_TARGET)
        MSG_SET(&amend.content, content, kind, KIND_TARGET);
    code = session_call(session, OP_AMEND, &amend, &reply);
    if (!code)
        task_show_changes(session, &reply);
    return code;
}

int target_fill_report(struct session *session, struct msg_progress *report, struct problem *problem)
{
    const char *of = arguments_get(&session->arguments, "of");
    const struct field *period = message_field(&message_progress, "period", 6);
    return of && fill_field(&message_progress, report, period, of, &session->arena, problem)
               ? session_fail(session, problem)
               : EXIT_DONE;
}

bool target_put_taken(const struct msg_change_reply *reply, char *words, size_t size)
{
    const struct msg_changed *changed = reply->tasks.count == 1 ? &reply->tasks.items[0] : NULL;
    char value[NUMBER_TEXT], was[NUMBER_TEXT];
    if (!changed || !MSG_HAS(changed, changed, measured))
        return false;
    const struct msg_measured *taken = &changed->measured;
    number_write(taken->value, value);
    const int used = snprintf(words, size, "%s in %.*s", value, TEXT_ARGS(taken->period));
    if (MSG_HAS(taken, measured, was)) {
        number_write(taken->was, was);
        snprintf(words + used, size - (size_t)used, ", which was %s", was);
    }
    return true;
}

/* ---- of a task's page, and of an inbox ---- */

static void put_indicator(const struct msg_indicator *indicator, char *text, size_t size)
{
    int used = snprintf(text, size, "%s is better, each value %s", indicator->better == BETTER_LESS ? "less" : "more",
                        indicator->counting == COUNTING_AMOUNT ? "adds up" : "is what is reached");
    if (MSG_HAS(indicator, indicator, per))
        snprintf(text + used, size - (size_t)used, ", a rate to each %llu", (unsigned long long)indicator->per);
}

void target_page(const struct msg_task *task)
{
    char text[160], value[NUMBER_TEXT];
    if (!MSG_HAS(task, task, indicator))
        return;
    put_indicator(&task->indicator, text, sizeof text);
    page_line("measured", text);
    if (task->values.count) {
        const struct msg_measured *newest = &task->values.items[task->values.count - 1];
        number_write(newest->value, value);
        snprintf(text, sizeof text, "%s in %.*s, of %u; target show has them all", value, TEXT_ARGS(newest->period),
                 task->values.count);
        page_line("newest value", text);
    }
}

void target_values(const struct msg_task *task)
{
    char text[160], value[NUMBER_TEXT];
    if (!MSG_HAS(task, task, indicator))
        return;
    put_indicator(&task->indicator, text, sizeof text);
    printf("indicator\t%s\n", text);
    for (uint32_t i = 0; i < task->plan.count; i++) {
        number_write(task->plan.items[i].value, value);
        printf("plan\t%s\t%s\n", output_plain(task->plan.items[i].period), value);
    }
    for (uint32_t i = 0; i < task->values.count; i++) {
        number_write(task->values.items[i].value, value);
        printf("value_of\t%s\t%s\n", output_plain(task->values.items[i].period), value);
    }
}

const char *target_options(bool is_rate)
{
    return is_rate ? " --numerator NUMBER --denominator NUMBER" : " --value NUMBER";
}

struct text target_missing(const struct texts *periods, uint64_t more, struct text but, struct arena *arena)
{
    struct text names = {NULL, 0};
    for (uint32_t i = 0; i < periods->count; i++)
        if (!text_equal(periods->items[i], but))
            names = arena_printf(arena, "%.*s%s%.*s", TEXT_ARGS(names), names.size ? ", " : "",
                                 TEXT_ARGS(periods->items[i]));
    if (more)
        names = arena_printf(arena, "%.*s and %llu before them", TEXT_ARGS(names), (unsigned long long)more);
    return names;
}

static struct texts copied(const struct texts *texts, struct arena *arena)
{
    struct text *items = arena_alloc(arena, (texts->count + 1) * sizeof *items);
    for (uint32_t i = 0; items && i < texts->count; i++)
        items[i] = arena_copy(arena, texts->items[i]);
    return (struct texts){items, items ? texts->count : 0};
}

void target_keep(struct msg_task *kept, const struct msg_task *task, struct arena *arena)
{
    if (MSG_HAS(task, task, value_owed))
        MSG_SET(kept, task, value_owed, arena_copy(arena, task->value_owed));
    if (MSG_HAS(task, task, value_missing))
        MSG_SET(kept, task, value_missing, arena_copy(arena, task->value_missing));
    if (MSG_HAS(task, task, values_missing))
        MSG_SET(kept, task, values_missing, copied(&task->values_missing, arena));
    if (MSG_HAS(task, task, values_missing_more))
        MSG_SET(kept, task, values_missing_more, task->values_missing_more);
    if (MSG_HAS(task, task, indicator))
        MSG_SET(kept, task, indicator, task->indicator);
}

struct text target_said(const struct msg_task *task, struct text name, struct arena *arena)
{
    const bool is_missing = MSG_HAS(task, task, value_missing);
    const struct text period = is_missing ? task->value_missing : task->value_owed;
    char due[64] = "";
    if (!period.size || task->state == STATE_ASSIGNED)
        return (struct text){0};
    if (!is_missing && MSG_HAS(task, task, report_due))
        (void)value_show_end(task->report_due, due, sizeof due);
    const struct text others = target_missing(&task->values_missing, task->values_missing_more, period, arena);
    return arena_printf(arena, "the value of %.*s %s%s: coordctl target report %.*s%s%s%.*s", TEXT_ARGS(period),
                        is_missing ? "is missing" : "is owed by ", due, TEXT_ARGS(name),
                        target_options(MSG_HAS(&task->indicator, indicator, per)),
                        !others.size ? ""
                        : is_missing ? "; missing besides, each with --of: "
                                     : "; missing, each with --of: ",
                        TEXT_ARGS(others));
}

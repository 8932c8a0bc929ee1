/* coordctl hot-spot: rules by which too much that is late in one place is a hot spot, and how they stand. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "fill.h"
#include "json_write.h"
#include "pages.h"
#include "session.h"

/* As far as they fit, with commas between. */
static void put_told(const struct msg_hot_spot_rule *rule, char *text, size_t size)
{
    value_show(message_field(&message_hot_spot_rule, "to", 2), &rule->to, text, size);
}

int hot_spot_list(struct session *session)
{
    static const struct column columns[] = {
        {"RULE", "rule.rule", COLUMN_TEXT, 0}, {"SINCE", "raised", COLUMN_TEXT, 0},
        {"COUNT", "count", COLUMN_NUMBER, 0},  {"OF", "rule.tasks", COLUMN_NUMBER, 0},
        {"AREA", "rule.area", COLUMN_TEXT, 2}, {"AGENCY", "rule.agency", COLUMN_TEXT, 0},
        {"TELLS", "rule.to", COLUMN_WIDE, 0},  {"SET BY", "rule.by", COLUMN_TEXT, 1},
    };
    struct msg_list list = {0};
    MSG_SET(&list, list, limit, 1000);
    return session_list(session, OP_HOT_SPOT_LIST, &list, columns, sizeof columns / sizeof *columns, 0,
                        "No rules of hot spots concern this agency.");
}

int hot_spot_set(struct session *session)
{
    struct msg_hot_spot_set set = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    const int code = session_count(session, "count", 0, &set.rule.tasks);
    if (code)
        return code;
    if (fill_from_options(&message_hot_spot_rule, &set.rule, &session->arguments, &session->arena, &problem) ||
        fill_from_options(&message_hot_spot_set, &set, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&set.rule, hot_spot_rule, rule, text_of(session->arguments.operands[0]));
    MSG_MARK(&set.rule, hot_spot_rule, tasks);
    MSG_MARK(&set, hot_spot_set, rule);
    const int error = session_call(session, OP_HOT_SPOT_SET, &set, &reply);
    if (!error)
        session_tell_done(session, &reply, "set");
    return error;
}

int hot_spot_remove(struct session *session)
{
    struct msg_hot_spot_remove remove = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    if (fill_from_options(&message_hot_spot_remove, &remove, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&remove, hot_spot_remove, rule, text_of(session->arguments.operands[0]));
    const int error = session_call(session, OP_HOT_SPOT_REMOVE, &remove, &reply);
    if (!error)
        session_tell_done(session, &reply, "removed");
    return error;
}

/* ---- show ---- */

static void show_head(const struct msg_hot_spot *spot)
{
    const struct msg_hot_spot_rule *rule = &spot->rule;
    char text[1200], since[64] = "";
    page_head(rule->rule, (struct text){0});
    if (MSG_HAS(spot, hot_spot, raised))
        value_show_time(spot->raised, since, sizeof since);
    snprintf(text, sizeof text, "%s%s: %llu of %llu%s", since[0] ? "a hot spot since " : "no hot spot", since,
             (unsigned long long)spot->count, (unsigned long long)rule->tasks,
             spot->counting ? ", and is being counted anew" : "");
    page_line("stands", text);
    if (MSG_HAS(rule, hot_spot_rule, area)) {
        snprintf(text, sizeof text, "%.*s", TEXT_ARGS(rule->area));
        page_line("area", text);
    }
    if (MSG_HAS(rule, hot_spot_rule, agency)) {
        snprintf(text, sizeof text, "%.*s, and those under it", TEXT_ARGS(rule->agency));
        page_line("led by", text);
    }
    put_told(rule, text, sizeof text);
    page_line("tells", text);
    snprintf(text, sizeof text, "%.*s", TEXT_ARGS(rule->by));
    page_line("set by", rule->by.size ? text : "an administrator");
    putchar('\n');
}

static struct table *task_table(void)
{
    static const struct column columns[] = {{"REFERENCE", "reference", COLUMN_TEXT, 0},
                                            {"LEAD", "lead", COLUMN_TEXT, 0},
                                            {"WHY", "", COLUMN_TEXT, 0},
                                            {"TASK", "task", COLUMN_NUMBER, 1}};
    return table_new(columns, sizeof columns / sizeof *columns);
}

static void add_task(struct table *table, const struct msg_hot_task *task)
{
    char reference[129], lead[65], number[24];
    const char *why = task->overdue && task->escalated ? "overdue, escalated" : task->overdue ? "overdue" : "escalated";
    snprintf(reference, sizeof reference, "%.*s", TEXT_ARGS(task->reference));
    snprintf(lead, sizeof lead, "%.*s", TEXT_ARGS(task->lead));
    snprintf(number, sizeof number, "%llu", (unsigned long long)task->task);
    table_add_cells(table, (const char *const[]){reference, lead, why, number});
}

static void add_json(json_t **whole, const struct msg_hot_spot *spot)
{
    json_t *page = json_write(&message_hot_spot, spot);
    if (!*whole)
        *whole = page;
    else {
        json_array_extend(json_object_get(*whole, "tasks"), json_object_get(page, "tasks"));
        json_decref(page);
    }
}

/* Page after page; the rule stands on each. */
int hot_spot_show(struct session *session)
{
    struct msg_hot_spot_get get = {0};
    struct msg_hot_spot_reply reply;
    struct table *table = NULL;
    json_t *whole = NULL;
    uint64_t shown = 0, count = 0;
    MSG_SET(&get, hot_spot_get, rule, text_of(session->arguments.operands[0]));
    MSG_SET(&get, hot_spot_get, limit, 1000);
    for (bool more = true; more;) {
        const int code = session_call(session, OP_HOT_SPOT_GET, &get, &reply);
        if (code) {
            json_decref(whole);
            return code;
        }
        if (session->json)
            add_json(&whole, &reply.hot_spot);
        else if (!table && output_is_terminal())
            show_head(&reply.hot_spot);
        if (!session->json && !table)
            table = task_table();
        for (uint32_t i = 0; table && i < reply.hot_spot.tasks.count; i++)
            add_task(table, &reply.hot_spot.tasks.items[i]);
        shown += reply.hot_spot.tasks.count;
        count = reply.hot_spot.count;
        more = MSG_HAS(&reply, hot_spot_reply, next);
        MSG_SET(&get, hot_spot_get, after, reply.next);
    }
    if (session->json) {
        output_json(whole);
        return EXIT_DONE;
    }
    table_show(table, count ? "None of its tasks is this agency's to read." : "No task is late or escalated there.");
    if (output_is_terminal() && shown < count)
        printf("\n%llu more are not this agency's to read.\n", (unsigned long long)(count - shown));
    return EXIT_DONE;
}

/* coordctl schedule …: tasks that come again. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "fill.h"
#include "json_write.h"
#include "session.h"
#include "target.h"

/* ---- what it will make ---- */

static void show_ahead(const struct msg_schedule_reply *reply)
{
    for (uint32_t i = 0; i < reply->ahead.count; i++) {
        const struct msg_line *line = &reply->ahead.items[i];
        printf("ahead\t%.*s\t%s\n", TEXT_ARGS(line->day), output_plain(line->text));
    }
}

static int get(struct session *session, struct text id, const char *assigner, struct msg_schedule_reply *reply)
{
    struct msg_schedule_get get = {0};
    MSG_SET(&get, schedule_get, schedule, id);
    if (assigner)
        MSG_SET(&get, schedule_get, assigner, text_of(assigner));
    return session_call(session, OP_SCHEDULE_GET, &get, reply);
}

int schedule_show(struct session *session)
{
    const char *assigner = arguments_get(&session->arguments, "assigner");
    struct msg_schedule_reply reply;
    const int code = get(session, text_of(session->arguments.operands[0]), assigner, &reply);
    if (code)
        return code;
    if (session->json) {
        output_json(json_write(&message_schedule_reply, &reply));
        return EXIT_DONE;
    }
    output_fields_but(&message_schedule, &reply.schedule, "content number trouble");
    output_fields(&message_content, &reply.schedule.content);
    show_ahead(&reply);
    return EXIT_DONE;
}

int schedule_list(struct session *session)
{
    static const struct column columns[] = {
        {"SCHEDULE", "schedule", COLUMN_TEXT, 0}, {"TITLE", "content.title", COLUMN_WIDE, 0},
        {"PERIOD", "period", COLUMN_TEXT, 0},     {"NEXT", "next", COLUMN_TEXT, 0},
        {"LEADS", "leads", COLUMN_TEXT, 2},       {"MADE", "made", COLUMN_NUMBER, 3},
        {"ENDED", "ended", COLUMN_TEXT, 1},       {"TROUBLE", "trouble", COLUMN_BELOW, 0},
        {"SET BY", "set_by", COLUMN_TEXT, 1},
    };
    struct msg_schedule_list list = {0};
    uint64_t limit;
    const int code = session_count(session, "limit", 0, &limit);
    if (code)
        return code;
    if (arguments_flag(&session->arguments, "closed"))
        MSG_SET(&list, schedule_list, ended, true);
    MSG_SET(&list, schedule_list, limit, 1000);
    return session_list(session, OP_SCHEDULE_LIST, &list, columns, sizeof columns / sizeof *columns, limit,
                        "No schedules of this agency.");
}

/* ---- setting and ending ---- */

/* Of a due date there is a word that no other command takes: the end of the period. */
static void take_end(struct msg_schedule *schedule)
{
    struct msg_content *content = &schedule->content;
    if (!MSG_HAS(content, content, due) || !text_equal(content->due, TEXT("end")))
        return;
    content->has &= ~MSG_BIT(content, due);
    MSG_SET(schedule, schedule, due_at_end, true);
}

static int fill(struct session *session, struct msg_schedule_set *set)
{
    struct msg_schedule *schedule = &set->schedule;
    struct problem problem = {0};
    if (fill_from_options(&message_schedule_set, set, &session->arguments, &session->arena, &problem) ||
        fill_from_options(&message_schedule, schedule, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    int code = task_fill_content(session, &schedule->content, &problem);
    if (!code)
        code = target_fill(session, &schedule->content, true, &problem);
    if (!code)
        code = task_fill_to(session, &schedule->leads, &problem);
    if (code)
        return code;
    if (schedule->leads.count)
        MSG_MARK(schedule, schedule, leads);
    take_end(schedule);
    MSG_SET(schedule, schedule, schedule, text_of(session->arguments.operands[0]));
    MSG_MARK(schedule, schedule, content);
    MSG_MARK(set, schedule_set, schedule);
    return EXIT_DONE;
}

int schedule_set(struct session *session)
{
    struct msg_schedule_set set = {0};
    struct msg_change_reply reply;
    struct msg_schedule_reply now;
    int code = fill(session, &set);
    if (!code)
        code = session_call(session, OP_SCHEDULE_SET, &set, &reply);
    if (code)
        return code;
    const bool is_tried = reply.dry_run;
    session_tell_done(session, &reply, "set");
    if (session->json || is_tried)
        return EXIT_DONE;
    code = get(session, set.schedule.schedule, NULL, &now);
    if (!code)
        show_ahead(&now);
    return code;
}

int schedule_end(struct session *session)
{
    struct msg_schedule_end end = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    if (fill_from_options(&message_schedule_end, &end, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&end, schedule_end, schedule, text_of(session->arguments.operands[0]));
    const int code = session_call(session, OP_SCHEDULE_END, &end, &reply);
    if (!code)
        session_tell_done(session, &reply, "ended");
    return code;
}

/* coordctl part list: the parts of one's task, each with its weight; part give is task assign with the whole named first. */
#include "commands.h"
#include "session.h"

int part_list(struct session *session)
{
    static const struct column columns[] = {
        {"REFERENCE", "reference", COLUMN_TEXT, 0}, {"TITLE", "title", COLUMN_WIDE, 0},
        {"LEAD", "lead", COLUMN_TEXT, 0},           {"STATE", "state", COLUMN_TEXT, 0},
        {"DUE", "due_day", COLUMN_TEXT, 0},         {"HOW", "timeliness", COLUMN_TEXT, 0},
        {"DONE%", "percent", COLUMN_NUMBER, 2},     {"WEIGHT", "weight", COLUMN_NUMBER, 1},
        {"TASK", "task", COLUMN_NUMBER, 3},
    };
    struct msg_task_list list = {0};
    uint64_t limit;
    int code = session_count(session, "limit", 0, &limit);
    if (!code)
        code = session_task(session, session->arguments.operands[0], &list.parent);
    if (code)
        return code;
    MSG_MARK(&list, task_list, parent);
    MSG_SET(&list, task_list, limit, limit && limit < 1000 ? limit : 1000);
    return session_list(session, OP_TASK_LIST, &list, columns, sizeof columns / sizeof *columns, limit,
                        "No parts that this agency may read.\n  next: coordctl help part give");
}

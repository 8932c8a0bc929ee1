/* Costly requests about tasks, and reads. */
#include "core/state.h"
#include "unit/core/costly.h"
#include "unit/core/costly_parts.h"

void costly_make_assign(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, id);
    if (costly_pick(costly, 3))
        MSG_SET(
            &assign, assign, leads,
            costly_agencies(0, costly_pick(costly, 2) ? COSTLY_CHILDREN : 1 + costly_pick(costly, COSTLY_CHILDREN)));
    else
        MSG_SET(&assign, assign, children_of, TEXT("huyen"));
    costly_fill_content(costly, &assign.content, true);
    if (costly_pick(costly, 2))
        MSG_SET(&assign.content, content, parent, costly->whole);
    if (costly_pick(costly, 2))
        MSG_SET(&assign.content, content, due, TEXT("10wd"));
    if (costly_pick(costly, 2))
        MSG_SET(&assign, assign, policy, TEXT("dai"));
    MSG_MARK(&assign, assign, content);
    message_encode(frame, "assign", id, &message_assign, &assign);
}

void costly_make_one(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, id);
    MSG_SET(&assign, assign, leads, costly_agencies(costly_pick(costly, COSTLY_CHILDREN), 1));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    message_encode(frame, "assign", id, &message_assign, &assign);
}

void costly_make_amend(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, costly_any_task(costly));
    costly_fill_content(costly, &amend.content, true);
    if (costly_pick(costly, 2))
        MSG_SET(&amend.content, content, due, costly_pick(costly, 2) ? TEXT("2024-12-27") : TEXT("2024-12-28"));
    MSG_MARK(&amend, amend, content);
    message_encode(frame, "amend", id, &message_amend, &amend);
}

void costly_make_reassign(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_reassign reassign = {0};
    MSG_SET(&reassign, reassign, task, costly_any_task(costly));
    MSG_SET(&reassign, reassign, lead, costly_agencies(costly_pick(costly, COSTLY_CHILDREN), 1).items[0]);
    MSG_SET(&reassign, reassign, note, costly_words(costly, costly->note, 4096));
    message_encode(frame, "reassign", id, &message_reassign, &reassign);
}

void costly_make_comment(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, costly_any_task(costly));
    MSG_SET(&comment, comment, note,
            costly_words(costly, costly->note, costly_pick(costly, 2) ? 4096 : 1 + costly_pick(costly, 1000)));
    message_encode(frame, "comment", id, &message_comment, &comment);
}

void costly_make_report(struct costly *costly, struct buffer *frame, struct text id)
{
    static struct msg_evidence_file files[16];
    struct msg_progress report = {0};
    for (int i = 0; i < 16; i++)
        MSG_SET(&files[i], evidence_file, name, costly_words(costly, costly->text + 600 * i, 512));
    MSG_SET(&report, progress, task, costly_any_task(costly));
    MSG_SET(&report, progress, note, costly_words(costly, costly->note, 4096));
    MSG_SET(&report, progress, evidence_files, (struct msg_evidence_file_items){files, 16});
    message_encode(frame, costly_pick(costly, 2) ? "report" : "submit", id, &message_progress, &report);
}

void costly_make_change(struct costly *costly, struct buffer *frame, struct text id)
{
    static const char *const ops[] = {"accept", "start", "confirm", "resume"};
    struct msg_change change = {0};
    MSG_SET(&change, change, task, costly_any_task(costly));
    message_encode(frame, ops[costly_pick(costly, 4)], id, &message_change, &change);
}

void costly_make_reason(struct costly *costly, struct buffer *frame, struct text id)
{
    static const char *const ops[] = {"reject", "suspend", "cancel"};
    struct msg_reason reason = {0};
    MSG_SET(&reason, reason, task, costly_any_task(costly));
    MSG_SET(&reason, reason, note, costly_words(costly, costly->note, 4096));
    message_encode(frame, ops[costly_pick(costly, 12) ? costly_pick(costly, 2) : 2], id, &message_reason, &reason);
}

void costly_make_escalate(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, costly_any_task(costly));
    MSG_SET(&escalate, escalate, to, costly_agencies(costly_pick(costly, COSTLY_CHILDREN - 16), 16));
    MSG_SET(&escalate, escalate, note, costly_words(costly, costly->note, 4096));
    message_encode(frame, "escalate", id, &message_escalate, &escalate);
}

void costly_make_task_list(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_task_list list = {0};
    if (costly_pick(costly, 2))
        MSG_SET(&list, task_list, search, costly_words(costly, costly->note, 250));
    if (costly_pick(costly, 2))
        MSG_SET(&list, task_list, area, TEXT("land"));
    MSG_SET(&list, task_list, limit, 1000);
    message_encode(frame, "task_list", id, &message_task_list, &list);
}

void costly_make_read(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_task_get get = {0};
    struct msg_list names = {0};
    struct msg_key_list keys = {0};
    MSG_SET(&get, task_get, task, costly_any_task(costly));
    MSG_SET(&names, list, limit, 1000);
    MSG_SET(&keys, key_list, limit, 1000);
    struct msg_task_explain explain = {0};
    MSG_SET(&explain, task_explain, task, costly_any_task(costly));
    switch (costly_pick(costly, 8)) {
    case 6:
        message_encode(frame, "task_explain", id, &message_task_explain, &explain);
        break;
    case 0:
        message_encode(frame, "summary", id, &message_summary, &(struct msg_summary){0});
        break;
    case 1:
        message_encode(frame, "task_get", id, &message_task_get, &get);
        break;
    case 2:
        message_encode(frame, "agency_list", id, &message_list, &names);
        break;
    case 3:
        message_encode(frame, "calendar_list", id, &message_list, &names);
        break;
    case 4:
        message_encode(frame, "policy_list", id, &message_list, &names);
        break;
    case 5:
        message_encode(frame, "key_list", id, &message_key_list, &keys);
        break;
    default:
        message_encode(frame, "escalation_list", id, &message_escalation_list, &(struct msg_escalation_list){0});
        break;
    }
}

void costly_make_explain(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_calendar_explain explain = {0};
    MSG_SET(&explain, calendar_explain, from, TEXT("2000-01-01"));
    MSG_SET(&explain, calendar_explain, add, costly_pick(costly, 2) ? TEXT("2099-12-31") : TEXT("20000wd"));
    message_encode(frame, "calendar_explain", id, &message_calendar_explain, &explain);
}

void costly_make_in_name(struct costly *costly, struct buffer *frame, struct text id)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, costly_any_task(costly));
    MSG_SET(&comment, comment, note, costly_words(costly, costly->note, 1000));
    message_encode_for(frame, "comment", id,
                       costly_pick(costly, 4) ? costly_agencies(300 + costly_pick(costly, 20), 1).items[0]
                                              : TEXT("xa2"),
                       &message_comment, &comment);
}

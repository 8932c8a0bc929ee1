/* Records of no task, or of one that its reader may not read. */
#include "fill.h"

void fill_restored(struct msg_record *record, struct msg_task *task)
{
    fill_no_task(record);
    MSG_SET(record, record, record, RECORD_STORE);
    (void)task;
}

void fill_administrator(struct msg_record *record, struct msg_task *task)
{
    fill_no_task(record);
    MSG_SET(record, record, record, RECORD_KEY);
    MSG_SET(&record->agency, agency, agency, TEXT("tinh"));
    MSG_MARK(record, record, agency);
    MSG_SET(&record->entry, key, label, TEXT("dự phòng"));
    MSG_MARK(record, record, entry);
    (void)task;
}

void fill_removed(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_REMOVED);
    record->has &= ~(MSG_BIT(record, assigner) | MSG_BIT(record, lead) | MSG_BIT(record, state) | MSG_BIT(record, due) |
                     MSG_BIT(record, due_day));
    (void)task;
}

static struct msg_hot_spot_rule rule(void)
{
    struct msg_hot_spot_rule rule = {0};
    MSG_SET(&rule, hot_spot_rule, rule, TEXT("dat-dai"));
    MSG_SET(&rule, hot_spot_rule, area, TEXT("land"));
    MSG_SET(&rule, hot_spot_rule, agency, TEXT("huyen"));
    MSG_SET(&rule, hot_spot_rule, tasks, 3);
    return rule;
}

void fill_hot_spot(struct msg_record *record, struct msg_task *task)
{
    static struct msg_hot_task tasks[2];
    fill_no_task(record);
    MSG_SET(record, record, record, RECORD_HOT_SPOT);
    MSG_SET(&record->hot_spot, hot_spot, rule, rule());
    MSG_SET(&record->hot_spot, hot_spot, count, 3);
    MSG_SET(&tasks[0], hot_task, reference, TEXT("HT-1"));
    MSG_SET(&tasks[0], hot_task, lead, TEXT("xa"));
    MSG_SET(&tasks[0], hot_task, overdue, true);
    tasks[1] = tasks[0];
    MSG_SET(&tasks[1], hot_task, reference, TEXT("HT-2"));
    MSG_SET(&tasks[1], hot_task, escalated, true);
    MSG_SET(&record->hot_spot, hot_spot, tasks, ((struct msg_hot_task_items){tasks, 2}));
    MSG_MARK(record, record, hot_spot);
    (void)task;
}

void fill_hot_spot_cleared(struct msg_record *record, struct msg_task *task)
{
    fill_no_task(record);
    MSG_SET(record, record, record, RECORD_HOT_SPOT);
    MSG_SET(&record->hot_spot, hot_spot, rule, rule());
    MSG_SET(&record->hot_spot, hot_spot, count, 2);
    MSG_MARK(record, record, hot_spot);
    (void)task;
}

void fill_rule_changed(struct msg_record *record, struct msg_task *task)
{
    fill_no_task(record);
    MSG_SET(record, record, record, RECORD_HOT_SPOT_RULE);
    MSG_SET(record, record, hot_spot_rule, rule());
    (void)task;
}

void fill_rule_removed(struct msg_record *record, struct msg_task *task)
{
    fill_rule_changed(record, task);
    MSG_SET(record, record, rule_removed, true);
}

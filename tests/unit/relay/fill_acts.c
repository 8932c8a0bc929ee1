/* Records of what an agency did. */
#include "fill.h"

void fill_assigned(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ASSIGN, STATE_ASSIGNED);
    MSG_SET(&record->content, content, document, TEXT("12-KL/TU"));
    MSG_SET(&record->content, content, paragraphs, fill_names("II.3", "II.4"));
    MSG_MARK(record, record, content);
    (void)task;
}

void fill_circular(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ASSIGN, STATE_ASSIGNED);
    MSG_SET(task, task, kind, KIND_CIRCULAR);
}

void fill_recommended(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ASSIGN, STATE_ASSIGNED);
    MSG_SET(record, record, assigner, TEXT("xa"));
    MSG_SET(task, task, kind, KIND_RECOMMENDATION);
}

void fill_scheduled(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_ASSIGN);
    MSG_SET(record, record, state, STATE_ASSIGNED);
    MSG_SET(&record->scheduled, scheduled, schedule, TEXT("BC-tuan"));
    MSG_SET(&record->scheduled, scheduled, period, TEXT("2024-W25"));
    MSG_MARK(record, record, scheduled);
    (void)task;
}

void fill_accepted(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ACCEPT, STATE_ACCEPTED);
    (void)task;
}

void fill_was_read(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ACCEPT, STATE_COMPLETED);
    MSG_SET(task, task, kind, KIND_CIRCULAR);
}

void fill_started(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_START, STATE_IN_PROGRESS);
    (void)task;
}

void fill_reported(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_REPORT, STATE_IN_PROGRESS);
    MSG_SET(record, record, percent, 60);
    MSG_SET(record, record, officer, TEXT("Nguyễn Văn An"));
    MSG_SET(record, record, note, TEXT("Đã đo đạc xong 8 thửa."));
    (void)task;
}

void fill_submitted(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_SUBMIT, STATE_SUBMITTED);
    MSG_SET(record, record, percent, 100);
    MSG_SET(record, record, open_parts, 2);
    MSG_SET(record, record, note, TEXT("Hai phần chuyển sang quý sau."));
    (void)task;
}

void fill_confirmed(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_CONFIRM, STATE_COMPLETED);
    (void)task;
}

void fill_rejected(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_REJECT, STATE_IN_PROGRESS);
    MSG_SET(record, record, note, TEXT("Thiếu bản đồ."));
    (void)task;
}

void fill_suspended(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_SUSPEND, STATE_SUSPENDED);
    MSG_SET(record, record, until, fill_end_of("2024-07-31"));
    MSG_SET(record, record, note, TEXT("Chờ nghị quyết."));
    (void)task;
}

void fill_resumed(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_RESUME, STATE_IN_PROGRESS);
    (void)task;
}

void fill_ran_on(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_RESUME);
    MSG_SET(record, record, state, STATE_IN_PROGRESS);
    (void)task;
}

void fill_reassigned(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_REASSIGN, STATE_ASSIGNED);
    MSG_SET(record, record, lead, TEXT("xa"));
    (void)task;
}

void fill_heir(struct msg_record *record, struct msg_task *task)
{
    fill_no_task(record);
    MSG_SET(record, record, record, RECORD_AGENCY);
    MSG_SET(&record->agency, agency, agency, TEXT("so"));
    MSG_SET(&record->agency, agency, successor, TEXT("so-moi"));
    MSG_SET(&record->agency, agency, valid_until, fill_end_of("2024-06-30"));
    MSG_MARK(record, record, agency);
    (void)task;
}

void fill_not_stood_in(struct msg_record *record, struct msg_task *task)
{
    fill_no_task(record);
    MSG_SET(record, record, record, RECORD_AGENCY);
    MSG_SET(&record->agency, agency, agency, TEXT("so"));
    MSG_MARK(record, record, agency);
    (void)task;
}

void fill_stood_in(struct msg_record *record, struct msg_task *task)
{
    struct msg_stand_in *stand_in = &record->agency.stand_in;
    fill_not_stood_in(record, task);
    MSG_SET(stand_in, stand_in, by, TEXT("xa"));
    MSG_SET(stand_in, stand_in, from, fill_end_of("2024-06-20"));
    MSG_SET(stand_in, stand_in, until, fill_end_of("2024-06-28"));
    MSG_MARK(&record->agency, agency, stand_in);
}

void fill_amended(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_AMEND, STATE_IN_PROGRESS);
    MSG_SET(&record->content, content, title, TEXT("Rà soát quỹ đất công"));
    MSG_SET(&record->content, content, due, TEXT("2024-06-28"));
    MSG_MARK(record, record, content);
    MSG_SET(record, record, cleared, TERM_BIT(CLEARABLE_REPORTING));
    (void)task;
}

void fill_moved_with_document(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_AMEND);
    MSG_SET(&record->content, content, document, TEXT("15-KL/TU"));
    MSG_SET(&record->content, content, paragraphs, fill_names("III.1", NULL));
    MSG_MARK(record, record, content);
    (void)task;
}

void fill_cancelled(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_CANCEL, STATE_CANCELLED);
    MSG_SET(record, record, note, TEXT("Trùng với HT-9."));
    (void)task;
}

void fill_ended_with_document(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_CANCEL);
    MSG_SET(record, record, state, STATE_CANCELLED);
    MSG_SET(record, record, note, TEXT("Kết luận mới không còn mục này."));
    MSG_SET(task, task, document, TEXT("12-KL/TU"));
}

void fill_not_made(struct msg_record *record, struct msg_task *task)
{
    fill_scheduled(record, task);
    fill_no_task(record);
    record->has &= ~MSG_BIT(record, action);
    MSG_SET(record, record, record, RECORD_PERIOD);
    MSG_SET(record, record, reference, TEXT("BC-tuan/2024-W25"));
    MSG_SET(record, record, title, TEXT("Báo cáo tuần"));
    MSG_SET(record, record, assigner, TEXT("tinh"));
    MSG_SET(&record->scheduled, scheduled, error, TEXT("agency_closed"));
}

void fill_commented(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_COMMENT, STATE_IN_PROGRESS);
    MSG_SET(record, record, note, TEXT("Vướng ở khâu nào?"));
    (void)task;
}

void fill_escalated(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ESCALATE, STATE_IN_PROGRESS);
    MSG_SET(record, record, escalation, 9);
    MSG_SET(record, record, level, 2);
    MSG_SET(record, record, addressed, fill_names("tinh", NULL));
    MSG_SET(record, record, note, TEXT("Xã không hợp tác."));
    (void)task;
}

void fill_acknowledged(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ACKNOWLEDGE, STATE_IN_PROGRESS);
    MSG_SET(record, record, escalation, 9);
    MSG_SET(record, record, level, 2);
    MSG_SET(record, record, note, TEXT("Sẽ họp thứ Hai."));
    (void)task;
}

void fill_reported_in_name(struct msg_record *record, struct msg_task *task)
{
    fill_reported(record, task);
    MSG_SET(record, record, stand_in, TEXT("xa"));
}

/* Records of what is asked: requests of the lead, and questions for opinions. */
#include <string.h>

#include "fill.h"
#include "given.h"
#include "notices.h"

/* ---- requests of the lead ---- */

void fill_asked(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ASK, STATE_IN_PROGRESS);
    MSG_SET(record, record, asked, fill_an_extension(fill_end_of("2024-06-25")));
    MSG_SET(record, record, note, TEXT("Mưa lũ kéo dài."));
    (void)task;
}

void fill_handed_on(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_HANDED_ON);
    MSG_SET(record, record, asked, fill_an_extension(fill_end_of("2024-06-25")));
    (void)task;
}

void fill_undecided(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_HANDED_ON);
    (void)task;
}

static void settled(struct msg_record *record, int action, int outcome)
{
    struct msg_asked asked = fill_an_extension(fill_end_of("2024-06-25"));
    fill_acts(record, action, STATE_IN_PROGRESS);
    MSG_SET(&asked, asked, outcome, outcome);
    MSG_SET(&asked.granted, wish, due_day, TEXT("2024-07-15"));
    if (outcome == SETTLEMENT_GRANTED)
        MSG_MARK(&asked, asked, granted);
    MSG_SET(record, record, asked, asked);
}

void fill_granted(struct msg_record *record, struct msg_task *task)
{
    settled(record, ACTION_GRANT, SETTLEMENT_GRANTED);
    (void)task;
}

void fill_denied(struct msg_record *record, struct msg_task *task)
{
    settled(record, ACTION_DENY, SETTLEMENT_DENIED);
    MSG_SET(record, record, note, TEXT("Đã gia hạn hai lần."));
    (void)task;
}

void fill_taken_back(struct msg_record *record, struct msg_task *task)
{
    settled(record, ACTION_TAKE_BACK, SETTLEMENT_TAKEN_BACK);
    (void)task;
}

void fill_answered(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_ANSWER, STATE_COMPLETED);
    MSG_SET(record, record, answer, ANSWERING_PASSED_ON);
    MSG_SET(record, record, passed_to, TEXT("huyen"));
    MSG_SET(record, record, note, TEXT("Thuộc thẩm quyền của huyện."));
    MSG_SET(task, task, kind, KIND_RECOMMENDATION);
}

/* ---- opinions ---- */

static void question(struct msg_record *record, const char *day)
{
    MSG_SET(&record->question, question, question, 8);
    MSG_SET(&record->question, question, by, TEXT("so"));
    MSG_SET(&record->question, question, due, fill_end_of(day));
    MSG_SET(&record->question, question, due_day, text_of(day));
    MSG_MARK(record, record, question);
}

static void opinions(struct msg_record *record, int a, int b)
{
    static struct msg_opinion two[2];
    memset(two, 0, sizeof two);
    MSG_SET(&two[0], opinion, agency, TEXT("so-tc"));
    MSG_SET(&two[0], opinion, state, a);
    MSG_SET(&two[1], opinion, agency, TEXT("so-xd"));
    MSG_SET(&two[1], opinion, state, b);
    if (a == OPINING_GIVEN)
        MSG_SET(&two[0], opinion, silent, at(MORNING));
    MSG_SET(record, record, opinions, ((struct msg_opinion_items){two, b ? 2 : 1}));
}

void fill_consulted(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_CONSULT, STATE_IN_PROGRESS);
    question(record, "2024-06-21");
    opinions(record, OPINING_ASKED, OPINING_ASKED);
    MSG_SET(record, record, note, TEXT("Giá đất áp dụng có phù hợp không?"));
    (void)task;
}

void fill_opined(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_OPINE, STATE_IN_PROGRESS);
    question(record, "2024-06-19");
    opinions(record, OPINING_GIVEN, 0);
    MSG_SET(record, record, answer, ANSWERING_PARTLY);
    MSG_SET(record, record, note, TEXT("Cần thêm phụ lục."));
    (void)task;
}

void fill_unanswered(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_UNANSWERED);
    question(record, "2024-06-19");
    opinions(record, OPINING_SILENT, OPINING_WITHDRAWN);
    (void)task;
}

void fill_recalled(struct msg_record *record, struct msg_task *task)
{
    fill_acts(record, ACTION_RECALL, STATE_IN_PROGRESS);
    question(record, "2024-06-21");
    opinions(record, OPINING_WITHDRAWN, OPINING_WITHDRAWN);
    MSG_SET(record, record, note, TEXT("Không cần nữa."));
    (void)task;
}

void fill_not_owed(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_UNANSWERED);
    question(record, "2024-06-21");
    opinions(record, OPINING_WITHDRAWN, 0);
    (void)task;
}

void fill_question_moved(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_DUE_MOVED);
    question(record, "2024-06-24");
    MSG_SET(&record->question, question, counted, fill_counted("2wd", "2024-06-21"));
    (void)task;
}

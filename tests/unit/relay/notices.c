/* Longer than others, as there is one for each occasion: what the core puts on record then (daemon/core), and its sentence. */
#include "notices.h"

#include <stdio.h>
#include <string.h>

#include "../../../clients/relay/notification.h"
#include "../../../clients/relay/words.h"
#include "given.h"

/* The instant at which a day is over. */
static int64_t end_of(const char *day)
{
    char time[32];
    snprintf(time, sizeof time, "%sT00:00", day);
    return at(time) + INT64_C(86400000);
}

static struct texts names(const char *a, const char *b)
{
    static struct text kept[8][2];
    static uint32_t next;
    struct text *two = kept[next++ % 8];
    two[0] = text_of(a);
    two[1] = text_of(b ? b : "");
    return (struct texts){two, b ? 2 : 1};
}

/* ---- what an agency did ---- */

static void acts(struct msg_record *record, int action, int state)
{
    MSG_SET(record, record, action, action);
    MSG_SET(record, record, state, state);
    MSG_SET(record, record, request, TEXT("r-1"));
}

static void assigned(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ASSIGN, STATE_ASSIGNED);
    MSG_SET(&record->content, content, document, TEXT("12-KL/TU"));
    MSG_SET(&record->content, content, paragraphs, names("II.3", "II.4"));
    MSG_MARK(record, record, content);
    (void)task;
}

static void circular(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ASSIGN, STATE_ASSIGNED);
    MSG_SET(task, task, kind, KIND_CIRCULAR);
}

static void recommended(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ASSIGN, STATE_ASSIGNED);
    MSG_SET(record, record, assigner, TEXT("xa"));
    MSG_SET(task, task, kind, KIND_RECOMMENDATION);
}

static void scheduled(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_ASSIGN);
    MSG_SET(record, record, state, STATE_ASSIGNED);
    MSG_SET(&record->scheduled, scheduled, schedule, TEXT("BC-tuan"));
    MSG_SET(&record->scheduled, scheduled, period, TEXT("2024-W25"));
    MSG_MARK(record, record, scheduled);
    (void)task;
}

static void accepted(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ACCEPT, STATE_ACCEPTED);
    (void)task;
}

static void was_read(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ACCEPT, STATE_COMPLETED);
    MSG_SET(task, task, kind, KIND_CIRCULAR);
}

static void started(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_START, STATE_IN_PROGRESS);
    (void)task;
}

static void reported(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_REPORT, STATE_IN_PROGRESS);
    MSG_SET(record, record, percent, 60);
    MSG_SET(record, record, officer, TEXT("Nguyễn Văn An"));
    MSG_SET(record, record, note, TEXT("Đã đo đạc xong 8 thửa."));
    (void)task;
}

static void submitted(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_SUBMIT, STATE_SUBMITTED);
    MSG_SET(record, record, percent, 100);
    MSG_SET(record, record, open_parts, 2);
    MSG_SET(record, record, note, TEXT("Hai phần chuyển sang quý sau."));
    (void)task;
}

static void confirmed(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_CONFIRM, STATE_COMPLETED);
    (void)task;
}

static void rejected(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_REJECT, STATE_IN_PROGRESS);
    MSG_SET(record, record, note, TEXT("Thiếu bản đồ."));
    (void)task;
}

static void suspended(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_SUSPEND, STATE_SUSPENDED);
    MSG_SET(record, record, until, end_of("2024-07-31"));
    MSG_SET(record, record, note, TEXT("Chờ nghị quyết."));
    (void)task;
}

static void resumed(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_RESUME, STATE_IN_PROGRESS);
    (void)task;
}

static void ran_on(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_RESUME);
    MSG_SET(record, record, state, STATE_IN_PROGRESS);
    (void)task;
}

static void reassigned(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_REASSIGN, STATE_ASSIGNED);
    MSG_SET(record, record, lead, TEXT("xa"));
    (void)task;
}

static void no_task(struct msg_record *record)
{
    record->has &= ~(MSG_BIT(record, task) | MSG_BIT(record, reference) | MSG_BIT(record, title) |
                     MSG_BIT(record, assigner) | MSG_BIT(record, lead) | MSG_BIT(record, state) | MSG_BIT(record, due) |
                     MSG_BIT(record, due_day));
}

static void heir(struct msg_record *record, struct msg_task *task)
{
    no_task(record);
    MSG_SET(record, record, record, RECORD_AGENCY);
    MSG_SET(&record->agency, agency, agency, TEXT("so"));
    MSG_SET(&record->agency, agency, successor, TEXT("so-moi"));
    MSG_SET(&record->agency, agency, valid_until, end_of("2024-06-30"));
    MSG_MARK(record, record, agency);
    (void)task;
}

static void not_stood_in(struct msg_record *record, struct msg_task *task)
{
    no_task(record);
    MSG_SET(record, record, record, RECORD_AGENCY);
    MSG_SET(&record->agency, agency, agency, TEXT("so"));
    MSG_MARK(record, record, agency);
    (void)task;
}

static void stood_in(struct msg_record *record, struct msg_task *task)
{
    struct msg_stand_in *stand_in = &record->agency.stand_in;
    not_stood_in(record, task);
    MSG_SET(stand_in, stand_in, by, TEXT("xa"));
    MSG_SET(stand_in, stand_in, from, end_of("2024-06-20"));
    MSG_SET(stand_in, stand_in, until, end_of("2024-06-28"));
    MSG_MARK(&record->agency, agency, stand_in);
}

static void reported_in_name(struct msg_record *record, struct msg_task *task);

static void amended(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_AMEND, STATE_IN_PROGRESS);
    MSG_SET(&record->content, content, title, TEXT("Rà soát quỹ đất công"));
    MSG_SET(&record->content, content, due, TEXT("2024-06-28"));
    MSG_MARK(record, record, content);
    MSG_SET(record, record, cleared, TERM_BIT(CLEARABLE_REPORTING));
    (void)task;
}

static void moved_with_document(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_AMEND);
    MSG_SET(&record->content, content, document, TEXT("15-KL/TU"));
    MSG_SET(&record->content, content, paragraphs, names("III.1", NULL));
    MSG_MARK(record, record, content);
    (void)task;
}

static void cancelled(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_CANCEL, STATE_CANCELLED);
    MSG_SET(record, record, note, TEXT("Trùng với HT-9."));
    (void)task;
}

static void ended_with_document(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, action, ACTION_CANCEL);
    MSG_SET(record, record, state, STATE_CANCELLED);
    MSG_SET(record, record, note, TEXT("Kết luận mới không còn mục này."));
    MSG_SET(task, task, document, TEXT("12-KL/TU"));
}

static void not_made(struct msg_record *record, struct msg_task *task)
{
    scheduled(record, task);
    no_task(record);
    record->has &= ~MSG_BIT(record, action);
    MSG_SET(record, record, record, RECORD_PERIOD);
    MSG_SET(record, record, reference, TEXT("BC-tuan/2024-W25"));
    MSG_SET(record, record, title, TEXT("Báo cáo tuần"));
    MSG_SET(record, record, assigner, TEXT("tinh"));
    MSG_SET(&record->scheduled, scheduled, error, TEXT("agency_closed"));
}

static void commented(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_COMMENT, STATE_IN_PROGRESS);
    MSG_SET(record, record, note, TEXT("Vướng ở khâu nào?"));
    (void)task;
}

static void escalated(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ESCALATE, STATE_IN_PROGRESS);
    MSG_SET(record, record, escalation, 9);
    MSG_SET(record, record, level, 2);
    MSG_SET(record, record, addressed, names("tinh", NULL));
    MSG_SET(record, record, note, TEXT("Xã không hợp tác."));
    (void)task;
}

static void acknowledged(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ACKNOWLEDGE, STATE_IN_PROGRESS);
    MSG_SET(record, record, escalation, 9);
    MSG_SET(record, record, level, 2);
    MSG_SET(record, record, note, TEXT("Sẽ họp thứ Hai."));
    (void)task;
}

/* ---- what time did ---- */

static void deadline(struct msg_record *record, int which)
{
    MSG_SET(record, record, record, RECORD_RUNG);
    MSG_SET(record, record, deadline, which);
    MSG_SET(record, record, step, 0);
    MSG_SET(record, record, instant, at(MORNING));
}

static void acceptance(struct msg_record *record, struct msg_task *task, const char *day)
{
    deadline(record, DEADLINE_ACCEPTANCE);
    MSG_SET(record, record, state, STATE_ASSIGNED);
    MSG_SET(task, task, accept_due, end_of(day));
}

static void accept_soon(struct msg_record *record, struct msg_task *task)
{
    acceptance(record, task, "2024-06-21");
}

static void accept_late(struct msg_record *record, struct msg_task *task)
{
    acceptance(record, task, "2024-06-19");
}

static void finish(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_COMPLETION);
    (void)task;
}

static void finish_late(struct msg_record *record, struct msg_task *task)
{
    finish(record, task);
    MSG_SET(record, record, due, end_of("2024-06-18"));
    MSG_SET(record, record, due_day, TEXT("2024-06-18"));
}

static void answer_soon(struct msg_record *record, struct msg_task *task)
{
    finish(record, task);
    MSG_SET(task, task, kind, KIND_RECOMMENDATION);
}

static void answer_late(struct msg_record *record, struct msg_task *task)
{
    finish_late(record, task);
    MSG_SET(task, task, kind, KIND_RECOMMENDATION);
}

static void report_soon(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_REPORT);
    MSG_SET(record, record, report_due, end_of("2024-06-21"));
    (void)task;
}

static void report_ended(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_REPORT);
    record->has &= ~MSG_BIT(record, step);
    MSG_SET(record, record, instant, end_of("2024-06-19"));
    MSG_SET(record, record, report_due, end_of("2024-06-26"));
    (void)task;
}

static void report_late(struct msg_record *record, struct msg_task *task)
{
    deadline(record, DEADLINE_REPORT);
    MSG_SET(record, record, report_due, end_of("2024-06-26"));
    (void)task;
}

/* ---- values of a target ---- */

static void a_target(struct msg_task *task)
{
    MSG_SET(task, task, kind, KIND_TARGET);
    MSG_SET(task, task, unit, TEXT("%"));
}

static void measured(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_REPORT, STATE_IN_PROGRESS);
    MSG_SET(&record->measured, measured, period, TEXT("2024-W24"));
    MSG_SET(&record->measured, measured, value, 7.75);
    MSG_SET(&record->measured, measured, was, 8.1);
    MSG_MARK(record, record, measured);
    MSG_SET(record, record, value, 7.75);
    a_target(task);
}

/* Of amounts the sum is told as well. */
static void measured_amount(struct msg_record *record, struct msg_task *task)
{
    measured(record, task);
    record->measured.has &= ~MSG_BIT(measured, was);
    MSG_SET(record, record, value, 999999999999.999);
    MSG_SET(task, task, unit, TEXT("đồng"));
}

static void figure_reached(struct msg_record *record, struct msg_task *task)
{
    reported(record, task);
    MSG_SET(record, record, value, 12.5);
    MSG_SET(task, task, unit, TEXT("km"));
}

static void value_soon(struct msg_record *record, struct msg_task *task)
{
    report_soon(record, task);
    MSG_SET(task, task, value_owed, TEXT("2024-W25"));
    a_target(task);
}

static void value_ended(struct msg_record *record, struct msg_task *task)
{
    report_ended(record, task);
    MSG_SET(record, record, value_missing, TEXT("2024-W24"));
    MSG_SET(task, task, value_owed, TEXT("2024-W25"));
    a_target(task);
}

/* A step of the ladder names no period: the task does. */
static void value_late(struct msg_record *record, struct msg_task *task)
{
    report_late(record, task);
    MSG_SET(task, task, value_missing, TEXT("2024-W24"));
    a_target(task);
}

static struct msg_asked an_extension(int64_t decide_due)
{
    struct msg_asked asked = {0};
    MSG_SET(&asked, asked, ask, 8);
    MSG_SET(&asked, asked, asking, ASKING_EXTENSION);
    MSG_SET(&asked, asked, by, TEXT("so"));
    MSG_SET(&asked, asked, decider, TEXT("tinh"));
    MSG_SET(&asked, asked, decide_due, decide_due);
    MSG_SET(&asked.wanted, wish, due_day, TEXT("2024-07-31"));
    MSG_MARK(&asked, asked, wanted);
    return asked;
}

static void decision(struct msg_record *record, struct msg_task *task, const char *day)
{
    static struct msg_asked asks[2];
    deadline(record, DEADLINE_DECISION);
    asks[0] = asks[1] = an_extension(end_of(day));
    MSG_SET(&asks[0], asked, outcome, SETTLEMENT_DENIED); /* one of before */
    MSG_SET(task, task, asks, ((struct msg_asked_items){asks, 2}));
}

static void decide_soon(struct msg_record *record, struct msg_task *task)
{
    decision(record, task, "2024-06-21");
}

static void decide_late(struct msg_record *record, struct msg_task *task)
{
    decision(record, task, "2024-06-19");
}

static void escalates(struct msg_record *record)
{
    MSG_SET(record, record, escalation, 9);
    MSG_SET(record, record, level, 1);
    MSG_SET(record, record, addressed, names("huyen", NULL));
}

static void escalated_late(struct msg_record *record, struct msg_task *task)
{
    finish_late(record, task);
    escalates(record);
    MSG_SET(record, record, chain, names("HT-2", "HT-3"));
    MSG_SET(record, record, holder, TEXT("xa"));
}

static void escalated_value(struct msg_record *record, struct msg_task *task)
{
    value_late(record, task);
    escalates(record);
}

static void escalated_undecided(struct msg_record *record, struct msg_task *task)
{
    decide_late(record, task);
    escalates(record);
}

static void bounced(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_RUNG);
    escalates(record);
    MSG_SET(record, record, bounces, 4);
    (void)task;
}

/* ---- dates that a calendar moved ---- */

static struct msg_counted counted(const char *words, const char *was)
{
    struct msg_counted counted = {0};
    MSG_SET(&counted, counted, words, text_of(words));
    MSG_SET(&counted, counted, was, end_of(was));
    return counted;
}

static void due_moved(struct msg_record *record, struct msg_task *task)
{
    struct msg_asked asked = an_extension(end_of("2024-06-26"));
    MSG_SET(record, record, record, RECORD_DUE_MOVED);
    MSG_SET(record, record, counted, counted("10wd", "2024-06-27"));
    MSG_SET(record, record, accept_due, end_of("2024-06-21"));
    MSG_SET(record, record, accept_counted, counted("1wd", "2024-06-20"));
    MSG_SET(record, record, report_due, end_of("2024-06-25"));
    MSG_SET(record, record, report_counted, counted("weekly", "2024-06-24"));
    MSG_SET(&asked, asked, counted, counted("3wd", "2024-06-25"));
    MSG_SET(record, record, asked, asked);
    (void)task;
}

/* ---- requests of the lead ---- */

static void asked(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ASK, STATE_IN_PROGRESS);
    MSG_SET(record, record, asked, an_extension(end_of("2024-06-25")));
    MSG_SET(record, record, note, TEXT("Mưa lũ kéo dài."));
    (void)task;
}

static void handed_on(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_HANDED_ON);
    MSG_SET(record, record, asked, an_extension(end_of("2024-06-25")));
    (void)task;
}

static void undecided(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_HANDED_ON);
    (void)task;
}

static void settled(struct msg_record *record, int action, int outcome)
{
    struct msg_asked asked = an_extension(end_of("2024-06-25"));
    acts(record, action, STATE_IN_PROGRESS);
    MSG_SET(&asked, asked, outcome, outcome);
    MSG_SET(&asked.granted, wish, due_day, TEXT("2024-07-15"));
    if (outcome == SETTLEMENT_GRANTED)
        MSG_MARK(&asked, asked, granted);
    MSG_SET(record, record, asked, asked);
}

static void granted(struct msg_record *record, struct msg_task *task)
{
    settled(record, ACTION_GRANT, SETTLEMENT_GRANTED);
    (void)task;
}

static void denied(struct msg_record *record, struct msg_task *task)
{
    settled(record, ACTION_DENY, SETTLEMENT_DENIED);
    MSG_SET(record, record, note, TEXT("Đã gia hạn hai lần."));
    (void)task;
}

static void taken_back(struct msg_record *record, struct msg_task *task)
{
    settled(record, ACTION_TAKE_BACK, SETTLEMENT_TAKEN_BACK);
    (void)task;
}

static void answered(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_ANSWER, STATE_COMPLETED);
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
    MSG_SET(&record->question, question, due, end_of(day));
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

static void consulted(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_CONSULT, STATE_IN_PROGRESS);
    question(record, "2024-06-21");
    opinions(record, OPINING_ASKED, OPINING_ASKED);
    MSG_SET(record, record, note, TEXT("Giá đất áp dụng có phù hợp không?"));
    (void)task;
}

static void opined(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_OPINE, STATE_IN_PROGRESS);
    question(record, "2024-06-19");
    opinions(record, OPINING_GIVEN, 0);
    MSG_SET(record, record, answer, ANSWERING_PARTLY);
    MSG_SET(record, record, note, TEXT("Cần thêm phụ lục."));
    (void)task;
}

static void unanswered(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_UNANSWERED);
    question(record, "2024-06-19");
    opinions(record, OPINING_SILENT, OPINING_WITHDRAWN);
    (void)task;
}

static void recalled(struct msg_record *record, struct msg_task *task)
{
    acts(record, ACTION_RECALL, STATE_IN_PROGRESS);
    question(record, "2024-06-21");
    opinions(record, OPINING_WITHDRAWN, OPINING_WITHDRAWN);
    MSG_SET(record, record, note, TEXT("Không cần nữa."));
    (void)task;
}

static void not_owed(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_UNANSWERED);
    question(record, "2024-06-21");
    opinions(record, OPINING_WITHDRAWN, 0);
    (void)task;
}

static void question_moved(struct msg_record *record, struct msg_task *task)
{
    MSG_SET(record, record, record, RECORD_DUE_MOVED);
    question(record, "2024-06-24");
    MSG_SET(&record->question, question, counted, counted("2wd", "2024-06-21"));
    (void)task;
}

/* ---- of no task ---- */

static void restored(struct msg_record *record, struct msg_task *task)
{
    no_task(record);
    MSG_SET(record, record, record, RECORD_STORE);
    (void)task;
}

static void administrator(struct msg_record *record, struct msg_task *task)
{
    no_task(record);
    MSG_SET(record, record, record, RECORD_KEY);
    MSG_SET(&record->agency, agency, agency, TEXT("tinh"));
    MSG_MARK(record, record, agency);
    MSG_SET(&record->entry, key, label, TEXT("dự phòng"));
    MSG_MARK(record, record, entry);
    (void)task;
}

static void removed(struct msg_record *record, struct msg_task *task)
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

static void hot_spot(struct msg_record *record, struct msg_task *task)
{
    static struct msg_hot_task tasks[2];
    no_task(record);
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

static void hot_spot_cleared(struct msg_record *record, struct msg_task *task)
{
    no_task(record);
    MSG_SET(record, record, record, RECORD_HOT_SPOT);
    MSG_SET(&record->hot_spot, hot_spot, rule, rule());
    MSG_SET(&record->hot_spot, hot_spot, count, 2);
    MSG_MARK(record, record, hot_spot);
    (void)task;
}

static void rule_changed(struct msg_record *record, struct msg_task *task)
{
    no_task(record);
    MSG_SET(record, record, record, RECORD_HOT_SPOT_RULE);
    MSG_SET(record, record, hot_spot_rule, rule());
    (void)task;
}

static void rule_removed(struct msg_record *record, struct msg_task *task)
{
    rule_changed(record, task);
    MSG_SET(record, record, rule_removed, true);
}

static void reported_in_name(struct msg_record *record, struct msg_task *task)
{
    reported(record, task);
    MSG_SET(record, record, stand_in, TEXT("xa"));
}

/* ---- all of them ---- */

const struct sample samples[] = {
    {"assigned", NOTICE_ASSIGNED, "so", "tinh", assigned, "tinh gave HT-1 to so, due 2024-06-28."},
    {"a circular", NOTICE_ASSIGNED, "so", "tinh", circular, "tinh gave HT-1 to so, due 2024-06-28."},
    {"a recommendation", NOTICE_ASSIGNED, "so", "xa", recommended, "xa gave HT-1 to so, due 2024-06-28."},
    {"made by a schedule", NOTICE_ASSIGNED, "so", NULL, scheduled,
     "A schedule of tinh gave HT-1 to so, due 2024-06-28."},
    {"accepted", NOTICE_ACCEPTED, "tinh", "so", accepted, "so accepted HT-1."},
    {"a circular was read", NOTICE_ACCEPTED, "tinh", "so", was_read, "so accepted HT-1."},
    {"started", NOTICE_STARTED, "tinh", "so", started, "so began work on HT-1."},
    {"reported", NOTICE_REPORTED, "tinh", "so", reported, "so reported on HT-1 at 60 %."},
    {"reported in its name", NOTICE_REPORTED, "tinh", "so", reported_in_name, "so reported on HT-1 at 60 %."},
    {"a target's value was corrected", NOTICE_REPORTED, "tinh", "so", measured,
     "so reported on HT-1: 7.75 in 2024-W24, which was 8.1."},
    {"an amount was reported", NOTICE_REPORTED, "tinh", "so", measured_amount,
     "so reported on HT-1: 7.75 in 2024-W24."},
    {"a figure was reported", NOTICE_REPORTED, "tinh", "so", figure_reached, "so reported on HT-1 at 60 %."},
    {"submitted", NOTICE_SUBMITTED, "tinh", "so", submitted, "so submitted HT-1 at 100 %, over 2 open parts."},
    {"confirmed", NOTICE_CONFIRMED, "so", "tinh", confirmed, "tinh confirmed that HT-1 is done."},
    {"rejected", NOTICE_REJECTED, "so", "tinh", rejected, "tinh sent the submission of HT-1 back."},
    {"suspended", NOTICE_SUSPENDED, "so", "tinh", suspended, "tinh suspended HT-1."},
    {"resumed", NOTICE_RESUMED, "so", "tinh", resumed, "tinh let HT-1 run on, due 2024-06-28."},
    {"a suspension is over", NOTICE_RESUMED, "so", NULL, ran_on,
     "HT-1 runs on: it was suspended until 2024-06-19, and is due by 2024-06-28."},
    {"reassigned", NOTICE_REASSIGNED, "xa", "tinh", reassigned, "tinh reassigned HT-1 to xa, due 2024-06-28."},
    {"who succeeds is excluded", NOTICE_REASSIGNED, "tinh", "tinh", heir,
     "so ends on 2024-06-30, and so-moi takes its place, but not on tasks from which you exclude it: those you lead "
     "yourself then, until you give them to another."},
    {"an agency stands in", NOTICE_ASSIGNED, "xa", "tinh", stood_in,
     "xa stands in for so from 2024-06-21 to 2024-06-28: what is told to it comes to both, and what is done in its "
     "name "
     "says who did it."},
    {"an agency stands in no more", NOTICE_REMOVED, "xa", "tinh", not_stood_in, "Nobody stands in for so any more."},
    {"amended", NOTICE_AMENDED, "so", "tinh", amended, "tinh amended HT-1: title, due 2024-06-28, no reporting."},
    {"moved with its document", NOTICE_AMENDED, "so", NULL, moved_with_document,
     "HT-1 comes from 12-KL/TU no more but from 15-KL/TU, which replaces it."},
    {"cancelled", NOTICE_CANCELLED, "so", "tinh", cancelled, "tinh cancelled HT-1."},
    {"ended with its document", NOTICE_CANCELLED, "so", "tinh", ended_with_document,
     "HT-1 ends with 12-KL/TU, which 15-KL/TU replaces."},
    {"a schedule made nothing", NOTICE_CANCELLED, "tinh", NULL, not_made,
     "BC-tuan/2024-W25 could not be made: xa has ended, and nobody has taken its place."},
    {"commented", NOTICE_COMMENTED, "so", "tinh", commented, "tinh commented on HT-1."},
    {"to accept soon", NOTICE_REMINDER, "so", NULL, accept_soon,
     "so is to accept HT-1 by 2024-06-21, in 1 working day."},
    {"due soon", NOTICE_REMINDER, "so", NULL, finish, "HT-1 is due by 2024-06-28, in 6 working days."},
    {"to answer soon", NOTICE_REMINDER, "so", NULL, answer_soon,
     "so is to answer HT-1 by 2024-06-28, in 6 working days."},
    {"to report soon", NOTICE_REMINDER, "so", NULL, report_soon,
     "so is to report on HT-1 by 2024-06-21, in 1 working day."},
    {"to report a value soon", NOTICE_REMINDER, "so", NULL, value_soon,
     "so is to report on HT-1 by 2024-06-21, in 1 working day."},
    {"to decide soon", NOTICE_REMINDER, "tinh", NULL, decide_soon,
     "tinh is to decide what so asks about HT-1 by 2024-06-21, in 1 working day."},
    {"not accepted", NOTICE_OVERDUE, "so", NULL, accept_late,
     "so was to accept HT-1 by 2024-06-19, 1 working day ago."},
    {"overdue", NOTICE_OVERDUE, "so", NULL, finish_late, "HT-1 was due by 2024-06-18, 2 working days ago."},
    {"not answered", NOTICE_OVERDUE, "so", NULL, answer_late,
     "so was to answer HT-1 by 2024-06-18, 2 working days ago."},
    {"a period ended without its report", NOTICE_OVERDUE, "so", NULL, report_ended,
     "so did not report on HT-1 by 2024-06-19; the next report is owed by 2024-06-26."},
    {"not reported", NOTICE_OVERDUE, "so", NULL, report_late,
     "so was to report on HT-1 by 2024-06-19, 1 working day ago."},
    {"a period ended without its value", NOTICE_OVERDUE, "so", NULL, value_ended,
     "so did not report the value of 2024-W24 of HT-1 by 2024-06-19; the next report is owed by 2024-06-26."},
    {"a value was not reported", NOTICE_OVERDUE, "so", NULL, value_late,
     "so was to report on HT-1 by 2024-06-19, 1 working day ago."},
    {"not decided", NOTICE_OVERDUE, "tinh", NULL, decide_late,
     "tinh was to decide what so asks about HT-1 by 2024-06-19, 1 working day ago."},
    {"no opinion came", NOTICE_OVERDUE, "so", NULL, unanswered,
     "No opinion on HT-1, asked for by 2024-06-19, came from so-tc, so-xd: the lead may go on without."},
    {"escalated by hand, to one that acknowledges", NOTICE_ESCALATED, "tinh", "so", escalated,
     "so escalated HT-1 at level 2."},
    {"escalated by hand, to one that is told of it", NOTICE_ESCALATED, "huyen", "so", escalated,
     "so escalated HT-1 at level 2."},
    {"escalated as overdue, to one that acknowledges", NOTICE_ESCALATED, "huyen", NULL, escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to the lead", NOTICE_ESCALATED, "so", NULL, escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who holds it up", NOTICE_ESCALATED, "xa", NULL, escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for one that acknowledges", NOTICE_ESCALATED, "so-tc for huyen", NULL,
     escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for the lead", NOTICE_ESCALATED, "so-tc for so", NULL, escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to the lead, which stands in for one that acknowledges", NOTICE_ESCALATED, "so for huyen",
     NULL, escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for the lead and one that acknowledges", NOTICE_ESCALATED,
     "so-tc for huyen so", NULL, escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for who holds it up", NOTICE_ESCALATED, "so-tc for xa", NULL,
     escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as overdue, to who stands in for nobody knows whom", NOTICE_ESCALATED, "so-tc for", NULL,
     escalated_late,
     "HT-1 was due by 2024-06-18, 2 working days ago. Escalated at level 1. It is held up by HT-2, that by HT-3, which "
     "xa has."},
    {"escalated as undecided", NOTICE_ESCALATED, "huyen", NULL, escalated_undecided,
     "tinh was to decide what so asks about HT-1 by 2024-06-19, 1 working day ago. Escalated at level 1."},
    {"escalated as a value is missing", NOTICE_ESCALATED, "huyen", NULL, escalated_value,
     "so was to report on HT-1 by 2024-06-19, 1 working day ago. Escalated at level 1."},
    {"passed on too often", NOTICE_ESCALATED, "huyen", NULL, bounced,
     "HT-1 was passed on 4 times, and 3 is the most: xa, xb, xc, so."},
    {"acknowledged", NOTICE_ACKNOWLEDGED, "so", "tinh", acknowledged,
     "tinh acknowledged an escalation of HT-1 at level 2."},
    {"restored", NOTICE_RESTORED, "so", NULL, restored,
     "The store was restored from a backup that ends with record 900: what came after it there is not here."},
    {"an administrator's key", NOTICE_ADMINISTRATOR, "so", NULL, administrator,
     "tinh was given a key that administers, on the broker's own machine."},
    {"a calendar moved dates", NOTICE_DUE_MOVED, "so", NULL, due_moved,
     "The dates of HT-1 moved: the calendar default has changed."},
    {"a calendar moved a question's date", NOTICE_DUE_MOVED, "so-tc", NULL, question_moved,
     "Opinions on HT-1 are owed by 2024-06-24 now, which was 2024-06-21: the calendar has changed, and 2wd were "
     "counted anew."},
    {"removed", NOTICE_REMOVED, "xa", "tinh", removed, "tinh took this agency off HT-1."},
    {"removed, to who stands in", NOTICE_REMOVED, "so-tc for xa", "tinh", removed, "tinh took this agency off HT-1."},
    {"asked", NOTICE_ASKED, "tinh", "so", asked, "so asks about HT-1: extension, due 2024-07-31."},
    {"handed on", NOTICE_ASKED, "tinh", NULL, handed_on,
     "tinh is to decide now what so asks about HT-1 (extension): huyen has ended."},
    {"granted", NOTICE_GRANTED, "so", "tinh", granted,
     "tinh granted what the lead asked about HT-1: extension, due 2024-07-15."},
    {"denied", NOTICE_DENIED, "so", "tinh", denied,
     "tinh denied what the lead asked about HT-1: extension, due 2024-07-31."},
    {"undecided", NOTICE_DENIED, "so", NULL, undecided,
     "The request of so about HT-1 (extension) ends undecided: tinh has ended, and nobody is above it."},
    {"taken back", NOTICE_TAKEN_BACK, "tinh", "so", taken_back,
     "so took back what it had asked about HT-1: extension, due 2024-07-31."},
    {"a question was taken back", NOTICE_TAKEN_BACK, "so-tc", "so", recalled, "so took back a question about HT-1."},
    {"an opinion is owed no more", NOTICE_TAKEN_BACK, "so", NULL, not_owed,
     "No opinion on HT-1 is owed any more by so-tc, which may give none."},
    {"an opinion is owed no more, to who owed it", NOTICE_TAKEN_BACK, "so-tc", NULL, not_owed,
     "No opinion on HT-1 is owed any more by so-tc, which may give none."},
    {"an opinion is owed no more, to who stands in for who owed it", NOTICE_TAKEN_BACK, "xa for so-tc", NULL, not_owed,
     "No opinion on HT-1 is owed any more by so-tc, which may give none."},
    {"answered", NOTICE_ANSWERED, "xa", "so", answered, "so answered HT-1: passed_on to huyen."},
    {"a hot spot", NOTICE_HOT_SPOT, "tinh", NULL, hot_spot,
     "3 tasks of the area land led by huyen or under it are overdue or escalated without an acknowledgement: by the "
     "rule "
     "`dat-dai` 3 make a hot spot."},
    {"a hot spot no more", NOTICE_HOT_SPOT_CLEARED, "tinh", NULL, hot_spot_cleared,
     "2 tasks of the area land led by huyen or under it are overdue or escalated without an acknowledgement: by the "
     "rule "
     "`dat-dai` 3 make a hot spot, which it is no more."},
    {"its rule was changed", NOTICE_HOT_SPOT_CLEARED, "tinh", "ubt", rule_changed,
     "ubt has changed the rule `dat-dai`, by which there was a hot spot."},
    {"its rule was removed", NOTICE_HOT_SPOT_CLEARED, "tinh", "ubt", rule_removed,
     "ubt has removed the rule `dat-dai`, by which there was a hot spot."},
    {"consulted", NOTICE_CONSULTED, "so-tc", "so", consulted,
     "so asks for opinions on HT-1 by 2024-06-21 from so-tc, so-xd."},
    {"opined", NOTICE_OPINED, "so", "so-tc", opined, "so-tc gave its opinion on HT-1: agreed_in_part."},
};
const size_t sample_count = sizeof samples / sizeof *samples;

/* Of "a for b c" the first; of the rest, NULL without one, a new array. */
static json_t *split_told(const char *to, char agency[65])
{
    const char *at = strstr(to, " for");
    snprintf(agency, 65, "%.*s", (int)(at ? (size_t)(at - to) : strlen(to)), to);
    json_t *names = at ? json_array() : NULL;
    for (at = at ? at + strlen(" for") : ""; *at; at += strcspn(at, " "))
        if (*at == ' ' && *++at)
            json_array_append_new(names, json_stringn(at, strcspn(at, " ")));
    return names;
}

json_t *sample_kept(const struct sample *sample)
{
    struct msg_record record = {0};
    struct msg_task task = {0};
    char agency[65];
    json_t *stood = split_told(sample->to, agency);
    MSG_SET(&record, record, seq, 9);
    MSG_SET(&record, record, time, at(MORNING));
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, task, 7);
    MSG_SET(&record, record, reference, TEXT("HT-1"));
    MSG_SET(&record, record, title, TEXT("Rà soát quỹ đất"));
    MSG_SET(&record, record, assigner, TEXT("tinh"));
    MSG_SET(&record, record, lead, TEXT("so"));
    MSG_SET(&record, record, state, STATE_IN_PROGRESS);
    MSG_SET(&record, record, due, end_of("2024-06-28"));
    MSG_SET(&record, record, due_day, TEXT("2024-06-28"));
    MSG_SET(&record, record, notice, sample->notice);
    MSG_SET(&record, record, severity, words_severity(sample->notice));
    MSG_SET(&record, record, reason, text_of(sample->reason));
    MSG_SET(&record, record, to, names(agency, NULL));
    if (sample->actor)
        MSG_SET(&record, record, actor, text_of(sample->actor));
    MSG_SET(&task, task, area, TEXT("land"));
    sample->fill(&record, &task);
    json_t *of_record = record_json(&record), *of_task = MSG_HAS(&record, record, task) ? task_json(&task) : NULL;
    json_t *object = notification_json(of_record, of_task, agency, stood, json_array());
    json_decref(of_record);
    json_decref(of_task);
    return object;
}

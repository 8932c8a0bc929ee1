/* What a lead asks others their opinion of: who may be asked, what becomes of it, who reads what, and when. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* From huyen to xa1, due on 28 June; it is Monday, 10 June, 9 o'clock, when the test goes on. */
static struct world *begin(uint64_t *task)
{
    struct world *world = world_new();
    *task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    world->now = ladder_at("2024-06-10", 9, 0);
    return world;
}

static const struct msg_task *get(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get request = {0};
    MSG_SET(&request, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &request) == 0 ? &WORLD_REPLY(world, task_reply)->task : NULL;
}

static struct msg_opinion opinion(struct world *world, uint64_t task, uint32_t at)
{
    const struct msg_task *now = get(world, "xa1", task);
    assert_non_null(now);
    assert_true(at < now->opinions.count);
    return now->opinions.items[at];
}

static const struct msg_record *newest(struct world *world)
{
    return world_record(world, world->record_count);
}

static uint32_t listed(struct world *world, const char *agency)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, text_of(agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_CONSULTED));
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

static int history_before(struct world *world, const char *agency, uint64_t task, uint64_t before)
{
    struct msg_task_history history = {0};
    MSG_SET(&history, task_history, task, task);
    MSG_SET(&history, task_history, before, before);
    return world_send(world, agency, OP_TASK_HISTORY, &history);
}

/* The newest record of a task that an agency is shown in its history; 0 when it is refused. */
static uint64_t newest_shown(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_history history = {0};
    struct envelope envelope;
    struct msg_record record;
    struct problem problem = {0};
    MSG_SET(&history, task_history, task, task);
    if (world_send(world, agency, OP_TASK_HISTORY, &history))
        return 0;
    const struct text *first = &WORLD_REPLY(world, records_reply)->records.items[0];
    struct decoder *decoder = decoder_new();
    assert_int_equal(decoder_open(decoder, first->data, first->size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(decoder, &message_record, &record, &problem), 0);
    const uint64_t seq = record.seq;
    decoder_free(decoder);
    return seq;
}

static void end_agency(struct world *world, const char *id, const char *parent, const char *successor, int64_t when)
{
    struct msg_agency_set set = agency_set(id, parent);
    MSG_SET(&set.agency, agency, valid_until, when);
    if (successor)
        MSG_SET(&set.agency, agency, successor, text_of(successor));
    MSG_SET(&set, agency_set, even_last, true);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
}

static void exclude(struct world *world, uint64_t task, const char *agency)
{
    struct text id = text_of(agency);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, ((struct texts){&id, 1}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

static int consult(struct world *world, uint64_t task, const char *const *ids, uint32_t count, const char *due)
{
    struct text agencies[40];
    struct msg_consult request = {0};
    for (uint32_t i = 0; i < count; i++)
        agencies[i] = text_of(ids[i]);
    MSG_SET(&request, consult, task, task);
    MSG_SET(&request, consult, agencies, ((struct texts){agencies, count}));
    MSG_SET(&request, consult, due, text_of(due));
    MSG_SET(&request, consult, note, TEXT("phương án đền bù"));
    return world_send(world, "xa1", OP_CONSULT, &request);
}

/* Rows and records alike bring the same state back. */
static void comes_back(struct world *world)
{
    rows_replay(world);
    world_free(world);
}

static bool text_begins(struct text text, const char *words)
{
    const size_t size = strlen(words);
    return text.size >= size && memcmp(text.data, words, size) == 0;
}

TEST(who_is_asked_reads_the_task_until_it_answers_and_then_what_it_was_shown)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *const ids[] = {"so1", "ngoai"};
    assert_null(get(world, "ngoai", task));
    assert_int_equal(consult(world, task, ids, 2, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    assert_true(world_tells(newest(world), "so1 ngoai huyen"));
    assert_true(
        text_equal(newest(world)->reason, TEXT("xa1 asks for opinions on HT-001 by 2024-06-13 from so1, ngoai.")));
    assert_int_equal(listed(world, "ngoai"), 1);
    assert_true(get(world, "ngoai", task)->questions.items[0].due == ladder_at("2024-06-14", 0, 0));
    assert_int_equal(WORLD_REPLY(world, task_reply)->may, TERM_BIT(ACTION_OPINE) | TERM_BIT(ACTION_COMMENT));
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    const uint64_t given = world->record_count;
    assert_true(world_tells(newest(world), "huyen xa1"));
    assert_true(text_equal(newest(world)->reason, TEXT("ngoai gave its opinion on HT-001: agreed_in_part.")));
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_null(get(world, "ngoai", task));
    assert_int_equal(listed(world, "ngoai"), 0);
    assert_int_equal(newest_shown(world, "ngoai", task), given);
    assert_int_equal(history_before(world, "ngoai", task, given), 0);
    for (uint64_t before = given + 1; before <= given + 2; before++) /* whether it is one of the task or none */
        REFUSED(world, history_before(world, "ngoai", task, before), OUT_OF_RANGE, "before");
    assert_int_equal(newest_shown(world, "so1", task), world->record_count);
    assert_int_equal(newest_shown(world, "so2", task), 0);
    const struct msg_opinion said = opinion(world, task, 1);
    assert_true(said.state == OPINING_GIVEN && said.answer == ANSWERING_PARTLY && said.shown == given &&
                said.ended == world->now && text_equal(said.by, TEXT("ngoai")) &&
                text_equal(said.note, TEXT("đề nghị bổ sung dự toán")) && !MSG_HAS(&said, opinion, silent));
    assert_int_equal(world_opine(world, "ngoai", task, question), COORD_E_TASK_UNKNOWN);
    assert_true(text_begins(world->refusal.message, "This agency owes no opinion on task"));
    assert_int_equal(world_opine(world, "so2", task, question), COORD_E_TASK_UNKNOWN); /* which was never asked */
    assert_true(text_begins(world->refusal.message, "There is no task"));
    comes_back(world);
}

TEST(whoever_does_not_answer_by_the_date_is_silent_once_and_its_opinion_is_taken_late)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *const ids[] = {"so1", "ngoai"};
    assert_int_equal(consult(world, task, ids, 2, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    assert_true(core_next_deadline(world->core) == ladder_at("2024-06-14", 0, 0));
    const size_t before = world->record_count;
    world_run_until(world, ladder_at("2024-06-17", 9, 0)); /* however late it is come to */
    assert_int_equal(world->record_count, before + 1);
    const struct msg_record *record = newest(world);
    assert_int_equal(record->record, RECORD_UNANSWERED);
    assert_false(MSG_HAS(record, record, actor));
    assert_true(world_tells(record, "xa1 so1 ngoai"));
    assert_true(record->notice == NOTICE_OVERDUE && record->severity == SEVERITY_WARNING);
    assert_true(text_equal(record->reason, TEXT("No opinion on HT-001, asked for by 2024-06-13, came from so1, ngoai: "
                                                "the lead may go on without.")));
    assert_int_equal(world_run_until(world, ladder_at("2024-06-18", 9, 0)), 0);
    const struct msg_opinion silent = opinion(world, task, 0);
    assert_true(silent.state == OPINING_SILENT && silent.silent == ladder_at("2024-06-14", 0, 0) &&
                silent.silent_days == 3 && !MSG_HAS(&silent, opinion, ended));
    assert_non_null(get(world, "ngoai", task));
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    world->now = ladder_at("2024-06-20", 9, 0);
    assert_int_equal(opinion(world, task, 0).silent_days, 5);
    const struct msg_opinion late = opinion(world, task, 1);
    assert_true(late.state == OPINING_GIVEN && late.silent_days == 3 && late.silent == ladder_at("2024-06-14", 0, 0));
    struct msg_summary summary = {0};
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &summary), 0);
    uint64_t counted = 0;
    for (uint32_t i = 0; i < WORLD_REPLY(world, summary_reply)->tallies.count; i++)
        counted += WORLD_REPLY(world, summary_reply)->tallies.items[i].silent;
    assert_int_equal(counted, 2);
    comes_back(world);
}

TEST(an_opinion_that_comes_before_the_clock_has_said_that_it_is_late_is_as_late)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t question = world_consult(world, "xa1", task, "ngoai", "2024-06-10T10:00");
    world->now = ladder_at("2024-06-11", 10, 0);
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    const struct msg_opinion late = opinion(world, task, 0);
    assert_true(late.state == OPINING_GIVEN && late.silent == ladder_at("2024-06-10", 10, 0) && late.silent_days == 1);
    assert_int_equal(world_run_until(world, ladder_at("2024-06-12", 10, 0)), 0);
    comes_back(world);
}

TEST(a_question_is_taken_back_of_one_or_of_all)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *const ids[] = {"so1", "so2", "ngoai"};
    assert_int_equal(consult(world, task, ids, 3, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    assert_int_equal(world_recall(world, "xa1", task, question, "ngoai"), 0);
    assert_true(world_tells(newest(world), "ngoai huyen"));
    assert_null(get(world, "ngoai", task));
    assert_int_equal(newest_shown(world, "ngoai", task), world->record_count);
    assert_true(core_may_hear(world->core, task, world->record_count + 1, core_agency_find(world->core, TEXT("ngoai")),
                              world->now)); /* what is not restricted was told once, and stays so */
    REFUSED(world, world_recall(world, "xa1", task, question, "ngoai"), BAD_VALUE, "agencies[0]");
    assert_int_equal(world_recall(world, "xa1", task, question, NULL), 0);
    assert_true(world_tells(newest(world), "so1 so2 huyen"));
    REFUSED(world, world_recall(world, "xa1", task, question, NULL), QUESTION_UNKNOWN, "question");
    REFUSED(world, world_recall(world, "xa1", task, 1, NULL), QUESTION_UNKNOWN, "question");
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(opinion(world, task, i).state, OPINING_WITHDRAWN);
    assert_int_equal(world_run_until(world, ladder_at("2024-06-20", 9, 0)), 0);
    comes_back(world);
}

TEST(a_task_that_is_closed_ends_what_is_owed_and_those_who_owed_it_hear_of_that)
{
    uint64_t task;
    struct world *world = begin(&task);
    (void)world_consult(world, "xa1", task, "so1", "1wd");
    (void)world_consult(world, "xa1", task, "ngoai", "9wd");
    world_run_until(world, ladder_at("2024-06-12", 9, 0));
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_true(world_tells(newest(world), "xa1 so1 ngoai"));
    const struct msg_opinion silent = opinion(world, task, 0), asked = opinion(world, task, 1);
    assert_true(silent.state == OPINING_SILENT && silent.ended == world->now && silent.silent_days == 1);
    assert_true(asked.state == OPINING_WITHDRAWN && asked.ended == world->now);
    world->now += 10 * WORLD_DAY;
    assert_int_equal(opinion(world, task, 0).silent_days, 1);
    assert_int_equal(newest_shown(world, "ngoai", task), world->record_count);
    assert_int_equal(listed(world, "ngoai"), 0);
    comes_back(world);
}

TEST(an_agency_that_ends_hands_the_question_to_its_successor_and_without_one_is_silent)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *const ids[] = {"xa2", "xa3"};
    assert_int_equal(consult(world, task, ids, 2, "8wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    end_agency(world, "xa2", "huyen", "ngoai", ladder_at("2024-06-12", 0, 0));
    end_agency(world, "xa3", "huyen", NULL, ladder_at("2024-06-13", 0, 0));
    world_run_until(world, ladder_at("2024-06-12", 9, 0));
    assert_true(text_equal(opinion(world, task, 0).agency, TEXT("ngoai")));
    assert_int_equal(listed(world, "ngoai"), 1);
    assert_int_equal(world_run_until(world, ladder_at("2024-06-13", 0, 0)), 1);
    assert_true(world_tells(newest(world), "xa1 xa3"));
    const struct msg_opinion gone = opinion(world, task, 1);
    assert_true(gone.state == OPINING_SILENT && gone.silent == world->now && gone.ended == world->now);
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    assert_true(text_equal(opinion(world, task, 0).by, TEXT("ngoai")));
    assert_true(text_equal(opinion(world, task, 0).agency, TEXT("xa2"))); /* by its name of then */
    comes_back(world);
}

TEST(nobody_gives_an_opinion_on_its_own_question_and_none_who_is_excluded)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t question = world_consult(world, "xa1", task, "xa2", "8wd");
    (void)world_consult(world, "xa1", task, "ngoai", "8wd");
    exclude(world, task, "ngoai");
    assert_int_equal(newest(world)->record, RECORD_REMOVED);
    assert_true(world_tells(newest(world), "ngoai"));
    assert_null(get(world, "ngoai", task));
    assert_int_equal(newest_shown(world, "ngoai", task), 0);
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(newest(world)->record == RECORD_UNANSWERED && newest(world)->notice == NOTICE_TAKEN_BACK);
    assert_true(world_tells(newest(world), "xa1"));
    assert_int_equal(opinion(world, task, 1).state, OPINING_WITHDRAWN);
    assert_int_equal(newest_shown(world, "ngoai", task), 0);
    end_agency(world, "xa2", "huyen", "xa1", world->now);
    assert_true(core_next_deadline(world->core) == CORE_NOW);
    world_run_until(world, world->now);
    assert_int_equal(opinion(world, task, 0).state, OPINING_WITHDRAWN);
    REFUSED(world, world_opine(world, "xa1", task, question), NOT_AUTHORISED, "task");
    comes_back(world);
}

TEST(whom_a_question_may_not_be_put_to_is_said_with_the_field)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *ids[40];
    exclude(world, task, "so2");
    ids[0] = "so2";
    REFUSED(world, consult(world, task, ids, 1, "3wd"), BAD_VALUE, "agencies[0]");
    ids[0] = "xa1";
    REFUSED(world, consult(world, task, ids, 1, "3wd"), BAD_VALUE, "agencies[0]");
    ids[0] = ids[1] = "so1";
    REFUSED(world, consult(world, task, ids, 2, "3wd"), BAD_VALUE, "agencies[1]");
    ids[1] = "khong-co";
    REFUSED(world, consult(world, task, ids, 2, "3wd"), AGENCY_UNKNOWN, "agencies[1]");
    REFUSED(world, consult(world, task, ids, 1, "2024-06-07"), DUE_IN_PAST, "due");
    REFUSED(world, consult(world, task, ids, 0, "3wd"), OUT_OF_RANGE, "agencies");
    REFUSED(world, world_consult(world, "huyen", task, "so1", "3wd"), NOT_AUTHORISED, "task");
    end_agency(world, "xa3", "huyen", NULL, world->now);
    REFUSED(world, world_consult(world, "xa1", task, "xa3", "3wd"), NOT_ASSIGNABLE, "agencies[0]");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    REFUSED(world, world_consult(world, "xa1", task, "ngoai", "3wd"), BAD_VALUE, "agencies[0]");
    assert_true(world_consult(world, "xa1", task, "tinh", "3wd") > 0); /* stands above one with a role */
    world_run_until(world, world->now);
    comes_back(world);
}

TEST(what_an_opinion_may_not_be_is_said_with_the_field)
{
    uint64_t task;
    struct world *world = begin(&task);
    char name[300];
    struct msg_evidence_file file = {0};
    const uint64_t question = world_consult(world, "xa1", task, "so1", "3wd");
    const uint64_t other = world_consult(world, "xa1", task, "ngoai", "3wd");
    struct msg_opine opine = {0};
    MSG_SET(&opine, opine, task, task);
    MSG_SET(&opine, opine, question, question);
    MSG_SET(&opine, opine, answer, ANSWERING_PASSED_ON);
    MSG_SET(&opine, opine, note, TEXT("không rõ"));
    REFUSED(world, world_send(world, "so1", OP_OPINE, &opine), BAD_VALUE, "answer");
    MSG_SET(&opine, opine, answer, ANSWERING_REFUSED);
    memset(name, 'x', sizeof name);
    MSG_SET(&file, evidence_file, name, (struct text){name, 257});
    MSG_SET(&opine, opine, evidence_files, ((struct msg_evidence_file_items){&file, 1}));
    REFUSED(world, world_send(world, "so1", OP_OPINE, &opine), OUT_OF_RANGE, "evidence_files[0].name");
    MSG_SET(&file, evidence_file, name, TEXT("van ban.pdf"));
    REFUSED(world, world_opine(world, "so1", task, other), NOT_AUTHORISED, "question");
    REFUSED(world, world_opine(world, "so1", task, 1), QUESTION_UNKNOWN, "question");
    REFUSED(world, world_opine(world, "huyen", task, question), NOT_AUTHORISED, "task");
    assert_int_equal(world_send(world, "so1", OP_OPINE, &opine), 0);
    assert_true(text_equal(opinion(world, task, 0).evidence.items[0], TEXT("van ban.pdf")));
    comes_back(world);
}

TEST(of_one_task_so_many_questions_are_asked_and_no_more)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *const ids[] = {"so1", "so2", "ngoai", "xa2", "xa3", "tinh", "huyen", "phong"};
    for (uint32_t i = 0; i < TASK_OPINIONS_MAX / 8; i++) {
        assert_int_equal(consult(world, task, ids, 8, "3wd"), 0);
        const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
        if (i % 2)
            assert_int_equal(world_recall(world, "xa1", task, question, NULL), 0);
    }
    REFUSED(world, consult(world, task, ids, 1, "3wd"), CAPACITY, "agencies");
    uint64_t second = world_assign(world, "huyen", "xa1", "HT-002", "2024-06-28");
    for (uint32_t i = 0; i < TASK_QUESTIONS_MAX; i++)
        assert_true(world_consult(world, "xa1", second, "so1", "3wd") > 0);
    REFUSED(world, world_consult(world, "xa1", second, "so1", "3wd"), CAPACITY, "task");
    comes_back(world);
}

/* What opinions say has a bound of its own, so that the task's row fits a frame; for each that is asked for there is room. */
TEST(a_task_keeps_so_many_bytes_of_opinions_and_room_for_each_that_is_owed)
{
    static char words[3001];
    const char *const ids[] = {"so1", "so2", "ngoai", "xa2"};
    uint64_t task, questions[8];
    struct world *world = begin(&task);
    struct msg_opine opine = {0};
    int refused = 0;
    memset(words, 'x', sizeof words - 1);
    MSG_SET(&opine, opine, task, task);
    MSG_SET(&opine, opine, answer, ANSWERING_AGREED);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(consult(world, task, ids, 4, "3wd"), 0);
        questions[i] = WORLD_REPLY(world, change_reply)->seq;
    }
    for (int i = 0; i < 32; i++) {
        MSG_SET(&opine, opine, question, questions[i / 4]);
        MSG_SET(&opine, opine, note, text_of(words));
        if (!world_send(world, ids[i % 4], OP_OPINE, &opine))
            continue;
        assert_int_equal(world->error, COORD_E_CAPACITY);
        refused++;
        MSG_SET(&opine, opine, note, ((struct text){words, 500}));
        assert_int_equal(world_send(world, ids[i % 4], OP_OPINE, &opine), 0);
    }
    assert_in_range(refused, 10, 20);
    REFUSED(world, consult(world, task, ids, 4, "3wd"), CAPACITY, "note");
    comes_back(world);
}

/* Each record of a task finds anew which opinion is late next; where some are excluded, who owes it is looked at for each. */
TEST(a_task_with_many_opinions_costs_more_with_each_record)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *const ids[] = {"so1", "so2", "ngoai", "xa2", "xa3", "tinh", "huyen", "phong"};
    uint64_t costs[3];
    for (int i = 0; i < 3; i++) {
        if (i == 1)
            for (int k = 0; k < 4; k++)
                assert_int_equal(consult(world, task, ids, 8, "3wd"), 0);
        if (i == 2)
            exclude(world, task, "ngoai");
        assert_int_equal(world_act(world, "xa1", OP_COMMENT, task), 0);
        costs[i] = world->effects.cost;
    }
    assert_in_range(costs[1], costs[0] + 50, costs[0] + 200);
    assert_in_range(costs[2], costs[1] + 500, costs[1] + 2000);
    world_free(world);
}

static void close_day(struct world *world, const char *day, bool working)
{
    struct msg_hours hours[5];
    struct msg_exception exception = {0};
    struct msg_calendar_set set = {0};
    for (uint32_t i = 0; i < 5; i++) {
        hours[i] = (struct msg_hours){0};
        MSG_SET(&hours[i], hours, weekday, i + 1);
        MSG_SET(&hours[i], hours, open, 450);
        MSG_SET(&hours[i], hours, close, 1020);
    }
    MSG_SET(&exception, exception, day, text_of(day));
    MSG_SET(&exception, exception, working, working);
    MSG_SET(&set.calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, ((struct msg_hours_items){hours, 5}));
    MSG_SET(&set.calendar, calendar, exceptions, ((struct msg_exception_items){&exception, 1}));
    MSG_MARK(&set, calendar_set, calendar);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
}

TEST(a_date_that_was_counted_follows_its_calendar_and_so_does_what_was_silent_by_it)
{
    uint64_t dated, task;
    struct world *world = begin(&dated);
    task = world_assign(world, "huyen", "xa1", "HT-003", NULL); /* it has no calendar of its own yet */
    (void)world_consult(world, "xa1", task, "so1", "3wd");
    (void)world_consult(world, "xa1", dated, "so1", "3wd");
    (void)world_consult(world, "xa1", task, "ngoai", "2024-06-13");
    close_day(world, "2024-06-12", false);
    assert_int_equal(world_run_until(world, world->now), 2);
    assert_true(world_tells(newest(world), "xa1 so1"));
    assert_int_equal(newest(world)->record, RECORD_DUE_MOVED);
    assert_true(get(world, "xa1", task)->questions.items[0].due == ladder_at("2024-06-15", 0, 0));
    assert_true(get(world, "xa1", task)->questions.items[1].due == ladder_at("2024-06-14", 0, 0));
    world_run_until(world, ladder_at("2024-06-18", 9, 0));
    assert_int_equal(opinion(world, task, 0).silent_days, 2);
    close_day(world, "2024-06-17", false); /* the 12th was worked after all, and nobody is late on a day off */
    world_run_until(world, world->now);
    assert_true(opinion(world, task, 0).silent == ladder_at("2024-06-14", 0, 0));
    assert_int_equal(opinion(world, task, 0).silent_days, 2);
    comes_back(world);
}

TEST(a_circular_is_completed_by_whoever_accepts_it)
{
    struct world *world = world_new();
    struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("TB-12"));
    MSG_SET(&assign, assign, leads, ((struct texts){leads, 2}));
    MSG_SET(&assign.content, content, title, TEXT("Thông báo kết luận"));
    MSG_SET(&assign.content, content, kind, KIND_CIRCULAR);
    MSG_SET(&assign.content, content, due, TEXT("2wd"));
    MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t first = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, first), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].state, STATE_COMPLETED);
    assert_true(world_tells(newest(world), "huyen"));
    const struct msg_task *read = get(world, "huyen", first);
    assert_true(read->timeliness == TIMELINESS_ON_TIME && read->closed == world->now && read->submitted == world->now &&
                !MSG_HAS(read, task, report_due) && !MSG_HAS(read, task, custody));
    world->now += 10 * WORLD_DAY;
    const struct msg_task *unread = get(world, "huyen", first + 1);
    assert_true(unread->state == STATE_ASSIGNED && unread->timeliness == TIMELINESS_OVERDUE);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, first + 1), 0);
    assert_int_equal(get(world, "huyen", first + 1)->timeliness, TIMELINESS_LATE);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, first + 1), COORD_E_WRONG_STATE);
    comes_back(world);
}

TEST(what_the_lead_asked_is_settled_when_it_accepts_a_circular)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("TB-13"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Thông báo"));
    MSG_SET(&assign.content, content, kind, KIND_CIRCULAR);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_true(world_ask(world, "xa1", task, ASKING_RETURN, NULL) > 0);
    assert_true(world_consult(world, "xa1", task, "ngoai", "3wd") > 0);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(newest(world)->ended.count, 1);
    assert_true(world_tells(newest(world), "ngoai huyen"));
    assert_int_equal(get(world, "xa1", task)->asks.items[0].outcome, SETTLEMENT_ENDED);
    assert_int_equal(get(world, "xa1", task)->opinions.items[0].state, OPINING_WITHDRAWN);
    comes_back(world);
}

static bool hears(const struct world *world, const char *agency, uint64_t task, uint64_t seq)
{
    return core_may_hear(world->core, task, seq, core_agency_find(world->core, text_of(agency)), world->now);
}

static void restrict_task(struct world *world, uint64_t task)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

/* That it owes none any more, and nothing else of before or after. */
TEST(whoever_was_asked_of_a_restricted_task_hears_that_this_has_ended_and_no_more)
{
    uint64_t task;
    struct world *world = begin(&task);
    restrict_task(world, task);
    const uint64_t question = world_consult(world, "xa1", task, "tinh", "3wd");
    const uint64_t asked = world->record_count;
    assert_true(hears(world, "tinh", task, asked) && newest_shown(world, "tinh", task) == asked);
    assert_int_equal(world_opine(world, "tinh", task, question), 0);
    const uint64_t ended = world->record_count;
    assert_true(hears(world, "tinh", task, ended));
    assert_false(hears(world, "tinh", task, asked) || hears(world, "tinh", task, ended + 1));
    assert_int_equal(newest_shown(world, "tinh", task), 0);
    comes_back(world);
}

TEST(whoever_owed_an_opinion_of_a_restricted_task_that_is_closed_hears_of_that_and_reads_nothing)
{
    uint64_t task;
    struct world *world = begin(&task);
    restrict_task(world, task);
    world_consult(world, "xa1", task, "tinh", "3wd");
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_true(world_tells(newest(world), "xa1 tinh"));
    assert_true(hears(world, "tinh", task, world->record_count));
    assert_false(hears(world, "tinh", task, world->record_count - 1));
    assert_int_equal(newest_shown(world, "tinh", task), 0);
    comes_back(world);
}

TEST(when_a_task_becomes_restricted_whoever_owes_no_opinion_any_more_reads_nothing_of_it)
{
    uint64_t task;
    struct world *world = begin(&task);
    const char *const ids[] = {"ngoai", "so1"};
    assert_int_equal(consult(world, task, ids, 2, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq, asked = world->record_count;
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    assert_true(newest_shown(world, "ngoai", task) > 0);
    restrict_task(world, task);
    assert_int_equal(newest_shown(world, "ngoai", task), 0);
    assert_false(hears(world, "ngoai", task, asked));
    assert_non_null(get(world, "so1", task)); /* that one owes its opinion, and reads on to give it */
    assert_int_equal(world_opine(world, "so1", task, question), 0);
    const uint64_t given = world->record_count;
    assert_null(get(world, "so1", task));
    assert_int_equal(newest_shown(world, "so1", task), 0);
    assert_true(hears(world, "so1", task, given) && !hears(world, "so1", task, asked));
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_NORMAL);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(newest_shown(world, "so1", task), 0); /* what came while it was restricted stays closed to it */
    comes_back(world);
}

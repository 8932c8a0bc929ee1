/* What a lead asks others their opinion of: who is asked, what becomes of it, who reads what, and when. What is refused is in
 * test_opinion_refused.c, who hears that nothing is owed any more in test_opinion_told.c.
 */
#include <string.h>

#include "core/state.h"
#include "unit/core/agency_ends.h"
#include "unit/core/ladder.h"
#include "unit/core/opinion.h"
#include "unit/core/refused.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

static int history_before(struct world *world, const char *agency, uint64_t task, uint64_t before)
{
    struct msg_task_history history = {0};
    MSG_SET(&history, task_history, task, task);
    MSG_SET(&history, task_history, before, before);
    return world_send(world, agency, OP_TASK_HISTORY, &history);
}

static bool text_begins(struct text text, const char *words)
{
    const size_t size = strlen(words);
    return text.size >= size && memcmp(text.data, words, size) == 0;
}

TEST(who_is_asked_reads_the_task_until_it_answers_and_then_what_it_was_shown)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *const ids[] = {"so1", "ngoai"};
    assert_null(shown_if_read(world, "ngoai", task));
    assert_int_equal(opinion_consult(world, task, ids, 2, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    assert_true(world_tells(ladder_last(world), "so1 ngoai huyen"));
    assert_true(
        text_equal(ladder_last(world)->reason, TEXT("xa1 asks for opinions on HT-001 by 2024-06-13 from so1, ngoai.")));
    assert_int_equal(opinion_owed(world, "ngoai"), 1);
    assert_true(shown_if_read(world, "ngoai", task)->questions.items[0].due == ladder_at("2024-06-14", 0, 0));
    assert_int_equal(WORLD_REPLY(world, task_reply)->may, TERM_BIT(ACTION_OPINE) | TERM_BIT(ACTION_COMMENT));
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    const uint64_t given = world->record_count;
    assert_true(world_tells(ladder_last(world), "huyen xa1"));
    assert_true(text_equal(ladder_last(world)->reason, TEXT("ngoai gave its opinion on HT-001: agreed_in_part.")));
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_null(shown_if_read(world, "ngoai", task));
    assert_int_equal(opinion_owed(world, "ngoai"), 0);
    assert_int_equal(opinion_newest_shown(world, "ngoai", task), given);
    assert_int_equal(history_before(world, "ngoai", task, given), 0);
    for (uint64_t before = given + 1; before <= given + 2; before++) /* whether it is one of the task or none */
        REFUSED(world, history_before(world, "ngoai", task, before), OUT_OF_RANGE, "before");
    assert_int_equal(opinion_newest_shown(world, "so1", task), world->record_count);
    assert_int_equal(opinion_newest_shown(world, "so2", task), 0);
    const struct msg_opinion said = opinion_at(world, task, 1);
    assert_true(said.state == OPINING_GIVEN && said.answer == ANSWERING_PARTLY && said.shown == given &&
                said.ended == world->now && text_equal(said.by, TEXT("ngoai")) &&
                text_equal(said.note, TEXT("đề nghị bổ sung dự toán")) && !MSG_HAS(&said, opinion, silent));
    assert_int_equal(world_opine(world, "ngoai", task, question), COORD_E_TASK_UNKNOWN);
    assert_true(text_begins(world->refusal.message, "This agency owes no opinion on task"));
    assert_int_equal(world_opine(world, "so2", task, question), COORD_E_TASK_UNKNOWN); /* which was never asked */
    assert_true(text_begins(world->refusal.message, "There is no task"));
    shown_comes_back(world);
}

TEST(whoever_does_not_answer_by_the_date_is_silent_once_and_its_opinion_is_taken_late)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *const ids[] = {"so1", "ngoai"};
    assert_int_equal(opinion_consult(world, task, ids, 2, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    assert_true(core_next_deadline(world->core) == ladder_at("2024-06-14", 0, 0));
    const size_t before = world->record_count;
    world_run_until(world, ladder_at("2024-06-17", 9, 0)); /* however late it is come to */
    assert_int_equal(world->record_count, before + 1);
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_UNANSWERED);
    assert_false(MSG_HAS(record, record, actor));
    assert_true(world_tells(record, "xa1 so1 ngoai"));
    assert_true(record->notice == NOTICE_OVERDUE && record->severity == SEVERITY_WARNING);
    assert_true(text_equal(record->reason, TEXT("No opinion on HT-001, asked for by 2024-06-13, came from so1, ngoai: "
                                                "the lead may go on without.")));
    assert_int_equal(world_run_until(world, ladder_at("2024-06-18", 9, 0)), 0);
    const struct msg_opinion silent = opinion_at(world, task, 0);
    assert_true(silent.state == OPINING_SILENT && silent.silent == ladder_at("2024-06-14", 0, 0) &&
                silent.silent_days == 3 && !MSG_HAS(&silent, opinion, ended));
    assert_non_null(shown_if_read(world, "ngoai", task));
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    world->now = ladder_at("2024-06-20", 9, 0);
    assert_int_equal(opinion_at(world, task, 0).silent_days, 5);
    const struct msg_opinion late = opinion_at(world, task, 1);
    assert_true(late.state == OPINING_GIVEN && late.silent_days == 3 && late.silent == ladder_at("2024-06-14", 0, 0));
    struct msg_summary summary = {0};
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &summary), 0);
    uint64_t counted = 0;
    for (uint32_t i = 0; i < WORLD_REPLY(world, summary_reply)->tallies.count; i++)
        counted += WORLD_REPLY(world, summary_reply)->tallies.items[i].silent;
    assert_int_equal(counted, 2);
    shown_comes_back(world);
}

TEST(an_opinion_that_comes_before_the_clock_has_said_that_it_is_late_is_as_late)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const uint64_t question = world_consult(world, "xa1", task, "ngoai", "2024-06-10T10:00");
    world->now = ladder_at("2024-06-11", 10, 0);
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    const struct msg_opinion late = opinion_at(world, task, 0);
    assert_true(late.state == OPINING_GIVEN && late.silent == ladder_at("2024-06-10", 10, 0) && late.silent_days == 1);
    assert_int_equal(world_run_until(world, ladder_at("2024-06-12", 10, 0)), 0);
    shown_comes_back(world);
}

TEST(a_question_is_taken_back_of_one_or_of_all)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *const ids[] = {"so1", "so2", "ngoai"};
    assert_int_equal(opinion_consult(world, task, ids, 3, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    assert_int_equal(world_recall(world, "xa1", task, question, "ngoai"), 0);
    assert_true(world_tells(ladder_last(world), "ngoai huyen"));
    assert_null(shown_if_read(world, "ngoai", task));
    assert_int_equal(opinion_newest_shown(world, "ngoai", task), world->record_count);
    assert_true(core_may_hear(world->core, task, world->record_count + 1, core_agency_find(world->core, TEXT("ngoai")),
                              world->now)); /* what is not restricted was told once, and stays so */
    REFUSED(world, world_recall(world, "xa1", task, question, "ngoai"), BAD_VALUE, "agencies[0]");
    assert_int_equal(world_recall(world, "xa1", task, question, NULL), 0);
    assert_true(world_tells(ladder_last(world), "so1 so2 huyen"));
    REFUSED(world, world_recall(world, "xa1", task, question, NULL), QUESTION_UNKNOWN, "question");
    REFUSED(world, world_recall(world, "xa1", task, 1, NULL), QUESTION_UNKNOWN, "question");
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(opinion_at(world, task, i).state, OPINING_WITHDRAWN);
    assert_int_equal(world_run_until(world, ladder_at("2024-06-20", 9, 0)), 0);
    shown_comes_back(world);
}

TEST(a_task_that_is_closed_ends_what_is_owed_and_those_who_owed_it_hear_of_that)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    (void)world_consult(world, "xa1", task, "so1", "1wd");
    (void)world_consult(world, "xa1", task, "ngoai", "9wd");
    world_run_until(world, ladder_at("2024-06-12", 9, 0));
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_true(world_tells(ladder_last(world), "xa1 so1 ngoai"));
    const struct msg_opinion silent = opinion_at(world, task, 0), asked = opinion_at(world, task, 1);
    assert_true(silent.state == OPINING_SILENT && silent.ended == world->now && silent.silent_days == 1);
    assert_true(asked.state == OPINING_WITHDRAWN && asked.ended == world->now);
    world->now += 10 * WORLD_DAY;
    assert_int_equal(opinion_at(world, task, 0).silent_days, 1);
    assert_int_equal(opinion_newest_shown(world, "ngoai", task), world->record_count);
    assert_int_equal(opinion_owed(world, "ngoai"), 0);
    shown_comes_back(world);
}

TEST(an_agency_that_ends_hands_the_question_to_its_successor_and_without_one_is_silent)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *const ids[] = {"xa2", "xa3"};
    assert_int_equal(opinion_consult(world, task, ids, 2, "8wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
    agency_ends(world, "xa2", "huyen", "ngoai", ladder_at("2024-06-12", 0, 0));
    agency_ends(world, "xa3", "huyen", NULL, ladder_at("2024-06-13", 0, 0));
    world_run_until(world, ladder_at("2024-06-12", 9, 0));
    assert_true(text_equal(opinion_at(world, task, 0).agency, TEXT("ngoai")));
    assert_int_equal(opinion_owed(world, "ngoai"), 1);
    assert_int_equal(world_run_until(world, ladder_at("2024-06-13", 0, 0)), 1);
    assert_true(world_tells(ladder_last(world), "xa1 xa3"));
    const struct msg_opinion gone = opinion_at(world, task, 1);
    assert_true(gone.state == OPINING_SILENT && gone.silent == world->now && gone.ended == world->now);
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    assert_true(text_equal(opinion_at(world, task, 0).by, TEXT("ngoai")));
    assert_true(text_equal(opinion_at(world, task, 0).agency, TEXT("xa2"))); /* by its name of then */
    shown_comes_back(world);
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
    struct world *world = opinion_begin(&dated);
    task = world_assign(world, "huyen", "xa1", "HT-003", NULL); /* it has no calendar of its own yet */
    (void)world_consult(world, "xa1", task, "so1", "3wd");
    (void)world_consult(world, "xa1", dated, "so1", "3wd");
    (void)world_consult(world, "xa1", task, "ngoai", "2024-06-13");
    close_day(world, "2024-06-12", false);
    assert_int_equal(world_run_until(world, world->now), 2);
    assert_true(world_tells(ladder_last(world), "xa1 so1"));
    assert_int_equal(ladder_last(world)->record, RECORD_DUE_MOVED);
    assert_true(shown_if_read(world, "xa1", task)->questions.items[0].due == ladder_at("2024-06-15", 0, 0));
    assert_true(shown_if_read(world, "xa1", task)->questions.items[1].due == ladder_at("2024-06-14", 0, 0));
    world_run_until(world, ladder_at("2024-06-18", 9, 0));
    assert_int_equal(opinion_at(world, task, 0).silent_days, 2);
    close_day(world, "2024-06-17", false); /* the 12th was worked after all, and nobody is late on a day off */
    world_run_until(world, world->now);
    assert_true(opinion_at(world, task, 0).silent == ladder_at("2024-06-14", 0, 0));
    assert_int_equal(opinion_at(world, task, 0).silent_days, 2);
    shown_comes_back(world);
}

/* Whom a question may not be put to, what an opinion may not be, and how many of them a task takes. */
#include <string.h>

#include "core/state.h"
#include "unit/core/agency_ends.h"
#include "unit/core/ladder.h"
#include "unit/core/opinion.h"
#include "unit/core/refused.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(nobody_gives_an_opinion_on_its_own_question_and_none_who_is_excluded)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const uint64_t question = world_consult(world, "xa1", task, "xa2", "8wd");
    (void)world_consult(world, "xa1", task, "ngoai", "8wd");
    opinion_exclude(world, task, "ngoai");
    assert_int_equal(ladder_last(world)->record, RECORD_REMOVED);
    assert_true(world_tells(ladder_last(world), "ngoai"));
    assert_null(shown_if_read(world, "ngoai", task));
    assert_int_equal(opinion_newest_shown(world, "ngoai", task), 0);
    assert_int_equal(world_run_until(world, world->now), 1);
    assert_true(ladder_last(world)->record == RECORD_UNANSWERED && ladder_last(world)->notice == NOTICE_TAKEN_BACK);
    assert_true(world_tells(ladder_last(world), "xa1"));
    assert_int_equal(opinion_at(world, task, 1).state, OPINING_WITHDRAWN);
    assert_int_equal(opinion_newest_shown(world, "ngoai", task), 0);
    agency_ends(world, "xa2", "huyen", "xa1", world->now);
    assert_true(core_next_deadline(world->core) == CORE_NOW);
    world_run_until(world, world->now);
    assert_int_equal(opinion_at(world, task, 0).state, OPINING_WITHDRAWN);
    REFUSED(world, world_opine(world, "xa1", task, question), NOT_AUTHORISED, "task");
    shown_comes_back(world);
}

TEST(whom_a_question_may_not_be_put_to_is_said_with_the_field)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *ids[40];
    opinion_exclude(world, task, "so2");
    ids[0] = "so2";
    REFUSED(world, opinion_consult(world, task, ids, 1, "3wd"), BAD_VALUE, "agencies[0]");
    ids[0] = "xa1";
    REFUSED(world, opinion_consult(world, task, ids, 1, "3wd"), BAD_VALUE, "agencies[0]");
    ids[0] = ids[1] = "so1";
    REFUSED(world, opinion_consult(world, task, ids, 2, "3wd"), BAD_VALUE, "agencies[1]");
    ids[1] = "khong-co";
    REFUSED(world, opinion_consult(world, task, ids, 2, "3wd"), AGENCY_UNKNOWN, "agencies[1]");
    REFUSED(world, opinion_consult(world, task, ids, 1, "2024-06-07"), DUE_IN_PAST, "due");
    REFUSED(world, opinion_consult(world, task, ids, 0, "3wd"), OUT_OF_RANGE, "agencies");
    REFUSED(world, world_consult(world, "huyen", task, "so1", "3wd"), NOT_AUTHORISED, "task");
    agency_ends(world, "xa3", "huyen", NULL, world->now);
    REFUSED(world, world_consult(world, "xa1", task, "xa3", "3wd"), NOT_ASSIGNABLE, "agencies[0]");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    REFUSED(world, world_consult(world, "xa1", task, "ngoai", "3wd"), BAD_VALUE, "agencies[0]");
    assert_true(world_consult(world, "xa1", task, "tinh", "3wd") > 0); /* stands above one with a role */
    world_run_until(world, world->now);
    shown_comes_back(world);
}

TEST(what_an_opinion_may_not_be_is_said_with_the_field)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
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
    assert_true(text_equal(opinion_at(world, task, 0).evidence.items[0], TEXT("van ban.pdf")));
    shown_comes_back(world);
}

TEST(of_one_task_so_many_questions_are_asked_and_no_more)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *const ids[] = {"so1", "so2", "ngoai", "xa2", "xa3", "tinh", "huyen", "phong"};
    for (uint32_t i = 0; i < TASK_OPINIONS_MAX / 8; i++) {
        assert_int_equal(opinion_consult(world, task, ids, 8, "3wd"), 0);
        const uint64_t question = WORLD_REPLY(world, change_reply)->seq;
        if (i % 2)
            assert_int_equal(world_recall(world, "xa1", task, question, NULL), 0);
    }
    REFUSED(world, opinion_consult(world, task, ids, 1, "3wd"), CAPACITY, "agencies");
    uint64_t second = world_assign(world, "huyen", "xa1", "HT-002", "2024-06-28");
    for (uint32_t i = 0; i < TASK_QUESTIONS_MAX; i++)
        assert_true(world_consult(world, "xa1", second, "so1", "3wd") > 0);
    REFUSED(world, world_consult(world, "xa1", second, "so1", "3wd"), CAPACITY, "task");
    shown_comes_back(world);
}

/* What opinions say has a bound of its own, so that the task's row fits a frame; for each that is asked for there is room. */
TEST(a_task_keeps_so_many_bytes_of_opinions_and_room_for_each_that_is_owed)
{
    static char words[3001];
    const char *const ids[] = {"so1", "so2", "ngoai", "xa2"};
    uint64_t task, questions[8];
    struct world *world = opinion_begin(&task);
    struct msg_opine opine = {0};
    int refused = 0;
    memset(words, 'x', sizeof words - 1);
    MSG_SET(&opine, opine, task, task);
    MSG_SET(&opine, opine, answer, ANSWERING_AGREED);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(opinion_consult(world, task, ids, 4, "3wd"), 0);
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
    REFUSED(world, opinion_consult(world, task, ids, 4, "3wd"), CAPACITY, "note");
    shown_comes_back(world);
}

/* Each record of a task finds anew which opinion is late next; where some are excluded, who owes it is looked at for each. */
TEST(a_task_with_many_opinions_costs_more_with_each_record)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *const ids[] = {"so1", "so2", "ngoai", "xa2", "xa3", "tinh", "huyen", "phong"};
    uint64_t costs[3];
    for (int i = 0; i < 3; i++) {
        if (i == 1)
            for (int k = 0; k < 4; k++)
                assert_int_equal(opinion_consult(world, task, ids, 8, "3wd"), 0);
        if (i == 2)
            opinion_exclude(world, task, "ngoai");
        assert_int_equal(world_act(world, "xa1", OP_COMMENT, task), 0);
        costs[i] = world->effects.cost;
    }
    assert_in_range(costs[1], costs[0] + 50, costs[0] + 200);
    assert_in_range(costs[2], costs[1] + 500, costs[1] + 2000);
    world_free(world);
}

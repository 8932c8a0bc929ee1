/* Recommendations upward, and the answer that is owed for them. */
#include <string.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

static uint64_t recommend(struct world *world, const char *by, const char *to, const char *reference, uint64_t follows)
{
    struct text lead = text_of(to);
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Kiến nghị bổ sung vốn"));
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION);
    MSG_SET(&assign.content, content, due, TEXT("10wd"));
    if (follows)
        MSG_SET(&assign.content, content, follows, follows);
    MSG_MARK(&assign, assign, content);
    return world_send(world, by, OP_ASSIGN, &assign) ? 0 : WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static int answer(struct world *world, const char *agency, uint64_t task, int with, const char *to)
{
    struct msg_answer request = {0};
    MSG_SET(&request, answer, task, task);
    MSG_SET(&request, answer, answer, with);
    MSG_SET(&request, answer, note, TEXT("Bố trí trong kế hoạch năm sau."));
    if (to)
        MSG_SET(&request, answer, to, text_of(to));
    return world_send(world, agency, OP_ANSWER, &request);
}

static void comes_back(struct world *world)
{
    uint8_t here[32], there[32];
    struct core *core = world_restore(world, NULL, 0, 0);
    core_digest(world->core, here);
    core_digest(core, there);
    assert_memory_equal(here, there, sizeof here);
    core_free(core);
    world_free(world);
}

TEST(an_answer_closes_a_recommendation_and_whoever_made_it_is_told)
{
    struct world *world = world_new();
    const uint64_t task = recommend(world, "huyen", "tinh", "KN-1", 0);
    assert_int_equal(answer(world, "tinh", task, ANSWERING_PARTLY, NULL), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(world_tells(record, "huyen"));
    assert_true(text_equal(record->reason, TEXT("tinh answered KN-1: agreed_in_part.")));
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_int_equal(now->state, STATE_COMPLETED);
    assert_int_equal(now->answer, ANSWERING_PARTLY);
    assert_int_equal(now->timeliness, TIMELINESS_ON_TIME);
    assert_true(text_equal(now->note, TEXT("Bố trí trong kế hoạch năm sau.")) &&
                text_equal(now->note_by, TEXT("tinh")));
    comes_back(world);
}

TEST(what_is_passed_on_says_to_whom)
{
    struct world *world = world_new();
    const uint64_t task = recommend(world, "huyen", "tinh", "KN-1", 0);
    REFUSED(world, answer(world, "tinh", task, ANSWERING_PASSED_ON, NULL), MISSING_FIELD, "to");
    REFUSED(world, answer(world, "tinh", task, ANSWERING_PASSED_ON, "tinh"), BAD_VALUE, "to");
    REFUSED(world, answer(world, "tinh", task, ANSWERING_PASSED_ON, "khong-co"), AGENCY_UNKNOWN, "to");
    REFUSED(world, answer(world, "tinh", task, ANSWERING_AGREED, "so1"), BAD_VALUE, "to");
    assert_int_equal(answer(world, "tinh", task, ANSWERING_PASSED_ON, "so1"), 0);
    assert_true(
        text_equal(world_record(world, world->record_count)->reason, TEXT("tinh answered KN-1: passed_on to so1.")));
    assert_true(text_equal(shown_task(world, "huyen", task)->passed_to, TEXT("so1")));
    comes_back(world);
}

TEST(only_a_recommendation_is_answered_and_only_by_whom_it_was_made_to)
{
    struct world *world = world_new();
    const uint64_t directive = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    const uint64_t task = recommend(world, "huyen", "tinh", "KN-1", 0);
    REFUSED(world, answer(world, "xa1", directive, ANSWERING_AGREED, NULL), BAD_VALUE, "task");
    REFUSED(world, answer(world, "huyen", task, ANSWERING_AGREED, NULL), NOT_AUTHORISED, "task");
    assert_int_equal(answer(world, "tinh", task, ANSWERING_REFUSED, NULL), 0);
    REFUSED(world, answer(world, "tinh", task, ANSWERING_AGREED, NULL), WRONG_STATE, "task");
    comes_back(world);
}

TEST(an_answer_that_does_not_come_is_on_record_with_whoever_owed_it)
{
    struct world *world = world_new();
    LADDER_SET(world, {DEADLINE_COMPLETION, 1, UNIT_WORKING_DAYS, RUNG_ESCALATE, TERM_BIT(ROLE_ASSIGNER), .level = 1});
    struct text lead = TEXT("so1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("KN-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign.content, content, title, TEXT("Kiến nghị"));
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION);
    MSG_SET(&assign.content, content, due, TEXT("2024-06-05"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    world_run_until(world, ladder_at("2024-06-06", 12, 0));
    assert_non_null(
        strstr(world_record(world, world->record_count)->reason.data, "so1 was to answer KN-1 by 2024-06-05"));
    comes_back(world);
}

TEST(a_recommendation_may_follow_one_that_its_maker_can_read)
{
    struct world *world = world_new();
    const uint64_t first = recommend(world, "huyen", "tinh", "KN-1", 0);
    const uint64_t hidden = world_assign(world, "so1", "phong", "S-1", NULL);
    REFUSED(world, recommend(world, "huyen", "tinh", "KN-2", hidden), TASK_UNKNOWN, "content.follows");
    REFUSED(world, recommend(world, "huyen", "tinh", "KN-2", 99), TASK_UNKNOWN, "content.follows");
    const uint64_t second = recommend(world, "huyen", "tinh", "KN-2", first);
    assert_int_equal(shown_task(world, "tinh", second)->follows, first);
    comes_back(world);
}

/* What one agency's documents may cost the others: tasks go along in turn, and no rung waits for them. */
#include <stdio.h>

#include "core/document_move.h"
#include "core/state.h"
#include "unit/core/documents.h"
#include "unit/core/ladder.h"
#include "unit/test.h"

/* So many tasks of huyen's that come from a document, and one that another gives, from it as well or (NULL) from none: its rung is due
 * by now. That one's number. */
static uint64_t many_and_one_due(struct world *world, int count, const char *by, const char *document)
{
    char reference[16];
    LADDER_SET(world, {.deadline = DEADLINE_COMPLETION,
                       .offset = -1,
                       .unit = UNIT_WORKING_DAYS,
                       .does = RUNG_REMIND,
                       .to = LADDER_LEAD});
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "huyen", "700-BC/HU", "I");
    for (int i = 0; i < count; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(documents_cite(world, "huyen", "xa1", reference, DOCUMENTS_NUMBER, "I") != 0);
    }
    struct msg_assign assign = {0};
    const struct text lead = TEXT("so1");
    MSG_SET(&assign, assign, reference, TEXT("B-1"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign.content, content, title, TEXT("Gấp"));
    MSG_SET(&assign.content, content, due, TEXT("2024-06-06"));
    if (document)
        MSG_SET(&assign.content, content, document, text_of(document));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, by, OP_ASSIGN, &assign), 0);
    world->now = core_next_deadline(world->core);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

/* The rung is due at once, and the first tick fires it, whatever is left to go along; and so does who replaced the document pay. */
TEST(rungs_do_not_wait_for_what_goes_along_with_a_document)
{
    struct world *world = world_new();
    many_and_one_due(world, 1000, "tinh", NULL);
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "", ""), 0);
    const uint64_t before = world->record_count;
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(world_record(world, before + 1)->record, RECORD_RUNG);
    assert_true(world->record_count > before + 1);
    assert_int_equal(core_next_deadline(world->core), CORE_NOW);
    assert_true(world_charged(world, "huyen") > 0);
    assert_int_equal(world_charged(world, "so1") + world_charged(world, "tinh"), 0);
    world_free(world);
}

/* A task that ends with its document owes nothing any more when its rung is due. */
TEST(a_task_of_which_something_is_due_goes_along_first)
{
    struct world *world = world_new();
    const uint64_t task = many_and_one_due(world, 600, "huyen", DOCUMENTS_NUMBER);
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "", "B-1"), 0);
    const uint64_t before = world->record_count;
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(world_record(world, before + 1)->task, task);
    assert_int_equal(world_record(world, before + 1)->action, ACTION_CANCEL);
    world_run_until(world, world->now);
    for (uint64_t seq = before + 1; seq <= world->record_count; seq++)
        assert_true(world_record(world, seq)->record != RECORD_RUNG);
    documents_restore(world);
    world_free(world);
}

/* Of two documents one after the other, in turn: who replaced the first is not waited for by who replaced the second. */
TEST(documents_take_their_tasks_along_in_turn)
{
    struct world *world = world_new();
    char reference[16];
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "huyen", "700-BC/HU", "I");
    documents_put_named(world, "so1", "1-KH/SO", "I");
    documents_put_named(world, "so1", "2-KH/SO", "I");
    for (int i = 0; i < 600; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(documents_cite(world, "huyen", "xa1", reference, DOCUMENTS_NUMBER, "I") != 0);
    }
    const uint64_t other = documents_cite(world, "so1", "phong", "B-1", "1-KH/SO", "I");
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "", ""), 0);
    assert_int_equal(documents_replace(world, "so1", "1-KH/SO", "2-KH/SO", "", ""), 0);
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(core_next_deadline(world->core), CORE_NOW);
    assert_true(text_equal(documents_of(world, other), TEXT("2-KH/SO")));
    world_free(world);
}

TEST(so_many_tasks_of_one_agency_go_along_at_once_and_no_more)
{
    struct world *world = world_new();
    char reference[16];
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "huyen", "700-BC/HU", "I");
    documents_put_named(world, "huyen", "800-BC/HU", "I");
    documents_put_named(world, "so1", "1-KH/SO", "I");
    documents_put_named(world, "so1", "2-KH/SO", "I");
    for (int i = 0; i < DOCUMENT_MOVES_EACH; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(documents_cite(world, "huyen", "xa1", reference, DOCUMENTS_NUMBER, "I") != 0);
    }
    assert_true(documents_cite(world, "huyen", "xa1", "C-1", "700-BC/HU", "I") != 0);
    assert_true(documents_cite(world, "so1", "phong", "B-1", "1-KH/SO", "I") != 0);
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "800-BC/HU", "", ""), 0);
    assert_int_equal(documents_replace(world, "huyen", "700-BC/HU", "800-BC/HU", "", ""), COORD_E_COST_LIMITED);
    documents_refused(world, COORD_E_COST_LIMITED, "document");
    documents_say(world, "4096 tasks");
    assert_int_equal(documents_replace(world, "so1", "1-KH/SO", "2-KH/SO", "", ""), 0); /* it is no other's business */
    world_run_until(world, world->now);
    assert_int_equal(documents_replace(world, "huyen", "700-BC/HU", "800-BC/HU", "", ""), 0);
    world_free(world);
}

TEST(those_that_stay_do_not_count_among_those_that_are_still_to_go_along)
{
    struct world *world = world_new();
    char reference[16];
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "huyen", "700-BC/HU", "I");
    documents_put_named(world, "huyen", "800-BC/HU", "I");
    for (int i = 0; i < DOCUMENT_MOVES_EACH; i++) { /* by an agency that does not stand under huyen */
        snprintf(reference, sizeof reference, "B-%d", i);
        assert_true(documents_cite(world, "so1", "phong", reference, DOCUMENTS_NUMBER, "I") != 0);
    }
    assert_true(documents_cite(world, "huyen", "xa1", "C-1", DOCUMENTS_NUMBER, "I") != 0);
    const uint64_t task = documents_cite(world, "huyen", "xa1", "C-2", "700-BC/HU", "I");
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "800-BC/HU", "", ""), 0);
    assert_int_equal(documents_replace(world, "huyen", "700-BC/HU", "800-BC/HU", "", ""),
                     0); /* one task is left to go along */
    world_run_until(world, world->now);
    assert_true(text_equal(documents_of(world, task), TEXT("800-BC/HU")));
    world_free(world);
}

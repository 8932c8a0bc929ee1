/* Where tasks go when their document is replaced, and which end with it. */
#include <stdio.h>

#include "core/cites.h"
#include "core/cold.h"
#include "core/document.h"
#include "core/state.h"
#include "unit/core/documents.h"
#include "unit/test.h"

/* ---- replacing ---- */

TEST(what_replaces_a_document_takes_its_open_tasks_along)
{
    struct world *world = world_new();
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II.1 II.2 III");
    const uint64_t same = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I"),
                   merged = documents_cite(world, "huyen", "xa1", "A-2", DOCUMENTS_NUMBER, "II.1 II.2"),
                   gone = documents_cite(world, "huyen", "so1", "A-3", DOCUMENTS_NUMBER, "III"),
                   ending = documents_cite(world, "huyen", "xa2", "A-4", DOCUMENTS_NUMBER, "III"),
                   closed = documents_cite(world, "huyen", "xa3", "A-5", DOCUMENTS_NUMBER, "I"),
                   others = documents_cite(world, "xa1", "xa1", "A-4", DOCUMENTS_NUMBER, "");
    world_act(world, "huyen", OP_CANCEL, closed);
    documents_put_named(world, "huyen", "700-BC/HU", "I V");
    documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "II.1>V II.2>V", "");
    documents_refused(world, COORD_E_PARAGRAPH_UNKNOWN, "moves");
    documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "II.1>V II.2>VI III>", "");
    documents_refused(world, COORD_E_PARAGRAPH_UNKNOWN, "moves[1].to");
    documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "II.1>V II.1>I III>", "");
    documents_refused(world, COORD_E_BAD_VALUE, "moves[1].from");
    documents_replace(world, "huyen", DOCUMENTS_NUMBER, DOCUMENTS_NUMBER, "", "");
    documents_refused(world, COORD_E_BAD_VALUE, "by");
    documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-9");
    documents_refused(world, COORD_E_TASK_UNKNOWN, "ends[0]");
    documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-4 A-5");
    documents_refused(world, COORD_E_BAD_VALUE, "ends[1]");
    documents_replace(world, "tinh", DOCUMENTS_NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-4");
    documents_refused(world, COORD_E_NOT_AUTHORISED, "ends");
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-4"), 0);
    assert_int_equal(core_next_deadline(world->core), CORE_NOW);
    documents_restore(world);
    world_run_until(world, world->now);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    documents_cited(world, same, "700-BC/HU I");
    documents_cited(world, merged, "700-BC/HU V");
    documents_cited(world, gone, "700-BC/HU");
    documents_cited(world, others, "700-BC/HU");
    documents_cited(world, closed, DOCUMENTS_NUMBER " I");
    documents_cited(world, ending, DOCUMENTS_NUMBER " III");
    assert_int_equal(WORLD_REPLY(world, task_reply)->task.state, STATE_CANCELLED);
    assert_true(text_equal(WORLD_REPLY(world, task_reply)->task.assigner_note, TEXT("Thay thế.")));
    const struct msg_record *record = world_record(world, core_task(world->core, gone)->record);
    assert_int_equal(record->notice, NOTICE_AMENDED);
    assert_true(world_tells(record, "huyen so1"));
    assert_int_equal(documents_cite(world, "huyen", "xa1", "A-9", DOCUMENTS_NUMBER, ""), 0);
    documents_refused(world, COORD_E_DOCUMENT_OVER, "content.document");
    documents_say(world, "700-BC/HU");
    documents_restore(world);
    world_free(world);
}

static void place_under(struct world *world, const char *id, const char *parent)
{
    struct msg_agency_set set = {0};
    struct msg_agency agency = *core_agency(world->core, core_agency_find(world->core, text_of(id)))->message;
    MSG_SET(&agency, agency, parent, text_of(parent));
    MSG_SET(&set, agency_set, agency, agency);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
}

/* Whoever puts a number before others do gets no hold on their tasks by it. */
TEST(what_others_gave_goes_on_citing_a_document_that_is_replaced)
{
    struct world *world = world_new();
    documents_put_named(world, "so1", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "so1", "7-KH", "I");
    const uint64_t first = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I"),
                   own = documents_cite(world, "so1", "xa1", "B-1", DOCUMENTS_NUMBER, "I"),
                   last = documents_cite(world, "huyen", "xa2", "A-2", DOCUMENTS_NUMBER, ""),
                   closed = documents_cite(world, "huyen", "xa2", "A-3", DOCUMENTS_NUMBER, "");
    const size_t before = world->record_count;
    assert_int_equal(documents_replace(world, "so1", DOCUMENTS_NUMBER, "7-KH", "", ""), 0);
    world_run_until(world, world->now);
    assert_int_equal(world->record_count - before, 2);
    documents_cited(world, first, DOCUMENTS_NUMBER " I");
    documents_cited(world, own, "7-KH I");
    documents_cited(world, last, DOCUMENTS_NUMBER);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    documents_restart_from_rows(world); /* they are looked at again, and stay */
    world_run_until(world, world->now);
    assert_int_equal(world->record_count - before, 2);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    world_act(world, "huyen", OP_CANCEL, closed);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    place_under(world, "huyen", "so1"); /* now they are of one that stands under the issuer */
    assert_int_equal(core_next_deadline(world->core), CORE_NOW);
    world_run_until(world, world->now);
    documents_cited(world, first, "7-KH I");
    documents_cited(world, last, "7-KH");
    documents_cited(world, closed, DOCUMENTS_NUMBER);
    documents_restore(world);
    world_free(world);
}

TEST(what_an_administrator_replaces_takes_along_what_anybody_gave)
{
    struct world *world = world_new();
    documents_put_named(world, "so1", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "so1", "7-KH", "I");
    const uint64_t other = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I");
    assert_int_equal(documents_replace(world, "tinh", DOCUMENTS_NUMBER, "7-KH", "", ""), 0);
    documents_restore(world);
    world_run_until(world, world->now);
    documents_cited(world, other, "7-KH I");
    documents_restore(world);
    world_free(world);
}

/* A number is used up for good by nobody who is not to be undone. */
TEST(a_number_that_was_withdrawn_is_an_administrators_to_give_anew)
{
    struct world *world = world_new();
    struct msg_document anew = documents_named(DOCUMENTS_NUMBER, "I II");
    documents_put_named(world, "so1", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "so1", "7-KH", "I");
    assert_int_equal(documents_withdraw(world, "so1", DOCUMENTS_NUMBER), 0);
    documents_put(world, "huyen", anew);
    documents_refused(world, COORD_E_DOCUMENT_TAKEN, "document.document");
    documents_put(world, "so1", anew);
    documents_refused(world, COORD_E_DOCUMENT_OVER, "document.document");
    MSG_SET(&anew, document, issuer, TEXT("huyen"));
    assert_int_equal(documents_put(world, "tinh", anew), 0);
    assert_int_equal(documents_get(world, "xa1", DOCUMENTS_NUMBER, 0), 0);
    const struct msg_document *shown = &WORLD_REPLY(world, document_reply)->document;
    assert_true(text_equal(shown->issuer, TEXT("huyen")));
    assert_int_equal(shown->force, FORCE_HOLDS);
    assert_false(MSG_HAS(shown, document, note) || MSG_HAS(shown, document, since));
    assert_int_equal(document_issued(world->core, core_agency_find(world->core, TEXT("so1"))), 1);
    assert_true(documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "II") != 0);
    /* What was replaced has its place taken already. */
    assert_int_equal(documents_replace(world, "tinh", DOCUMENTS_NUMBER, "7-KH", "II>", ""), 0);
    documents_put(world, "tinh", anew);
    documents_refused(world, COORD_E_DOCUMENT_OVER, "document.document");
    world_run_until(world, world->now);
    documents_restore(world);
    world_free(world);
}

/* Each once, wherever the broker stops in between. */
/* One who guessed its number would be told by that what became of it. */
TEST(tasks_of_a_restricted_document_stay_when_it_is_replaced)
{
    struct world *world = world_new();
    struct msg_document document = documents_named(DOCUMENTS_NUMBER, "I");
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(documents_put(world, "huyen", document), 0);
    documents_put_named(world, "huyen", "700-BC/HU", "I");
    const uint64_t own = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I");
    assert_true(documents_cite(world, "so2", "so2", "B-1", DOCUMENTS_NUMBER, "I") != 0);
    documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "", "A-1");
    documents_refused(world, COORD_E_BAD_VALUE, "ends");
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "", ""), 0);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    documents_cited(world, own, DOCUMENTS_NUMBER " I");
    documents_restore(world);
    world_free(world);
}

TEST(tasks_of_a_replaced_document_are_moved_once_across_restarts)
{
    struct world *world = world_new();
    char reference[16];
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "huyen", "700-BC/HU", "I");
    for (int i = 0; i < 300; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(documents_cite(world, "huyen", "xa1", reference, DOCUMENTS_NUMBER, "I") != 0);
    }
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "", ""), 0);
    const size_t before = world->record_count;
    for (int ticks = 0; core_next_deadline(world->core) == CORE_NOW; ticks++) {
        assert_in_range(ticks, 0, 10);
        world_event(world, EVENT_TICK, world->now);
        documents_restart(world);
    }
    assert_int_equal(world->record_count - before, 300);
    assert_int_equal(cites_of(world->core, TEXT("700-BC/HU"))->open.count, 300);
    assert_null(cites_of(world->core, TEXT(DOCUMENTS_NUMBER)));
    documents_restore(world);
    world_free(world);
}

/* ---- which tasks end, and who is told so ---- */

/* Two agencies had a task of one reference, and one stands in the other's place. */
TEST(a_document_ends_the_task_that_was_meant_and_not_its_namesake)
{
    struct world *world = world_new();
    documents_put_named(world, "so1", DOCUMENTS_NUMBER, "I");
    const uint64_t own = documents_cite(world, "so1", "phong", "A-1", DOCUMENTS_NUMBER, "I"),
                   other = documents_cite(world, "so2", "so2", "A-1", DOCUMENTS_NUMBER, "I");
    assert_true(own && other);
    documents_put_named(world, "so1", "700-BC/HU", "I");
    struct msg_agency_set set = agency_set("so2", "tinh");
    MSG_SET(&set.agency, agency, valid_until, world->now + WORLD_HOUR);
    MSG_SET(&set.agency, agency, successor, TEXT("so1"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_run_until(world, world->now + 2 * WORLD_HOUR);
    assert_int_equal(documents_replace(world, "so1", DOCUMENTS_NUMBER, "700-BC/HU", "", "A-1"), 0);
    documents_restart(world);
    world_run_until(world, world->now);
    assert_int_equal(core_task(world->core, own)->state, STATE_CANCELLED);
    assert_int_equal(core_task(world->core, other)->state, STATE_ASSIGNED);
    assert_true(text_equal(documents_of(world, other), TEXT("700-BC/HU")));
    world_free(world);
}

TEST(of_the_tasks_that_end_with_a_document_each_is_shown_those_that_it_may_read)
{
    struct world *world = world_new();
    struct msg_assign assign = {0};
    const struct text lead = TEXT("xa1");
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "huyen", "700-BC/HU", "I");
    MSG_SET(&assign, assign, reference, TEXT("MAT-1"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Mật"));
    MSG_SET(&assign.content, content, document, TEXT(DOCUMENTS_NUMBER));
    MSG_SET(&assign.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t hidden = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    const uint64_t open = documents_cite(world, "huyen", "xa2", "A-1", DOCUMENTS_NUMBER, "I");
    assert_int_equal(documents_replace(world, "huyen", DOCUMENTS_NUMBER, "700-BC/HU", "", "MAT-1 A-1"), 0);
    world_run_until(world, world->now);
    assert_int_equal(documents_get(world, "xa1", DOCUMENTS_NUMBER, 0), 0);
    const struct msg_document *shown = &WORLD_REPLY(world, document_reply)->document;
    assert_int_equal(shown->ends.count, 1);
    assert_true(text_equal(shown->ends.items[0], TEXT("MAT-1")) && shown->end_tasks.items[0] == hidden);
    assert_int_equal(documents_get(world, "tinh", DOCUMENTS_NUMBER, 0), 0);
    shown = &WORLD_REPLY(world, document_reply)->document;
    assert_true(shown->ends.count == 1 && shown->end_tasks.items[0] == open);
    assert_int_equal(documents_get(world, "so1", DOCUMENTS_NUMBER, 0), 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, document_reply)->document, document, ends));
    assert_int_equal(documents_get(world, "huyen", DOCUMENTS_NUMBER, 0), 0);
    assert_int_equal(WORLD_REPLY(world, document_reply)->document.ends.count, 2);
    const uint64_t cost = world->effects.cost;
    world->now += WORLD_HOUR;
    assert_int_equal(documents_get(world, "huyen", DOCUMENTS_NUMBER, 0), 0);
    assert_int_equal(world->effects.cost, cost + 2 * COLD_LOOKS); /* by then they may lie far away */
    world_free(world);
}

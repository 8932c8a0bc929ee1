/* What tasks cite of documents, how that is counted, and what was cited before there were paragraphs. */
#include "core/cites.h"
#include "core/state.h"
#include "unit/core/documents.h"
#include "unit/test.h"

/* ---- citing ---- */

TEST(a_task_cites_paragraphs_that_are_there)
{
    struct world *world = world_new();
    assert_true(documents_cite(world, "huyen", "xa1", "A-0", DOCUMENTS_NUMBER, "IX.9") !=
                0); /* nobody knows the document yet */
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II.1 II.2 II.10");
    assert_int_equal(documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "II.1 II.3"), 0);
    documents_refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.paragraphs[1]");
    documents_say(world, "near it are `II.1`, `II.2`, `II.10`");
    assert_int_equal(documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I I"), 0);
    documents_refused(world, COORD_E_BAD_VALUE, "content.paragraphs[1]");
    assert_int_equal(documents_cite(world, "huyen", "xa1", "A-1", "", "I"), 0);
    documents_refused(world, COORD_E_BAD_VALUE, "content.paragraphs");
    const uint64_t task = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I II.10");
    assert_true(task != 0);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, paragraphs, documents_ids("III"));
    MSG_MARK(&amend, amend, content);
    world_send(world, "huyen", OP_AMEND, &amend);
    documents_refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.paragraphs[0]");
    documents_put_named(world, "huyen", "7-KL", "1");
    amend.content = (struct msg_content){0};
    MSG_SET(&amend.content, content, document, TEXT("7-KL"));
    world_send(world, "huyen", OP_AMEND, &amend);
    documents_refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.document");
    MSG_SET(&amend.content, content, document, TEXT(""));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_null(cites_of(world->core, TEXT("7-KL")));
    documents_restore(world);
    world_free(world);
}

TEST(what_was_withdrawn_is_cited_by_those_that_did_and_no_others)
{
    struct world *world = world_new();
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    assert_true(documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I") != 0);
    assert_int_equal(documents_withdraw(world, "huyen", DOCUMENTS_NUMBER), 0);
    assert_int_equal(documents_cite(world, "huyen", "xa1", "A-2", DOCUMENTS_NUMBER, ""), 0);
    documents_refused(world, COORD_E_DOCUMENT_OVER, "content.document");
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II");
    documents_refused(world, COORD_E_DOCUMENT_OVER, "document.document");
    documents_withdraw(world, "huyen", DOCUMENTS_NUMBER);
    documents_refused(world, COORD_E_DOCUMENT_OVER, "document");
    assert_int_equal(documents_get(world, "xa1", DOCUMENTS_NUMBER, 0), 0);
    assert_int_equal(WORLD_REPLY(world, document_reply)->document.force, FORCE_WITHDRAWN);
    assert_int_equal(cites_of(world->core, TEXT(DOCUMENTS_NUMBER))->open.count, 1);
    documents_restore(world);
    world_free(world);
}

/* ---- coverage ---- */

static const struct msg_coverage_reply *cover(struct world *world, const char *agency, const char *number,
                                              uint64_t after, uint64_t limit)
{
    struct msg_document_coverage request = {0};
    MSG_SET(&request, document_coverage, document, text_of(number));
    MSG_SET(&request, document_coverage, after, after);
    MSG_SET(&request, document_coverage, limit, limit);
    assert_int_equal(world_send(world, agency, OP_DOCUMENT_COVERAGE, &request), 0);
    return WORLD_REPLY(world, coverage_reply);
}

static const struct msg_covered *covered(const struct msg_coverage_reply *reply, const char *id)
{
    for (uint32_t i = 0; i < reply->paragraphs.count; i++)
        if (text_equal(reply->paragraphs.items[i].paragraph, text_of(id)))
            return &reply->paragraphs.items[i];
    return NULL;
}

TEST(coverage_counts_by_paragraph_what_its_asker_may_read)
{
    struct world *world = world_new();
    const uint64_t before = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I II.9");
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II.1 II.2");
    const uint64_t done = documents_cite(world, "huyen", "xa2", "A-2", DOCUMENTS_NUMBER, "I II.1");
    documents_cite(world, "so1", "phong", "B-1", DOCUMENTS_NUMBER, "II.1");
    documents_cite(world, "huyen", "xa3", "A-3", DOCUMENTS_NUMBER, "");
    world_act(world, "huyen", OP_CANCEL, documents_cite(world, "huyen", "xa3", "A-4", DOCUMENTS_NUMBER, "I"));
    world_act(world, "xa2", OP_ACCEPT, done);
    assert_int_equal(world_act(world, "xa2", OP_SUBMIT, done), 0);
    assert_int_equal(world_act(world, "huyen", OP_CONFIRM, done), 0);
    for (int round = 0; round < 2; round++) {
        const struct msg_coverage_reply *reply = cover(world, "tinh", DOCUMENTS_NUMBER, 0, 100);
        assert_int_equal(reply->tasks.count, 5);
        assert_int_equal(covered(reply, "I")->tasks, 2);
        assert_int_equal(covered(reply, "I")->completed, 1);
        assert_int_equal(covered(reply, "I")->open, 1);
        assert_int_equal(covered(reply, "II.1")->tasks, 2);
        assert_null(covered(reply, "II.2"));
        assert_true(covered(reply, "II.9")->missing);
        assert_false(covered(reply, "I")->missing);
        assert_int_equal(covered(reply, "")->tasks, 1);
        assert_int_equal(reply->document.paragraphs.count, 3);
        assert_int_equal(cover(world, "so1", DOCUMENTS_NUMBER, 0, 100)->tasks.count, 1);
        assert_null(covered(WORLD_REPLY(world, coverage_reply), "I"));
        reply = cover(world, "huyen", DOCUMENTS_NUMBER, 0, 1);
        assert_int_equal(reply->tasks.items[0].task, before);
        assert_int_equal(reply->next, before);
        reply = cover(world, "huyen", DOCUMENTS_NUMBER, before, 1);
        assert_int_equal(reply->tasks.items[0].task, done);
        assert_int_equal(covered(reply, "II.1")->completed, 1);
        documents_restart(world);
    }
    world_free(world);
}

/* ---- what was cited before ---- */

static int amend_cited(struct world *world, uint64_t task, const char *number, const char *ids)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    if (number)
        MSG_SET(&amend.content, content, document, text_of(number));
    if (ids)
        MSG_SET(&amend.content, content, paragraphs, documents_ids(ids));
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

TEST(what_was_cited_before_is_held_against_no_text_of_after)
{
    struct world *world = world_new();
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II");
    const uint64_t task = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I");
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "II III");
    assert_int_equal(amend_cited(world, task, DOCUMENTS_NUMBER, NULL), 0);
    assert_int_equal(amend_cited(world, task, DOCUMENTS_NUMBER, "I II"), 0);
    documents_cited(world, task, DOCUMENTS_NUMBER " I II");
    amend_cited(world, task, NULL, "I IV");
    documents_refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.paragraphs[1]");
    documents_put_named(world, "huyen", "700-BC/HU", "II");
    amend_cited(world, task, "700-BC/HU", NULL); /* another one is another matter */
    documents_refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.document");
    documents_restore(world);
    world_free(world);
}

TEST(a_task_that_comes_from_no_document_cites_no_paragraphs)
{
    struct world *world = world_new();
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II");
    const uint64_t task = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I II");
    assert_int_equal(amend_cited(world, task, "", NULL), 0);
    documents_cited(world, task, "");
    documents_restore(world);
    world_free(world);
}

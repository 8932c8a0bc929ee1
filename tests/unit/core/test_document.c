/* Documents: who puts them, and who reads them. */
#include <stdio.h>
#include <string.h>

#include "core/document.h"
#include "core/state.h"
#include "unit/core/documents.h"
#include "unit/core/rows.h"
#include "unit/test.h"

/* ---- putting ---- */

TEST(an_agency_puts_its_own_documents_and_an_administrator_anybodys)
{
    struct world *world = world_new();
    assert_int_equal(documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II.1 II.2"), 0);
    assert_int_equal(documents_get(world, "xa1", DOCUMENTS_NUMBER, 0), 0);
    const struct msg_document *document = &WORLD_REPLY(world, document_reply)->document;
    assert_true(text_equal(document->issuer, TEXT("huyen")));
    assert_int_equal(document->force, FORCE_HOLDS);
    assert_int_equal(document->paragraphs.count, 3);
    struct msg_document other = documents_named("7-KL", "1");
    MSG_SET(&other, document, issuer, TEXT("huyen"));
    documents_put(world, "so1", other);
    documents_refused(world, COORD_E_NOT_AUTHORISED, "document.issuer");
    assert_int_equal(documents_put(world, "tinh", other), 0);
    documents_put_named(world, "so1", DOCUMENTS_NUMBER, "I");
    documents_refused(world, COORD_E_DOCUMENT_TAKEN, "document.document");
    documents_withdraw(world, "so1", DOCUMENTS_NUMBER);
    documents_refused(world, COORD_E_NOT_AUTHORISED, "document");
    documents_restore(world);
    world_free(world);
}

TEST(what_the_broker_says_of_a_document_is_nobody_else_s_to_say)
{
    struct world *world = world_new();
    struct text ends[] = {TEXT("HT-1"), TEXT("HT-2")};
    uint64_t tasks[] = {1, 1};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_document document = documents_named("620-BC/HU", "I.1");
    tasks[0] = tasks[1] = task;
    MSG_SET(&document, document, ends, ((struct texts){ends, 2}));
    MSG_SET(&document, document, end_tasks, ((struct u64s){tasks, 2}));
    MSG_SET(&document, document, note, TEXT("Hết hiệu lực."));
    MSG_SET(&document, document, since, 5);
    assert_int_equal(documents_put(world, "huyen", document), 0);
    assert_int_equal(documents_put_named(world, "huyen", "621-BC/HU", "II.1 II.2"), 0); /* in the memory of the first */
    assert_int_equal(documents_get(world, "huyen", "620-BC/HU", 0), 0);
    const struct msg_document *kept = &WORLD_REPLY(world, document_reply)->document;
    assert_false(MSG_HAS(kept, document, ends) || MSG_HAS(kept, document, end_tasks));
    assert_false(MSG_HAS(kept, document, note) || MSG_HAS(kept, document, since));
    world_free(world);
}

TEST(what_is_so_already_makes_no_record_of_a_document)
{
    struct world *world = world_new();
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I");
    const uint64_t seq = world->record_count;
    assert_int_equal(documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I"), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    assert_int_equal(world_record(world, seq + 1)->record, RECORD_UNCHANGED);
    assert_int_equal(documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II"), 0);
    assert_int_equal(world_record(world, seq + 2)->record, RECORD_DOCUMENT);
    documents_restore(world);
    world_free(world);
}

TEST(what_is_wrong_with_a_document_is_named)
{
    struct world *world = world_new();
    documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I II I");
    documents_refused(world, COORD_E_BAD_VALUE, "document.paragraphs[2].paragraph");
    documents_put_named(world, "huyen", " 620", "I");
    documents_refused(world, COORD_E_BAD_VALUE, "document.document");
    struct msg_document document = documents_named(DOCUMENTS_NUMBER, "I");
    MSG_SET(&document, document, issuer, TEXT("nobody"));
    documents_put(world, "tinh", document);
    documents_refused(world, COORD_E_AGENCY_UNKNOWN, "document.issuer");
    documents_get(world, "huyen", "1", 0);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    documents_withdraw(world, "huyen", "1");
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    world_free(world);
}

TEST(a_document_is_not_larger_than_it_may_be)
{
    static struct msg_paragraph many[40];
    static char text[4096], ids[40][16];
    struct world *world = world_new();
    struct msg_document document = documents_named(DOCUMENTS_NUMBER, "");
    memset(text, 'x', sizeof text);
    for (uint32_t i = 0; i < 40; i++) {
        snprintf(ids[i], sizeof ids[i], "%u", i);
        MSG_SET(&many[i], paragraph, paragraph, text_of(ids[i]));
        MSG_SET(&many[i], paragraph, text, ((struct text){text, sizeof text}));
    }
    MSG_SET(&document, document, paragraphs, ((struct msg_paragraph_items){many, 40}));
    documents_put(world, "huyen", document);
    documents_refused(world, COORD_E_CAPACITY, "document.paragraphs");
    document.paragraphs.count = 31;
    assert_int_equal(documents_put(world, "huyen", document), 0);
    world->limits.task_bytes = 140000;
    MSG_SET(&document, document, document, TEXT("another"));
    documents_put(world, "huyen", document);
    documents_refused(world, COORD_E_STORAGE_LIMITED, "document");
    uint64_t tasks, bytes, again;
    core_agency_given(world->core, core_agency_find(world->core, TEXT("huyen")), &tasks, &bytes);
    assert_true(tasks == 0 && bytes > 31 * 4096 && bytes < DOCUMENT_BYTES_MAX);
    documents_restart(world);
    core_agency_given(world->core, core_agency_find(world->core, TEXT("huyen")), &tasks, &again);
    assert_int_equal(bytes, again);
    world_free(world);
}

/* ---- reading ---- */

TEST(a_restricted_document_is_for_its_issuer_and_those_below_and_who_was_given_a_task_of_it)
{
    struct world *world = world_new();
    struct msg_document document = documents_named(DOCUMENTS_NUMBER, "I II");
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(documents_put(world, "huyen", document), 0);
    assert_int_equal(documents_get(world, "xa1", DOCUMENTS_NUMBER, 0), 0);
    documents_get(world, "tinh", DOCUMENTS_NUMBER, 0);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    const uint64_t given = documents_cite(world, "huyen", "so1", "A-1", DOCUMENTS_NUMBER, "I"),
                   own = documents_cite(world, "so2", "so2", "B-1", DOCUMENTS_NUMBER, "VII");
    assert_true(given && own);
    assert_int_equal(documents_get(world, "so1", DOCUMENTS_NUMBER, given), 0);
    documents_get(world, "so2", DOCUMENTS_NUMBER, own);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    documents_get(world, "so2", DOCUMENTS_NUMBER, given);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    documents_get(world, "so1", DOCUMENTS_NUMBER, 0);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    world_free(world);
}

static uint32_t list(struct world *world, const char *agency, const char *after, uint64_t limit)
{
    struct msg_document_list request = {0};
    MSG_SET(&request, document_list, after, text_of(after));
    MSG_SET(&request, document_list, limit, limit);
    assert_int_equal(world_send(world, agency, OP_DOCUMENT_LIST, &request), 0);
    return WORLD_REPLY(world, documents_reply)->documents.count;
}

TEST(what_is_restricted_of_documents_is_neither_read_nor_found_nor_cited_in_another_name)
{
    struct world *world = world_new();
    struct msg_document document = documents_named(DOCUMENTS_NUMBER, "I II");
    struct msg_agency_stand_in stand_in = {0};
    MSG_SET(&stand_in, agency_stand_in, agency, TEXT("huyen"));
    MSG_SET(&stand_in, agency_stand_in, by, TEXT("so1"));
    MSG_SET(&stand_in, agency_stand_in, until, TEXT("2024-06-07"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_STAND_IN, &stand_in), 0);
    assert_int_equal(documents_put_named(world, "huyen", "1-QĐ", "I"), 0);
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(documents_put(world, "huyen", document), 0);
    const uint64_t task = documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I");
    assert_int_equal(list(world, "huyen", "", 9), 2);
    world->in_name_of = "huyen";
    assert_int_equal(list(world, "so1", "", 9), 1);
    assert_int_equal(documents_get(world, "so1", "1-QĐ", 0), 0);
    documents_get(world, "so1", DOCUMENTS_NUMBER, 0);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    documents_get(world, "so1", DOCUMENTS_NUMBER, task);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    documents_withdraw(world, "so1", DOCUMENTS_NUMBER);
    documents_refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    documents_put(world, "so1", document);
    documents_refused(world, COORD_E_DOCUMENT_TAKEN, "document.document");
    /* As of a number that is not there, nothing is said of what it has. */
    assert_true(documents_cite(world, "so1", "xa1", "A-2", DOCUMENTS_NUMBER, "IX") > 0);
    world->in_name_of = NULL;
    assert_int_equal(documents_get(world, "huyen", DOCUMENTS_NUMBER, 0), 0);
    rows_replay(world);
    world_free(world);
}

TEST(documents_are_listed_by_number_without_those_that_may_not_be_read)
{
    struct world *world = world_new();
    const char *numbers[] = {"3-C", "1-A", "4-D", "2-B"};
    for (int i = 0; i < 4; i++) {
        struct msg_document document = documents_named(numbers[i], "I");
        MSG_SET(&document, document, scope, i == 3 ? SCOPE_RESTRICTED : SCOPE_NORMAL);
        assert_int_equal(documents_put(world, "huyen", document), 0);
    }
    for (int round = 0; round < 2; round++) {
        assert_int_equal(list(world, "xa1", "", 3), 3);
        const struct msg_documents_reply *reply = WORLD_REPLY(world, documents_reply);
        assert_true(text_equal(reply->documents.items[1].document, TEXT("2-B")));
        assert_int_equal(reply->documents.items[1].paragraphs.count, 0);
        assert_true(text_equal(reply->next, TEXT("3-C")));
        assert_int_equal(list(world, "so1", "", 2), 2);
        assert_true(text_equal(reply->documents.items[1].document, TEXT("3-C")));
        assert_int_equal(list(world, "so1", "3-C", 5), 1);
        assert_false(MSG_HAS(WORLD_REPLY(world, documents_reply), documents_reply, next));
        documents_restart(world);
    }
    world_free(world);
}

TEST(whoever_changes_a_document_leaves_its_issuer_and_scope_where_none_is_named)
{
    struct world *world = world_new();
    struct msg_document document = documents_named(DOCUMENTS_NUMBER, "I II");
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(documents_put(world, "huyen", document), 0);
    assert_int_equal(documents_put_named(world, "tinh", DOCUMENTS_NUMBER, "I II III"), 0);
    assert_int_equal(documents_get(world, "xa1", DOCUMENTS_NUMBER, 0), 0);
    const struct msg_document *kept = &WORLD_REPLY(world, document_reply)->document;
    assert_true(text_equal(kept->issuer, TEXT("huyen")));
    assert_int_equal(kept->scope, SCOPE_RESTRICTED);
    assert_int_equal(kept->paragraphs.count, 3);
    world_free(world);
}

/* Whoever puts a number may replace it, which changes what tasks cite. */
TEST(a_number_that_others_tasks_come_from_is_put_by_who_stands_above_them)
{
    struct world *world = world_new();
    assert_true(documents_cite(world, "huyen", "xa1", "A-1", DOCUMENTS_NUMBER, "I") != 0);
    documents_put_named(world, "xa1", DOCUMENTS_NUMBER, "I");
    documents_refused(world, COORD_E_NOT_AUTHORISED, "document.document");
    assert_int_equal(documents_put_named(world, "huyen", DOCUMENTS_NUMBER, "I"), 0);
    assert_true(documents_cite(world, "so1", "huyen", "B-1", "1-KL", "") != 0);
    documents_put_named(world, "huyen", "1-KL", "I");
    documents_refused(world, COORD_E_NOT_AUTHORISED, "document.document");
    assert_int_equal(documents_put_named(world, "tinh", "1-KL", "I"), 0);
    /* Of what it may not read it learns nothing. */
    assert_true(documents_cite(world, "huyen", "xa1", "A-2", "2-KL", "") != 0);
    assert_int_equal(documents_put_named(world, "so1", "2-KL", "I"), 0);
    world_free(world);
}

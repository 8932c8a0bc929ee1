/* Documents: who puts them, who reads them, what tasks cite, how that is counted, and where tasks go when one is replaced. */
#include <stdio.h>
#include <string.h>

#include "core/cites.h"
#include "core/cold.h"
#include "core/document.h"
#include "core/document_move.h"
#include "core/pack.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define NUMBER "620-BC/HU"

static struct msg_paragraph paragraphs[8];

static struct msg_document document_named(const char *number, const char *ids)
{
    static char copy[256];
    struct msg_document document = {0};
    uint32_t count = 0;
    snprintf(copy, sizeof copy, "%s", ids);
    for (char *rest, *id = strtok_r(copy, " ", &rest); id; id = strtok_r(NULL, " ", &rest)) {
        struct msg_paragraph paragraph = {0};
        MSG_SET(&paragraph, paragraph, paragraph, text_of(id));
        MSG_SET(&paragraph, paragraph, text, TEXT("Giao cơ quan chuyên môn thực hiện."));
        paragraphs[count++] = paragraph;
    }
    MSG_SET(&document, document, document, text_of(number));
    MSG_SET(&document, document, kind, PAPER_REPORT);
    MSG_SET(&document, document, title, TEXT("Báo cáo kết quả"));
    MSG_SET(&document, document, paragraphs, (struct msg_paragraph_items){paragraphs, count});
    return document;
}

static int put(struct world *world, const char *agency, struct msg_document document)
{
    struct msg_document_set set = {0};
    MSG_SET(&set, document_set, document, document);
    return world_send(world, agency, OP_DOCUMENT_SET, &set);
}

static int put_named(struct world *world, const char *agency, const char *number, const char *ids)
{
    return put(world, agency, document_named(number, ids));
}

static int withdraw(struct world *world, const char *agency, const char *number)
{
    struct msg_document_withdraw request = {0};
    MSG_SET(&request, document_withdraw, document, text_of(number));
    MSG_SET(&request, document_withdraw, note, TEXT("Ban hành nhầm."));
    return world_send(world, agency, OP_DOCUMENT_WITHDRAW, &request);
}

static int get(struct world *world, const char *agency, const char *number, uint64_t task)
{
    struct msg_document_get request = {0};
    MSG_SET(&request, document_get, document, text_of(number));
    if (task)
        MSG_SET(&request, document_get, task, task);
    return world_send(world, agency, OP_DOCUMENT_GET, &request);
}

static struct texts ids_of(const char *ids)
{
    static char copy[256];
    static struct text items[16];
    uint32_t count = 0;
    snprintf(copy, sizeof copy, "%s", ids);
    for (char *rest, *id = strtok_r(copy, " ", &rest); id; id = strtok_r(NULL, " ", &rest))
        items[count++] = text_of(id);
    return (struct texts){items, count};
}

/* A task that cites: its number, or 0. */
static uint64_t cite(struct world *world, const char *assigner, const char *lead, const char *reference,
                     const char *number, const char *ids)
{
    struct msg_assign assign = {0};
    const struct text id = text_of(lead);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&id, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, document, text_of(number));
    if (ids[0])
        MSG_SET(&assign.content, content, paragraphs, ids_of(ids));
    MSG_MARK(&assign, assign, content);
    return world_send(world, assigner, OP_ASSIGN, &assign) ? 0 : WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static void refused(struct world *world, int error, const char *field)
{
    assert_int_equal(world->error, error);
    if (!text_equal(world->refusal.field, text_of(field)))
        fail_msg("field %.*s, not %s", TEXT_ARGS(world->refusal.field), field);
}

static void says(struct world *world, const char *words)
{
    if (!memmem(world->refusal.message.data, world->refusal.message.size, words, strlen(words)))
        fail_msg("%.*s, without %s", TEXT_ARGS(world->refusal.message), words);
}

/* The state is what the rows and what the records alone give. */
static void restores(struct world *world)
{
    rows_replay(world);
}

static void restart_from_rows(struct world *world)
{
    rows_replay(world);
    core_free(world->core);
    world->core = world_restore(world, world->rows->items, world->rows->count, world->rows->checkpoint);
}

/* And goes on from the rows. */
static void restart(struct world *world)
{
    const int64_t next = core_next_deadline(world->core);
    restart_from_rows(world);
    assert_int_equal(core_next_deadline(world->core), next);
}

/* ---- putting ---- */

TEST(an_agency_puts_its_own_documents_and_an_administrator_anybodys)
{
    struct world *world = world_new();
    assert_int_equal(put_named(world, "huyen", NUMBER, "I II.1 II.2"), 0);
    assert_int_equal(get(world, "xa1", NUMBER, 0), 0);
    const struct msg_document *document = &WORLD_REPLY(world, document_reply)->document;
    assert_true(text_equal(document->issuer, TEXT("huyen")));
    assert_int_equal(document->force, FORCE_HOLDS);
    assert_int_equal(document->paragraphs.count, 3);
    struct msg_document other = document_named("7-KL", "1");
    MSG_SET(&other, document, issuer, TEXT("huyen"));
    put(world, "so1", other);
    refused(world, COORD_E_NOT_AUTHORISED, "document.issuer");
    assert_int_equal(put(world, "tinh", other), 0);
    put_named(world, "so1", NUMBER, "I");
    refused(world, COORD_E_DOCUMENT_TAKEN, "document.document");
    withdraw(world, "so1", NUMBER);
    refused(world, COORD_E_NOT_AUTHORISED, "document");
    restores(world);
    world_free(world);
}

TEST(what_the_broker_says_of_a_document_is_nobody_else_s_to_say)
{
    struct world *world = world_new();
    struct text ends[] = {TEXT("HT-1"), TEXT("HT-2")};
    uint64_t tasks[] = {1, 1};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_document document = document_named("620-BC/HU", "I.1");
    tasks[0] = tasks[1] = task;
    MSG_SET(&document, document, ends, ((struct texts){ends, 2}));
    MSG_SET(&document, document, end_tasks, ((struct u64s){tasks, 2}));
    MSG_SET(&document, document, note, TEXT("Hết hiệu lực."));
    MSG_SET(&document, document, since, 5);
    assert_int_equal(put(world, "huyen", document), 0);
    assert_int_equal(put_named(world, "huyen", "621-BC/HU", "II.1 II.2"), 0); /* in the memory of the first */
    assert_int_equal(get(world, "huyen", "620-BC/HU", 0), 0);
    const struct msg_document *kept = &WORLD_REPLY(world, document_reply)->document;
    assert_false(MSG_HAS(kept, document, ends) || MSG_HAS(kept, document, end_tasks));
    assert_false(MSG_HAS(kept, document, note) || MSG_HAS(kept, document, since));
    world_free(world);
}

TEST(what_is_so_already_makes_no_record_of_a_document)
{
    struct world *world = world_new();
    put_named(world, "huyen", NUMBER, "I");
    const uint64_t seq = world->record_count;
    assert_int_equal(put_named(world, "huyen", NUMBER, "I"), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    assert_int_equal(world_record(world, seq + 1)->record, RECORD_UNCHANGED);
    assert_int_equal(put_named(world, "huyen", NUMBER, "I II"), 0);
    assert_int_equal(world_record(world, seq + 2)->record, RECORD_DOCUMENT);
    restores(world);
    world_free(world);
}

TEST(what_is_wrong_with_a_document_is_named)
{
    struct world *world = world_new();
    put_named(world, "huyen", NUMBER, "I II I");
    refused(world, COORD_E_BAD_VALUE, "document.paragraphs[2].paragraph");
    put_named(world, "huyen", " 620", "I");
    refused(world, COORD_E_BAD_VALUE, "document.document");
    struct msg_document document = document_named(NUMBER, "I");
    MSG_SET(&document, document, issuer, TEXT("nobody"));
    put(world, "tinh", document);
    refused(world, COORD_E_AGENCY_UNKNOWN, "document.issuer");
    get(world, "huyen", "1", 0);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    withdraw(world, "huyen", "1");
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    world_free(world);
}

TEST(a_document_is_not_larger_than_it_may_be)
{
    static struct msg_paragraph many[40];
    static char text[4096], ids[40][16];
    struct world *world = world_new();
    struct msg_document document = document_named(NUMBER, "");
    memset(text, 'x', sizeof text);
    for (uint32_t i = 0; i < 40; i++) {
        snprintf(ids[i], sizeof ids[i], "%u", i);
        MSG_SET(&many[i], paragraph, paragraph, text_of(ids[i]));
        MSG_SET(&many[i], paragraph, text, ((struct text){text, sizeof text}));
    }
    MSG_SET(&document, document, paragraphs, ((struct msg_paragraph_items){many, 40}));
    put(world, "huyen", document);
    refused(world, COORD_E_CAPACITY, "document.paragraphs");
    document.paragraphs.count = 31;
    assert_int_equal(put(world, "huyen", document), 0);
    world->limits.task_bytes = 140000;
    MSG_SET(&document, document, document, TEXT("another"));
    put(world, "huyen", document);
    refused(world, COORD_E_STORAGE_LIMITED, "document");
    uint64_t tasks, bytes, again;
    core_agency_given(world->core, core_agency_find(world->core, TEXT("huyen")), &tasks, &bytes);
    assert_true(tasks == 0 && bytes > 31 * 4096 && bytes < DOCUMENT_BYTES_MAX);
    restart(world);
    core_agency_given(world->core, core_agency_find(world->core, TEXT("huyen")), &tasks, &again);
    assert_int_equal(bytes, again);
    world_free(world);
}

/* ---- reading ---- */

TEST(a_restricted_document_is_for_its_issuer_and_those_below_and_who_was_given_a_task_of_it)
{
    struct world *world = world_new();
    struct msg_document document = document_named(NUMBER, "I II");
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(put(world, "huyen", document), 0);
    assert_int_equal(get(world, "xa1", NUMBER, 0), 0);
    get(world, "tinh", NUMBER, 0);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    const uint64_t given = cite(world, "huyen", "so1", "A-1", NUMBER, "I"),
                   own = cite(world, "so2", "so2", "B-1", NUMBER, "VII");
    assert_true(given && own);
    assert_int_equal(get(world, "so1", NUMBER, given), 0);
    get(world, "so2", NUMBER, own);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    get(world, "so2", NUMBER, given);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    get(world, "so1", NUMBER, 0);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
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
    struct msg_document document = document_named(NUMBER, "I II");
    struct msg_agency_stand_in stand_in = {0};
    MSG_SET(&stand_in, agency_stand_in, agency, TEXT("huyen"));
    MSG_SET(&stand_in, agency_stand_in, by, TEXT("so1"));
    MSG_SET(&stand_in, agency_stand_in, until, TEXT("2024-06-07"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_STAND_IN, &stand_in), 0);
    assert_int_equal(put_named(world, "huyen", "1-QĐ", "I"), 0);
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(put(world, "huyen", document), 0);
    const uint64_t task = cite(world, "huyen", "xa1", "A-1", NUMBER, "I");
    assert_int_equal(list(world, "huyen", "", 9), 2);
    world->in_name_of = "huyen";
    assert_int_equal(list(world, "so1", "", 9), 1);
    assert_int_equal(get(world, "so1", "1-QĐ", 0), 0);
    get(world, "so1", NUMBER, 0);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    get(world, "so1", NUMBER, task);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    withdraw(world, "so1", NUMBER);
    refused(world, COORD_E_DOCUMENT_UNKNOWN, "document");
    put(world, "so1", document);
    refused(world, COORD_E_DOCUMENT_TAKEN, "document.document");
    /* As of a number that is not there, nothing is said of what it has. */
    assert_true(cite(world, "so1", "xa1", "A-2", NUMBER, "IX") > 0);
    world->in_name_of = NULL;
    assert_int_equal(get(world, "huyen", NUMBER, 0), 0);
    rows_replay(world);
    world_free(world);
}

TEST(documents_are_listed_by_number_without_those_that_may_not_be_read)
{
    struct world *world = world_new();
    const char *numbers[] = {"3-C", "1-A", "4-D", "2-B"};
    for (int i = 0; i < 4; i++) {
        struct msg_document document = document_named(numbers[i], "I");
        MSG_SET(&document, document, scope, i == 3 ? SCOPE_RESTRICTED : SCOPE_NORMAL);
        assert_int_equal(put(world, "huyen", document), 0);
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
        restart(world);
    }
    world_free(world);
}

TEST(whoever_changes_a_document_leaves_its_issuer_and_scope_where_none_is_named)
{
    struct world *world = world_new();
    struct msg_document document = document_named(NUMBER, "I II");
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(put(world, "huyen", document), 0);
    assert_int_equal(put_named(world, "tinh", NUMBER, "I II III"), 0);
    assert_int_equal(get(world, "xa1", NUMBER, 0), 0);
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
    assert_true(cite(world, "huyen", "xa1", "A-1", NUMBER, "I") != 0);
    put_named(world, "xa1", NUMBER, "I");
    refused(world, COORD_E_NOT_AUTHORISED, "document.document");
    assert_int_equal(put_named(world, "huyen", NUMBER, "I"), 0);
    assert_true(cite(world, "so1", "huyen", "B-1", "1-KL", "") != 0);
    put_named(world, "huyen", "1-KL", "I");
    refused(world, COORD_E_NOT_AUTHORISED, "document.document");
    assert_int_equal(put_named(world, "tinh", "1-KL", "I"), 0);
    /* Of what it may not read it learns nothing. */
    assert_true(cite(world, "huyen", "xa1", "A-2", "2-KL", "") != 0);
    assert_int_equal(put_named(world, "so1", "2-KL", "I"), 0);
    world_free(world);
}

/* ---- citing ---- */

TEST(a_task_cites_paragraphs_that_are_there)
{
    struct world *world = world_new();
    assert_true(cite(world, "huyen", "xa1", "A-0", NUMBER, "IX.9") != 0); /* nobody knows the document yet */
    put_named(world, "huyen", NUMBER, "I II.1 II.2 II.10");
    assert_int_equal(cite(world, "huyen", "xa1", "A-1", NUMBER, "II.1 II.3"), 0);
    refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.paragraphs[1]");
    says(world, "near it are `II.1`, `II.2`, `II.10`");
    assert_int_equal(cite(world, "huyen", "xa1", "A-1", NUMBER, "I I"), 0);
    refused(world, COORD_E_BAD_VALUE, "content.paragraphs[1]");
    assert_int_equal(cite(world, "huyen", "xa1", "A-1", "", "I"), 0);
    refused(world, COORD_E_BAD_VALUE, "content.paragraphs");
    const uint64_t task = cite(world, "huyen", "xa1", "A-1", NUMBER, "I II.10");
    assert_true(task != 0);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, paragraphs, ids_of("III"));
    MSG_MARK(&amend, amend, content);
    world_send(world, "huyen", OP_AMEND, &amend);
    refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.paragraphs[0]");
    put_named(world, "huyen", "7-KL", "1");
    amend.content = (struct msg_content){0};
    MSG_SET(&amend.content, content, document, TEXT("7-KL"));
    world_send(world, "huyen", OP_AMEND, &amend);
    refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.document");
    MSG_SET(&amend.content, content, document, TEXT(""));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_null(cites_of(world->core, TEXT("7-KL")));
    restores(world);
    world_free(world);
}

TEST(what_was_withdrawn_is_cited_by_those_that_did_and_no_others)
{
    struct world *world = world_new();
    put_named(world, "huyen", NUMBER, "I");
    assert_true(cite(world, "huyen", "xa1", "A-1", NUMBER, "I") != 0);
    assert_int_equal(withdraw(world, "huyen", NUMBER), 0);
    assert_int_equal(cite(world, "huyen", "xa1", "A-2", NUMBER, ""), 0);
    refused(world, COORD_E_DOCUMENT_OVER, "content.document");
    put_named(world, "huyen", NUMBER, "I II");
    refused(world, COORD_E_DOCUMENT_OVER, "document.document");
    withdraw(world, "huyen", NUMBER);
    refused(world, COORD_E_DOCUMENT_OVER, "document");
    assert_int_equal(get(world, "xa1", NUMBER, 0), 0);
    assert_int_equal(WORLD_REPLY(world, document_reply)->document.force, FORCE_WITHDRAWN);
    assert_int_equal(cites_of(world->core, TEXT(NUMBER))->open.count, 1);
    restores(world);
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
    const uint64_t before = cite(world, "huyen", "xa1", "A-1", NUMBER, "I II.9");
    put_named(world, "huyen", NUMBER, "I II.1 II.2");
    const uint64_t done = cite(world, "huyen", "xa2", "A-2", NUMBER, "I II.1");
    cite(world, "so1", "phong", "B-1", NUMBER, "II.1");
    cite(world, "huyen", "xa3", "A-3", NUMBER, "");
    world_act(world, "huyen", OP_CANCEL, cite(world, "huyen", "xa3", "A-4", NUMBER, "I"));
    world_act(world, "xa2", OP_ACCEPT, done);
    assert_int_equal(world_act(world, "xa2", OP_SUBMIT, done), 0);
    assert_int_equal(world_act(world, "huyen", OP_CONFIRM, done), 0);
    for (int round = 0; round < 2; round++) {
        const struct msg_coverage_reply *reply = cover(world, "tinh", NUMBER, 0, 100);
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
        assert_int_equal(cover(world, "so1", NUMBER, 0, 100)->tasks.count, 1);
        assert_null(covered(WORLD_REPLY(world, coverage_reply), "I"));
        reply = cover(world, "huyen", NUMBER, 0, 1);
        assert_int_equal(reply->tasks.items[0].task, before);
        assert_int_equal(reply->next, before);
        reply = cover(world, "huyen", NUMBER, before, 1);
        assert_int_equal(reply->tasks.items[0].task, done);
        assert_int_equal(covered(reply, "II.1")->completed, 1);
        restart(world);
    }
    world_free(world);
}

/* ---- replacing ---- */

static int replace(struct world *world, const char *agency, const char *number, const char *by, const char *moves,
                   const char *ends)
{
    static char copy[256];
    struct msg_paragraph_move items[8] = {0};
    struct msg_document_replace request = {0};
    uint32_t count = 0;
    snprintf(copy, sizeof copy, "%s", moves);
    for (char *rest, *move = strtok_r(copy, " ", &rest); move; move = strtok_r(NULL, " ", &rest)) {
        char *to = strchr(move, '>');
        *to++ = '\0';
        MSG_SET(&items[count], paragraph_move, from, text_of(move));
        MSG_SET(&items[count], paragraph_move, to, text_of(to));
        count++;
    }
    MSG_SET(&request, document_replace, document, text_of(number));
    MSG_SET(&request, document_replace, by, text_of(by));
    MSG_SET(&request, document_replace, note, TEXT("Thay thế."));
    MSG_SET(&request, document_replace, moves, ((struct msg_paragraph_move_items){items, count}));
    MSG_SET(&request, document_replace, ends, ids_of(ends));
    return world_send(world, agency, OP_DOCUMENT_REPLACE, &request);
}

/* A task's document and paragraphs, joined by spaces. */
static void cites(struct world *world, uint64_t task, const char *wanted)
{
    struct msg_task_get request = {0};
    char found[256];
    MSG_SET(&request, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &request), 0);
    const struct msg_task *shown = &WORLD_REPLY(world, task_reply)->task;
    int size = snprintf(found, sizeof found, "%.*s", TEXT_ARGS(shown->document));
    for (uint32_t i = 0; i < shown->paragraphs.count; i++)
        size += snprintf(found + size, sizeof found - (size_t)size, " %.*s", TEXT_ARGS(shown->paragraphs.items[i]));
    assert_string_equal(found, wanted);
}

TEST(what_replaces_a_document_takes_its_open_tasks_along)
{
    struct world *world = world_new();
    put_named(world, "huyen", NUMBER, "I II.1 II.2 III");
    const uint64_t same = cite(world, "huyen", "xa1", "A-1", NUMBER, "I"),
                   merged = cite(world, "huyen", "xa1", "A-2", NUMBER, "II.1 II.2"),
                   gone = cite(world, "huyen", "so1", "A-3", NUMBER, "III"),
                   ending = cite(world, "huyen", "xa2", "A-4", NUMBER, "III"),
                   closed = cite(world, "huyen", "xa3", "A-5", NUMBER, "I"),
                   others = cite(world, "xa1", "xa1", "A-4", NUMBER, "");
    world_act(world, "huyen", OP_CANCEL, closed);
    put_named(world, "huyen", "700-BC/HU", "I V");
    replace(world, "huyen", NUMBER, "700-BC/HU", "II.1>V II.2>V", "");
    refused(world, COORD_E_PARAGRAPH_UNKNOWN, "moves");
    replace(world, "huyen", NUMBER, "700-BC/HU", "II.1>V II.2>VI III>", "");
    refused(world, COORD_E_PARAGRAPH_UNKNOWN, "moves[1].to");
    replace(world, "huyen", NUMBER, "700-BC/HU", "II.1>V II.1>I III>", "");
    refused(world, COORD_E_BAD_VALUE, "moves[1].from");
    replace(world, "huyen", NUMBER, NUMBER, "", "");
    refused(world, COORD_E_BAD_VALUE, "by");
    replace(world, "huyen", NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-9");
    refused(world, COORD_E_TASK_UNKNOWN, "ends[0]");
    replace(world, "huyen", NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-4 A-5");
    refused(world, COORD_E_BAD_VALUE, "ends[1]");
    replace(world, "tinh", NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-4");
    refused(world, COORD_E_NOT_AUTHORISED, "ends");
    assert_int_equal(replace(world, "huyen", NUMBER, "700-BC/HU", "II.1>V II.2>V III>", "A-4"), 0);
    assert_int_equal(core_next_deadline(world->core), CORE_NOW);
    restores(world);
    world_run_until(world, world->now);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    cites(world, same, "700-BC/HU I");
    cites(world, merged, "700-BC/HU V");
    cites(world, gone, "700-BC/HU");
    cites(world, others, "700-BC/HU");
    cites(world, closed, NUMBER " I");
    cites(world, ending, NUMBER " III");
    assert_int_equal(WORLD_REPLY(world, task_reply)->task.state, STATE_CANCELLED);
    assert_true(text_equal(WORLD_REPLY(world, task_reply)->task.assigner_note, TEXT("Thay thế.")));
    const struct msg_record *record = world_record(world, core_task(world->core, gone)->record);
    assert_int_equal(record->notice, NOTICE_AMENDED);
    assert_true(world_tells(record, "huyen so1"));
    assert_int_equal(cite(world, "huyen", "xa1", "A-9", NUMBER, ""), 0);
    refused(world, COORD_E_DOCUMENT_OVER, "content.document");
    says(world, "700-BC/HU");
    restores(world);
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
    put_named(world, "so1", NUMBER, "I");
    put_named(world, "so1", "7-KH", "I");
    const uint64_t first = cite(world, "huyen", "xa1", "A-1", NUMBER, "I"),
                   own = cite(world, "so1", "xa1", "B-1", NUMBER, "I"),
                   last = cite(world, "huyen", "xa2", "A-2", NUMBER, ""),
                   closed = cite(world, "huyen", "xa2", "A-3", NUMBER, "");
    const size_t before = world->record_count;
    assert_int_equal(replace(world, "so1", NUMBER, "7-KH", "", ""), 0);
    world_run_until(world, world->now);
    assert_int_equal(world->record_count - before, 2);
    cites(world, first, NUMBER " I");
    cites(world, own, "7-KH I");
    cites(world, last, NUMBER);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    restart_from_rows(world); /* they are looked at again, and stay */
    world_run_until(world, world->now);
    assert_int_equal(world->record_count - before, 2);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    world_act(world, "huyen", OP_CANCEL, closed);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    place_under(world, "huyen", "so1"); /* now they are of one that stands under the issuer */
    assert_int_equal(core_next_deadline(world->core), CORE_NOW);
    world_run_until(world, world->now);
    cites(world, first, "7-KH I");
    cites(world, last, "7-KH");
    cites(world, closed, NUMBER);
    restores(world);
    world_free(world);
}

TEST(what_an_administrator_replaces_takes_along_what_anybody_gave)
{
    struct world *world = world_new();
    put_named(world, "so1", NUMBER, "I");
    put_named(world, "so1", "7-KH", "I");
    const uint64_t other = cite(world, "huyen", "xa1", "A-1", NUMBER, "I");
    assert_int_equal(replace(world, "tinh", NUMBER, "7-KH", "", ""), 0);
    restores(world);
    world_run_until(world, world->now);
    cites(world, other, "7-KH I");
    restores(world);
    world_free(world);
}

/* A number is used up for good by nobody who is not to be undone. */
TEST(a_number_that_was_withdrawn_is_an_administrators_to_give_anew)
{
    struct world *world = world_new();
    struct msg_document anew = document_named(NUMBER, "I II");
    put_named(world, "so1", NUMBER, "I");
    put_named(world, "so1", "7-KH", "I");
    assert_int_equal(withdraw(world, "so1", NUMBER), 0);
    put(world, "huyen", anew);
    refused(world, COORD_E_DOCUMENT_TAKEN, "document.document");
    put(world, "so1", anew);
    refused(world, COORD_E_DOCUMENT_OVER, "document.document");
    MSG_SET(&anew, document, issuer, TEXT("huyen"));
    assert_int_equal(put(world, "tinh", anew), 0);
    assert_int_equal(get(world, "xa1", NUMBER, 0), 0);
    const struct msg_document *shown = &WORLD_REPLY(world, document_reply)->document;
    assert_true(text_equal(shown->issuer, TEXT("huyen")));
    assert_int_equal(shown->force, FORCE_HOLDS);
    assert_false(MSG_HAS(shown, document, note) || MSG_HAS(shown, document, since));
    assert_int_equal(document_issued(world->core, core_agency_find(world->core, TEXT("so1"))), 1);
    assert_true(cite(world, "huyen", "xa1", "A-1", NUMBER, "II") != 0);
    /* What was replaced has its place taken already. */
    assert_int_equal(replace(world, "tinh", NUMBER, "7-KH", "II>", ""), 0);
    put(world, "tinh", anew);
    refused(world, COORD_E_DOCUMENT_OVER, "document.document");
    world_run_until(world, world->now);
    restores(world);
    world_free(world);
}

/* Each once, wherever the broker stops in between. */
/* One who guessed its number would be told by that what became of it. */
TEST(tasks_of_a_restricted_document_stay_when_it_is_replaced)
{
    struct world *world = world_new();
    struct msg_document document = document_named(NUMBER, "I");
    MSG_SET(&document, document, scope, SCOPE_RESTRICTED);
    assert_int_equal(put(world, "huyen", document), 0);
    put_named(world, "huyen", "700-BC/HU", "I");
    const uint64_t own = cite(world, "huyen", "xa1", "A-1", NUMBER, "I");
    assert_true(cite(world, "so2", "so2", "B-1", NUMBER, "I") != 0);
    replace(world, "huyen", NUMBER, "700-BC/HU", "", "A-1");
    refused(world, COORD_E_BAD_VALUE, "ends");
    assert_int_equal(replace(world, "huyen", NUMBER, "700-BC/HU", "", ""), 0);
    assert_int_not_equal(core_next_deadline(world->core), CORE_NOW);
    cites(world, own, NUMBER " I");
    restores(world);
    world_free(world);
}

TEST(tasks_of_a_replaced_document_are_moved_once_across_restarts)
{
    struct world *world = world_new();
    char reference[16];
    put_named(world, "huyen", NUMBER, "I");
    put_named(world, "huyen", "700-BC/HU", "I");
    for (int i = 0; i < 300; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(cite(world, "huyen", "xa1", reference, NUMBER, "I") != 0);
    }
    assert_int_equal(replace(world, "huyen", NUMBER, "700-BC/HU", "", ""), 0);
    const size_t before = world->record_count;
    for (int ticks = 0; core_next_deadline(world->core) == CORE_NOW; ticks++) {
        assert_in_range(ticks, 0, 10);
        world_event(world, EVENT_TICK, world->now);
        restart(world);
    }
    assert_int_equal(world->record_count - before, 300);
    assert_int_equal(cites_of(world->core, TEXT("700-BC/HU"))->open.count, 300);
    assert_null(cites_of(world->core, TEXT(NUMBER)));
    restores(world);
    world_free(world);
}

/* ---- what one agency's documents may cost the others ---- */

static struct text document_of(const struct world *world, uint64_t task)
{
    return pack_text(core_task(world->core, task)->pack, PACK_DOCUMENT);
}

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
    put_named(world, "huyen", NUMBER, "I");
    put_named(world, "huyen", "700-BC/HU", "I");
    for (int i = 0; i < count; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(cite(world, "huyen", "xa1", reference, NUMBER, "I") != 0);
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
    assert_int_equal(replace(world, "huyen", NUMBER, "700-BC/HU", "", ""), 0);
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
    const uint64_t task = many_and_one_due(world, 600, "huyen", NUMBER);
    assert_int_equal(replace(world, "huyen", NUMBER, "700-BC/HU", "", "B-1"), 0);
    const uint64_t before = world->record_count;
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(world_record(world, before + 1)->task, task);
    assert_int_equal(world_record(world, before + 1)->action, ACTION_CANCEL);
    world_run_until(world, world->now);
    for (uint64_t seq = before + 1; seq <= world->record_count; seq++)
        assert_true(world_record(world, seq)->record != RECORD_RUNG);
    restores(world);
    world_free(world);
}

/* Of two documents one after the other, in turn: who replaced the first is not waited for by who replaced the second. */
TEST(documents_take_their_tasks_along_in_turn)
{
    struct world *world = world_new();
    char reference[16];
    put_named(world, "huyen", NUMBER, "I");
    put_named(world, "huyen", "700-BC/HU", "I");
    put_named(world, "so1", "1-KH/SO", "I");
    put_named(world, "so1", "2-KH/SO", "I");
    for (int i = 0; i < 600; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(cite(world, "huyen", "xa1", reference, NUMBER, "I") != 0);
    }
    const uint64_t other = cite(world, "so1", "phong", "B-1", "1-KH/SO", "I");
    assert_int_equal(replace(world, "huyen", NUMBER, "700-BC/HU", "", ""), 0);
    assert_int_equal(replace(world, "so1", "1-KH/SO", "2-KH/SO", "", ""), 0);
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(core_next_deadline(world->core), CORE_NOW);
    assert_true(text_equal(document_of(world, other), TEXT("2-KH/SO")));
    world_free(world);
}

TEST(so_many_tasks_of_one_agency_go_along_at_once_and_no_more)
{
    struct world *world = world_new();
    char reference[16];
    put_named(world, "huyen", NUMBER, "I");
    put_named(world, "huyen", "700-BC/HU", "I");
    put_named(world, "huyen", "800-BC/HU", "I");
    put_named(world, "so1", "1-KH/SO", "I");
    put_named(world, "so1", "2-KH/SO", "I");
    for (int i = 0; i < DOCUMENT_MOVES_EACH; i++) {
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_true(cite(world, "huyen", "xa1", reference, NUMBER, "I") != 0);
    }
    assert_true(cite(world, "huyen", "xa1", "C-1", "700-BC/HU", "I") != 0);
    assert_true(cite(world, "so1", "phong", "B-1", "1-KH/SO", "I") != 0);
    assert_int_equal(replace(world, "huyen", NUMBER, "800-BC/HU", "", ""), 0);
    assert_int_equal(replace(world, "huyen", "700-BC/HU", "800-BC/HU", "", ""), COORD_E_COST_LIMITED);
    refused(world, COORD_E_COST_LIMITED, "document");
    says(world, "4096 tasks");
    assert_int_equal(replace(world, "so1", "1-KH/SO", "2-KH/SO", "", ""), 0); /* it is no other's business */
    world_run_until(world, world->now);
    assert_int_equal(replace(world, "huyen", "700-BC/HU", "800-BC/HU", "", ""), 0);
    world_free(world);
}

TEST(those_that_stay_do_not_count_among_those_that_are_still_to_go_along)
{
    struct world *world = world_new();
    char reference[16];
    put_named(world, "huyen", NUMBER, "I");
    put_named(world, "huyen", "700-BC/HU", "I");
    put_named(world, "huyen", "800-BC/HU", "I");
    for (int i = 0; i < DOCUMENT_MOVES_EACH; i++) { /* by an agency that does not stand under huyen */
        snprintf(reference, sizeof reference, "B-%d", i);
        assert_true(cite(world, "so1", "phong", reference, NUMBER, "I") != 0);
    }
    assert_true(cite(world, "huyen", "xa1", "C-1", NUMBER, "I") != 0);
    const uint64_t task = cite(world, "huyen", "xa1", "C-2", "700-BC/HU", "I");
    assert_int_equal(replace(world, "huyen", NUMBER, "800-BC/HU", "", ""), 0);
    assert_int_equal(replace(world, "huyen", "700-BC/HU", "800-BC/HU", "", ""), 0); /* one task is left to go along */
    world_run_until(world, world->now);
    assert_true(text_equal(document_of(world, task), TEXT("800-BC/HU")));
    world_free(world);
}

/* ---- which tasks end, and who is told so ---- */

/* Two agencies had a task of one reference, and one stands in the other's place. */
TEST(a_document_ends_the_task_that_was_meant_and_not_its_namesake)
{
    struct world *world = world_new();
    put_named(world, "so1", NUMBER, "I");
    const uint64_t own = cite(world, "so1", "phong", "A-1", NUMBER, "I"),
                   other = cite(world, "so2", "so2", "A-1", NUMBER, "I");
    assert_true(own && other);
    put_named(world, "so1", "700-BC/HU", "I");
    struct msg_agency_set set = agency_set("so2", "tinh");
    MSG_SET(&set.agency, agency, valid_until, world->now + WORLD_HOUR);
    MSG_SET(&set.agency, agency, successor, TEXT("so1"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_run_until(world, world->now + 2 * WORLD_HOUR);
    assert_int_equal(replace(world, "so1", NUMBER, "700-BC/HU", "", "A-1"), 0);
    restart(world);
    world_run_until(world, world->now);
    assert_int_equal(core_task(world->core, own)->state, STATE_CANCELLED);
    assert_int_equal(core_task(world->core, other)->state, STATE_ASSIGNED);
    assert_true(text_equal(document_of(world, other), TEXT("700-BC/HU")));
    world_free(world);
}

TEST(of_the_tasks_that_end_with_a_document_each_is_shown_those_that_it_may_read)
{
    struct world *world = world_new();
    struct msg_assign assign = {0};
    const struct text lead = TEXT("xa1");
    put_named(world, "huyen", NUMBER, "I");
    put_named(world, "huyen", "700-BC/HU", "I");
    MSG_SET(&assign, assign, reference, TEXT("MAT-1"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Mật"));
    MSG_SET(&assign.content, content, document, TEXT(NUMBER));
    MSG_SET(&assign.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t hidden = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    const uint64_t open = cite(world, "huyen", "xa2", "A-1", NUMBER, "I");
    assert_int_equal(replace(world, "huyen", NUMBER, "700-BC/HU", "", "MAT-1 A-1"), 0);
    world_run_until(world, world->now);
    assert_int_equal(get(world, "xa1", NUMBER, 0), 0);
    const struct msg_document *shown = &WORLD_REPLY(world, document_reply)->document;
    assert_int_equal(shown->ends.count, 1);
    assert_true(text_equal(shown->ends.items[0], TEXT("MAT-1")) && shown->end_tasks.items[0] == hidden);
    assert_int_equal(get(world, "tinh", NUMBER, 0), 0);
    shown = &WORLD_REPLY(world, document_reply)->document;
    assert_true(shown->ends.count == 1 && shown->end_tasks.items[0] == open);
    assert_int_equal(get(world, "so1", NUMBER, 0), 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, document_reply)->document, document, ends));
    assert_int_equal(get(world, "huyen", NUMBER, 0), 0);
    assert_int_equal(WORLD_REPLY(world, document_reply)->document.ends.count, 2);
    const uint64_t cost = world->effects.cost;
    world->now += WORLD_HOUR;
    assert_int_equal(get(world, "huyen", NUMBER, 0), 0);
    assert_int_equal(world->effects.cost, cost + 2 * COLD_LOOKS); /* by then they may lie far away */
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
        MSG_SET(&amend.content, content, paragraphs, ids_of(ids));
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

TEST(what_was_cited_before_is_held_against_no_text_of_after)
{
    struct world *world = world_new();
    put_named(world, "huyen", NUMBER, "I II");
    const uint64_t task = cite(world, "huyen", "xa1", "A-1", NUMBER, "I");
    put_named(world, "huyen", NUMBER, "II III");
    assert_int_equal(amend_cited(world, task, NUMBER, NULL), 0);
    assert_int_equal(amend_cited(world, task, NUMBER, "I II"), 0);
    cites(world, task, NUMBER " I II");
    amend_cited(world, task, NULL, "I IV");
    refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.paragraphs[1]");
    put_named(world, "huyen", "700-BC/HU", "II");
    amend_cited(world, task, "700-BC/HU", NULL); /* another one is another matter */
    refused(world, COORD_E_PARAGRAPH_UNKNOWN, "content.document");
    restores(world);
    world_free(world);
}

TEST(a_task_that_comes_from_no_document_cites_no_paragraphs)
{
    struct world *world = world_new();
    put_named(world, "huyen", NUMBER, "I II");
    const uint64_t task = cite(world, "huyen", "xa1", "A-1", NUMBER, "I II");
    assert_int_equal(amend_cited(world, task, "", NULL), 0);
    cites(world, task, "");
    restores(world);
    world_free(world);
}

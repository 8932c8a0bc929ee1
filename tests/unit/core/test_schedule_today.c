/* What a schedule says today: two of one id that a merger brought together, and one whose document was replaced since. */
#include "core/schedule_today.h"

#include <stdio.h>
#include <string.h>

#include "core/schedule.h"
#include "unit/core/agency_ends.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/schedules.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

static struct text leads[2];

/* A weekly one, to one lead or two. */
static struct msg_schedule_set weekly_to(const char *id, const char *lead, const char *second)
{
    struct msg_schedule_set set = weekly(id);
    leads[0] = text_of(lead);
    leads[1] = text_of(second ? second : "");
    MSG_SET(&set.schedule, schedule, leads, ((struct texts){leads, second ? 2 : 1}));
    return set;
}

static int end(struct world *world, const char *agency, const char *id, const char *assigner)
{
    struct msg_schedule_end end = {0};
    MSG_SET(&end, schedule_end, schedule, text_of(id));
    if (assigner)
        MSG_SET(&end, schedule_end, assigner, text_of(assigner));
    return world_send(world, agency, OP_SCHEDULE_END, &end);
}

/* The number of the one that is found so; 0 when none is. */
static uint64_t found(struct world *world, const char *agency, const char *id, const char *assigner)
{
    struct msg_schedule_get get = {0};
    MSG_SET(&get, schedule_get, schedule, text_of(id));
    if (assigner)
        MSG_SET(&get, schedule_get, assigner, text_of(assigner));
    if (world_send(world, agency, OP_SCHEDULE_GET, &get))
        return 0;
    return WORLD_REPLY(world, schedule_reply)->schedule.number;
}

/* The references of what came since a record, with `!` before what could not be made. */
static const char *came(struct world *world, uint64_t since)
{
    static char text[2048];
    size_t used = 0;
    text[0] = '\0';
    for (uint64_t seq = since + 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        const bool is_trouble = record->record == RECORD_PERIOD && !record->scheduled.made;
        if (is_trouble || (record->record == RECORD_TASK && MSG_HAS(record, record, scheduled)))
            used += (size_t)snprintf(text + used, sizeof text - used, " %s%.*s", is_trouble ? "!" : "",
                                     TEXT_ARGS(record->reference));
    }
    return used ? text + 1 : text;
}

static const char *came_by(struct world *world, const char *day)
{
    const uint64_t since = world->record_count;
    world_run_until(world, ladder_at(day, 0, 0));
    return came(world, since);
}

/* ---- two of one id ---- */

TEST(after_a_merger_each_of_two_makes_its_own_tasks_and_no_name_is_taken)
{
    struct world *world = world_new();
    const struct msg_schedule_set one = weekly_to("BC", "xa1", NULL), two = weekly_to("BC", "xa2", "xa3");
    schedules_set_by(world, "huyen", &one);
    schedules_set_by(world, "so1", &two);
    assert_string_equal(came_by(world, "2024-06-10"), "BC/2024-W24 BC/2024-W24/xa2 BC/2024-W24/xa3");
    agency_ends(world, "huyen", "tinh", "so1", world->now);
    /* the successor's own keeps its names; the other's say whose it was, and with several leads whom each is for */
    assert_string_equal(came_by(world, "2024-06-17"), "BC/2024-W25/huyen BC/2024-W25/xa2 BC/2024-W25/xa3");
    assert_string_equal(came_by(world, "2024-06-24"), "BC/2024-W26/huyen BC/2024-W26/xa2 BC/2024-W26/xa3");
    rows_replay(world);
    world_free(world);
}

TEST(of_two_predecessors_the_first_keeps_its_names_also_once_it_has_ended)
{
    struct world *world = world_new();
    const struct msg_schedule_set one = weekly_to("BC", "xa1", NULL), two = weekly_to("BC", "xa2", NULL);
    schedules_set_by(world, "huyen", &one);
    schedules_set_by(world, "so1", &two);
    agency_ends(world, "huyen", "tinh", "so2", world->now);
    assert_string_equal(came_by(world, "2024-06-10"), "BC/2024-W24 BC/2024-W24");
    agency_ends(world, "so1", "tinh", "so2", world->now);
    assert_string_equal(came_by(world, "2024-06-17"), "BC/2024-W25 BC/2024-W25/so1");
    assert_int_equal(end(world, "so2", "BC", "huyen"), 0);
    assert_string_equal(came_by(world, "2024-06-24"), "BC/2024-W26/so1");
    rows_replay(world);
    world_free(world);
}

TEST(each_of_two_is_found_by_whose_it_was_and_shown_so)
{
    struct world *world = world_new();
    const struct msg_schedule_set one = weekly_to("BC", "xa1", NULL), two = weekly_to("BC", "xa2", NULL);
    schedules_set_by(world, "huyen", &one);
    schedules_set_by(world, "so1", &two);
    const uint64_t of_huyen = found(world, "huyen", "BC", NULL), of_so1 = found(world, "so1", "BC", NULL);
    assert_false(MSG_HAS(&WORLD_REPLY(world, schedule_reply)->schedule, schedule, set_by));
    agency_ends(world, "huyen", "tinh", "so1", world->now);
    assert_int_equal(found(world, "so1", "BC", NULL), of_so1);
    assert_int_equal(found(world, "so1", "BC", "so1"), of_so1);
    assert_int_equal(found(world, "so1", "BC", "huyen"), of_huyen);
    const struct msg_schedule *shown = &WORLD_REPLY(world, schedule_reply)->schedule;
    assert_true(text_equal(shown->assigner, TEXT("so1")) && text_equal(shown->set_by, TEXT("huyen")));
    agency_ends(world, "so1", "tinh", "so2", world->now);
    assert_int_equal(found(world, "so2", "BC", "huyen"), of_huyen);
    assert_int_equal(found(world, "so2", "BC", "so1"), of_so1);
    assert_int_equal(found(world, "so2", "BC", NULL), of_huyen);
    assert_int_equal(found(world, "so2", "BC", "so2"), of_huyen); /* whose it is shown to be */
    assert_int_equal(found(world, "so2", "BC", "xa1"), 0);
    assert_int_equal(found(world, "xa1", "BC", "huyen"), 0);
    assert_int_equal(end(world, "so2", "BC", "so1"), 0);
    assert_int_equal(end(world, "so2", "BC", "huyen"), 0);
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    world_free(world);
}

TEST(one_that_passed_through_two_is_found_by_either)
{
    struct world *world = world_new();
    const struct msg_schedule_set one = weekly_to("BC", "xa1", NULL);
    schedules_set_by(world, "huyen", &one);
    const uint64_t number = found(world, "huyen", "BC", NULL);
    agency_ends(world, "huyen", "tinh", "so1", world->now);
    agency_ends(world, "so1", "tinh", "so2", world->now);
    assert_int_equal(found(world, "so2", "BC", "so1"), number);
    assert_string_equal(came_by(world, "2024-06-10"), "BC/2024-W24"); /* alone, it is called as ever */
    world_free(world);
}

/* ---- what it cites ---- */

static struct msg_paragraph paragraphs[4];

static void put(struct world *world, const char *number, const char *const *ids, uint32_t count, int scope)
{
    struct msg_document_set set = {0};
    struct msg_document *document = &set.document;
    for (uint32_t i = 0; i < count; i++) {
        paragraphs[i] = (struct msg_paragraph){0};
        MSG_SET(&paragraphs[i], paragraph, paragraph, text_of(ids[i]));
        MSG_SET(&paragraphs[i], paragraph, text, TEXT("Báo cáo hằng tuần."));
    }
    MSG_SET(document, document, document, text_of(number));
    MSG_SET(document, document, kind, PAPER_PLAN);
    MSG_SET(document, document, title, TEXT("Kế hoạch"));
    MSG_SET(document, document, scope, scope);
    MSG_SET(document, document, paragraphs, ((struct msg_paragraph_items){paragraphs, count}));
    MSG_MARK(&set, document_set, document);
    assert_int_equal(world_send(world, "huyen", OP_DOCUMENT_SET, &set), 0);
}

static void replace(struct world *world, const char *number, const char *by, const struct msg_paragraph_move *moves,
                    uint32_t count)
{
    struct msg_document_replace request = {0};
    MSG_SET(&request, document_replace, document, text_of(number));
    MSG_SET(&request, document_replace, by, text_of(by));
    MSG_SET(&request, document_replace, note, TEXT("Điều chỉnh."));
    if (count > 0)
        MSG_SET(&request, document_replace, moves,
                ((struct msg_paragraph_move_items){(void *)(uintptr_t)moves, count}));
    if (world_send(world, "huyen", OP_DOCUMENT_REPLACE, &request))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
}

static struct msg_paragraph_move move(const char *from, const char *to)
{
    struct msg_paragraph_move move = {0};
    MSG_SET(&move, paragraph_move, from, text_of(from));
    MSG_SET(&move, paragraph_move, to, text_of(to));
    return move;
}

/* What the newest task that a schedule made cites: `NUMBER: I II`. */
static const char *cited(struct world *world)
{
    static char text[256];
    const struct msg_record *record = NULL;
    for (uint64_t seq = world->record_count; seq > 0 && !record; seq--)
        if (world_record(world, seq)->record == RECORD_TASK && MSG_HAS(world_record(world, seq), record, scheduled))
            record = world_record(world, seq);
    assert_non_null(record);
    size_t used = (size_t)snprintf(text, sizeof text, "%.*s:", TEXT_ARGS(record->content.document));
    for (uint32_t i = 0; i < record->content.paragraphs.count; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, " %.*s",
                                 TEXT_ARGS(record->content.paragraphs.items[i]));
    return text;
}

static const char *const two_ids[] = {"I", "II"}, *const three_ids[] = {"1", "2", "II"};

/* A schedule of huyen's that cites both paragraphs of 1-KH, which 2-KH replaces: I is 1 there, and II as it was. */
static struct world *world_of_a_plan(int scope)
{
    struct world *world = world_new();
    static struct text both[2];
    struct msg_schedule_set sent = weekly_to("BC", "xa1", NULL);
    const struct msg_paragraph_move first = move("I", "1");
    both[0] = TEXT("I");
    both[1] = TEXT("II");
    put(world, "1-KH", two_ids, 2, scope);
    MSG_SET(&sent.schedule.content, content, document, TEXT("1-KH"));
    MSG_SET(&sent.schedule.content, content, paragraphs, ((struct texts){both, 2}));
    schedules_set_by(world, "huyen", &sent);
    put(world, "2-KH", three_ids, 3, scope);
    replace(world, "1-KH", "2-KH", &first, 1);
    return world;
}

TEST(what_cites_a_document_that_was_replaced_cites_what_took_its_place)
{
    struct world *world = world_of_a_plan(SCOPE_NORMAL);
    assert_string_equal(came_by(world, "2024-06-10"), "BC/2024-W24");
    assert_string_equal(cited(world), "2-KH: 1 II");
    put(world, "3-KH", two_ids, 1, SCOPE_NORMAL);
    const struct msg_paragraph_move moves[] = {move("1", "I"), move("2", ""), move("II", "I")};
    replace(world, "2-KH", "3-KH", moves, 3);
    assert_string_equal(came_by(world, "2024-06-17"), "BC/2024-W25"); /* over two of them; both are one paragraph now */
    assert_string_equal(cited(world), "3-KH: I");
    rows_replay(world);
    world_free(world);
}

TEST(a_restricted_one_is_followed_by_its_own_agency)
{
    struct world *world = world_of_a_plan(SCOPE_RESTRICTED);
    assert_string_equal(came_by(world, "2024-06-10"), "BC/2024-W24");
    assert_string_equal(cited(world), "2-KH: 1 II");
    world_free(world);
}

TEST(paragraphs_that_are_gone_leave_the_document_alone)
{
    struct world *world = world_of_a_plan(SCOPE_NORMAL);
    const struct msg_paragraph_move gone[] = {move("1", ""), move("2", ""), move("II", "")};
    put(world, "3-KH", two_ids, 1, SCOPE_NORMAL);
    replace(world, "2-KH", "3-KH", gone, 3);
    assert_string_equal(came_by(world, "2024-06-10"), "BC/2024-W24");
    assert_string_equal(cited(world), "3-KH:");
    world_free(world);
}

TEST(a_document_that_was_withdrawn_is_told_with_what_would_be_right)
{
    struct world *world = world_of_a_plan(SCOPE_NORMAL);
    struct msg_document_withdraw request = {0};
    MSG_SET(&request, document_withdraw, document, TEXT("2-KH"));
    MSG_SET(&request, document_withdraw, note, TEXT("Ban hành nhầm."));
    assert_int_equal(world_send(world, "huyen", OP_DOCUMENT_WITHDRAW, &request), 0);
    assert_string_equal(came_by(world, "2024-06-10"), "!BC/2024-W24");
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(text_equal(record->scheduled.error, TEXT("document_over")));
    assert_true(text_equal(record->scheduled.field, TEXT("content.document")));
    const char *wanted = "`2-KH` was withdrawn; name a document that is in force, or none.";
    assert_non_null(memmem(record->reason.data, record->reason.size, wanted, strlen(wanted)));
    assert_true(world_tells(record, "huyen"));
    world_free(world);
}

/* ---- a name that is too long ---- */

/* Of an agency and a schedule of the longest ids: 138 bytes, where a task's name has 128. */
TEST(a_period_whose_name_grew_too_long_by_a_merger_is_told_and_comes_back_after_a_restart)
{
    struct world *world = world_new();
    char long_agency[65], long_id[65];
    memset(long_agency, 'a', 64);
    memset(long_id, 'B', 64);
    long_agency[64] = long_id[64] = '\0';
    world_add_agency(world, long_agency, "tinh");
    const struct msg_schedule_set sent = weekly_to(long_id, "xa1", NULL);
    schedules_set_by(world, long_agency, &sent);
    schedules_set_by(world, "so1", &sent);
    agency_ends(world, long_agency, "tinh", "so1", world->now);
    const uint64_t since = world->record_count;
    world_run_until(world, ladder_at("2024-06-10", 0, 0));
    uint64_t told = since + 1;
    while (told < world->record_count && !MSG_HAS(&world_record(world, told)->scheduled, scheduled, error))
        told++;
    const struct msg_record *trouble = world_record(world, told);
    assert_true(text_equal(trouble->scheduled.error, TEXT("out_of_range")));
    assert_true(text_equal(trouble->scheduled.schedule, text_of(long_id)));
    assert_false(MSG_HAS(trouble, record, reference));
    const char *wanted = "It is longer than 128 bytes; end its schedule and set it anew with a shorter id.";
    assert_non_null(memmem(trouble->reason.data, trouble->reason.size, wanted, strlen(wanted)));
    assert_true(world_tells(trouble, "so1"));
    world->now = ladder_at("2024-07-02", 0, 0); /* weeks are passed over, and only put on record */
    world_run_until(world, world->now);
    rows_replay(world);
    world_free(world);
}

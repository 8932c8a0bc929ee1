/* What a task waits for: who may say it, that nothing waits for itself, and who is told when a task is overdue because of it. */
#include "core/waits.h"

#include <stdio.h>
#include <string.h>

#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

static bool says(const struct world *world, const char *words)
{
    return memmem(world->refusal.message.data, world->refusal.message.size, words, strlen(words)) != NULL;
}

/* Up to two; 0 for none. */
static int wait_for(struct world *world, uint64_t task, uint64_t first, uint64_t second)
{
    const uint64_t numbers[2] = {first, second};
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, waits_for, ((struct u64s){numbers, first ? second ? 2 : 1 : 0}));
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

static int hang(struct world *world, uint64_t task, uint64_t whole)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, parent, whole);
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

static int restrict_to_roles(struct world *world, uint64_t task)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

/* "1 2; 2": what it waits for; what of that holds it up. */
static const char *shown(struct world *world, uint64_t task)
{
    static char text[256];
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_task *out = &WORLD_REPLY(world, task_reply)->task;
    int size = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < out->waits_for.count; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "%u ", (unsigned)out->waits_for.items[i]);
    size += snprintf(text + size, sizeof text - (size_t)size, ";");
    for (uint32_t i = 0; i < out->held_up.count; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, " %u", (unsigned)out->held_up.items[i]);
    return text;
}

static uint32_t waiting(struct world *world)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, waiting, true);
    assert_int_equal(world_send(world, "huyen", OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

TEST(a_task_is_held_up_until_what_it_waits_for_has_ended)
{
    struct world *world = world_new();
    const uint64_t one = world_assign(world, "huyen", "xa1", "A", NULL),
                   two = world_assign(world, "huyen", "xa2", "B", NULL),
                   three = world_assign(world, "huyen", "xa3", "C", NULL);
    assert_int_equal(waiting(world), 0);
    assert_int_equal(wait_for(world, three, two, one), 0);
    assert_string_equal(shown(world, three), "2 1 ; 2 1");
    assert_int_equal(waiting(world), 1);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, two), 0);
    assert_string_equal(shown(world, three), "2 1 ; 1");
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, one), 0);
    assert_string_equal(shown(world, three), "2 1 ;");
    assert_int_equal(waiting(world), 0);
    assert_int_equal(wait_for(world, three, 0, 0), 0);
    assert_string_equal(shown(world, three), ";");
    rows_replay(world);
    world_free(world);
}

TEST(who_names_a_task_to_wait_for_may_read_it_and_names_it_once)
{
    struct world *world = world_new();
    const uint64_t hidden = world_assign(world, "so1", "so2", "X", NULL),
                   task = world_assign(world, "huyen", "xa1", "A", NULL);
    REFUSED(world, wait_for(world, task, hidden, 0), TASK_UNKNOWN, "content.waits_for[0]");
    REFUSED(world, wait_for(world, task, 99, 0), TASK_UNKNOWN, "content.waits_for[0]");
    const uint64_t other = world_assign(world, "huyen", "xa2", "B", NULL),
                   third = world_assign(world, "huyen", "xa2", "C", NULL);
    REFUSED(world, wait_for(world, task, other, other), BAD_VALUE, "content.waits_for[1]");
    REFUSED(world, wait_for(world, task, other, hidden), TASK_UNKNOWN, "content.waits_for[1]");
    assert_int_equal(wait_for(world, task, other, 0), 0);
    assert_int_equal(wait_for(world, task, other, 0), 0); /* it is so already */
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    assert_int_equal(wait_for(world, task, other, third), 0);
    world_free(world);
}

static void observe(struct world *world, const char *assigner, uint64_t task, const char *observer)
{
    struct text id = text_of(observer ? observer : "");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, observers, ((struct texts){&id, observer ? 1 : 0}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, assigner, OP_AMEND, &amend), 0);
}

TEST(what_is_waited_for_already_is_named_again_by_who_may_not_read_it_any_more)
{
    struct world *world = world_new();
    const uint64_t theirs = world_assign(world, "so1", "so2", "X", NULL),
                   task = world_assign(world, "huyen", "xa1", "A", NULL),
                   other = world_assign(world, "huyen", "xa2", "B", NULL);
    observe(world, "so1", theirs, "huyen");
    assert_int_equal(wait_for(world, task, theirs, 0), 0);
    observe(world, "so1", theirs, NULL);
    assert_int_equal(wait_for(world, task, theirs, other), 0);
    assert_int_equal(wait_for(world, task, other, 0), 0);
    REFUSED(world, wait_for(world, task, theirs, other), TASK_UNKNOWN, "content.waits_for[0]");
    world_free(world);
}

TEST(nothing_waits_for_itself)
{
    struct world *world = world_new();
    const uint64_t a = world_assign(world, "huyen", "xa1", "A", NULL),
                   b = world_assign(world, "huyen", "xa1", "B", NULL),
                   c = world_assign(world, "huyen", "xa1", "C", NULL),
                   d = world_assign(world, "huyen", "xa1", "D", NULL);
    REFUSED(world, wait_for(world, a, a, 0), WAITS_FOR_ITSELF, "content.waits_for");
    assert_int_equal(wait_for(world, a, b, 0), 0);
    assert_int_equal(wait_for(world, b, c, 0), 0);
    REFUSED(world, wait_for(world, c, d, a), WAITS_FOR_ITSELF, "content.waits_for[1]");
    assert_true(says(world, "it → `A` → `B` → it"));
    assert_int_equal(wait_for(world, c, d, 0), 0);
    assert_int_equal(wait_for(world, a, 0, 0), 0);
    assert_int_equal(wait_for(world, d, a, 0), 0); /* what does not wait any more closes no circle */
    assert_int_equal(wait_for(world, a, d, 0), COORD_E_WAITS_FOR_ITSELF);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, d), 0);
    assert_int_equal(wait_for(world, a, d, 0), 0); /* nor what has ended */
    assert_int_equal(wait_for(world, a, d, c), 0);
    rows_replay(world);
    world_free(world);
}

TEST(a_whole_waits_for_its_parts)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "W", NULL),
                   part = world_assign(world, "huyen", "xa2", "P", NULL),
                   other = world_assign(world, "huyen", "xa2", "O", NULL),
                   upper = world_assign(world, "huyen", "xa2", "U", NULL);
    assert_int_equal(hang(world, part, whole), 0);
    REFUSED(world, wait_for(world, part, whole, 0), WAITS_FOR_ITSELF, "content.waits_for[0]");
    assert_true(says(world, "it → `W` → it"));
    assert_int_equal(wait_for(world, whole, part, 0), 0); /* twice over, and no circle */
    assert_int_equal(hang(world, whole, upper), 0);
    REFUSED(world, wait_for(world, part, upper, 0), WAITS_FOR_ITSELF, "content.waits_for[0]");
    assert_true(says(world, "it → `U` → `W` → it"));
    /* It waits for O, which is hung on it, or under what waits for it. */
    assert_int_equal(wait_for(world, other, whole, 0), 0);
    REFUSED(world, hang(world, other, whole), WAITS_FOR_ITSELF, "content.parent");
    assert_true(says(world, "it → `W` → it"));
    assert_int_equal(wait_for(world, other, 0, 0), 0);
    assert_int_equal(wait_for(world, part, other, 0), 0);
    const uint64_t low = world_assign(world, "huyen", "xa3", "L", NULL);
    assert_int_equal(hang(world, low, other), 0);
    REFUSED(world, hang(world, upper, low), WAITS_FOR_ITSELF,
            "content.parent"); /* L, of which U, W and P are, waits for O */
    /* Nor is anything a part of itself, whether it waits for anything else or not. */
    REFUSED(world, hang(world, upper, upper), WAITS_FOR_ITSELF, "content.parent");
    assert_true(says(world, "It would wait for itself: it → it"));
    REFUSED(world, hang(world, upper, part), WAITS_FOR_ITSELF, "content.parent");
    assert_true(says(world, "it → `W` → `P` → it"));
    /* A part that has ended keeps nobody waiting. */
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, part), 0);
    REFUSED(world, hang(world, upper, part), WAITS_FOR_ITSELF, "content.parent"); /* and hangs there still */
    assert_int_equal(wait_for(world, other, whole, 0), 0);
    rows_replay(world);
    world_free(world);
}

TEST(a_new_part_does_not_wait_for_what_waits_for_its_whole)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "W", NULL),
                   after = world_assign(world, "huyen", "xa2", "N", NULL);
    struct text lead = TEXT("xa3");
    struct msg_assign assign = {0};
    assert_int_equal(wait_for(world, after, whole, 0), 0);
    MSG_SET(&assign, assign, reference, TEXT("P"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, parent, whole);
    MSG_SET(&assign.content, content, waits_for, (struct u64s){&after, 1});
    MSG_MARK(&assign, assign, content);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), WAITS_FOR_ITSELF, "content.waits_for[0]");
    assert_true(says(world, "it → `N` → `W` → it"));
    assert_int_equal(wait_for(world, after, 0, 0), 0);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    assert_string_equal(shown(world, 3), "2 ; 2");
    world_free(world);
}

TEST(a_circle_names_no_task_that_the_asker_may_not_read)
{
    struct world *world = world_new();
    const uint64_t a = world_assign(world, "huyen", "xa1", "A", NULL),
                   b = world_assign(world, "huyen", "xa1", "B", NULL),
                   mine = world_assign(world, "so1", "huyen", "M", NULL);
    assert_int_equal(wait_for(world, b, mine, 0), 0);
    assert_int_equal(wait_for(world, a, b, 0), 0);
    struct msg_amend amend = {0};
    observe(world, "huyen", a, "so1");
    MSG_SET(&amend, amend, task, mine);
    MSG_SET(&amend.content, content, waits_for, (struct u64s){&a, 1});
    MSG_MARK(&amend, amend, content);
    REFUSED(world, world_send(world, "so1", OP_AMEND, &amend), WAITS_FOR_ITSELF, "content.waits_for[0]");
    assert_true(says(world, "it → `A` → one that it may not read → it"));
    world_free(world);
}

/* So many tasks that wait for one, or are its parts. */
static void give_many(struct world *world, const char *by, const char *lead, uint64_t awaited, uint64_t whole)
{
    struct text leads = text_of(lead);
    for (unsigned i = 0; i < WAITS_WALK_MAX; i++) {
        char reference[24];
        struct msg_assign assign = {0};
        snprintf(reference, sizeof reference, "%s-%u", awaited ? "N" : "P", i);
        MSG_SET(&assign, assign, reference, text_of(reference));
        MSG_SET(&assign, assign, leads, (struct texts){&leads, 1});
        MSG_SET(&assign.content, content, title, TEXT("Chờ"));
        if (awaited)
            MSG_SET(&assign.content, content, waits_for, ((struct u64s){&awaited, 1}));
        if (whole)
            MSG_SET(&assign.content, content, parent, whole);
        MSG_MARK(&assign, assign, content);
        assert_int_equal(world_send(world, by, OP_ASSIGN, &assign), 0);
    }
}

/* Any agency that may read a task can have as many of its own wait for it as it will: that is not held against who gave it. */
TEST(whoever_waits_for_a_task_keeps_it_from_waiting_for_no_other)
{
    struct world *world = world_new();
    const uint64_t one = world_assign(world, "huyen", "xa1", "A", NULL),
                   other = world_assign(world, "huyen", "xa1", "B", NULL),
                   third = world_assign(world, "huyen", "xa1", "C", NULL),
                   whole = world_assign(world, "huyen", "xa2", "D", NULL);
    give_many(world, "xa1", "xa1", one, 0);
    assert_int_equal(wait_for(world, one, other, 0), 0);
    assert_int_equal(hang(world, other, whole), 0);
    assert_int_equal(wait_for(world, other, third, 0), 0); /* so many wait for it by way of the first */
    REFUSED(world, wait_for(world, third, one, 0), WAITS_FOR_ITSELF, "content.waits_for[0]");
    assert_true(says(world, "it → `A` → `B` → it"));
    REFUSED(world, wait_for(world, other, whole, 0), WAITS_FOR_ITSELF, "content.waits_for[0]");
    assert_int_equal(wait_for(world, other, 0, 0), 0);
    const uint64_t between = world_assign(world, "huyen", "xa1", "E", NULL),
                   free = world_assign(world, "huyen", "xa1", "F", NULL);
    assert_int_equal(wait_for(world, between, whole, 0), 0);
    assert_int_equal(wait_for(world, third, between, 0), 0);
    REFUSED(world, wait_for(world, other, free, third), WAITS_FOR_ITSELF, "content.waits_for[1]"); /* its whole is D */
    assert_true(says(world, "it → `C` → `E` → `D` → it"));
    assert_int_equal(wait_for(world, other, free, 0), 0);
    world_free(world);
}

/* What makes a task for each of many leads goes through fewer: their tasks are made in the same step. */
static void give_to_many(struct world *world, uint64_t whole, uint64_t other)
{
    static char ids[256][24];
    static struct text leads[256];
    struct msg_assign assign = {0};
    for (int i = 0; i < 256; i++) {
        snprintf(ids[i], sizeof ids[i], "thon-%d", i);
        leads[i] = text_of(ids[i]);
        const struct msg_agency_set set = agency_set(ids[i], "huyen");
        assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    }
    MSG_SET(&assign, assign, reference, TEXT("G"));
    MSG_SET(&assign, assign, leads, ((struct texts){leads, 256}));
    MSG_SET(&assign.content, content, title, TEXT("Chờ"));
    MSG_SET(&assign.content, content, parent, whole);
    MSG_SET(&assign.content, content, waits_for, ((struct u64s){&other, 1}));
    MSG_MARK(&assign, assign, content);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), CAPACITY, "content.waits_for");
    assert_true(says(world, "each time 2048 or more"));
    assert_true(says(world, "fewer leads"));
    assert_in_range(world->effects.cost, 4 * 2048, 4 * 2048 + 6000);
}

TEST(where_too_many_wait_for_a_task_and_it_would_for_too_many_none_can_tell)
{
    struct world *world = world_new();
    const uint64_t one = world_assign(world, "huyen", "xa1", "A", NULL),
                   other = world_assign(world, "huyen", "xa1", "B", NULL);
    give_many(world, "xa1", "xa1", one, 0);
    give_many(world, "huyen", "xa2", 0, other);
    REFUSED(world, wait_for(world, one, other, 0), CAPACITY, "content.waits_for");
    assert_in_range(world->effects.cost, 4 * WAITS_WALK_MAX, 4 * WAITS_WALK_MAX + 1000); /* of what a step may cost */
    give_to_many(world, one, other);
    assert_int_equal(wait_for(world, other, one, 0), 0); /* nobody waits for this one */
    world_free(world);
}

/* Waits come and go at random, as tasks end; the index says what the tasks say, live and after both ways of a restart. */
TEST(who_waits_for_whom_follows_the_tasks_and_is_made_again_at_a_restart)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    uint64_t chance = 7;
    for (uint64_t number = 1; number <= 12; number++) {
        char reference[16];
        snprintf(reference, sizeof reference, "T-%u", (unsigned)number);
        world_assign(world, "huyen", "xa1", reference, NULL);
    }
    for (int i = 0; i < 400; i++) {
        chance = chance * UINT64_C(6364136223846793005) + 1;
        const uint64_t task = 1 + (chance >> 33) % 12, first = (chance >> 41) % 13, second = 1 + (chance >> 47) % 12;
        if (i == 200)
            rows_write(world, rows, 4096);
        if (i % 60 == 59)
            (void)world_act(world, "huyen", OP_CANCEL, task);
        else if (first != second)
            (void)wait_for(world, task, first, second); /* as far as it may be */
    }
    struct core *cores[] = {world->core, world_restore(world, NULL, 0, 0),
                            world_restore(world, rows->items, rows->count, rows->checkpoint)};
    for (size_t i = 1; i < 3; i++) {
        for (uint64_t pair = 0; pair < 144; pair++) {
            const uint64_t task = 1 + pair % 12, other = 1 + pair / 12;
            int found[2];
            for (size_t k = 0; k < 2; k++) {
                struct core *core = cores[k ? i : 0];
                struct problem problem = {0};
                uint64_t looked = 0;
                struct arena arena = {0};
                struct step step = {.core = core, .effects = &world->effects, .looked = &looked, .arena = &arena};
                struct msg_content content = {0};
                MSG_SET(&content, content, waits_for, (struct u64s){&other, 1});
                found[k] = waits_check_circle(&step, &content, core_task(core, task), 0, 0, &problem);
                arena_done(&arena);
                if (found[k])
                    test_saw(&problem);
            }
            assert_int_equal(found[0], found[1]);
        }
        core_free(cores[i]);
    }
    rows_free(rows);
    world_free(world);
}

/* ---- who is told ---- */

#define ESCALATE_AT(days, roles)                                                                                       \
    {                                                                                                                  \
        DEADLINE_COMPLETION, days, UNIT_WORKING_DAYS, RUNG_ESCALATE, roles, 1, 0, 0, 0, 0, NULL                        \
    }

static const struct msg_record *escalated(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 12, 0));
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->notice, NOTICE_ESCALATED);
    return record;
}

static bool reads(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &get) == 0;
}

TEST(a_task_that_is_overdue_tells_whoever_holds_the_chain_and_gives_it_no_right)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   middle = world_assign(world, "huyen", "xa2", "HT-2", "2024-06-20"),
                   late = world_assign(world, "huyen", "xa3", "HT-3", "2024-06-28"),
                   end = world_assign(world, "huyen", "xa3", "HT-4", "2024-06-12");
    assert_int_equal(wait_for(world, task, late, middle), 0);
    assert_int_equal(wait_for(world, middle, end, 0), 0);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_int_equal(record->task, task);
    assert_int_equal(record->chain.count, 2);
    assert_true(text_equal(record->chain.items[0], TEXT("HT-2"))); /* due before HT-3 */
    assert_true(text_equal(record->chain.items[1], TEXT("HT-4")));
    assert_true(text_equal(record->holder, TEXT("xa3")));
    assert_true(world_tells(record, "huyen xa3"));
    assert_int_equal(record->addressed.count, 1);
    assert_true(text_equal(record->addressed.items[0], TEXT("huyen")));
    ladder_says(world, "It is held up by HT-2, that by HT-4, which xa3 has.");
    assert_false(reads(world, "xa3", task));
    assert_int_equal(ladder_acknowledge(world, "xa3", task, record->seq), COORD_E_TASK_UNKNOWN);
    rows_replay(world);
    world_free(world);
}

TEST(who_has_to_confirm_what_is_waited_for_is_who_holds_it)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_SUPERVISOR)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   end = world_assign(world, "huyen", "xa2", "HT-2", NULL);
    assert_int_equal(wait_for(world, task, end, 0), 0);
    ladder_act(world, "xa2", OP_ACCEPT, end);
    ladder_act(world, "xa2", OP_SUBMIT, end);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_true(text_equal(record->holder, TEXT("huyen")));
    assert_true(world_tells(record, "so1 huyen"));
    assert_int_equal(record->addressed.count, 1);
    world_free(world);
}

TEST(a_task_that_is_not_held_up_any_more_tells_nobody_else)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   end = world_assign(world, "huyen", "xa2", "HT-2", NULL);
    assert_int_equal(wait_for(world, task, end, 0), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, end), 0);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_true(world_tells(record, "huyen"));
    assert_false(MSG_HAS(record, record, chain) || MSG_HAS(record, record, holder));
    world_free(world);
}

TEST(of_a_restricted_task_nobody_hears_more_than_its_number)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   middle = world_assign(world, "huyen", "xa2", "HT-2", NULL),
                   end = world_assign(world, "huyen", "xa3", "HT-3", NULL);
    assert_int_equal(wait_for(world, task, middle, 0), 0);
    assert_int_equal(wait_for(world, middle, end, 0), 0);
    assert_int_equal(restrict_to_roles(world, middle), 0);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_int_equal(record->chain.count, 1);
    assert_true(text_equal(record->chain.items[0], TEXT("#2")));
    assert_false(MSG_HAS(record, record, holder));
    assert_true(world_tells(record, "huyen"));
    ladder_says(world, "It is held up by #2.");
    world_free(world);
}

TEST(a_restricted_task_tells_a_holder_that_may_read_it_and_no_other)
{
    static const char *const leads[] = {"xa2", "xa1"};
    for (size_t i = 0; i < 2; i++) {
        struct world *world = world_new();
        LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
        const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                       end = world_assign(world, "huyen", leads[i], "HT-2", NULL);
        assert_int_equal(wait_for(world, task, end, 0), 0);
        assert_int_equal(restrict_to_roles(world, task), 0);
        const struct msg_record *record = escalated(world, "2024-06-17");
        assert_true(text_equal(record->holder, text_of(leads[i]))); /* whoever may read the task is told who it is */
        assert_true(world_tells(record, i ? "huyen xa1" : "huyen"));
        world_free(world);
    }
}

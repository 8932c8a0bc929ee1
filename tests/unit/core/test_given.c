/* How much an agency may give others to do, and how much it may write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/given.h"
#include "unit/core/world.h"
#include "unit/test.h"

static char text[8192];

static int assign(struct world *world, const char *assigner, const char *lead, const char *reference, uint32_t size)
{
    const struct text leads = text_of(lead);
    struct msg_assign request = {0};
    memset(text, 'x', sizeof text);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, ((struct texts){(struct text *)(uintptr_t)&leads, 1}));
    MSG_SET(&request.content, content, title, TEXT("Rà soát"));
    if (size > 0)
        MSG_SET(&request.content, content, description, ((struct text){text, size}));
    MSG_MARK(&request, assign, content);
    return world_send(world, assigner, OP_ASSIGN, &request);
}

static int describe(struct world *world, uint64_t task, uint32_t size)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, description, ((struct text){text, size}));
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

static uint64_t tasks_of(const struct core *core, const char *agency, uint64_t *bytes)
{
    uint64_t tasks;
    core_agency_given(core, core_agency_find(core, text_of(agency)), &tasks, bytes);
    return tasks;
}

static bool says(const struct world *world, const char *words)
{
    return memmem(world->refusal.message.data, world->refusal.message.size, words, strlen(words)) != NULL;
}

TEST(tasks_count_for_their_assigner_open_and_closed_with_the_bytes_of_what_was_asked)
{
    struct world *world = world_new();
    uint64_t bytes;
    const uint64_t before = tasks_of(world->core, "huyen", &bytes);
    assert_int_equal(before, 0);
    assert_int_equal(bytes, 0);
    assert_int_equal(assign(world, "huyen", "xa1", "A-1", 1000), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_int_equal(tasks_of(world->core, "huyen", &bytes), 1);
    assert_int_equal(bytes, GIVEN_TASK + 3 + strlen("Rà soát") + 1000);
    assert_int_equal(describe(world, task, 5), 0);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_REPORT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_int_equal(tasks_of(world->core, "huyen", &bytes), 1);
    assert_int_equal(bytes, GIVEN_TASK + 3 + strlen("Rà soát") + 5);
    assert_int_equal(tasks_of(world->core, "xa1", &bytes), 0);
    assert_int_equal(bytes, 0);
    world_free(world);
}

TEST(past_as_many_tasks_as_it_may_an_agency_is_refused_by_that_name_and_no_other_is)
{
    struct world *world = world_new();
    struct msg_assign all = {0};
    world->limits.tasks = 3;
    assert_int_equal(assign(world, "huyen", "xa1", "A-1", 0), 0);
    MSG_SET(&all, assign, reference, TEXT("A-2"));
    MSG_SET(&all, assign, children_of, TEXT("huyen"));
    MSG_SET(&all.content, content, title, TEXT("Rà soát"));
    MSG_MARK(&all, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &all), COORD_E_STORAGE_LIMITED);
    assert_true(text_equal(world->refusal.field, TEXT("leads")));
    assert_true(says(world, "has given 1 tasks of the 3 that it may") && says(world, "would give 3 more") &&
                says(world, "agency_tasks"));
    assert_int_equal(assign(world, "huyen", "xa1", "A-3", 0), 0);
    assert_int_equal(assign(world, "huyen", "xa2", "A-4", 0), 0);
    assert_int_equal(assign(world, "huyen", "xa2", "A-5", 0), COORD_E_STORAGE_LIMITED);
    assert_int_equal(assign(world, "so1", "phong", "A-5", 0), 0);
    world->limits.tasks = 4; /* an administrator allows more */
    assert_int_equal(assign(world, "huyen", "xa2", "A-5", 0), 0);
    world_free(world);
}

TEST(past_as_many_bytes_as_they_may_have_its_tasks_may_only_become_shorter)
{
    struct world *world = world_new();
    uint64_t bytes;
    assert_int_equal(assign(world, "huyen", "xa1", "A-1", 1000), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    (void)tasks_of(world->core, "huyen", &bytes);
    world->limits.task_bytes = bytes + 100;
    assert_int_equal(describe(world, task, 1101), COORD_E_STORAGE_LIMITED);
    assert_true(text_equal(world->refusal.field, TEXT("content")));
    assert_true(says(world, "agency_task_bytes") && says(world, "would add 101"));
    assert_int_equal(describe(world, task, 1100), 0);
    assert_int_equal(assign(world, "huyen", "xa1", "A-2", 0), COORD_E_STORAGE_LIMITED);
    world->limits.task_bytes = 1; /* an administrator allows less than there is */
    assert_int_equal(describe(world, task, 900), 0);
    assert_int_equal(describe(world, task, 901), COORD_E_STORAGE_LIMITED);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    world_free(world);
}

TEST(what_a_lead_says_is_not_counted_for_whoever_gave_the_task)
{
    struct world *world = world_new();
    uint64_t before, after;
    assert_int_equal(assign(world, "huyen", "xa1", "A-1", 10), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    (void)tasks_of(world->core, "huyen", &before);
    world->limits.task_bytes = before;
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, ((struct text){text, 4000}));
    assert_int_equal(world_send(world, "xa1", OP_COMMENT, &comment), 0);
    (void)tasks_of(world->core, "huyen", &after);
    assert_int_equal(before, after);
    world_free(world);
}

TEST(a_restore_counts_the_same_whatever_the_limits_were)
{
    struct world *world = world_new();
    for (int i = 0; i < 20; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "A-%d", i);
        assert_int_equal(assign(world, i % 3 ? "huyen" : "tinh", "xa1", reference, (uint32_t)i * 100), 0);
    }
    assert_int_equal(describe(world, 2, 7000), 0);
    struct core *restored = world_restore(world, NULL, 0, 0);
    static const char *const agencies[] = {"huyen", "tinh", "xa1", "so1"};
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++) {
        uint64_t live, again;
        assert_int_equal(tasks_of(world->core, agencies[i], &live), tasks_of(restored, agencies[i], &again));
        assert_int_equal(live, again);
    }
    core_free(restored);
    world_free(world);
}

TEST(who_has_written_a_days_bytes_waits_and_may_read_resend_and_administer)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "A-1", NULL);
    struct msg_change accept = {0};
    struct msg_task_get get = {0};
    MSG_SET(&accept, change, task, task);
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "a-1", &accept), 0);
    world->limits = (struct event_limits){.daily_bytes = 1000000, .wait_s = 77};
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "a-1", &accept), 0);
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    assert_int_equal(world_act(world, "xa1", OP_REPORT, task), COORD_E_WRITE_LIMITED);
    assert_true(says(world, "xa1 may write 1000000 bytes") && says(world, "agency_daily_bytes") &&
                says(world, "in 77 seconds"));
    struct msg_agency_set agency = agency_set("moi", "tinh");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &agency), 0);
    world_free(world);
}

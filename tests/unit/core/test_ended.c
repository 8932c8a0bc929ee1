/* Agencies that have ended: no field that gives them something to do takes them, and what they left stands under the name of
 * whoever has taken their place.
 */
#include <string.h>

#include "core/state.h"
#include "unit/core/refused.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* The last request named an ended agency there, and was told what takes its place. */
static void refused(const struct world *world, const char *field, const char *words)
{
    if (world->error != COORD_E_NOT_ASSIGNABLE || !text_equal(world->refusal.field, text_of(field)) ||
        !refused_has(world, words))
        fail_msg("%d, field `%.*s`, not `%s`: %.*s", world->error, TEXT_ARGS(world->refusal.field), field,
                 TEXT_ARGS(world->refusal.message));
}

/* so2 ends now and so1 takes its place; xa3 ends and nobody does. */
static void end_some(struct world *world)
{
    struct msg_agency_set set = agency_set("so2", "tinh");
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("so1"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    set = agency_set("xa3", "huyen");
    MSG_SET(&set.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
}

static struct msg_assign to_xa1(const char *reference)
{
    static const struct text lead = {"xa1", 3};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    return assign;
}

#define TAKEN  "so2 has ended, and so1 has taken its place: name that one"
#define NOBODY "xa3 has ended, and nobody has taken its place"

TEST(no_role_of_a_task_is_given_to_an_ended_agency)
{
    struct world *world = world_new();
    const struct text so2 = TEXT("so2"), xa3 = TEXT("xa3");
    end_some(world);
    struct msg_assign assign = to_xa1("HT-1");
    MSG_SET(&assign, assign, leads, (struct texts){&so2, 1});
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, "leads[0]", TAKEN);
    assign = to_xa1("HT-1");
    MSG_SET(&assign.content, content, cooperating, (struct texts){&so2, 1});
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, "content.cooperating[0]", TAKEN);
    assign = to_xa1("HT-1");
    MSG_SET(&assign.content, content, supervisor, so2);
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, "content.supervisor", TAKEN);
    assign = to_xa1("HT-1");
    MSG_SET(&assign.content, content, observers, (struct texts){&xa3, 1});
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, "content.observers[0]", NOBODY);
    assign = to_xa1("HT-1");
    assign.has &= ~MSG_BIT(assign, leads);
    assign.leads.count = 0;
    MSG_SET(&assign, assign, children_of, so2);
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, "children_of", TAKEN);
    world_free(world);
}

TEST(no_change_of_a_task_names_an_ended_agency)
{
    struct world *world = world_new();
    const struct text so2 = TEXT("so2");
    const uint64_t task = world_assign(world, "tinh", "xa1", "HT-1", NULL);
    end_some(world);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, cooperating, (struct texts){&so2, 1});
    MSG_MARK(&amend, amend, content);
    world_send(world, "tinh", OP_AMEND, &amend);
    refused(world, "content.cooperating[0]", TAKEN);
    struct msg_reassign reassign = {0};
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, so2);
    MSG_SET(&reassign, reassign, note, TEXT("Đổi"));
    world_send(world, "tinh", OP_REASSIGN, &reassign);
    refused(world, "lead", TAKEN);
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, to, (struct texts){&so2, 1});
    MSG_SET(&escalate, escalate, note, TEXT("Chậm"));
    world_send(world, "xa1", OP_ESCALATE, &escalate);
    refused(world, "to[0]", TAKEN);
    world_free(world);
}

TEST(nothing_that_an_administrator_sets_hangs_on_an_ended_agency)
{
    struct world *world = world_new();
    const struct text so2 = TEXT("so2");
    end_some(world);
    struct msg_agency_set set = agency_set("moi", "so2");
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, "agency.parent", TAKEN);
    set = agency_set("moi", "tinh");
    MSG_SET(&set.agency, agency, successor, so2);
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, "agency.successor", TAKEN);
    set = agency_set("moi", "tinh");
    MSG_SET(&set.agency, agency, may_task, (struct texts){&so2, 1});
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, "agency.may_task[0]", TAKEN);
    struct msg_key_set key = key_set("so2", world_key("moi"), TERM_BIT(RIGHT_READ));
    world_send(world, "tinh", OP_KEY_SET, &key);
    refused(world, "agency", TAKEN);
    struct msg_step step = {0};
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, -1);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, agencies, (struct texts){&so2, 1});
    struct msg_policy_set policy = {0};
    MSG_SET(&policy.policy, policy, policy, TEXT("nhac"));
    MSG_SET(&policy.policy, policy, steps, ((struct msg_step_items){&step, 1}));
    MSG_MARK(&policy, policy_set, policy);
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    refused(world, "policy.steps[0].agencies[0]", TAKEN);
    world_free(world);
}

/* A file of what was: an agency that has ended stood under one that has, and was succeeded by one. */
TEST(what_has_ended_itself_may_hang_on_what_ended_no_sooner)
{
    struct world *world = world_new();
    end_some(world);
    struct msg_agency_set set = agency_set("cu", "so2");
    MSG_SET(&set.agency, agency, successor, TEXT("so2"));
    MSG_SET(&set.agency, agency, valid_until, world->now - WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_free(world);
}

TEST(what_stands_under_an_ended_agency_is_still_changed_otherwise)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("so1", "tinh");
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("so2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    set = agency_set("phong", "so1");
    MSG_SET(&set.agency, agency, name, TEXT("Phòng"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_free(world);
}

/* Two roles that a succession brought together are no fault of a request that leaves them. */
TEST(roles_that_a_succession_brought_together_are_left)
{
    struct world *world = world_new();
    const struct text so1 = TEXT("so1"), so2 = TEXT("so2");
    struct msg_assign assign = to_xa1("HT-1");
    MSG_SET(&assign.content, content, cooperating, (struct texts){&so2, 1});
    MSG_SET(&assign.content, content, supervisor, so1);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    end_some(world);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, title, TEXT("Việc khác"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &amend), 0);
    MSG_SET(&amend.content, content, observers, (struct texts){&so1, 1});
    world_send(world, "tinh", OP_AMEND, &amend);
    assert_int_equal(world->error, COORD_E_DUPLICATE_ROLE);
    world_free(world);
}

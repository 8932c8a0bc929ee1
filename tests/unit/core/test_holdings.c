/* What lists look things up in, against a scan of all tasks, after histories drawn by chance: with agencies that move,
 * and that are succeeded, and tasks whose every role changes.
 */
#include <stdio.h>
#include <string.h>

#include "core/authority.h"
#include "core/holdings.h"
#include "core/query.h"
#include "unit/core/ladder.h"
#include "unit/test.h"

#define AGENCIES 9

static const char *const agencies[AGENCIES] = {"huyen", "xa1", "xa2", "xa3", "so1", "so2", "phong", "ngoai", "tinh"};

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

static struct text any_agency(void)
{
    return text_of(agencies[chance(AGENCIES)]);
}

/* ---- what is done ---- */

/* All agencies in an order by chance: none has two roles on a task. */
static void shuffle(struct text drawn[AGENCIES])
{
    for (uint32_t i = 0; i < AGENCIES; i++) {
        const uint32_t at = chance(i + 1);
        drawn[i] = drawn[at];
        drawn[at] = text_of(agencies[i]);
    }
}

/* Who reads a task, beside the lead and the assigner, and until when it is to be done. */
static void draw_content(struct msg_content *content, struct text drawn[AGENCIES], bool is_new)
{
    shuffle(drawn);
    if (is_new || chance(3) == 0)
        MSG_SET(content, content, cooperating, (struct texts){drawn + 2, chance(3)});
    if (is_new || chance(3) == 0)
        MSG_SET(content, content, observers, (struct texts){drawn + 4, chance(4)});
    if (is_new || chance(3) == 0)
        MSG_SET(content, content, supervisor, is_new || chance(4) ? drawn[1] : (struct text){0});
    if (chance(3) == 0)
        MSG_SET(content, content, scope, chance(2) ? SCOPE_RESTRICTED : SCOPE_NORMAL);
    if (is_new || chance(8) == 0)
        MSG_SET(content, content, due, chance(2) ? TEXT("3d") : TEXT("10wd"));
}

static void assign(struct world *world, uint64_t task)
{
    struct text drawn[AGENCIES];
    struct msg_assign request = {0};
    char reference[32];
    (void)task;
    snprintf(reference, sizeof reference, "HT-%zu", world->record_count);
    draw_content(&request.content, drawn, true);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, (struct texts){drawn, 1});
    MSG_SET(&request, assign, policy, TEXT("thang"));
    MSG_SET(&request.content, content, kind, KIND_REPORT);
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_MARK(&request, assign, content);
    world_send(world, agencies[chance(AGENCIES)], OP_ASSIGN, &request);
}

/* By the agency that may, mostly: the assigner, or the lead. */
static const char *actor_of(const struct world *world, uint64_t task, bool as_lead)
{
    static char id[65];
    const struct task *on = core_task(world->core, task);
    if (!on || chance(20) == 0)
        return agencies[chance(AGENCIES)];
    const struct text who = core_agency_id(world->core, as_lead ? on->lead : on->assigner);
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(who));
    return strcmp(id, "khu") ? id : "tinh";
}

static void amend(struct world *world, uint64_t task)
{
    struct text drawn[AGENCIES];
    struct msg_amend request = {0};
    MSG_SET(&request, amend, task, task);
    draw_content(&request.content, drawn, false);
    MSG_MARK(&request, amend, content);
    world_send(world, actor_of(world, task, false), OP_AMEND, &request);
}

static void reassign(struct world *world, uint64_t task)
{
    struct msg_reassign request = {0};
    MSG_SET(&request, reassign, task, task);
    MSG_SET(&request, reassign, lead, any_agency());
    MSG_SET(&request, reassign, note, TEXT("lý do"));
    world_send(world, actor_of(world, task, false), OP_REASSIGN, &request);
}

static void act(struct world *world, uint64_t task)
{
    static const enum op by_lead[] = {OP_ACCEPT, OP_START, OP_REPORT, OP_SUBMIT, OP_SUBMIT},
                         by_assigner[] = {OP_CONFIRM, OP_REJECT, OP_SUSPEND, OP_RESUME, OP_CANCEL};
    const bool as_lead = chance(3);
    const enum op op = as_lead ? by_lead[chance(5)] : by_assigner[chance(5)];
    if (op != OP_CANCEL || chance(4) == 0)
        world_act(world, actor_of(world, task, as_lead), op, task);
}

static void escalate(struct world *world, uint64_t task)
{
    struct msg_escalate request = {0};
    struct text to = any_agency();
    MSG_SET(&request, escalate, task, task);
    MSG_SET(&request, escalate, note, TEXT("vướng mắc"));
    MSG_SET(&request, escalate, to, (struct texts){&to, 1});
    world_send(world, actor_of(world, task, true), OP_ESCALATE, &request);
}

static void let_time_pass(struct world *world, uint64_t task)
{
    (void)task;
    if (chance(4) == 0)
        world_run_until(world, world->now + chance(30) * WORLD_HOUR);
}

/* An agency goes elsewhere in the tree, is dissolved, or comes back. Some of it is refused: it would make a circle. */
static void set_agency(struct world *world, uint64_t task)
{
    struct msg_agency_set set = agency_set(agencies[chance(AGENCIES - 1)], chance(2) ? "tinh" : "huyen");
    (void)task;
    if (chance(10))
        return;
    if (chance(6) == 0) {
        MSG_SET(&set.agency, agency, valid_until, world->now);
        MSG_SET(&set.agency, agency, successor, any_agency());
    }
    world_send(world, "tinh", OP_AGENCY_SET, &set);
}

typedef void deed(struct world *world, uint64_t task);
static deed *const deeds[] = {assign, act, act, act, amend, reassign, escalate, let_time_pass, set_agency};
#define DEEDS (sizeof deeds / sizeof deeds[0])

static struct world *lived_world(uint64_t seed, int count)
{
    struct world *world = world_new();
    chance_state = seed;
    LADDER_SET(world, {DEADLINE_ACCEPTANCE, 1, UNIT_WORKING_DAYS, RUNG_ESCALATE, LADDER_LEAD, .level = 1},
               {DEADLINE_COMPLETION, 1, UNIT_CALENDAR_DAYS, RUNG_ESCALATE, TERM_BIT(ROLE_SUPERVISOR), .level = 2,
                .repeat = 1, .repeat_unit = UNIT_CALENDAR_DAYS});
    for (int i = 0; i < count; i++)
        deeds[chance(DEEDS)](world, 1 + chance((uint32_t)world->core->task_count + 1));
    assert_in_range(world->core->task_count, count / 40, count);
    return world;
}

/* ---- the sets ---- */

static bool is_in(const uint32_t *agency, uint32_t count, uint32_t wanted)
{
    for (uint32_t i = 0; i < count; i++)
        if (agency[i] == wanted)
            return true;
    return false;
}

static uint32_t held_as(const struct task *task, uint32_t agency)
{
    uint32_t list[TASK_AGENCIES_MAX], held = 0;
    held |= task->assigner == agency ? TERM_BIT(ROLE_ASSIGNER) : 0;
    held |= task->lead == agency ? TERM_BIT(ROLE_LEAD) : 0;
    held |= task->supervisor == agency ? TERM_BIT(ROLE_SUPERVISOR) : 0;
    held |= is_in(list, task_cooperating(task, list), agency) ? TERM_BIT(ROLE_COOPERATING) : 0;
    held |= is_in(list, task_observers(task, list), agency) ? TERM_BIT(ROLE_OBSERVER) : 0;
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        if (is_in(task->rare->escalations->items[i].to, task->rare->escalations->items[i].to_count, agency))
            held |= TERM_BIT(ROLE_ESCALATED);
    for (uint32_t i = 0; !held && task->course->turns && i < task->course->turns->count; i++)
        if (task->course->turns->items[i].agency == agency)
            return HELD_ONCE;
    return held && task->rare->escalations && task->rare->escalations->count ? held | HELD_WITH_ESCALATIONS : held;
}

/* One set holds just the tasks that it should; returns how many. */
static uint32_t hold_set(const struct core *core, uint32_t agency, int bit, int group, bool restricted)
{
    const struct numbers *set = holdings_of(core, agency, bit, group, restricted);
    struct numbers_place place;
    uint32_t at = 0, count = 0;
    bool more = set && numbers_find(set, 0, &place, &at);
    for (uint64_t number = 1; number <= core->task_count; number++) {
        const struct task *task = core_task(core, number);
        if (holdings_group(task->state) != group || (task->scope == SCOPE_RESTRICTED) != restricted ||
            !(held_as(task, agency) >> bit & 1))
            continue;
        assert_true(more);
        assert_int_equal(at, number);
        more = numbers_next(set, &place, &at);
        count++;
    }
    assert_false(more);
    return count;
}

static uint32_t hold_sets(const struct core *core)
{
    uint32_t kinds = 0;
    for (uint32_t agency = 0; agency < core->agency_count; agency++)
        for (int bit = 0; bit < HELD_BITS; bit++)
            for (int group = 0; group < GROUPS; group++)
                for (int restricted = 0; restricted < 2; restricted++)
                    kinds += hold_set(core, agency, bit, group, restricted) > 0;
    return kinds;
}

TEST(each_agency_holds_the_tasks_that_it_has_a_role_on_whatever_happened)
{
    for (uint64_t seed = 1; seed <= (test_is_watched() ? 2U : 6U); seed++) {
        struct world *world = lived_world(seed, 2500);
        struct core *restored = world_restore(world, NULL, 0, 0);
        assert_in_range(hold_sets(world->core), 100, 1000);
        hold_sets(restored);
        for (uint32_t agency = 0; agency < restored->agency_count; agency++) {
            assert_int_equal(world->core->agencies[agency]->given, restored->agencies[agency]->given);
            assert_int_equal(world->core->agencies[agency]->given_bytes, restored->agencies[agency]->given_bytes);
        }
        core_free(restored);
        world_free(world);
    }
}

/* ---- the lists ---- */

static bool may_read(const struct world *world, uint64_t number, uint32_t agency)
{
    return authority_may_read(world->core, core_task(world->core, number), agency, world->now);
}

static bool may_ask(const struct world *world, const char *agency)
{
    struct core_identity identity;
    return core_admit(world->core, text_of(world_key(agency)), world->now, &identity) == 0;
}

/* What may be asked for besides: an agency, with roles, and those below it. */
static void draw_list(struct msg_task_list *asked)
{
    MSG_SET(asked, task_list, limit, 1 + chance(30));
    if (chance(2))
        MSG_SET(asked, task_list, agency, any_agency());
    if (chance(2))
        MSG_SET(asked, task_list, roles, (TERM_BIT(1 + chance(7)) | TERM_BIT(1 + chance(7))));
    if (chance(2))
        MSG_SET(asked, task_list, subtree, true);
    if (chance(3) == 0)
        MSG_SET(asked, task_list, states, (TERM_BIT(1 + chance(7)) | TERM_BIT(1 + chance(7))));
    if (chance(3) == 0)
        MSG_SET(asked, task_list, timeliness, (TERM_BIT(1 + chance(5)) | TERM_BIT(1 + chance(5))));
}

/* Whether a list holds a task, asked of that task alone: by a page that ends before the next one. */
static bool is_wanted(const struct world *world, const struct msg_task_list *asked, uint64_t number, uint32_t asker)
{
    const struct core *core = world->core;
    const struct task *task = core_task(core, number);
    const bool by_role = MSG_HAS(asked, task_list, agency) || asked->roles || asked->subtree;
    const uint32_t wanted = MSG_HAS(asked, task_list, agency) ? core_agency_find(core, asked->agency) : asker;
    bool holds = !by_role;
    if (!may_read(world, number, asker) || (asked->states && !(asked->states & TERM_BIT(task->state))))
        return false;
    for (uint32_t holder = 0; !holds && holder < core->agency_count; holder++) {
        const uint32_t roles = (uint32_t)asked->roles ? (uint32_t)asked->roles : HELD_BY_ROLE;
        uint32_t held = held_as(task, holder) & ~HELD_WITH_ESCALATIONS;
        if (core_agency_parent(core, core_agency_stands(core, task->lead, world->now)) == holder && asked->roles)
            held |= TERM_BIT(ROLE_LEAD_SUPERIOR);
        if (!(held & roles))
            continue;
        const uint32_t stands = core_agency_stands(core, holder, world->now);
        holds = holder == wanted || stands == wanted;
        for (uint32_t at = holder; asked->subtree && at != NONE; at = core_agency_parent(core, at))
            holds |= at == wanted;
        for (uint32_t at = stands; asked->subtree && at != NONE; at = core_agency_parent(core, at))
            holds |= at == wanted;
    }
    return holds;
}

/* Page by page: all that is wanted, once, in order; each page goes on after a task that may be read. */
static void hold_list(struct world *world, const char *agency, struct msg_task_list asked)
{
    const uint32_t asker = core_agency_find(world->core, text_of(agency));
    uint64_t at = 0;
    for (bool more = true; more;) {
        assert_int_equal(world_send(world, agency, OP_TASK_LIST, &asked), 0);
        const struct msg_tasks_reply *reply = WORLD_REPLY(world, tasks_reply);
        for (uint32_t i = 0; i < reply->tasks.count; i++) {
            const struct msg_task *task = &reply->tasks.items[i];
            assert_true(is_wanted(world, &asked, task->task, asker));
            assert_true(!asked.timeliness || (asked.timeliness & TERM_BIT(task->timeliness)));
            while (++at < task->task)
                assert_true(asked.timeliness || !is_wanted(world, &asked, at, asker));
        }
        more = MSG_HAS(reply, tasks_reply, next);
        if (more)
            assert_true(may_read(world, reply->next, asker) && reply->next > asked.after);
        MSG_SET(&asked, task_list, after, reply->next);
    }
    while (++at <= world->core->task_count)
        assert_true(asked.timeliness || !is_wanted(world, &asked, at, asker));
}

TEST(lists_hold_what_a_scan_of_all_tasks_finds_and_go_on_after_what_may_be_read)
{
    for (uint64_t seed = 11; seed <= (test_is_watched() ? 11U : 14U); seed++) {
        struct world *world = lived_world(seed, 1200);
        for (int i = 0; i < 300; i++) {
            const char *agency = agencies[chance(AGENCIES)];
            struct msg_task_list asked = {0};
            draw_list(&asked);
            if (may_ask(world, agency))
                hold_list(world, agency, asked);
        }
        world_free(world);
    }
}

TEST(counts_and_escalations_are_of_what_a_scan_of_all_tasks_finds)
{
    struct world *world = lived_world(21, test_is_watched() ? 800 : 2500);
    for (int i = 0; i < AGENCIES; i++) {
        const uint32_t asker = core_agency_find(world->core, text_of(agencies[i]));
        uint64_t assigned = 0, escalations = 0;
        struct msg_summary summary = {0};
        struct msg_escalation_list list = {0};
        if (!may_ask(world, agencies[i]))
            continue;
        for (uint64_t number = 1; number <= world->core->task_count; number++) {
            const struct task *task = core_task(world->core, number);
            const bool counts = may_read(world, number, asker);
            assigned += counts && task->state != STATE_CANCELLED;
            escalations += counts && task->rare->escalations ? task->rare->escalations->count : 0;
        }
        assert_int_equal(world_send(world, agencies[i], OP_SUMMARY, &summary), 0);
        const struct msg_summary_reply *tallies = WORLD_REPLY(world, summary_reply);
        for (uint32_t j = 0; j < tallies->tallies.count; j++)
            assigned -= tallies->tallies.items[j].assigned;
        assert_int_equal(assigned, 0);
        MSG_SET(&list, escalation_list, closed, true);
        for (bool more = true; more;) {
            assert_int_equal(world_send(world, agencies[i], OP_ESCALATION_LIST, &list), 0);
            escalations -= WORLD_REPLY(world, escalations_reply)->escalations.count;
            more = MSG_HAS(WORLD_REPLY(world, escalations_reply), escalations_reply, next);
            MSG_SET(&list, escalation_list, after, WORLD_REPLY(world, escalations_reply)->next);
        }
        assert_int_equal(escalations, 0);
    }
    world_free(world);
}

/* ---- what it costs ---- */

/* What a request looked at: as many of it as a batch takes. */
static size_t taken_by_a_batch(struct world *world, const char *agency, enum op op, const void *request)
{
    struct buffer frame = {0};
    struct text requests[256];
    struct msg_batch batch = {0};
    size_t taken = 0;
    message_encode(&frame, op_row(op)->name, TEXT("g"), op_row(op)->request, request);
    for (uint32_t i = 0; i < 256; i++)
        requests[i] = (struct text){frame.data, (uint32_t)frame.size};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 256});
    world_send(world, agency, OP_BATCH, &batch);
    for (size_t i = 0; i < world->effects.count; i++)
        taken += world->effects.items[i].type == EFFECT_REPLY && !world->effects.items[i].reply.refused;
    buffer_done(&frame);
    return taken;
}

TEST(what_others_hold_costs_a_list_nothing)
{
    if (test_is_watched())
        skip(); /* twenty thousand tasks, for a cost */
    struct world *world = world_new();
    const struct msg_task_list all = {0};
    struct msg_task_list none = {0}, inbox = {0}; /* the replies of both fit a batch's */
    const struct msg_summary summary = {0};
    const struct msg_escalation_list escalations = {0};
    struct msg_escalate escalate = {0};
    char reference[32];
    MSG_SET(&none, task_list, kinds, TERM_BIT(KIND_CASE));
    MSG_SET(&inbox, task_list, limit, 1);
    MSG_SET(&inbox, task_list, roles, TERM_BIT(ROLE_LEAD));
    MSG_SET(&inbox, task_list, states, TERM_BIT(STATE_ASSIGNED));
    MSG_SET(&escalate, escalate, note, TEXT("!"));
    for (int i = 0; i < 20000; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        const bool is_his = i % 1000 == 999;
        MSG_SET(&escalate, escalate, task,
                world_assign(world, is_his ? "ngoai" : "huyen", is_his ? "ngoai" : "xa1", reference, NULL));
        assert_int_equal(is_his ? 0 : world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    }
    assert_int_equal(world_send(world, "ngoai", OP_TASK_LIST, &all), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 20);
    assert_false(MSG_HAS(WORLD_REPLY(world, tasks_reply), tasks_reply, next));
    assert_int_equal(taken_by_a_batch(world, "ngoai", OP_TASK_LIST, &none), 256);
    assert_int_equal(taken_by_a_batch(world, "ngoai", OP_TASK_LIST, &inbox), 256);
    assert_in_range(taken_by_a_batch(world, "xa1", OP_TASK_LIST, &none), 1, 2);
    assert_int_equal(taken_by_a_batch(world, "ngoai", OP_SUMMARY, &summary), 256);
    assert_int_equal(taken_by_a_batch(world, "ngoai", OP_ESCALATION_LIST, &escalations), 256);
    assert_in_range(taken_by_a_batch(world, "xa1", OP_SUMMARY, &summary), 1, 2);
    world_free(world);
}

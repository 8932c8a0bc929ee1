/* No frame, however costly its sender makes it, has a step that costs more than its bound: costly.c makes them.
 * With STEPS_TRIES=n so many are tried in a large world, and what they took is printed: the long form, `make steps`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cost.h"
#include "core/state.h"
#include "unit/core/costly.h"
#include "unit/test.h"

#define TRIES 10000

/* Of one kind of request. */
struct tally {
    unsigned tries;
    struct costly_outcome costliest, longest;
    uint64_t cost;
    int64_t ns;
};

static void add(struct tally *tally, const struct costly_outcome *outcome)
{
    tally->tries++;
    tally->cost += outcome->all_cost;
    tally->ns += outcome->all_ns;
    if (outcome->cost > tally->costliest.cost)
        tally->costliest = *outcome;
    if (outcome->took_ns > tally->longest.took_ns)
        tally->longest = *outcome;
}

static void print(const char *name, const struct tally *tally)
{
    if (tally->tries == 0)
        return;
    printf("%-22s %6u tries %7.1f ns a unit; costliest %6llu units, %6lld us; longest %6lld us, %6llu units\n", name,
           tally->tries, (double)tally->ns / (double)tally->cost, (unsigned long long)tally->costliest.cost,
           (long long)tally->costliest.took_ns / 1000, (long long)tally->longest.took_ns / 1000,
           (unsigned long long)tally->longest.cost);
}

static unsigned kind_of(const struct costly_outcome *outcome)
{
    unsigned kind = 0;
    while (costly_kind(kind) != outcome->kind)
        kind++;
    return kind;
}

/* ---- what one request writes of each of many leads ---- */

static int assign_to(struct world *world, unsigned leads, uint32_t bytes)
{
    static char text[16384], ids[256][24];
    static struct text lead[256];
    struct msg_assign assign = {0};
    memset(text, 'a', sizeof text);
    for (unsigned i = 0; i < leads; i++) {
        snprintf(ids[i], sizeof ids[i], "thon-%u", i);
        lead[i] = text_of(ids[i]);
    }
    MSG_SET(&assign, assign, reference, TEXT("HT-1"));
    MSG_SET(&assign, assign, leads, (struct texts){lead, leads});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, description, (struct text){text, bytes});
    MSG_MARK(&assign, assign, content);
    return world_send(world, "huyen", OP_ASSIGN, &assign);
}

TEST(an_assign_to_many_leads_says_no_more_than_one_step_can_write)
{
    struct world *world = world_new();
    char id[24];
    for (int i = 0; i < 256; i++) {
        snprintf(id, sizeof id, "thon-%d", i);
        struct msg_agency_set set = agency_set(id, "huyen");
        assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    }
    const size_t records = world->record_count;
    assert_int_equal(assign_to(world, 256, 16384), COORD_E_CAPACITY);
    assert_true(text_equal(world->refusal.field, TEXT("content")));
    assert_int_equal(world->record_count, records); /* all or none */
    assert_int_equal(assign_to(world, 128, 16384), COORD_E_CAPACITY);
    assert_int_equal(assign_to(world, 126, 16384), 0); /* as many as the refusal says */
    assert_in_range(world->effects.cost, 2 * 1024 * 1024 / COST_WRITE_BYTES, COST_STEP_MAX);
    world_free(world);
}

/* ---- any request ---- */

TEST(no_frame_costs_a_step_more_than_its_bound)
{
    static const struct costly_size small = {600, 600, 400}, large = {8000, 8000, 50000};
    static struct costly costly;
    static struct tally tallies[64][2];
    const char *asked = getenv("STEPS_TRIES");
    const int tries = asked ? atoi(asked) : test_is_watched() ? TRIES / 40 : TRIES;
    uint64_t most = 0;
    costly.seed = 20240603;
    costly.batches = asked ? 6 : test_is_watched() ? 20 : 60; /* of a few tries so many more must be costly */
    costly.only = getenv("STEPS_KIND");
    costly_begin(&costly, asked ? &large : &small);
    for (int i = 0; i < tries; i++) {
        const struct costly_outcome outcome = costly_try(&costly);
        if (outcome.cost > COST_STEP_MAX)
            fail_msg("try %d, %s, costs %llu", i, outcome.kind, (unsigned long long)outcome.cost);
        most = outcome.cost > most ? outcome.cost : most;
        add(&tallies[kind_of(&outcome)][outcome.batch], &outcome);
    }
    for (unsigned kind = 0; costly_kind(kind); kind++)
        for (int batch = 0; batch < 2 && asked; batch++) {
            char name[40];
            snprintf(name, sizeof name, "%s%s", costly_kind(kind), batch ? ", batch" : "");
            print(name, &tallies[kind][batch]);
        }
    assert_true(costly.only ||
                most > COST_STEP_MAX / (test_is_watched() ? 4 : 2)); /* or else the generator is not told enough */
    costly_done(&costly);
}

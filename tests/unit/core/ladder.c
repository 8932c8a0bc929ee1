#include "unit/core/ladder.h"

#include <stdio.h>
#include <string.h>

#include "core/calendar_date.h"
#include "core/state.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

#define STEPS_MAX 32

static struct msg_step make_step(const struct ladder_step *from, struct text *agency)
{
    struct msg_step step = {0};
    MSG_SET(&step, step, deadline, from->deadline);
    MSG_SET(&step, step, offset, from->offset);
    MSG_SET(&step, step, unit, from->unit);
    MSG_SET(&step, step, does, from->does);
    if (from->to)
        MSG_SET(&step, step, to, from->to);
    if (from->level)
        MSG_SET(&step, step, level, from->level);
    if (from->repeat)
        MSG_SET(&step, step, repeat, from->repeat);
    if (from->repeat_unit)
        MSG_SET(&step, step, repeat_unit, from->repeat_unit);
    if (from->repeat_max)
        MSG_SET(&step, step, repeat_max, from->repeat_max);
    if (from->catchup)
        MSG_SET(&step, step, catchup, from->catchup);
    *agency = text_of(from->agency);
    if (from->agency)
        MSG_SET(&step, step, agencies, (struct texts){agency, 1});
    return step;
}

/* What it points to is static, until the next one. */
static struct msg_policy_set make_policy(const struct world *world, const struct ladder_step *from, uint32_t count)
{
    static struct msg_step steps[STEPS_MAX];
    static struct text agencies[STEPS_MAX];
    struct msg_policy_set set = {0};
    assert_in_range(count, 1, STEPS_MAX);
    for (uint32_t i = 0; i < count; i++)
        steps[i] = make_step(&from[i], &agencies[i]);
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, accept_within, 2);
    if (world->acknowledged_for >= 0)
        MSG_SET(&set.policy, policy, acknowledged_for, (uint64_t)world->acknowledged_for);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, count});
    MSG_MARK(&set, policy_set, policy);
    return set;
}

int ladder_rehearse(struct world *world, const char *agency, int64_t since, uint64_t after,
                    const struct ladder_step *steps, uint32_t count)
{
    struct msg_policy_set set = make_policy(world, steps, count);
    MSG_SET(&set, policy_set, dry_run, true);
    MSG_SET(&set, policy_set, since, since);
    MSG_SET(&set, policy_set, after, after);
    return world_send(world, agency, OP_POLICY_SET, &set);
}

void ladder_set(struct world *world, const struct ladder_step *from, uint32_t count)
{
    const struct msg_policy_set set = make_policy(world, from, count);
    if (world_send(world, "tinh", OP_POLICY_SET, &set))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
}

uint64_t ladder_assign(struct world *world, const char *reference, const char *due, int reporting)
{
    struct text lead = TEXT("xa1"), supervisor = TEXT("so1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign, assign, backdated, true);
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch"));
    MSG_SET(&assign.content, content, supervisor, supervisor);
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    if (reporting)
        MSG_SET(&assign.content, content, reporting, reporting);
    MSG_MARK(&assign, assign, content);
    if (world_send(world, "huyen", OP_ASSIGN, &assign))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

void ladder_amend_due(struct world *world, uint64_t task, const char *due)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, text_of(due));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

void ladder_act(struct world *world, const char *agency, enum op op, uint64_t task)
{
    if (world_act(world, agency, op, task))
        fail_msg("%s: %.*s", op_row(op)->name, TEXT_ARGS(world->refusal.message));
}

/* ---- what fired ---- */

int64_t ladder_at(const char *day, int hour, int minute)
{
    return vietnam_at(day, hour, minute);
}

static void put_name(const struct msg_record *record, char name[16])
{
    if (MSG_HAS(record, record, step))
        snprintf(name, 16, "%u.%u", (unsigned)record->step, (unsigned)record->occurrence);
    else
        snprintf(name, 16, "%s", MSG_HAS(record, record, escalation) ? "on" : "end");
}

static void put_stands(const struct msg_record *record, char stands[STEPS_MAX * 3 + 2])
{
    size_t at = 0;
    stands[0] = '\0';
    for (uint32_t i = 0; i < record->stands_for.count; i++)
        at += (size_t)snprintf(stands + at, 5, "%s%u", i ? "/" : "+", (unsigned)record->stands_for.items[i]);
}

static size_t put_rung(char *out, size_t room, const struct msg_record *record)
{
    int64_t local = record->time + 7 * WORLD_HOUR, minute = local % WORLD_DAY / 60000;
    char date[DATE_TEXT], name[16], stands[STEPS_MAX * 3 + 2];
    date_text(local / WORLD_DAY, date);
    put_name(record, name);
    put_stands(record, stands);
    return (size_t)snprintf(out, room, "%s%s %s %02d:%02d%.1s%s%s", out[-1] ? ", " : "", name, date + 5,
                            (int)(minute / 60), (int)(minute % 60),
                            MSG_HAS(record, record, missed) ? term_name(&vocabulary_catchup, record->missed) : "",
                            record->to.count ? "" : "-", stands);
}

const char *ladder_since(struct world *world, uint64_t seq)
{
    static char fired[65536];
    size_t at = 1;
    memset(fired, 0, 2);
    for (seq++; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        if (record->record == RECORD_RUNG)
            at += put_rung(fired + at, sizeof fired - at, record);
        assert_in_range(at, 1, sizeof fired - 100);
    }
    return fired + 1;
}

void ladder_expect(struct world *world, const char *day, const char *wanted)
{
    uint64_t before = world->record_count;
    world_run_until(world, ladder_at(day, 23, 59));
    const char *fired = ladder_since(world, before);
    if (strcmp(fired, wanted) != 0)
        fail_msg("until %s: %s\nnot: %s", day, fired, wanted);
}

void ladder_reassign(struct world *world, uint64_t task, const char *lead)
{
    struct msg_reassign request = {0};
    MSG_SET(&request, reassign, task, task);
    MSG_SET(&request, reassign, lead, text_of(lead));
    MSG_SET(&request, reassign, note, TEXT("đổi"));
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &request), 0);
}

int ladder_acknowledge(struct world *world, const char *agency, uint64_t task, uint64_t escalation)
{
    struct msg_acknowledge request = {0};
    MSG_SET(&request, acknowledge, task, task);
    MSG_SET(&request, acknowledge, escalation, escalation);
    return world_send(world, agency, OP_ACKNOWLEDGE, &request);
}

const struct msg_record *ladder_last(struct world *world)
{
    return world_record(world, world->record_count);
}

void ladder_says(struct world *world, const char *words)
{
    const struct text reason = ladder_last(world)->reason;
    if (!memmem(reason.data, reason.size, words, strlen(words)))
        fail_msg("`%.*s` does not say `%s`", TEXT_ARGS(reason), words);
}

/* A world is made, and time goes on in it; what is restored from its records. */
#include "unit/core/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/core/rows.h"
#include "unit/core/world_parts.h"
#include "unit/test.h"

#define MESSAGE_ROOM   16384  /* bytes for any message's struct */
#define IDLE_TICKS_MAX 100000 /* in a row that make no record: a million tasks looked at anew, 128 a tick, take 7,813 */

const char *world_key(const char *agency)
{
    static char keys[4][41];
    static unsigned next;
    char *key = keys[next++ % 4];
    memset(key, '0', 40);
    memcpy(key, agency, strnlen(agency, 40)); /* of a longer id what it begins with */
    key[40] = '\0';
    return key;
}

void world_event(struct world *world, enum event_type type, int64_t now)
{
    struct event event = {.type = type, .now_ms = now};
    world->now = now;
    effects_clear(&world->effects);
    core_step(world->core, &event, &world->effects);
    world_keep_records(world);
}

uint64_t world_charged(const struct world *world, const char *agency)
{
    const uint32_t number = core_agency_find(world->core, text_of(agency));
    uint64_t cost = 0;
    assert_int_not_equal(number, CORE_NO_AGENCY);
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        cost += effect->type == EFFECT_CHARGE && effect->charge.agency == number ? effect->charge.cost : 0;
    }
    return cost;
}

void world_operator(struct world *world, const struct event *event)
{
    struct buffer made = {0};
    effects_clear(&world->effects);
    core_step(world->core, event, &world->effects);
    world_keep_records(world);
    world->error = 0;
    const struct text answer = world_find_reply(world, &made);
    if (answer.size > 0)
        world_read_reply(world, answer, NULL);
    buffer_done(&made);
}

size_t world_run_until(struct world *world, int64_t now)
{
    const size_t before = world->record_count;
    for (unsigned idle = 0; core_next_deadline(world->core) <= now;) {
        const int64_t at = core_next_deadline(world->core);
        const size_t seen = world->record_count;
        world_event(world, EVENT_TICK, at > world->now ? at : world->now);
        idle = world->record_count > seen ? 0 : idle + 1;
        assert_in_range(idle, 0, IDLE_TICKS_MAX);
    }
    world->now = now;
    return world->record_count - before;
}

void world_must(struct world *world, int error)
{
    if (error)
        fail_msg("%.*s: %.*s: %.*s", TEXT_ARGS(world->refusal.error), TEXT_ARGS(world->refusal.field),
                 TEXT_ARGS(world->refusal.message));
}

static void set_agency(struct world *world, const char *id, const char *parent, bool assignable)
{
    struct msg_agency_set set = {0};
    MSG_SET(&set.agency, agency, agency, text_of(id));
    MSG_SET(&set.agency, agency, name, text_of(id));
    if (parent)
        MSG_SET(&set.agency, agency, parent, text_of(parent));
    if (!assignable)
        MSG_SET(&set.agency, agency, assignable, false);
    MSG_MARK(&set, agency_set, agency);
    world_must(world, world_send(world, "tinh", OP_AGENCY_SET, &set));
}

static void set_key(struct world *world, const char *agency)
{
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(world_key(agency)));
    MSG_SET(&set.key, key, label, TEXT("văn thư"));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT));
    MSG_MARK(&set, key_set, key);
    world_must(world, world_send(world, "tinh", OP_KEY_SET, &set));
}

void world_add_agency(struct world *world, const char *id, const char *parent)
{
    set_agency(world, id, parent, true);
    set_key(world, id);
}

static void set_calendar(struct world *world)
{
    struct msg_hours hours[5] = {0};
    struct msg_calendar_set set = {0};
    for (unsigned day = 0; day < 5; day++) {
        MSG_SET(&hours[day], hours, weekday, day + 1);
        MSG_SET(&hours[day], hours, open, 450);
        MSG_SET(&hours[day], hours, close, 1020);
    }
    MSG_SET(&set.calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){hours, 5});
    MSG_MARK(&set, calendar_set, calendar);
    world_must(world, world_send(world, "tinh", OP_CALENDAR_SET, &set));
}

static void make_store(struct world *world)
{
    struct event event = {.type = EVENT_STORE, .now_ms = world->now};
    memset(event.store.identity, 0x5a, sizeof event.store.identity);
    event.store.agency = TEXT("tinh");
    event.store.name = TEXT("Ủy ban nhân dân tỉnh");
    event.store.key = text_of(world_key("tinh"));
    event.store.label = TEXT("quản trị");
    core_step(world->core, &event, &world->effects);
    world_keep_records(world);
}

struct world *world_new(void)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->core = core_new();
    core_hear(world->core, true); /* all that is told is made: keep_record looks at it */
    plain_lender_init(&world->lender);
    core_lend(world->core, &world->lender.lender, 1);
    effects_init(&world->effects);
    world->now = WORLD_BEGIN;
    world->acknowledged_for = -1;
    world->decoder = decoder_new();
    world->record_decoder = decoder_new();
    world->reply = calloc(1, MESSAGE_ROOM);
    make_store(world);
    set_calendar(world);
    world_add_agency(world, "huyen", "tinh");
    world_add_agency(world, "so1", "tinh");
    world_add_agency(world, "so2", "tinh");
    world_add_agency(world, "xa1", "huyen");
    world_add_agency(world, "xa2", "huyen");
    world_add_agency(world, "xa3", "huyen");
    world_add_agency(world, "phong", "so1");
    world_add_agency(world, "ngoai", NULL);
    set_agency(world, "khu", "tinh", false);
    return world;
}

void world_free(struct world *world)
{
    for (size_t i = 0; i < world->record_count; i++)
        free((void *)(uintptr_t)world->records[i].body);
    free(world->records);
    free(world->reply);
    buffer_done(&world->frame);
    decoder_free(world->decoder);
    decoder_free(world->record_decoder);
    effects_done(&world->effects);
    core_free(world->core);
    if (world->rows)
        rows_free(world->rows);
    free(world);
}

struct core *world_restore(const struct world *world, const struct journal_row *rows, size_t row_count,
                           uint64_t checkpoint)
{
    struct core *core = core_new();
    struct problem problem = {0};
    for (size_t i = 0; i < row_count; i++)
        if (core_restore_row(core, &rows[i], &problem))
            fail_msg("row: %s %s", problem.field, problem.message);
    for (size_t i = checkpoint; i < world->record_count; i++)
        if (core_restore_record(core, &world->records[i], &problem))
            fail_msg("record: %s %s", problem.field, problem.message);
    if (core_restore_done(core, world->record_count, &problem))
        fail_msg("done: %s", problem.message);
    return core;
}

struct core *world_follow(const struct world *world, size_t restored)
{
    struct world before = *world;
    struct core_followed followed;
    struct problem problem = {0};
    before.record_count = restored;
    struct core *core = world_restore(&before, NULL, 0, 0);
    for (size_t i = restored; i < world->record_count; i++)
        if (core_follow(core, &world->records[i], &followed, &problem))
            fail_msg("record %zu cannot be followed: %s %s", i + 1, problem.field, problem.message);
    return core;
}

struct msg_agency_set agency_set(const char *id, const char *parent)
{
    struct msg_agency_set set = {0};
    MSG_SET(&set.agency, agency, agency, text_of(id));
    MSG_SET(&set.agency, agency, name, text_of(id));
    if (parent)
        MSG_SET(&set.agency, agency, parent, text_of(parent));
    MSG_MARK(&set, agency_set, agency);
    return set;
}

struct msg_key_set key_set(const char *agency, const char *public_key, uint32_t rights)
{
    /* Labels are unique among an agency's keys. */
    static char labels[256][48];
    static unsigned next;
    char *label = labels[next++ % 256];
    snprintf(label, sizeof labels[0], "của %.40s", public_key);
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(public_key));
    MSG_SET(&set.key, key, label, text_of(label));
    MSG_SET(&set.key, key, rights, rights);
    MSG_MARK(&set, key_set, key);
    return set;
}

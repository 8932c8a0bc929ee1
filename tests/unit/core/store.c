#include "unit/core/store.h"

#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/test.h"

static void set_policy(struct world *world)
{
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, -1);
    MSG_SET(&step, step, unit, UNIT_CALENDAR_DAYS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

static void take_rows(struct store *store)
{
    struct buffer bytes = {0};
    struct journal_row row;
    core_checkpoint_begin(store->world->core);
    for (buffer_clear(&bytes); core_checkpoint_next(store->world->core, &bytes, &row); buffer_clear(&bytes)) {
        void *body = malloc(row.size);
        assert_non_null(body);
        memcpy(body, row.body, row.size);
        row.body = body;
        assert_in_range(store->count, 0, STORE_ROWS_MAX - 1);
        store->rows[store->count++] = row;
    }
    buffer_done(&bytes);
}

struct store *store_new(void)
{
    struct store *store = calloc(1, sizeof *store);
    struct world *world = store->world = world_new();
    struct text lead = TEXT("xa1"), cooperating = TEXT("xa2"), observer = TEXT("xa3");
    struct msg_assign assign = {0};
    struct msg_escalate escalate = {0};
    struct msg_acknowledge acknowledge = {0};
    store->decoder = decoder_new();
    set_policy(world);
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, cooperating, (struct texts){&cooperating, 1});
    MSG_SET(&assign.content, content, observers, (struct texts){&observer, 1});
    MSG_SET(&assign.content, content, supervisor, TEXT("so2"));
    MSG_SET(&assign.content, content, due, TEXT("3d"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    world_run_until(world, world->now + 2 * WORLD_DAY);
    MSG_SET(&escalate, escalate, task, 1);
    MSG_SET(&escalate, escalate, note, TEXT("vướng mắc"));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    MSG_SET(&acknowledge, acknowledge, task, 1);
    MSG_SET(&acknowledge, acknowledge, escalation, WORLD_REPLY(world, change_reply)->tasks.items[0].escalation);
    assert_int_equal(world_send(world, "so2", OP_ACKNOWLEDGE, &acknowledge), 0);
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    take_rows(store);
    return store;
}

void store_free(struct store *store)
{
    for (size_t i = 0; i < store->count; i++)
        free((void *)(uintptr_t)store->rows[i].body);
    decoder_free(store->decoder);
    world_free(store->world);
    free(store);
}

struct journal_row *store_row(struct store *store, enum row_kind kind)
{
    for (size_t i = 0; i < store->count; i++)
        if (ROW_KIND(store->rows[i].key) == kind)
            return &store->rows[i];
    fail_msg("there is no row of kind %d", (int)kind);
    return NULL;
}

int store_restore(const struct store *store)
{
    struct core *core = core_new();
    struct problem problem = {0};
    int error = 0;
    for (size_t i = 0; i < store->count && !error; i++)
        error = core_restore_row(core, &store->rows[i], &problem);
    if (!error)
        error = core_restore_done(core, store->world->record_count, &problem);
    if (error)
        assert_true(strlen(problem.message) > 10);
    core_free(core);
    return error;
}

/* With this row in place of its own. */
static int store_restore_with(struct store *store, struct journal_row *at, struct journal_row changed)
{
    const struct journal_row kept = *at;
    *at = changed;
    int error = store_restore(store);
    *at = kept;
    return error;
}

int store_restore_beside(struct store *store, struct journal_row row)
{
    store->rows[store->count++] = row;
    int error = store_restore(store);
    store->count--;
    return error;
}

void store_read(struct store *store, const struct journal_row *row, const struct message *message, void *out)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(decoder_open(store->decoder, row->body, row->size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(store->decoder, message, out, &problem), 0);
}

int store_restore_changed(struct store *store, struct journal_row *row, const struct message *message, const void *in)
{
    struct buffer bytes = {0};
    struct journal_row changed = *row;
    message_encode(&bytes, "row", (struct text){0}, message, in);
    changed.body = bytes.data;
    changed.size = (uint32_t)bytes.size;
    int error = store_restore_with(store, row, changed);
    buffer_done(&bytes);
    return error;
}

struct journal_row store_numbered(const struct journal_row *row, uint64_t number)
{
    struct journal_row changed = *row;
    changed.key = ROW_KEY(ROW_KIND(row->key), number);
    return changed;
}

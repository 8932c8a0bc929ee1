/* A core lives through assignments, reports, rungs, a checkpoint and two restores; at each allocation on the way a child
 * goes on with a heap that has failed. It must stop in the one place where the daemon stops (base/xalloc.h), or refuse
 * the request as NO_MEMORY: nothing else, for the records that it would have gone on to make would be wrong.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "core/core.h"
#include "fault/memory.h"
#include "fault/memory_heap.h"

#define BEGIN   INT64_C(1717376400000) /* 2024-06-03T01:00Z */
#define DAY     INT64_C(86400000)
#define LEADS   6
#define STOPPED 71 /* a child's exit codes */
#define REFUSED 72
#define WENT_ON 73

struct life {
    struct core *core;
    struct effects effects;
    int64_t now;
    uint64_t next_id, stopped, refused;
    struct journal_record *records;
    size_t record_count, record_capacity;
    const char *doing;
    struct decoder *decoder;
    bool was_refused; /* the last request */
    uint64_t task;    /* that the last assignment made */
};

static void on_no_memory(void)
{
    _exit(heap_is_child() ? STOPPED : 1);
}

static void on_ended(void *context, uint64_t point, int status)
{
    struct life *life = context;
    life->stopped += WIFEXITED(status) && WEXITSTATUS(status) == STOPPED;
    life->refused += WIFEXITED(status) && WEXITSTATUS(status) == REFUSED;
    FAULT_CHECK(WIFEXITED(status), "%s: a core whose allocation %llu failed was ended by signal %d", life->doing,
                (unsigned long long)point, WTERMSIG(status));
    FAULT_CHECK(WEXITSTATUS(status) == STOPPED || WEXITSTATUS(status) == REFUSED,
                "%s: a core went on as if nothing had been, though allocation %llu had failed", life->doing,
                (unsigned long long)point);
}

/* ---- events ---- */

static void keep_record(struct life *life, const struct effect *effect)
{
    const struct effect_span body = effect->record.body;
    if (life->record_count == life->record_capacity) {
        life->record_capacity = life->record_capacity ? life->record_capacity * 2 : 1024;
        life->records = realloc(life->records, life->record_capacity * sizeof *life->records);
    }
    void *bytes = malloc(body.size);
    FAULT_CHECK(life->records && bytes, "no memory");
    memcpy(bytes, effects_bytes(&life->effects, body), body.size);
    life->records[life->record_count++] = (struct journal_record){effect->record.seq, effect->record.task,
                                                                  effect->record.previous, bytes, body.size};
}

/* Whether the request was refused, and by which error. */
static int refusal(struct life *life, const struct effect *effect)
{
    struct envelope envelope;
    struct problem problem;
    struct msg_error error;
    struct msg_change_reply reply;
    const void *frame = effects_bytes(&life->effects, effect->reply.body);
    FAULT_CHECK(decoder_open(life->decoder, frame, effect->reply.body.size, &envelope, &problem) == 0,
                "a reply cannot be read: %s", problem.message);
    if (!text_equal(envelope.op, TEXT("error"))) {
        if (decoder_read(life->decoder, &message_change_reply, &reply, &problem) == 0 && reply.tasks.count > 0)
            life->task = reply.tasks.items[0].task;
        return 0;
    }
    FAULT_CHECK(decoder_read(life->decoder, &message_error, &error, &problem) == 0, "%s", problem.message);
    return -(int)error.code;
}

static void take_effects(struct life *life)
{
    int error = 0;
    for (size_t i = 0; i < life->effects.count; i++) {
        const struct effect *effect = &life->effects.items[i];
        if (effect->type == EFFECT_RECORD && !heap_is_child())
            keep_record(life, effect);
        if (effect->type == EFFECT_REPLY)
            error = refusal(life, effect);
    }
    if (heap_is_child())
        _exit(error == COORD_E_NO_MEMORY && life->effects.count == 1 ? REFUSED : WENT_ON);
    life->was_refused = error != 0;
}

static void step(struct life *life, const struct event *event)
{
    effects_init(&life->effects);
    heap_explore(on_ended, life);
    core_step(life->core, event, &life->effects);
    heap_explore(NULL, NULL);
    take_effects(life);
    effects_done(&life->effects);
}

static const char *key_of(const char *agency)
{
    static char keys[4][41];
    static unsigned next;
    char *key = keys[next++ % 4];
    memset(key, '0', 40);
    memcpy(key, agency, strlen(agency));
    return key;
}

static void request(struct life *life, const char *agency, enum op op, const void *message)
{
    struct buffer frame = {0};
    struct event event = {.type = EVENT_REQUEST, .now_ms = life->now};
    char id[32];
    snprintf(id, sizeof id, "r%llu", (unsigned long long)++life->next_id);
    message_encode(&frame, op_row(op)->name, text_of(id), op_row(op)->request, message);
    event.request.peer = 7;
    event.request.key = text_of(key_of(agency));
    event.request.frame = frame.data;
    event.request.size = frame.size;
    life->doing = op_row(op)->name;
    step(life, &event);
    buffer_done(&frame);
}

static void tick(struct life *life, int64_t now)
{
    life->doing = "tick";
    life->now = now;
    while (core_next_deadline(life->core) <= now) {
        const struct event event = {.type = EVENT_TICK, .now_ms = now};
        step(life, &event);
    }
}

/* ---- the world ---- */

static void add_agency(struct life *life, const char *id)
{
    struct msg_agency_set agency = {0};
    struct msg_key_set key = {0};
    MSG_SET(&agency.agency, agency, agency, text_of(id));
    MSG_SET(&agency.agency, agency, name, TEXT("Ủy ban nhân dân xã"));
    MSG_SET(&agency.agency, agency, parent, TEXT("tinh"));
    MSG_MARK(&agency, agency_set, agency);
    request(life, "tinh", OP_AGENCY_SET, &agency);
    MSG_SET(&key, key_set, agency, text_of(id));
    MSG_SET(&key.key, key, public_key, text_of(key_of(id)));
    MSG_SET(&key.key, key, label, TEXT("văn thư"));
    MSG_SET(&key.key, key, rights, TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT));
    MSG_MARK(&key, key_set, key);
    request(life, "tinh", OP_KEY_SET, &key);
    FAULT_CHECK(!life->was_refused, "%s is refused", id);
}

static void add_rules(struct life *life)
{
    struct msg_hours hours[5] = {0};
    struct msg_calendar_set calendar = {0};
    struct msg_step steps[2] = {0};
    struct msg_policy_set policy = {0};
    for (unsigned day = 0; day < 5; day++) {
        MSG_SET(&hours[day], hours, weekday, day + 1);
        MSG_SET(&hours[day], hours, open, 450);
        MSG_SET(&hours[day], hours, close, 1020);
    }
    MSG_SET(&calendar.calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&calendar.calendar, calendar, utc_offset, 420);
    MSG_SET(&calendar.calendar, calendar, hours, ((struct msg_hours_items){hours, 5}));
    MSG_MARK(&calendar, calendar_set, calendar);
    request(life, "tinh", OP_CALENDAR_SET, &calendar);
    FAULT_CHECK(!life->was_refused, "the calendar is refused");
    for (unsigned i = 0; i < 2; i++) {
        MSG_SET(&steps[i], step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, i);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, RUNG_NOTIFY);
        MSG_SET(&steps[i], step, to, TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD));
    }
    MSG_SET(&policy.policy, policy, policy, TEXT("ladder"));
    MSG_SET(&policy.policy, policy, steps, ((struct msg_step_items){steps, 2}));
    MSG_MARK(&policy, policy_set, policy);
    request(life, "tinh", OP_POLICY_SET, &policy);
    FAULT_CHECK(!life->was_refused, "the policy is refused");
}

static void make_store(struct life *life)
{
    struct event event = {.type = EVENT_STORE, .now_ms = life->now};
    memset(event.store.identity, 7, sizeof event.store.identity);
    event.store.agency = TEXT("tinh");
    event.store.name = TEXT("Tỉnh");
    event.store.key = text_of(key_of("tinh"));
    event.store.label = TEXT("quản trị");
    life->doing = "store";
    step(life, &event);
}

/* One task from its assignment to a report, and one refusal. */
static void one_task(struct life *life, unsigned number)
{
    char reference[32], lead_id[16], due[16];
    struct msg_assign assign = {0};
    struct msg_change accept = {0};
    struct msg_progress report = {0};
    struct msg_comment comment = {0};
    snprintf(reference, sizeof reference, "HT-%u", number);
    snprintf(lead_id, sizeof lead_id, "xa%u", number % LEADS);
    snprintf(due, sizeof due, "2024-06-%02u", 5 + number % 20);
    const struct text lead = text_of(lead_id);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign, assign, policy, TEXT("ladder"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất trên địa bàn"));
    MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    request(life, "tinh", OP_ASSIGN, &assign);
    FAULT_CHECK(!life->was_refused, "an assignment is refused");
    MSG_SET(&accept, change, task, life->task);
    request(life, lead_id, OP_ACCEPT, &accept);
    MSG_SET(&report, progress, task, life->task);
    MSG_SET(&report, progress, percent, number % 100);
    MSG_SET(&report, progress, note, TEXT("Đã rà soát mười hai trên hai mươi xã"));
    request(life, lead_id, OP_REPORT, &report);
    FAULT_CHECK(!life->was_refused, "a report is refused");
    MSG_SET(&comment, comment, task, life->task);
    MSG_SET(&comment, comment, note, TEXT("ý kiến"));
    request(life, "xa9", OP_COMMENT, &comment); /* nobody's key */
}

static void read_all(struct life *life)
{
    struct msg_task_list list = {0};
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, life->task);
    request(life, "tinh", OP_TASK_GET, &get);
    request(life, "tinh", OP_TASK_LIST, &list);
}

/* ---- checkpoint and restore ---- */

struct rows {
    struct buffer bytes;
    struct journal_row *rows;
    size_t count, capacity;
};

static void write_rows(struct life *life, struct rows *rows, uint64_t *checkpoint)
{
    struct journal_row row;
    bool there;
    life->doing = "checkpoint";
    *checkpoint = core_checkpoint_begin(life->core);
    do {
        struct buffer bytes = {0};
        heap_explore(on_ended, life);
        there = core_checkpoint_next(life->core, &bytes, &row);
        heap_explore(NULL, NULL);
        if (heap_is_child())
            _exit(WENT_ON);
        if (!there)
            continue;
        if (rows->count == rows->capacity) {
            rows->capacity = rows->capacity ? 2 * rows->capacity : 1024;
            rows->rows = realloc(rows->rows, rows->capacity * sizeof *rows->rows);
        }
        void *body = malloc(row.size);
        FAULT_CHECK(rows->rows && body, "no memory");
        row.body = memcpy(body, row.body, row.size);
        rows->rows[rows->count++] = row;
        buffer_done(&bytes);
    } while (there);
}

static void restore_one(struct life *life, struct core *core, const struct journal_row *row,
                        const struct journal_record *record)
{
    struct problem problem = {0};
    heap_explore(on_ended, life);
    const int error = row ? core_restore_row(core, row, &problem) : core_restore_record(core, record, &problem);
    heap_explore(NULL, NULL);
    if (heap_is_child())
        _exit(error == COORD_E_NO_MEMORY ? REFUSED : WENT_ON);
    FAULT_CHECK(error == 0, "it cannot be restored: %s", problem.message);
}

static void restore(struct life *life, const struct rows *rows, uint64_t checkpoint)
{
    uint8_t lived[32], restored[32];
    struct problem problem;
    struct core *core = core_new();
    life->doing = rows ? "restore from the checkpoint" : "restore from record 1";
    for (size_t i = 0; rows && i < rows->count; i++)
        restore_one(life, core, &rows->rows[i], NULL);
    for (size_t i = checkpoint; i < life->record_count; i++)
        restore_one(life, core, NULL, &life->records[i]);
    FAULT_CHECK(core_restore_done(core, life->record_count, &problem) == 0, "%s", problem.message);
    core_digest(core, restored);
    core_digest(life->core, lived);
    FAULT_CHECK(memcmp(restored, lived, sizeof lived) == 0, "%s comes to another state", life->doing);
    core_free(core);
}

static void life_done(struct life *life, struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free((void *)(uintptr_t)rows->rows[i].body);
    for (size_t i = 0; i < life->record_count; i++)
        free((void *)(uintptr_t)life->records[i].body);
    free(rows->rows);
    free(life->records);
    decoder_free(life->decoder);
    core_free(life->core);
}

uint64_t memory_core(const struct fault *fault)
{
    static const char *const agencies[] = {"xa0", "xa1", "xa2", "xa3", "xa4", "xa5"};
    const unsigned tasks = fault->full ? 500 : 40;
    const uint64_t before = heap_explored();
    struct life life = {.now = BEGIN, .core = core_new(), .decoder = decoder_new()};
    struct rows rows = {0};
    uint64_t checkpoint;
    xalloc_on_failure(on_no_memory);
    make_store(&life);
    for (size_t i = 0; i < LEADS; i++)
        add_agency(&life, agencies[i]);
    add_rules(&life);
    for (unsigned i = 0; i < tasks / 2; i++)
        one_task(&life, i);
    write_rows(&life, &rows, &checkpoint);
    for (unsigned i = tasks / 2; i < tasks; i++)
        one_task(&life, i);
    for (int day = 0; day < 40; day++)
        tick(&life, BEGIN + day * DAY);
    read_all(&life);
    restore(&life, &rows, checkpoint);
    restore(&life, NULL, 0);
    xalloc_on_failure(NULL);
    const uint64_t points = heap_explored() - before;
    fault_measured(
        "core: %zu records, %llu allocations failed: it stopped in one place %llu times, refused a request as "
        "NO_MEMORY %llu times",
        life.record_count, (unsigned long long)points, (unsigned long long)life.stopped,
        (unsigned long long)life.refused);
    life_done(&life, &rows);
    return points;
}

#include "metrics.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../relay/states.def.h"
#include "alloc.h"
#include "exposition.h"
#include "request.h"

/* T(member of the tally, label) */
#define TALLIES(T) T(on_time, "on_time") T(late, "late") T(overdue, "overdue") T(open, "open")

/* What `load` tells. L(where it is in the reply, name, type, what it is in, help) */
#define LOADS(L)                                                                                                       \
    L(writable, "coord_broker_writable", "gauge", 1, "Whether the broker takes changes: 0 while its disk is full.")    \
    L(clock_doubtful, "coord_broker_clock_doubtful", "gauge", 1, "Whether the broker doubts its clock.")               \
    L(seq, "coord_broker_records", "gauge", 1, "Records in the broker's journal.")                                     \
    L(checkpoint, "coord_broker_checkpoint", "gauge", 1, "The record up to which a restart need not replay.")          \
    L(streams, "coord_broker_streams", "gauge", 1, "Streams of the broker.")                                           \
    L(streams_behind, "coord_broker_streams_behind", "gauge", 1, "Of these, those that lag and read the journal.")     \
    L(requests, "coord_broker_requests_total", "counter", 1, "Requests the broker has answered since its start.")      \
    L(refused, "coord_broker_refused_total", "counter", 1, "Of these, with an error.")                                 \
    L(notifications, "coord_broker_notifications_total", "counter", 1, "Notifications it has sent since its start.")   \
    L(commits, "coord_broker_commits_total", "counter", 1, "Batches it has made durable since its start.")             \
    L(commit_us, "coord_broker_commit_seconds", "gauge", 1e6, "How long the last of them took.")                       \
    L(waiting_bytes, "coord_broker_waiting_bytes", "gauge", 1, "What requests take that wait for their turn.")         \
    L(resident_bytes, "coord_broker_resident_bytes", "gauge", 1, "Memory of the broker.")                              \
    L(account.cost_ms, "coord_account_cost_seconds_total", "counter", 1e3, "Processor time the agency has cost it.")   \
    L(account.requests, "coord_account_requests_total", "counter", 1, "Requests of the agency since its start.")       \
    L(account.refused, "coord_account_refused_total", "counter", 1, "Of these, with an error.")                        \
    L(account.connections, "coord_account_connections", "gauge", 1, "Connections of the agency.")                      \
    L(account.unsent_bytes, "coord_account_unsent_bytes", "gauge", 1, "Answers that its connections do not take.")     \
    L(account.reads_waiting, "coord_account_reads_waiting", "gauge", 1, "Its reads that wait for the journal.")

enum {
    LOAD_COUNT = 0
#define L(member, name, type, scale, help) +1
    LOADS(L)
#undef L
};

struct counts {
    uint64_t on_time, late, overdue, open, open_escalations;
};

struct lane {
    struct metrics *metrics;
    struct broker *broker;
    struct counts counting, counted;
    uint64_t after;
    int64_t asked, known; /* by the steady clock; 0: never */
    bool waits;
    struct {
        char label[65];
        int64_t valid_until;
    } keys[METRICS_KEYS_MAX];
    size_t key_count;
    bool load_known; /* and then: */
    double load[LOAD_COUNT];
};

enum {
    RELAY_STATES_COUNT = 0
#define D(constant, name) +1
    DELIVERY_STATES(D)
#undef D
};

struct metrics {
    struct web *web;
    struct lane lanes[CONFIG_CONTEXTS_MAX];
    bool relay_known;
    int64_t relay[RELAY_STATES_COUNT];
    int64_t relay_looked;
};

/* ---- from the broker ---- */

static void ask_page(struct lane *lane);

/* What could not be asked is asked again soon; the figures of before stand, and their age is told. */
static void ask_again_soon(struct lane *lane)
{
    lane->waits = false;
    lane->asked = lane->metrics->web->steady - METRICS_EVERY_MS + METRICS_AGAIN_MS;
}

static void on_load(void *user, int error, const void *reply, const struct problem *problem)
{
    struct lane *lane = user;
    const struct msg_load_reply *load = reply;
    size_t i = 0;
    (void)problem;
    lane->waits = false;
    lane->load_known = !error; /* a broker of before knows no `load` */
    if (error)
        return;
#define L(member, name, type, scale, help) lane->load[i++] = (double)load->member / (scale);
    LOADS(L)
#undef L
}

static void ask_load(struct lane *lane)
{
    struct problem problem = {0};
    lane->waits = broker_send(lane->broker, OP_LOAD, NULL, NULL, on_load, lane, &problem) == 0;
}

static void on_keys(void *user, int error, const void *reply, const struct problem *problem)
{
    struct lane *lane = user;
    const struct msg_keys_reply *page = reply;
    (void)problem;
    if (error) {
        ask_again_soon(lane);
        return;
    }
    lane->key_count = 0;
    for (uint32_t i = 0; i < page->keys.count && lane->key_count < METRICS_KEYS_MAX; i++) {
        const struct msg_key *key = &page->keys.items[i].key;
        if (!MSG_HAS(key, key, valid_until) || MSG_HAS(key, key, revoked))
            continue;
        snprintf(lane->keys[lane->key_count].label, sizeof lane->keys->label, "%.*s", TEXT_ARGS(key->label));
        lane->keys[lane->key_count++].valid_until = key->valid_until;
    }
    ask_load(lane);
}

static void ask_keys(struct lane *lane)
{
    struct msg_key_list list = {0};
    struct problem problem = {0};
    MSG_SET(&list, key_list, agency, text_of(broker_agency(lane->broker)));
    lane->waits = broker_send(lane->broker, OP_KEY_LIST, NULL, &list, on_keys, lane, &problem) == 0;
}

static void on_summary(void *user, int error, const void *reply, const struct problem *problem)
{
    struct lane *lane = user;
    const struct msg_summary_reply *page = reply;
    (void)problem;
    if (error) {
        ask_again_soon(lane);
        return;
    }
    for (uint32_t i = 0; i < page->tallies.count; i++) {
        const struct msg_tally *tally = &page->tallies.items[i];
#define T(member, label) lane->counting.member += tally->member;
        TALLIES(T) T(open_escalations, "")
#undef T
    }
    lane->after = page->next;
    if (MSG_HAS(page, summary_reply, next)) {
        ask_page(lane);
        return;
    }
    lane->counted = lane->counting;
    lane->known = lane->metrics->web->steady;
    ask_keys(lane);
}

static void ask_page(struct lane *lane)
{
    struct msg_summary summary = {0};
    struct problem problem = {0};
    MSG_SET(&summary, summary, after, lane->after);
    MSG_SET(&summary, summary, limit, 1000);
    lane->waits = broker_send(lane->broker, OP_SUMMARY, NULL, &summary, on_summary, lane, &problem) == 0;
}

/* ---- from the relay's queue, which is only read ---- */

static void look_at_relay(struct metrics *metrics, const char *directory)
{
    char path[4200];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    snprintf(path, sizeof path, "%s/relay.db", directory);
    metrics->relay_known = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                           sqlite3_prepare_v2(db, "SELECT state, count(*) FROM delivery GROUP BY state", -1, &statement,
                                              NULL) == SQLITE_OK;
    memset(metrics->relay, 0, sizeof metrics->relay);
    int result = SQLITE_DONE;
    while (metrics->relay_known && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const int state = sqlite3_column_int(statement, 0);
        if (state >= 0 && state < RELAY_STATES_COUNT)
            metrics->relay[state] = sqlite3_column_int64(statement, 1);
    }
    metrics->relay_known = metrics->relay_known && result == SQLITE_DONE;
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

/* ---- the whole ---- */

struct metrics *metrics_new(struct web *web)
{
    struct metrics *metrics = alloc_zeroed(1, sizeof *metrics);
    metrics->web = web;
    for (size_t i = 0; i < web->broker_count; i++)
        metrics->lanes[i] = (struct lane){.metrics = metrics, .broker = web->brokers[i]};
    return metrics;
}

void metrics_free(struct metrics *metrics)
{
    free(metrics);
}

void metrics_step(struct metrics *metrics)
{
    struct web *web = metrics->web;
    const char *why;
    for (size_t i = 0; i < web->broker_count; i++) {
        struct lane *lane = &metrics->lanes[i];
        if (lane->waits || (lane->asked && web->steady - lane->asked < METRICS_EVERY_MS) ||
            strcmp(broker_state(lane->broker, &why), "connected") != 0 ||
            !(broker_rights(lane->broker) & TERM_BIT(RIGHT_READ)))
            continue;
        lane->asked = web->steady;
        lane->after = 0;
        lane->counting = (struct counts){.open = 0};
        ask_page(lane);
    }
    if (web->config->relay_dir && (!metrics->relay_looked || web->steady - metrics->relay_looked >= METRICS_EVERY_MS)) {
        metrics->relay_looked = web->steady;
        look_at_relay(metrics, web->config->relay_dir);
    }
}

static void put_agency(struct buffer *out, const char *name, const struct lane *lane, const char *label,
                       const char *value, int64_t number)
{
    buffer_printf(out, "%s{", name);
    exposition_label(out, "agency", broker_agency(lane->broker));
    if (label) {
        buffer_append(out, ",", 1);
        exposition_label(out, label, value);
    }
    buffer_printf(out, "} %" PRId64 "\n", number);
}

static void put_broker(const struct metrics *metrics, struct buffer *out)
{
    const size_t count = metrics->web->broker_count;
    const char *why;
    exposition_head(out, "coord_broker_connected", "gauge", "Whether the broker is reached with this agency's key.");
    for (size_t i = 0; i < count; i++)
        put_agency(out, "coord_broker_connected", &metrics->lanes[i], NULL, NULL,
                   strcmp(broker_state(metrics->lanes[i].broker, &why), "connected") == 0);
    exposition_head(out, "coord_stream_sequence", "gauge", "Sequence of the newest notification that was heard.");
    for (size_t i = 0; i < count; i++)
        put_agency(out, "coord_stream_sequence", &metrics->lanes[i], NULL, NULL,
                   (int64_t)broker_ring(metrics->lanes[i].broker)->newest);
    exposition_head(out, "coord_tasks", "gauge",
                    "Tasks that the agency may read, by how they stand; open ones include overdue.");
    for (size_t i = 0; i < count; i++) {
        const struct lane *lane = &metrics->lanes[i];
#define T(member, label) put_agency(out, "coord_tasks", lane, "timeliness", label, (int64_t)lane->counted.member);
        if (lane->known) {
            TALLIES(T)
        }
#undef T
    }
    exposition_head(out, "coord_escalations_open", "gauge", "Escalations that nobody has acknowledged.");
    for (size_t i = 0; i < count; i++)
        if (metrics->lanes[i].known)
            put_agency(out, "coord_escalations_open", &metrics->lanes[i], NULL, NULL,
                       (int64_t)metrics->lanes[i].counted.open_escalations);
    exposition_head(out, "coord_tasks_age_seconds", "gauge", "How old the figures of coord_tasks are.");
    for (size_t i = 0; i < count; i++)
        if (metrics->lanes[i].known)
            put_agency(out, "coord_tasks_age_seconds", &metrics->lanes[i], NULL, NULL,
                       (metrics->web->steady - metrics->lanes[i].known) / 1000);
    exposition_head(out, "coord_key_valid_until_seconds", "gauge", "When a key of the agency ends, since 1970.");
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < metrics->lanes[i].key_count; j++)
            put_agency(out, "coord_key_valid_until_seconds", &metrics->lanes[i], "label",
                       metrics->lanes[i].keys[j].label, metrics->lanes[i].keys[j].valid_until / 1000);
}

static void put_loads(const struct metrics *metrics, struct buffer *out)
{
    static const struct {
        const char *name, *type, *help;
    } rows[] = {
#define L(member, name, type, scale, help) {name, type, help},
        LOADS(L)
#undef L
    };
    for (size_t row = 0; row < LOAD_COUNT; row++) {
        exposition_head(out, rows[row].name, rows[row].type, rows[row].help);
        for (size_t i = 0; i < metrics->web->broker_count; i++) {
            const struct lane *lane = &metrics->lanes[i];
            if (!lane->load_known)
                continue;
            buffer_printf(out, "%s{", rows[row].name);
            exposition_label(out, "agency", broker_agency(lane->broker));
            buffer_printf(out, "} %.15g\n", lane->load[row]);
        }
    }
}

static void put_relay(const struct metrics *metrics, struct buffer *out)
{
    static const char *const states[] = {
#define D(constant, name) #name,
        DELIVERY_STATES(D)
#undef D
    };
    exposition_head(out, "coord_relay_queue_readable", "gauge", "Whether the relay's queue could be read.");
    buffer_printf(out, "coord_relay_queue_readable %d\n", metrics->relay_known);
    exposition_head(out, "coord_relay_deliveries", "gauge", "Deliveries of the relay, by state.");
    for (size_t i = 0; metrics->relay_known && i < RELAY_STATES_COUNT; i++)
        buffer_printf(out, "coord_relay_deliveries{state=\"%s\"} %" PRId64 "\n", states[i], metrics->relay[i]);
}

static void write_all(const struct metrics *metrics, struct buffer *out)
{
    const struct web *web = metrics->web;
    const struct {
        const char *name, *type, *help;
        uint64_t value;
    } own[] = {
        {"coord_web_requests_total", "counter", "Requests of browsers.", web->counts.requests},
        {"coord_web_refused_total", "counter", "Of these, answered with an error.", web->counts.refused},
        {"coord_web_sign_ins_total", "counter", "Sessions begun.", web->counts.signed_in},
        {"coord_web_sign_ins_refused_total", "counter", "Attempts to sign in that were refused.",
         web->counts.sign_ins_refused},
        {"coord_web_notifications_total", "counter", "Notifications heard.", web->counts.events},
        {"coord_web_streams", "gauge", "Browsers that listen.", web->viewer_count},
        {"coord_web_streams_cut_total", "counter", "Browsers cut for being too slow.", web->counts.viewers_cut},
        {"coord_web_waiting", "gauge", "Requests that wait for the broker.", web->calls},
        {"coord_web_sessions", "gauge", "Sessions.", (uint64_t)store_session_count(web->store)},
        {"coord_web_evidence_bytes", "gauge", "Bytes of evidence kept.", (uint64_t)web->evidence_bytes},
        {"coord_web_evidence_max_bytes", "gauge", "Bytes of evidence that may be kept.",
         (uint64_t)web->config->evidence_max_mib * 1048576},
    };
    put_broker(metrics, out);
    put_loads(metrics, out);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        exposition_head(out, own[i].name, own[i].type, own[i].help);
        buffer_printf(out, "%s %" PRIu64 "\n", own[i].name, own[i].value);
    }
    if (web->config->relay_dir)
        put_relay(metrics, out);
}

void handle_metrics(struct request *request)
{
    struct buffer out = {.exhausted = alloc_failed};
    write_all(request->web->metrics, &out);
    request_respond_text(request, 200, EXPOSITION_TYPE, out.data, out.size);
    buffer_done(&out);
}

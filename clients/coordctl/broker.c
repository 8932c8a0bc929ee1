/* coordctl status, load, store …, backup */
#include <stdio.h>

#include "brokers.h"
#include "commands.h"
#include "fill.h"
#include "json_write.h"
#include "session.h"

#define ACCOUNTS_USUAL 20
#define ACCOUNTS_MOST  256 /* as messages.def.h has it */

static void show_accounts(const struct msg_account_items *accounts)
{
    static const struct column columns[] = {
        {"AGENCY", "agency", COLUMN_TEXT, 0},
        {"COST MS", "cost_ms", COLUMN_NUMBER, 0},
        {"REQUESTS", "requests", COLUMN_NUMBER, 0},
        {"REFUSED", "refused", COLUMN_NUMBER, 0},
        {"CONNECTIONS", "connections", COLUMN_NUMBER, 2},
        {"STREAMS", "streams", COLUMN_NUMBER, 2},
        {"UNSENT BYTES", "unsent_bytes", COLUMN_NUMBER, 1},
        {"READS", "reads_waiting", COLUMN_NUMBER, 1},
        {"WAITING BYTES", "waiting_bytes", COLUMN_NUMBER, 1},
        {"CONSUMERS", "consumers", COLUMN_NUMBER, 1},
        {"TASKS", "tasks", COLUMN_NUMBER, 2},
        {"TASK BYTES", "task_bytes", COLUMN_NUMBER, 1},
        {"WRITTEN", "written_bytes", COLUMN_NUMBER, 1},
        {"TRIED", "tried", COLUMN_NUMBER, 3},
    };
    struct table *table = table_new(columns, sizeof columns / sizeof *columns);
    for (uint32_t i = 0; i < accounts->count; i++)
        table_add(table, &message_account, &accounts->items[i]);
    table_show(table, "No agency has asked anything since the start.");
}

/* How many accounts are asked for: 0 without --by-agency. An exit code. */
static int accounts_wanted(const struct session *session, uint64_t *accounts)
{
    struct problem problem = {0};
    const char *limit = arguments_get(&session->arguments, "limit");
    const bool by_agency = arguments_get(&session->arguments, "by-agency") != NULL;
    const int code = session_count(session, "limit", by_agency ? ACCOUNTS_USUAL : 0, accounts);
    if (code)
        return code;
    if (limit && !by_agency)
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "limit",
                    "it says how many agencies are shown, and goes with --by-agency");
    else if (*accounts > ACCOUNTS_MOST)
        problem_set(&problem, COORD_E_OUT_OF_RANGE, "limit", "the broker tells at most %d accounts, and %s is more",
                    ACCOUNTS_MOST, limit);
    else
        return EXIT_DONE;
    return session_fail(session, &problem);
}

/* Of several endpoints it is of use to know which one answered, and what became of the others. */
static void show_status(const struct session *session, const struct msg_status_reply *reply)
{
    struct brokers brokers;
    const bool several = brokers_are_several(session);
    if (several)
        brokers_ask(session, &brokers);
    if (session->json) {
        json_t *json = json_write(&message_status_reply, reply);
        json_object_set_new(json, "endpoint", json_string(coord_endpoint(session->coord)));
        if (several)
            json_object_set_new(json, "brokers", brokers_json(&brokers));
        output_json(json);
        return;
    }
    printf(output_is_terminal() ? "%-18s %s\n" : "%s\t%s\n", "endpoint", coord_endpoint(session->coord));
    output_fields(&message_status_reply, reply);
    if (several)
        brokers_show(&brokers);
}

/* Nobody leads, or the leader is not there: then it is said who is. */
static int show_no_status(const struct session *session, int code)
{
    struct brokers brokers;
    if ((code != EXIT_NO_BROKER && code != EXIT_REFUSED) || session->json || !brokers_are_several(session))
        return code;
    brokers_ask(session, &brokers);
    brokers_show(&brokers);
    return code;
}

/* Whether `writable` says that the disk has room, of a broker that does no changes: people read it as whether it does. */
static bool is_of_its_disk(const struct session *session, int role)
{
    return role == BROKER_ROLE_FOLLOWER && !session->json;
}

int broker_status(struct session *session)
{
    struct msg_status status = {0};
    struct msg_status_reply reply;
    uint64_t accounts;
    int code = accounts_wanted(session, &accounts);
    if (code)
        return code;
    if (accounts > 0)
        MSG_SET(&status, status, accounts, accounts);
    code = session_call(session, OP_STATUS, &status, &reply);
    if (code)
        return show_no_status(session, code);
    if (is_of_its_disk(session, reply.role))
        MSG_SET(&reply, status_reply, writable, false);
    if (accounts > 0 && !session->json)
        show_accounts(&reply.accounts);
    else
        show_status(session, &reply);
    return EXIT_DONE;
}

int broker_load(struct session *session)
{
    struct msg_load_reply reply;
    const int code = session_call(session, OP_LOAD, NULL, &reply);
    if (code)
        return code;
    if (is_of_its_disk(session, reply.role))
        MSG_SET(&reply, load_reply, writable, false);
    if (session->json) {
        output_json(json_write(&message_load_reply, &reply));
        return EXIT_DONE;
    }
    output_fields_but(&message_load_reply, &reply, "account");
    output_fields_as(&message_account, &reply.account, "own_");
    return EXIT_DONE;
}

/* What is accepted is what is shown: the broker refuses when its clock has moved on since. */
int clock_accept(struct session *session)
{
    struct msg_status_reply status;
    struct msg_clock_accept accept = {0};
    struct msg_change_reply reply;
    char now[64], newest[64];
    int code = session_call(session, OP_STATUS, NULL, &status);
    if (code)
        return code;
    if (!status.clock_doubtful) {
        if (session->json)
            output_json(json_pack("{s:b}", "accepted", 0));
        else
            puts("The broker does not doubt its clock: nothing to accept.");
        return EXIT_DONE;
    }
    value_show_time(status.time, now, sizeof now);
    value_show_time(status.newest, newest, sizeof newest);
    MSG_SET(&accept, clock_accept, clock, status.time);
    const char *officer = arguments_get(&session->arguments, "officer");
    if (officer)
        MSG_SET(&accept, clock_accept, officer, text_of(officer));
    code = session_call(session, OP_CLOCK_ACCEPT, &accept, &reply);
    if (code)
        return code;
    if (session->json)
        output_json(json_write(&message_change_reply, &reply));
    else
        printf("Accepted: it is %s. The record before was made %s.\n", now, newest);
    return EXIT_DONE;
}

/* ---- the store's settings ---- */

int store_show(struct session *session)
{
    struct msg_hello_reply hello;
    struct msg_store_settings settings = {0};
    const int code = session_call(session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
#define SHOWN(type, name, ...)                                                                                         \
    if (MSG_HAS(&hello, hello_reply, name))                                                                            \
        MSG_SET(&settings, store_settings, name, hello.name);
    MSG_STORE_SETTINGS_FIELDS(SHOWN, SHOWN)
#undef SHOWN
    if (session->json)
        output_json(json_write(&message_store_settings, &settings));
    else
        output_fields(&message_store_settings, &settings);
    return EXIT_DONE;
}

int store_set(struct session *session)
{
    struct msg_store_set set = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    if (fill_from_options(&message_store_settings, &set.settings, &session->arguments, &session->arena, &problem) ||
        fill_from_options(&message_store_set, &set, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_MARK(&set, store_set, settings);
    const int code = session_call(session, OP_STORE_SET, &set, &reply);
    if (!code)
        session_tell_done(session, &reply, "set");
    return code;
}

/* ---- backup ---- */

#define BACKUP_TIMEOUT_MS (60 * 60 * 1000) /* the broker answers when the copy is complete */

struct copying {
    struct session *session;
    int code;
    bool done;
};

static void show_copy(const struct session *session, const struct msg_backup_reply *reply)
{
    const char *endpoint = brokers_are_several(session) ? coord_endpoint(session->coord) : NULL;
    if (session->json) {
        json_t *json = json_write(&message_backup_reply, reply);
        if (endpoint)
            json_object_set_new(json, "endpoint", json_string(endpoint));
        output_json(json);
        return;
    }
    if (endpoint)
        printf(output_is_terminal() ? "%-18s %s\n" : "%s\t%s\n", "endpoint", endpoint);
    output_fields(&message_backup_reply, reply);
}

static void on_copied(void *user, int error, const void *reply, const struct problem *problem)
{
    struct copying *copying = user;
    copying->done = true;
    progress_end();
    if (error)
        copying->code = session_fail(copying->session, problem);
    else
        show_copy(copying->session, reply);
}

int broker_backup(struct session *session)
{
    struct copying copying = {.session = session};
    struct msg_backup backup = {0};
    struct problem problem = {0};
    MSG_SET(&backup, backup, path, text_of(session->arguments.operands[0]));
    /* It is made by whoever is asked: with this the connection has found the leader. */
    const int code = session_hello(session);
    if (code)
        return code;
    if (coord_send(session->coord, OP_BACKUP, &backup, on_copied, &copying, BACKUP_TIMEOUT_MS, &problem))
        return session_fail(session, &problem);
    for (size_t seconds = 0; !copying.done; seconds++) {
        const int result = coord_dispatch(session->coord, 1000);
        if (result < 0) {
            problem_plain(&problem, result, "");
            return session_fail(session, &problem);
        }
        progress_count("copying, seconds", seconds + 1);
    }
    progress_end();
    return copying.code;
}

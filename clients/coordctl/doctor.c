/* coordctl doctor */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "brokers.h"
#include "commands.h"
#include "session.h"

#define LAG_MAX_MS 10000 /* as `lag_max_seconds` of coordd.conf has it when nobody sets it */

#define CLOCK_APART_MS 60000

/* What was looked at, told at once, or kept for --json. */
struct doctor {
    struct session *session;
    json_t *findings; /* NULL without --json */
};

static void found(struct doctor *doctor, bool good, const char *what, const char *next)
{
    if (doctor->findings) {
        json_array_append_new(doctor->findings,
                              good ? json_pack("{s:b, s:s}", "ok", 1, "what", what)
                                   : json_pack("{s:b, s:s, s:s}", "ok", 0, "what", what, "next", next));
        return;
    }
    printf(output_is_terminal() ? "%-7s %s\n" : "%s\t%s\n", good ? "ok" : "NOT OK", what);
    if (!good)
        printf(output_is_terminal() ? "%-7s next: %s\n" : "%s\tnext: %s\n", "", next);
}

static bool doctor_context(struct doctor *doctor)
{
    struct session *session = doctor->session;
    const char *name = arguments_get(&session->arguments, "context");
    char path[COORD_PATH_MAX] = "", what[COORD_PATH_MAX + 300];
    struct problem problem = {0};
    const bool good = coord_context_path(path, name, &problem) == 0 &&
                      coord_context_find(&session->context, name, &problem) == 0;
    if (good)
        snprintf(what, sizeof what, "context %s", path);
    else /* which names the file */
        snprintf(what, sizeof what, "context: %s", problem.message);
    found(doctor, good, what,
          path[0] && access(path, F_OK) == 0
              ? "mend that file as it says, or get a new one from the administrator"
              : "get a context file from the administrator, and see coordctl context list");
    return good;
}

static bool doctor_clock(struct doctor *doctor, const struct msg_hello_reply *hello)
{
    char what[120];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const long long apart = hello->time - ((long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    const bool good = hello->rehearsal || llabs(apart) < CLOCK_APART_MS;
    if (hello->rehearsal)
        snprintf(what, sizeof what, "clock: the broker's is a rehearsal's");
    else
        snprintf(what, sizeof what, "clock: the broker's is %.1f s %s this machine's", (double)llabs(apart) / 1000,
                 apart < 0 ? "behind" : "ahead of");
    found(doctor, good, what, "set this machine's clock: timedatectl set-ntp true");
    return good;
}

/* Whether changes are taken. A key that may not read is not told, and of such a one there is nothing to be said. */
static bool doctor_store(struct doctor *doctor)
{
    struct msg_load_reply load;
    struct problem problem = {0};
    const bool told = session_try(doctor->session, OP_LOAD, NULL, &load, &problem) == 0;
    if (!told)
        return true;
    found(doctor, load.writable,
          load.writable ? "store: it takes changes" : "store: its disk is full; reads go on, and changes are refused",
          "on the broker's machine: make room where the store is (df; man coordd, FULL DISKS)");
    if (load.clock_doubtful)
        found(doctor, false, "clock: the broker doubts its own, so changes are refused and nothing fires",
              "the administrator: set the clock of the broker's machine, or coordctl clock accept");
    return load.writable && !load.clock_doubtful;
}

/* Whose key it is the broker knows; what the file says of it is for people, who would take its agency for their own. */
static bool doctor_agency(struct doctor *doctor, struct text agency)
{
    const struct session *session = doctor->session;
    char path[COORD_PATH_MAX] = "", what[COORD_PATH_MAX + 300], next[COORD_PATH_MAX + 200];
    if (text_equal(agency, text_of(session->context.agency)))
        return true;
    if (coord_context_path(path, arguments_get(&session->arguments, "context"), NULL))
        path[0] = '\0';
    snprintf(what, sizeof what, "context: it says agency %s, and its key is one of %.*s, as whom all is done",
             session->context.agency, TEXT_ARGS(agency));
    snprintf(next, sizeof next, "agency = %.*s in %s, or a context file of %s from the administrator",
             TEXT_ARGS(agency), path, session->context.agency);
    found(doctor, false, what, next);
    return false;
}

static int doctor_broker(struct doctor *doctor)
{
    struct session *session = doctor->session;
    struct msg_hello_reply hello;
    struct problem problem = {0};
    char what[1024], rights[64];
    const int error = session_try(session, OP_HELLO, NULL, &hello, &problem);
    if (error) {
        const char *next = exit_next(error, OP_HELLO);
        const bool unreached = error == COORD_E_TIMED_OUT || error == COORD_E_NOT_LEADER;
        snprintf(what, sizeof what, "broker at %s: %s", session->context.endpoint, problem.message);
        if (unreached)
            next = error == COORD_E_NOT_LEADER
                       ? "on the brokers' machines: systemctl status coordd; what each of them says follows"
                       : "on the broker's machine: systemctl status coordd; and is server_key in the context its key?";
        found(doctor, false, what, next ? next : "ask the administrator: coordctl key list");
        return unreached ? (int)exit_code_of(error) : EXIT_FORBIDDEN;
    }
    const char *endpoint = coord_endpoint(session->coord);
    const bool several = strcmp(endpoint, session->context.endpoint) != 0;
    snprintf(what, sizeof what, "broker at %s%s%s, version %.*s", endpoint, several ? ", of " : "",
             several ? session->context.endpoint : "", TEXT_ARGS(hello.version));
    found(doctor, true, what, "");
    value_show(message_field(&message_hello_reply, "rights", 6), &hello.rights, rights, sizeof rights);
    snprintf(what, sizeof what, "key `%.*s` of agency %.*s, which may %s", TEXT_ARGS(hello.key),
             TEXT_ARGS(hello.agency), rights);
    found(doctor, true, what, "");
    const bool is_its = doctor_agency(doctor, hello.agency), is_right = doctor_clock(doctor, &hello);
    const bool takes_changes = doctor_store(doctor); /* last: it is asked, and the memory of `hello` goes with that */
    return !is_its ? EXIT_CONTEXT : is_right && takes_changes ? EXIT_DONE : EXIT_REFUSED;
}

/* ---- the brokers of the context, one by one ---- */

/* Those that answered, by what they do. */
struct tally {
    const struct broker_seen *leaders[ENDPOINTS_MAX];
    int leader_count, follower_count;
};

static struct tally brokers_count(const struct brokers *brokers)
{
    struct tally tally = {0};
    for (int i = 0; i < brokers->endpoints.count; i++) {
        const struct broker_seen *seen = &brokers->seen[i];
        if (seen->problem.error)
            continue;
        if (seen->role == BROKER_ROLE_LEADER)
            tally.leaders[tally.leader_count++] = seen;
        tally.follower_count += seen->role == BROKER_ROLE_FOLLOWER;
    }
    return tally;
}

/* One that gave no answer. Where nobody follows, those that do not lead may wait without listening: then nothing is amiss. */
static bool doctor_silent(struct doctor *doctor, const struct broker_seen *seen, bool may_wait)
{
    char what[600];
    const char *why = seen->problem.message;
    const size_t size = strlen(seen->endpoint);
    if (strncmp(why, seen->endpoint, size) == 0 && strncmp(why + size, ": ", 2) == 0)
        why += size + 2;
    if (seen->problem.error == COORD_E_BEHIND) {
        snprintf(what, sizeof what, "broker at %s follows, and has not heard of the store for too long: %s",
                 seen->endpoint, why);
        found(doctor, false, what, "on its machine: journalctl -u coordd; does it reach PostgreSQL?");
        return false;
    }
    const bool good = may_wait && seen->refused;
    snprintf(what, sizeof what, "broker at %s: %s%s", seen->endpoint, why,
             good ? " It waits for its turn, or is not there." : "");
    found(doctor, good, what, "on its machine: systemctl status coordd; and can this machine reach it?");
    return good;
}

static bool doctor_one(struct doctor *doctor, const struct broker_seen *seen)
{
    char what[600], lag[32];
    const bool late = seen->role == BROKER_ROLE_FOLLOWER && seen->lag_ms > LAG_MAX_MS;
    broker_lag_text(seen->lag_ms, lag, sizeof lag);
    if (seen->role == BROKER_ROLE_FOLLOWER)
        snprintf(what, sizeof what, "broker at %s follows: record %llu, %s behind at most, version %s", seen->endpoint,
                 (unsigned long long)seen->seq, lag, seen->version);
    else
        snprintf(what, sizeof what, "broker at %s %s: record %llu, version %s", seen->endpoint,
                 seen->role == BROKER_ROLE_LEADER ? "leads" : "serves the store", (unsigned long long)seen->seq,
                 seen->version);
    found(doctor, !late, what, "on its machine: journalctl -u coordd; does it reach PostgreSQL?");
    return !late;
}

/* They are brokers of one store, of which exactly one leads. */
static bool doctor_lead(struct doctor *doctor, const struct brokers *brokers, const struct tally *tally)
{
    char what[600];
    const struct broker_seen *first = NULL;
    for (int i = 0; i < brokers->endpoints.count; i++) {
        const struct broker_seen *seen = &brokers->seen[i];
        if (seen->problem.error)
            continue;
        if (first && memcmp(first->store, seen->store, sizeof first->store) != 0) {
            snprintf(what, sizeof what, "brokers at %s and %s serve two stores", first->endpoint, seen->endpoint);
            found(doctor, false, what, "an `endpoint` of the context that names the brokers of one store alone");
            return false;
        }
        first = first ? first : seen;
    }
    if (tally->leader_count > 1) {
        snprintf(what, sizeof what, "brokers at %s and %s both say that they lead", tally->leaders[0]->endpoint,
                 tally->leaders[1]->endpoint);
        found(doctor, false, what,
              "coordctl doctor  # again: the store takes nothing from the one that was overtaken, which stops "
              "when it finds out");
        return false;
    }
    if (tally->follower_count > 0 && tally->leader_count == 0) {
        found(doctor, false, "nobody leads: changes wait, and no deadline fires",
              "on the brokers' machines: systemctl status coordd, and man coordd-cluster: FAILURES");
        return false;
    }
    return true;
}

static bool doctor_brokers(struct doctor *doctor)
{
    struct brokers brokers;
    if (!brokers_are_several(doctor->session))
        return true;
    brokers_ask(doctor->session, &brokers);
    const struct tally tally = brokers_count(&brokers);
    const bool may_wait = tally.follower_count == 0;
    bool good = true;
    for (int i = 0; i < brokers.endpoints.count; i++)
        good &= brokers.seen[i].problem.error ? doctor_silent(doctor, &brokers.seen[i], may_wait)
                                              : doctor_one(doctor, &brokers.seen[i]);
    return doctor_lead(doctor, &brokers, &tally) && good;
}

int broker_doctor(struct session *session)
{
    struct doctor doctor = {session, session->json ? json_array() : NULL};
    int code = doctor_context(&doctor) ? EXIT_DONE : EXIT_CONTEXT;
    if (!code)
        code = session_open(session);
    if (!code)
        code = doctor_broker(&doctor);
    if (session->coord && !doctor_brokers(&doctor) && !code)
        code = EXIT_REFUSED;
    if (doctor.findings)
        output_json(doctor.findings);
    return code;
}

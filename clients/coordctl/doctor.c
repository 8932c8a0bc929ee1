/* coordctl doctor */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "doctor.h"

#define CLOCK_APART_MS 60000

static const struct {
    const char *word;
    json_t *(*ok)(void);
} findings[] = {
    [FINDING_GOOD] = {"ok", json_true},
    [FINDING_UNSURE] = {"look", json_null},
    [FINDING_BAD] = {"NOT OK", json_false},
};

void doctor_found(struct doctor *doctor, enum finding finding, const char *what, const char *next)
{
    const char *word = findings[finding].word;
    if (doctor->findings) {
        json_t *object = json_pack("{s:o, s:s}", "ok", findings[finding].ok(), "what", what);
        if (finding != FINDING_GOOD)
            json_object_set_new(object, "next", json_string(next));
        json_array_append_new(doctor->findings, object);
        return;
    }
    printf(output_is_terminal() ? "%-7s %s\n" : "%s\t%s\n", word, what);
    if (finding != FINDING_GOOD)
        printf(output_is_terminal() ? "%-7s next: %s\n" : "%s\tnext: %s\n", "", next);
}

static void found(struct doctor *doctor, bool good, const char *what, const char *next)
{
    doctor_found(doctor, good ? FINDING_GOOD : FINDING_BAD, what, next);
}

void doctor_words(const char *message, char *words, size_t size)
{
    snprintf(words, size, "%s", message);
    const size_t length = strlen(words);
    if (length >= 2 && strcmp(words + length - 2, "?.") == 0)
        words[length - 1] = '\0';
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

/* Whether changes are taken. A key that may not read is not told, and of such a one there is nothing to be said; of one that follows,
 * doctor_follower says who takes them. */
static bool doctor_store(struct doctor *doctor)
{
    struct msg_load_reply load;
    struct problem problem = {0};
    const bool told = session_try(doctor->session, OP_LOAD, NULL, &load, &problem) == 0;
    if (!told)
        return true;
    if (load.role != BROKER_ROLE_FOLLOWER)
        found(doctor, load.writable,
              load.writable ? "store: it takes changes"
                            : "store: its disk is full; reads go on, and changes are refused",
              "on the broker's machine: make room where the store is (df; man coordd, FULL DISKS)");
    if (load.clock_doubtful)
        found(doctor, false, "clock: the broker doubts its own, so changes are refused and nothing fires",
              "the administrator: set the clock of the broker's machine, or coordctl clock accept");
    return (load.role == BROKER_ROLE_FOLLOWER || load.writable) && !load.clock_doubtful;
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
    struct broker_seen seen = {.endpoint = session->context.endpoint};
    char what[1024], words[sizeof problem.message], rights[64];
    const int error = session_try(session, OP_HELLO, NULL, &hello, &problem);
    if (error) {
        const char *next = exit_next(error, OP_HELLO);
        const bool unreached = error == COORD_E_TIMED_OUT || error == COORD_E_NOT_LEADER;
        doctor_words(problem.message, words, sizeof words);
        snprintf(what, sizeof what, "broker at %s: %s", session->context.endpoint, words);
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
    broker_seen_fill(&seen, &hello);
    const bool is_led = several || doctor_follower(doctor, &seen);
    /* Last: it is asked, and the memory of `hello` goes with that. */
    const bool takes_changes = doctor_store(doctor) && is_led;
    return !is_its ? EXIT_CONTEXT : is_right && takes_changes ? EXIT_DONE : EXIT_REFUSED;
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

/* A run: opened on a context, requests with what is told of them, and closed. */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "brokers.h"
#include "commands.h"
#include "json_write.h"

int session_count(const struct session *session, const char *option, uint64_t absent, uint64_t *count)
{
    const char *given = arguments_get(&session->arguments, option);
    struct problem problem;
    char *end;
    errno = 0;
    *count = given ? strtoull(given, &end, 10) : absent;
    if (!given || (given[0] >= '1' && given[0] <= '9' && !*end && !errno))
        return EXIT_DONE;
    problem_set(&problem, COORD_E_BAD_ARGUMENT, option, "`%.40s` must be a whole number above 0.", given);
    return session_fail(session, &problem);
}

static int timeout_ms(const struct session *session, int *timeout, struct problem *problem)
{
    const char *given = arguments_get(&session->arguments, "timeout");
    char *end;
    const double seconds = given ? strtod(given, &end) : 0;
    if (given && (end == given || *end || seconds <= 0 || seconds > 86400))
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "timeout", "`%.40s` must be seconds, above 0.", given);
    *timeout = (int)(seconds * 1000);
    return 0;
}

#define WITHIN_MAX_MS (60 * 60 * 1000)

/* 500ms, 5s, 1m */
static int within_ms(const char *given, int *within, struct problem *problem)
{
    static const struct {
        const char *name;
        unsigned long ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}};
    char *end = NULL;
    errno = 0;
    const unsigned long count = given[0] >= '0' && given[0] <= '9' ? strtoul(given, &end, 10) : 0;
    for (size_t i = 0; count > 0 && !errno && i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].name) == 0 && count <= WITHIN_MAX_MS / units[i].ms) {
            *within = (int)(count * units[i].ms);
            return 0;
        }
    return problem_set(problem, COORD_E_BAD_ARGUMENT, "within",
                       "`%.40s` must be a time from 1ms to 60m: 500ms, 5s, 1m.", given);
}

/* What --within and --at-least say; with either, a broker that follows may answer. */
static int take_bounds(const struct session *session, struct coord_options *options, uint64_t *at_least,
                       struct problem *problem)
{
    const char *within = arguments_get(&session->arguments, "within");
    const char *seq = arguments_get(&session->arguments, "at-least");
    char *end = NULL;
    *at_least = 0;
    if (!within && !seq)
        return 0;
    options->read_from = COORD_READ_ANY;
    errno = 0;
    if (seq)
        *at_least = seq[0] >= '0' && seq[0] <= '9' ? strtoull(seq, &end, 10) : 0;
    if (seq && (!end || *end || errno || *at_least > INT64_MAX))
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "at_least", "`%.40s` must be a record's sequence.", seq);
    return within ? within_ms(within, &options->within_ms, problem) : 0;
}

/* Somebody waits for the answer: of three brokers one whose machine is switched off is left after a second. */
#define HURRY_MS 3000

int session_open(struct session *session)
{
    struct problem problem = {0};
    struct coord_options options = {0};
    uint64_t at_least = 0;
    int error = timeout_ms(session, &options.timeout_ms, &problem);
    if (!error)
        error = take_bounds(session, &options, &at_least, &problem);
    if (!error)
        error = coord_context_find(&session->context, arguments_get(&session->arguments, "context"), &problem);
    if (!error && brokers_are_several(session))
        options.connect_ms = HURRY_MS;
    if (!error)
        error = coord_open(&session->coord, &session->context, &options, &problem);
    if (!error && (error = coord_at_least(session->coord, at_least)))
        problem_plain(&problem, error, "at_least");
    return error ? session_fail(session, &problem) : session_take_name(session);
}

void session_close(struct session *session)
{
    (void)coord_close(session->coord);
    coord_context_wipe(&session->context);
    arena_done(&session->arena);
}

int session_try(struct session *session, enum op op, const void *request, void *reply, struct problem *problem)
{
    if (session->missed.error) {
        *problem = session->missed;
        return problem->error;
    }
    const int error = coord_call(session->coord, op, request, reply, COORD_TIMEOUT_DEFAULT, problem);
    if (error == COORD_E_TIMED_OUT || error == COORD_E_NOT_LEADER)
        session->missed = *problem;
    return error;
}

int session_call(struct session *session, enum op op, const void *request, void *reply)
{
    struct problem problem = {0};
    if (session_try(session, op, request, reply, &problem) == 0)
        return EXIT_DONE;
    return session_fail(session, &problem);
}

int session_may_try(struct session *session)
{
    struct msg_hello_reply hello;
    const int code = arguments_flag(&session->arguments, "dry-run") ? session_call(session, OP_HELLO, NULL, &hello)
                                                                    : EXIT_DONE;
    if (code || !arguments_flag(&session->arguments, "dry-run") || hello.dry_runs)
        return code;
    output_error("this broker, %.*s, does not know dry runs: it would do what is only to be tried",
                 TEXT_ARGS(hello.version));
    return EXIT_REFUSED;
}

void session_tell_done(const struct session *session, const struct msg_change_reply *reply, const char *word)
{
    if (session->json)
        output_json(json_write(&message_change_reply, reply));
    else
        printf("%s%s\n", reply->dry_run ? "would be " : "", reply->seq ? word : "unchanged");
}

int session_confirm(const struct session *session, const char *about, const char *question, const char *next,
                    const char *refused)
{
    char answer[16];
    if (arguments_flag(&session->arguments, "yes"))
        return EXIT_DONE;
    if (arguments_flag(&session->arguments, "dry-run")) { /* nothing is done: there is no need to ask, but to know */
        output_error("%s: it will ask", about);
        return EXIT_DONE;
    }
    if (!isatty(STDIN_FILENO)) {
        session_tell_error(session, COORD_E_BAD_ARGUMENT, "yes", about);
        output_error("%s: --yes: %s", coord_error_name(COORD_E_BAD_ARGUMENT), about);
        output_error_more("next: %s", next);
        return EXIT_USAGE;
    }
    fprintf(stderr, "%s.\n%s [y/N] ", about, question);
    if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
        return EXIT_DONE;
    output_error("%s", refused);
    return EXIT_USAGE;
}

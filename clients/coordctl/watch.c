/* coordctl watch */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "fill.h"
#include "json_print.h"
#include "json_write.h"
#include "record_text.h"
#include "session.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

struct watching {
    struct session *session;
    uint64_t left; /* UINT64_MAX for no end */
    int code;
    bool ended;
};

/* What the agency said with it: the reason of a rejection, a comment, why something is asked for. */
static void show_note(const struct msg_record *record)
{
    if (output_is_terminal() && record->note.size)
        printf(" “%s”", output_plain(record->note));
    else if (!output_is_terminal())
        printf("\t%s", output_plain(record->note));
}

static void show_record(const struct msg_record *record)
{
    static const char *const colours[] = {[SEVERITY_WARNING] = "\033[33m", [SEVERITY_CRITICAL] = "\033[31m"};
    const char *colour = NULL;
    char time[64], about[300] = "";
    const struct text reference = record->reference;
    struct text title = record->title;
    if (!reference.size) { /* it is of no task */
        record_subject(record, about, sizeof about);
        title = text_of(about);
    }
    value_show_time(record->time, time, sizeof time);
    if (output_has_colour() && record->severity < (int)(sizeof colours / sizeof *colours))
        colour = colours[record->severity];
    if (output_is_terminal())
        printf("%s%s  %-12s %s%s%s: %s", colour ? colour : "", time, term_name(&vocabulary_notice, record->notice),
               output_plain(reference), reference.size ? "  " : "", output_plain(title), output_plain(record->reason));
    else
        printf("%llu\t%s\t%s\t%s\t%s\t%s\t%s\t%s", (unsigned long long)record->seq, time,
               term_name(&vocabulary_severity, record->severity), term_name(&vocabulary_notice, record->notice),
               output_plain(reference), output_plain(record->lead), output_plain(title), output_plain(record->reason));
    show_note(record);
    puts(colour ? "\033[0m" : "");
}

/* Of a key that is accepted no more, as of a request with it. */
static int ending_code(int ending)
{
    const bool forbidden = ending == ENDING_KEY_REVOKED || ending == ENDING_KEY_EXPIRED ||
                           ending == ENDING_RIGHT_LOST || ending == ENDING_AGENCY_CLOSED;
    return forbidden ? EXIT_FORBIDDEN : EXIT_REFUSED;
}

/* Two that listen under one name take it from each other for ever: whoever is ended is told so. */
static void tell_ending(const struct session *session, int ending)
{
    const char *consumer = arguments_get(&session->arguments, "consumer");
    if (ending == ENDING_REPLACED && consumer) {
        output_error(
            "the stream was ended: another program listens as consumer `%.64s` now, and goes on where this one stopped",
            consumer);
        output_error_more("next: a --consumer of its own for each that listens");
        return;
    }
    output_error("the stream was ended: %s", term_name(&vocabulary_ending, ending));
    if (ending_code(ending) == EXIT_FORBIDDEN)
        output_error_more("next: a key that may read, from the administrator: coordctl key list says which there are");
}

static int on_event(void *user, const struct coord_event *event)
{
    struct watching *watching = user;
    if (!event->record) {
        watching->ended = true;
        if (event->problem)
            watching->code = session_fail(watching->session, event->problem);
        else
            tell_ending(watching->session, event->ending);
        if (!event->problem)
            watching->code = ending_code(event->ending);
        return COORD_DONE;
    }
    if (watching->left == 0 || watching->code)
        return COORD_LATER;
    if (watching->session->json) {
        json_t *object = json_write(&message_record, event->record);
        json_print(stdout, object, JSON_LINE);
        putchar('\n');
        json_decref(object);
    } else {
        show_record(event->record);
    }
    /* What could not be written is not dealt with: its place is not kept, and it comes again. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        output_error("notification %llu could not be written, and will come again: %s",
                     (unsigned long long)event->record->seq, strerror(errno));
        watching->code = EXIT_SYSTEM;
        return COORD_LATER;
    }
    if (watching->left != UINT64_MAX)
        watching->left--;
    return COORD_DONE;
}

/* Seconds without a connection after which it is said, once, that nobody is listened to. */
#define WATCH_ALONE 5

/* Called each second; counts those without a connection. With --timeout it is not waited for for longer. An exit code. */
static int watch_connection(const struct session *session, int *alone)
{
    const char *given = arguments_get(&session->arguments, "timeout");
    struct problem why;
    *alone = coord_connected(session->coord, &why) ? 0 : *alone + 1;
    if (given && *alone > 0 && *alone >= strtod(given, NULL)) {
        struct problem problem;
        problem_set(&problem, COORD_E_TIMED_OUT, "", "The broker could not be reached for %.20s seconds. %.180s", given,
                    why.message);
        return session_fail(session, &problem);
    }
    if (*alone == WATCH_ALONE)
        output_error("the broker cannot be reached, and is waited for. %s", why.message);
    return EXIT_DONE;
}

int watch(struct session *session)
{
    int alone = 0;
    const struct sigaction action = {.sa_handler = on_signal};
    struct watching watching = {.session = session};
    struct msg_subscribe subscribe = {0};
    struct problem problem = {0};
    const int code = session_count(session, "count", UINT64_MAX, &watching.left);
    if (code)
        return code;
    if (fill_from_options(&message_subscribe, &subscribe, &session->arguments, &session->arena, &problem) ||
        coord_subscribe(session->coord, &subscribe, on_event, &watching, &problem))
        return session_fail(session, &problem);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    while (!interrupted && !watching.ended && watching.left > 0 && !watching.code) {
        const int result = coord_dispatch(session->coord, 1000);
        if (result < 0) {
            problem_plain(&problem, result, "");
            return session_fail(session, &problem);
        }
        if (result == 0)
            watching.code = watch_connection(session, &alone);
    }
    if (interrupted && output_is_terminal())
        putchar('\n'); /* behind the ^C that the terminal shows */
    /* The broker keeps the place of what was shown, and of nothing more. */
    if (!watching.ended && watching.code != EXIT_NO_BROKER)
        (void)coord_unsubscribe(session->coord, 2000, &problem);
    return watching.code;
}

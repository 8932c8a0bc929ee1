/* coordctl status, backup, doctor */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "json_write.h"
#include "session.h"

int broker_status(struct session *session)
{
    struct msg_status_reply reply;
    const int code = session_call(session, OP_STATUS, NULL, &reply);
    if (code)
        return code;
    if (session->json)
        output_json(json_write(&message_status_reply, &reply));
    else
        output_fields(&message_status_reply, &reply);
    return EXIT_DONE;
}

#define BACKUP_TIMEOUT_MS (60 * 60 * 1000) /* the broker answers when the copy is complete */

int broker_backup(struct session *session)
{
    struct msg_backup backup = {0};
    struct msg_backup_reply reply;
    struct problem problem = {0};
    MSG_SET(&backup, backup, path, text_of(session->arguments.operands[0]));
    if (coord_call(session->coord, OP_BACKUP, &backup, &reply, BACKUP_TIMEOUT_MS, &problem))
        return session_fail(session, &problem);
    if (session->json)
        output_json(json_write(&message_backup_reply, &reply));
    else
        output_fields(&message_backup_reply, &reply);
    return EXIT_DONE;
}

/* ---- doctor ---- */

#define CLOCK_APART_MS 60000

static void found(bool good, const char *what, const char *next)
{
    printf("%s\t%s\n", good ? "ok" : "NOT OK", what);
    if (!good)
        printf("\tnext: %s\n", next);
}

static bool doctor_context(struct session *session)
{
    const char *name = arguments_get(&session->arguments, "context");
    char path[COORD_PATH_MAX] = "", what[COORD_PATH_MAX + 300];
    struct problem problem = {0};
    const bool good = coord_context_path(path, name, &problem) == 0 &&
                      coord_context_find(&session->context, name, &problem) == 0;
    snprintf(what, sizeof what, "context %s%s%s", path, good ? "" : ": ", good ? "" : problem.message);
    found(good, what, "get a context file from the administrator, and see coordctl context list");
    return good;
}

static void doctor_clock(const struct msg_hello_reply *hello)
{
    char what[120];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const long long apart = hello->time - ((long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    if (hello->rehearsal) {
        found(true, "clock: the broker's is a rehearsal's", "");
        return;
    }
    snprintf(what, sizeof what, "clock: the broker's is %.1f s from this machine's", (double)apart / 1000);
    found(llabs(apart) < CLOCK_APART_MS, what, "set this machine's clock: timedatectl set-ntp true");
}

int broker_doctor(struct session *session)
{
    struct msg_hello_reply hello;
    struct problem problem = {0};
    char what[1024], rights[64];
    if (!doctor_context(session))
        return EXIT_CONTEXT;
    int code = session_open(session);
    if (code)
        return code;
    const int error = coord_call(session->coord, OP_HELLO, NULL, &hello, COORD_TIMEOUT_DEFAULT, &problem);
    if (error) {
        struct problem why = {0};
        (void)coord_connected(session->coord, &why);
        snprintf(what, sizeof what, "broker at %s: %s %s", session->context.endpoint, problem.message, why.message);
        found(false, what,
              error == COORD_E_TIMED_OUT
                  ? "is it running, and is server_key in the context its key? systemctl status coordd"
                  : "ask the administrator for a new key: coordctl key new");
        return error == COORD_E_TIMED_OUT ? EXIT_NO_BROKER : EXIT_FORBIDDEN;
    }
    snprintf(what, sizeof what, "broker at %s, version %.*s", session->context.endpoint, TEXT_ARGS(hello.version));
    found(true, what, "");
    value_show(message_field(&message_hello_reply, "rights", 6), &hello.rights, rights, sizeof rights);
    snprintf(what, sizeof what, "key `%.*s` of agency %.*s, which may %s", TEXT_ARGS(hello.key),
             TEXT_ARGS(hello.agency), rights);
    found(true, what, "");
    doctor_clock(&hello);
    return EXIT_DONE;
}

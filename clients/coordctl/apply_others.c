/* Tasks of an apply file that are other agencies' to assign: they are counted, and what is to be typed to have them given is told,
 * so that it does when it is typed: with a context that is there, or one that is made first.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "applying.h"

#define NAME_ROOM    128 /* ./, an agency of 64 bytes, a number and .context */
#define COMMAND_ROOM 1024
#define FILES_TRIED  9 /* names of a context file, before it is left to the reader */
#define KEY_LABEL    "apply"

void apply_others_count(struct applying *applying, const struct apply_task *task)
{
    if (!applying->others)
        applying->others = json_object();
    json_t *theirs = json_object_get(applying->others, task->assigner);
    if (!theirs) {
        theirs = json_array();
        json_object_set_new(applying->others, task->assigner, theirs);
    }
    json_array_append_new(theirs, json_integer(task - applying->file.tasks));
}

/* ---- contexts that are there ---- */

static bool is_context_of(const struct session *session, const char *name, const char *agency)
{
    struct coord_context context = {0};
    struct problem ignored;
    const bool is_its = coord_context_find(&context, name, &ignored) == 0 && strcmp(context.agency, agency) == 0 &&
                        strcmp(context.server_key, session->context.server_key) == 0;
    coord_context_wipe(&context);
    return is_its;
}

/* A context of the agency's, of this broker, under a name that it would have; false when there is none. */
static bool find_context(const struct session *session, const char *agency, char name[NAME_ROOM])
{
    static const char *const names[] = {"%s", "./%s.context", "default", "./admin.context"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *rest = strstr(names[i], "%s");
        snprintf(name, NAME_ROOM, "%.*s%s%s", (int)(rest ? rest - names[i] : 0), names[i], rest ? agency : names[i],
                 rest ? rest + 2 : "");
        if (is_context_of(session, name, agency))
            return true;
    }
    return false;
}

/* A name for a file that is not there yet, as key new wants it. */
static void new_file(const char *agency, char name[NAME_ROOM])
{
    snprintf(name, NAME_ROOM, "%s.context", agency);
    for (int i = 2; i <= FILES_TRIED && access(name, F_OK) == 0; i++)
        snprintf(name, NAME_ROOM, "%s-%d.context", agency, i);
}

/* ---- what their key must be able to do ---- */

/* A date of the file that has passed; a count lies ahead. */
static bool has_passed(struct text due, int64_t now_ms)
{
    const time_t now = (time_t)(now_ms / 1000);
    char today[11];
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(today, sizeof today, "%Y-%m-%d", &tm);
    return due.size >= 10 && due.data[4] == '-' && memcmp(due.data, today, 10) < 0;
}

/* Whether it brings what only a key that administers may send outside the tree. Whether its lead is outside is the broker's to say. */
static bool imposes(const struct apply_task *task, const struct msg_hello_reply *hello)
{
    const struct msg_content *content = &task->assign.content;
    const struct text policy = task->assign.policy;
    const bool goes_anywhere = content->kind == KIND_RECOMMENDATION || content->kind == KIND_REPORT;
    const bool own_policy = policy.size && !text_equal(policy, TEXT("none")) &&
                            !text_equal(policy, hello->default_policy);
    return hello->tasking == TASKING_TREE && goes_anywhere &&
           (has_passed(content->due, hello->time) || MSG_HAS(content, content, reporting) || own_policy);
}

static bool any_imposes(const struct applying *applying, const json_t *theirs, const struct msg_hello_reply *hello)
{
    json_t *at;
    size_t i;
    bool any = false;
    json_array_foreach(theirs, i, at) any |= imposes(&applying->file.tasks[json_integer_value(at)], hello);
    return any;
}

/* ---- telling ---- */

/* The same command, as the other agency. */
static void apply_as(const struct applying *applying, const char *context, char *line, size_t size)
{
    const struct arguments *arguments = &applying->session->arguments;
    snprintf(line, size, "\n  next: coordctl --context %s apply -f %s%s%s", next_word(context),
             next_word(arguments_get(arguments, "file")), arguments_flag(arguments, "backdated") ? " --backdated" : "",
             applying->dry ? " --dry-run" : "");
}

/* An administrator makes the key; one that administers itself is needed for these tasks alone, and goes afterwards. */
static void with_new_key(const struct applying *applying, const char *agency, bool administers, char *lines,
                         size_t size)
{
    const struct session *session = applying->session;
    char file[NAME_ROOM], context[NAME_ROOM + 2], key[NAME_ROOM];
    new_file(agency, file);
    snprintf(context, sizeof context, "./%s", file);
    snprintf(key, sizeof key, "%s:" KEY_LABEL, agency);
    size_t used = (size_t)snprintf(lines, size, "\n  next: %s",
                                   next_command(session, "key new %s --label " KEY_LABEL "%s --out %s",
                                                next_word(agency), administers ? " --rights act,administer" : "",
                                                next_word(file)));
    if (used < size)
        apply_as(applying, context, lines + used, size - used);
    used = strlen(lines);
    if (administers)
        snprintf(lines + used, size - used, "\n  next: %s", next_command(session, "key revoke %s", next_word(key)));
}

static void tell_other(struct applying *applying, const char *agency, const json_t *theirs,
                       const struct msg_hello_reply *hello)
{
    char lines[3 * COMMAND_ROOM] = "", context[NAME_ROOM], brought[NAME_ROOM];
    snprintf(brought, sizeof brought, "agency/%s", agency);
    const bool is_there = !json_object_get(applying->brings, brought) || !applying->dry;
    if (find_context(applying->session, agency, context))
        apply_as(applying, context, lines, sizeof lines);
    else if (!(hello->rights & TERM_BIT(RIGHT_ADMINISTER)))
        snprintf(lines, sizeof lines, "\n  next: ask the administrator for a context file of %s", agency);
    else if (!is_there)
        snprintf(lines, sizeof lines, "; it comes with the file, and can have one once that is applied");
    else
        with_new_key(applying, agency, any_imposes(applying, theirs, hello), lines, sizeof lines);
    applying_leave(applying, "tasks of", agency, "%zu in the file are its to assign, with a key of its own%s",
                   json_array_size(theirs), lines);
}

int apply_others_tell(struct applying *applying)
{
    struct msg_hello_reply hello = {0};
    const char *agency;
    json_t *theirs;
    int code = EXIT_DONE;
    if (applying->others && !applying->silent)
        code = session_call(applying->session, OP_HELLO, NULL, &hello);
    if (!code && !applying->silent)
        json_object_foreach(applying->others, agency, theirs) tell_other(applying, agency, theirs, &hello);
    json_decref(applying->others);
    applying->others = NULL;
    return code;
}

#include "agency_end.h"

#include <stdio.h>
#include <string.h>

#include "next.h"

#define NAMES_ROOM 400 /* some ten ids; the rest is counted */

void agency_compare(struct agency_ending *ending)
{
    const struct msg_agency *before = ending->before, *after = ending->after;
    const bool had = MSG_HAS(before, agency, valid_until), has = MSG_HAS(after, agency, valid_until);
    ending->fate = FATE_STAYS;
    if (had && !has)
        ending->fate = FATE_OPENS;
    else if (has && (!had || before->valid_until != after->valid_until))
        ending->fate = FATE_ENDS;
    else if (has && !text_equal(before->successor, after->successor))
        ending->fate = FATE_PASSES;
}

/* A task of whoever excludes the successor is not the successor's: it falls back to who gave it. */
static bool falls_back(const struct msg_task *task, struct text successor)
{
    for (uint32_t i = 0; i < task->excluded.count; i++)
        if (text_equal(task->excluded.items[i], successor))
            return !text_equal(task->assigner, successor);
    return false;
}

/* Page after page; a key that may not read is no failure here. An exit code. */
static int count_tasks(struct session *session, int role, struct agency_ending *ending)
{
    struct msg_task_list list = {0};
    struct msg_tasks_reply reply;
    struct problem problem = {0};
    size_t *count = role == ROLE_LEAD ? &ending->leads : &ending->gave;
    const struct text successor = ending->after->successor;
    MSG_SET(&list, task_list, agency, ending->after->agency);
    MSG_SET(&list, task_list, roles, TERM_BIT(role));
    MSG_SET(&list, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUBMITTED) | TERM_BIT(STATE_SUSPENDED));
    MSG_SET(&list, task_list, limit, 1000);
    for (bool more = true; more;) {
        const int error = session_try(session, OP_TASK_LIST, &list, &reply, &problem);
        ending->unknown |= error == COORD_E_RIGHT_MISSING;
        if (error)
            return error == COORD_E_RIGHT_MISSING || error == COORD_E_AGENCY_UNKNOWN ? EXIT_DONE
                                                                                     : session_fail(session, &problem);
        *count += reply.tasks.count;
        for (uint32_t i = 0; role == ROLE_LEAD && i < reply.tasks.count; i++)
            ending->kept += falls_back(&reply.tasks.items[i], successor);
        more = MSG_HAS(&reply, tasks_reply, next);
        if (more)
            MSG_SET(&list, task_list, after, reply.next);
    }
    return EXIT_DONE;
}

/* "so leads 3 open tasks and gave 1 that is open". */
static void held_text(const struct agency_ending *ending, char *text, size_t size)
{
    const struct text id = ending->after->agency;
    if (ending->unknown)
        snprintf(text, size, "%.*s may have open tasks: this key may not read them", TEXT_ARGS(id));
    else if (ending->leads + ending->gave == 0)
        snprintf(text, size, "%.*s has no open task that this key may read", TEXT_ARGS(id));
    else
        snprintf(text, size, "%.*s leads %zu open task%s and gave %zu that %s open, of those that this key may read",
                 TEXT_ARGS(id), ending->leads, ending->leads == 1 ? "" : "s", ending->gave,
                 ending->gave == 1 ? "is" : "are");
}

/* ---- who administers afterwards ---- */

static int find_administrator(void *context, const struct message *message, const void *item)
{
    struct agency_ending *ending = context;
    const struct msg_owned_key *owned = item;
    const struct msg_key *key = &owned->key;
    (void)message;
    if ((key->rights & TERM_BIT(RIGHT_ADMINISTER)) && !MSG_HAS(key, key, revoked) &&
        !(MSG_HAS(key, key, valid_until) && key->valid_until <= ending->now_ms) &&
        !text_equal(owned->agency, ending->after->agency))
        ending->last = false;
    return 0;
}

/* The broker has the last word, and refuses without `even_last`. An exit code. */
static int find_last(struct session *session, struct agency_ending *ending)
{
    struct msg_key_list list = {0};
    MSG_SET(&list, key_list, limit, 1000);
    ending->last = true;
    return session_pages(session, OP_KEY_LIST, &list, find_administrator, ending);
}

/* Who is to have what the agency was given, when another stands in its place already, which has worked on it and is to do so
 * no more; empty when none does, when nobody is to, or there is nothing that is known of. */
static struct text passes_to(const struct agency_ending *ending)
{
    const struct msg_agency *before = ending->before, *after = ending->after;
    const bool stands = before->successor.size > 0 && MSG_HAS(before, agency, valid_until) &&
                        before->valid_until <= ending->now_ms;
    const bool comes_back = !MSG_HAS(after, agency, valid_until) || after->valid_until > ending->now_ms;
    const bool has_some = ending->unknown || ending->leads + ending->gave > 0;
    if (!stands || !has_some || (!comes_back && text_equal(before->successor, after->successor)))
        return (struct text){0};
    return comes_back ? after->agency : after->successor;
}

int agency_may_end(struct session *session, struct agency_ending *ending)
{
    const struct msg_agency *agency = ending->after;
    char text[300], about[900] = "";
    int code = session_hello(session);
    if (!code)
        code = count_tasks(session, ROLE_LEAD, ending);
    if (!code)
        code = count_tasks(session, ROLE_ASSIGNER, ending);
    const struct text to = passes_to(ending);
    if (code || (ending->fate == FATE_OPENS && to.size == 0))
        return code;
    const bool follows = agency->successor.size > 0;
    ending->own = ending->fate == FATE_ENDS && text_equal(agency->agency, text_of(session->agency));
    if (ending->own)
        code = find_last(session, ending);
    if (code)
        return code;
    held_text(ending, text, sizeof text);
    /* What the key may not read is there all the same. */
    if (to.size > 0)
        snprintf(about, sizeof about, "%s; %.*s stands in its place now, and loses that to %.*s", text,
                 TEXT_ARGS(ending->before->successor), TEXT_ARGS(to));
    else if (!follows && ending->before->successor.size)
        snprintf(about, sizeof about, "%s; %.*s no longer takes its place, and nobody does", text,
                 TEXT_ARGS(ending->before->successor));
    else if (!follows)
        snprintf(about, sizeof about, "%s; nobody takes its place", text);
    if (ending->own)
        snprintf(about + strlen(about), sizeof about - strlen(about),
                 "%s%.*s is the agency of the key that this context uses: nothing can be done with it afterwards%s",
                 about[0] ? "; " : "", TEXT_ARGS(agency->agency), ending->last ? "; it " LAST_KEY_WORDS : "");
    if (!about[0])
        return EXIT_DONE;
    return session_confirm(session, about, ending->fate == FATE_ENDS ? "End it all the same?" : "Do it all the same?",
                           to.size > 0       ? "the same with --yes"
                           : follows         ? "the same with --yes, or with the key of another agency"
                           : ending->of_file ? "say in the file who is its `successor`, or the same with --yes"
                                             : "the same with --successor AGENCY, or with --yes",
                           "nothing was changed");
}

/* ---- what is told afterwards ---- */

struct names {
    size_t count;
    char text[NAMES_ROOM];
};

struct children {
    const struct agency_ending *ending;
    struct names under, stood_for;
};

static void add_name(struct names *names, struct text id)
{
    const size_t used = strlen(names->text);
    names->count++;
    if (used + id.size + 4 < sizeof names->text)
        snprintf(names->text + used, sizeof names->text - used, "%s%.*s", used ? ", " : "", TEXT_ARGS(id));
}

static int take_child(void *context, const struct message *message, const void *item)
{
    struct children *children = context;
    const struct msg_agency *agency = item, *ended = children->ending->after;
    (void)message;
    if (MSG_HAS(agency, agency, valid_until) && agency->valid_until <= children->ending->now_ms)
        return 0;
    if (text_equal(agency->parent, ended->agency))
        add_name(&children->under, agency->agency);
    if (MSG_HAS(agency, agency, stand_in) && text_equal(agency->stand_in.by, ended->agency) &&
        agency->stand_in.until > ended->valid_until)
        add_name(&children->stood_for, agency->agency);
    return 0;
}

/* Those under it are not ended with it, and stay where they are; those that it stands in for are stood in for no more. An exit code. */
static int tell_children(struct session *session, const struct agency_ending *ending, bool dry_run)
{
    struct children children = {.ending = ending};
    const struct names *under = &children.under, *stood_for = &children.stood_for;
    struct msg_list list = {0};
    MSG_SET(&list, list, limit, 1000);
    const int code = session_pages(session, OP_AGENCY_LIST, &list, take_child, &children);
    if (!code && under->count)
        printf("%zu agenc%s under it, and stay%s there: %s; next: %s\n", under->count,
               under->count == 1 ? "y stands" : "ies stand", under->count == 1 ? "s" : "", under->text,
               next_command(session, "agency set AGENCY --parent ANOTHER"));
    if (!code && stood_for->count)
        printf("it %s in for nobody more, nor does its successor: %s; next: %s\n", dry_run ? "would stand" : "stands",
               stood_for->text, next_command(session, "agency stand-in AGENCY BY --until DAY"));
    return code;
}

static void tell_tasks(const struct agency_ending *ending, bool dry_run)
{
    const struct msg_agency *after = ending->after, *before = ending->before;
    const bool has_tasks = ending->unknown || ending->leads + ending->gave > 0;
    char text[300], kept[200] = "";
    held_text(ending, text, sizeof text);
    if (ending->kept)
        snprintf(kept, sizeof kept, "; but %zu of those that it leads exclude%s %.*s, and %s back to who gave %s",
                 ending->kept, ending->kept == 1 ? "s" : "", TEXT_ARGS(after->successor),
                 dry_run             ? "would fall"
                 : ending->kept == 1 ? "falls"
                                     : "fall",
                 ending->kept == 1 ? "it" : "them");
    if (ending->fate == FATE_PASSES && passes_to(ending).size > 0)
        printf("%s: %.*s %s, and they %s %.*s, which takes its place%s\n", text, TEXT_ARGS(before->successor),
               dry_run ? "would do no more" : "does no more", dry_run ? "would go to" : "go to",
               TEXT_ARGS(after->successor), kept);
    else if (ending->fate == FATE_OPENS && before->successor.size && before->valid_until <= ending->now_ms && has_tasks)
        printf("%s: they %s back to it from %.*s\n", text, dry_run ? "would come" : "come",
               TEXT_ARGS(before->successor));
    else if (ending->fate == FATE_OPENS)
        printf("%s: it has no end any more\n", text);
    else if (after->successor.size && has_tasks)
        printf("%s: they %s %.*s, which takes its place%s\n", text, dry_run ? "would go to" : "go to",
               TEXT_ARGS(after->successor), kept);
    else if (after->successor.size)
        printf("%s: %.*s takes its place\n", text, TEXT_ARGS(after->successor));
    else
        printf("%s: nobody takes its place\n", text);
}

int agency_tell_end(struct session *session, const struct agency_ending *ending, bool dry_run)
{
    /* With the key of an agency that has ended nothing is asked any more. */
    const bool is_deaf = ending->own && !dry_run && ending->after->valid_until <= ending->now_ms;
    tell_tasks(ending, dry_run);
    return ending->fate == FATE_ENDS && !is_deaf ? tell_children(session, ending, dry_run) : EXIT_DONE;
}

#include "agency_end.h"

#include <stdio.h>
#include <string.h>

/* Page after page; a key that may not read is no failure here. An exit code. */
static int count_tasks(struct session *session, const struct msg_agency *agency, int role, struct agency_held *held)
{
    struct msg_task_list list = {0};
    struct msg_tasks_reply reply;
    struct problem problem = {0};
    size_t *count = role == ROLE_LEAD ? &held->leads : &held->gave;
    MSG_SET(&list, task_list, agency, agency->agency);
    MSG_SET(&list, task_list, roles, TERM_BIT(role));
    MSG_SET(&list, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUBMITTED) | TERM_BIT(STATE_SUSPENDED));
    MSG_SET(&list, task_list, limit, 1000);
    for (bool more = true; more;) {
        const int error = coord_call(session->coord, OP_TASK_LIST, &list, &reply, COORD_TIMEOUT_DEFAULT, &problem);
        held->unknown |= error == COORD_E_RIGHT_MISSING;
        if (error)
            return error == COORD_E_RIGHT_MISSING || error == COORD_E_AGENCY_UNKNOWN ? EXIT_DONE
                                                                                     : session_fail(session, &problem);
        *count += reply.tasks.count;
        more = MSG_HAS(&reply, tasks_reply, next);
        if (more)
            MSG_SET(&list, task_list, after, reply.next);
    }
    return EXIT_DONE;
}

/* "so leads 3 open tasks and gave 1 that is open". */
static void held_text(const struct msg_agency *agency, const struct agency_held *held, char *text, size_t size)
{
    if (held->unknown)
        snprintf(text, size, "%.*s may have open tasks: this key may not read them", TEXT_ARGS(agency->agency));
    else if (held->leads + held->gave == 0)
        snprintf(text, size, "%.*s has no open task that this key may read", TEXT_ARGS(agency->agency));
    else
        snprintf(text, size, "%.*s leads %zu open task%s and gave %zu that %s open, of those that this key may read",
                 TEXT_ARGS(agency->agency), held->leads, held->leads == 1 ? "" : "s", held->gave,
                 held->gave == 1 ? "is" : "are");
}

int agency_may_end(struct session *session, const struct msg_agency *agency, struct agency_held *held)
{
    char text[300], about[600] = "";
    *held = (struct agency_held){0};
    int code = session_hello(session);
    if (!code)
        code = count_tasks(session, agency, ROLE_LEAD, held);
    if (!code)
        code = count_tasks(session, agency, ROLE_ASSIGNER, held);
    if (code)
        return code;
    const bool own = text_equal(agency->agency, text_of(session->agency)), follows = agency->successor.size > 0;
    held_text(agency, held, text, sizeof text);
    /* What the key may not read is there all the same. */
    if (!follows)
        snprintf(about, sizeof about, "%s; nobody takes its place", text);
    if (own)
        snprintf(about + strlen(about), sizeof about - strlen(about),
                 "%s%.*s is the agency of the key that this context uses: nothing can be done with it afterwards",
                 about[0] ? "; " : "", TEXT_ARGS(agency->agency));
    if (!about[0])
        return EXIT_DONE;
    return session_confirm(session, about, "End it all the same?",
                           follows ? "the same with --yes, or with the key of another agency"
                                   : "the same with --successor AGENCY, or with --yes",
                           "nothing was changed");
}

void agency_tell_end(const struct msg_agency *agency, const struct agency_held *held, bool dry_run)
{
    char text[300];
    held_text(agency, held, text, sizeof text);
    if (agency->successor.size)
        printf("%s: %s %.*s, which takes its place\n", text, dry_run ? "they would go to" : "they go to",
               TEXT_ARGS(agency->successor));
    else
        printf("%s: nobody takes its place\n", text);
}

/* coordctl leader … */
#include <stdio.h>

#include "brokers.h"
#include "commands.h"
#include "json_write.h"
#include "session.h"

/* A lease, a minute at most, may pass before it is known that nobody takes the lead. */
#define HAND_OVER_TIMEOUT_MS (120 * 1000)

/* A lease long nobody but the one that is named may take the lead: so it is seen first whether it can. An exit code. */
static int may_take(struct session *session, const char *to)
{
    struct brokers brokers;
    struct problem problem = {0};
    char about[700];
    if (!endpoint_is_one(to)) {
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "to", "`%.100s` must be tcp://HOST:PORT, or ipc://PATH.", to);
        return session_fail(session, &problem);
    }
    brokers_ask_at(session, to, &brokers);
    const struct broker_seen *seen = &brokers.seen[0];
    if (!seen->problem.error && seen->role != BROKER_ROLE_NONE)
        return EXIT_DONE;
    snprintf(about, sizeof about, "%.200s %s%.255s", to,
             seen->problem.error ? "gives no answer, as one with role = candidate does not: " : "serves a store alone",
             seen->problem.message);
    return session_confirm(session, about,
                           "No change is done until it has taken the lead, or for a lease when it does not. Hand over?",
                           "coordctl status, and one that follows; or --yes", "nothing was handed over");
}

int leader_hand_over(struct session *session)
{
    struct msg_hand_over request = {0};
    struct msg_hand_over_reply reply;
    struct problem problem = {0};
    const char *to = arguments_get(&session->arguments, "to");
    const bool has_time = arguments_get(&session->arguments, "timeout") != NULL;
    const int code = to ? may_take(session, to) : EXIT_DONE;
    if (code)
        return code;
    if (to)
        MSG_SET(&request, hand_over, to, text_of(to));
    if (coord_call(session->coord, OP_HAND_OVER, &request, &reply,
                   has_time ? COORD_TIMEOUT_DEFAULT : HAND_OVER_TIMEOUT_MS, &problem))
        return session_fail(session, &problem);
    if (session->json)
        output_json(json_write(&message_hand_over_reply, &reply));
    else
        output_fields(&message_hand_over_reply, &reply);
    return EXIT_DONE;
}

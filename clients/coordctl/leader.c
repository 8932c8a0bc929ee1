/* coordctl leader … */
#include <stdio.h>
#include <string.h>

#include "brokers.h"
#include "commands.h"
#include "json_write.h"
#include "next.h"
#include "session.h"

/* A lease, a minute at most, may pass before it is known that nobody takes the lead. */
#define HAND_OVER_TIMEOUT_MS (120 * 1000)

/* ---- before ---- */

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
    return session_confirm(
        session, about, "No change is done until it has taken the lead, or for a lease when it does not. Hand over?",
        next_command(session, "leader hand-over --to %s --yes", next_word(to)), "nothing was handed over");
}

/* ---- after ---- */

/* Whoever of these says that it leads; false when none does. */
static bool find_leader(const struct session *session, const char *endpoints, char *leader, size_t size)
{
    struct brokers brokers;
    brokers_ask_at(session, endpoints, &brokers);
    for (int i = 0; i < brokers.endpoints.count; i++)
        if (!brokers.seen[i].problem.error && brokers.seen[i].role == BROKER_ROLE_LEADER) {
            snprintf(leader, size, "%s", brokers.seen[i].endpoint);
            return true;
        }
    return false;
}

/* Who leads now, where it does not say so itself: one that has no `endpoint` in its settings, or is found by several. */
static void learn_leader(const struct session *session, const char *to, char *leader, size_t size)
{
    if (to && strcmp(leader, to) != 0 && find_leader(session, to, leader, size))
        return;
    if (!leader[0])
        (void)find_leader(session, session->context.endpoint, leader, size);
}

int leader_hand_over(struct session *session)
{
    struct msg_hand_over request = {0};
    struct msg_hand_over_reply reply;
    struct problem problem = {0};
    char leader[257];
    const char *to = arguments_get(&session->arguments, "to");
    const bool has_time = arguments_get(&session->arguments, "timeout") != NULL;
    int code = to ? may_take(session, to) : EXIT_DONE;
    if (!code) /* where nobody leads, or is there, that is known long before nobody takes the lead */
        code = session_hello(session);
    if (code)
        return code;
    if (to)
        MSG_SET(&request, hand_over, to, text_of(to));
    if (coord_call(session->coord, OP_HAND_OVER, &request, &reply,
                   has_time ? COORD_TIMEOUT_DEFAULT : HAND_OVER_TIMEOUT_MS, &problem))
        return session_fail(session, &problem);
    snprintf(leader, sizeof leader, "%.*s", TEXT_ARGS(reply.leader));
    learn_leader(session, to, leader, sizeof leader);
    if (to && strcmp(leader, to) != 0) {
        problem_set(&problem, COORD_E_HAND_OVER_FAILED, "to", "%.150s did not take the lead; %.150s leads now.", to,
                    leader[0] ? leader : "another");
        return session_fail(session, &problem);
    }
    MSG_SET(&reply, hand_over_reply, leader, text_of(leader));
    if (session->json)
        output_json(json_write(&message_hand_over_reply, &reply));
    else
        output_fields(&message_hand_over_reply, &reply);
    return EXIT_DONE;
}

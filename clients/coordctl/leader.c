/* coordctl leader … */
#include "commands.h"
#include "json_write.h"
#include "session.h"

/* A lease, a minute at most, may pass before it is known that nobody takes the lead. */
#define HAND_OVER_TIMEOUT_MS (120 * 1000)

int leader_hand_over(struct session *session)
{
    struct msg_hand_over request = {0};
    struct msg_hand_over_reply reply;
    struct problem problem = {0};
    const char *to = arguments_get(&session->arguments, "to");
    const bool has_time = arguments_get(&session->arguments, "timeout") != NULL;
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

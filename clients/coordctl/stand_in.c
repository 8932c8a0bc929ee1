/* coordctl agency stand-in: who stands in for an agency, from a day to a day. */
#include <stdio.h>

#include "commands.h"
#include "fill.h"
#include "output.h"
#include "session.h"

static int two_ways(const struct session *session, bool ends)
{
    output_error("%s", ends ? "--end says that nobody stands in any more: leave BY and the days out"
                            : "name who is to stand in, and --until which day; or give --end");
    output_error_more("next: coordctl help %s", command_title(session->arguments.command));
    return EXIT_USAGE;
}

/* Who stands in already, or is to, and will not by what is asked; `was` is empty when nobody does. An exit code. */
static int find_replaced(struct session *session, struct text by, char was[200])
{
    struct msg_list list = {0};
    struct msg_agencies_reply standing;
    MSG_SET(&list, list, name, text_of(session->arguments.operands[0]));
    const int code = session_call(session, OP_AGENCY_LIST, &list, &standing);
    was[0] = '\0';
    if (code || standing.agencies.count != 1 || !MSG_HAS(standing.agencies.items, agency, stand_in))
        return code;
    const struct msg_stand_in *stands = &standing.agencies.items->stand_in;
    if (!text_equal(stands->by, by))
        snprintf(was, 200, "%.*s, %.*s to %.*s", TEXT_ARGS(stands->by), TEXT_ARGS(stands->from_day),
                 TEXT_ARGS(stands->until_day));
    return code;
}

int agency_stand_in(struct session *session)
{
    char was[200], word[240];
    struct msg_agency_stand_in request = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    const struct arguments *arguments = &session->arguments;
    const bool ends = arguments_flag(arguments, "end"), names = arguments->operand_count == 2;
    const bool has_days = arguments_get(arguments, "from") || arguments_get(arguments, "until");
    if (ends == (names || has_days) || (!ends && !(names && arguments_get(arguments, "until"))))
        return two_ways(session, ends);
    if (fill_from_options(&message_agency_stand_in, &request, arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&request, agency_stand_in, agency, text_of(arguments->operands[0]));
    if (names)
        MSG_SET(&request, agency_stand_in, by, text_of(arguments->operands[1]));
    int code = names ? find_replaced(session, request.by, was) : EXIT_DONE;
    if (!code)
        code = session_call(session, OP_AGENCY_STAND_IN, &request, &reply);
    if (code)
        return code;
    snprintf(word, sizeof word, names && was[0] ? "set instead of %s" : "set", was);
    session_tell_done(session, &reply, ends ? "ended" : word);
    return EXIT_DONE;
}

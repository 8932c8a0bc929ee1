/* coordctl agency stand-in: who stands in for an agency, from a day to a day. */
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

int agency_stand_in(struct session *session)
{
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
    const int code = session_call(session, OP_AGENCY_STAND_IN, &request, &reply);
    if (!code)
        session_tell_done(session, &reply, ends ? "ended" : "set");
    return code;
}

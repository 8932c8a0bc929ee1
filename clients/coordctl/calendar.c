/* coordctl calendar … and policy … */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json_write.h"
#include "session.h"

int calendar_list(struct session *session)
{
    static const struct column columns[] = {
        {"CALENDAR", "calendar", false, false},
        {"NAME", "name", false, true},
        {"ZONE", "zone", false, false},
        {"UTC+MIN", "utc_offset", true, false},
        {"PROVISIONAL FROM", "provisional_from", false, false},
    };
    struct msg_list list = {0};
    return session_list(session, OP_CALENDAR_LIST, &list, columns, sizeof columns / sizeof *columns, 0,
                        "No calendars\n  next: coordctl apply -f calendar-vn.json");
}

/* The one item of a list that a name asks for. */
static int show_one(struct session *session, enum op op, int unknown, void *reply)
{
    const struct op_row *row = op_row(op);
    const struct field *items_field = &row->reply->fields[0];
    struct msg_list list = {0};
    struct problem problem = {0};
    struct u64s items;
    MSG_SET(&list, list, name, text_of(session->arguments.operands[0]));
    const int code = session_call(session, op, &list, reply);
    if (code)
        return code;
    memcpy(&items, (char *)reply + items_field->offset, sizeof items);
    if (items.count != 1) {
        problem_plain(&problem, unknown, "");
        return session_fail(session, &problem);
    }
    if (session->json)
        output_json(json_write(items_field->message, items.items));
    else
        output_fields(items_field->message, items.items);
    return EXIT_DONE;
}

int calendar_show(struct session *session)
{
    struct msg_calendars_reply reply;
    return show_one(session, OP_CALENDAR_LIST, COORD_E_CALENDAR_UNKNOWN, &reply);
}

int calendar_count(struct session *session)
{
    struct msg_calendar_explain explain = {0};
    struct msg_explain_reply reply;
    const struct arguments *arguments = &session->arguments;
    const char *calendar = arguments_get(arguments, "calendar"), *suspended = arguments_get(arguments, "suspended"),
               *resumed = arguments_get(arguments, "resumed");
    if (calendar)
        MSG_SET(&explain, calendar_explain, calendar, text_of(calendar));
    MSG_SET(&explain, calendar_explain, from, text_of(arguments->operands[0]));
    if (arguments->operand_count > 1)
        MSG_SET(&explain, calendar_explain, add, text_of(arguments->operands[1]));
    if (suspended)
        MSG_SET(&explain, calendar_explain, suspended, text_of(suspended));
    if (resumed)
        MSG_SET(&explain, calendar_explain, resumed, text_of(resumed));
    const int code = session_call(session, OP_CALENDAR_EXPLAIN, &explain, &reply);
    if (code)
        return code;
    if (session->json) {
        output_json(json_write(&message_explain_reply, &reply));
        return EXIT_DONE;
    }
    for (uint32_t i = 0; i < reply.lines.count; i++) {
        const struct msg_line *line = &reply.lines.items[i];
        if (output_is_terminal()) /* a line begins with its day */
            printf("%s\n", output_plain(line->text));
        else
            printf("%.*s\t%s\n", TEXT_ARGS(line->day), output_plain(line->text));
    }
    printf(output_is_terminal() ? "= %.*s, %lld working days\n" : "%.*s\t%lld\n", TEXT_ARGS(reply.day),
           (long long)reply.working_days);
    return EXIT_DONE;
}

int policy_list(struct session *session)
{
    static const struct column columns[] = {
        {"POLICY", "policy", false, false}, {"VERSION", "version", true, false}, {"NAME", "name", false, true},
        {"DUE", "due", false, false},       {"SOURCE", "source", false, true},
    };
    struct msg_list list = {0};
    return session_list(session, OP_POLICY_LIST, &list, columns, sizeof columns / sizeof *columns, 0,
                        "No policies\n  next: coordctl apply -f policies.json");
}

int policy_show(struct session *session)
{
    struct msg_policies_reply reply;
    return show_one(session, OP_POLICY_LIST, COORD_E_POLICY_UNKNOWN, &reply);
}

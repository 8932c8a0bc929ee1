/* coordctl calendar … and policy … */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "json_write.h"
#include "pages.h"

#define PRESETS "/usr/share/coordd/presets/" /* as they are installed */

int calendar_list(struct session *session)
{
    static const struct column columns[] = {
        {"CALENDAR", "calendar", COLUMN_TEXT, 0},
        {"NAME", "name", COLUMN_WIDE, 0},
        {"ZONE", "zone", COLUMN_TEXT, 0},
        {"UTC+MIN", "utc_offset", COLUMN_NUMBER, 1},
        {"PROVISIONAL FROM", "provisional_from", COLUMN_TEXT, 0},
    };
    struct msg_list list = {0};
    return session_list(session, OP_CALENDAR_LIST, &list, columns, sizeof columns / sizeof *columns, 0,
                        "No calendars\n  next: coordctl apply -f " PRESETS "calendar-vn.json");
}

/* The one item of a list that a name asks for; with --json or piped it is printed here. NULL then, or on failure. */
static const void *find_one(struct session *session, enum op op, int unknown, void *reply, int *code)
{
    const struct op_row *row = op_row(op);
    const struct field *items_field = &row->reply->fields[0];
    struct msg_list list = {0};
    struct problem problem = {0};
    struct u64s items;
    MSG_SET(&list, list, name, text_of(session->arguments.operands[0]));
    *code = session_call(session, op, &list, reply);
    if (*code)
        return NULL;
    memcpy(&items, (char *)reply + items_field->offset, sizeof items);
    if (items.count != 1) {
        problem_plain(&problem, unknown, "");
        *code = session_fail(session, &problem);
        return NULL;
    }
    if (!session->json && output_is_terminal())
        return items.items;
    if (session->json)
        output_json(json_write(items_field->message, items.items));
    else
        output_fields(items_field->message, items.items);
    return NULL;
}

int calendar_show(struct session *session)
{
    struct msg_calendars_reply reply;
    int code;
    const struct msg_calendar *calendar = find_one(session, OP_CALENDAR_LIST, COORD_E_CALENDAR_UNKNOWN, &reply, &code);
    if (calendar)
        calendar_page(calendar);
    return code;
}

/* ---- count ---- */

/* An instant by the calendar's own clock, which may not be this machine's: 2024-06-05 17:00. */
static int calendar_time(struct session *session, struct text calendar, int64_t time_ms, char *text, size_t size)
{
    struct msg_list list = {0};
    struct msg_calendars_reply reply;
    struct tm tm;
    MSG_SET(&list, list, name, calendar.size ? calendar : text_of("default"));
    const int code = session_call(session, OP_CALENDAR_LIST, &list, &reply);
    if (code)
        return code;
    const int64_t offset = reply.calendars.count == 1 ? reply.calendars.items[0].utc_offset : 0;
    const time_t seconds = (time_t)(time_ms / 1000 + offset * 60);
    gmtime_r(&seconds, &tm);
    strftime(text, size, "%Y-%m-%d %H:%M", &tm);
    return EXIT_DONE;
}

/* What it comes to. */
static int show_sum(struct session *session, const struct msg_calendar_explain *explain,
                    const struct msg_explain_reply *reply)
{
    const bool by_time = MSG_HAS(reply, explain_reply, working_minutes), moves = explain->suspended.size > 0;
    const struct msg_explain_reply sum = *reply; /* its memory goes with the next call; `day` is copied */
    char day[16], when[64], span[60];
    snprintf(day, sizeof day, "%.*s", TEXT_ARGS(reply->day));
    snprintf(when, sizeof when, "%s", day);
    if (MSG_HAS(reply, explain_reply, due)) {
        const int code = calendar_time(session, explain->calendar, sum.due, when, sizeof when);
        if (code)
            return code;
    }
    if (!output_is_terminal()) {
        printf("%s\t%lld", day, (long long)sum.working_days);
        if (by_time)
            printf("\t%s\t%llu", when, (unsigned long long)sum.working_minutes);
        putchar('\n');
        return EXIT_DONE;
    }
    if (moves) {
        printf("= the deadline moves to %s\n", when);
        return EXIT_DONE;
    }
    if (by_time && sum.working_minutes % 60)
        policy_span(UNIT_MINUTES, true, sum.working_minutes, span, sizeof span);
    else if (by_time)
        policy_span(UNIT_WORKING_HOURS, false, sum.working_minutes / 60, span, sizeof span);
    else
        snprintf(span, sizeof span, "%lld working day%s", (long long)sum.working_days,
                 sum.working_days == 1 ? "" : "s");
    printf("= %s, %s\n", when, span);
    return EXIT_DONE;
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
    return show_sum(session, &explain, &reply);
}

int policy_list(struct session *session)
{
    static const struct column columns[] = {
        {"POLICY", "policy", COLUMN_TEXT, 0}, {"VERSION", "version", COLUMN_NUMBER, 0},
        {"NAME", "name", COLUMN_WIDE, 0},     {"DUE", "due", COLUMN_TEXT, 0},
        {"SOURCE", "source", COLUMN_WIDE, 1},
    };
    struct msg_list list = {0};
    return session_list(session, OP_POLICY_LIST, &list, columns, sizeof columns / sizeof *columns, 0,
                        "No policies\n  next: coordctl apply -f " PRESETS "policies.json");
}

int policy_show(struct session *session)
{
    struct msg_policies_reply reply;
    int code;
    const struct msg_policy *policy = find_one(session, OP_POLICY_LIST, COORD_E_POLICY_UNKNOWN, &reply, &code);
    if (policy)
        policy_page(policy);
    return code;
}

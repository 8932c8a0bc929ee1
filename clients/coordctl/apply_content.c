/* What of a task's content a file has otherwise. What asks nothing new is left, and so is what was changed since the task was as the file
 * has it; that is told.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "applying.h"
#include "json_write.h"
#include "succession.h"

/* ---- due ---- */

/* Minutes east of UTC of a calendar; asked for once, as most tasks of a file have the same. */
static int offset_of(struct session *session, struct text id, int64_t *minutes)
{
    static char known[65];
    static int64_t offset;
    struct msg_list list = {0};
    struct msg_calendars_reply reply;
    if (!text_equal(id, text_of(known))) {
        MSG_SET(&list, list, name, id);
        const int code = session_call(session, OP_CALENDAR_LIST, &list, &reply);
        if (code)
            return code;
        offset = reply.calendars.count ? reply.calendars.items[0].utc_offset : 0;
        snprintf(known, sizeof known, "%.*s", TEXT_ARGS(id));
    }
    *minutes = offset;
    return EXIT_DONE;
}

void applying_write_due(int64_t due_ms, struct text day, int64_t offset, char *text, size_t size)
{
    const int64_t minute = due_ms / 60000 + offset, of_day = minute % (24 * 60);
    if (of_day == 0)
        snprintf(text, size, "%.*s", TEXT_ARGS(day));
    else
        snprintf(text, size, "%.*sT%02d:%02d", TEXT_ARGS(day), (int)(of_day / 60), (int)(of_day % 60));
}

/* A count was counted when the task was given, and is not counted anew: that it comes to another day, or to another minute, is told. */
static int leave_count(const struct apply_beside *beside, struct text count, const char *stands, int64_t offset)
{
    const struct msg_task *there = beside->there;
    struct msg_calendar_explain explain = {0};
    struct msg_explain_reply reply;
    struct problem problem = {0};
    const time_t assigned = (time_t)(there->assigned / 1000 + offset * 60);
    char from[11];
    struct tm tm;
    gmtime_r(&assigned, &tm);
    strftime(from, sizeof from, "%Y-%m-%d", &tm);
    MSG_SET(&explain, calendar_explain, calendar, there->calendar);
    MSG_SET(&explain, calendar_explain, from, text_of(from));
    MSG_SET(&explain, calendar_explain, add, count);
    struct session *session = beside->applying->session;
    const int error = session_try(session, OP_CALENDAR_EXPLAIN, &explain, &reply, &problem);
    if (error == COORD_E_BAD_DATE || error == COORD_E_CALENDAR_RANGE)
        applying_leave(beside->applying, "task", beside->reference, "due %.*s: %s", TEXT_ARGS(count), problem.message);
    else if (error)
        return session_fail(session, &problem);
    else if (!text_equal(reply.day, text_of(stands)))
        applying_leave(beside->applying, "task", beside->reference,
                       "due %.*s: counted from %s it ends on %.*s, and the task is due %s; a count is counted when a "
                       "task is given, so name a date",
                       TEXT_ARGS(count), from, TEXT_ARGS(reply.day), stands);
    return EXIT_DONE;
}

static bool is_count(struct text due)
{
    const char unit = due.size > 0 ? due.data[due.size - 1] : '\0';
    return unit == 'd' || unit == 'h';
}

/* Whether the due date is another than the file's; `stands` is the task's, empty for none. What the task counts by the file's own words
 * is no other, wherever pauses and calendars have put it. */
static bool due_differs(const struct apply_beside *beside, struct text wanted, char *stands, size_t size)
{
    const struct msg_task *there = beside->there;
    if (MSG_HAS(there, task, due) && MSG_HAS(there, task, calendar))
        applying_write_due(there->due, there->due_day, beside->offset, stands, size);
    return !text_equal(wanted, text_of(stands)) &&
           !(MSG_HAS(there, task, counted) && text_equal(wanted, there->counted.words));
}

/* ---- what of the content is other ---- */

static bool is_empty(const json_t *value)
{
    return (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

/* The file's content by the names of today: one that has ended, and stands in the file as it did when the task was given, is no
 * difference. */
static struct msg_content follow_successions(const struct apply_beside *beside, const struct msg_content *content)
{
    struct arena *arena = &beside->applying->session->arena;
    struct msg_content standing = *content;
    const struct texts supervisor = succession_follow(beside->there, ROLE_SUPERVISOR,
                                                      &(struct texts){&content->supervisor, 1}, arena);
    standing.cooperating = succession_follow(beside->there, ROLE_COOPERATING, &content->cooperating, arena);
    standing.observers = succession_follow(beside->there, ROLE_OBSERVER, &content->observers, arena);
    if (supervisor.count)
        standing.supervisor = supervisor.items[0];
    /* What an indicator leaves out is what it means, and a task shows it. */
    if (!MSG_HAS(&standing.indicator, indicator, better))
        MSG_SET(&standing.indicator, indicator, better, BETTER_MORE);
    if (!MSG_HAS(&standing.indicator, indicator, counting))
        MSG_SET(&standing.indicator, indicator, counting, COUNTING_LEVEL);
    return standing;
}

/* A field that the file has otherwise, from what to what. */
struct difference {
    const char *name;
    const json_t *there, *wanted, *raw; /* raw: by the file's own names, `wanted` by those of today */
};

/* What was so once, and was changed since, stays as it is unless --reset says otherwise: `kept`, and it is told. */
static int keep_changed(const struct apply_beside *beside, struct applying_since *since,
                        const struct difference *difference, bool *kept)
{
    struct applying *applying = beside->applying;
    char old[80], new[80], how[160];
    *kept = false;
    if (arguments_flag(&applying->session->arguments, "reset"))
        return EXIT_DONE;
    const int code = since->records ? EXIT_DONE : applying_since_read(applying, beside->there, beside->offset, since);
    const json_t *record = code ? NULL
                                : applying_since_changed(since, difference->name, difference->wanted, difference->raw);
    *kept = record != NULL;
    if (!*kept)
        return code;
    applying_value(difference->wanted, new, sizeof new);
    applying_since_text(record, how, sizeof how);
    if (json_is_array(difference->there) || json_is_array(difference->wanted))
        applying_leave(applying, "task", beside->reference,
                       "%s: they stay as they are, %s; the file has them as they were before; --reset takes the file's",
                       difference->name, how);
    else {
        applying_value(difference->there, old, sizeof old);
        applying_leave(applying, "task", beside->reference,
                       "%s %s: it stays %s, %s; the file has it as it was before; --reset takes the file's",
                       difference->name, new, old, how);
    }
    return EXIT_DONE;
}

/* Whether a field of the file's is to be amended, which is named then. */
static int look_at(const struct apply_beside *beside, struct applying_since *since, const struct difference *difference,
                   char *what, size_t size, bool *amends)
{
    const struct text text = text_of(json_is_string(difference->wanted) ? json_string_value(difference->wanted) : "");
    bool kept;
    *amends = false;
    int code = keep_changed(beside, since, difference, &kept);
    if (code || kept)
        return code;
    if (difference->there && strcmp(difference->name, "due") == 0 && is_count(text))
        return leave_count(beside, text, json_string_value(difference->there), beside->offset);
    applying_name_field(difference->name, difference->there, difference->wanted, what, size);
    *amends = true;
    return EXIT_DONE;
}

int apply_differences(struct apply_beside *beside, struct msg_content *content, char *what, size_t size)
{
    const struct msg_content standing = follow_successions(beside, content);
    json_t *wanted = json_write(&message_content, &standing), *raw = json_write(&message_content, content);
    struct applying_since since = {0};
    int code = EXIT_DONE;
    if (MSG_HAS(beside->there, task, calendar))
        code = offset_of(beside->applying->session, beside->there->calendar, &beside->offset);
    what[0] = '\0';
    for (uint16_t i = 0; i < message_content.count && !code; i++) {
        const char *name = message_content.fields[i].name;
        struct difference difference = {name, json_object_get(beside->values, name), json_object_get(wanted, name),
                                        json_object_get(raw, name)};
        const json_t *value = difference.wanted, *other = difference.there;
        bool differs = value && (is_empty(value) ? other != NULL : !other || !json_equal(value, other));
        json_t *due = NULL;
        if (value && strcmp(name, "due") == 0) {
            char stands[64] = "";
            differs = due_differs(beside, content->due, stands, sizeof stands);
            difference.there = due = stands[0] ? json_string(stands) : NULL;
        }
        if (differs)
            code = look_at(beside, &since, &difference, what, size, &differs);
        if (!differs)
            content->has &= ~((msg_bits)1 << i);
        json_decref(due);
    }
    applying_since_done(&since);
    json_decref(wanted);
    json_decref(raw);
    return code;
}

#include "due_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define CLOCKS_MAX 256 /* calendars of a broker, as the core has them */

static struct clock {
    char calendar[65];
    int64_t offset_ms;
} clocks[CLOCKS_MAX];
static size_t clock_count;
static bool is_learned;

static void take_page(const struct msg_calendars_reply *reply)
{
    for (uint32_t i = 0; i < reply->calendars.count && clock_count < CLOCKS_MAX; i++) {
        const struct msg_calendar *calendar = &reply->calendars.items[i];
        struct clock *clock = &clocks[clock_count++];
        snprintf(clock->calendar, sizeof clock->calendar, "%.*s", TEXT_ARGS(calendar->calendar));
        clock->offset_ms = calendar->utc_offset * 60000;
    }
}

void due_learn(struct session *session)
{
    struct msg_list list = {0};
    struct msg_calendars_reply reply;
    struct problem ignored;
    char after[65];
    if (is_learned)
        return;
    is_learned = true;
    MSG_SET(&list, list, limit, 1000);
    while (session_try(session, OP_CALENDAR_LIST, &list, &reply, &ignored) == 0) {
        take_page(&reply);
        if (!MSG_HAS(&reply, calendars_reply, next))
            return;
        snprintf(after, sizeof after, "%.*s", TEXT_ARGS(reply.next));
        MSG_SET(&list, list, after, text_of(after));
    }
}

static const struct clock *clock_of(struct text calendar)
{
    for (size_t i = 0; i < clock_count; i++)
        if (text_equal(text_of(clocks[i].calendar), calendar.size ? calendar : text_of("default")))
            return &clocks[i];
    return NULL;
}

static void by_clock(const struct clock *clock, int64_t time_ms, char text[DUE_TEXT])
{
    const time_t seconds = (time_t)((time_ms + clock->offset_ms) / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(text, DUE_TEXT, "%Y-%m-%d %H:%M", &tm);
}

/* A minute that is named is the first that is too late, as the day after is of a day. */
void due_text(struct text calendar, int64_t due_ms, struct text day, char text[DUE_TEXT])
{
    const struct clock *clock = clock_of(calendar);
    char said[DUE_TEXT] = "";
    snprintf(text, DUE_TEXT, "%.*s", TEXT_ARGS(day));
    if (clock && day.size)
        by_clock(clock, due_ms, said);
    if (said[0] && strcmp(said + strlen("2024-06-28 "), "00:00") != 0 && strncmp(said, text, strlen("2024-06-28")) == 0)
        snprintf(text, DUE_TEXT, "%s", said);
}

void due_add_row(struct table *table, const struct message *message, const void *item, struct text calendar)
{
    char due[DUE_TEXT];
    if (message == &message_task) {
        struct msg_task task = *(const struct msg_task *)item;
        due_text(task.calendar, task.due, task.due_day, due);
        task.due_day = text_of(due);
        table_add(table, message, &task);
    } else if (message == &message_changed) {
        struct msg_changed changed = *(const struct msg_changed *)item;
        due_text(calendar, changed.due, changed.due_day, due);
        changed.due_day = text_of(due);
        table_add(table, message, &changed);
    } else if (message == &message_open_escalation) {
        struct msg_open_escalation open = *(const struct msg_open_escalation *)item;
        due_text(calendar, open.due, open.due_day, due);
        open.due_day = text_of(due);
        table_add(table, message, &open);
    } else {
        table_add(table, message, item);
    }
}

void due_tell_days_off(const struct session *session, const struct msg_change_reply *reply)
{
    char due[DUE_TEXT];
    for (uint32_t i = 0; i < reply->tasks.count; i++) {
        const struct msg_changed *changed = &reply->tasks.items[i];
        if (!MSG_HAS(changed, changed, day_off))
            continue;
        due_text(text_of(session->calendar), changed->due, changed->due_day, due);
        output_error("%.*s: %s is a day off; it %s as it was named", TEXT_ARGS(changed->reference), due,
                     reply->dry_run ? "would stand" : "stands");
    }
}

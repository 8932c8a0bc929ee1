/* By when: the date that a notification is about, with how far it is; then the task's, when that is another. */
#include "words_lines.h"

#include <stdio.h>
#include <string.h>

/* While it is suspended no date comes nearer. */
static bool is_running(const struct notification *item)
{
    return item->state != STATE_SUSPENDED && item->state != STATE_SUBMITTED && item->state != STATE_COMPLETED &&
           item->state != STATE_CANCELLED;
}

/* " (còn 3 ngày)", in days of the calendar's time; nothing once nobody owes it any more. */
static void put_distance(const struct words *words, int64_t due, bool owed, char *text, size_t size)
{
    const long long days = (long long)(hours_day(words->days, due - 1) - hours_day(words->days, words->now));
    text[0] = '\0';
    if (!owed || !due)
        return;
    if (days > 0)
        snprintf(text, size, words_say(words, " (còn %lld ngày)", days == 1 ? " (in %lld day)" : " (in %lld days)"),
                 days);
    else if (due > words->now)
        snprintf(text, size, "%s", words_say(words, " (hôm nay)", " (today)"));
    else
        snprintf(text, size,
                 words_say(words, " (quá hạn %lld ngày)", days < -1 ? " (%lld days overdue)" : " (%lld day overdue)"),
                 -days > 0 ? -days : 1);
}

static void line_day(const struct words *words, const char *label, int64_t due, bool owed, words_put *put, void *into)
{
    char day[32], distance[80], text[120];
    if (!due)
        return;
    words_last_day(words, due, day);
    put_distance(words, due, owed, distance, sizeof distance);
    snprintf(text, sizeof text, "%s%s", day, distance);
    put(into, label, text);
}

static int64_t time_at(const json_t *object, const char *name)
{
    return (int64_t)json_integer_value(json_object_get(object, name));
}

/* ---- the date that it is about ---- */

/* Of a report that is missing the record has when its period ended, or else only when the next one is due. */
static void line_report(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const int64_t due = time_at(item->json, "report_due");
    const bool is_late = item->notice != NOTICE_REMINDER && due > item->time;
    const bool ended = item->notice == NOTICE_OVERDUE && !json_object_get(item->json, "step");
    if (is_late && ended)
        line_day(words, words_say(words, "Hạn báo cáo", "Report by"), time_at(item->json, "instant"), true, put, into);
    line_day(words,
             is_late ? words_say(words, "Hạn báo cáo kỳ tiếp theo", "Next report by")
                     : words_say(words, "Hạn báo cáo", "Report by"),
             due, true, put, into);
}

static void line_question(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *question = json_object_get(item->json, "question");
    const bool owed = item->notice == NOTICE_CONSULTED || item->notice == NOTICE_OVERDUE;
    if (item->notice != NOTICE_DUE_MOVED)
        line_day(words, words_say(words, "Hạn cho ý kiến", "Opinions by"), time_at(question, "due"), owed, put, into);
}

static void line_deadline(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    if (item->deadline == DEADLINE_ACCEPTANCE)
        line_day(words, words_say(words, "Hạn tiếp nhận", "Accept by"), time_at(item->json, "accept_due"), true, put,
                 into);
    else if (item->deadline == DEADLINE_REPORT)
        line_report(words, item, put, into);
    else if (item->deadline == DEADLINE_DECISION)
        line_day(words, words_say(words, "Hạn quyết định", "Decide by"),
                 time_at(json_object_get(item->json, "waiting"), "decide_due"), true, put, into);
}

/* ---- what a calendar moved ---- */

static void line_moved(const struct words *words, const char *label, int64_t due, const json_t *counted, words_put *put,
                       void *into)
{
    char day[32], was[32], text[120];
    if (!due || !time_at(counted, "was"))
        return;
    words_last_day(words, due, day);
    words_last_day(words, time_at(counted, "was"), was);
    snprintf(text, sizeof text, "%s%s%s", day, words_say(words, ", trước là ", ", which was "), was);
    put(into, label, text);
}

static void lines_moved(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *json = item->json, *asked = json_object_get(json, "asked"),
                 *question = json_object_get(json, "question");
    line_moved(words, words_say(words, "Thời hạn mới", "Due now"), item->due, json_object_get(json, "counted"), put,
               into);
    line_moved(words, words_say(words, "Hạn tiếp nhận mới", "Accept by, now"), time_at(json, "accept_due"),
               json_object_get(json, "accept_counted"), put, into);
    line_moved(words, words_say(words, "Hạn báo cáo mới", "Report by, now"), time_at(json, "report_due"),
               json_object_get(json, "report_counted"), put, into);
    line_moved(words, words_say(words, "Hạn quyết định mới", "Decide by, now"), time_at(asked, "decide_due"),
               json_object_get(asked, "counted"), put, into);
    line_moved(words, words_say(words, "Hạn cho ý kiến mới", "Opinions by, now"), time_at(question, "due"),
               json_object_get(question, "counted"), put, into);
}

/* ---- all of it ---- */

void words_dates(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    char day[32], distance[80], text[120];
    if (item->notice == NOTICE_DUE_MOVED)
        lines_moved(words, item, put, into);
    line_question(words, item, put, into);
    line_deadline(words, item, put, into);
    if (!item->due_day[0])
        return;
    words_day(item->due_day, words->language, day);
    put_distance(words, item->due, is_running(item), distance, sizeof distance);
    snprintf(text, sizeof text, "%s%s", day, distance);
    put(into, words_say(words, "Thời hạn", "Due"), text);
}

#include "words.h"

#include <stdio.h>
#include <string.h>

#include "sign.h"
#include "words.def.h"

struct both {
    const char *vi, *en;
};

static const struct {
    struct both title, next;
    enum severity severity;
} notice_words[NOTICE_END] = {
#define W(notice, severity, vi, en, next_vi, next_en)                                                                  \
    [NOTICE_##notice] = {{vi, en}, {next_vi, next_en}, SEVERITY_##severity},
    RELAY_WORDS(W)
#undef W
};
#define W(notice, severity, vi, en, next_vi, next_en) +1
_Static_assert(1 RELAY_WORDS(W) == NOTICE_END, "every notice has its words");
#undef W

/* Of a task that a schedule was to make: what is told of it is of no task. */
static const struct both
    not_made = {"Không giao được nhiệm vụ định kỳ", "A recurring task could not be made"},
    not_made_next = {"Sửa lại lịch giao việc (coordctl schedule show), hoặc giao nhiệm vụ của kỳ này trực tiếp.",
                     "Put the schedule right (coordctl schedule show), or give this period's task by hand."};

static bool is_not_made(const struct notification *item)
{
    return item->notice == NOTICE_CANCELLED && !item->task;
}

static const struct {
    const char *name;
    struct both title;
} alarm_words[] = {
#define A(name, vi, en) {name, {vi, en}},
    RELAY_ALARMS(A)
#undef A
};

int words_severity(int notice)
{
    return notice > 0 && notice < NOTICE_END ? (int)notice_words[notice].severity : SEVERITY_INFO;
}

static const char *in(const struct words *words, const struct both *both)
{
    return words->language == LANGUAGE_EN ? both->en : both->vi;
}
#define SAY(words, vi, en) in(words, &(const struct both){vi, en})

static void put_title(const struct words *words, const struct notification *item, struct buffer *out)
{
    const char *alarm = json_string_value(json_object_get(item->json, "alarm"));
    const char *name = json_string_value(json_object_get(item->json, "name"));
    char text[400];
    for (size_t i = 0; alarm && i < sizeof alarm_words / sizeof *alarm_words; i++)
        if (strcmp(alarm_words[i].name, alarm) == 0) {
            const char *title = in(words, &alarm_words[i].title), *of = strstr(title, "%s");
            snprintf(text, sizeof text, "%.*s%s", of ? (int)(of - title) : (int)strlen(title), title,
                     of && name ? name : "");
            buffer_append(out, text, strlen(text));
            return;
        }
    const char *title = is_not_made(item)
                            ? in(words, &not_made)
                            : in(words,
                                 &notice_words[item->notice > 0 && item->notice < NOTICE_END ? item->notice : 0].title);
    buffer_printf(out, "%s", title ? title : SAY(words, "Thông báo", "Notification"));
    if (item->notice == NOTICE_ESCALATED && item->level)
        buffer_printf(out, "%s%d", SAY(words, ", cấp ", ", level "), (int)item->level);
}

void words_subject(const struct words *words, const struct notification *items, size_t count, struct buffer *out)
{
    if (count == 0)
        return;
    if (count > 1)
        buffer_printf(out, words->language == LANGUAGE_EN ? "%zu notifications: " : "%zu thông báo: ", count);
    put_title(words, &items[0], out);
    if (items[0].reference[0])
        buffer_printf(out, " [%s] %s", items[0].reference, items[0].title);
    for (size_t i = 0; i < out->size; i++)
        if (out->data[i] == '\n' || out->data[i] == '\t')
            out->data[i] = ' ';
}

/* ---- lines: a label and what stands behind it ---- */

void words_day(const char *day, enum language language, char text[32])
{
    if (language == LANGUAGE_EN || strlen(day) != 10)
        snprintf(text, 32, "%.10s", day);
    else
        snprintf(text, 32, "%.2s/%.2s/%.4s", day + 8, day + 5, day);
}

static void put_time(const struct words *words, int64_t when, char text[64])
{
    char day[16], shown[32];
    const int minute = hours_minute(words->days, when);
    day_text(hours_day(words->days, when), day);
    words_day(day, words->language, shown);
    snprintf(text, 64, "%02d:%02d, %s", minute / 60, minute % 60, shown);
}

static void line_agency(const struct words *words, const char *label, const char *id, words_put *put, void *into)
{
    char name[257];
    if (!id[0])
        return;
    words->agency(words->user, id, words->language, name);
    put(into, label, name);
}

/* Due when, and why that is said now. */
static void line_due(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    char day[32], text[200], distance[80] = "";
    if (!item->due_day[0])
        return;
    words_day(item->due_day, words->language, day);
    const int64_t due_day = hours_day(words->days, item->due - 1), today = hours_day(words->days, words->now);
    const long long days = (long long)(due_day - today);
    const bool open = item->state != STATE_SUBMITTED && item->state != STATE_COMPLETED &&
                      item->state != STATE_CANCELLED;
    if (item->due && open && days > 0)
        snprintf(distance, sizeof distance, words->language == LANGUAGE_EN ? " (in %lld days)" : " (còn %lld ngày)",
                 days);
    else if (item->due && open && item->due > words->now)
        snprintf(distance, sizeof distance, "%s", SAY(words, " (hôm nay)", " (today)"));
    else if (item->due && open)
        snprintf(distance, sizeof distance,
                 words->language == LANGUAGE_EN ? " (%lld days overdue)" : " (quá hạn %lld ngày)",
                 -days > 0 ? -days : 1);
    snprintf(text, sizeof text, "%s%s", day, distance);
    put(into, SAY(words, "Thời hạn", "Due"), text);
}

static void line_why(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const char *why = json_string_value(json_object_get(item->json, "why"));
    char text[400];
    if (why) {
        put(into, SAY(words, "Lý do", "Why"), why);
        return;
    }
    /* The broker's own sentence is English. */
    if ((words->language == LANGUAGE_EN || is_not_made(item)) && item->reason[0])
        put(into, SAY(words, "Lý do", "Why"), item->reason);
    if (words->language == LANGUAGE_VI && item->deadline) {
        snprintf(text, sizeof text, "%s: %s", term_vi(&vocabulary_notice, item->notice),
                 term_vi(&vocabulary_deadline, item->deadline));
        put(into, "Lý do", text);
    }
    if (item->note[0])
        put(into, SAY(words, "Ý kiến", "In their words"), item->note);
}

/* "HT-2, HT-3; Sở Xây dựng": what holds the task up, and who has the last of it. */
static void line_held(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *chain = json_object_get(item->json, "chain");
    const char *holder = json_string_value(json_object_get(item->json, "holder"));
    struct buffer text = {0};
    char name[257];
    for (size_t i = 0; i < json_array_size(chain); i++)
        buffer_printf(&text, "%s%s", i ? ", " : "", json_string_value(json_array_get(chain, i)));
    if (text.size > 0 && holder) {
        words->agency(words->user, holder, words->language, name);
        buffer_printf(&text, "; %s", name);
    }
    if (text.size > 0) {
        buffer_append(&text, "", 1);
        if (!text.failed)
            put(into, SAY(words, "Đang chờ", "Held up by"), text.data);
    }
    buffer_done(&text);
}

/* Who is told of an overdue task because it holds that up, and for nothing else: it can neither read nor acknowledge it. */
static bool is_only_holder(const struct notification *item)
{
    const char *holder = json_string_value(json_object_get(item->json, "holder"));
    const json_t *addressed = json_object_get(item->json, "addressed");
    if (!holder || strcmp(holder, item->agency) != 0 || strcmp(holder, item->lead) == 0)
        return false;
    for (size_t i = 0; i < json_array_size(addressed); i++)
        if (strcmp(holder, json_string_value(json_array_get(addressed, i))) == 0)
            return false;
    return true;
}

static void line_link(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    struct buffer link = {0};
    if (!words->web || !item->task || is_only_holder(item))
        return;
    const bool acknowledges = item->notice == NOTICE_ESCALATED && item->escalation && words->link_secret;
    if (acknowledges)
        sign_link(words->link_secret, words->web,
                  &(struct link){item->task, item->escalation, item->agency, words->person, item->time + SIGN_LINK_MS},
                  &link);
    else
        buffer_printf(&link, "%s/tasks/%llu", words->web, (unsigned long long)item->task);
    buffer_append(&link, "", 1);
    if (!link.failed)
        put(into, acknowledges ? SAY(words, "Ghi nhận tại đây", "Acknowledge here") : SAY(words, "Xem", "See"),
            link.data);
    buffer_done(&link);
}

/* A term's English name is one word for programs, and several for people. */
static const char *state_text(const struct words *words, int state, char text[64])
{
    if (words->language == LANGUAGE_VI)
        return term_vi(&vocabulary_state, state);
    snprintf(text, 64, "%s", term_name(&vocabulary_state, state));
    for (char *c = text; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    return text;
}

static void put_lines(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    char text[1300];
    if (item->reference[0]) {
        snprintf(text, sizeof text, "%s (%s)", item->title, item->reference);
        put(into, SAY(words, "Nhiệm vụ", "Task"), text);
    }
    line_agency(words, SAY(words, "Gửi tới", "For"), item->agency, put, into);
    line_agency(words, SAY(words, "Chủ trì", "Lead"), item->lead, put, into);
    line_agency(words, SAY(words, "Cơ quan giao", "Given by"), item->assigner, put, into);
    line_agency(words, SAY(words, "Người thực hiện", "Done by"), item->actor, put, into);
    if (item->officer[0])
        put(into, SAY(words, "Cán bộ", "Officer"), item->officer);
    if (item->state)
        put(into, SAY(words, "Trạng thái", "State"), state_text(words, item->state, text));
    put_time(words, item->time, text);
    put(into, SAY(words, "Từ lúc", "Since"), text);
    line_due(words, item, put, into);
    words_of_request(words, item, put, into);
    line_why(words, item, put, into);
    line_held(words, item, put, into);
    if (item->notice > 0 && item->notice < NOTICE_END)
        put(into, SAY(words, "Việc cần làm", "What to do next"),
            in(words, is_not_made(item) ? &not_made_next : &notice_words[item->notice].next));
    line_link(words, item, put, into);
}

/* ---- text ---- */

static void text_line(void *into, const char *label, const char *value)
{
    buffer_printf(into, "%s: %s\n", label, value);
}

void words_text(const struct words *words, const struct notification *items, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_printf(out, "\n");
        put_title(words, &items[i], out);
        buffer_printf(out, "\n");
        put_lines(words, &items[i], text_line, out);
    }
}

/* ---- HTML ---- */

static void html_text(struct buffer *out, const char *text)
{
    for (; *text; text++) {
        const char *escaped = *text == '<'   ? "&lt;"
                              : *text == '>' ? "&gt;"
                              : *text == '&' ? "&amp;"
                              : *text == '"' ? "&quot;"
                                             : NULL;
        if (escaped)
            buffer_append(out, escaped, strlen(escaped));
        else
            buffer_append(out, text, 1);
    }
}

static void html_line(void *into, const char *label, const char *value)
{
    const bool is_link = strncmp(value, "http://", 7) == 0 || strncmp(value, "https://", 8) == 0;
    buffer_printf(into, "<tr><th align=\"left\" valign=\"top\">");
    html_text(into, label);
    buffer_printf(into, "</th><td>");
    if (is_link) {
        buffer_printf(into, "<a href=\"");
        html_text(into, value);
        buffer_printf(into, "\">");
    }
    html_text(into, is_link ? label : value);
    buffer_printf(into, is_link ? "</a></td></tr>\n" : "</td></tr>\n");
}

void words_html(const struct words *words, const struct notification *items, size_t count, struct buffer *out)
{
    struct buffer title = {0};
    buffer_printf(out, "<!DOCTYPE html>\n<html lang=\"%s\"><body>\n", words->language == LANGUAGE_EN ? "en" : "vi");
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&title);
        put_title(words, &items[i], &title);
        buffer_append(&title, "", 1);
        buffer_printf(out, "<h2>");
        html_text(out, title.data ? title.data : "");
        buffer_printf(out, "</h2>\n<table>\n");
        put_lines(words, &items[i], html_line, out);
        buffer_printf(out, "</table>\n");
    }
    buffer_printf(out, "</body></html>\n");
    buffer_done(&title);
}

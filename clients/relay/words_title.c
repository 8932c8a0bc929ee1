/* What a message is, in a line: its title, and the subject of a mail. */
#include "words_lines.h"

#include <stdio.h>
#include <string.h>

static const struct both notices[NOTICE_END] = {
#define W(notice, severity, vi, en, ...) [NOTICE_##notice] = {vi, en},
    RELAY_WORDS(W)
#undef W
};

static const struct both occasions[] = {
#define O(constant, holds, notice, vi, en, ...) [OCCASION_##constant] = {vi, en},
    RELAY_OCCASIONS(O)
#undef O
};

static const struct {
    const char *name;
    struct both title;
} alarms[] = {
#define A(name, vi, en) {name, {vi, en}},
    RELAY_ALARMS(A)
#undef A
};

static void put_alarm(const struct words *words, const struct notification *item, const char *alarm, struct buffer *out)
{
    char text[400];
    for (size_t i = 0; i < sizeof alarms / sizeof *alarms; i++)
        if (strcmp(alarms[i].name, alarm) == 0) {
            words_fill(words_in(words, &alarms[i].title), words_text_at(item->json, "name"), text, sizeof text);
            buffer_append(out, text, strlen(text));
            return;
        }
}

void words_title(const struct words *words, const struct notification *item, struct buffer *out)
{
    const char *alarm = words_text_at(item->json, "alarm");
    const enum occasion occasion = occasion_of(item);
    const bool known = item->notice > 0 && item->notice < NOTICE_END;
    if (alarm[0]) {
        put_alarm(words, item, alarm, out);
        return;
    }
    buffer_printf(out, "%s",
                  occasion ? words_in(words, &occasions[occasion])
                  : known  ? words_in(words, &notices[item->notice])
                           : words_say(words, "Thông báo", "Notification"));
    if (item->notice == NOTICE_ESCALATED && item->level)
        buffer_printf(out, "%s%d", words_say(words, ", cấp ", ", level "), (int)item->level);
}

/* What it is about, where it is about no task. */
static void put_about(const struct words *words, const struct notification *item, struct buffer *out)
{
    const char *agency = words_text_at(json_object_get(item->json, "concerns"), "agency");
    char text[400] = "";
    if (item->notice == NOTICE_HOT_SPOT || item->notice == NOTICE_HOT_SPOT_CLEARED)
        words_hot_spot_where(words, item, text, sizeof text);
    else if (agency[0])
        words_name(words, agency, text);
    if (text[0])
        buffer_printf(out, ": %s", text);
}

void words_subject(const struct words *words, const struct notification *items, size_t count, struct buffer *out)
{
    if (count == 0)
        return;
    if (count > 1)
        buffer_printf(out, words->language == LANGUAGE_EN ? "%zu notifications: " : "%zu thông báo: ", count);
    words_title(words, &items[0], out);
    if (items[0].reference[0])
        buffer_printf(out, " [%s] %s", items[0].reference, items[0].title);
    else
        put_about(words, &items[0], out);
    for (size_t i = 0; i < out->size; i++)
        if (out->data[i] == '\n' || out->data[i] == '\t')
            out->data[i] = ' ';
}

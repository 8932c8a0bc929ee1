/* Figures of targets: what was reported, of which period, and of which period a value is missing or owed. */
#include "words_lines.h"

#include <stdio.h>
#include <string.h>

#define FIGURE_TEXT 32 /* 15 digits, a sign, a point, and an exponent of four */

/* "7,75", "7.75". An indicator's figures have 15 digits at most; those of other targets are any number. */
static void put_figure(const struct words *words, const json_t *number, char text[FIGURE_TEXT])
{
    snprintf(text, FIGURE_TEXT, "%.15g", json_number_value(number));
    char *point = strchr(text, '.');
    if (point && words->language == LANGUAGE_VI)
        *point = ',';
}

static void put_with_unit(const struct words *words, const struct notification *item, const json_t *number, char *text,
                          size_t size)
{
    const char *unit = words_text_at(item->json, "unit");
    char figure[FIGURE_TEXT];
    put_figure(words, number, figure);
    snprintf(text, size, "%s%s%s", figure, unit[0] ? " " : "", unit);
}

static void line_measured(const struct words *words, const struct notification *item, const json_t *measured,
                          words_put *put, void *into)
{
    const json_t *was = json_object_get(measured, "was");
    char label[40], text[160], figure[FIGURE_TEXT];
    snprintf(label, sizeof label, "%s %s", words_say(words, "Số liệu kỳ", "Value of"),
             words_text_at(measured, "period"));
    put_with_unit(words, item, json_object_get(measured, "value"), text, sizeof text);
    if (was) {
        const size_t used = strlen(text);
        put_figure(words, was, figure);
        snprintf(text + used, sizeof text - used, words_say(words, " (trước là %s)", " (which was %s)"), figure);
    }
    put(into, label, text);
}

/* What is reached: of amounts the sum of all periods, of a level the value that stands there already. */
static void line_reached(const struct words *words, const struct notification *item, const json_t *measured,
                         words_put *put, void *into)
{
    const json_t *value = json_object_get(item->json, "value");
    char text[100];
    if (!json_is_number(value) ||
        (measured && json_number_value(value) == json_number_value(json_object_get(measured, "value"))))
        return;
    put_with_unit(words, item, value, text, sizeof text);
    put(into, words_say(words, "Kết quả đạt được", "Reached"), text);
}

void words_values(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *measured = json_object_get(item->json, "measured");
    const enum occasion occasion = occasion_of(item);
    if (measured)
        line_measured(words, item, measured, put, into);
    if (item->notice == NOTICE_REPORTED || item->notice == NOTICE_SUBMITTED)
        line_reached(words, item, measured, put, into);
    if (occasion == OCCASION_VALUE_LATE || occasion_late(item) == OCCASION_VALUE_LATE)
        put(into, words_say(words, "Thiếu số liệu kỳ", "Value missing of"), words_text_at(item->json, "value_missing"));
    if (occasion == OCCASION_VALUE_SOON)
        put(into, words_say(words, "Số liệu kỳ phải báo cáo", "Value owed of"),
            words_text_at(item->json, "value_owed"));
}

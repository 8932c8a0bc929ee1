/* Why a notification comes. The broker's own sentence is English, and what English readers are told; in Vietnamese it is told by the
 * occasion, from what the record says.
 */
#include "words_lines.h"

#include <stdio.h>
#include <string.h>

static const char *const notice_why[NOTICE_END] = {
#define W(notice, severity, vi, en, why, next_vi, next_en) [NOTICE_##notice] = why,
    RELAY_WORDS(W)
#undef W
};

static const char *const occasion_why[] = {
#define O(constant, holds, notice, vi, en, why, next_vi, next_en) [OCCASION_##constant] = why,
    RELAY_OCCASIONS(O)
#undef O
};

/* An escalation says of which deadline it is, or that the lead changed too often, or who raised it. */
static const char *template_of(const struct notification *item)
{
    const enum occasion late = item->notice == NOTICE_ESCALATED ? occasion_late(item) : OCCASION_PLAIN;
    const enum occasion occasion = late ? late : occasion_of(item);
    return occasion ? occasion_why[occasion] : notice_why[item->notice];
}

static void put_vietnamese(const struct words *words, const struct notification *item, char *text, size_t size)
{
    const json_t *bounces = json_object_get(item->json, "bounces");
    char name[257] = "Máy chủ điều phối";
    if (item->actor[0])
        words_name(words, item->actor, name);
    if (item->notice == NOTICE_ESCALATED && json_is_integer(bounces)) {
        snprintf(text, size, "Nhiệm vụ đã đổi chủ trì %lld lần, quá mức mà chính sách cho phép.",
                 (long long)json_integer_value(bounces));
        return;
    }
    words_fill(template_of(item), name, text, size);
}

static void line_why(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const char *label = words_say(words, "Lý do", "Why"), *why = words_text_at(item->json, "why");
    char text[700];
    if (why[0]) { /* the relay's own */
        put(into, label, why);
        return;
    }
    if (words->language == LANGUAGE_VI && item->notice > 0 && item->notice < NOTICE_END) {
        put_vietnamese(words, item, text, sizeof text);
        put(into, label, text);
    }
    /* What a schedule's error is, is told in English alone. */
    if ((words->language == LANGUAGE_EN || occasion_of(item) == OCCASION_NOT_MADE) && item->reason[0])
        put(into, words->language == LANGUAGE_EN ? label : "Máy chủ báo", item->reason);
}

/* "HT-2, HT-3; Sở Xây dựng": what holds the task up, and who has the last of it. */
static void line_held(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *chain = json_object_get(item->json, "chain");
    const char *holder = words_text_at(item->json, "holder");
    struct buffer text = {0};
    char name[257];
    for (size_t i = 0; i < json_array_size(chain); i++)
        buffer_printf(&text, "%s%s", i ? ", " : "", json_string_value(json_array_get(chain, i)));
    if (text.size > 0 && holder[0]) {
        words_name(words, holder, name);
        buffer_printf(&text, "; %s", name);
    }
    words_put_buffer(&text, words_say(words, "Đang chờ", "Held up by"), put, into);
}

/* What the agency said is its reason for some, and the matter itself of others. */
static const char *label_of_note(const struct words *words, int notice)
{
    static const uint32_t reasons = TERM_BIT(NOTICE_REJECTED) | TERM_BIT(NOTICE_SUSPENDED) |
                                    TERM_BIT(NOTICE_REASSIGNED) | TERM_BIT(NOTICE_CANCELLED) |
                                    TERM_BIT(NOTICE_ESCALATED) | TERM_BIT(NOTICE_ASKED) | TERM_BIT(NOTICE_DENIED) |
                                    TERM_BIT(NOTICE_TAKEN_BACK);
    static const uint32_t matters = TERM_BIT(NOTICE_REPORTED) | TERM_BIT(NOTICE_SUBMITTED) | TERM_BIT(NOTICE_ANSWERED);
    if (notice == NOTICE_CONSULTED)
        return words_say(words, "Nội dung hỏi", "The question");
    return words_say(words,
                     reasons >> notice & 1   ? "Lý do nêu ra"
                     : matters >> notice & 1 ? "Nội dung"
                                             : "Ý kiến",
                     "In their words");
}

void words_reasons(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    line_why(words, item, put, into);
    if (item->note[0])
        put(into, label_of_note(words, item->notice), item->note);
    line_held(words, item, put, into);
}

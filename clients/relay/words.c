#include "words_lines.h"

#include <stdio.h>
#include <string.h>

static const struct {
    struct both next;
    enum severity severity;
} notice_words[NOTICE_END] = {
#define W(notice, severity, vi, en, why, next_vi, next_en)                                                             \
    [NOTICE_##notice] = {{next_vi, next_en}, SEVERITY_##severity},
    RELAY_WORDS(W)
#undef W
};
#define W(notice, ...) +1
_Static_assert(1 RELAY_WORDS(W) == NOTICE_END, "every notice has its words");
#undef W

static const struct both occasion_next[] = {
#define O(constant, holds, notice, vi, en, why, next_vi, next_en) [OCCASION_##constant] = {next_vi, next_en},
    RELAY_OCCASIONS(O)
#undef O
};

/* What is told of a content's fields, by their places in it. */
static const struct both content_words[] = {
#define C(name, vi, en) [MSG_FIELD(content, name)] = {vi, en},
    RELAY_CONTENTS(C)
#undef C
};

int words_severity(int notice)
{
    return notice > 0 && notice < NOTICE_END ? (int)notice_words[notice].severity : SEVERITY_INFO;
}

/* ---- for all of its files ---- */

const char *words_say(const struct words *words, const char *vi, const char *en)
{
    return words->language == LANGUAGE_EN ? en : vi;
}

const char *words_in(const struct words *words, const struct both *both)
{
    return words_say(words, both->vi, both->en);
}

void words_fill(const char *sentence, const char *of, char *text, size_t size)
{
    const char *gap = strstr(sentence, "%s");
    snprintf(text, size, "%.*s%s%s", gap ? (int)(gap - sentence) : (int)strlen(sentence), sentence, gap ? of : "",
             gap ? gap + 2 : "");
}

void words_put_buffer(struct buffer *text, const char *label, words_put *put, void *into)
{
    const bool has_some = text->size > 0;
    buffer_append(text, "", 1);
    if (has_some && !text->failed)
        put(into, label, text->data);
    buffer_done(text);
}

void words_name(const struct words *words, const char *id, char name[257])
{
    snprintf(name, 257, "%s", id);
    words->agency(words->user, id, words->language, name);
}

void words_day(const char *day, enum language language, char text[32])
{
    if (language == LANGUAGE_EN || strlen(day) != 10)
        snprintf(text, 32, "%.31s", day);
    else
        snprintf(text, 32, "%.2s/%.2s/%.4s", day + 8, day + 5, day);
}

void words_last_day(const struct words *words, int64_t due, char text[32])
{
    char day[16];
    day_text(hours_day(words->days, due - 1), day);
    words_day(day, words->language, text);
}

void words_term(const struct words *words, const struct vocabulary *vocabulary, int term, char *text, size_t size)
{
    snprintf(text, size, "%s", words_say(words, term_vi(vocabulary, term), term_name(vocabulary, term)));
    for (char *c = text; words->language == LANGUAGE_EN && *c; c++)
        *c = *c == '_' ? ' ' : *c;
}

const char *words_text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

int words_term_at(const json_t *object, const char *name, const struct vocabulary *vocabulary)
{
    const char *text = words_text_at(object, name);
    return term_number(vocabulary, text, (uint32_t)strlen(text));
}

/* ---- lines: a label and what stands behind it ---- */

static void line_agency(const struct words *words, const char *label, const char *id, words_put *put, void *into)
{
    char name[257];
    if (!id[0])
        return;
    words_name(words, id, name);
    put(into, label, name);
}

/* When it happened. Below the state of a task that would read as since when it stands so, which is true of two alone. */
static void line_when(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const bool lasts = item->notice == NOTICE_SUSPENDED || item->notice == NOTICE_HOT_SPOT;
    char text[64], day[16], shown[32];
    const int minute = hours_minute(words->days, item->time);
    day_text(hours_day(words->days, item->time), day);
    words_day(day, words->language, shown);
    snprintf(text, sizeof text, "%02d:%02d, %s", minute / 60, minute % 60, shown);
    put(into, lasts ? words_say(words, "Từ lúc", "Since") : words_say(words, "Lúc", "At"), text);
}

/* "12-KL/TU, II.3, II.4": where the task comes from. */
static void line_document(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const char *document = words_text_at(item->json, "document"), *at = words_text_at(item->json, "paragraph");
    const json_t *paragraphs = json_object_get(item->json, "paragraphs");
    struct buffer text = {0};
    if (!document[0])
        return;
    buffer_printf(&text, "%s", document);
    for (size_t i = 0; i < json_array_size(paragraphs); i++)
        buffer_printf(&text, ", %s", json_string_value(json_array_get(paragraphs, i)));
    if (json_array_size(paragraphs) == 0 && at[0])
        buffer_printf(&text, ", %s", at);
    words_put_buffer(&text, words_say(words, "Văn bản", "Document"), put, into);
}

static void line_number(const struct notification *item, const char *name, const char *label, const char *unit,
                        words_put *put, void *into)
{
    const json_t *number = json_object_get(item->json, name);
    char text[40];
    if (!json_is_integer(number))
        return;
    snprintf(text, sizeof text, "%lld%s", (long long)json_integer_value(number), unit);
    put(into, label, text);
}

/* What people call a field of a task's content; one without words, as one of a newer broker, is called as it is. */
static const char *content_name(const struct words *words, const char *name)
{
    const struct field *field = message_field(&message_content, name, (uint32_t)strlen(name));
    const size_t at = field ? (size_t)(field - message_content.fields) : SIZE_MAX;
    return at < sizeof content_words / sizeof *content_words && content_words[at].vi
               ? words_in(words, &content_words[at])
               : name;
}

static void add_to_list(struct buffer *list, const char *before, const char *text)
{
    buffer_printf(list, "%s%s%s", list->size ? ", " : "", before, text);
}

/* "thời hạn, văn bản, bỏ kỳ báo cáo" */
static void line_changed(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *changed = json_object_get(item->json, "changed"), *cleared = json_object_get(item->json, "cleared");
    struct buffer text = {0};
    for (size_t i = 0; i < json_array_size(changed); i++)
        add_to_list(&text, "", content_name(words, json_string_value(json_array_get(changed, i))));
    for (size_t i = 0; i < json_array_size(cleared); i++) {
        const char *name = json_string_value(json_array_get(cleared, i));
        char term[100];
        words_term(words, &vocabulary_clearable, term_number(&vocabulary_clearable, name, (uint32_t)strlen(name)), term,
                   sizeof term);
        add_to_list(&text, words_say(words, "bỏ ", "no "), term);
    }
    words_put_buffer(&text, words_say(words, "Nội dung sửa đổi", "Changed"), put, into);
}

/* A task that a schedule made, or was to make. */
static void line_scheduled(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *scheduled = json_object_get(item->json, "scheduled");
    char text[200];
    if (!scheduled)
        return;
    snprintf(text, sizeof text, "%s, %s %s", words_text_at(scheduled, "schedule"), words_say(words, "kỳ", "period"),
             words_text_at(scheduled, "period"));
    put(into, words_say(words, "Lịch giao việc", "Schedule"), text);
}

/* Who stands in for an agency, in which days. */
static void line_stand_in(const struct words *words, const json_t *stand_in, words_put *put, void *into)
{
    char day[32];
    line_agency(words, words_say(words, "Cơ quan làm thay", "Stood in for by"), words_text_at(stand_in, "by"), put,
                into);
    words_last_day(words, (int64_t)json_integer_value(json_object_get(stand_in, "from")) + 1, day);
    put(into, words_say(words, "Từ ngày", "From"), day);
    words_last_day(words, (int64_t)json_integer_value(json_object_get(stand_in, "until")), day);
    put(into, words_say(words, "Đến hết ngày", "Until the end of"), day);
}

/* Which agency ends, has a new key or is stood in for. */
static void line_concerns(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *concerns = json_object_get(item->json, "concerns");
    char day[32];
    line_agency(words, words_say(words, "Cơ quan", "Agency"), words_text_at(concerns, "agency"), put, into);
    if (words_text_at(concerns, "label")[0])
        put(into, words_say(words, "Khóa", "Key"), words_text_at(concerns, "label"));
    if (item->notice == NOTICE_ASSIGNED && json_object_get(concerns, "stand_in"))
        line_stand_in(words, json_object_get(concerns, "stand_in"), put, into);
    if (item->notice != NOTICE_REASSIGNED || !concerns)
        return;
    words_last_day(words, (int64_t)json_integer_value(json_object_get(concerns, "valid_until")), day);
    put(into, words_say(words, "Hoạt động đến hết", "Until the end of"), day);
    line_agency(words, words_say(words, "Cơ quan kế tục", "Succeeded by"), words_text_at(concerns, "successor"), put,
                into);
}

/* What it is called, and whose it is, by its kind: a circular is no task that somebody gave. */
static const struct {
    struct both what, whose, by;
} kind_words[KIND_END] = {
    [KIND_CIRCULAR] = {{"Thông báo", "Circular"}, {"Cơ quan gửi", "Sent by"}, {"Cơ quan phản hồi", "Done by"}},
    [KIND_RECOMMENDATION] = {{"Kiến nghị", "Recommendation"}, {"Cơ quan kiến nghị", "Recommended by"}, {NULL, NULL}},
};
static const struct both task_word = {"Nhiệm vụ", "Task"}, giver_word = {"Cơ quan giao", "Given by"},
                         actor_word = {"Cơ quan gửi", "Done by"};

static const char *in_or(const struct words *words, const struct both *of_kind, const struct both *other)
{
    return words_in(words, of_kind->vi ? of_kind : other);
}

/* Of who stands in, for whom. */
static void line_stood(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *names = json_object_get(item->json, "stands_in_for");
    struct buffer text = {0};
    char name[257];
    for (size_t i = 0; i < json_array_size(names); i++) {
        words_name(words, json_string_value(json_array_get(names, i)), name);
        add_to_list(&text, "", name);
    }
    words_put_buffer(&text, words_say(words, "Làm thay cho", "Standing in for"), put, into);
}

static void lines_of_task(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    char text[1300];
    if (item->reference[0]) {
        snprintf(text, sizeof text, "%s (%s)", item->title, item->reference);
        put(into, in_or(words, &kind_words[item->kind].what, &task_word), text);
    }
    line_document(words, item, put, into);
    line_agency(words, words_say(words, "Gửi tới", "For"), item->agency, put, into);
    line_stood(words, item, put, into);
    line_agency(words, words_say(words, "Chủ trì", "Lead"), item->lead, put, into);
    line_agency(words, in_or(words, &kind_words[item->kind].whose, &giver_word), item->assigner, put, into);
    if (item->kind != KIND_CIRCULAR || strcmp(item->actor, item->assigner) != 0)
        line_agency(words, in_or(words, &kind_words[item->kind].by, &actor_word), item->actor, put, into);
    line_agency(words, words_say(words, "Cơ quan làm thay", "In its name, by"), words_text_at(item->json, "stand_in"),
                put, into);
    if (item->officer[0])
        put(into, words_say(words, "Cán bộ", "Officer"), item->officer);
    if (item->state) {
        words_term(words, &vocabulary_state, item->state, text, sizeof text);
        put(into, words_say(words, "Trạng thái", "State"), text);
    }
}

void words_lines(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const enum occasion occasion = occasion_of(item);
    lines_of_task(words, item, put, into);
    line_concerns(words, item, put, into);
    line_when(words, item, put, into);
    words_dates(words, item, put, into);
    line_scheduled(words, item, put, into);
    if (occasion != OCCASION_MOVED_WITH_DOCUMENT) /* which says it whole */
        line_changed(words, item, put, into);
    if (item->notice == NOTICE_REPORTED || item->notice == NOTICE_SUBMITTED)
        line_number(item, "percent", words_say(words, "Tiến độ", "Done"), " %", put, into);
    words_values(words, item, put, into);
    line_number(item, "open_parts", words_say(words, "Phần việc chưa xong", "Open parts"), "", put, into);
    words_request(words, item, put, into);
    words_opinions(words, item, put, into);
    words_hot_spot(words, item, put, into);
    words_reasons(words, item, put, into);
    if (item->notice > 0 && item->notice < NOTICE_END)
        put(into, words_say(words, "Việc cần làm", "What to do next"),
            words_in(words, occasion ? &occasion_next[occasion] : &notice_words[item->notice].next));
    words_link(words, item, put, into);
}

/* The checks of values. Every refusal says which field, what it is, and what would be right. */
#include "check.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "frame.h"

/* ---- text and days ---- */

static int check_text(const char *name, int index, struct text text, struct problem *problem)
{
    uint32_t offset = 0, control = 0;
    if (text_check(text, &offset, &control))
        return 0;
    char field[96];
    if (index >= 0)
        snprintf(field, sizeof field, "%s[%d]", name, index);
    else
        snprintf(field, sizeof field, "%s", name);
    if (control == 0)
        return problem_set(problem, COORD_E_BAD_TEXT, field, "`%s` is not UTF-8 at byte %" PRIu32 ".", field, offset);
    return problem_set(problem, COORD_E_BAD_TEXT, field,
                       "`%s` holds the control character U+%04" PRIX32 " at byte %" PRIu32
                       "; of these it may hold newline and tab alone.",
                       field, control == UINT32_MAX ? 0 : control, offset);
}

static int two_digits(const char *digits)
{
    return digits[0] >= '0' && digits[0] <= '9' && digits[1] >= '0' && digits[1] <= '9'
               ? (digits[0] - '0') * 10 + (digits[1] - '0')
               : -1;
}

bool day_check(struct text text)
{
    static const int month_days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *d = text.data;
    if (text.size != 10 || d[0] != '2' || d[1] != '0' || d[4] != '-' || d[7] != '-')
        return false;
    int year = two_digits(d + 2), month = two_digits(d + 5), day = two_digits(d + 8);
    if (year < 0 || month < 1 || month > 12 || day < 1)
        return false;
    /* From 2000 to 2099 every fourth year is a leap year. */
    return day <= month_days[month] + (month == 2 && year % 4 == 0);
}

/* ---- bounds ---- */

int field_out_of_range(const struct field *field, const char *sign, uint64_t magnitude, struct problem *problem)
{
    return problem_set(problem, COORD_E_OUT_OF_RANGE, field->name,
                       "`%s` is %s%" PRIu64 "; it must be from %" PRId64 " to %" PRIu64 ".", field->name, sign,
                       magnitude, field->min, field->max);
}

int field_check_count(const struct field *field, uint64_t count, const char *unit, struct problem *problem)
{
    if (count >= (uint64_t)field->min && count <= field->max)
        return 0;
    if ((uint64_t)field->min == field->max)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, field->name,
                           "`%s` has %" PRIu64 " %s; it must have %" PRIu64 ".", field->name, count, unit, field->max);
    if (count == 0)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, field->name,
                           "`%s` is empty; it must have %" PRId64 " to %" PRIu64 " %s.", field->name, field->min,
                           field->max, unit);
    return problem_set(problem, COORD_E_OUT_OF_RANGE, field->name,
                       "`%s` has %" PRIu64 " %s; it must have %" PRId64 " to %" PRIu64 ".", field->name, count, unit,
                       field->min, field->max);
}

/* A link of the page is its words: where an error is read there is nothing to follow. */
static void without_links(const char *sentence, char *text, size_t size)
{
    size_t used = 0;
    for (const char *at = sentence; *at && used + 1 < size; at++) {
        const char *end = *at == ']' && at[1] == '(' ? strchr(at, ')') : NULL;
        const bool opens = *at == '[' && strstr(at, "](");
        if (end)
            at = end;
        else if (!opens)
            text[used++] = *at;
    }
    text[used] = '\0';
}

int field_missing(const struct field *field, struct problem *problem)
{
    char sentence[400];
    without_links(field->sentence, sentence, sizeof sentence);
    return problem_set(problem, COORD_E_MISSING_FIELD, field->name, "`%s` is required: %s", field->name, sentence);
}

/* ---- terms ---- */

/* "a, b, c", as far as there is room; "…" has its own behind it. */
static void list_terms(const struct vocabulary *vocabulary, char *list, size_t size)
{
    size_t used = 0;
    for (int i = 0; i < vocabulary->count; i++) {
        int added = snprintf(list + used, size - used, "%s%s", i ? ", " : "", vocabulary->terms[i].name);
        if ((size_t)added >= size - used) {
            memcpy(list + used, "…", sizeof("…"));
            return;
        }
        used += (size_t)added;
    }
}

int field_bad_term(const struct field *field, struct text name, int index, struct problem *problem)
{
    char path[96], list[192], shown[48] = "that";
    uint32_t offset, control;
    if (index >= 0)
        snprintf(path, sizeof path, "%s[%d]", field->name, index);
    else
        snprintf(path, sizeof path, "%s", field->name);
    if (name.size > 0 && name.size <= 40 && text_check(name, &offset, &control))
        snprintf(shown, sizeof shown, "`%.*s`", TEXT_ARGS(name));
    const struct term *near = term_nearest(field->vocabulary, name.data, name.size);
    if (near)
        return problem_set(problem, COORD_E_BAD_TERM, path, "`%s` cannot be %s; did you mean `%s`?", path, shown,
                           near->name);
    list_terms(field->vocabulary, list, sizeof list - sizeof("…"));
    return problem_set(problem, COORD_E_BAD_TERM, path, "`%s` cannot be %s; it is one of: %s.", path, shown, list);
}

/* ---- one function for each type of field ---- */

static int check_u64(const struct field *field, const void *value, struct problem *problem)
{
    uint64_t number = *(const coord_u64 *)value;
    return number >= (uint64_t)field->min && number <= field->max ? 0 : field_out_of_range(field, "", number, problem);
}

static int check_i64(const struct field *field, const void *value, struct problem *problem)
{
    int64_t number = *(const coord_i64 *)value;
    assert(field->max <= INT64_MAX); /* as the tables have it */
    if (number >= field->min && number <= (int64_t)field->max)
        return 0;
    return number < 0 ? field_out_of_range(field, "-", -(uint64_t)number, problem)
                      : field_out_of_range(field, "", (uint64_t)number, problem);
}

static int check_num(const struct field *field, const void *value, struct problem *problem)
{
    return isfinite(*(const coord_num *)value)
               ? 0
               : problem_set(problem, COORD_E_OUT_OF_RANGE, field->name, "`%s` must be a finite number.", field->name);
}

static int check_any(const struct field *field, const void *value, struct problem *problem)
{
    (void)field, (void)value, (void)problem;
    return 0;
}

static int check_text_field(const struct field *field, const void *value, struct problem *problem)
{
    struct text text = *(const struct text *)value;
    int error = field_check_count(field, text.size, "bytes", problem);
    return error ? error : check_text(field->name, -1, text, problem);
}

int field_check_line(const struct field *field, struct text text, struct problem *problem)
{
    if (field->rule != TEXT_LINE)
        return 0;
    const uint32_t turn = text_turn(text), wrong = turn ? turn : text_break(text);
    if (wrong == 0)
        return 0;
    return problem_set(problem, COORD_E_BAD_TEXT, field->name,
                       turn ? "`%s` holds U+%04" PRIX32
                              ", which turns the direction of what is read after it; leave it out."
                            : "`%s` is one line, without tabs; it holds U+%04" PRIX32 ".",
                       field->name, wrong);
}

static int check_day(const struct field *field, const void *value, struct problem *problem)
{
    return day_check(*(const struct text *)value)
               ? 0
               : problem_set(problem, COORD_E_BAD_DATE, field->name,
                             "`%s` must be a real day from 2000-01-01 to 2099-12-31, as 2024-06-28.", field->name);
}

static int check_bytes(const struct field *field, const void *value, struct problem *problem)
{
    return field_check_count(field, ((const struct text *)value)->size, "bytes", problem);
}

static int check_item(const struct field *field, const struct texts *texts, uint32_t i, struct problem *problem)
{
    const uint32_t size = texts->items[i].size;
    if (size > 0 && size <= TEXTS_ITEM_MAX)
        return check_text(field->name, (int)i, texts->items[i], problem);
    char path[96];
    snprintf(path, sizeof path, "%s[%" PRIu32 "]", field->name, i);
    return problem_set(problem, COORD_E_OUT_OF_RANGE, path, "`%s` has %" PRIu32 " bytes; it must have 1 to %d.", path,
                       size, TEXTS_ITEM_MAX);
}

static int check_texts(const struct field *field, const void *value, struct problem *problem)
{
    const struct texts *texts = value;
    int error = field_check_count(field, texts->count, "elements", problem);
    for (uint32_t i = 0; !error && i < texts->count; i++)
        error = check_item(field, texts, i, problem);
    return error;
}

static int check_counted(const struct field *field, const void *value, struct problem *problem)
{
    return field_check_count(field, ((const struct u64s *)value)->count, "elements", problem);
}

static int check_raws(const struct field *field, const void *value, struct problem *problem)
{
    const coord_raws *raws = value;
    int error = field_check_count(field, raws->count, "elements", problem);
    for (uint32_t i = 0; !error && i < raws->count; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s[%" PRIu32 "]", field->name, i);
        error = frame_scan(raws->items[i].data, raws->items[i].size, problem);
        if (error)
            problem_within(problem, path);
    }
    return error;
}

static int check_term(const struct field *field, const void *value, struct problem *problem)
{
    int number = *(const int *)value;
    return number >= 1 && number <= field->vocabulary->count ? 0
                                                             : field_bad_term(field, (struct text){"", 0}, -1, problem);
}

static int check_terms(const struct field *field, const void *value, struct problem *problem)
{
    uint32_t known = (UINT32_C(2) << field->vocabulary->count) - 2;
    return (*(const uint32_t *)value & ~known) == 0 ? 0 : field_bad_term(field, (struct text){"", 0}, -1, problem);
}

/* Raws and lists need no more than their count when they were decoded; message_check looks into them. */
static int (*const checks[])(const struct field *field, const void *value, struct problem *problem) = {
    [FIELD_U64] = check_u64,      [FIELD_I64] = check_i64,      [FIELD_NUM] = check_num,
    [FIELD_FLAG] = check_any,     [FIELD_TIME] = check_i64,     [FIELD_TEXT] = check_text_field,
    [FIELD_DAY] = check_day,      [FIELD_BYTES] = check_bytes,  [FIELD_TEXTS] = check_texts,
    [FIELD_U64S] = check_counted, [FIELD_RAWS] = check_counted, [FIELD_TERM] = check_term,
    [FIELD_TERMS] = check_terms,  [FIELD_MESSAGE] = check_any,  [FIELD_MESSAGES] = check_counted,
};
_Static_assert(offsetof(struct u64s, count) == offsetof(struct texts, count) &&
                   offsetof(struct u64s, count) == offsetof(struct msg_task_items, count),
               "the count of every array stands in one place");

int field_check_size(const struct field *field, uint32_t size, bool decomposed, struct problem *problem)
{
    if (decomposed && size > field->max && size / NFC_SHORTENS <= field->max)
        return 0;
    return field_check_count(field, size, "bytes", problem);
}

static int check_long_text(const struct field *field, struct text text, struct problem *problem)
{
    int error = field_check_size(field, text.size, true, problem);
    return error ? error : check_text(field->name, -1, text, problem);
}

static int check_long_texts(const struct field *field, const struct texts *texts, struct problem *problem)
{
    int error = field_check_count(field, texts->count, "elements", problem);
    for (uint32_t i = 0; !error && i < texts->count; i++) {
        const uint32_t size = texts->items[i].size;
        if (size > TEXTS_ITEM_MAX && size / NFC_SHORTENS <= TEXTS_ITEM_MAX)
            error = check_text(field->name, (int)i, texts->items[i], problem);
        else
            error = check_item(field, texts, i, problem);
    }
    return error;
}

int field_check_decomposed(const struct field *field, const void *value, struct problem *problem)
{
    if (field->type == FIELD_TEXT)
        return check_long_text(field, *(const struct text *)value, problem);
    if (field->type == FIELD_TEXTS)
        return check_long_texts(field, value, problem);
    return field_check(field, value, problem);
}

int field_check(const struct field *field, const void *value, struct problem *problem)
{
    return checks[field->type](field, value, problem);
}

/* ---- whole messages ---- */

static int check_nested(const struct field *field, const void *value, struct problem *problem)
{
    int error = 0;
    if (field->type == FIELD_MESSAGE) {
        error = message_check(field->message, value, problem);
        if (error)
            problem_within(problem, field->name);
    } else if (field->type == FIELD_RAWS) {
        error = check_raws(field, value, problem);
    } else if (field->type == FIELD_MESSAGES) {
        /* Arrays of whichever message are alike in memory: a pointer and a count. */
        const struct u64s *array = value;
        const char *item = (const char *)array->items;
        for (uint32_t i = 0; !error && i < array->count; i++, item += field->message->size) {
            error = message_check(field->message, item, problem);
            if (error) {
                char path[96];
                snprintf(path, sizeof path, "%s[%" PRIu32 "]", field->name, i);
                problem_within(problem, path);
            }
        }
    }
    return error;
}

int message_check(const struct message *message, const void *in, struct problem *problem)
{
    msg_bits has;
    memcpy(&has, in, sizeof has);
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        const void *value = (const char *)in + field->offset;
        int error = 0;
        if ((has >> i) & 1) {
            error = field_check(field, value, problem);
            if (!error && field->rule == TEXT_LINE)
                error = field_check_line(field, *(const struct text *)value, problem);
            if (!error)
                error = check_nested(field, value, problem);
        } else if (field->required) {
            error = field_missing(field, problem);
        }
        if (error)
            return error;
    }
    return 0;
}

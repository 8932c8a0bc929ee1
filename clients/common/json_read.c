#include "json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utf8proc.h>

#include "check.h"
#include "number.h"
#include "spelling.h"

#define MINUTE_MS INT64_C(60000)

static int no_memory(struct problem *problem)
{
    return problem_plain(problem, COORD_E_NO_MEMORY, "");
}

const char *json_read_type(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
        return "a whole number";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    default:
        return "null";
    }
}

static int bad_type(const char *name, const json_t *value, const char *right, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_TYPE, name, "This is %s; it must be %s.", json_read_type(value), right);
}

/* ---- keys ---- */

static const char *nearest(const char *key, const char *const *known)
{
    struct text mistaken = text_of(key);
    uint32_t best = UINT32_MAX;
    const char *found = NULL;
    for (; *known; known++) {
        uint32_t distance = spelling_distance(mistaken, text_of(*known));
        if (distance < best && spelling_near(distance, mistaken.size)) {
            best = distance;
            found = *known;
        }
    }
    return found;
}

int json_read_unknown(const char *key, const char *const *known, struct problem *problem)
{
    const char *meant = nearest(key, known);
    char list[200] = "";
    if (meant)
        return problem_set(problem, COORD_E_BAD_VALUE, key, "There is no such key here; did you mean `%s`?", meant);
    for (size_t size = 0; *known && size < sizeof(list); known++)
        size += (size_t)snprintf(list + size, sizeof(list) - size, "%s%s", size ? ", " : "", *known);
    return problem_set(problem, COORD_E_BAD_VALUE, key, "There is no such key here; there are %s.", list);
}

static int unknown_field(const struct message *message, const char *key, struct problem *problem)
{
    const char *names[65] = {0};
    for (uint16_t i = 0; i < message->count; i++)
        names[i] = message->fields[i].name;
    return json_read_unknown(key, names, problem);
}

/* ---- values ---- */

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return false;
    return true;
}

struct text json_read_text(const json_t *string, struct arena *arena)
{
    struct text text = {json_string_value(string), (uint32_t)json_string_length(string)};
    if (text.size == 0 || is_plain(text.data))
        return text;
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.size, &composed,
                                         UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (size < 0)
        arena->failed = true; /* jansson lets only UTF-8 through: memory is all that can be wrong */
    else
        text = arena_copy(arena, (struct text){(const char *)composed, (uint32_t)size});
    free(composed);
    return text;
}

static int read_text(const struct field *field, const json_t *value, struct text *out, struct arena *arena,
                     struct problem *problem)
{
    if (!json_is_string(value))
        return bad_type(field->name, value, field->type == FIELD_DAY ? "a day such as \"2024-06-28\"" : "a text",
                        problem);
    *out = json_read_text(value, arena);
    return arena->failed ? no_memory(problem) : 0;
}

static int read_u64(const struct field *field, const json_t *value, uint64_t *out, struct problem *problem)
{
    if (!json_is_integer(value))
        return bad_type(field->name, value, "a whole number", problem);
    json_int_t number = json_integer_value(value);
    if (number < 0)
        return field_out_of_range(field, "-", 0 - (uint64_t)number, problem);
    *out = (uint64_t)number;
    return 0;
}

static int read_i64(const struct field *field, const json_t *value, int64_t *out, struct problem *problem)
{
    if (!json_is_integer(value))
        return bad_type(field->name, value, "a whole number", problem);
    *out = json_integer_value(value);
    return 0;
}

/* Two digits as a number; -1 when they are none. */
static int two_digits(const char *text)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/* Minutes east of UTC from `Z`, `+07:00` or `+0700`; false when it is none of them. */
static bool read_offset(const char *text, int *minutes)
{
    const char sign = text[0];
    *minutes = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if (sign != '+' && sign != '-')
        return false;
    int hour = two_digits(text + 1);
    if (hour < 0 || hour > 14)
        return false;
    text += text[3] == ':' ? 4 : 3;
    int minute = two_digits(text);
    if (minute < 0 || minute > 59 || text[2])
        return false;
    *minutes = (sign == '-' ? -1 : 1) * (hour * 60 + minute);
    return true;
}

/* A fraction of a second, to the millisecond, rounded; moves *text past it. */
static int64_t read_fraction(const char **text)
{
    int64_t ms = 0, unit = 100;
    if (**text != '.')
        return 0;
    for (++*text; **text >= '0' && **text <= '9'; ++*text) {
        ms += unit ? (**text - '0') * unit : 0;
        /* The digit after the milliseconds rounds them; the rest says nothing more. */
        if (unit == 0 && (*text)[-4] == '.')
            ms += **text >= '5';
        unit /= 10;
    }
    return ms;
}

/* The seconds since 1970 of a broken-down time; false when it is no day of the calendar. */
static bool read_seconds(struct tm *tm, int64_t *seconds)
{
    const int day = tm->tm_mday, second = tm->tm_sec;
    *seconds = (int64_t)timegm(tm);
    return tm->tm_mday == day || second == 60; /* 31 June becomes 1 July, and so does a leap second */
}

bool json_read_bad_day(const char *text, char *why, size_t size)
{
    int year, month, day, end = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10)
        return false;
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = 0}; /* the day before the next month */
    (void)timegm(&tm);
    if (month < 1 || month > 12)
        snprintf(why, size, "months run from 01 to 12");
    else if (day < 1 || day > tm.tm_mday)
        snprintf(why, size, "that month has %d", tm.tm_mday);
    else
        return false;
    return true;
}

static int bad_time(const char *name, const char *text, struct problem *problem)
{
    char why[40];
    if (json_read_bad_day(text, why, sizeof why))
        return problem_set(problem, COORD_E_BAD_DATE, name, "`%.60s` is no day: %s.", text, why);
    if (strlen(text) == strlen("2024-06-28") && text[4] == '-' && text[7] == '-')
        return problem_set(problem, COORD_E_BAD_DATE, name,
                           "`%.60s` is a day; write the moment of it: %.10sT00:00:00+07:00.", text, text);
    return problem_set(problem, COORD_E_BAD_DATE, name,
                       "`%.60s` is no time; write it with its zone: 2024-06-28T16:30:00+07:00.", text);
}

static int read_time(const struct field *field, const json_t *value, int64_t *out, struct problem *problem)
{
    struct tm tm = {0};
    int minutes = 0;
    int64_t seconds = 0;
    if (json_is_integer(value))
        return read_i64(field, value, out, problem);
    if (!json_is_string(value))
        return bad_type(field->name, value, "a time such as \"2024-06-28T16:30:00+07:00\"", problem);
    const char *text = json_string_value(value), *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (!rest) {
        tm = (struct tm){0};
        rest = strptime(text, "%Y-%m-%dT%H:%M", &tm);
    }
    int64_t fraction = rest ? read_fraction(&rest) : 0;
    if (!rest || !read_offset(rest, &minutes) || !read_seconds(&tm, &seconds))
        return bad_time(field->name, text, problem);
    *out = seconds * 1000 + fraction - minutes * MINUTE_MS;
    return 0;
}

static int hex_digit(char digit)
{
    const char *digits = "0123456789abcdef", *found = strchr(digits, digit >= 'A' && digit <= 'F' ? digit + 32 : digit);
    return found && digit ? (int)(found - digits) : -1;
}

static int read_bytes(const struct field *field, const json_t *value, struct text *out, struct arena *arena,
                      struct problem *problem)
{
    if (!json_is_string(value))
        return bad_type(field->name, value, "a text of hexadecimal digits", problem);
    const char *digits = json_string_value(value);
    size_t size = json_string_length(value) / 2;
    char *bytes = arena_alloc(arena, size);
    if (!bytes)
        return no_memory(problem);
    bool is_sound = json_string_length(value) % 2 == 0;
    for (size_t i = 0; is_sound && i < size; i++) {
        int high = hex_digit(digits[2 * i]), low = hex_digit(digits[2 * i + 1]);
        is_sound = high >= 0 && low >= 0;
        bytes[i] = (char)(high * 16 + low);
    }
    if (!is_sound)
        return problem_set(problem, COORD_E_BAD_VALUE, field->name, "It must be pairs of hexadecimal digits.");
    *out = (struct text){bytes, (uint32_t)size};
    return 0;
}

static int read_flag(const struct field *field, const json_t *value, bool *out, struct problem *problem)
{
    if (!json_is_boolean(value))
        return bad_type(field->name, value, "true or false", problem);
    *out = json_is_true(value);
    return 0;
}

static int read_number(const struct field *field, const json_t *value, double *out, struct problem *problem)
{
    if (!json_is_number(value))
        return bad_type(field->name, value, "a number", problem);
    if (json_is_integer(value) && !number_holds(json_integer_value(value)))
        return problem_set(problem, COORD_E_OUT_OF_RANGE, field->name,
                           "It is kept as a float64, which would round this integer; beyond 2^53 not every one fits.");
    *out = json_number_value(value);
    return 0;
}

static int read_term(const struct field *field, const json_t *value, int index, int *out, struct problem *problem)
{
    if (!json_is_string(value))
        return bad_type(field->name, value, "a text", problem);
    struct text name = {json_string_value(value), (uint32_t)json_string_length(value)};
    int number = term_number(field->vocabulary, name.data, name.size);
    if (!number)
        return field_bad_term(field, name, index, problem);
    *out = number;
    return 0;
}

/* ---- arrays ---- */

/* Puts `name[index]` before the path of what is wrong in an item. */
static int in_item(int error, const char *name, size_t index, struct problem *problem)
{
    char path[80];
    snprintf(path, sizeof(path), "%s[%zu]", name, index);
    problem_within(problem, path);
    return error;
}

/* The same for an item that is no message: its reader has named the field. */
static int in_plain_item(int error, const char *name, size_t index, struct problem *problem)
{
    problem->field[0] = '\0';
    return in_item(error, name, index, problem);
}

static int read_terms(const struct field *field, const json_t *array, uint32_t *out, struct problem *problem)
{
    const json_t *value;
    size_t i;
    json_array_foreach(array, i, value)
    {
        int number = 0, error = read_term(field, value, (int)i, &number, problem);
        if (error)
            return error;
        *out |= TERM_BIT(number);
    }
    return 0;
}

static int read_texts(const struct field *field, const json_t *array, struct texts *out, struct arena *arena,
                      struct problem *problem)
{
    struct text *items = arena_alloc(arena, json_array_size(array) * sizeof(*items));
    const json_t *value;
    size_t i;
    if (!items)
        return no_memory(problem);
    json_array_foreach(array, i, value)
    {
        int error = read_text(field, value, &items[i], arena, problem);
        if (error)
            return in_plain_item(error, field->name, i, problem);
    }
    *out = (struct texts){items, (uint32_t)json_array_size(array)};
    return 0;
}

static int read_u64s(const struct field *field, const json_t *array, struct u64s *out, struct arena *arena,
                     struct problem *problem)
{
    uint64_t *items = arena_alloc(arena, json_array_size(array) * sizeof(*items));
    const json_t *value;
    size_t i;
    if (!items)
        return no_memory(problem);
    json_array_foreach(array, i, value)
    {
        int error = read_u64(field, value, &items[i], problem);
        if (error)
            return in_plain_item(error, field->name, i, problem);
    }
    *out = (struct u64s){items, (uint32_t)json_array_size(array)};
    return 0;
}

static int read_message(const struct field *field, const json_t *value, void *out, struct arena *arena,
                        struct problem *problem)
{
    if (!json_is_object(value))
        return bad_type(field->name, value, "an object", problem);
    int error = json_read_fields(field->message, value, out, arena, problem);
    if (error)
        problem_within(problem, field->name);
    return error;
}

static int read_messages(const struct field *field, const json_t *array, struct u64s *out, struct arena *arena,
                         struct problem *problem)
{
    char *items = arena_alloc(arena, json_array_size(array) * field->message->size);
    const json_t *value;
    size_t i;
    if (!items)
        return no_memory(problem);
    json_array_foreach(array, i, value)
    {
        int error = json_is_object(value)
                        ? json_read_fields(field->message, value, items + i * field->message->size, arena, problem)
                        : bad_type("", value, "an object", problem);
        if (error)
            return in_item(error, field->name, i, problem);
    }
    /* Every array of messages has the shape of u64s: a pointer and a count. */
    *out = (struct u64s){(const uint64_t *)(const void *)items, (uint32_t)json_array_size(array)};
    return 0;
}

/* ---- the walk ---- */

static bool is_array(enum field_type type)
{
    return type == FIELD_TEXTS || type == FIELD_U64S || type == FIELD_RAWS || type == FIELD_TERMS ||
           type == FIELD_MESSAGES;
}

static int read_field(const struct field *field, const json_t *value, void *out, struct arena *arena,
                      struct problem *problem)
{
    if (is_array(field->type) && !json_is_array(value))
        return bad_type(field->name, value, "an array", problem);
    switch (field->type) {
    case FIELD_U64:
        return read_u64(field, value, out, problem);
    case FIELD_I64:
        return read_i64(field, value, out, problem);
    case FIELD_NUM:
        return read_number(field, value, out, problem);
    case FIELD_FLAG:
        return read_flag(field, value, out, problem);
    case FIELD_TIME:
        return read_time(field, value, out, problem);
    case FIELD_TEXT:
    case FIELD_DAY:
        return read_text(field, value, out, arena, problem);
    case FIELD_BYTES:
        return read_bytes(field, value, out, arena, problem);
    case FIELD_TEXTS:
        return read_texts(field, value, out, arena, problem);
    case FIELD_U64S:
        return read_u64s(field, value, out, arena, problem);
    case FIELD_RAWS:
        return bad_type(field->name, value, "left out: it has no form in JSON", problem);
    case FIELD_TERM:
        return read_term(field, value, -1, out, problem);
    case FIELD_TERMS:
        return read_terms(field, value, out, problem);
    case FIELD_MESSAGE:
        return read_message(field, value, out, arena, problem);
    case FIELD_MESSAGES:
        return read_messages(field, value, out, arena, problem);
    }
    return 0;
}

int json_read_fields(const struct message *message, const json_t *object, void *out, struct arena *arena,
                     struct problem *problem)
{
    msg_bits has = 0;
    const char *key;
    json_t *value;
    memset(out, 0, message->size);
    /* jansson's iterators take no const, but change nothing. */
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const struct field *field = message_field(message, key, (uint32_t)strlen(key));
        if (!field)
            return unknown_field(message, key, problem);
        if (json_is_null(value))
            continue;
        int error = read_field(field, value, (char *)out + field->offset, arena, problem);
        if (error)
            return error;
        has |= (msg_bits)1 << (field - message->fields);
    }
    memcpy(out, &has, sizeof(has));
    return 0;
}

int json_read(const struct message *message, const json_t *object, void *out, struct arena *arena,
              struct problem *problem)
{
    if (!json_is_object(object))
        return bad_type("", object, "an object", problem);
    int error = json_read_fields(message, object, out, arena, problem);
    return error ? error : message_check(message, out, problem);
}

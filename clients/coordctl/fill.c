#include "fill.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "json_read.h"
#include "number.h"

static int not_a(const struct field *field, const char *value, const char *right, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_TYPE, field->name, "`%.80s` must be %s.", value, right);
}

static int fill_number(const struct field *field, void *out, const char *value, struct problem *problem)
{
    char *end;
    if (field->type == FIELD_NUM)
        return number_read(value, out)
                   ? 0
                   : not_a(field, value, "a number such as 1234567.89; whole ones beyond 2^53 would be rounded",
                           problem);
    errno = 0;
    const long long number = strtoll(value, &end, 10);
    if (end == value || *end || errno)
        return not_a(field, value, "a whole number", problem);
    if (field->type == FIELD_U64 && number < 0)
        return not_a(field, value, "0 or more", problem);
    memcpy(out, &number, sizeof number);
    return 0;
}

static int fill_flag(const struct field *field, bool *out, const char *value, struct problem *problem)
{
    *out = strcmp(value, "no") != 0;
    return !*out || value[0] == '\0' || strcmp(value, "yes") == 0 ? 0 : not_a(field, value, "yes or no", problem);
}

static int fill_time(const struct field *field, int64_t *out, const char *value, struct problem *problem)
{
    struct tm tm = {.tm_isdst = -1};
    const char *rest = strptime(value, "%Y-%m-%d", &tm);
    if (rest && *rest == 'T')
        rest = strptime(rest, "T%H:%M", &tm);
    char why[40];
    int end = 0, hours = 0, minutes = 0;
    const bool zoned = rest && *rest == '+';
    if (json_read_bad_day(value, why, sizeof why))
        return problem_set(problem, COORD_E_BAD_DATE, field->name, "`%.60s` is no day: %s.", value, why);
    if (!rest || (zoned && (sscanf(rest, "+%2d:%2d%n", &hours, &minutes, &end) != 2 || hours > 14 || minutes > 59)) ||
        rest[zoned ? end : *rest == 'Z'])
        return problem_set(problem, COORD_E_BAD_DATE, field->name,
                           "`%.60s` is no time; write 2024-06-28, 2024-06-28T16:30 or 2024-06-28T16:30+07:00.", value);
    *out = *rest ? ((int64_t)timegm(&tm) - hours * 3600 - minutes * 60) * 1000 : (int64_t)mktime(&tm) * 1000;
    return 0;
}

static struct text composed(const char *value, struct arena *arena)
{
    json_t *string = json_string(value);
    struct text text = {NULL, 0};
    if (string)
        text = arena_copy(arena, json_read_text(string, arena));
    json_decref(string);
    return text;
}

static int fill_text(const struct field *field, struct text *out, const char *value, struct arena *arena,
                     struct problem *problem)
{
    *out = composed(value, arena);
    if (!out->data && value[0])
        return problem_set(problem, COORD_E_BAD_TEXT, field->name, "This is not UTF-8.");
    return 0;
}

/* One more item at the end of a list that may have some; an empty one empties it. */
static int fill_texts(const struct field *field, struct texts *out, const char *value, struct arena *arena,
                      struct problem *problem)
{
    if (!value[0]) {
        *out = (struct texts){0};
        return 0;
    }
    struct text *items = arena_alloc(arena, (out->count + 1) * sizeof *items);
    if (!items)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    if (out->count)
        memcpy(items, out->items, out->count * sizeof *items);
    const int error = fill_text(field, &items[out->count], value, arena, problem);
    *out = (struct texts){items, out->count + 1};
    return error;
}

static int fill_term(const struct field *field, void *out, const char *value, struct problem *problem)
{
    const int number = term_number(field->vocabulary, value, (uint32_t)strlen(value));
    if (number == 0)
        return field_bad_term(field, text_of(value), -1, problem);
    if (field->type == FIELD_TERM)
        *(int *)out = number;
    else
        *(uint32_t *)out |= TERM_BIT(number);
    return 0;
}

/* `act,read` is both, as it is where they are listed. */
static int fill_terms(const struct field *field, void *out, const char *value, struct problem *problem)
{
    char word[64];
    int error = 0;
    do {
        const size_t size = strcspn(value, ",");
        snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word - 1), value);
        error = fill_term(field, out, word, problem);
        value += size;
    } while (!error && *value++ == ',');
    return error;
}

static int fill_value(const struct field *field, void *out, const char *value, struct arena *arena,
                      struct problem *problem)
{
    switch (field->type) {
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_NUM:
        return fill_number(field, out, value, problem);
    case FIELD_FLAG:
        return fill_flag(field, out, value, problem);
    case FIELD_TIME:
        return fill_time(field, out, value, problem);
    case FIELD_TEXT:
    case FIELD_DAY:
        return fill_text(field, out, value, arena, problem);
    case FIELD_TEXTS:
        return fill_texts(field, out, value, arena, problem);
    case FIELD_TERM:
        return fill_term(field, out, value, problem);
    case FIELD_TERMS:
        return fill_terms(field, out, value, problem);
    default:
        return not_a(field, value, "left out here", problem);
    }
}

/* Agencies and keys are sent whole, over what stands of them: a time that is given empty is taken away. */
static bool is_taken_away(const struct message *message, const struct field *field, const char *value)
{
    return !value[0] && field->type == FIELD_TIME && (message == &message_agency || message == &message_key);
}

int fill_field(const struct message *message, void *out, const struct field *field, const char *value,
               struct arena *arena, struct problem *problem)
{
    void *place = (char *)out + field->offset;
    msg_bits has;
    if (is_taken_away(message, field, value)) {
        memcpy(&has, out, sizeof has);
        has &= ~((msg_bits)1 << (field - message->fields));
        memcpy(out, &has, sizeof has);
        return 0;
    }
    int error = fill_value(field, place, value, arena, problem);
    if (!error)
        error = field_check(field, place, problem);
    memcpy(&has, out, sizeof has);
    has |= (msg_bits)1 << (field - message->fields);
    memcpy(out, &has, sizeof has);
    return error;
}

/* `due-before` is the field due_before. */
static const struct field *field_of(const struct message *message, const char *option)
{
    char name[64];
    snprintf(name, sizeof name, "%s", option);
    for (char *at = name; *at; at++)
        if (*at == '-')
            *at = '_';
    return message_field(message, name, (uint32_t)strlen(name));
}

int fill_option(const struct message *message, void *out, const struct field *field, const struct given *given,
                struct arena *arena, struct problem *problem)
{
    const char *value = given->value ? given->value : "";
    int error = 0;
    if (field->type != FIELD_TEXTS || given->option->kind != VALUE_AGENCY || !strchr(value, ','))
        return fill_field(message, out, field, value, arena, problem);
    do { /* ids have no commas: a list of them may */
        char id[80];
        const size_t size = strcspn(value, ",");
        snprintf(id, sizeof id, "%.*s", (int)(size < sizeof id ? size : sizeof id - 1), value);
        error = fill_field(message, out, field, id, arena, problem);
        value += size;
    } while (!error && *value++ == ',');
    return error;
}

/* Options that say something else than the field of their name: a file to be hashed, a count over all pages, an item of a plan. */
static bool is_taken_apart(const char *option)
{
    return strcmp(option, "evidence") == 0 || strcmp(option, "limit") == 0 || strcmp(option, "plan") == 0;
}

int fill_from_options(const struct message *message, void *out, const struct arguments *arguments, struct arena *arena,
                      struct problem *problem)
{
    for (size_t i = 0; i < arguments->given_count; i++) {
        const struct given *given = &arguments->given[i];
        const struct field *field = field_of(message, given->option->name);
        /* A task is named to people by its reference, and its number is found first. */
        const bool is_task = given->option->kind == VALUE_TASK && field &&
                             (field->type == FIELD_U64 || field->type == FIELD_U64S);
        if (!field || is_task || is_taken_apart(given->option->name))
            continue;
        const int error = fill_option(message, out, field, given, arena, problem);
        if (error)
            return error;
    }
    return 0;
}

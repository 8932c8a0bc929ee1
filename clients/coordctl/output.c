#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "json_print.h"
#include "layout.h"
#include "number.h"
#include "plain.h"

static bool forced;

void output_as_on_terminal(void)
{
    forced = true;
}

bool output_is_terminal(void)
{
    return forced || isatty(STDOUT_FILENO);
}

bool output_has_colour(void)
{
    const char *refused = getenv("NO_COLOR");
    return isatty(STDOUT_FILENO) && !(refused && refused[0]);
}

static void tell(const char *begin, const char *format, va_list arguments)
{
    char text[4096], plain[8192];
    vsnprintf(text, sizeof text, format, arguments);
    plain_copy(text, strlen(text), true, plain, sizeof plain);
    fprintf(stderr, "%s%s\n", begin, plain);
}

static char last_error[600];

const char *output_last_error(void)
{
    return last_error;
}

void output_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    last_error[strcspn(last_error, "\n")] = '\0'; /* what to type next stands behind it */
    va_start(arguments, format);
    tell("coordctl: ", format, arguments);
    va_end(arguments);
}

void output_error_more(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    tell("  ", format, arguments);
    va_end(arguments);
}

const char *output_plain(struct text text)
{
    static char shown[OUTPUT_PLAIN][4 * 4096]; /* a note of 4096 bytes, nearly all of it harmless */
    static unsigned next;
    char *place = shown[next++ % OUTPUT_PLAIN];
    plain_copy(text.data ? text.data : "", text.size, false, place, sizeof shown[0]);
    return place;
}

int output_end(void)
{
    const bool pending = __fpending(stdout) != 0, failed = ferror(stdout) != 0;
    errno = 0;
    /* A standard output that was closed from the beginning is no failure when nothing was to be written. */
    if ((fclose(stdout) == 0 || (errno == EBADF && !pending)) && !failed)
        return 0;
    output_error("standard output could not be written%s%s", errno ? ": " : "", errno ? strerror(errno) : "");
    return -1;
}

/* ---- values ---- */

void value_show_zone(char *text, size_t size)
{
    const time_t now = time(NULL);
    struct tm tm;
    char zone[8];
    localtime_r(&now, &tm);
    strftime(zone, sizeof zone, "%z", &tm); /* +0700 */
    snprintf(text, size, "%.3s:%s", zone, zone + 3);
}

void value_show_time(int64_t time_ms, char *text, size_t size)
{
    const time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    localtime_r(&seconds, &tm);
    strftime(text, size, "%Y-%m-%d %H:%M", &tm);
}

bool value_show_end(int64_t end_ms, char *text, size_t size)
{
    value_show_time(end_ms, text, size);
    const bool is_end = strcmp(text + strlen("2024-06-28 "), "00:00") == 0;
    if (is_end) {
        value_show_time(end_ms - 1, text, size);
        text[strlen("2024-06-28")] = '\0';
    }
    return is_end;
}

/* On a terminal a list may break behind each comma; a script splits at commas alone. */
static const char *comma(void)
{
    return output_is_terminal() ? ", " : ",";
}

static void show_texts(const struct texts *texts, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < texts->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.*s", i ? comma() : "", TEXT_ARGS(texts->items[i]));
}

static void show_terms(const struct vocabulary *vocabulary, uint32_t mask, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 1; i <= vocabulary->count && used < size; i++)
        if (mask & TERM_BIT(i))
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? comma() : "", term_name(vocabulary, i));
}

static void show_bytes(const struct text *bytes, char *text, size_t size)
{
    text[0] = '\0';
    for (uint32_t i = 0; i < bytes->size && 2 * i + 2 < size; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned char)bytes->data[i]);
}

void value_show(const struct field *field, const void *value, char *text, size_t size)
{
    const struct text *string = value;
    char number[NUMBER_TEXT];
    text[0] = '\0';
    switch (field->type) {
    case FIELD_U64:
        snprintf(text, size, "%llu", *(const unsigned long long *)value);
        break;
    case FIELD_I64:
        snprintf(text, size, "%lld", *(const long long *)value);
        break;
    case FIELD_NUM:
        number_write(*(const double *)value, number);
        snprintf(text, size, "%s", number);
        break;
    case FIELD_FLAG:
        snprintf(text, size, "%s", *(const bool *)value ? "yes" : "no");
        break;
    case FIELD_TIME:
        value_show_time(*(const int64_t *)value, text, size);
        break;
    case FIELD_TEXT:
    case FIELD_DAY:
        snprintf(text, size, "%.*s", TEXT_ARGS(*string));
        break;
    case FIELD_BYTES:
        show_bytes(string, text, size);
        break;
    case FIELD_TEXTS:
        show_texts(value, text, size);
        break;
    case FIELD_TERM:
        snprintf(text, size, "%s", term_name(field->vocabulary, *(const int *)value));
        break;
    case FIELD_TERMS:
        show_terms(field->vocabulary, *(const uint32_t *)value, text, size);
        break;
    case FIELD_U64S:
    case FIELD_RAWS:
    case FIELD_MESSAGE:
    case FIELD_MESSAGES:
        break;
    }
}

/* ---- one item ---- */

/* Items are counted from 0, as in the paths of fields (`steps[0]`) and in what is told of a step. */
static void show_nested(const struct field *field, const void *value)
{
    if (field->type == FIELD_MESSAGE) {
        output_fields(field->message, value);
        return;
    }
    struct u64s items; /* every array of messages has this shape */
    memcpy(&items, value, sizeof items);
    for (uint32_t i = 0; i < items.count; i++) {
        printf(output_is_terminal() ? "%-18s %u\n" : "%s\t%u\n", field->name, (unsigned)i);
        output_fields(field->message, (const char *)items.items + (size_t)i * field->message->size);
    }
}

static bool is_in(const char *words, const char *word)
{
    const size_t size = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += size)
        if ((at == words || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
            return true;
    return false;
}

/* A field's name as people read it: the wire's, with spaces. */
static void print_label(const char *prefix, const char *name)
{
    char label[64];
    snprintf(label, sizeof label, "%s%s", prefix, name);
    for (char *at = label; *at; at++)
        if (*at == '_')
            *at = ' ';
    printf("%-18s ", label);
}

void output_fields(const struct message *message, const void *item)
{
    output_fields_but(message, item, "");
}

static void print_fields(const struct message *message, const void *item, const char *prefix, const char *skipped)
{
    char text[20000], plain[20000];
    msg_bits has;
    memcpy(&has, item, sizeof has);
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        const void *value = (const char *)item + field->offset;
        if (!(has >> i & 1) || field->type == FIELD_RAWS || field->type == FIELD_U64S || is_in(skipped, field->name))
            continue;
        if (field->type == FIELD_MESSAGE || field->type == FIELD_MESSAGES) {
            show_nested(field, value);
            continue;
        }
        value_show(field, value, text, sizeof text);
        if (!output_is_terminal()) {
            plain_copy(text, strlen(text), false, plain, sizeof plain);
            printf("%s%s\t%s\n", prefix, field->name, plain);
            continue;
        }
        print_label(prefix, field->name);
        layout_print(19, text);
    }
}

void output_fields_but(const struct message *message, const void *item, const char *skipped)
{
    print_fields(message, item, "", skipped);
}

void output_fields_as(const struct message *message, const void *item, const char *prefix)
{
    print_fields(message, item, prefix, "");
}

static bool had_json;

bool output_had_json(void)
{
    return had_json;
}

void output_json(json_t *value)
{
    had_json = true;
    json_print(stdout, value, output_is_terminal() ? JSON_INDENTED : JSON_SPACED);
    putchar('\n');
    json_decref(value);
}

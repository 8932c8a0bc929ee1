#include "json_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "layout.h"

static json_t *write_text(const struct text *text)
{
    return json_stringn(text->data ? text->data : "", text->size);
}

static json_t *write_time(int64_t time_ms)
{
    char text[64], zone[8];
    const time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    localtime_r(&seconds, &tm);
    size_t used = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (time_ms % 1000)
        used += (size_t)snprintf(text + used, sizeof text - used, ".%03d", (int)(time_ms % 1000));
    strftime(zone, sizeof zone, "%z", &tm);
    snprintf(text + used, sizeof text - used, "%.3s:%s", zone, zone + 3);
    return json_string(text);
}

static json_t *write_bytes(const struct text *bytes)
{
    char *digits = malloc(2 * (size_t)bytes->size + 1);
    if (!digits)
        return NULL;
    digits[0] = '\0';
    for (uint32_t i = 0; i < bytes->size; i++)
        snprintf(digits + 2 * i, 3, "%02x", (unsigned char)bytes->data[i]);
    json_t *string = json_string(digits);
    free(digits);
    return string;
}

static json_t *write_texts(const struct texts *texts)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < texts->count; i++)
        json_array_append_new(array, write_text(&texts->items[i]));
    return array;
}

static json_t *write_u64s(const struct u64s *numbers)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < numbers->count; i++)
        json_array_append_new(array, json_integer((json_int_t)numbers->items[i]));
    return array;
}

static json_t *write_terms(const struct vocabulary *vocabulary, uint32_t mask)
{
    json_t *array = json_array();
    for (int i = 1; i <= vocabulary->count; i++)
        if (mask & TERM_BIT(i))
            json_array_append_new(array, json_string(term_name(vocabulary, i)));
    return array;
}

static json_t *write_messages(const struct message *message, const struct u64s *items)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < items->count; i++)
        json_array_append_new(array, json_write(message, (const char *)items->items + (size_t)i * message->size));
    return array;
}

static json_t *write_field(const struct field *field, const void *value)
{
    switch (field->type) {
    case FIELD_U64:
        return json_integer((json_int_t) * (const uint64_t *)value);
    case FIELD_I64:
        return json_integer(*(const int64_t *)value);
    case FIELD_NUM:
        return json_real(*(const double *)value);
    case FIELD_FLAG:
        return json_boolean(*(const bool *)value);
    case FIELD_TIME:
        return write_time(*(const int64_t *)value);
    case FIELD_TEXT:
    case FIELD_DAY:
        return write_text(value);
    case FIELD_BYTES:
        return write_bytes(value);
    case FIELD_TEXTS:
        return write_texts(value);
    case FIELD_U64S:
        return write_u64s(value);
    case FIELD_TERM:
        return json_string(term_name(field->vocabulary, *(const int *)value));
    case FIELD_TERMS:
        return write_terms(field->vocabulary, *(const uint32_t *)value);
    case FIELD_MESSAGE:
        return json_write(field->message, value);
    case FIELD_MESSAGES:
        return write_messages(field->message, value);
    case FIELD_RAWS:
        return NULL;
    }
    return NULL;
}

json_t *json_write(const struct message *message, const void *item)
{
    json_t *object = json_object();
    uint64_t has;
    memcpy(&has, item, sizeof has);
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        json_t *value = has >> i & 1 ? write_field(field, (const char *)item + field->offset) : NULL;
        if (value)
            json_object_set_new(object, field->name, value);
    }
    return object;
}

/* ---- order ---- */

struct keyed {
    const char *key;
    json_t *value;
};

static int by_key(const void *a, const void *b)
{
    return layout_compare(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

void json_sort(json_t **array, const char *member)
{
    const size_t count = json_array_size(*array);
    struct keyed *sorted = calloc(count + 1, sizeof *sorted);
    json_t *result = json_array();
    if (!sorted || !result)
        abort();
    for (size_t i = 0; i < count; i++) {
        json_t *value = json_array_get(*array, i);
        const char *key = json_string_value(json_object_get(value, member));
        sorted[i] = (struct keyed){key ? key : "", value};
    }
    qsort(sorted, count, sizeof *sorted, by_key);
    for (size_t i = 0; i < count; i++)
        json_array_append(result, sorted[i].value);
    json_decref(*array);
    *array = result;
    free(sorted);
}

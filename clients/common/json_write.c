#include "json_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static json_t *write_text(const struct text *text)
{
    return json_stringn(text->data ? text->data : "", text->size);
}

static json_t *write_time(int64_t time_ms, enum json_times times)
{
    char text[64], zone[8];
    const time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    if (times == JSON_TIMES_MS)
        return json_integer(time_ms);
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

static json_t *write_messages(const struct message *message, const struct u64s *items, enum json_times times)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < items->count; i++)
        json_array_append_new(array,
                              json_write_as(message, (const char *)items->items + (size_t)i * message->size, times));
    return array;
}

static json_t *write_field(const struct field *field, const void *value, enum json_times times)
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
        return write_time(*(const int64_t *)value, times);
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
        return json_write_as(field->message, value, times);
    case FIELD_MESSAGES:
        return write_messages(field->message, value, times);
    case FIELD_RAWS:
        return NULL;
    }
    return NULL;
}

json_t *json_write_as(const struct message *message, const void *item, enum json_times times)
{
    json_t *object = json_object();
    msg_bits has;
    memcpy(&has, item, sizeof has);
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        json_t *value = has >> i & 1 ? write_field(field, (const char *)item + field->offset, times) : NULL;
        if (value)
            json_object_set_new(object, field->name, value);
    }
    return object;
}

json_t *json_write(const struct message *message, const void *item)
{
    return json_write_as(message, item, JSON_TIMES_LOCAL);
}

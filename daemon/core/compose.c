#include "core/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/unicode.h"
#include "check.h"
#include "core/naming.h"

/* What is done to one message, and what came of it. */
struct composing {
    struct arena *arena;
    struct problem *problem;
    uint64_t most;   /* bytes that may be asked of Unicode's tables… */
    uint64_t left;   /* …and that are left of them */
    bool is_settled; /* no text changes: their bounds and rules are all that is left to look at */
    /* Some text has to be held against its bounds: it is another than was decoded, or longer than they allow. */
    bool is_other;
};

static int compose_fields(struct composing *composing, const struct message *message, char *in);

static int compose_text(struct composing *composing, const char *field, struct text *text, uint64_t size_max)
{
    const char *before = text->data;
    const enum unicode_result result = composing->is_settled
                                           ? UNICODE_COMPOSED
                                           : unicode_compose(composing->arena, *text, &composing->left, text);
    switch (result) {
    case UNICODE_COMPOSED:
        break;
    case UNICODE_TOO_MUCH:
        return problem_set(composing->problem, COORD_E_BAD_TEXT, field,
                           "With `%s` more than %llu bytes of the request's texts are not composed; send them in NFC.",
                           field, (unsigned long long)composing->most);
    case UNICODE_MARKS:
        return problem_set(composing->problem, COORD_E_BAD_TEXT, field,
                           "`%s` has more than %d combining marks in a row; no writing needs so many.", field,
                           UNICODE_MARKS_MAX);
    }
    composing->is_other |= text->data != before || text->size > size_max;
    return 0;
}

static int compose_texts(struct composing *composing, const char *field, const struct texts *texts)
{
    /* The decoder's arena holds the array: it is const for those who only read. */
    struct text *items = (struct text *)(uintptr_t)texts->items;
    int error = 0;
    for (uint32_t i = 0; !error && i < texts->count; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s[%" PRIu32 "]", field, i);
        error = compose_text(composing, path, &items[i], TEXTS_ITEM_MAX);
    }
    return error;
}

static int compose_messages(struct composing *composing, const struct field *field, const struct u64s *array)
{
    char *items = (char *)(uintptr_t)array->items;
    for (uint32_t i = 0; i < array->count; i++) {
        char path[96];
        if (!compose_fields(composing, field->message, items + (size_t)i * field->message->size))
            continue;
        snprintf(path, sizeof path, "%s[%" PRIu32 "]", field->name, i);
        problem_within(composing->problem, path);
        return composing->problem->error;
    }
    return 0;
}

static int check_rule(const struct field *field, struct text text, struct problem *problem)
{
    if (field->rule == TEXT_WORDS)
        return naming_check_seen(text, field->name, problem);
    return field_check_line(field, text, problem);
}

static int compose_field(struct composing *composing, const struct field *field, char *slot)
{
    int error = 0;
    switch (field->type) {
    case FIELD_TEXT:
        error = compose_text(composing, field->name, (struct text *)slot, field->max);
        return error ? error : check_rule(field, *(const struct text *)slot, composing->problem);
    case FIELD_TEXTS:
        return compose_texts(composing, field->name, (const struct texts *)slot);
    case FIELD_MESSAGE:
        error = compose_fields(composing, field->message, slot);
        if (error)
            problem_within(composing->problem, field->name);
        return error;
    case FIELD_MESSAGES:
        return compose_messages(composing, field, (const struct u64s *)slot);
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_NUM:
    case FIELD_FLAG:
    case FIELD_TIME:
    case FIELD_DAY:
    case FIELD_BYTES:
    case FIELD_U64S:
    case FIELD_RAWS:
    case FIELD_TERM:
    case FIELD_TERMS:
        break;
    }
    return 0;
}

static int compose_fields(struct composing *composing, const struct message *message, char *in)
{
    msg_bits has;
    int error = 0;
    memcpy(&has, in, sizeof has);
    for (msg_bits left = has; !error && left; left &= left - 1) {
        const struct field *field = &message->fields[msg_bits_first(left)];
        error = compose_field(composing, field, in + field->offset);
    }
    return error;
}

int compose_message(struct arena *arena, const struct message *message, void *in, bool is_settled, uint64_t most,
                    uint64_t *looked, struct problem *problem)
{
    struct composing composing = {
        .arena = arena, .problem = problem, .most = most, .left = most, .is_settled = is_settled};
    int error = compose_fields(&composing, message, in);
    *looked += most - composing.left;
    return error || !composing.is_other ? error : message_check(message, in, problem);
}

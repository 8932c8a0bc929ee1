/* For tests/msgpack.py: values of msgpack through our decoder and our encoder. Each line that is read, `TYPE HEX`, is
 * answered by a line: `ok HEX`, what the encoder writes of what the decoder read, or the name of the error. HEX is
 * the value of a frame's only field, which has that type and the widest bounds; TYPE `frame` is a whole frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define LINE_MAX_BYTES (4 * 1024 * 1024)

struct value {
    msg_bits has;
    union {
        uint64_t number;
        struct text text;
        struct u64s array;
        struct msg_credit credit;
    } v;
};

#define FIELD(type_, min_, max_, vocabulary_, message_)                                                                \
    {                                                                                                                  \
        FIELD_NAMED(v), .sentence = "A value.", .type = type_, .required = true, .offset = offsetof(struct value, v),  \
                        .min = min_, .max = max_, .vocabulary = vocabulary_, .message = message_                       \
    }

static const struct {
    const char *name;
    struct field field;
} types[] = {
    {"u64", FIELD(FIELD_U64, 0, UINT64_MAX, NULL, NULL)},
    {"i64", FIELD(FIELD_I64, INT64_MIN, INT64_MAX, NULL, NULL)},
    {"time", FIELD(FIELD_TIME, 0, INT64_MAX, NULL, NULL)},
    {"num", FIELD(FIELD_NUM, 0, 0, NULL, NULL)},
    {"flag", FIELD(FIELD_FLAG, 0, 0, NULL, NULL)},
    {"text", FIELD(FIELD_TEXT, 0, 1048576, NULL, NULL)},
    {"bytes", FIELD(FIELD_BYTES, 0, 1048576, NULL, NULL)},
    {"texts", FIELD(FIELD_TEXTS, 0, 131072, NULL, NULL)},
    {"u64s", FIELD(FIELD_U64S, 0, 131072, NULL, NULL)},
    {"raws", FIELD(FIELD_RAWS, 0, 131072, NULL, NULL)},
    {"term", FIELD(FIELD_TERM, 0, 0, &vocabulary_state, NULL)},
    {"terms", FIELD(FIELD_TERMS, 0, 0, &vocabulary_state, NULL)},
    {"message", FIELD(FIELD_MESSAGE, 0, 0, NULL, &message_credit)},
    {"messages", FIELD(FIELD_MESSAGES, 0, 131072, NULL, &message_credit)},
};
#define TYPE_COUNT (sizeof types / sizeof *types)

static const char head[] = "\x82\xA2op\xA1t\xA1v"; /* {"op": "t", "v": … */
#define HEAD_SIZE (sizeof head - 1)

static const struct field *field_of(const char *name)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i].field;
    return NULL;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t read_hex(const char *hex, char *out)
{
    size_t size = 0;
    for (; digit(hex[0]) >= 0 && digit(hex[1]) >= 0; hex += 2)
        out[size++] = (char)(digit(hex[0]) * 16 + digit(hex[1]));
    return size;
}

static void recode(struct decoder *decoder, const struct field *field, const char *frame, size_t size)
{
    const struct message message = {.name = "value",
                                    .sentence = "A value.",
                                    .fields = field,
                                    .count = 1,
                                    .needed = 1,
                                    .size = sizeof(struct value)};
    struct value value;
    struct envelope envelope;
    struct problem problem;
    struct buffer out = {0};
    int error = decoder_open(decoder, frame, size, &envelope, &problem);
    if (!error)
        error = decoder_read(decoder, &message, &value, &problem);
    if (!error)
        error = message_check(&message, &value, &problem);
    if (error) {
        puts(error_row(error)->name);
        return;
    }
    message_encode(&out, "t", (struct text){0}, &message, &value);
    fputs("ok ", stdout);
    for (size_t i = HEAD_SIZE; i < out.size; i++)
        printf("%02x", (unsigned char)out.data[i]);
    putchar('\n');
    buffer_done(&out);
}

int main(void)
{
    struct decoder *decoder = decoder_new();
    char *line = malloc(LINE_MAX_BYTES), *frame = malloc(LINE_MAX_BYTES / 2);
    if (!decoder || !line || !frame)
        return 1;
    memcpy(frame, head, HEAD_SIZE);
    while (fgets(line, LINE_MAX_BYTES, stdin)) {
        char *hex = strchr(line, ' ');
        if (!hex)
            return 1;
        *hex++ = '\0';
        const bool whole = strcmp(line, "frame") == 0;
        const struct field *field = field_of(whole ? "u64" : line);
        if (!field)
            return 1;
        const size_t before = whole ? 0 : HEAD_SIZE, size = before + read_hex(hex, frame + before);
        recode(decoder, field, frame, size);
        if (whole)
            memcpy(frame, head, HEAD_SIZE);
    }
    free(line);
    free(frame);
    decoder_free(decoder);
    return 0;
}

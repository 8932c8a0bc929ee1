/* Rows that are read without the decoder: whatever is taken so the decoder takes as well, and as the same; and what this program
 * writes is taken so, which nothing else would show.
 */
#include "core/row_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/row.h"
#include "unit/test.h"

static struct decoder *decoder;
static struct arena arena;

/* All fields that are not messages themselves, each with a value within its bounds; `from` is where the numbers begin. */
static void fill(const struct message *message, int64_t from, void *row)
{
    static const uint64_t numbers[] = {0, 127, 128, 255, 256, 65535, 65536, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX};
    msg_bits has = 0;
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        void *value = (char *)row + field->offset;
        const uint64_t number = from < 0 ? 0 : (uint64_t)from;
        if (field->type == FIELD_U64)
            *(coord_u64 *)value = number < (uint64_t)field->min ? (uint64_t)field->min
                                  : number > field->max         ? field->max
                                                                : number;
        else if (field->type == FIELD_TIME)
            *(coord_time *)value = from < field->min ? field->min : from;
        else if (field->type == FIELD_NUM)
            *(coord_num *)value = (double)from / 4;
        else if (field->type == FIELD_TERM)
            *(int *)value = 1 + (int)(number % (uint64_t)field->vocabulary->count);
        else if (field->type == FIELD_BYTES)
            *(coord_bytes *)value = TEXT("\x01\x02\xC3\xA0");
        else if (field->type == FIELD_U64S)
            *(coord_u64s *)value = (coord_u64s){numbers, field->max < 10 ? (uint32_t)field->max : 10};
        else
            continue;
        has |= (msg_bits)1 << i;
    }
    memcpy(row, &has, sizeof has);
}

static void write_row(struct buffer *bytes, const struct message *message, const void *row)
{
    buffer_clear(bytes);
    message_encode(bytes, "row", (struct text){0}, message, row);
}

/* Reads bytes of just that size, so that whoever reads beyond them is seen to. */
static bool is_read(const void *bytes, size_t size, const struct message *message, void *row)
{
    void *own = malloc(size ? size : 1);
    assert_non_null(own);
    memcpy(own, bytes, size);
    arena_clear(&arena);
    const bool taken = row_read(own, size, message, &arena, row);
    struct buffer mine = {0};
    if (taken)
        write_row(&mine, message, row);
    struct envelope envelope;
    struct problem problem = {0};
    struct buffer theirs = {0};
    union {
        struct msg_task_row task;
        struct msg_requests_row requests;
    } other;
    if (taken) {
        assert_int_equal(decoder_open(decoder, own, size, &envelope, &problem), 0);
        assert_true(text_equal(envelope.op, TEXT("row")));
        assert_int_equal(decoder_read(decoder, message, &other, &problem), 0);
        write_row(&theirs, message, &other);
        assert_int_equal(mine.size, theirs.size);
        assert_memory_equal(mine.data, theirs.data, mine.size);
    }
    buffer_done(&mine);
    buffer_done(&theirs);
    free(own);
    return taken;
}

static void begin(void)
{
    decoder = decoder_new();
    assert_non_null(decoder);
    arena_init(&arena);
}

static void end(void)
{
    decoder_free(decoder);
    arena_done(&arena);
}

TEST(what_this_program_writes_is_read_whatever_the_numbers_in_it)
{
    static const int64_t numbers[] = {INT64_MIN,  INT32_MIN - INT64_C(1),
                                      INT32_MIN,  -32769,
                                      -32768,     -129,
                                      -128,       -33,
                                      -32,        -1,
                                      0,          1,
                                      127,        128,
                                      255,        256,
                                      65535,      65536,
                                      UINT32_MAX, INT64_C(1) << 32,
                                      INT64_MAX};
    struct buffer bytes = {0};
    begin();
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct msg_task_row task = {0}, task_again;
        struct msg_requests_row requests = {0}, requests_again;
        fill(&message_task_row, numbers[i], &task);
        write_row(&bytes, &message_task_row, &task);
        assert_true(is_read(bytes.data, bytes.size, &message_task_row, &task_again));
        assert_int_equal(task_again.due, task.due);
        assert_int_equal(task_again.record, task.record);
        assert_true(task_again.has == task.has);
        fill(&message_requests_row, numbers[i], &requests);
        write_row(&bytes, &message_requests_row, &requests);
        assert_true(is_read(bytes.data, bytes.size, &message_requests_row, &requests_again));
        assert_int_equal(requests_again.first, requests.first);
    }
    buffer_done(&bytes);
    end();
}

TEST(long_runs_and_many_numbers_are_read)
{
    static char pack[70000];
    static const uint32_t sizes[] = {1, 31, 32, 255, 256, 65535, 65536, sizeof pack};
    struct buffer bytes = {0};
    uint64_t turns[2048];
    begin();
    for (uint32_t i = 0; i < 2048; i++)
        turns[i] = i * UINT64_C(0x10001);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct msg_task_row row = {0}, again;
        fill(&message_task_row, 1, &row);
        row.pack = (struct text){pack, sizes[i]};
        row.turns = (struct u64s){turns, sizes[i] < 2048 ? sizes[i] : 2048};
        write_row(&bytes, &message_task_row, &row);
        assert_true(is_read(bytes.data, bytes.size, &message_task_row, &again));
        assert_int_equal(again.pack.size, sizes[i]);
        assert_int_equal(again.turns.count, row.turns.count);
    }
    buffer_done(&bytes);
    end();
}

TEST(what_is_cut_or_changed_anywhere_is_left_to_the_decoder_or_is_what_it_makes_of_it)
{
    static const uint8_t values[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xA4, 0xBF, 0xC0, 0xC2,
                                     0xC4, 0xC5, 0xC6, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xD0, 0xD1, 0xD2,
                                     0xD3, 0xD9, 0xDA, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xFF};
    struct msg_task_row row = {0}, again;
    struct buffer bytes = {0};
    int taken = 0;
    begin();
    fill(&message_task_row, 70000, &row);
    write_row(&bytes, &message_task_row, &row);
    for (size_t size = 0; size < bytes.size; size++)
        assert_false(is_read(bytes.data, size, &message_task_row, &again));
    for (size_t at = 0; at < bytes.size; at++)
        for (size_t i = 0; i < sizeof values; i++) {
            const char kept = bytes.data[at];
            bytes.data[at] = (char)values[i];
            taken += is_read(bytes.data, bytes.size, &message_task_row, &again);
            bytes.data[at] = kept;
        }
    assert_in_range(taken, 500, (int)(bytes.size * sizeof values)); /* a number is another number */
    buffer_append(&bytes, "\xC0", 1);
    assert_false(is_read(bytes.data, bytes.size, &message_task_row, &again));
    buffer_done(&bytes);
    end();
}

/* What another program might write, and what no program may. */
TEST(what_is_not_as_this_program_writes_it_is_left_to_the_decoder)
{
    static const struct {
        const char *what, *bytes;
        size_t size;
    } rows[] = {
#define ROW(what, bytes) {what, bytes, sizeof bytes - 1}
        ROW("fields in another order", "\x83\xA2op\xA3row\xA7"
                                       "entries\xC4\x00\xA5"
                                       "first\x01"),
        ROW("a key twice", "\x84\xA2op\xA3row\xA5"
                           "first\x01\xA5"
                           "first\x01\xA7"
                           "entries\xC4\x00"),
        ROW("a key that nobody knows", "\x84\xA2op\xA3row\xA5"
                                       "first\x01\xA7"
                                       "entries\xC4\x00\xA5"
                                       "other\x01"),
        ROW("nil", "\x84\xA2op\xA3row\xA5"
                   "first\x01\xA7"
                   "entries\xC4\x00\xA6"
                   "agency\xC0"),
        ROW("a required field is missing", "\x82\xA2op\xA3row\xA5"
                                           "first\x01"),
        ROW("a number is a text", "\x83\xA2op\xA3row\xA5"
                                  "first\xA1"
                                  "1\xA7"
                                  "entries\xC4\x00"),
        ROW("a number below its bounds", "\x83\xA2op\xA3row\xA5"
                                         "first\xFF\xA7"
                                         "entries\xC4\x00"),
        ROW("a number above its bounds", "\x83\xA2op\xA3row\xA5"
                                         "first\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xA7"
                                         "entries\xC4\x00"),
        ROW("a text in the place of bytes", "\x83\xA2op\xA3row\xA5"
                                            "first\x01\xA7"
                                            "entries\xA0"),
        ROW("another op", "\x83\xA2op\xA3wor\xA5"
                          "first\x01\xA7"
                          "entries\xC4\x00"),
        ROW("an id", "\x84\xA2op\xA3row\xA2id\xA1"
                     "1\xA5"
                     "first\x01\xA7"
                     "entries\xC4\x00"),
        ROW("no map", "\x93\xA2op\xA3row\x01"),
        ROW("an empty map", "\x80"),
#undef ROW
    };
    struct msg_requests_row row;
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is_read(rows[i].bytes, rows[i].size, &message_requests_row, &row))
            fail_msg("taken: %s", rows[i].what);
    static const char sound[] = "\x83\xA2op\xA3row\xA5"
                                "first\x01\xA7"
                                "entries\xC4\x00";
    assert_true(is_read(sound, sizeof sound - 1, &message_requests_row, &row));
    end();
}

TEST(what_is_no_number_is_left_to_the_decoder)
{
    const double none[] = {NAN, INFINITY, -INFINITY};
    struct buffer bytes = {0};
    begin();
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct msg_task_row row = {0}, again;
        fill(&message_task_row, 1, &row);
        row.value = none[i];
        write_row(&bytes, &message_task_row, &row);
        assert_false(is_read(bytes.data, bytes.size, &message_task_row, &again));
    }
    buffer_done(&bytes);
    end();
}

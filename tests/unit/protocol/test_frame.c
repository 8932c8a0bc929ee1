#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "filler.h"
#include "frame.h"
#include "value.h"

/* The bytes lie in memory of just their size, so that valgrind and ASan see a read beyond them. */
static int scan(const char *bytes, size_t size)
{
    struct problem problem = {0};
    char *exact = malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    int error = frame_scan(exact, size, &problem);
    free(exact);
    assert_int_equal(error, problem.error);
    if (error)
        test_saw(&problem);
    return error;
}
#define SCAN(literal) scan("" literal, sizeof literal - 1)

TEST(an_empty_map_is_the_smallest_frame)
{
    assert_int_equal(SCAN("\x80"), 0);
    assert_int_equal(SCAN("\xDE\x00\x00"), 0);
    assert_int_equal(SCAN("\xDF\x00\x00\x00\x00"), 0);
}

TEST(what_is_not_one_whole_map_is_malformed)
{
    assert_int_equal(SCAN(""), COORD_E_FRAME_MALFORMED);
    assert_int_equal(SCAN("\xC0"), COORD_E_FRAME_MALFORMED);
    assert_int_equal(SCAN("\x05"), COORD_E_FRAME_MALFORMED);
    assert_int_equal(SCAN("\x90"), COORD_E_FRAME_MALFORMED);
    assert_int_equal(SCAN("\xA1x"), COORD_E_FRAME_MALFORMED);
    assert_int_equal(SCAN("\x80\x80"), COORD_E_FRAME_MALFORMED);
    assert_int_equal(SCAN("\x80\x00"), COORD_E_FRAME_MALFORMED);
    assert_int_equal(SCAN("\x81\x01\xC1"), COORD_E_FRAME_MALFORMED); /* a byte that msgpack never uses */
    struct problem problem;
    assert_int_equal(frame_scan(NULL, 0, &problem), COORD_E_FRAME_MALFORMED);
}

TEST(counts_beyond_the_bytes_are_refused_before_any_memory)
{
    assert_int_equal(SCAN("\xDD\xFF\xFF\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\xDF\xFF\xFF\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\xDE\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x8F"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xDD\xFF\xFF\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xDC\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\x9F"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xDB\xFF\xFF\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xDA\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xD9\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xBFxx"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xC6\xFF\xFF\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xC5\xFF\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xC4\xFF"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xC9\xFF\xFF\xFF\xFF\x01"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xC8\xFF\xFF\x01"), COORD_E_FRAME_TOO_MANY);
    assert_int_equal(SCAN("\x81\x01\xC7\x01\x01"), COORD_E_FRAME_TOO_MANY);
}

/* As TEXT, but a constant. */
#define VALUE(literal)                                                                                                 \
    {                                                                                                                  \
        (literal), sizeof literal - 1                                                                                  \
    }

TEST(every_encoding_of_a_value_is_walked_to_its_end)
{
    static const struct text values[] = {
        VALUE("\x00"),
        VALUE("\x7F"),
        VALUE("\xE0"),
        VALUE("\xFF"),
        VALUE("\xC0"),
        VALUE("\xC2"),
        VALUE("\xC3"),
        VALUE("\xC4\x02xx"),
        VALUE("\xC5\x00\x02xx"),
        VALUE("\xC6\x00\x00\x00\x02xx"),
        VALUE("\xC7\x02Txx"),
        VALUE("\xC8\x00\x02Txx"),
        VALUE("\xC9\x00\x00\x00\x02Txx"),
        VALUE("\xCA"
              "1234"),
        VALUE("\xCB"
              "12345678"),
        VALUE("\xCC"
              "1"),
        VALUE("\xCD"
              "12"),
        VALUE("\xCE"
              "1234"),
        VALUE("\xCF"
              "12345678"),
        VALUE("\xD0"
              "1"),
        VALUE("\xD1"
              "12"),
        VALUE("\xD2"
              "1234"),
        VALUE("\xD3"
              "12345678"),
        VALUE("\xD4T1"),
        VALUE("\xD5T12"),
        VALUE("\xD6T1234"),
        VALUE("\xD7T12345678"),
        VALUE("\xD8T1234567812345678"),
        VALUE("\xD9\x02xx"),
        VALUE("\xDA\x00\x02xx"),
        VALUE("\xDB\x00\x00\x00\x02xx"),
        VALUE("\xA2xx"),
        VALUE("\xA0"),
        VALUE("\x92\x01\x02"),
        VALUE("\xDC\x00\x02\x01\x02"),
        VALUE("\xDD\x00\x00\x00\x02\x01\x02"),
        VALUE("\x90"),
        VALUE("\x81\x01\x02"),
        VALUE("\xDE\x00\x01\x01\x02"),
        VALUE("\xDF\x00\x00\x00\x01\x01\x02"),
        VALUE("\x80"),
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct buffer frame = {0};
        buffer_append(&frame, "\x82\x01", 2);
        buffer_append(&frame, values[i].data, values[i].size);
        buffer_append(&frame, "\x02\x03", 2);
        assert_int_equal(scan(frame.data, frame.size), 0);
        assert_ptr_equal(value_skip(frame.data + 2), frame.data + 2 + values[i].size);
        for (size_t size = 0; size < frame.size; size++) {
            int error = scan(frame.data, size);
            assert_true(error == COORD_E_FRAME_MALFORMED || error == COORD_E_FRAME_TOO_MANY);
        }
        buffer_done(&frame);
    }
}

/* {1: {1: … }} or {1: [[ … ]]}, `depth` maps and arrays in all. */
static int scan_nested(char container, size_t depth)
{
    struct buffer frame = {0};
    buffer_append(&frame, "\x81\x01", 2);
    for (size_t i = 1; i < depth; i++)
        if (container == '{')
            buffer_append(&frame, "\x81\x01", 2);
        else
            buffer_append(&frame, "\x91", 1);
    buffer_append(&frame, "\xC0", 1);
    int error = scan(frame.data, frame.size);
    buffer_done(&frame);
    return error;
}

TEST(eight_levels_are_allowed_and_nine_are_not)
{
    assert_int_equal(scan_nested('{', FRAME_DEPTH_MAX), 0);
    assert_int_equal(scan_nested('[', FRAME_DEPTH_MAX), 0);
    assert_int_equal(scan_nested('{', FRAME_DEPTH_MAX + 1), COORD_E_FRAME_TOO_DEEP);
    assert_int_equal(scan_nested('[', FRAME_DEPTH_MAX + 1), COORD_E_FRAME_TOO_DEEP);
    assert_int_equal(scan_nested('[', 100000), COORD_E_FRAME_TOO_DEEP);
}

TEST(depth_counts_only_what_is_open)
{
    /* Many shallow arrays, one after the other. */
    struct buffer frame = {0};
    buffer_append(&frame, "\x81\x01\xDC\x10\x00", 5);
    for (int i = 0; i < 0x1000; i++)
        buffer_append(&frame, "\x91\x90", 2);
    assert_int_equal(scan(frame.data, frame.size), 0);
    buffer_done(&frame);
}

/* {1: [nil, …]} */
static int scan_array(uint32_t count)
{
    struct buffer frame = {0};
    const unsigned char head[] = {0x81,
                                  0x01,
                                  0xDD,
                                  (unsigned char)(count >> 24),
                                  (unsigned char)(count >> 16),
                                  (unsigned char)(count >> 8),
                                  (unsigned char)count};
    buffer_append(&frame, head, sizeof head);
    memset(buffer_extend(&frame, count), 0xC0, count);
    int error = scan(frame.data, frame.size);
    buffer_done(&frame);
    return error;
}

TEST(the_values_of_a_frame_are_counted)
{
    /* The map itself, its key, the array, and what the array holds. */
    assert_int_equal(scan_array(FRAME_ITEMS_MAX - 3), 0);
    assert_int_equal(scan_array(FRAME_ITEMS_MAX - 2), COORD_E_FRAME_TOO_MANY);
}

/* {1: bin} of `size` bytes in all. */
static int scan_sized(size_t size)
{
    struct buffer frame = {0};
    size_t body = size - 7;
    const unsigned char head[] = {0x81,
                                  0x01,
                                  0xC6,
                                  (unsigned char)(body >> 24),
                                  (unsigned char)(body >> 16),
                                  (unsigned char)(body >> 8),
                                  (unsigned char)body};
    buffer_append(&frame, head, sizeof head);
    memset(buffer_extend(&frame, body), 0, body);
    int error = scan(frame.data, frame.size);
    buffer_done(&frame);
    return error;
}

TEST(a_frame_of_one_mebibyte_passes_and_one_byte_more_does_not)
{
    assert_int_equal(scan_sized(FRAME_SIZE_MAX), 0);
    assert_int_equal(scan_sized(FRAME_SIZE_MAX + 1), COORD_E_FRAME_TOO_LARGE);
}

TEST(a_refusal_names_the_byte)
{
    struct problem problem;
    frame_scan("\x81\x01\xDD\xFF\xFF\xFF\xFF", 7, &problem);
    assert_non_null(strstr(problem.message, "byte 2"));
    assert_string_equal(problem.field, "");
}

TEST(no_random_bytes_lead_beyond_the_frame)
{
    uint64_t chance = 0x9E3779B97F4A7C15;
    char bytes[64];
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[i] = (char)(chance >> 56);
        }
        /* Most frames begin as a map, or the walk would end at once. */
        bytes[0] = (char)(0x80 | (bytes[0] & 0x0F));
        size_t size = (size_t)(chance >> 40) % sizeof bytes;
        scan(bytes, size);
    }
}

/* What the walk finds of a frame that is sound. */
static struct frame_names names_of(const char *bytes, size_t size)
{
    struct problem problem;
    struct frame_names names;
    assert_int_equal(frame_open(bytes, size, &names, &problem), 0);
    return names;
}
#define NAMES(literal) names_of(literal, sizeof literal - 1)

TEST(the_walk_finds_the_names_of_the_envelope)
{
    static const char frame[] = "\x83\xA2op\xA1x\xA1n\x05\xDA\x00\x02id\xC0";
    struct frame_names names = NAMES(frame);
    assert_ptr_equal(names.op, frame + 4);
    assert_ptr_equal(names.id, frame + sizeof frame - 2);
    assert_false(names.op_twice);
    assert_false(names.id_twice);
    assert_int_equal(names.items, 7);
}

TEST(the_names_of_the_envelope_are_keys_of_the_root_and_texts)
{
    static const char *const nothing = NULL;
    /* A value of that name; a key within a map and one after it; bytes in place of a text; and longer keys. */
    assert_ptr_equal(NAMES("\x81\xA1x\xA2op").op, nothing);
    assert_ptr_equal(NAMES("\x82\xA1x\x82\xA2op\x01\xA2id\x02\xA1y\xC0").op, nothing);
    assert_ptr_equal(NAMES("\x82\xA1x\x82\xA2op\x01\xA2id\x02\xA1y\xC0").id, nothing);
    assert_ptr_equal(NAMES("\x81\xC4\x02op\xA1x").op, nothing);
    assert_ptr_equal(NAMES("\x82\xA3ops\x01\xA1o\x02").op, nothing);
    assert_ptr_equal(NAMES("\x82\xA3ido\x01\xA1i\x02").id, nothing);
    const struct frame_names after = NAMES("\x82\xA1x\x82\xA2op\x01\x91\x90\x02\xA2op\xA1y");
    assert_non_null(after.op);
    assert_false(after.op_twice);
    assert_int_equal(after.op[1], 'y');
}

TEST(a_name_of_the_envelope_that_is_there_twice_is_told)
{
    assert_true(NAMES("\x82\xA2op\x01\xA2op\x02").op_twice);
    assert_false(NAMES("\x82\xA2op\x01\xA2op\x02").id_twice);
    assert_true(NAMES("\x83\xA2id\x01\xA2id\xC0\xA2id\xC0").id_twice);
}

/* How many frames a bundle gives before it ends or is found out; −1 when it is none. */
static int frames_of(const char *bytes, size_t size, bool *whole)
{
    struct frame_bundle bundle;
    int count = 0;
    *whole = false;
    if (!frame_is_bundle(bytes, size) || frame_bundle_open(&bundle, bytes, size))
        return -1;
    for (; bundle.left > 0; bundle.left--, count++) {
        const size_t next = frame_bundle_next(&bundle, bytes, size);
        if (next == 0)
            return count;
        bundle.at += next;
    }
    *whole = bundle.at == size;
    return count;
}

TEST(bundle_gives_its_frames_one_by_one_and_no_more_than_are_whole)
{
    static const struct {
        const char *bytes;
        size_t size;
        int frames;
        bool whole;
    } bundles[] = {
        {"\x91\x80", 2, 1, true},
        {"\x93\x80\x81\xa1x\x01\x80", 7, 3, true},
        {"\xdc\x00\x01\x80", 4, 1, true},
        {"\xdd\x00\x00\x00\x02\x80\x80", 7, 2, true},
        {"\x90", 1, -1, false},     /* none in it */
        {"\x92\x80", 2, -1, false}, /* cannot hold two */
        {"\xdc\x00", 2, -1, false}, /* not even its count */
        {"\xdd\xff\xff\xff\xff\x80", 6, -1, false},
        {"\x91\x80\x80", 3, 0, false},      /* more than it says */
        {"\x92\x80\x81\xa1x", 5, 1, false}, /* the second is not whole */
        {"\x92\x80\x80\xc0", 4, 1, false},
        {"\x80", 1, -1, false}, /* a frame */
        {"", 0, -1, false},
    };
    for (size_t i = 0; i < sizeof bundles / sizeof *bundles; i++) {
        char *exact = malloc(bundles[i].size ? bundles[i].size : 1); /* nothing behind it may be read */
        bool whole;
        memcpy(exact, bundles[i].bytes, bundles[i].size);
        assert_int_equal(frames_of(exact, bundles[i].size, &whole), bundles[i].frames);
        assert_int_equal(whole, bundles[i].whole);
        free(exact);
    }
}

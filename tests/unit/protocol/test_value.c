/* Values are read as msgpack-c reads them. */
#include "value.h"

#include <msgpack.h>
#include <string.h>

#include "frame.h"
#include "unit/test.h"

/* ---- the two side by side ---- */

static const char *same_as(const msgpack_object *object, const char *at);

static const char *same_pairs(const msgpack_object_map *map, const char *at)
{
    for (uint32_t i = 0; i < map->size; i++)
        at = same_as(&map->ptr[i].val, same_as(&map->ptr[i].key, at));
    return at;
}

static void same_run(const struct value *value, enum value_type type, const char *data, uint32_t size)
{
    assert_int_equal(value->type, type);
    assert_int_equal(value->size, size);
    if (size > 0) /* of none msgpack-c keeps no place */
        assert_ptr_equal(value->as.data, data);
}

/* What is read at `at` is what msgpack-c has made of it; where it ends. */
static const char *same_as(const msgpack_object *object, const char *at)
{
    struct value value;
    const char *next = value_read(at, &value), *end = value_skip(at);
    switch (object->type) {
    case MSGPACK_OBJECT_NIL:
        assert_int_equal(value.type, VALUE_NIL);
        assert_int_equal(*at, VALUE_NIL_BYTE);
        break;
    case MSGPACK_OBJECT_BOOLEAN:
        assert_int_equal(value.type, VALUE_FLAG);
        assert_int_equal(value.as.flag, object->via.boolean);
        break;
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        assert_int_equal(value.type, VALUE_POSITIVE);
        assert_true(value.as.u64 == object->via.u64);
        break;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        assert_int_equal(value.type, VALUE_NEGATIVE);
        assert_true(value.as.i64 == object->via.i64);
        break;
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        assert_int_equal(value.type, VALUE_FLOAT);
        assert_memory_equal(&value.as.f64, &object->via.f64, sizeof value.as.f64);
        break;
    case MSGPACK_OBJECT_STR:
        same_run(&value, VALUE_TEXT, object->via.str.ptr, object->via.str.size);
        break;
    case MSGPACK_OBJECT_BIN:
        same_run(&value, VALUE_BYTES, object->via.bin.ptr, object->via.bin.size);
        break;
    case MSGPACK_OBJECT_EXT:
        same_run(&value, VALUE_EXTENSION, object->via.ext.ptr, object->via.ext.size);
        break;
    case MSGPACK_OBJECT_ARRAY:
        assert_int_equal(value.type, VALUE_ARRAY);
        assert_int_equal(value.size, object->via.array.size);
        for (uint32_t i = 0; i < value.size; i++)
            next = same_as(&object->via.array.ptr[i], next);
        break;
    case MSGPACK_OBJECT_MAP:
        assert_int_equal(value.type, VALUE_MAP);
        assert_int_equal(value.size, object->via.map.size);
        next = same_pairs(&object->via.map, next);
        break;
    }
    assert_ptr_equal(next, end);
    return next;
}

/* False for what is no frame. */
static bool is_read_alike(const char *bytes, size_t size)
{
    struct problem problem;
    msgpack_unpacked unpacked;
    size_t offset = 0;
    if (frame_scan(bytes, size, &problem) != 0)
        return false;
    msgpack_unpacked_init(&unpacked);
    assert_int_equal(msgpack_unpack_next(&unpacked, bytes, size, &offset), MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(offset, size);
    assert_ptr_equal(same_as(&unpacked.data, bytes), bytes + size);
    msgpack_unpacked_destroy(&unpacked);
    return true;
}

TEST(every_first_byte_is_read_as_msgpack_c_reads_it)
{
    static const char fills[] = {0x00, 0x01, 0x7F, (char)0x80, (char)0xFF};
    for (size_t fill = 0; fill < sizeof fills; fill++)
        for (int first = 0; first < 256; first++) {
            unsigned alike = 0;
            /* As many bytes as it takes, up to the longest whose length has 16 bits all set, and one level of what it holds. */
            for (size_t size = 3; size < 300; size++) {
                char bytes[300];
                memset(bytes, fills[fill], sizeof bytes);
                memcpy(bytes, "\x81\xC0", 2);
                bytes[2] = (char)first;
                alike += is_read_alike(bytes, size);
            }
            if (first != 0xC1 && fills[fill] == 0x00)
                assert_true(alike > 0);
        }
}

TEST(frames_by_chance_are_read_as_msgpack_c_reads_them)
{
    uint64_t chance = 0x9E3779B97F4A7C15;
    unsigned alike = 0;
    char bytes[64];
    for (int round = 0; round < 300000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[i] = (char)(chance >> 56);
        }
        bytes[0] = (char)(0x80 | (bytes[0] & 0x03));
        alike += is_read_alike(bytes, 1 + (size_t)(chance >> 40) % 24);
    }
    assert_true(alike > 1000);
}

TEST(integers_are_what_they_are_in_each_form)
{
    static const struct {
        const char *bytes;
        int64_t number;
    } cases[] = {{"\x00", 0},
                 {"\x7F", 127},
                 {"\xFF", -1},
                 {"\xE0", -32},
                 {"\xCC\xFF", 255},
                 {"\xCD\xFF\xFE", 65534},
                 {"\xCE\xFF\xFF\xFF\xFE", 4294967294},
                 {"\xCF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", INT64_MAX},
                 {"\xD0\x80", -128},
                 {"\xD0\x7F", 127},
                 {"\xD1\x80\x00", -32768},
                 {"\xD2\x80\x00\x00\x00", INT32_MIN},
                 {"\xD3\x80\x00\x00\x00\x00\x00\x00\x00", INT64_MIN},
                 {"\xD3\x00\x00\x00\x00\x00\x00\x00\x01", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct value value;
        value_read(cases[i].bytes, &value);
        assert_int_equal(value.type, cases[i].number < 0 ? VALUE_NEGATIVE : VALUE_POSITIVE);
        assert_true(value.as.i64 == cases[i].number);
    }
}

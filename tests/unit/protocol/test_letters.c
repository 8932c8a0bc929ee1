/* Texts by letters: each comes back as it was, whatever it is; what is on disk is read the same for ever. */
#include "letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

/* What it takes by letters, or 0; and it is that text again. */
static uint32_t there_and_back(const char *text, uint32_t size)
{
    char *packed = malloc(size + LETTERS_SLACK); /* so much and no more, for a sanitizer to see */
    const uint32_t made = letters_pack(text, size, packed);
    if (made) {
        char *exact = malloc(made), *back = malloc(size + LETTERS_BEYOND);
        assert_true(made < size);
        memcpy(exact, packed, made);
        assert_int_equal(letters_size(exact, made), size);
        letters_unpack(exact, made, back);
        assert_memory_equal(back, text, size);
        free(exact);
        free(back);
    }
    free(packed);
    return made;
}

TEST(vietnamese_takes_half_of_its_bytes)
{
    static const char *const texts[] = {
        "Đã kiểm tra thực địa, còn vướng mắc về nguồn gốc đất của ba hộ; sẽ báo cáo lại trước ngày 15.",
        "Chủ tịch Ủy ban nhân dân xã chịu trách nhiệm trước Ủy ban nhân dân huyện về tiến độ thực hiện.",
        "Tổ chức đối thoại với các hộ dân, tổng hợp ý kiến và đề xuất phương án giải quyết",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const uint32_t size = (uint32_t)strlen(texts[i]), made = there_and_back(texts[i], size);
        if (!made || made * 100 > size * 60)
            fail_msg("%u of %u: %s", made, size, texts[i]);
    }
}

TEST(capitals_marks_and_what_has_no_byte_come_back)
{
    static const char *const texts[] = {
        "ỦY BAN NHÂN DÂN HUYỆN HÀM TÂN",
        "ĐẶNG ĐÌNH ĐỨC – “Kế hoạch”… đã duyệt",
        "Diện tích 12 m², ± 5 %: → thửa đất số 7 😀 còn lại",
        "một\thai\nba\x7F bốn\x01 năm\x1F sáu bảy tám",
        "Chữ thảo ‘lạ’ và ngày 2025‑07‑01, để nguyên như thế",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(there_and_back(texts[i], (uint32_t)strlen(texts[i])) > 0);
}

TEST(what_saves_nothing_is_left_alone)
{
    assert_int_equal(there_and_back("", 0), 0);
    assert_int_equal(there_and_back("日本語日本語日本語", 27), 0);
    assert_int_equal(there_and_back("\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03", 19),
                     0);
}

static uint32_t dice(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

TEST(any_bytes_at_all_come_back_or_are_left_alone)
{
    static const char *const pieces[] = {"ng",
                                         "nh",
                                         "ủ",
                                         "Ủ",
                                         "đ",
                                         "Đ",
                                         "ư",
                                         "ợ",
                                         " ",
                                         "ệ",
                                         "\xE1",
                                         "\xBB",
                                         "\xC3",
                                         "\x80",
                                         "…",
                                         "€",
                                         "th",
                                         "\x7F",
                                         "\0",
                                         "\x01",
                                         "a",
                                         "Q",
                                         "\xF0\x9F\x98\x80",
                                         "\xF4",
                                         "ỹ"};
    uint32_t seed = 7, packed = 0, left = 0;
    char text[600];
    for (int run = 0; run < 200000; run++) {
        uint32_t size = 0, want = dice(&seed) % 40, among = dice(&seed) % 3;
        for (uint32_t i = 0; i < want; i++) {
            const uint32_t which = dice(&seed) % (among ? 10 : (uint32_t)(sizeof pieces / sizeof *pieces));
            const uint32_t piece = pieces[which][0] ? (uint32_t)strlen(pieces[which]) : 1;
            memcpy(text + size, pieces[which], piece);
            size += piece;
        }
        if (there_and_back(text, size))
            packed++;
        else
            left++;
    }
    assert_true(packed > 50000 && left > 10000);
}

TEST(every_pair_of_bytes_is_read_or_refused)
{
    uint32_t read = 0, refused = 0;
    for (int first = 0; first < 256; first++)
        for (int second = 0; second < 256; second++) {
            char *packed = malloc(2), *text;
            packed[0] = (char)first;
            packed[1] = (char)second;
            const uint32_t size = letters_size(packed, 2);
            if (size == UINT32_MAX) {
                refused++;
            } else {
                read++;
                text = malloc(size + LETTERS_BEYOND);
                letters_unpack(packed, 2, text);
                free(text);
            }
            free(packed);
        }
    assert_int_equal(read + refused, 65536);
    assert_true(read > 60000 && refused > 500);
    assert_int_equal(letters_size("a\x01", 2), UINT32_MAX);         /* a capital of nothing */
    assert_int_equal(letters_size("a\x01z", 3), UINT32_MAX);        /* of what has none */
    assert_int_equal(letters_size("a\x00", 2), UINT32_MAX);         /* a character that is not there */
    assert_int_equal(letters_size("a\x00\xE1\xBB", 4), UINT32_MAX); /* or not all of it */
}

#define KEPT "tests/unit/protocol/letters.txt"

/* On disk for as long as there is a store: no line of the file is ever changed, and none is added. */
TEST(no_byte_stands_for_something_else_than_it_did)
{
    FILE *file = fopen(KEPT, "r");
    char line[64], text[16 + LETTERS_BEYOND];
    unsigned rows = 0, byte;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        char *begin = strchr(line, '"'), *end = strrchr(line, '"');
        assert_int_equal(sscanf(line, "%x", &byte), 1);
        assert_true(begin && end > begin + 1);
        const uint32_t size = (uint32_t)(end - begin - 1);
        const char packed = (char)byte;
        assert_int_equal(letters_size(&packed, 1), size);
        letters_unpack(&packed, 1, text);
        assert_memory_equal(text, begin + 1, size);
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, 157);
    for (byte = 0x20; byte < 0x7F; byte++) {
        const char packed = (char)byte;
        assert_int_equal(letters_size(&packed, 1), 1);
        letters_unpack(&packed, 1, text);
        assert_int_equal(text[0], packed);
    }
}

/* What is written is the same on every machine: who follows a journal makes the same bytes of the same events. */
TEST(these_bytes_are_this_text)
{
    static const char text[] = "Ủy ban xã đã họp – kết quả: đạt 2 m²";
    char packed[sizeof text + LETTERS_SLACK];
    const uint32_t made = letters_pack(text, sizeof text - 1, packed);
    char line[200] = "";
    for (uint32_t i = 0; i < made; i++)
        snprintf(line + 2 * i, sizeof line - 2 * i, "%02x", (uint8_t)packed[i]);
    assert_string_equal(line, "01b90362dbd683d783cdac7020c4ce1a20f8973ad796742032d000c2b2");
}

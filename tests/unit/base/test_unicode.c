/* Vietnamese however it was typed. */
#include "base/unicode.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "unit/test.h"

static void composes(const char *from, const char *to)
{
    struct arena arena = {0};
    struct text composed = {0};
    assert_int_equal(unicode_compose(&arena, text_of(from), &(uint64_t){UINT64_MAX}, &composed), UNICODE_COMPOSED);
    if (!text_equal(composed, text_of(to)))
        fail_msg("%s: %.*s, not %s", from, TEXT_ARGS(composed), to);
    arena_done(&arena);
}

static void folds(const char *from, const char *to)
{
    struct arena arena = {0};
    struct text folded = unicode_fold(&arena, text_of(from));
    if (!text_equal(folded, text_of(to)))
        fail_msg("%s: %.*s, not %s", from, TEXT_ARGS(folded), to);
    arena_done(&arena);
}

TEST(decomposed_letters_are_composed)
{
    composes("Ru\xCC\x80", "Rù");
    composes("a\xCC\x82\xCC\xA3", "ậ");
    composes("đất đai", "đất đai");
    composes("", "");
    composes("abcdefgh", "abcdefgh");
    composes("abcdefghi", "abcdefghi");
}

TEST(what_is_composed_stays_as_it_is)
{
    composes("Rà soát – quy hoạch “sử dụng” đất…", "Rà soát – quy hoạch “sử dụng” đất…");
    composes("越南", "越南");
    composes("가힣", "가힣");                   /* of no list: asked of the tables */
    composes("\xE1\xB8\x80", "Ḁ");              /* below the Vietnamese letters */
    composes("ἀ", "ἀ");                         /* above them */
    composes("€", "€");                         /* beyond punctuation */
    composes("\xE2\x80\x80x", "\xE2\x80\x82x"); /* EN QUAD is another space in NFC */
    composes("豈", "豈");                       /* CJK COMPATIBILITY IDEOGRAPH-F900 is another ideograph */
}

TEST(what_is_no_utf8_is_left_alone)
{
    composes("\xFF\xFE", "\xFF\xFE");
    composes("abc\xC4", "abc\xC4");
    folds("\xFF\xFE", "\xFF\xFE");
}

TEST(folding_drops_case_tones_and_the_bar_of_dyet)
{
    folds("Rà soát ĐẤT ĐAI", "ra soat dat dai");
    folds("đ", "d");
    folds("Đường", "duong");
    folds("\xC4\x90\xC4\x83", "da");
    folds("Ď", "d");
    folds("\xC4", "\xC4");
    folds("ı", "ı"); /* begins with the same byte as đ */
    folds("", "");
}

/* ---- runs of marks ---- */

/* Whether a text with this many marks in a row is composed: `before`, each of the marks in turn, `after`. */
static bool takes(const char *before, const char *const *marks, size_t mark_count, size_t count, const char *after)
{
    struct arena arena = {0};
    struct text composed;
    char text[1024] = "";
    strcat(text, before);
    for (size_t i = 0; i < count; i++)
        strcat(text, marks[i * mark_count / count]);
    strcat(text, after);
    const bool taken = unicode_compose(&arena, text_of(text), &(uint64_t){UINT64_MAX}, &composed) == UNICODE_COMPOSED;
    arena_done(&arena);
    return taken;
}

static const char *const acute[] = {"\xCC\x81"};
static const char *const falling[] = {"\xCD\xA0", "\xCC\x81", "\xCC\xA3", "\xCC\xB4"}; /* classes 234, 230, 220, 1 */

TEST(thirty_marks_in_a_row_are_taken_and_one_more_is_not)
{
    assert_true(takes("a", acute, 1, 30, "b"));
    assert_false(takes("a", acute, 1, 31, "b"));
    assert_true(takes("", falling, 4, 30, ""));
    assert_false(takes("", falling, 4, 31, ""));
}

TEST(marks_within_composed_letters_are_counted)
{
    assert_true(takes("e", acute, 1, 30, ""));
    assert_true(takes("\xC3\xAA", acute, 1, 29, "")); /* ê is an e with one */
    assert_false(takes("\xC3\xAA", acute, 1, 30, ""));
    assert_false(takes("\xE1\xBB\x87", acute, 1, 29, ""));  /* ệ has two */
    assert_false(takes("a", acute, 1, 29, "\xCD\x84"));     /* U+0344 becomes two */
    assert_false(takes("a", acute, 1, 29, "\xE0\xBD\xB3")); /* so does U+0F73, which is none itself */
    assert_false(takes("\xEF\xAC\xA9", acute, 1, 31, ""));  /* U+FB29 is one letter in NFKD */
}

TEST(marks_are_counted_anew_from_each_letter)
{
    char text[8192] = "";
    struct arena arena = {0};
    struct text composed;
    for (int letter = 0; letter < 100; letter++) {
        strcat(text, "a");
        for (int i = 0; i < 30; i++)
            strcat(text, falling[i / 8]);
    }
    assert_int_equal(unicode_compose(&arena, text_of(text), &(uint64_t){UINT64_MAX}, &composed), UNICODE_COMPOSED);
    arena_done(&arena);
}

TEST(the_longest_decomposition_is_counted_whole)
{
    assert_true(takes("\xEF\xB7\xBA", acute, 1, 30, "\xEF\xB7\xBA"));
}

/* ---- what it costs ---- */

TEST(what_is_composed_already_asks_nothing_of_the_tables)
{
    struct arena arena = {0};
    struct text composed;
    uint64_t left = 0;
    const struct text text = TEXT("Rà soát, thống kê hồ sơ đất công – “Hàm Tân” 越南");
    assert_int_equal(unicode_compose(&arena, text, &left, &composed), UNICODE_COMPOSED);
    assert_ptr_equal(composed.data, text.data);
    arena_done(&arena);
}

TEST(only_the_letters_with_marks_are_asked_of_the_tables_and_no_more_than_is_left)
{
    struct arena arena = {0};
    struct text composed;
    const struct text text = TEXT("ho\xCC\x82\xCC\x80 so\xCC\x9B d\xE1\xBA\xA5t");
    uint64_t left = 8;
    assert_int_equal(unicode_compose(&arena, text, &left, &composed), UNICODE_COMPOSED);
    assert_int_equal(left, 0); /* o and two marks, o and one */
    assert_true(text_equal(composed, TEXT("hồ sơ dất")));
    left = 7;
    assert_int_equal(unicode_compose(&arena, text, &left, &composed), UNICODE_TOO_MUCH);
    arena_done(&arena);
}

/* Also of those that are never asked of the tables: a letter before it, and a mark behind it. */
TEST(each_letter_is_composed_as_utf8proc_does)
{
    for (utf8proc_int32_t letter = ' '; letter <= 0xFFFF; letter++) {
        utf8proc_uint8_t text[16] = "a";
        struct arena arena = {0};
        struct text composed;
        if (letter >= 0xD800 && letter < 0xE000)
            continue;
        const utf8proc_ssize_t size = 1 + utf8proc_encode_char(letter, text + 1);
        memcpy(text + size, "\xCC\x81", 3);
        for (utf8proc_ssize_t end = size; end <= size + 2; end += 2) {
            utf8proc_uint8_t *whole;
            const struct text given = {(const char *)text, (uint32_t)end};
            const utf8proc_ssize_t count = utf8proc_map(text, end, &whole, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
            assert_int_equal(unicode_compose(&arena, given, &(uint64_t){UINT64_MAX}, &composed), UNICODE_COMPOSED);
            if (!text_equal(composed, (struct text){(const char *)whole, (uint32_t)count}))
                fail_msg("U+%04X", (unsigned)letter);
            free(whole);
        }
        arena_done(&arena);
    }
}

/* By pieces it is what utf8proc makes of the whole. */
TEST(a_text_that_is_composed_by_pieces_is_as_if_it_were_composed_whole)
{
    static const char *const parts[] = {"a", "e\xCC\x82",    "\xCC\xA3",     "\xCC\x81",     "đ",
                                        "ệ", "\xE1\x84\x80", "\xE1\x85\xA1", "越",           "\xCD\x84",
                                        " ", "가",           "\xE1\x86\xA8", "\xE2\x84\xAB", "o\xCC\x9B",
                                        "…"};
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        struct arena arena = {0};
        struct text composed;
        for (int i = 0; i < 12; i++) {
            seed = seed * 1103515245 + 12345;
            strcat(text, parts[seed >> 16 & 15]);
        }
        utf8proc_uint8_t *whole = utf8proc_NFC((const utf8proc_uint8_t *)text);
        assert_int_equal(unicode_compose(&arena, text_of(text), &(uint64_t){UINT64_MAX}, &composed), UNICODE_COMPOSED);
        if (!text_equal(composed, text_of((const char *)whole)))
            fail_msg("%s: %.*s, not %s", text, TEXT_ARGS(composed), (const char *)whole);
        free(whole);
        arena_done(&arena);
    }
}

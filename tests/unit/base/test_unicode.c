/* Vietnamese however it was typed. */
#include "base/unicode.h"

#include <string.h>

#include "unit/test.h"

static void composes(const char *from, const char *to)
{
    struct arena arena = {0};
    struct text composed = unicode_compose(&arena, text_of(from));
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

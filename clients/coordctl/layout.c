#include "layout.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "plain.h"

#define WIDTH_MIN 40 /* narrower, and breaking makes it worse */

/* ---- breaking ---- */

size_t layout_width(void)
{
    struct winsize size;
    const char *told = getenv("COLUMNS");
    int width = told ? atoi(told) : 0;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    return width >= WIDTH_MIN ? (size_t)width : 0;
}

size_t layout_columns(const char *text, size_t size)
{
    size_t columns = 0;
    utf8proc_int32_t point;
    for (size_t at = 0; at < size;) {
        const utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                                       (utf8proc_ssize_t)(size - at), &point);
        const int width = step > 0 ? utf8proc_charwidth(point) : 1;
        columns += width > 0 ? (size_t)width : 0;
        at += step > 0 ? (size_t)step : 1;
    }
    return columns;
}

void layout_cut(char *text, size_t room, size_t columns)
{
    static const char ellipsis[] = "…";
    const size_t size = strlen(text);
    size_t kept = 0, used = 0;
    utf8proc_int32_t point;
    if (layout_columns(text, size) <= columns)
        return;
    for (size_t at = 0; at < size;) {
        const utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
                                                       (utf8proc_ssize_t)(size - at), &point);
        const size_t next = at + (step > 0 ? (size_t)step : 1);
        used += layout_columns(text + at, next - at);
        if (used > columns - 1)
            break;
        kept = at = next;
    }
    while (kept > 0 && text[kept - 1] == ' ')
        kept--;
    snprintf(text + kept, room - kept, "%s", ellipsis);
}

void layout_print(size_t at, const char *text)
{
    const size_t width = layout_width(), room = strlen(text) * 8 + 1; /* a character becomes <U+202E> at most */
    size_t column = at;
    char *plain = malloc(room);
    bool first = true, newline = false;
    if (!plain)
        abort();
    plain_copy(text, strlen(text), true, plain, room);
    for (const char *word = plain; *word; first = false) {
        const size_t size = strcspn(word, " \t\n"), columns = layout_columns(word, size);
        if (newline || (width && !first && column + 1 + columns > width && at + columns < width)) {
            printf("\n%*s", (int)at, "");
            column = at;
        } else if (!first) {
            putchar(' ');
            column++;
        }
        printf("%.*s", (int)size, word);
        column += columns;
        word += size;
        newline = *word == '\n';
        if (*word)
            word++;
    }
    free(plain);
    putchar('\n');
}

/* ---- order ---- */

/* A letter, or a number, taken apart. */
struct unit {
    uint64_t letter; /* 0 at the end of a syllable; letters in the order of the alphabet, numbers by their value */
    int tone;
    bool capital;
};

#define NUMBER_MIN 0x100 /* what is neither letter nor digit comes before: a hyphen, a bracket */
#define LETTER_MIN (UINT64_C(1) << 40)

static int tone_of(utf8proc_int32_t mark)
{
    static const utf8proc_int32_t tones[] = {0, 0x300, 0x309, 0x303, 0x301, 0x323};
    for (int tone = 1; tone < 6; tone++)
        if (mark == tones[tone])
            return tone;
    return 0;
}

/* Where among its kind a letter with this mark stands: a ă â, o ô ơ, u ư. */
static uint64_t shape_of(utf8proc_int32_t mark)
{
    return mark == 0x306 ? 1 : mark == 0x302 ? 2 : mark == 0x31b ? 3 : 0;
}

static void take_number(const utf8proc_int32_t **at, struct unit *unit)
{
    uint64_t value = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++)
        if (value < LETTER_MIN / 16)
            value = value * 10 + (uint64_t)(**at - '0');
    unit->letter = NUMBER_MIN + value;
}

/* The next letter with the marks that follow it. */
static struct unit take_unit(const utf8proc_int32_t **at)
{
    struct unit unit = {0};
    if (**at >= '0' && **at <= '9') {
        take_number(at, &unit);
        return unit;
    }
    utf8proc_int32_t letter = *(*at)++;
    const utf8proc_int32_t small = utf8proc_tolower(letter);
    unit.capital = small != letter;
    letter = small == 0x111 ? 'd' : small; /* đ comes after d */
    const bool is_letter = (letter >= 'a' && letter <= 'z') || letter >= 0x80;
    unit.letter = is_letter ? LETTER_MIN + (uint64_t)letter * 8 + (small == 0x111 ? 4 : 0) : (uint64_t)letter;
    for (; utf8proc_category(**at) == UTF8PROC_CATEGORY_MN; (*at)++) {
        unit.tone = tone_of(**at) ? tone_of(**at) : unit.tone;
        unit.letter += shape_of(**at);
    }
    return unit;
}

/* Compares one syllable of each, and goes past it. */
static int compare_syllables(const utf8proc_int32_t **a, const utf8proc_int32_t **b)
{
    int tone = 0, capital = 0;
    while (**a == ' ')
        (*a)++;
    while (**b == ' ')
        (*b)++;
    for (;;) {
        const bool ends_a = **a == 0 || **a == ' ', ends_b = **b == 0 || **b == ' ';
        if (ends_a || ends_b) {
            if (ends_a != ends_b)
                return ends_a ? -1 : 1;
            return tone ? tone : capital;
        }
        const struct unit x = take_unit(a), y = take_unit(b);
        if (x.letter != y.letter)
            return x.letter < y.letter ? -1 : 1;
        tone = tone ? tone : x.tone - y.tone;
        capital = capital ? capital : (int)x.capital - (int)y.capital;
    }
}

/* Decomposed code points, ending with 0; NULL when it is no UTF-8 or memory is out. */
static utf8proc_int32_t *points_of(const char *text)
{
    const size_t room = strlen(text) * 4 + 1;
    utf8proc_int32_t *points = calloc(room + 1, sizeof *points);
    if (points && utf8proc_decompose((const utf8proc_uint8_t *)text, 0, points, (utf8proc_ssize_t)room,
                                     UTF8PROC_NULLTERM | UTF8PROC_DECOMPOSE | UTF8PROC_STABLE) < 0) {
        free(points);
        points = NULL;
    }
    return points;
}

int layout_compare(const char *a, const char *b)
{
    utf8proc_int32_t *points_a = points_of(a), *points_b = points_of(b);
    const utf8proc_int32_t *at_a = points_a, *at_b = points_b;
    int order = 0;
    while (points_a && points_b && !order && (*at_a || *at_b))
        order = compare_syllables(&at_a, &at_b);
    free(points_a);
    free(points_b);
    return order ? order : strcmp(a, b);
}

/* The vocabularies as tables, and the look-ups in them.
 *
 * Invariant, held by the compiler: terms[i] has number i + 1, so that a number is an index.
 */
#include "terms.h"

#include <stddef.h>
#include <string.h>

#include "spelling.h"

#define T(constant, number, name, vi, sentence) {(number), name, vi, sentence, sizeof name - 1},
#define V(name, CONSTANT, vi, sentence)         static const struct term terms_##name[] = {TERM_##CONSTANT(T)};
TERM_VOCABULARIES(V)
#undef V
#undef T

#define V(name_, CONSTANT, vi_, sentence_)                                                                             \
    const struct vocabulary vocabulary_##name_ = {.name = #name_,                                                      \
                                                  .vi = vi_,                                                           \
                                                  .sentence = sentence_,                                               \
                                                  .terms = terms_##name_,                                              \
                                                  .count = sizeof(terms_##name_) / sizeof(terms_##name_[0])};
TERM_VOCABULARIES(V)
#undef V

/* The last number equals the count, and no number is above 31, where a bit mask would end. (That they rise by one is
 * held by a test: the compiler cannot look into the table.) */
#define T(constant, number, name, vi, sentence) +(UINT64_C(1) << (number))
#define V(name, CONSTANT, vi, sentence)                                                                                \
    _Static_assert((TERM_##CONSTANT(T)) == (UINT64_C(2) << (sizeof(terms_##name) / sizeof(terms_##name[0]))) - 2,      \
                   "the numbers of a vocabulary run from 1 without gaps");
TERM_VOCABULARIES(V)
#undef V
#undef T

static const struct term *term_at(const struct vocabulary *vocabulary, int number)
{
    return number >= 1 && number <= vocabulary->count ? &vocabulary->terms[number - 1] : NULL;
}

const char *term_name(const struct vocabulary *vocabulary, int number)
{
    const struct term *term = term_at(vocabulary, number);
    return term ? term->name : "";
}

struct text term_text(const struct vocabulary *vocabulary, int number)
{
    const struct term *term = term_at(vocabulary, number);
    return term ? (struct text){term->name, term->name_size} : (struct text){0};
}

const char *term_vi(const struct vocabulary *vocabulary, int number)
{
    const struct term *term = term_at(vocabulary, number);
    return term ? term->vi : "";
}

int term_number(const struct vocabulary *vocabulary, const char *name, uint32_t size)
{
    for (int i = 0; i < vocabulary->count; i++) {
        const struct term *term = &vocabulary->terms[i];
        if (term->name_size == size && memcmp(term->name, name, size) == 0)
            return term->number;
    }
    return 0;
}

const struct term *term_nearest(const struct vocabulary *vocabulary, const char *name, uint32_t size)
{
    const struct term *nearest = NULL;
    uint32_t best = UINT32_MAX;
    for (int i = 0; i < vocabulary->count; i++) {
        const struct term *term = &vocabulary->terms[i];
        uint32_t distance = spelling_distance((struct text){name, size}, (struct text){term->name, term->name_size});
        if (distance < best && spelling_near(distance, size)) {
            best = distance;
            nearest = term;
        }
    }
    return nearest;
}

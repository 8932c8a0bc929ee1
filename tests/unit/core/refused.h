/* What a request of a world was refused for. */
#ifndef COORDD_TESTS_UNIT_CORE_REFUSED_H
#define COORDD_TESTS_UNIT_CORE_REFUSED_H

#include <stdio.h>
#include <string.h>

#include "unit/core/world.h"
#include "unit/test.h"

/* What is sent in `sent` last is refused with COORD_E_`wanted`, for the field `where`. */
#define REFUSED(world, sent, wanted, where)                                                                            \
    do {                                                                                                               \
        (void)(sent);                                                                                                  \
        assert_int_equal((world)->error, COORD_E_##wanted);                                                            \
        assert_string_equal(refused_field(world), where);                                                              \
    } while (0)

/* Valid until the next call. */
static inline const char *refused_field(const struct world *world)
{
    static char field[129];
    snprintf(field, sizeof field, "%.*s", TEXT_ARGS(world->refusal.field));
    return field;
}

/* Whether its sentence has these words; and that it has. */
static inline bool refused_has(const struct world *world, const char *words)
{
    return memmem(world->refusal.message.data, world->refusal.message.size, words, strlen(words)) != NULL;
}

static inline void refused_says(const struct world *world, const char *words)
{
    if (!refused_has(world, words))
        fail_msg("`%s` is not in: %.*s", words, TEXT_ARGS(world->refusal.message));
}

/* The last request was refused so, with a sentence, and nothing was recorded since there were so many records. */
static inline void refused_traceless(const struct world *world, int error, const char *where, size_t records)
{
    if (world->error != error)
        fail_msg("%d, not %d: %.*s", world->error, error, TEXT_ARGS(world->refusal.message));
    if (!text_equal(world->refusal.field, text_of(where)))
        fail_msg("field `%.*s`, not `%s`", TEXT_ARGS(world->refusal.field), where);
    assert_true(world->refusal.message.size > 0);
    assert_int_equal(world->record_count, records);
}

#define REFUSED_TRACELESS(world, sent, error, where)                                                                   \
    do {                                                                                                               \
        size_t records_ = (world)->record_count;                                                                       \
        (void)(sent);                                                                                                  \
        refused_traceless(world, COORD_E_##error, where, records_);                                                    \
    } while (0)

#endif

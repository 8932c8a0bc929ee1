/* Signs of life while a start is busy: one at once, one a second, none where nobody wants them. */
#include <stdatomic.h>
#include <unistd.h>

#include "journal/keeper.h"
#include "loop/pulse.h"
#include "unit/test.h"

static atomic_int beats;

static int beat(struct journal *journal)
{
    (void)journal;
    atomic_fetch_add(&beats, 1);
    return JOURNAL_OK;
}

TEST(signs_of_life_are_given_until_it_is_ended)
{
    static const struct journal_keeper keeper = {.beat = beat};
    struct journal journal = {.keeper = &keeper};
    struct pulse *pulse = pulse_begin(&journal);
    assert_non_null(pulse);
    while (atomic_load(&beats) < 3)
        usleep(10000);
    pulse_end(pulse);
    assert_true(journal_beats(&journal));
}

TEST(where_nobody_wants_any_none_are_given)
{
    static const struct journal_keeper keeper = {0};
    struct journal journal = {.keeper = &keeper};
    assert_null(pulse_begin(&journal));
    pulse_end(NULL);
    assert_int_equal(journal_beat(&journal), JOURNAL_OK);
}

/* Periods of the civil calendar, by their names. */
#include "core/schedule_period.h"
#include "unit/core/targets.h"
#include "unit/test.h"

TEST(every_period_reads_back_by_its_name)
{
    for (int period = PERIOD_WEEKLY; period <= PERIOD_ANNUAL; period++) {
        int64_t begin = period_begin(period, DATE_FIRST + 6), count = 0, read;
        for (const int64_t first = begin; begin <= DATE_LAST; begin = period_after(period, begin), count++) {
            char name[PERIOD_NAME];
            int of;
            period_name(period, begin, name);
            assert_true(period_read(text_of(name), &of, &read) && of == period && read == begin);
            assert_true(period_on(period, first, count) == begin && period_count(period, first, begin) == count);
        }
    }
}

TEST(what_is_no_period_has_no_name)
{
    static const char *const names[] = {"",         "2024-",    "2024-13",  "2024-00", "2024-Q5",  "2024-Q0", "2024-H3",
                                        "2024-W54", "2023-W53", "2024-W00", "2024-W1", "2024-6",   "24",      "2024-q2",
                                        "1999-12",  "2100",     "2024-Q2 ", "x024",    "2024-W023"};
    int period;
    int64_t begin;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (period_read(text_of(names[i]), &period, &begin))
            fail_msg("`%s` is no period", names[i]);
}

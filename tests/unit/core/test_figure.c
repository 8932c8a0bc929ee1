/* Figures: thousandths, as doubles and as text. */
#include <float.h>

#include "core/figure.h"
#include "unit/core/targets.h"
#include "unit/test.h"

TEST(a_figure_is_the_double_nearest_to_so_many_thousandths)
{
    static const double none[] = {0.0005, 0.1234, 1e12 + 0.001, -1e12 - 1, 1e300, -DBL_MAX, 1.0005, 0.1 + 0.2};
    static const double some[] = {0, 0.001, -0.001, 97.5, 0.3, 1234567.891, 1e12, -1e12, 999999999999.999};
    int64_t figure;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (figure_read(none[i], &figure))
            fail_msg("%.17g is no figure", none[i]);
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        assert_true(figure_read(some[i], &figure));
        targets_same(figure_show(figure), some[i]);
    }
    assert_true(figure_read(1234567.891, &figure) && figure == 1234567891);
}

TEST(every_thousandth_is_read_as_it_was_shown)
{
    for (int64_t i = 0, figure = 1; i < 200000;
         i++, figure = (int64_t)(((uint64_t)figure * 48271 + (uint64_t)i) % FIGURE_MAX)) {
        int64_t read;
        const int64_t signs = i % 2 ? -figure : figure;
        assert_true(figure_read(figure_show(signs), &read));
        assert_true(read == signs);
    }
}

TEST(halves_are_rounded_away_from_zero)
{
    int64_t rate;
    assert_int_equal(figure_divide(5, 2), 3);
    assert_int_equal(figure_divide(-5, 2), -3);
    assert_int_equal(figure_divide(5, -2), -3);
    assert_int_equal(figure_divide(4, 3), 1);
    assert_int_equal(figure_divide(-4, 3), -1);
    assert_true(figure_divide((figure_wide)FIGURE_MAX * 4, 1) == FIGURE_MAX);
    assert_true(figure_rate(1000, 3000, 100, &rate) && rate == 33333);
    assert_true(figure_rate(2000, 3000, 100, &rate) && rate == 66667);
    assert_true(figure_rate(1, 2000, 1, &rate) && rate == 1); /* 0.0005 */
    assert_false(figure_rate(FIGURE_MAX, 1, 2, &rate));
}

TEST(figures_are_written_without_zeros_at_their_end)
{
    static const struct {
        int64_t figure;
        const char *text;
    } cases[] = {{0, "0"},        {1, "0.001"},    {-500, "-0.5"},
                 {97500, "97.5"}, {120000, "120"}, {-FIGURE_MAX, "-1000000000000"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FIGURE_TEXT];
        figure_text(cases[i].figure, text);
        assert_string_equal(text, cases[i].text);
    }
}

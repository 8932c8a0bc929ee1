#include "core/figure.h"

#include <stdio.h>
#include <string.h>

/* Cut off after a half was added: what is not the double of that many thousandths is no figure. */
bool figure_read(double number, int64_t *figure)
{
    const double most = (double)FIGURE_MAX / FIGURE_ONE;
    if (!(number >= -most && number <= most))
        return false;
    const int64_t near = (int64_t)(number * FIGURE_ONE + (number < 0 ? -0.5 : 0.5));
    if ((double)near / FIGURE_ONE < number || (double)near / FIGURE_ONE > number)
        return false;
    *figure = near;
    return true;
}

double figure_show(int64_t figure)
{
    return (double)figure / FIGURE_ONE;
}

static figure_wide quotient(figure_wide number, figure_wide by)
{
    if (by < 0) {
        number = -number;
        by = -by;
    }
    return number < 0 ? -((-number + by / 2) / by) : (number + by / 2) / by;
}

int64_t figure_divide(figure_wide number, figure_wide by)
{
    const figure_wide found = quotient(number, by);
    if (found > FIGURE_MAX)
        return FIGURE_MAX;
    return found < -FIGURE_MAX ? -FIGURE_MAX : (int64_t)found;
}

bool figure_rate(int64_t numerator, int64_t denominator, uint64_t per, int64_t *rate)
{
    const figure_wide found = quotient((figure_wide)numerator * (figure_wide)per * FIGURE_ONE, denominator);
    *rate = (int64_t)found;
    return found <= FIGURE_MAX && found >= -FIGURE_MAX;
}

void figure_text(int64_t figure, char text[FIGURE_TEXT])
{
    const int64_t size = figure < 0 ? -figure : figure;
    int used = snprintf(text, FIGURE_TEXT, "%s%lld.%03lld", figure < 0 ? "-" : "", (long long)(size / FIGURE_ONE),
                        (long long)(size % FIGURE_ONE));
    while (text[used - 1] == '0')
        used--;
    text[text[used - 1] == '.' ? used - 1 : used] = '\0';
}

/* Figures: what targets are planned and measured in. A figure is a decimal of three places at most, and the core counts it in
 * thousandths, a whole number: nothing that it works out depends on how a machine rounds.
 *
 * On the wire it is a `num`. Each figure is the double that is nearest to it, and no other; up to 10^12 these are all told
 * apart, as 10^15 thousandths are less than 2^53.
 */
#ifndef COORDD_CORE_FIGURE_H
#define COORDD_CORE_FIGURE_H

#include <stdbool.h>
#include <stdint.h>

#define FIGURE_ONE 1000                                  /* thousandths */
#define FIGURE_MAX (FIGURE_ONE * INT64_C(1000000000000)) /* 10^12, either way */

__extension__ typedef __int128 figure_wide;

/* False when a number is no figure. */
bool figure_read(double number, int64_t *figure);
double figure_show(int64_t figure);

/* A quotient to the nearest whole number, halves away from zero; one past FIGURE_MAX either way is that. `by` is not 0. */
int64_t figure_divide(figure_wide number, figure_wide by);
/* How many to each `per`: numerator × per / denominator. False past FIGURE_MAX. The denominator is above 0. */
bool figure_rate(int64_t numerator, int64_t denominator, uint64_t per, int64_t *rate);

#define FIGURE_TEXT 24
/* As people write it, without zeros at its end: `-0.5`. */
void figure_text(int64_t figure, char text[FIGURE_TEXT]);

#endif

/* The periods of the civil calendar. */
#ifndef COORDD_SIM_PERIODS_H
#define COORDD_SIM_PERIODS_H

#include <stdint.h>

/* The first day of the period that a day lies in, and of the next; what one is called. */
#define PERIOD_ROOM 32
int64_t periods_first(int period, int64_t day);
int64_t periods_after(int period, int64_t day);
void periods_name(int period, int64_t begin, char name[PERIOD_ROOM]);

#endif

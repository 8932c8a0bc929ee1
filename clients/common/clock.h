/* The one place of a client program that reads clocks. */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void);    /* of the world, since 1970 UTC */
int64_t clock_steady_ms(void); /* since some moment, and never set */

#endif

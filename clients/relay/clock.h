/* The one place that reads a clock. */
#ifndef RELAY_CLOCK_H
#define RELAY_CLOCK_H

#include <stdint.h>

int64_t clock_now_ms(void); /* of the world, since 1970 UTC */

#endif

/* What the row `memory` and the library preloaded into its broker share: a page of memory, a file that COORD_STARVE
 * names. */
#ifndef COORDD_FAULT_STARVE_H
#define COORDD_FAULT_STARVE_H

#include <stdint.h>

struct starve {
    volatile uint64_t at;    /* which allocation fails, from 1; 0 for none */
    volatile uint64_t calls; /* so far */
    volatile int struck;
};

#endif

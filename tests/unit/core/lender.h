/* A lender of memory (base/lent.h) that has it from malloc, and can be told to refuse. */
#ifndef COORDD_TESTS_UNIT_CORE_LENDER_H
#define COORDD_TESTS_UNIT_CORE_LENDER_H

#include "base/lent.h"

struct plain_lender {
    struct lender lender; /* first */
    unsigned regions;     /* that are lent now */
    int left;             /* how many more it lends; -1 for as many as are asked for */
};

void plain_lender_init(struct plain_lender *lender);

#endif

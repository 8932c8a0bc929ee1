/* A broker with the library of preload.c in it. */
#ifndef COORDD_FAULT_PRELOADED_H
#define COORDD_FAULT_PRELOADED_H

#include "fault/fault.h"
#include "fault/preload.h"

struct preloaded {
    struct served served;
    struct preload *shared;
    char path[600], library[600];
};

/* Makes the page and a store, and starts a broker on it that looks at the page. */
void preloaded_start(struct preloaded *preloaded, const struct fault *fault);
/* Starts it again, with the page as it is. */
void preloaded_again(struct preloaded *preloaded, const struct fault *fault);
void preloaded_remove(struct preloaded *preloaded);

#endif

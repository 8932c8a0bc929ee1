/* Which connections are let in: those of a key that the core would hear now, as long as there is room. */
#ifndef COORDD_LOOP_ADMIT_H
#define COORDD_LOOP_ADMIT_H

#include "buffer.h"

enum admission {
    ADMISSION_GRANTED,
    ADMISSION_REFUSED, /* for good: the client is told */
    ADMISSION_LATER,   /* there is no room: the client's library tries again by itself */
};

struct broker;

/* Judges a key in Z85; `why` gets the reason of a refusal, static. */
enum admission admit_judge(struct broker *broker, struct text key, struct text address, const char **why);

#endif

/* What coordctl doctor found: told at once, or kept for --json. */
#ifndef COORDCTL_DOCTOR_H
#define COORDCTL_DOCTOR_H

#include "brokers.h"
#include "session.h"

/* In JSON, `ok`: true, null, false. */
enum finding {
    FINDING_GOOD,
    FINDING_UNSURE, /* it may be as it should be, and who looks there knows */
    FINDING_BAD,    /* the exit code says so too */
};

struct doctor {
    struct session *session;
    json_t *findings; /* NULL without --json */
};

/* `next` is not said of what is good. */
void doctor_found(struct doctor *doctor, enum finding finding, const char *what, const char *next);
/* A problem's message, as a sentence that ends once. */
void doctor_words(const char *message, char *words, size_t size);

/* ---- doctor_brokers.c; false when something is amiss ---- */

/* Of a context that names one broker alone: what it follows, if it does. */
bool doctor_follower(struct doctor *doctor, const struct broker_seen *seen);
/* Of one that names several: each of them, and that exactly one leads. */
bool doctor_brokers(struct doctor *doctor);

#endif

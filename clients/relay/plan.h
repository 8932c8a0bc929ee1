/* Who is told of a notification, by what, and when: the tree of routes, the address book and the hours, on a clock that
 * is given. Pure: what was sent before comes in, what is to be sent goes out.
 */
#ifndef RELAY_PLAN_H
#define RELAY_PLAN_H

#include "config.h"

#define PLAN_GROUP_MAX 512 /* bytes of a group's key: nine values of at most 64, less one a name */
#define PLAN_MAX       256 /* deliveries that one notification may begin: 64 receivers, 4 people each */
#define PLAN_DIGEST    "digest"

struct plan {
    const struct route *route;
    const struct receiver *receiver;
    const struct person *person;     /* NULL: it goes to the receiver as such */
    const struct person *instead_of; /* whom the person stands in for; NULL for nobody */
    bool urgent;                     /* told at any hour */
    bool digest;                     /* waits for the hours of the reader, with all else that does */
    char group[PLAN_GROUP_MAX];      /* what goes out together */
    int64_t due;                     /* when */
};

/* Called for each route that is asked: with why it does not match, or NULL when it does. */
typedef void plan_asked(void *user, const struct route *route, const char *why_not);
/* When something last went out to the receiver, person and group of a plan; 0 for never. */
typedef int64_t plan_flushed(void *user, const struct plan *plan);

struct planning {
    const struct config *config;
    const struct working_days *days;
    int64_t now;
    plan_flushed *flushed; /* may be NULL: nothing ever did */
    plan_asked *asked;     /* may be NULL */
    void *user;
    struct plan plans[PLAN_MAX];
    size_t count;
};

/* Fills in `plans`: each receiver and person once, by the first route that names it. */
void plan_notification(struct planning *planning, const struct notification *notification);

/* A delivery that failed is tried again then: not while its reader is not to be disturbed. */
int64_t plan_not_before(const struct receiver *receiver, const struct person *person, bool urgent,
                        const struct working_days *days, int64_t when);

/* Pause before the attempt after this many failures: it doubles from the first to the longest, and a part of it, by
 * a seed that is kept and the delivery's key, is left out, so that not all come at once. */
int64_t plan_backoff(const struct config *config, uint64_t seed, const char *key, unsigned failures);

/* Whether a source that is open keeps a target back, by one of the rules: its number, or -1. */
int plan_inhibited(const struct config *config, const struct notification *source, int64_t source_age,
                   const struct notification *target);

#endif

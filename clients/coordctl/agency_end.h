/* What ends with an agency, or comes back with it: said, and where there is no easy way back asked about, before it does. */
#ifndef COORDCTL_AGENCY_END_H
#define COORDCTL_AGENCY_END_H

#include "session.h"

/* What becomes of an agency that is set. */
enum agency_fate {
    FATE_STAYS,  /* neither its end nor, once it has one, its successor changes */
    FATE_ENDS,   /* it gets an end, or another than it had */
    FATE_PASSES, /* it has ended or will, and another takes its place than before, or nobody */
    FATE_OPENS,  /* it has no end any more */
};

/* `before` and `after` are the agency as it stands and as it is to be; `held` is filled in by agency_may_end. */
struct agency_ending {
    const struct msg_agency *before, *after;
    enum agency_fate fate;
    int64_t now_ms;
    size_t leads, gave; /* open tasks, of those that one's own key may read… */
    size_t kept;        /* …and of those that it leads, which exclude its successor */
    bool unknown;       /* this key may not read tasks */
    bool of_file;       /* it is a file that says so */
    bool own;           /* it ends the agency of the key that is used… */
    bool last;          /* …and no key of another administers */
};

/* Fills in the fate. */
void agency_compare(struct agency_ending *ending);
/* What is said of an end with which nobody is left to administer; and of the last key that does. */
#define LAST_KEY_WORDS                                                                                                 \
    "is the last key that administers: afterwards only `coordd admin-key`, on the broker's machine and with the "      \
    "broker stopped, makes another"

/* Counts what it holds. When nobody is to take its place, or the key that is used is of the agency, it is asked. An exit code. */
int agency_may_end(struct session *session, struct agency_ending *ending);
/* How many open tasks went, or will go, from whom to whom, and which agencies stand under one that ends. An exit code. */
int agency_tell_end(struct session *session, const struct agency_ending *ending, bool dry_run);

#endif

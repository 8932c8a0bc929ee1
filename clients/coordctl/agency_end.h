/* What ends with an agency: said, and asked about, before it does. */
#ifndef COORDCTL_AGENCY_END_H
#define COORDCTL_AGENCY_END_H

#include "session.h"

/* Open tasks of an agency, of those that one's own may read. */
struct agency_held {
    size_t leads, gave;
    bool unknown; /* this key may not read tasks */
};

/* An agency that is to end, as it is to be set, and what it holds. When it has no successor, or the key that is used is of the agency,
 * it is asked. An exit code. */
int agency_may_end(struct session *session, const struct msg_agency *agency, struct agency_held *held);
/* How many open tasks went, or will go, from it to whom. */
void agency_tell_end(const struct msg_agency *agency, const struct agency_held *held, bool dry_run);

#endif

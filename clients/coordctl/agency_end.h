/* What ends with an agency: said, and asked about, before it does. */
#ifndef COORDCTL_AGENCY_END_H
#define COORDCTL_AGENCY_END_H

#include "session.h"

/* An agency that is to end, as it is to be set. With a successor it is told what that one takes over; without one, or when the
 * key that is used is of the agency, it is asked. An exit code. */
int agency_may_end(struct session *session, const struct msg_agency *agency);

#endif

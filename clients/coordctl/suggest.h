/* "Did you mean": for an id that the broker does not know, the nearest that it does. */
#ifndef COORDCTL_SUGGEST_H
#define COORDCTL_SUGGEST_H

#include "session.h"

#define SUGGEST_SIZE 129 /* of the longest, a reference of 128 bytes */

/* Of a context that is not there: the file here, or the context, that was meant. Else
 * fills in the id of an agency, task, policy or calendar that is nearest to one given on the command line which the
 * broker does not have. False when there is none, or the error is about something else. */
bool suggest(const struct session *session, int error, char nearest[SUGGEST_SIZE]);

#endif

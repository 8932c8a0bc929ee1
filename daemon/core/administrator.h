/* Whether somebody could still administer: without a key that may, only the operator of the machine can set one again. */
#ifndef COORDD_CORE_ADMINISTRATOR_H
#define COORDD_CORE_ADMINISTRATOR_H

#include "core/step.h"

/* Whether a key has the right, and was not revoked; it may have expired. */
bool administrator_is(const struct key *key);
/* Whether any may now but this key, and those of this agency; NONE is no key or agency. */
bool administrator_other(const struct core *core, uint32_t number, uint32_t agency, int64_t now_ms);
/* Sets and returns BAD_VALUE at the field: another key must have the right first. */
int administrator_refuse_last(const char *field, struct problem *problem);
/* Its keys go with an agency that stands: nobody could administer once that ends which has the last of them, nor before it begins.
 * 0, or BAD_VALUE at the time that is set. */
int administrator_check_agency(const struct step *step, const struct msg_agency *agency, uint32_t number,
                               struct problem *problem);

#endif

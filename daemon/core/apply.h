/* From a record to the state: what a step and a restore both do. Decides nothing, reads no clock but the record's time,
 * and skips what an object's row has seen already.
 */
#ifndef COORDD_CORE_APPLY_H
#define COORDD_CORE_APPLY_H

#include "core/state.h"

/* BAD_VALUE or AGENCY_UNKNOWN and the like when the record does not fit the state, which a record that a step made
 * always does: then the state is as before but for what the record's request left in the memory of requests. */
int apply_record(struct core *core, const struct msg_record *record, struct problem *problem);

#endif

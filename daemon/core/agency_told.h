/* Who is told when an agency is set, besides who gets tasks back by it (core/heir.h): who gains and who loses by a succession that is
 * changed or undone, and those for whom the agency stands in, or is to, on days on which it will be there no more. One record tells all of
 * it. That a succession is set the first time tells nobody but those of heir.h: what comes of it is on the tasks. */
#ifndef COORDD_CORE_AGENCY_TOLD_H
#define COORDD_CORE_AGENCY_TOLD_H

#include "core/notice.h"
#include "core/step.h"

/* Decide. `told` is used by the record. */
void agency_tell(struct step *step, uint32_t number, const struct msg_agency *agency, struct msg_record *record,
                 struct recipients *told);

#endif

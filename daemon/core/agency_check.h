/* What an agency that is set hangs on: who stands above it, who follows it, and whom it may task. */
#ifndef COORDD_CORE_AGENCY_CHECK_H
#define COORDD_CORE_AGENCY_CHECK_H

#include "core/step.h"

/* `number` is the agency's, NONE of a new one, and `stands` what is known of it, empty of a new one: what stands already is no
 * fault of the request. 0, or AGENCY_UNKNOWN, TREE_CYCLE or NOT_ASSIGNABLE at the field. */
int agency_check_links(const struct step *step, const struct msg_agency *agency, uint32_t number,
                       const struct msg_agency *stands, struct problem *problem);

#endif

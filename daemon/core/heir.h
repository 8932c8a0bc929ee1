/* Whose tasks the one that takes an ended agency's place is kept from: standing.h has the rule, and this says it to those to whom the
 * tasks fall. They hear it when the succession is set, which may be long before it comes to pass. */
#ifndef COORDD_CORE_HEIR_H
#define COORDD_CORE_HEIR_H

#include "core/notice.h"
#include "core/step.h"

/* Decide: of an agency as it is to be set, who gave open tasks that fall back to them then, and did not before; the record tells
 * them. Of tasks that were announced so already they are not told again. Stays empty for most. `told` is used by the record. */
void heir_tell(struct step *step, uint32_t number, const struct msg_agency *agency, struct msg_record *record,
               struct recipients *told);

#endif

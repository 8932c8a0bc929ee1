/* A dry run of calendar_set: which due times it would touch. */
#ifndef COORDD_CORE_RECOUNT_TRY_H
#define COORDD_CORE_RECOUNT_TRY_H

#include "core/step.h"

/* Replies with a page of the tasks after `after`, then pages of schedules: counts that would move, and named dates that would be days
 * off. `number` is that of the calendar that stands, NONE when it would be new; `seq` what the reply says of the record. */
void recount_try(struct step *step, uint32_t number, const struct calendar *tried, uint64_t after, uint64_t seq);

#endif

/* Where the passes of recount.h stand: each calendar that changed has one, which goes on from a task's number. */
#ifndef COORDD_CORE_RECOUNT_PLACES_H
#define COORDD_CORE_RECOUNT_PLACES_H

#include "core/state.h"

void recount_begin(struct core *core, uint32_t calendar, int64_t changed_ms);
void recount_end(struct core *core, uint32_t calendar);
static inline bool recount_pending(const struct core *core)
{
    return core->recounts > 0;
}

/* In pairs of a calendar's number and a task's, and for each pair when it was changed, for the checkpoint. How many numbers the
 * pairs are. */
uint32_t recount_places(const struct core *core, uint64_t places[2 * CORE_CALENDARS_MAX],
                        uint64_t changed[CORE_CALENDARS_MAX]);
/* While restoring, when the calendars may not be there yet; and once they are. A row of before does not say when: it is taken
 * for the time that the row is of. */
void recount_keep_places(struct core *core, const struct u64s *places, const struct u64s *changed);
void recount_restore(struct core *core);
void recount_free(struct core *core);

#endif

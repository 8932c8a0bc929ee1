/* What a calendar that is only tried makes of schedules: when the next period of each begins, and by when its tasks are due. */
#ifndef COORDD_CORE_SCHEDULE_MOVED_H
#define COORDD_CORE_SCHEDULE_MOVED_H

#include "core/step.h"

/* As messages.def.h has it. */
#define SCHEDULE_MOVES_MAX 256

struct schedules_moved {
    struct msg_schedule_move *moves; /* NULL of none */
    uint32_t count;
    uint32_t hidden; /* others that move as well, and that the asker may not see */
    uint64_t next;   /* the number of the last that was looked at; 0 when there are no more */
};

/* Of the schedules after a number those that are counted in a calendar, so many as a page holds. */
void schedules_moved(struct step *step, uint32_t calendar, const struct calendar *tried, uint64_t after,
                     struct schedules_moved *moved);

#endif

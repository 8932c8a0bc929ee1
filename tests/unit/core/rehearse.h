/* Policies that are rehearsed, for tests. */
#ifndef COORDD_TESTS_UNIT_CORE_REHEARSE_H
#define COORDD_TESTS_UNIT_CORE_REHEARSE_H

#include "unit/core/ladder.h"

#define SUPERVISOR TERM_BIT(ROLE_SUPERVISOR)
#define ASSIGNER   TERM_BIT(ROLE_ASSIGNER)
#define ESCALATES(after, role, at)                                                                                     \
    {                                                                                                                  \
        .deadline = DEADLINE_COMPLETION, .offset = (after), .unit = UNIT_WORKING_DAYS, .does = RUNG_ESCALATE,          \
        .to = (role), .level = (at)                                                                                    \
    }
/* By tinh, on what lies behind since a time. */
#define REHEARSE(world, since, ...)                                                                                    \
    assert_int_equal(ladder_rehearse(world, "tinh", since, 0, (const struct ladder_step[]){__VA_ARGS__},               \
                                     sizeof((const struct ladder_step[]){__VA_ARGS__}) / sizeof(struct ladder_step)),  \
                     0)

/* What was told of so many tasks. */
const struct msg_rehearsed *rehearse_told(const struct world *world, uint32_t count);
/* One that was due on Wednesday 5 June, and is worked on still. */
uint64_t rehearse_late_task(struct world *world);

#endif

#include "core/actions.h"

#define MAY(...)                                                                                                       \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }
#define NOBODY                                                     0
#define BY(role, states)                                           [ROLE_##role] = (states)
#define TELL(notice, severity, roles)                              NOTICE_##notice, SEVERITY_##severity, (roles)
#define SAY(before, after, adds)                                   before, after, (adds)
#define A(CONSTANT, name, from, to, may, tell, say, decide, apply) [ACTION_##CONSTANT] = {(from), (to), may, tell, say},

/* The row of none is empty: it is of no state and tells nobody. */
static const struct action_row rows[ACTION_END] = {CORE_ASSIGNMENT(A) CORE_ACTIONS(A)};
#undef A

#define A(CONSTANT, name, from, to, may, tell, say, decide, apply) +(UINT64_C(1) << ACTION_##CONSTANT)
_Static_assert((CORE_ASSIGNMENT(A) CORE_ACTIONS(A)) == (UINT64_C(1) << ACTION_END) - 2,
               "every action of terms.def.h has one row in actions.def.h");
#undef A

const struct action_row *action_row(int action)
{
    return &rows[action];
}

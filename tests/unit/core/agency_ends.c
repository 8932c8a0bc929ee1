#include "unit/core/agency_ends.h"

#include "unit/test.h"

void agency_ends(struct world *world, const char *id, const char *parent, const char *successor, int64_t when)
{
    struct msg_agency_set set = agency_set(id, parent);
    MSG_SET(&set.agency, agency, valid_until, when);
    if (successor)
        MSG_SET(&set.agency, agency, successor, text_of(successor));
    MSG_SET(&set, agency_set, even_last, true);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
}

/* The kinds of costly requests, and how often each comes. */
#include <string.h>

#include "unit/core/costly.h"
#include "unit/core/costly_parts.h"

static const struct costly_kind kinds[] = {
    {"assign", "huyen", 4, costly_make_assign},
    {"assign to one", "huyen", 2, costly_make_one},
    {"amend", "huyen", 2, costly_make_amend},
    {"reassign", "huyen", 1, costly_make_reassign},
    {"comment", NULL, 2, costly_make_comment},
    {"report", "xa1", 2, costly_make_report},
    {"change", "xa1", 1, costly_make_change},
    {"reason", "huyen", 1, costly_make_reason},
    {"escalate", NULL, 1, costly_make_escalate},
    {"task_list", NULL, 2, costly_make_task_list},
    {"read", NULL, 3, costly_make_read},
    {"calendar_explain", NULL, 1, costly_make_explain},
    {"agency_set", "tinh", 2, costly_make_agency},
    {"key_set", "tinh", 1, costly_make_key},
    {"calendar_set", "tinh", 1, costly_make_calendar},
    {"policy_set", "tinh", 1, costly_make_policy},
    {"refused", NULL, 2, costly_make_refused},
    {"agency_stand_in", "tinh", 1, costly_make_stand_in},
    {"in another's name", "so2", 2, costly_make_in_name},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const char *costly_kind(unsigned number)
{
    return number < KINDS ? kinds[number].name : NULL;
}

const struct costly_kind *costly_pick_kind(struct costly *costly)
{
    uint32_t all = 0, at;
    for (size_t i = 0; costly->only && i < KINDS; i++)
        if (strcmp(kinds[i].name, costly->only) == 0)
            return &kinds[i];
    for (size_t i = 0; i < KINDS; i++)
        all += kinds[i].often;
    at = costly_pick(costly, all);
    for (size_t i = 0;; at -= kinds[i++].often)
        if (at < kinds[i].often)
            return &kinds[i];
}

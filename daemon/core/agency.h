/* The tree of agencies: who stands above whom, who stands for whom, and whose keys are whose. */
#ifndef COORDD_CORE_AGENCY_H
#define COORDD_CORE_AGENCY_H

#include "core/state.h"

static inline bool agency_is_valid(const struct agency *agency, int64_t now_ms)
{
    return agency->valid_from <= now_ms && now_ms < agency->valid_until;
}

/* Who acts for an agency and hears for it: itself, or once it is gone the first along its successors that is not. The
 * last of them, when none is left. */
uint32_t agency_effective(const struct core *core, uint32_t agency, int64_t now_ms);
/* Who stands right above that one; NONE when nobody does, or of NONE. */
uint32_t agency_superior(const struct core *core, uint32_t agency, int64_t now_ms);
/* Since when an agency's successor is that one; of one that is succeeded. */
int64_t agency_succeeded_since(const struct agency *agency);
/* Since when that one stands in the place of an agency that is succeeded; TIME_NONE when the agency is its own. */
int64_t agency_stands_since(const struct core *core, uint32_t agency, int64_t now_ms);
/* Whether what was an agency's came to another by succession, which may have passed it on since; also when both are one. */
bool agency_came_to(const struct core *core, uint32_t agency, uint32_t to, int64_t now_ms);
/* Those that an agency stands for besides itself, in the order of their numbers; NULL and 0 when there are none. The caller
 * frees the list. */
uint32_t *agency_predecessors(const struct core *core, uint32_t agency, int64_t now_ms, uint32_t *count);
/* Whether one stands anywhere above the other in the tree. */
bool agency_is_above(const struct core *core, uint32_t above, uint32_t below);
/* Whether one is the other, or stands above it. */
bool agency_covers(const struct core *core, uint32_t above, uint32_t below);

/* The number of a key, NONE when there is none. */
uint32_t key_find(const struct core *core, struct text public_key);

/* Apply: adds or replaces an agency; adds or replaces a key. Parents and successors must be there, unless `restoring`
 * leaves them to agency_resolve. */
struct agency *agency_put(struct core *core, const struct msg_agency *message);
void agency_resolve(struct core *core, struct agency *agency);
void key_put(struct core *core, uint32_t agency, const struct msg_key *message);
/* While restoring: rows come in any order, so objects take the numbers that their rows say. */
struct agency *agency_restore(struct core *core, uint32_t number, const struct msg_agency *message);
void key_restore(struct core *core, uint32_t number, uint32_t agency, const struct msg_key *message);
/* After restoring: the orders in which lists are given. False when a number is missing. */
bool agency_restore_done(struct core *core);
/* And whether every chain of superiors, and of successors, comes to an end. */
bool agency_links_end(const struct core *core);

#endif

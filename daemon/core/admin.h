/* What the files that decide administrators' requests have in common, and nobody else uses: the record, what changes nothing, and
 * ids and names against the rule. */
#ifndef COORDD_CORE_ADMIN_H
#define COORDD_CORE_ADMIN_H

#include "core/step.h"

/* The record of what was set, signed and on its way, and the reply. */
int admin_done(struct step *step, struct msg_record *record, struct text officer);
/* The reply to what is so already. */
int admin_unchanged(struct step *step, struct text officer);
/* Whether two structs of a message are the same bytes on the wire. */
bool admin_is_same(struct core *core, const struct message *message, const void *a, const void *b);

/* The ids of one kind: how many stand, and which. */
struct admin_ids {
    const char *kind;
    size_t count_at; /* in the core; a uint32_t */
    struct text (*at)(const struct core *core, uint32_t number);
};

/* An id and a name against the rule. What stands keeps its own, whatever the rule was when it came: `old_name` is NULL
 * when the id is new. */
int admin_check_naming(struct step *step, const struct admin_ids *ids, struct text id, struct text name,
                       const struct text *old_name, struct problem *problem);

#endif

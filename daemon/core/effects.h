/* Adding to what leaves the core. */
#ifndef COORDD_CORE_EFFECTS_H
#define COORDD_CORE_EFFECTS_H

#include "core/effect.h"

/* Zeroed but for its type; valid until the next is added. */
struct effect *effects_add(struct effects *effects, enum effect_type type);
struct effect_span effects_text(struct effects *effects, struct text text);
/* One whole frame. */
struct effect_span effects_message(struct effects *effects, const char *op, struct text id,
                                   const struct message *message, const void *in);

/* What was added since a mark is an agency's doing (NONE: nobody's). */
struct effects_mark {
    uint64_t cost;
    size_t count;
};
static inline struct effects_mark effects_here(const struct effects *effects)
{
    return (struct effects_mark){effects->cost, effects->count};
}
void effects_charge(struct effects *effects, struct effects_mark since, uint32_t agency);

#endif

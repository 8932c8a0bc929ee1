/* On what occasion a notice comes. Most notices have one; of those that have several, each reads otherwise: `overdue` is also a decision that
 * was not taken, or an opinion that did not come. Found from what the notification says; pure.
 */
#ifndef RELAY_OCCASION_H
#define RELAY_OCCASION_H

#include "notification.h"
#include "words.def.h"

enum occasion {
    OCCASION_PLAIN, /* what RELAY_WORDS says of the notice */
#define O(constant, ...) OCCASION_##constant,
    RELAY_OCCASIONS(O)
#undef O
};

enum occasion occasion_of(const struct notification *item);

/* As which a deadline of the task is late: what an escalation goes by. OCCASION_PLAIN when it goes by none. */
enum occasion occasion_late(const struct notification *item);

#endif

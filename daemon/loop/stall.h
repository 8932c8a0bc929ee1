/* A store that does not answer: who asks the service manager, or reads the log, is to see that commits wait, since when and why. The
 * connections that ask for changes see nothing but that no answer comes.
 */
#ifndef COORDD_LOOP_STALL_H
#define COORDD_LOOP_STALL_H

#include <stdbool.h>

#include "journal/journal.h"

struct broker;

#define STALL_WORDS 300

struct stall {
    bool told;      /* of the errand under way, that it does not come back… */
    bool has_cause; /* …and why */
};

/* Once a second. */
void stall_second(struct broker *broker);
/* Why the store is not reached; "" and false where that is not known. */
bool stall_cause(const struct broker *broker, char cause[JOURNAL_CAUSE]);
/* What is in front of a status: "" while all is well. Returns `words`. */
const char *stall_words(const struct broker *broker, char words[STALL_WORDS]);

#endif

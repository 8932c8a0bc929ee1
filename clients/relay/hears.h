/* Which agencies of a configuration the relay's key does not hear: nobody is told for those, and nothing else would say so. */
#ifndef RELAY_HEARS_H
#define RELAY_HEARS_H

#include "config.h"
#include "store.h"

/* Says their names, of the address book and of what routes and inhibitions match, by the agencies that the store has; once,
 * until they are others. `said` is what was said, empty at first; the caller frees it (buffer_done). */
void hears_say(struct buffer *said, const struct config *config, struct store *store, const char *own);

#endif

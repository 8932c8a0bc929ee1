/* Which agencies of a configuration the relay's key does not hear: nobody is told for those, and nothing else would say so. */
#ifndef RELAY_HEARS_H
#define RELAY_HEARS_H

#include "config.h"
#include "store.h"

/* Their names, each once, of the address book and of what routes and inhibitions match, ", " between; empty when `own`
 * hears all. Goes by the agencies that the store has. The caller frees (buffer_done). */
void hears_not(const struct config *config, struct store *store, const char *own, struct buffer *names);

#endif

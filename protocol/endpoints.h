/* Where a broker is to be found, in words: one endpoint, or by commas those of several machines of which one serves. */
#ifndef COORD_ENDPOINTS_H
#define COORD_ENDPOINTS_H

#include <stdbool.h>

#include "errors.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ENDPOINTS_MAX     8   /* more machines than one store has */
#define ENDPOINT_SIZE_MAX 200 /* with its end; all of them together have no more in a context */

struct endpoints {
    char items[ENDPOINTS_MAX][ENDPOINT_SIZE_MAX];
    int count;
};

/* Whether it is tcp://HOST:PORT, a port from 1 to 65535, or ipc:///PATH that a socket can have. */
bool endpoint_is_one(const char *text);
/* Reads tcp://HOST:PORT and ipc:///PATH, which may have commas of its own: one ends an endpoint where another begins behind it.
 * BAD_CONTEXT, at `endpoint`. */
int endpoints_read(struct endpoints *endpoints, const char *text, struct problem *problem);

#ifdef __cplusplus
}
#endif

#endif

/* Randomness for request ids, and for pauses that should not fall in step. */
#ifndef LIBCOORD_RANDOM_H
#define LIBCOORD_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "errors.h"

#define RANDOM_ID_SIZE 32 /* hexadecimal digits of 128 bits */

/* Writes an id and its end; SYSTEM when the operating system gives no randomness. */
int random_id(char id[RANDOM_ID_SIZE + 1], struct problem *problem);
/* A number below `limit`, which is not 0; 0 when there is no randomness. */
uint32_t random_below(uint32_t limit);

#endif

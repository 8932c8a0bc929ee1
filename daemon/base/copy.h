/* A message that owns what it points to, in one allocation. */
#ifndef COORDD_BASE_COPY_H
#define COORDD_BASE_COPY_H

#include "message.h"

/* A deep copy of a message's struct: free() it whole. */
void *copy_message(const struct message *message, const void *in);

#endif

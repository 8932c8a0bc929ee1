/* A message that owns what it points to, in one allocation. */
#ifndef COORDD_BASE_COPY_H
#define COORDD_BASE_COPY_H

#include "message.h"

/* A deep copy of a message's struct: free() it whole. */
void *copy_message(const struct message *message, const void *in);
/* The same in memory of the caller's: how many bytes it takes, aligned to 8, and the copy there. */
size_t copy_message_size(const struct message *message, const void *in);
void *copy_message_to(const struct message *message, const void *in, void *memory);

#endif

/* The stream's own requests: what stream.c, stream_answer.c and subscribe.c share, and nobody else. */
#ifndef LIBCOORD_STREAM_ASK_H
#define LIBCOORD_STREAM_ASK_H

#include "handle.h"

/* Pauses before subscribing again after a refusal that may pass. */
#define STREAM_PAUSE_FIRST_MS 100
#define STREAM_PAUSE_MAX_MS   5000

/* The letters of the stream's own requests, in their ids. */
enum { SUBSCRIBE = 's', UNSUBSCRIBE = 'u', CREDIT = 'c', CONSUMED = 'k', PING = 'p' };

/* Sends one of them: its serial, or 0 when it could not be sent. They belong to one connection, so none is ever sent again. */
uint64_t stream_ask(struct coord *coord, char letter, enum op op, const void *request);
/* Tells how far it was dealt with, where that is due. */
void stream_ask_consumed(struct coord *coord, int64_t now_ms);

#endif

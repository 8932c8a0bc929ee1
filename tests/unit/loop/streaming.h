/* Streams at the brokers of a pair, and what huyen's durable consumers say. */
#ifndef COORDD_TEST_STREAMING_H
#define COORDD_TEST_STREAMING_H

#include "unit/loop/pair.h"

struct msg_subscribe wish(const char *consumer); /* of one that has such a name; "" for none */
/* Until it is answered, and what there is has been told. */
void subscribe(struct station *station, struct line *line, const struct msg_subscribe *asked);
/* A line of huyen's, with a stream from a record on; or with that of a durable consumer. */
struct line *stream_from(struct station *station, uint64_t from);
struct line *stream_of(struct station *station, const char *consumer);
/* It has dealt with what there is up to this; and its answer is awaited. */
void ask_consumed(struct station *station, struct line *line, uint64_t seq);
void consumed(struct station *station, struct line *line, uint64_t seq);
/* It was told of these changes, each once and in order, and of no others. */
void told(const struct pair *pair, const struct line *line, unsigned from, unsigned to);

#endif

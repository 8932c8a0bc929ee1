/* A record of every notice, on every occasion, as the broker makes them. */
#ifndef RELAY_TESTS_NOTICES_H
#define RELAY_TESTS_NOTICES_H

#include <jansson.h>

#include "message.h"

#define MORNING "2024-06-20T08:00" /* when all of them are told */

struct sample {
    const char *name;
    int notice;
    const char *to, *actor; /* to: "a", or "a for b c" of who stands in; actor NULL: time did it */
    void (*fill)(struct msg_record *record, struct msg_task *task);
    const char *reason; /* the broker's sentence */
};

extern const struct sample samples[];
extern const size_t sample_count;

/* As the relay keeps it: what the record says, and what the task said when it was asked. A new object. */
json_t *sample_kept(const struct sample *sample);

#endif

/* Handing the lead over, because an administrator asks for it: what was begun is finished, the lead is given up, and whoever waits is
 * answered once another has it, or this broker again. Meanwhile nothing is taken in and nothing refused: it waits.
 */
#ifndef COORDD_LOOP_HANDING_H
#define COORDD_LOOP_HANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"
#include "journal/journal.h"

struct broker;

struct handing {
    bool asked; /* and not answered yet */
    uint64_t peer;
    char id[64]; /* of the request, for the reply */
    uint32_t id_size;
    char to[JOURNAL_ENDPOINT_MAX]; /* who is to have it; "" for anybody */
    uint64_t began_ns, given_ns;   /* by the monotonic clock */
};

/* The request, which the core allowed. */
void handing_ask(struct broker *broker, uint64_t peer, struct text id, struct text to);
/* Whether a lease has passed since it was given up, so that this broker may take it back. */
bool handing_lapsed(const struct broker *broker);
/* Goes on as far as it can: in each turn of the loop. */
void handing_go_on(struct broker *broker);
/* The broker stops, and it comes to nothing. */
void handing_stop(struct broker *broker);

#endif

/* What clients asked: a request as it was made, and one that is decoded. */
#ifndef COORDD_SIM_MODEL_REQUEST_H
#define COORDD_SIM_MODEL_REQUEST_H

#include "message.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A request that a client made, under whatever number of copies of it are on their way. */
struct request {
    int key; /* that it is sent with */
    enum op op;
    void *frame;
    uint32_t size;
    size_t id;            /* of `r17`: its own number, or that of the request whose id it reuses */
    bool is_scrambled;    /* chance filled it in: what it is refused for is not held against the model */
    bool is_dry;          /* a change that is only tried */
    bool is_of_tried;     /* part of a batch that is tried as a whole: sent alone it would be done */
    bool is_done;         /* its reply was no refusal */
    uint64_t reply[2];    /* hash of that reply */
    uint64_t seq;         /* of its first record, 0 while it has none */
    bool changed_nothing; /* as that record says */
    uint64_t parts;
    uint32_t count;      /* batch: its requests, which are those right after it */
    uint64_t connection; /* of a subscriber's: on which it is sent; 0 on any */
    int name;            /* the agency that it says `for`; −1: none */
};

/* Any request, decoded. */
union asked {
    msg_bits has;
#define R(CONSTANT, op, request, right, class, reply, sentence) struct msg_##request op;
    COORD_REQUESTS(R)
#undef R
};

#endif

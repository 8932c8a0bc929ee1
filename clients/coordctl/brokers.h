/* The brokers that a context names, each asked by itself: who leads, who follows, who is not there. */
#ifndef COORDCTL_BROKERS_H
#define COORDCTL_BROKERS_H

#include "endpoints.h"
#include "session.h"

/* What one of them said of itself. */
struct broker_seen {
    const char *endpoint;   /* of `endpoints` */
    struct problem problem; /* why it gave no answer; error 0 when it did, and then: */
    bool refused;           /* its machine said at once that nobody listens there */
    int role;               /* BROKER_ROLE_…; BROKER_ROLE_NONE where it serves the store alone */
    uint64_t seq;
    uint64_t lag_ms; /* of a follower */
    char version[33];
    char leader[257]; /* whom it has for the leader; may be empty */
    char store[16];   /* the store's identity */
};

struct brokers {
    struct endpoints endpoints;
    struct broker_seen seen[ENDPOINTS_MAX]; /* as many as there are endpoints */
};

/* Whether the context names several. */
bool brokers_are_several(const struct session *session);
/* Asks all at once; who does not answer in some seconds is taken for one that cannot be reached. */
void brokers_ask(const struct session *session, struct brokers *brokers);
/* The same of those at `endpoints`, by the context's key; none are seen where these are no endpoints. */
void brokers_ask_at(const struct session *session, const char *endpoints, struct brokers *brokers);

/* What one said of itself. */
void broker_seen_fill(struct broker_seen *seen, const struct msg_hello_reply *hello);
/* "3 ms", "1.2 s" */
void broker_lag_text(uint64_t lag_ms, char *text, size_t size);
/* A line each, behind the fields of `status`; or an array for --json. */
void brokers_show(const struct brokers *brokers);
json_t *brokers_json(const struct brokers *brokers);

#endif

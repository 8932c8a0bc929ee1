/* All that enters the core. Time comes in with the event; the core reads no clock. */
#ifndef COORDD_CORE_EVENT_H
#define COORDD_CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "message.h"

enum event_type {
    EVENT_STORE,    /* the first event of a new store: makes its first agency and key, or refuses them */
    EVENT_REQUEST,  /* a frame came in */
    EVENT_TICK,     /* time has come to core_next_deadline, or past it */
    EVENT_RESTORED, /* a backup is becoming a store: it gets an identity of its own */
    EVENT_KEY,      /* the operator of the machine gives an agency a key that administers, or is refused */
    EVENT_REVOKED,  /* a key of a backup was revoked in the store that the backup was made of: it stays so */
    EVENT_RESUME,   /* the broker was down, or its clock jumped: what was due until now was missed (see catchup) */
};

struct event_store {
    uint8_t identity[16];               /* drawn by the caller: the core has no randomness */
    struct text agency;                 /* id of the administering agency */
    struct text name;                   /* its name */
    struct text key;                    /* its public key, Z85; gets all rights */
    struct text label;                  /* the key's label */
    struct msg_store_settings settings; /* what of them is to be set from the first */
};

struct event_restored {
    uint8_t identity[16]; /* drawn by the caller, as in struct event_store */
};

struct event_key {
    struct text agency; /* its id; the store's first when empty */
    struct text key;    /* the public key, Z85; gets all rights */
    struct text label;
};

struct event_revoked {
    struct text key; /* the public key, Z85 */
    int64_t when_ms;
};

/* How far a batch has got: it is done in slices, each an event by itself, and what one of them left the next begins with. All
 * 0: at its beginning. The first opens the frame; those after it go on in the same frame, where the one before ended. */
struct slice {
    uint32_t from, count;    /* the first of its requests that is not done; how many it has */
    uint32_t at;             /* where in the frame that one begins */
    bool dry_run;            /* all of it is one */
    uint64_t looked;         /* what those before looked at, in units of step_look */
    uint64_t bytes, replied; /* what they left, and of that their replies */
};

/* What the configuration allows the agency that asks, 0 for no limit. It decides whether a request is refused, and nothing
 * else: a replay does not know it. */
struct event_limits {
    uint64_t tasks, task_bytes; /* that it has given, open and closed */
    uint64_t daily_bytes;       /* not 0: it has written so many in a day, and may write no more… */
    uint64_t wait_s;            /* …for so many seconds */
};

/* Past these a batch takes no more: what its requests looked at, what they left, and of that their replies. 0: what is usual,
 * which stands in batch.c. */
struct batch_limits {
    uint64_t looked, bytes, replied;
};

/* What the broker is beside others of the store: of the records it knows nothing, and none depends on it. */
struct event_beside {
    int role;           /* BROKER_ROLE_…; 0 where it serves the store alone */
    const char *leader; /* where the broker is that leads; NULL or "" when that is not known */
    uint64_t lag_ms;    /* of a follower: so old at most is what the core has… */
    bool stale;         /* …and that is too old to be told */
    bool placed;        /* of a follower: the core knows where durable consumers are, as was so when the request came */
};

struct event_request {
    uint64_t peer;   /* the caller's number of the connection; comes back with each effect */
    struct text key; /* public key of the connection, Z85, as CURVE proved it */
    const void *frame;
    size_t size;
    struct slice slice;               /* of a batch, where the slice before ended: struct effect has it */
    uint64_t slice_cost;              /* what a slice may cost before a batch goes on in another; 0: what is usual */
    struct batch_limits batch_limits; /* of a batch */
    bool read_only;                   /* the store cannot take changes now: refuse them as STORAGE_FULL */
    bool clock_doubtful;              /* nor can it be said when it is: refuse all but clock_accept as CLOCK_DOUBTFUL */
    struct event_limits limits;
    struct event_beside beside;
};

/* Everything that an event points to is borrowed for the one core_step. */
struct event {
    enum event_type type;
    struct event_limits limits; /* of a tick: what an agency may have of the tasks that its schedules make */
    int64_t now_ms;             /* wall clock, ms since 1970 UTC; may jump either way between events */
    union {
        struct event_store store;
        struct event_restored restored;
        struct event_key key;
        struct event_revoked revoked;
        struct event_request request;
    };
};

#endif

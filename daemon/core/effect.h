/* All that leaves the core: what is to be written, and what may be sent once it is. */
#ifndef COORDD_CORE_EFFECT_H
#define COORDD_CORE_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/stored.h"
#include "buffer.h"
#include "core/event.h"
#include "message.h"

/* A row's key: its kind, and the number of the object within the kind. */
enum row_kind {
    ROW_CORE = 1,
    ROW_AGENCY,
    ROW_CALENDAR,
    ROW_POLICY,
    ROW_TASK,
    ROW_REQUESTS,
    ROW_CONSUMER,
    ROW_DOCUMENT,
    ROW_SCHEDULE = 10
};
#define ROW_KEY(kind, number) ((uint64_t)(kind) << 56 | (uint64_t)(number))
#define ROW_KIND(key)         ((enum row_kind)((key) >> 56))
#define ROW_NUMBER(key)       ((key) & ((UINT64_C(1) << 56) - 1))

/* Whom a reply is for. Replies of a batch request go into its slots, and leave together. */
struct reply_to {
    uint64_t peer;
    uint32_t batch; /* index + 1, among this effects' EFFECT_BATCH items; 0 when the request came alone */
    uint32_t slot;  /* which of the batch's requests */
};

/* What a hello says of bundles on its connection. */
enum reply_bundles { BUNDLES_UNSAID, BUNDLES_OFF, BUNDLES_ON };

enum effect_type {
    EFFECT_RECORD, /* append; after the sync, fan out if `notifies` */
    EFFECT_ROW,    /* keep in the checkpoint with this batch (a consumer's place) */
    EFFECT_REPLY,  /* send, after the sync of the batch */
    EFFECT_BATCH, /* a slice of a batch request: `next.count` replies belong together, those from `from` to `next.from` are here */
    EFFECT_RESEND,  /* a request that was done before: read its records and answer with core_reply_again */
    EFFECT_HISTORY, /* read a task's records and answer with core_reply_history */
    EFFECT_STREAM,  /* subscribe, credit, consumed or unsubscribe, allowed: do it and reply */
    EFFECT_BROKER,  /* status, load, backup or hand_over, allowed: do it and reply */
    EFFECT_CUT,     /* a key was revoked: drop its connections and streams */
    EFFECT_CHARGE,  /* some of what a tick did is an agency's doing: its account has it */
};

/* Offsets are into struct effects' bytes, which may move while it grows. */
struct effect_span {
    size_t offset;
    uint32_t size;
};

struct effect {
    enum effect_type type;
    union {
        struct {
            uint64_t seq, task, previous;
            struct effect_span body; /* for the journal */
            struct effect_span wire; /* as those who are told get it; empty where core_wire is to make it */
            bool notifies;           /* it has a `to`, and then: */
            bool restricted;
            uint8_t notice, severity;
            uint16_t told;               /* struct audience's */
            uint64_t readers_of;         /* struct audience's task */
            struct effect_span audience; /* numbers of agencies, uint32_t each, not aligned */
            bool admits;                 /* it changes who may speak for an agency: see core_admit, and: */
            uint32_t agency;             /* for which */
        } record;
        struct {
            uint64_t key, seq;
            struct effect_span body;
        } row;
        struct {
            struct reply_to to;
            struct effect_span body; /* a whole frame */
            int refused;             /* 0, or the error that it is: for the counters, and the log… */
            bool tried;              /* …or a dry run, whose verdict is no refusal, whatever it is */
            bool found_free;         /* …or a look-up that found what it asked: no task has that reference */
            uint8_t bundles;         /* enum reply_bundles: whether they may come on the connection from here on */
        } reply;
        struct {
            uint64_t peer;
            struct effect_span id; /* in the first slice; none in those after it */
            uint32_t from;
            struct slice next; /* the event is to be given again with this, unless it is at its `count` */
        } batch;
        struct {
            struct reply_to to;
            struct effect_span id; /* of the request */
            uint32_t agency;       /* that asks */
            uint64_t seq;          /* first record of the request */
            uint8_t digest[16];    /* of the request that came now */
        } resend;
        struct {
            struct reply_to to;
            struct effect_span id;
            uint32_t agency; /* that asks */
            uint64_t task;
            uint64_t newest; /* the task's newest record */
            uint64_t before; /* 0, or a record of the task: begin with the one before it */
            uint32_t limit;
        } history;
        struct {
            struct reply_to to;
            struct effect_span id;
            enum op op;
            uint32_t agency, key;        /* of the subscriber */
            struct effect_span consumer; /* subscribe: durable name, empty for none */
            bool from_given;             /* subscribe: whether `from` was; else see core_consumer_place */
            uint64_t from;
            uint32_t credit;  /* subscribe, credit */
            bool subtree;     /* subscribe */
            bool reached;     /* subscribe: it wants to be told how far its stream has come */
            uint32_t notices; /* subscribe: bit mask, 0 for all */
            int severity;     /* subscribe: at least this, 0 for all */
            uint64_t seq;     /* consumed */
        } stream;
        struct {
            struct reply_to to;
            struct effect_span id;
            enum op op;
            struct effect_span path; /* backup: a name without slashes; hand_over: an endpoint, empty for any */
            uint32_t accounts;       /* status: how many are wanted */
            uint32_t agency;         /* load: that asks */
        } broker;
        struct {
            char public_key[41];
        } cut;
        struct {
            uint32_t agency;
            uint64_t cost, bytes; /* of its records */
        } charge;
    };
};

struct effects {
    struct effect *items;
    size_t count, capacity;
    struct buffer bytes;
    uint32_t batches; /* EFFECT_BATCH items so far */
    size_t replied;   /* of `bytes`: those of replies */
    uint64_t cost;    /* what the steps into it took, in units of core/cost.h */
    uint32_t letters; /* bytes of texts that a request may yet bring to letters: COST_LETTERS_MAX at first */
};

void effects_init(struct effects *effects);
void effects_done(struct effects *effects);
void effects_clear(struct effects *effects); /* keeps the memory */
/* The bytes of a span; valid until the next core_step into the same effects. */
static inline const void *effects_bytes(const struct effects *effects, struct effect_span span)
{
    return effects->bytes.data + span.offset;
}

/* Whether what was stepped into these from `first` on was a slice of a batch that goes on, and where. */
static inline bool effects_go_on(const struct effects *effects, size_t first, struct slice *slice)
{
    for (size_t i = first; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type != EFFECT_BATCH)
            continue;
        *slice = effect->batch.next;
        return effect->batch.next.from < effect->batch.next.count;
    }
    return false;
}

#endif

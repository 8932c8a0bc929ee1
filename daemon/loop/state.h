/* What the parts of the loop share: the running broker. Only the files of daemon/loop include it, and the simulator, which
 * drives it too.
 *
 * The rule of every door (host.h): it does its piece of work and ends with broker_settle, which hands what was gathered to
 * the journal and decides when the loop wakes next.
 */
#ifndef COORDD_LOOP_STATE_H
#define COORDD_LOOP_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"
#include "core/core.h"
#include "journal/journal.h"
#include "loop/admit.h"
#include "loop/batch.h"
#include "loop/behind.h"
#include "loop/broker.h"
#include "loop/clock.h"
#include "loop/cut.h"
#include "loop/doubt.h"
#include "loop/errand.h"
#include "loop/follow.h"
#include "loop/handing.h"
#include "loop/host.h"
#include "loop/peer.h"
#include "loop/placing.h"
#include "loop/share.h"
#include "loop/stall.h"
#include "loop/stream.h"

enum broker_phase {
    PHASE_SERVING,
    PHASE_DRAINING, /* told to stop: new requests are refused, commits and checkpoint are finished */
    PHASE_STOPPED,
};

/* The store's disk, as the last append found it. */
enum broker_disk {
    DISK_WRITABLE,
    DISK_FULL,  /* the reserve was released: deadlines still fire, changes are refused */
    DISK_STUCK, /* and there is still no room for the batch at hand: it is tried again each second */
};

/* Since the start, for `status`. */
struct broker_counters {
    uint64_t requests, refused, tried, commits, commit_us;
};

/* What is thought of the clock, and when it was last known to be right. */
struct look {
    enum clock_verdict verdict;
    uint64_t seq;        /* newest record when it began to be doubted: the next is of the acceptance */
    int64_t trusted_ms;  /* the wall clock then, or the newest record's time at the start */
    uint64_t trusted_ns; /* the monotonic clock then */
};

/* A checkpoint on its way, a few rows with each commit. */
struct checkpoint {
    bool under_way;
    uint64_t seq;    /* at which it will stand */
    uint64_t stands; /* the last that stands in the journal */
};

struct broker {
    const struct broker_options *options;
    struct host *host; /* borrowed, as are the transport and the journal */
    struct clock clock;
    struct look look;
    struct core *core;
    struct decoder *decoder;
    struct limits limits;
    enum broker_phase phase;
    enum broker_disk disk;
    int64_t started_ms;

    struct peers peers;
    struct cuts cuts;

    struct batch batches[2];
    struct batch *current; /* being filled */
    struct batch *writing; /* not yet on disk; NULL for none */
    struct errand errand;
    bool under_way;               /* the journal's side has the errand */
    struct composite *composites; /* replies to batch requests, some of whose parts wait for the journal */
    struct backup *backup;
    uint64_t backup_peer;
    char backup_id[64]; /* of the request, for the reply */
    uint32_t backup_id_size;
    struct checkpoint checkpoint;
    bool retry;          /* the next errand appends `writing` again, into the reserve */
    bool take_reserve;   /* the next errand tries to take it back */
    bool room_for_ticks; /* false on a full disk without room for a rung's record */
    bool beats;          /* the journal wants signs of life once a second… */
    bool beat_due;       /* …and one now, unless a batch is appended */
    uint64_t errand_ns;  /* when the errand under way was handed over; by the monotonic clock */
    struct stall stall;  /* …and what was said of one that does not come back */
    uint64_t led_ns;     /* and the newest that showed that this broker leads; 0 before the first */
    uint64_t confirm_ns; /* when those who follow are to hear that the last append was acknowledged; 0 when they have */
    bool confirm_again;  /* they are to hear it twice */
    uint64_t quiet_durable; /* streams.durable at the last look for a quiet moment */

    struct follow follow;
    struct behind behind;
    struct placing placing;
    struct handing handing;

    struct streams streams;
    struct broker_counters counters;
    uint64_t second_count; /* seconds since the start, as pace_second counts them */

    struct told_refused refused[REFUSED_KINDS];
    int64_t wake_armed; /* for which instant; INT64_MIN for none */
    unsigned drain_seconds;
    struct shares shares;            /* of the batch that is filled */
    int64_t turn_quantum, turn_cost; /* what an agency has in one turn of its own, and all of them in one of the loop */
    /* Of a batch, and of its whole reply; 0 but where they are to be small: what is usual. */
    uint64_t slice_cost;
    struct batch_limits batch_limits;
    size_t reply_bytes;
    int exit_code;
};

/* broker.c */
void broker_init(struct broker *broker, const struct broker_options *options, struct host *host,
                 const struct transport *transport);
/* Brings the core to what the store says. 0, or an exit code of enum broker_exit; what went wrong is in the log. */
int broker_restore(struct broker *broker, struct journal *journal);
void broker_begin(struct broker *broker);                           /* serves from here on */
void broker_done(struct broker *broker);                            /* the host does nothing for it any more */
void broker_step(struct broker *broker, const struct event *event); /* into the batch at hand */
void broker_settle(struct broker *broker);
void broker_settled(void *context); /* a door: requests were taken in, or a connection may take more */
void broker_stop(struct broker *broker);
/* Nothing more is written, sent or closed: the process ends, or a host that only notes it closes all doors. */
void broker_fail(struct broker *broker, int code);
int64_t broker_now_ms(const struct broker *broker);

#define RETRY_PEERS 64 /* stalled connections tried again in one turn */

/* handover.c: errands at the journal */
void handover_begin(struct broker *broker); /* lets go or hands over what can be */
void handover_appended(void *context, struct errand *errand);
void handover_finished(void *context, struct errand *errand);

/* pace.c: when the loop wakes. The first three are doors */
void pace_work(struct broker *broker);
void pace_wake(struct broker *broker);
void pace_second(struct broker *broker); /* once a second: what is full, stalled or silent */
void pace_arm(struct broker *broker);
void pace_step(struct broker *broker, enum event_type type);
void pace_tell_status(const struct broker *broker);

/* look.c: whether the clock can be right */
void look_begin(struct broker *broker);
void look_at_clock(struct broker *broker, bool jumped);
/* The time to date a record by that a request or a tick makes: a clock that jumped since the last look is looked at first.
 * `now_ns` is of the monotonic clock, and may be some ms old. */
int64_t look_to_date(struct broker *broker, uint64_t now_ns);
void look_for_acceptance(struct broker *broker); /* whether an administrator just said that it is */
bool look_doubts(const struct broker *broker);
/* The time to judge keys of streams by: while the clock is doubted, the last that was trusted, so that it ends none. */
int64_t look_trusted_ms(const struct broker *broker);

/* request.c: what comes in */
#define REQUEST_UNREAD "Too many bytes of answers wait for this connection to read them; read, then send again."
void request_handle(void *context, struct peer *peer, const void *frame, size_t size, int parts);
/* Answers at once, outside any batch: for refusals, which tell nothing of the state. */
void request_refuse(struct broker *broker, struct peer *peer, struct text id, const struct problem *problem,
                    uint32_t answered);

/* The same for one of the loop's own, with the frame that was asked: how many values it walked through for the id. */
size_t request_turn_away(struct broker *broker, struct peer *peer, const void *frame, size_t size, int error,
                         const char *message, uint32_t answered);

/* turn.c: taking what waits */
#define TURN_QUANTUM (COST_A_MS / 5) /* 200 us: ten agencies that ask all they can are 2 ms apart */
/* In one turn of the loop, two agencies': what was committed meanwhile is answered after it. With the last request, which may
 * have 4 ms, not 5. */
#define TURN_COST (2 * TURN_QUANTUM)
void turn_take(struct broker *broker); /* for about half a millisecond */
/* Some of its requests are refused when their batch is let go, not in their turn: it rests for that as for another refusal. */
void turn_answered_late(struct broker *broker, struct account *account);
/* One of its requests was turned away unread, having so many bytes and values. */
void turn_turned_away(struct broker *broker, struct account *account, size_t size, size_t values);
bool turn_pending(const struct broker *broker); /* whether another turn would take something */
/* When it would, because one that waits has rested: ns from now, 0 when none rests. */
uint64_t turn_rests_ns(const struct broker *broker);
size_t turn_owed(const struct broker *broker,
                 const struct peer *peer); /* bytes of answers to it in batches that are still to leave */

/* reply.c: what goes out */
void reply_release(struct broker *broker, struct batch *batch);
void reply_read(struct broker *broker, struct read *read); /* a read has got its frame; takes the read */
/* It is answered with an error instead; takes it. */
void reply_unreadable(struct broker *broker, struct read *read, int error, const char *message);
/* Whether a read is for a connection that leaves too much unread, or for a batch whose
 * replies fill a frame already: then it is answered so, instead of being done. Takes it. */
bool reply_unread(struct broker *broker, struct read *read);
void reply_frame(struct broker *broker, uint64_t peer, const void *frame, size_t size, uint32_t answered);
/* Every answer goes this way: a follower's with how new it is. */
void reply_to(struct broker *broker, struct peer *peer, const void *frame, size_t size, uint32_t answered,
              struct as_of as_of);
void reply_error(struct broker *broker, uint64_t peer, struct text id, int error, const char *field,
                 const char *message);

/* operator.c: status, load, backup and hand_over */
void operator_handle(struct broker *broker, const struct effects *effects, const struct effect *effect);
void operator_backup_finished(struct broker *broker);

/* checkpoint.c */
void checkpoint_begin_if_due(struct broker *broker, bool quiet);
void checkpoint_fill(struct broker *broker, struct batch *batch); /* adds rows, and the checkpoint with the last */
bool checkpoint_wanted(const struct broker *broker);

/* reload.c */
void reload_limits(struct broker *broker);

#endif

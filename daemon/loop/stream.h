/* Subscribers: one stream of notifications a connection, in the order of the journal, as far as its credit goes.
 *
 * Invariants: a stream gets each record that it wants exactly once and in sequence, from three sources that overlap
 * without a gap (the journal's pages, the recent records, the records as they become durable); nothing is sent before
 * it is durable; a stream that cannot take more waits alone, and costs the others nothing; one whose key may hear no
 * more is sent nothing more, and is told why at once; what was told of a task that is restricted by now goes to those alone
 * who may read it now. A stream that ends while a walk is on its lists stays in them, as STREAM_ENDED, until streams_reap.
 */
#ifndef COORDD_LOOP_STREAM_H
#define COORDD_LOOP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/heap.h"
#include "core/core.h"
#include "loop/peer.h"
#include "loop/read.h"
#include "loop/recent.h"
#include "loop/stream_left.h"
#include "loop/table.h"

#define STREAM_CREDIT_MAX 65536 /* what a client must be ready to hold in memory: 64 MiB of records of 1 KiB */
/* A stream that passes over what is not chosen says how far it has come: after so many seconds if there is anything to
 * say, and after so many records while it is behind. 20,000 streams make 4,000 frames of 20 bytes a second; a million
 * records make 244. */
#define STREAM_REACHED_SECONDS 5
#define STREAM_REACHED_RECORDS 4096
#define STREAM_CONSUMER_MAX    64 /* bytes of a durable name */

enum stream_state {
    STREAM_OPENING, /* its place is not on disk yet, so its reply has not left */
    STREAM_LIVE,    /* has everything: the next record comes to it as it becomes durable */
    STREAM_READY,   /* behind, and the recent records have what it wants next */
    STREAM_READING, /* further behind: waits for a page of the journal */
    STREAM_PAGED,   /* has such a page before it */
    STREAM_WAITING, /* what decides whether it hears of the next record is not on disk yet */
    STREAM_STALLED, /* its connection takes no more for now */
    STREAM_DRY,     /* no credit left */
    STREAM_ENDED,   /* the subscriber was told, or is gone: `peer` is NULL, and nothing more comes of it */
    STREAM_STATES
};

struct stream {
    enum stream_state state;
    struct peer *peer;
    uint32_t agency;
    bool subtree;
    uint32_t notices; /* bit mask; 0 for all */
    int severity;     /* at least; 0 for all */
    uint32_t credit;
    struct stream_wait *wait; /* of stream_judge.c; NULL of most */
    struct stream_left left;  /* what it is sent besides its own; empty of most */
    uint64_t from;            /* where it began: the first wanted is the one after */
    uint64_t next;            /* all before were sent, or not wanted; of a live stream, at least this */
    uint64_t sent;            /* the newest sent; `from` before the first */
    uint64_t reached;         /* the newest sent, or that the subscriber was told of by `reached` */
    uint64_t said;            /* of a follower's: so far its consumer has said to be, and that was put; 0 for nothing */
    uint64_t turn;            /* second of its next turn among those that are told */
    int64_t until_ms;         /* when its key is to be looked up again: then it may hear no more, as things stand */
    const void *opens_with;   /* STREAM_OPENING: the batch that keeps its place, or the put */
    enum ending ending;       /* STREAM_OPENING: how it ends as soon as it has begun; ENDING_NONE if it goes on */
    bool named;               /* it is the one that streams_consumer finds by its name */
    uint8_t consumer_size;    /* 0 when it has no durable name */
    struct {
        uint32_t agency;
        char name[STREAM_CONSUMER_MAX];
    } consumer;
    /* Of what is gathered for its connection and has not left: how many are its notifications, and where it stood before. */
    struct {
        uint64_t pushes; /* of the peer's: of an earlier gathering it says nothing */
        uint64_t next, sent, reached;
        uint32_t count;
    } gathered;
    struct stream *agency_next, *agency_previous; /* of the same agency */
    struct stream *state_next, *state_previous;   /* of the same state */
    struct stream *turn_next, *turn_previous;     /* of those that are told how far they have come */
    bool turns;                                   /* it is one of them */
    UT_hash_handle by_consumer;
};

struct streams {
    const struct core *core;
    struct peers *peers;
    struct recent recent;
    uint64_t durable; /* newest record that is on disk and has been published */
    uint64_t
        on_disk; /* the same, and those of its batch that are about to be; of who follows, what is known to be acknowledged */
    uint64_t sealed;    /* the last record of the batch that was handed over last */
    int64_t now_ms;     /* as the last caller said */
    uint64_t count;     /* that have not ended */
    uint64_t sent;      /* notifications since the start */
    struct buffer wire; /* a record as it is told, that was made when nobody was there */
    size_t lent;        /* bytes of recent records that may be gathered for peers */
    int fan_out_left;   /* live streams that may still be served at once; the others fall behind and are pumped */
    size_t in_state[STREAM_STATES];
    struct stream *states[STREAM_STATES]; /* a list of each */
    struct stream **by_agency;
    size_t agencies;
    struct heap times; /* of agencies, by number: when one of its streams is to be looked at */
    struct stream *by_consumer;
    struct stream *turns; /* those that are told how far they have come, the next one first */
    uint64_t second;      /* as streams_tell_reached was told last */
    /* The page before the streams that are PAGED: the records from page_from to page_through. */
    struct recent_record *page;
    size_t page_count;
    uint64_t page_from, page_through;
    bool page_asked; /* one is on its way */
};

void streams_init(struct streams *streams, const struct core *core, struct peers *peers,
                  const struct transport *transport, size_t recent_bytes);
void streams_done(struct streams *streams);

/* At the start: up to here all is on disk; of who follows it is still to be seen what is acknowledged. */
void streams_restored(struct streams *streams, uint64_t seq, bool follows);
/* A batch is handed over, and the core stands at its last record: what waits for that is judged. */
void streams_seal(struct streams *streams, int64_t now_ms, uint64_t seq);
void streams_begin_batch(struct streams *streams, int64_t now_ms); /* the records of the one that was sealed follow */
/* The same of a broker that follows, whose core stands at the newest record that it has published, or is about to: that may be there and
 * not be acknowledged yet, which is known of those up to `safe`. */
void streams_begin_slice(struct streams *streams, int64_t now_ms); /* some records follow */
void streams_follow(struct streams *streams, int64_t now_ms, uint64_t applied, uint64_t safe);
/* A record has become durable; those that notify nobody are only counted. */
/* `wire`: the record as it is told; empty when it was not made. `audience`: NULL when it notifies nobody. */
void streams_publish(struct streams *streams, const struct journal_record *record, struct text wire,
                     const struct audience *audience);
/* Serves streams that are behind, looking at no more than `budget` records. */
void streams_pump(struct streams *streams, int64_t now_ms, int budget);
bool streams_pending(const struct streams *streams); /* whether a pump would do something */
/* A page that streams wait for, once; NULL when none do, or one is on its way. The caller reads it and gives it back.
 */
bool streams_want(const struct streams *streams);
struct read *streams_want_page(struct streams *streams);
void streams_take_page(struct streams *streams, const struct read *read);

/* With what comes next a stream begins after this record: the newest, of who follows the newest that is known to be acknowledged. */
uint64_t streams_newest(const struct streams *streams);
/* A new stream, which begins after `from`. It is STREAM_OPENING until streams_begin. */
struct stream *stream_new(struct streams *streams, struct peer *peer, uint32_t agency, struct text consumer,
                          uint64_t from);
void stream_begin(struct streams *streams, struct stream *stream);
void stream_grant(struct streams *streams, struct stream *stream, uint32_t credit);
void stream_resume(struct streams *streams, struct stream *stream); /* its connection may take more */
/* Its connection did not take what was gathered of it: it waits, and begins again before that. */
void stream_take_back(struct streams *streams, struct stream *stream);
/* Ends it with a word to the subscriber: at once, or after the reply to its subscribe. */
void stream_close(struct streams *streams, struct stream *stream, enum ending ending);
void stream_free(struct streams *streams, struct stream *stream); /* without one; takes NULL */
void streams_close_all(struct streams *streams, enum ending ending);
/* Who may speak for an agency has changed: its streams that may hear no more end with the next streams_end_due, and are
 * sent nothing before. */
void streams_look_at(struct streams *streams, uint32_t agency);
/* It wants to be told how far it has come: at most every STREAM_REACHED_SECONDS, and STREAM_REACHED_RECORDS while it
 * is behind. */
void stream_tells_reached(struct streams *streams, struct stream *stream);
/* Once a second: tells at most `budget` of those whose turn it is. */
void streams_tell_reached(struct streams *streams, int64_t now_ms, uint64_t second, int budget);
/* The same for all: the clock was set, and an agency may not have begun yet. */
void streams_look_at_all(struct streams *streams, int64_t now_ms);
/* When streams_end_due has something to do: ms since 1970 UTC, INT64_MAX for never. */
int64_t streams_next_end(const struct streams *streams);
/* Ends, each with its reason, at most `budget` of the streams that may hear no more. */
void streams_end_due(struct streams *streams, int64_t now_ms, int budget);
/* Frees the streams that have ended: called when no caller up the stack walks a list of them. */
void streams_reap(struct streams *streams);
struct stream *streams_consumer(const struct streams *streams, uint32_t agency, struct text consumer);
uint64_t streams_behind(const struct streams *streams); /* how many read the journal */

#endif

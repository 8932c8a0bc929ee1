/* The simulator: the real loop, core and journal under a disk, a clock and a network that chance owns.
 *
 * A seed gives the same run, always. A run ends at the first broken invariant, with the seed and, if asked, a trace of
 * every step before it.
 */
#ifndef COORDD_SIM_SIM_H
#define COORDD_SIM_SIM_H

#include "base/lent.h"
#include "config.h"
#include "core/core.h"
#include "journal/journal.h"
#include "loop/state.h"
#include "sim/chance.h"
#include "sim/disk.h"
#include "sim/model.h"
#include "sim/several.h"
#include "sim/world.h"

#define BATCH_MAX 40                     /* requests in one that is sent */
#define SIM_BEGIN INT64_C(1704070800000) /* 2024-01-01 00:00 in Việt Nam */

/* ---- the network: requests on their way ---- */

struct packet {
    size_t request; /* SIZE_MAX: noise */
    int key;
    uint64_t
        line; /* on which connection: what it carries comes once and in order. 0: on any of the key's, in any order,
                       once, twice or never */
    uint64_t order; /* of sending */
    void *frame;
    uint32_t size;
};
#define NETWORK_MAX 256

struct network {
    struct packet packets[NETWORK_MAX];
    size_t count;
    uint64_t sent;
};

/* Takes a copy of the frame. Past NETWORK_MAX it is lost, as it would be. */
void network_send(struct network *network, const struct packet *packet);
/* Takes one at random; false when there is none. The caller frees its frame. */
bool network_take(struct network *network, struct chance *chance, struct packet *packet);
/* It could not come yet: it is on its way as before. */
void network_return(struct network *network, const struct packet *packet);
/* Loses all but what is on a connection. */
void network_lose(struct network *network);
void network_done(struct network *network);

/* ---- lines: connections, with a client at one end and a peer of the loop's at the other (line.c) ---- */

#define SIM_SUBSCRIBERS 6
#define RUSH_FAIR       2 /* agencies that work while another rushes the broker: a line each */
#define RUSH_GREEDY     4 /* lines of that other */
/* One for each key's requests, one for each subscriber, and those of a rush. */
#define SIM_LINES (WORLD_KEYS + SIM_SUBSCRIBERS + RUSH_FAIR + RUSH_GREEDY)

/* A request that the loop took in on a line, until its answer has been put on it. */
struct question {
    uint64_t number;  /* of all questions */
    size_t request;   /* SIZE_MAX: noise */
    uint32_t count;   /* of a batch's requests; 0 when it is none */
    bool turned_away; /* the loop did not keep it for its agency's turn */
    bool stepped;     /* the core saw it; else the loop turns it away by itself */
    bool let_go;      /* what it was decided with is on disk: now the answer may leave, and not before */
    bool is_stale;    /* by a broker that the model did not follow then */
    bool decided; /* the core made the answer, and this is it; else the loop makes it, from the journal or of itself */
    uint64_t hash[2];
    uint64_t newest; /* of a history: the task's newest record then; of a stream: the newest of all */
    uint64_t size;   /* bytes of what the core made of the answer, let go or not */
    uint64_t unread; /* turned away: what the loop may have thought that its line leaves unread, at most */
    struct slot {
        bool decided, is_refused;
        uint32_t size;
        uint64_t hash[2], newest;
    } * slots; /* of a batch's requests */
    struct gathered {
        uint64_t records_now; /* bytes of the records of the request whose answer comes next */
        uint64_t replied, records,
            bytes_most; /* what is let go of those before: bytes of replies, of records, of all at the most */
        uint64_t shown, looked_most; /* tasks that its lists show; what its requests looked at, at the most */
        bool is_full;
    } gathered; /* of a batch */
};

/* What the loop put on a line and its client has not read. */
struct carried {
    enum { CARRIED_ANSWER, CARRIED_RECORD, CARRIED_REACHED, CARRIED_CLOSED } kind;
    size_t request; /* of an answer */
    uint64_t seq;   /* of a record; how far it has come; of the end: the newest before it */
    int ending;
    void *frame; /* of an answer */
    uint32_t size;
};

struct line {
    uint64_t number; /* of the connection; 0: there is none */
    int key;
    int broker;              /* to which it is */
    struct line_peer *peer;  /* the loop's end; NULL before the first request has come, and once it is gone */
    uint32_t room;           /* so much is taken before it is read */
    uint64_t deaf_until;     /* the step from which on its client reads again */
    bool is_cut;             /* the loop cut it: it is to find out that it is gone */
    uint64_t cut_by;         /* the loop's second at which it should have been cut; 0 for never */
    bool is_streaming;       /* a subscription was answered, and the stream has not ended */
    uint64_t granted, heard; /* credit that was granted, at most, and notifications */
    uint64_t last;           /* the newest that was put on it since its stream began */
    uint64_t reached;        /* that, or what it was told it has come to */
    uint64_t furthest; /* the most that it has come to: an answer that waited for the disk may be to a stream before */
    uint64_t whole;    /* of what comes after this, all that is for it must come */
    bool bundles;      /* it asked for them, and was told that they come */
    bool inherits;     /* its agency stood for others when it subscribed: it may begin before its own place */
    struct question *questions;
    size_t question_count, question_capacity;
    struct carried *carried;
    size_t carried_count, carried_capacity;
};

extern const struct transport line_transport;

void line_open(struct sim *sim, struct line *line, int key);
/* The client hangs up. The loop hears of it later, or finds out by sending. */
void line_close(struct sim *sim, struct line *line);
struct line *line_find(struct sim *sim, uint64_t number);    /* NULL when it is closed */
struct line *line_of_peer(struct sim *sim, uint64_t number); /* the same, by the number of the loop's peer */
/* A packet reaches the loop: whether it waits for its turn now, or was turned away. */
bool line_ask(struct sim *sim, struct line *line, const struct packet *packet);
/* The loop's turn has come to what a peer asked first of all that waits, or of several brokers first of all that are this frame: which
 * request it is, and, while the line stands, its question; else NULL. */
struct question *line_turn(struct sim *sim, uint64_t peer, struct text frame, size_t *request, struct line **line);
/* The client takes what comes first; false when there is nothing. The caller frees its frame. */
bool line_read(struct line *line, struct carried *carried);
bool line_is_deaf(const struct sim *sim, const struct line *line);
/* The loop hears of connections that are gone. */
void lines_tell_gone(struct sim *sim, uint32_t percent);
/* An answer is put on it. */
void line_carry_answer(struct sim *sim, struct line *line, size_t request, const void *frame, size_t size);
void line_carry(struct line *line, const struct carried *carried); /* anything else is */
bool line_is_parked(const struct line *line);                      /* what is put on it now has waited for it */
bool line_is_stalled(const struct line *line); /* the loop waits for it to take more, or it is gone */
/* Clients of keys read what has come, unless they are deaf; subscribers do it when they will. */
void lines_read(struct sim *sim, uint32_t percent);
void lines_hear(struct sim *sim); /* nobody is deaf any more */
/* Whoever reads nothing asks all the more. */
void lines_nag(struct sim *sim);
/* The connections of a key are to be cut, a little later. */
void lines_revoked(struct sim *sim, int key);
void lines_check_cut(struct sim *sim);
/* All that was asked on a connection that stands has been answered. */
void lines_check_answered(struct sim *sim);
/* One frame is put on it, alone or of a bundle. */
void line_put(struct sim *sim, struct line *line, const void *frame, size_t size);

/* ---- bundles.c: several that leave as one ---- */

bool bundles_are(const void *bytes, size_t size);
void bundles_leave(struct sim *sim, struct line *line, const void *bytes, size_t size);
void bundles_answered(struct sim *sim, struct line *line, const struct request *request, int error);
void lines_crashed(struct sim *sim);
void lines_done(struct sim *sim);

/* ---- what the loop decides, lets go and sends, held against the model (watch.c, answers.c) ---- */

void watch_stepped(struct sim *sim, const struct event *event, size_t first);
void watch_let_go(struct sim *sim, const struct batch *batch);
/* The loop refuses what waited for its turn, without the core. */
void watch_turned_away(struct sim *sim, uint64_t peer);
/* An answer leaves to a line. */
void watch_answer(struct sim *sim, struct line *line, const void *frame, size_t size);
void watch_crashed(struct sim *sim);
void watch_done(struct sim *sim);

/* The error that a frame tells of; 0 when it is no refusal. */
int answer_error(const struct sim *sim, const void *frame, size_t size, struct msg_error *message);

/* ---- batches.c: how much a batch may hold ---- */

/* A request of a batch is answered by the core, in this frame; or let through, and answered later. */
void batches_answered(struct sim *sim, struct question *question, uint32_t slot, const void *frame, size_t size);
void batches_allowed(struct sim *sim, struct question *question, uint32_t slot);
/* The whole reply leaves: the parts that are as the core or the loop made them, and those that found no room. */
bool batches_is_left_out(const struct sim *sim, struct text part);
void batches_leave(struct sim *sim, const struct question *question, const struct text *parts, size_t size);

/* ---- unread.c: what a connection leaves unread ---- */

/* What waits for it at the most. */
uint64_t unread_most(const struct line *line);
/* Whether what is asked on it now must be refused; and whether what was turned away could be, for that. */
bool unread_refuses(const struct sim *sim, const struct line *line);
bool unread_may_refuse(const struct sim *sim, const struct question *question);
void unread_check_cut(struct sim *sim, const struct line *line); /* the loop cuts it */
void unread_check(struct sim *sim);

/* ---- subscribers (streams.c is what the broker's end owes them, subscribers.c what they do) ---- */

struct subscriber {
    int key;
    uint32_t rights;       /* that it is given: to act and read, or to read alone */
    char consumer[16];     /* empty: a passing one */
    bool subtree, reached; /* it asked for these */
    uint32_t notices;      /* 0: all */
    int severity;          /* 0: all */
    struct line *line;
    uint64_t connection; /* its number; 0: none. What comes of another is dead */
    bool is_subscribed;  /* it has the reply */
    uint32_t credit;     /* what it has granted and not used */
    uint64_t position;   /* the newest that it has seen; begins where its first stream began */
    bool has_begun;
    uint8_t store[16];      /* which that is of, once it has begun */
    uint64_t last;          /* the newest on this connection */
    uint64_t claimed, kept; /* a consumer's place: asked for, and confirmed */
    bool has_place;
    uint64_t seen, again;
};

/* The loop's answer to a stream request leaves to a line, with this error or 0; a notification does; how far it has come; and the end of a stream. */
void streams_answered(struct sim *sim, struct line *line, const struct question *question, const void *frame,
                      size_t size, int error);
void streams_heard(struct sim *sim, struct line *line, const void *frame, size_t size);
void streams_reached(struct sim *sim, struct line *line, uint64_t seq);
void streams_ended(struct sim *sim, struct line *line, const struct msg_closed *closed);
/* The core allowed a stream request, and its batch is let go. */
void streams_allowed(struct sim *sim, struct line *line, const struct request *request, const struct effect *effect);
/* Nobody's stream goes on who may hear no more; or when the broker has stopped. */
void streams_check_admitted(struct sim *sim);
void streams_check_stopped(struct sim *sim);
/* Whether a record is for a subscriber by itself, by the model: not that of an agency which its own has succeeded. */
bool streams_wants(const struct sim *sim, const struct subscriber *subscriber, uint64_t seq);
/* And whether it must have come to it: not what is of a task that was hidden from it at some time. */
bool streams_owes(const struct sim *sim, const struct subscriber *subscriber, uint64_t seq);

void subscribers_set_up(struct sim *sim);
void subscribers_unsettle(struct sim *sim);
/* What clients do: connect, read, grant, confirm, break off. */
void subscribers_act(struct sim *sim);
void subscribers_read(struct sim *sim); /* all that has come */
void subscribers_crashed(struct sim *sim);
/* A copy takes the store's place, with their places of then. What they have had they find out to be another store's. */
void subscribers_put_back(struct sim *sim);
/* A consumer's place is what was confirmed, or what was asked for after. */
void subscribers_check_places(struct sim *sim);
/* Lets everything arrive, and checks that nobody missed anything. */
void subscribers_finish(struct sim *sim);

/* ---- the broker: the real loop and its host (broker.c, host.c, restart.c) ---- */

/* Whose effects those of a batch are, by index. */
struct noted {
    size_t request; /* SIZE_MAX: nobody's, or noise */
    struct line *line;
    uint64_t question; /* 0: nobody's */
    int64_t now;
    int64_t stepped_ms; /* when, of several brokers */
    bool read_only, doubtful;
    uint64_t tasks_most; /* that its agency may have given */
};

/* A batch that has begun and goes on: at most one of an agency. */
#define SIM_SLICED (WORLD_AGENCIES + 1)
struct sliced {
    uint64_t peer; /* 0: none */
    uint32_t from;
    struct noted noted;
};

struct sim_host {
    struct host host; /* first */
    bool works, has_stopped, has_failed;
    uint64_t wake_at;      /* of sim.lived, ms; UINT64_MAX for never */
    struct errand *errand; /* under way; NULL for none */
    bool is_appended, is_told;
    const struct batch *written; /* on disk, and not let go yet */
    struct errands errands;
};

/* lender.c */
struct sim_lender {
    struct lender lender; /* first */
    struct chance chance;
    uint64_t known, gone, back; /* tasks that were there when it was looked, and that went and came in between */
};
void lender_begin(struct sim *sim);
void lender_look(struct sim *sim);

struct sim_broker {
    struct broker *loop; /* NULL while there is none */
    struct sim_host host;
    struct sim_lender lender;
    struct config config;
    struct broker_options options;
    struct journal *journal;
    uint64_t cost[2];       /* of what was stepped into each of the loop's batches */
    struct noted *noted[2]; /* for each of the loop's batches */
    size_t noted_count[2], noted_capacity[2];
    struct sliced sliced[SIM_SLICED];
    uint64_t access;   /* newest record that changed who may speak */
    uint64_t failures; /* of the disk, that it has stopped for */
    uint64_t restarts, crashes, commits, verified, turned_away, composites, slices, ended, reached, full, left_out,
        unread, cut, fair, longest, bundles, bundled;
};

static inline struct core *broker_core(const struct sim_broker *broker)
{
    return broker->loop->core;
}

void broker_make_store(struct sim *sim);
/* Opens the store that the disk has, holds it against the model, and serves. */
void broker_start(struct sim *sim);
/* Makes a copy of the store, when all is on disk; puts the last one in its place, as another store, and starts it. */
void broker_keep_copy(struct sim *sim);
void broker_put_back(struct sim *sim);
/* Stops without a word: memory is gone, the disk keeps what it keeps. */
void broker_crash(struct sim *sim);
/* Stops in good order. */
void broker_stop_well(struct sim *sim);
void broker_make_loop(struct sim *sim); /* over a store that is open */
/* The state that the records on disk come to, from record 1. */
void broker_replay(struct sim *sim, uint8_t digest[32]);
/* The file's structure, the hash chain, the sums. */
void broker_verify(struct sim *sim);
void broker_let_go(struct sim *sim); /* frees what a process that ends would */
/* Whether all that it took in is decided, on disk and let go. */
bool broker_is_quiet(const struct sim *sim);
/* While it is quiet, it stands where the model stands. */
void broker_compare(struct sim *sim);

void host_begin(struct sim *sim);
/* An errand's append is done, and the errand is. */
void host_appended(struct sim *sim);
void host_finished(struct sim *sim);
/* One turn of the loop: some of its doors, as chance will. */
void host_turn(struct sim *sim);
/* One with each door once, and half an errand. */
void host_turn_orderly(struct sim *sim);
/* Until all is quiet, or the disk has no room: without anything new. False in the latter case. */
bool host_settle(struct sim *sim);
void host_second(struct sim *sim);
void host_deliver(struct sim *sim); /* all that is on the network, safely */
/* The journal or the loop has failed, as it should when the disk did: it is started anew. */
void host_check_failed(struct sim *sim);

/* ---- rush.c: two fair agencies and a greedy one ---- */

struct rush {
    bool is_on;
    int greedy, greedy_key;
    size_t last;        /* what the greedy one asked last; 0: nothing yet */
    uint64_t turn;      /* of the loop, from 1 */
    uint64_t costliest; /* step of the greedy one's */
    struct rush_fair {
        int key, agency;
        uint32_t waiting;  /* requests, for its turn */
        uint64_t asked;    /* in which turn; 0: it has its answers */
        uint64_t answered; /* how often it had them */
        uint64_t goes;     /* turns of its own that it needs, since it asked */
        uint64_t others;   /* cost of what the greedy one had in them */
    } fair[RUSH_FAIR];
};

void rush_run(struct sim *sim);
void decrees_run(struct sim *sim); /* decrees.c */
/* The core took an event, at this cost. */
void rush_stepped(struct sim *sim, const struct event *event, uint64_t cost);
void rush_turned_away(struct sim *sim, int key);

/* ---- the whole ---- */

struct sim {
    uint64_t seed;
    struct chance chance;
    struct disk *disk;
    struct network network;
    struct sim_broker brokers[SIM_BROKERS], *broker; /* the one at hand… */
    int at;                                          /* …and its number; of one alone, 0 */
    struct several several;
    struct world world;
    struct model model;
    struct line lines[SIM_LINES];
    struct subscriber subscribers[SIM_SUBSCRIBERS];
    uint64_t connections, questions; /* so far */
    struct rush rush;
    struct model_copy copy;
    int alone;         /* the only subscriber that there is; −1 when all are */
    bool synchronised; /* what the kernel says of its clock */
    int64_t now;
    uint64_t lived;       /* ms of simulated time, jumps left out */
    int64_t home;         /* while the clock stands far away: where it comes back to; else NO_TIME */
    uint64_t step, steps; /* done, and to do */
    bool tracing;
    uint64_t crowded; /* a task of which much is escalated by hand; 0: none… */
    int crowding;     /* …as often as this from now on */
    int batch_key;    /* while a batch is gathered: what is made is part of it, and sent with this key; else −1 */
};

/* One invariant: says what broke, at which seed and step, and ends the process. */
#define SIM_CHECK(sim, condition, ...)                                                                                 \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            sim_broken((sim), __FILE__, __LINE__, __VA_ARGS__);                                                        \
    } while (0)
void sim_broken(const struct sim *sim, const char *file, int line, const char *format, ...)
    __attribute__((noreturn, format(printf, 4, 5)));
/* Time goes on, by all clocks. */
void sim_pass(struct sim *sim, int64_t ms);
void sim_trace(const struct sim *sim, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a reply says; it is of this kind, or the run is broken. */
#define SIM_READ(sim, id, kind, reply)                                                                                 \
    do {                                                                                                               \
        struct problem problem_ = {0};                                                                                 \
        SIM_CHECK((sim), decoder_read((sim)->model.decoder, &message_##kind, (reply), &problem_) == 0,                 \
                  "the reply to %.*s cannot be read: %s", TEXT_ARGS(id), problem_.message);                            \
    } while (0)

/* ---- what agencies send: traffic.c and the files beside it ---- */

void traffic_set_up(struct sim *sim); /* agencies, keys, calendars, policies */
void traffic_send(struct sim *sim);   /* one request, sound or not */
/* Encodes a request under an id of its own and keeps it. */
size_t traffic_keep(struct sim *sim, int key, enum op op, const void *message);
void traffic_again(struct sim *sim, size_t number); /* puts it on the network, whether it was before or not */
/* Keeps it, and puts it on the network or into the batch. */
void traffic_submit(struct sim *sim, int key, enum op op, const void *message);
uint32_t traffic_pick(struct sim *sim, uint32_t bound);
int traffic_any_agency(struct sim *sim);      /* at times one that is not there */
struct text traffic_agency(struct sim *sim);  /* its id */
int traffic_key(struct sim *sim, int agency); /* as a rule, one of its keys */
int traffic_administrator(struct sim *sim);   /* as a rule, a key that may administer */

/* Makes a batch of what is filled in, and keeps it. */
size_t traffic_batch(struct sim *sim, int key, void (*fill)(struct sim *sim, int key));

/* Each makes one request. */
void traffic_assign(struct sim *sim);
void traffic_act(struct sim *sim);
bool traffic_plead(struct sim *sim, const struct model_task *task); /* what its lead asks for, or a decision; or none */
bool traffic_consult(struct sim *sim,
                     const struct model_task *task); /* an opinion that it asks for, or gives; or none */
void traffic_fill_deciding(struct sim *sim, struct msg_policy *policy);
struct text traffic_short_words(struct sim *sim);               /* of a date, soon as a rule */
struct text reasons_write(struct sim *sim, const char *reason); /* as a rule; else nothing that can be seen */
void traffic_pester(struct sim *sim, uint64_t task);            /* an escalation by hand */
void traffic_crowd(struct sim *sim);
void traffic_document(struct sim *sim);
void traffic_cite(struct sim *sim, struct msg_content *content, struct text paragraphs[2]);
void traffic_schedule(struct sim *sim); /* many of them, and their acknowledgements */
/* What lasts as long as the request that points to it. */
struct traffic_plan {
    struct msg_planned items[4];
    char names[4][PERIOD_ROOM];
};
/* How a target is measured, of a new task (NULL) or an old one; the value that is reported on a task; a read. */
void traffic_measure(struct sim *sim, struct msg_content *content, const struct model_task *old,
                     struct traffic_plan *plan);
void traffic_value(struct sim *sim, struct msg_progress *progress, const struct model_task *task,
                   struct traffic_plan *plan);
void traffic_read_target(struct sim *sim, int key);
void traffic_read(struct sim *sim);
void traffic_read_much(struct sim *sim);    /* whole pages */
void traffic_nag(struct sim *sim, int key); /* a read, with this key */
void traffic_administer(struct sim *sim);
void traffic_set_hot_spot(struct sim *sim, int key);
void traffic_read_hot_spots(struct sim *sim, int key);
void traffic_set_agency(struct sim *sim, int key, int agency);
void traffic_end_agency(struct sim *sim, int agency, int successor); /* soon; −1: nobody takes its place */
void traffic_set_key(struct sim *sim, int by, int key, int agency, uint32_t rights, int64_t until);
void traffic_set_calendar(struct sim *sim, int key, int number);
void traffic_set_policy(struct sim *sim, int key, int name);
void traffic_set_store(struct sim *sim, int key);
void traffic_accept_clock(struct sim *sim);
void traffic_hand_over(struct sim *sim); /* of several brokers */
void traffic_scramble(struct sim *sim);
void traffic_noise(struct sim *sim);

#endif

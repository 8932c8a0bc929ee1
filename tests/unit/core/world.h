/* A core with agencies in it, for tests: requests go in as message structs, replies come out decoded, and every record
 * is kept, so that the core can be restored from them.
 *
 *     tinh                    the administering agency, at the top
 *     ├── huyen               with xa1, xa2 and xa3 under it
 *     ├── so1                 with phong under it
 *     └── so2
 *     ngoai                   at the top as well, in no tree with the others
 *     khu                     a locality right under tinh: takes no tasks
 *
 * Each has one key with the rights read and act; tinh's administers too. The calendar `default` works Monday to Friday,
 * 7:30 to 17:00, at UTC+7. Time begins at Monday 2024-06-03 08:00 there and stands still unless a test moves it.
 */
#ifndef COORDD_TESTS_UNIT_CORE_WORLD_H
#define COORDD_TESTS_UNIT_CORE_WORLD_H

#include "core/core.h"
#include "unit/core/lender.h"

#define WORLD_BEGIN INT64_C(1717376400000) /* 2024-06-03T01:00Z */
#define WORLD_HOUR  INT64_C(3600000)
#define WORLD_DAY   (24 * WORLD_HOUR)

struct world {
    struct core *core;
    struct plain_lender
        lender;             /* a task that is closed goes there at once, after the event that closed it: core/cold.h */
    struct effects effects; /* of the last event */
    int64_t now;
    bool read_only, clock_doubtful;
    struct event_limits limits;
    struct event_beside beside;
    uint64_t slice_cost;            /* of a batch; 0: what is usual */
    int acknowledged_for;           /* of the policies that ladder_set sets; -1: not said */
    struct rows *rows;              /* of rows_replay; NULL before the first */
    struct journal_record *records; /* all that were emitted; record n is at n - 1 */
    size_t record_count, record_capacity;
    struct decoder *decoder;        /* holds the last reply */
    struct decoder *record_decoder; /* holds the last record asked for */
    struct buffer frame;            /* the last request's */
    uint64_t next_id;
    const char *in_name_of;   /* what is sent says `for` this agency, unless NULL */
    int error;                /* of the last request: 0 or COORD_E_… */
    struct msg_error refusal; /* when it was refused */
    void *reply;              /* when it was not: a struct of the op's reply */
};

struct world *world_new(void);
void world_free(struct world *world);

/* Sends a request from an agency, with a new id if it is a change, and returns 0 or its error. An effect that needs the
 * journal is answered from the records at hand. A change is sent as a dry run first: that leaves the state as it is, byte for
 * byte, and says what is then done or refused. */
int world_send(struct world *world, const char *agency, enum op op, const void *request);
/* The same under an id of the test's choosing. */
int world_send_as(struct world *world, const char *agency, enum op op, const char *id, const void *request);
/* The same with a public key of the test's choosing, and any frame. */
int world_send_frame(struct world *world, const char *public_key, const void *frame, size_t size);
/* Of the last request that was not refused: the struct of its op's reply. */
#define WORLD_REPLY(world, message) ((const struct msg_##message *)(world)->reply)

/* An event without a request. */
void world_event(struct world *world, enum event_type type, int64_t now);
/* What the last event cost on an agency's account. */
uint64_t world_charged(const struct world *world, const char *agency);
/* Puts on the journal what a test had the core do by itself. */
void world_keep_records(struct world *world);
/* An event of the operator's: what the core refuses is the error and the refusal, as a request's. */
void world_operator(struct world *world, const struct event *event);
/* Ticks until nothing is due any more at a time; returns how many records that made. */
size_t world_run_until(struct world *world, int64_t now);

/* The key of an agency: valid until the next call but three. */
const char *world_key(const char *agency);
/* Record n of the journal (from 1), decoded; valid until the next one asked for. */
const struct msg_record *world_record(struct world *world, uint64_t seq);
/* Puts a record on the journal that no request of today makes: one of an older broker's. It gets the next sequence. */
void world_put_record(struct world *world, struct msg_record *record);
/* Whether the record's `to` is exactly this list of ids, separated by spaces. */
bool world_tells(const struct msg_record *record, const char *ids);

/* One task, and its number; the due is the wire's, NULL for none. */
uint64_t world_assign(struct world *world, const char *assigner, const char *lead, const char *reference,
                      const char *due);
/* An action with nothing but a note, where it takes one: 0 or its error. */
int world_act(struct world *world, const char *agency, enum op op, uint64_t task);

/* What a lead asks for, with the words that its kind takes (NULL for none): the request's id, or 0 when it is refused. */
uint64_t world_ask(struct world *world, const char *agency, uint64_t task, int asking, const char *words);
/* grant, deny or take_back, as asked: 0 or its error. */
int world_decide(struct world *world, const char *agency, enum op op, uint64_t task, uint64_t ask);

/* A question of a lead's to one agency, by a date: its id, or 0 when it is refused. */
uint64_t world_consult(struct world *world, const char *agency, uint64_t task, const char *asked, const char *due);
/* An opinion on it that agrees in part; and it is taken back, of one agency or (NULL) of all: 0 or its error. */
int world_opine(struct world *world, const char *agency, uint64_t task, uint64_t question);
int world_recall(struct world *world, const char *agency, uint64_t task, uint64_t question, const char *asked);

/* Adds an agency with its key. */
void world_add_agency(struct world *world, const char *id, const char *parent);

/* A core from all records, or from those after `checkpoint` over rows. */
struct core *world_restore(const struct world *world, const struct journal_row *rows, size_t row_count,
                           uint64_t checkpoint);
/* A core that was restored from the first of them, and has followed the others. */
struct core *world_follow(const struct world *world, size_t restored);

/* Requests of administrators, to change before they are sent. `parent` may be NULL. */
struct msg_agency_set agency_set(const char *id, const char *parent);
struct msg_key_set key_set(const char *agency, const char *public_key, uint32_t rights);

#endif

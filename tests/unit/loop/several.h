/* Brokers for one store in memory, in one thread and with a clock that stands until it is moved: whose turn it is, the test says.
 *
 * The store has the agency `tinh`, whose key does everything, and `huyen`, whose key acts. Each broker follows at first.
 */
#ifndef COORDD_TEST_SEVERAL_H
#define COORDD_TEST_SEVERAL_H

#include "journal/memory.h"
#include "loop/state.h"

#define SEVERAL_TINH     "tinh000000000000000000000000000000000000"
#define SEVERAL_HUYEN    "huyen00000000000000000000000000000000000"
#define SEVERAL_LEASE_MS 3000

struct station {
    struct host host; /* first */
    struct config config;
    struct journal_options journal_options;
    struct broker_options options;
    struct broker broker;
    struct journal *journal;
    struct errands errands;
    struct errand *errand; /* under way */
    unsigned turns;        /* so far */
    bool works, has_failed;
    int code;        /* that it failed with */
    unsigned called; /* errands that were called back */
};

#define LINE_TOLD_MAX 1024

/* A connection, and what it was sent last. */
struct line {
    struct peer peer; /* first */
    struct buffer frame;
    unsigned frames;              /* since it asked last, but for: */
    unsigned refused;             /* of these, errors */
    uint64_t told[LINE_TOLD_MAX]; /* the sequences of its notifications… */
    unsigned told_count;
    enum ending ending; /* …and how its stream ended; ENDING_NONE while it has not */
};

/* The last answer, read. */
struct answer {
    struct envelope envelope;
    bool is_error;
    struct msg_error error;
};

struct journal_memory *several_memory(void); /* with the store in it; time begins anew */
void several_pass(struct journal_memory *memory, uint64_t ms);

struct station *station_new(struct journal_memory *memory, const char *endpoint);
void station_free(struct station *station);
/* Does so many pieces of work: an errand, or what the loop wants done. */
void station_turns(struct station *station, unsigned turns);
void station_second(struct station *station);
/* It takes a lead that is free, and leads. */
void station_lead(struct station *station);
struct line *station_line(struct station *station, const char *key);

/* Sends a request, with what its envelope says beside the id; ENVELOPE_ABSENT for nothing. */
void line_ask(struct station *station, struct line *line, enum op op, const char *id, const void *request,
              uint64_t at_least, uint64_t within_ms);
/* The answer to what was asked last, which must be there, and is valid until the next. */
struct answer line_answer(const struct line *line);

#endif

/* Places of durable consumers that wait to be put (placing.h), by the agency that asked for it: each agency has its turn, so that nobody waits
 * for what another says. Of one consumer and key one that was said waits at most, which is the furthest, beside what is under way: whoever said
 * one before is answered with it.
 *
 * Invariants: those of one agency are put in the order in which they were asked for; what is under way is the journal's thread's to read, and
 * does not change.
 */
#ifndef COORDD_LOOP_PUTS_H
#define COORDD_LOOP_PUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop/lead.h"
#include "loop/table.h"

/* One of each agency may always wait. */
#define PUTS_EACH     256   /* of one agency, × 150 bytes: looked through for each that is said, 1 µs */
#define PUTS_OWED     1024  /* answers to it that wait for them, × 200 bytes */
#define PUTS_OWED_ALL 65536 /* the same, of all agencies */

/* What is answered when it is done. */
struct put_answer {
    struct put_answer *next;
    uint64_t peer;
    bool says; /* to `consumed` */
    size_t size;
    char frame[];
};

struct put {
    struct put *next; /* of its agency */
    struct place place;
    uint32_t asker;  /* the agency that asked for it: what it succeeded is another's place */
    uint64_t number; /* the later has the higher one */
    bool under_way;
    struct put_answer *first, *last;
};

struct puts_agency;

struct puts {
    struct puts_agency *by_agency; /* that have some */
    struct puts_agency *turns;     /* whose turn is next, of the same */
    size_t count, owed;            /* places, and answers */
    uint64_t numbers;              /* so far */
};

void puts_done(struct puts *puts);
/* Whether this agency may have one more, and an answer that waits for it. */
bool puts_have_room(const struct puts *puts, uint32_t asker);
/* The one that puts this place or a further one of the same consumer and key: one that is there, or a new one. There must be room. */
struct put *puts_add(struct puts *puts, uint32_t asker, const struct place *place);
/* It is answered with this frame, which is copied. */
void puts_owe(struct puts *puts, struct put *put, uint64_t peer, bool says, struct text frame);
/* The furthest place of this consumer of which it says that it is to be put; 0 for none. */
uint64_t puts_furthest(const struct puts *puts, uint32_t asker, uint32_t agency, struct text consumer);
/* Those whose turn it is, at most so many: they are under way then. */
unsigned puts_take(struct puts *puts, struct put **taken, unsigned most);
/* Takes one out, the first of its agency's: the caller reads its answers and frees it. */
struct put *puts_take_out(struct puts *puts, struct put *put);
void put_free(struct put *put);
/* Those that are still under way are not: they wait again, first of all. */
void puts_wait_again(struct puts *puts);

#endif

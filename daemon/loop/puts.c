/* See puts.h. */
#include "loop/puts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/xalloc.h"

struct puts_agency {
    uint32_t agency;
    struct put *first, *last;
    size_t count, owed;
    struct puts_agency *turn_next, *turn_previous;
    UT_hash_handle hh;
};

void put_free(struct put *put)
{
    for (struct put_answer *answer = put->first, *next; answer; answer = next) {
        next = answer->next;
        free(answer);
    }
    free(put);
}

static struct puts_agency *find(const struct puts *puts, uint32_t agency)
{
    struct puts_agency *found;
    HASH_FIND(hh, puts->by_agency, &agency, sizeof agency, found);
    return found;
}

static struct puts_agency *agency_new(struct puts *puts, uint32_t agency)
{
    struct puts_agency *new = xcalloc(1, sizeof *new);
    new->agency = agency;
    HASH_ADD(hh, puts->by_agency, agency, sizeof new->agency, new);
    DL_APPEND2(puts->turns, new, turn_previous, turn_next);
    return new;
}

static void agency_free(struct puts *puts, struct puts_agency *agency)
{
    DL_DELETE2(puts->turns, agency, turn_previous, turn_next);
    HASH_DELETE(hh, puts->by_agency, agency);
    free(agency);
}

void puts_done(struct puts *puts)
{
    while (puts->turns)
        put_free(puts_take_out(puts, puts->turns->first));
}

/* ---- what is said ---- */

bool puts_have_room(const struct puts *puts, uint32_t asker)
{
    const struct puts_agency *agency = find(puts, asker);
    return !agency || (agency->count < PUTS_EACH && agency->owed < PUTS_OWED && puts->owed < PUTS_OWED_ALL);
}

static bool is_of(const struct put *put, const struct place *place)
{
    return put->place.agency == place->agency && put->place.at.key == place->at.key &&
           put->place.at.made == place->at.made && strcmp(put->place.consumer, place->consumer) == 0;
}

/* What is under way puts what it puts; and of two that brokers made neither goes for the other. */
static bool serves(const struct put *put, const struct place *place)
{
    const uint64_t has = put->place.at.seq, wants = place->at.seq;
    return is_of(put, place) && (place->at.made ? has == wants : !put->under_way || has >= wants);
}

struct put *puts_add(struct puts *puts, uint32_t asker, const struct place *place)
{
    struct puts_agency *agency = find(puts, asker);
    if (!agency)
        agency = agency_new(puts, asker);
    struct put *put = agency->first;
    while (put && !serves(put, place))
        put = put->next;
    if (put) {
        if (place->at.seq > put->place.at.seq)
            put->place.at.seq = place->at.seq;
        return put;
    }
    put = xcalloc(1, sizeof *put);
    *put = (struct put){.place = *place, .asker = asker, .number = ++puts->numbers};
    if (agency->last)
        agency->last->next = put;
    else
        agency->first = put;
    agency->last = put;
    agency->count++;
    puts->count++;
    return put;
}

void puts_owe(struct puts *puts, struct put *put, uint64_t peer, bool says, struct text frame)
{
    struct put_answer *answer = xmalloc(sizeof *answer + frame.size);
    *answer = (struct put_answer){.peer = peer, .says = says, .size = frame.size};
    memcpy(answer->frame, frame.data, frame.size);
    if (put->last)
        put->last->next = answer;
    else
        put->first = answer;
    put->last = answer;
    find(puts, put->asker)->owed++;
    puts->owed++;
}

uint64_t puts_furthest(const struct puts *puts, uint32_t asker, uint32_t agency, struct text consumer)
{
    const struct puts_agency *of = find(puts, asker);
    uint64_t furthest = 0;
    for (const struct put *put = of ? of->first : NULL; put; put = put->next)
        if (!put->place.at.made && put->place.agency == agency && text_equal(text_of(put->place.consumer), consumer) &&
            put->place.at.seq > furthest)
            furthest = put->place.at.seq;
    return furthest;
}

/* ---- putting them ---- */

static struct put *first_that_waits(const struct puts_agency *agency)
{
    struct put *put = agency->first;
    while (put && put->under_way)
        put = put->next;
    return put;
}

unsigned puts_take(struct puts *puts, struct put **taken, unsigned most)
{
    const struct puts_agency *idle = NULL; /* since this one nobody had any more */
    unsigned count = 0;
    while (count < most && puts->turns && puts->turns != idle) {
        struct puts_agency *agency = puts->turns;
        struct put *put = first_that_waits(agency);
        DL_DELETE2(puts->turns, agency, turn_previous, turn_next);
        DL_APPEND2(puts->turns, agency, turn_previous, turn_next);
        if (put) {
            put->under_way = true;
            taken[count++] = put;
            idle = NULL;
        } else if (!idle) {
            idle = agency;
        }
    }
    return count;
}

struct put *puts_take_out(struct puts *puts, struct put *put)
{
    struct puts_agency *agency = find(puts, put->asker);
    assert(agency->first == put);
    agency->first = put->next;
    if (!put->next)
        agency->last = NULL;
    agency->count--;
    puts->count--;
    for (const struct put_answer *answer = put->first; answer; answer = answer->next) {
        agency->owed--;
        puts->owed--;
    }
    if (!agency->first)
        agency_free(puts, agency);
    return put;
}

void puts_wait_again(struct puts *puts)
{
    for (struct puts_agency *agency = puts->turns; agency; agency = agency->turn_next)
        for (struct put *put = agency->first; put && put->under_way; put = put->next)
            put->under_way = false;
}

/* See unfinished.h. A look at 20,000 connections takes some 0.2 ms. */
#include "loop/unfinished.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "loop/descriptor.h"
#include "loop/received.h"

void unfinished_init(struct unfinished *watch, uint64_t waiting)
{
    *watch = (struct unfinished){.waiting = waiting};
}

void unfinished_done(struct unfinished *watch)
{
    free(watch->arrivals);
    free(watch->held);
    *watch = (struct unfinished){0};
}

static struct arrival *unfinished_find(struct unfinished *watch, int descriptor)
{
    return descriptor >= 0 && (size_t)descriptor < watch->count ? &watch->arrivals[descriptor] : NULL;
}

void unfinished_opened(struct unfinished *watch, int descriptor)
{
    if (descriptor < 0 || descriptor >= RECEIVED_DESCRIPTORS)
        return;
    if ((size_t)descriptor >= watch->count) {
        const size_t wanted = (size_t)descriptor + (size_t)descriptor / 2 + 64;
        watch->arrivals = xrealloc(watch->arrivals, wanted, sizeof *watch->arrivals);
        memset(watch->arrivals + watch->count, 0, (wanted - watch->count) * sizeof *watch->arrivals);
        watch->count = wanted;
    }
    /* Not what came by now: this is told late, and it may be much. */
    const uint64_t before = received_before(descriptor);
    watch->arrivals[descriptor] = (struct arrival){
        .open = true, .inode = descriptor_inode(descriptor), .base = before, .seen = before, .seen_before = before};
}

void unfinished_closed(struct unfinished *watch, int descriptor)
{
    struct arrival *arrival = unfinished_find(watch, descriptor);
    if (arrival)
        arrival->open = false;
}

bool unfinished_knows(const struct unfinished *watch, int descriptor)
{
    return descriptor >= 0 && (size_t)descriptor < watch->count && watch->arrivals[descriptor].open;
}

size_t unfinished_part(size_t size)
{
    const size_t body = size + 33; /* a name, the nonce, the flags, and what proves it */
    return body + (body > UINT8_MAX ? 9 : 2);
}

void unfinished_whole(struct unfinished *watch, int descriptor, size_t received)
{
    struct arrival *arrival = unfinished_find(watch, descriptor);
    if (!arrival)
        return;
    arrival->whole = true;
    arrival->taken += received;
}

void unfinished_drained(struct unfinished *watch)
{
    watch->drained++;
}

static bool arrival_is_endless(const struct unfinished *watch, const struct arrival *arrival, uint64_t received)
{
    const uint64_t bound = UNFINISHED_BYTES_MAX + arrival->looks * UNFINISHED_HEARTBEAT;
    /* What had come at the last look was taken since, as far as it was whole. */
    if (watch->drained > arrival->drained && arrival->seen - arrival->base > bound)
        return true;
    /* Nothing is taken for now. */
    return received - arrival->base > watch->waiting + bound;
}

/* What it held at the last look and holds still, where that is known: 0 when it is nothing, or may be whole. What was counted once
 * counts until a whole message comes: heartbeats that did not come make it no less. */
static uint64_t arrival_held(const struct unfinished *watch, struct arrival *arrival)
{
    const uint64_t came = arrival->seen - arrival->base, heartbeats = arrival->looks * UNFINISHED_HEARTBEAT;
    if (watch->drained == arrival->drained)
        return 0;
    if (came < UNFINISHED_COUNTED + heartbeats && arrival->held < UNFINISHED_LOOKS_MIN) {
        arrival->held = 0;
        return 0;
    }
    arrival->is_message = arrival->is_message ||
                          came >= UNFINISHED_COUNTED + arrival->looks * UNFINISHED_HEARTBEATS_QUICK;
    if (++arrival->held < UNFINISHED_LOOKS_MIN)
        return 0;
    arrival->counted = came > heartbeats + arrival->counted ? came - heartbeats : arrival->counted;
    return arrival->counted;
}

static bool arrival_takes_long(const struct arrival *arrival)
{
    return arrival->held > UNFINISHED_LOOKS_MAX && arrival->is_message;
}

/* What came after the last whole message. It was taken since the last look, or soon after it came where nothing had to wait: then
 * what had come before the look before that was in it, or heartbeats. */
static void arrival_restart(const struct unfinished *watch, struct arrival *arrival, uint64_t received)
{
    uint64_t base = arrival->base + arrival->taken;
    if (watch->drained > arrival->drained && base < arrival->seen_before)
        base = arrival->seen_before;
    arrival->base = base < received ? base : received;
    arrival->taken = 0;
    arrival->looks = 0;
    arrival->held = 0;
    arrival->counted = 0;
    arrival->is_message = false;
}

static void unfinished_end(struct unfinished *watch, int descriptor, unfinished_endless *endless, void *context)
{
    struct arrival *arrival = &watch->arrivals[descriptor];
    arrival->open = false;
    if (descriptor_inode(descriptor) == arrival->inode)
        endless(context, descriptor);
}

/* ---- what they hold together ---- */

/* By whose they are, those that hold the most first. */
static int held_compare(const void *a, const void *b)
{
    const struct unfinished_held *one = a, *other = b;
    if (one->whose != other->whose)
        return one->whose < other->whose ? -1 : 1;
    return (one->bytes < other->bytes) - (one->bytes > other->bytes);
}

static uint64_t held_sum(const struct unfinished *watch, size_t first, size_t *end)
{
    uint64_t sum = 0;
    size_t i = first;
    for (; i < watch->held_count && watch->held[i].whose == watch->held[first].whose; i++)
        sum += watch->held[i].bytes;
    *end = i;
    return sum;
}

/* Ends of one's connections as many as must be, from the first: what they held. */
static uint64_t held_end(struct unfinished *watch, size_t first, size_t end, uint64_t too_much,
                         unfinished_endless *endless, void *context)
{
    uint64_t ended = 0;
    for (size_t i = first; i < end && ended < too_much; i++) {
        ended += watch->held[i].bytes;
        watch->held[i].bytes = 0;
        unfinished_end(watch, watch->held[i].descriptor, endless, context);
    }
    return ended;
}

/* Each is brought below what one may have; then, while all hold too much, the one that holds the most. */
static void held_look(struct unfinished *watch, uint64_t each, unfinished_endless *endless, void *context)
{
    uint64_t all = 0;
    size_t end;
    for (size_t i = 0; i < watch->held_count; i = end) {
        const uint64_t sum = held_sum(watch, i, &end);
        all += sum <= each ? sum : sum - held_end(watch, i, end, sum - each, endless, context);
    }
    for (int ends = 0; all > each * UNFINISHED_ALL && ends < UNFINISHED_ENDS; ends++) {
        uint64_t most = 0;
        size_t whose = 0;
        for (size_t i = 0; i < watch->held_count; i = end) {
            const uint64_t sum = held_sum(watch, i, &end);
            if (sum > most)
                most = sum, whose = i;
        }
        (void)held_sum(watch, whose, &end);
        for (; watch->held[whose].bytes == 0; whose++) /* ended before */
            ;
        all -= held_end(watch, whose, end, 1, endless, context);
    }
}

/* ---- looking ---- */

static void unfinished_hold(struct unfinished *watch, int descriptor, uint64_t whose, uint64_t bytes)
{
    watch->held = xgrow(watch->held, watch->held_count, &watch->held_capacity, sizeof *watch->held);
    watch->held[watch->held_count++] = (struct unfinished_held){descriptor, whose, bytes};
}

static void unfinished_look_at(struct unfinished *watch, int descriptor, unfinished_whose *whose,
                               unfinished_endless *endless, void *context)
{
    struct arrival *arrival = &watch->arrivals[descriptor];
    const uint64_t received = received_bytes(descriptor);
    if (arrival->whole) {
        arrival_restart(watch, arrival, received);
    } else if (arrival_is_endless(watch, arrival, received) || arrival_takes_long(arrival)) {
        unfinished_end(watch, descriptor, endless, context);
        return;
    } else {
        const uint64_t bytes = arrival_held(watch, arrival);
        if (bytes > 0)
            unfinished_hold(watch, descriptor, whose(context, descriptor), bytes);
    }
    arrival->whole = false;
    arrival->seen_before = arrival->seen;
    arrival->seen = received;
    arrival->drained = watch->drained;
    arrival->looks++;
}

void unfinished_look(struct unfinished *watch, uint64_t each, unfinished_whose *whose, unfinished_endless *endless,
                     void *context)
{
    watch->held_count = 0;
    for (size_t i = 0; i < watch->count; i++)
        if (watch->arrivals[i].open)
            unfinished_look_at(watch, (int)i, whose, endless, context);
    if (watch->held_count == 0)
        return;
    qsort(watch->held, watch->held_count, sizeof *watch->held, held_compare);
    held_look(watch, each > UNFINISHED_BYTES_MAX ? each : UNFINISHED_BYTES_MAX, endless, context);
}

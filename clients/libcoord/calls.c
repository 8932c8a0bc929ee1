#include "calls.h"

#include <stdlib.h>
#include <string.h>

/* A call in the heap beyond the window: the one of coord_call. */
#define CALLS_OWN 4

int calls_init(struct calls *calls, uint32_t window)
{
    uint32_t buckets = 16;
    while (buckets < window)
        buckets *= 2;
    *calls = (struct calls){.bucket_mask = buckets - 1, .heap_capacity = window + CALLS_OWN};
    calls->buckets = calloc(buckets, sizeof *calls->buckets);
    calls->heap = calloc(calls->heap_capacity, sizeof *calls->heap);
    return calls->buckets && calls->heap ? 0 : COORD_E_NO_MEMORY;
}

void calls_done(struct calls *calls)
{
    free(calls->buckets);
    free(calls->heap);
    *calls = (struct calls){0};
}

struct call *call_new(const struct op_row *row, const char *id, const void *frame, size_t size)
{
    struct call *call = malloc(sizeof *call + size);
    if (!call)
        return NULL;
    memset(call, 0, sizeof *call);
    call->row = row;
    call->reads = row->touches == OP_CLASS_read || row->op == OP_STATUS || row->op == OP_LOAD;
    call->weight = 1;
    call->size = size;
    memcpy(call->frame, frame, size);
    strncpy(call->id, id, sizeof call->id - 1);
    return call;
}

void call_free(struct call *call)
{
    if (call && call->has_reply)
        zmq_msg_close(&call->reply);
    free(call);
}

/* ---- by id ---- */

static struct call **calls_bucket(const struct calls *calls, const char *id, size_t size)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)id[i]) * 16777619u;
    return &calls->buckets[hash & calls->bucket_mask];
}

struct call *calls_find(const struct calls *calls, struct text id)
{
    struct call *call = *calls_bucket(calls, id.data, id.size);
    while (call && !text_equal(text_of(call->id), id))
        call = call->chained;
    return call;
}

/* ---- by when something is due: a binary heap ---- */

static void heap_put(struct calls *calls, size_t place, struct call *call)
{
    calls->heap[place] = call;
    call->place = place;
}

static void heap_rise(struct calls *calls, struct call *call)
{
    size_t place = call->place;
    for (; place > 0 && calls->heap[(place - 1) / 2]->due_ms > call->due_ms; place = (place - 1) / 2)
        heap_put(calls, place, calls->heap[(place - 1) / 2]);
    heap_put(calls, place, call);
}

static void heap_sink(struct calls *calls, struct call *call)
{
    size_t place = call->place;
    for (size_t child; (child = 2 * place + 1) < calls->heap_count; place = child) {
        if (child + 1 < calls->heap_count && calls->heap[child + 1]->due_ms < calls->heap[child]->due_ms)
            child++;
        if (calls->heap[child]->due_ms >= call->due_ms)
            break;
        heap_put(calls, place, calls->heap[child]);
    }
    heap_put(calls, place, call);
}

static void heap_remove(struct calls *calls, struct call *call)
{
    struct call *last = calls->heap[--calls->heap_count];
    if (last == call)
        return;
    heap_put(calls, call->place, last);
    heap_rise(calls, last);
    heap_sink(calls, last);
}

struct call *calls_first_due(const struct calls *calls)
{
    return calls->heap_count ? calls->heap[0] : NULL;
}

void calls_set_due(struct calls *calls, struct call *call, int64_t due_ms)
{
    call->due_ms = due_ms;
    heap_rise(calls, call);
    heap_sink(calls, call);
}

/* ---- the table ---- */

void calls_add(struct calls *calls, struct call *call, int64_t due_ms)
{
    struct call **bucket = calls_bucket(calls, call->id, strlen(call->id));
    call->chained = *bucket;
    *bucket = call;
    call->before = calls->newest;
    *(calls->newest ? &calls->newest->after : &calls->oldest) = call;
    calls->newest = call;
    calls->weight += call->weight;
    call->due_ms = due_ms;
    call->place = calls->heap_count++;
    heap_rise(calls, call);
}

void calls_remove(struct calls *calls, struct call *call)
{
    struct call **link = calls_bucket(calls, call->id, strlen(call->id));
    while (*link != call)
        link = &(*link)->chained;
    *link = call->chained;
    *(call->before ? &call->before->after : &calls->oldest) = call->after;
    *(call->after ? &call->after->before : &calls->newest) = call->before;
    calls->weight -= call->weight;
    if (call->state != CALL_ANSWERED)
        heap_remove(calls, call);
}

void calls_answer(struct calls *calls, struct call *call)
{
    heap_remove(calls, call);
    call->state = CALL_ANSWERED;
    *(calls->answered_last ? &calls->answered_last->answered : &calls->answered_first) = call;
    calls->answered_last = call;
}

void calls_wait_again(struct calls *calls, struct call *call, int64_t due_ms)
{
    if (call->has_reply)
        zmq_msg_close(&call->reply);
    call->has_reply = false;
    call->state = CALL_WAITING;
    call->due_ms = due_ms;
    call->place = calls->heap_count++;
    heap_rise(calls, call);
}

struct call *calls_next_answered(struct calls *calls)
{
    struct call *call = calls->answered_first;
    if (!call)
        return NULL;
    calls->answered_first = call->answered;
    if (!calls->answered_first)
        calls->answered_last = NULL;
    call->answered = NULL;
    return call;
}

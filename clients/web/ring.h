/* The newest notifications of a context, as browsers are told them: whoever was away for a while is told what it missed.
 *
 * Each has its sequence. The ring knows all that was told after `base`, so a browser whose last is at or after that misses
 * nothing; one from before, or of another store of the broker, must read anew.
 */
#ifndef WEB_RING_H
#define WEB_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_EVENTS_MAX 8192               /* a day of a busy province: 68 tasks made some 600 in their whole life */
#define RING_BYTES_MAX  (16 * 1024 * 1024) /* 2 KiB each, on average; some 800 bytes are usual */
#define RING_STORE_TEXT 33

struct ring {
    struct {
        uint64_t seq, task; /* task 0: of none */
        char *text;         /* "id: …\nevent: …\ndata: …\n\n" */
        size_t size;
    } events[RING_EVENTS_MAX];
    size_t first, count, bytes;
    uint64_t base, newest;
    char store[RING_STORE_TEXT]; /* the broker's store, in hexadecimal; "" before it is known */
};

/* Begins anew, of this store, with what comes after a sequence. */
void ring_begin(struct ring *ring, const char *store, uint64_t base);
/* Puts one behind; the oldest make room. `data` is one line. False for what is there already. */
bool ring_put(struct ring *ring, uint64_t seq, uint64_t task, const char *event, const char *data, size_t size);
void ring_done(struct ring *ring);

/* The first event after a sequence; NULL when there is none. */
const char *ring_after(const struct ring *ring, uint64_t seq, uint64_t *its, size_t *size);
/* "STORE.SEQ", as browsers give it back. */
void ring_id(const struct ring *ring, uint64_t seq, char id[64]);
/* Where a browser goes on from that; false when it missed what is not known here. */
bool ring_resume(const struct ring *ring, const char *id, uint64_t *seq);
/* The tasks of the events after a sequence, each once; false when they are more than there is room for. */
bool ring_tasks(const struct ring *ring, uint64_t seq, uint64_t *tasks, size_t room, size_t *count);

#endif

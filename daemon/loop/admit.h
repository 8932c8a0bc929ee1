/* Which connections are let in: those of a key that the core would hear, were it in its time, as long as there is room. */
#ifndef COORDD_LOOP_ADMIT_H
#define COORDD_LOOP_ADMIT_H

#include <stdint.h>

#include "buffer.h"

enum admission {
    ADMISSION_GRANTED,
    ADMISSION_REFUSED, /* for good: the client is told */
    ADMISSION_LATER,   /* there is no room: the client's library tries again by itself */
};

/* What is said in the log at most once a second, each by itself: whoever knocks at a port can knock often. */
enum refused_kind {
    REFUSED_HANDSHAKE,
    REFUSED_CUT,      /* a connection that stood, for what it does */
    REFUSED_STRANGER, /* one that has not spoken yet */
    REFUSED_LIMITED,  /* a request, for a limit of its key or agency */
    REFUSED_KINDS
};

struct told_refused {
    uint64_t so_far;
    uint64_t logged; /* the second of the last line, + 1 */
};

/* So many more connections than an agency may have are let in for their requests to be answered by that name: a handshake
 * that is refused can tell no reason. */
#define ADMIT_TOLD 16

struct broker;
struct peer;

/* Judges a key in Z85; `why` gets the reason of a refusal, static. */
enum admission admit_judge(struct broker *broker, struct text key, struct text address, const char **why);
/* Says of a connection that it is cut, and why, as coordd(8) lists it. `context` is the broker. */
void admit_log_cut(void *context, const struct peer *peer, const char *address, const char *why);

/* Says of an agency that its requests are refused for a limit, and by which error. */
void admit_log_limited(struct broker *broker, const struct peer *peer, int error);

#endif

/* What is under way to receivers: transfers by libcurl, commands, lines. Nothing here waits but sender_wait; nothing here
 * knows the queue, which hears by a callback what became of each.
 */
#ifndef RELAY_SENDER_H
#define RELAY_SENDER_H

#include <curl/curl.h>
#include <poll.h>

#include "parcel.h"

#define SENDER_UNDER_WAY_MAX 64    /* deliveries at once, over all receivers: each has a socket or two pipes */
#define SENDER_ALSO_MAX      2     /* descriptors that are waited for beside its own */
#define SENDER_REPLY_MAX     16384 /* bytes of an answer that are kept, for `answer` and the error: 1 MiB of all */

/* O(CONSTANT, name). again: not now, the receiver is away, full, slow. never: it was understood and refused; the same again
 * would be too. */
#define OUTCOMES(O) O(SENT, sent) O(AGAIN, again) O(NEVER, never)
enum outcome {
#define O(constant, name) OUTCOME_##constant,
    OUTCOMES(O)
#undef O
        OUTCOMES_COUNT
};

/* `after_ms` is how long the receiver asked to be left alone; 0 when it did not. */
typedef void sender_done(void *user, const struct parcel *parcel, enum outcome outcome, int64_t after_ms,
                         const char *error);

struct under_way;
struct sender;

struct sender *sender_new(sender_done *done, void *user);
void sender_free(struct sender *sender); /* what is under way is cut off, without a word to the callback */
/* Takes the parcel, and sends it on its way; its end may be told before this returns. */
void sender_start(struct sender *sender, struct parcel *parcel, int64_t now);
bool sender_is_under_way(const struct sender *sender, int64_t id);
unsigned sender_count(const struct sender *sender, const char *receiver); /* of this name; NULL for all */
/* Waits for something to happen, there or at these descriptors (-1 for none), no longer than that; then does what there is
 * to do. */
void sender_wait(struct sender *sender, const int fds[SENDER_ALSO_MAX], int timeout_ms, int64_t now);

/* ---- between its files ---- */

/* How a type of receiver sends. `begin` returns false when it ended at once, with the outcome and error set. */
struct transport {
    bool (*begin)(struct under_way *way, int64_t now);
    void (*end)(struct under_way *way); /* frees what begin made; may be NULL */
};
extern const struct transport transport_lines, transport_command, transport_webhook, transport_mail;

struct under_way {
    struct sender *sender;
    struct parcel *parcel; /* NULL: the place is free */
    const struct transport *transport;
    enum outcome outcome;
    int64_t after_ms, deadline;
    char error[256];
    /* libcurl's */
    CURL *curl;
    struct curl_slist *headers, *recipients;
    struct buffer sent; /* what is read from: a mail, or a body by template */
    size_t read;
    char reply[SENDER_REPLY_MAX];
    size_t reply_size;
    char trouble[CURL_ERROR_SIZE]; /* in libcurl's words */
    /* a command's */
    int pid, in, out; /* descriptors, -1 when closed */
    size_t written, said;
};

CURLM *sender_multi(struct sender *sender);
void sender_fail(struct under_way *way, enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What became of a transfer that libcurl has ended. */
void transfer_judge(struct under_way *way, CURLcode result);
/* Goes on with a command: what is ready at its pipes, whether it ended, whether its time is up. True when it is over. */
bool command_step(struct under_way *way, int64_t now);

#endif

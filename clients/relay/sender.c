#include "sender.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define COMMAND_LOOK_MS 20 /* between looks at whether a command that closed its pipes has ended */

struct sender {
    CURLM *multi;
    sender_done *done;
    void *user;
    struct under_way ways[SENDER_UNDER_WAY_MAX];
};

static const struct transport *const transports[] = {
#define K(constant, name) &transport_##name,
    RECEIVER_KINDS(K)
#undef K
};

struct sender *sender_new(sender_done *done, void *user)
{
    struct sender *sender = alloc_zeroed(1, sizeof *sender);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    sender->multi = curl_multi_init();
    sender->done = done;
    sender->user = user;
    if (!sender->multi)
        alloc_failed();
    curl_multi_setopt(sender->multi, CURLMOPT_MAXCONNECTS, (long)SENDER_UNDER_WAY_MAX);
    return sender;
}

CURLM *sender_multi(struct sender *sender)
{
    return sender->multi;
}

static void clear(struct under_way *way)
{
    if (way->transport->end)
        way->transport->end(way);
    parcel_free(way->parcel);
    *way = (struct under_way){.sender = way->sender};
}

void sender_free(struct sender *sender)
{
    if (!sender)
        return;
    for (size_t i = 0; i < SENDER_UNDER_WAY_MAX; i++)
        if (sender->ways[i].parcel)
            clear(&sender->ways[i]);
    curl_multi_cleanup(sender->multi);
    free(sender);
}

void sender_fail(struct under_way *way, enum outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(way->error, sizeof way->error, format, arguments);
    va_end(arguments);
    for (char *c = way->error; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = ' ';
    way->outcome = outcome;
}

/* The place is free before the callback runs: it may start another. */
static void finish(struct under_way *way)
{
    struct under_way over = *way;
    if (way->transport->end)
        way->transport->end(way);
    *way = (struct under_way){.sender = over.sender};
    over.sender->done(over.sender->user, over.parcel, over.outcome, over.after_ms, over.error);
    parcel_free(over.parcel);
}

void sender_start(struct sender *sender, struct parcel *parcel, int64_t now)
{
    struct under_way *way = sender->ways;
    while (way->parcel)
        way++; /* the caller asked sender_count first */
    *way = (struct under_way){.sender = sender,
                              .parcel = parcel,
                              .transport = transports[parcel->receiver->kind],
                              .deadline = now + parcel->receiver->timeout,
                              .in = -1,
                              .out = -1};
    if (!way->transport->begin(way, now))
        finish(way);
}

bool sender_is_under_way(const struct sender *sender, int64_t id)
{
    for (size_t i = 0; i < SENDER_UNDER_WAY_MAX; i++)
        if (sender->ways[i].parcel && sender->ways[i].parcel->id == id)
            return true;
    return false;
}

unsigned sender_count(const struct sender *sender, const char *receiver)
{
    unsigned count = 0;
    for (size_t i = 0; i < SENDER_UNDER_WAY_MAX; i++)
        count += sender->ways[i].parcel && (!receiver || strcmp(sender->ways[i].parcel->receiver->name, receiver) == 0);
    return count;
}

static void finish_transfers(struct sender *sender)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(sender->multi, &left)))
        if (message->msg == CURLMSG_DONE) {
            struct under_way *way;
            const CURLcode result = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&way);
            transfer_judge(way, result);
            finish(way);
        }
}

void sender_wait(struct sender *sender, const int also[SENDER_ALSO_MAX], int timeout_ms, int64_t now)
{
    struct curl_waitfd fds[SENDER_ALSO_MAX + 2 * SENDER_UNDER_WAY_MAX];
    unsigned count = 0;
    int running;
    for (size_t i = 0; i < SENDER_ALSO_MAX; i++)
        if (also[i] >= 0)
            fds[count++] = (struct curl_waitfd){.fd = also[i], .events = CURL_WAIT_POLLIN};
    for (size_t i = 0; i < SENDER_UNDER_WAY_MAX; i++) {
        const struct under_way *way = &sender->ways[i];
        if (!way->parcel || way->pid == 0)
            continue;
        if (way->in >= 0)
            fds[count++] = (struct curl_waitfd){.fd = way->in, .events = CURL_WAIT_POLLOUT};
        if (way->out >= 0)
            fds[count++] = (struct curl_waitfd){.fd = way->out, .events = CURL_WAIT_POLLIN};
        if (timeout_ms > COMMAND_LOOK_MS)
            timeout_ms = COMMAND_LOOK_MS;
    }
    curl_multi_poll(sender->multi, fds, count, timeout_ms, NULL);
    curl_multi_perform(sender->multi, &running);
    finish_transfers(sender);
    for (size_t i = 0; i < SENDER_UNDER_WAY_MAX; i++)
        if (sender->ways[i].parcel && sender->ways[i].pid != 0 && command_step(&sender->ways[i], now))
            finish(&sender->ways[i]);
}

/* An agency's part of a commit. All whose records are in it wait for all of it: so nobody fills it alone where others work. */
#ifndef COORDD_LOOP_SHARE_H
#define COORDD_LOOP_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct account;
struct accounts;
struct batch;

/* The most that one has of something, and the most that any other has. */
struct share_top {
    const struct account *whose;
    size_t most, other;
};

struct shares {
    uint64_t serial;                /* of the batch that this is said of */
    struct share_top writes, bytes; /* what has been put into it */
    uint64_t begun;                 /* batches, since the start */
    const struct account *last;     /* who put a record into one last… */
    uint64_t last_begun;            /* …which was that one… */
    uint64_t alone_from;            /* …and from which on it counts as alone, where nobody else does */
    uint64_t quick_us;              /* about what a commit takes at the least, of late; 0: none was made */
    uint64_t rest_last_ns;          /* nobody rests longer than that */
};

/* What a batch holds, of which an agency's part is a fourth: 1,024 records of 4,096, and 1 MiB. What one request makes beyond
 * that is its last in the batch. */
#define SHARE_PART       4U
#define SHARE_PART_BYTES (1U << 20)
/* Beside others it is so much more than another has: one record for so many microseconds that a commit takes anyway, of 512
 * bytes, so that nobody's commit takes much more than a third longer; but 16 where the disk is fast, and 128 where it is slow.
 * Others are there for so many batches after their last. So who asks in bulk beside one another comes to full parts step by
 * step, and who asks little does not wait for them. */
#define SHARE_BESIDE_US      24U
#define SHARE_BESIDE_LEAST   16U
#define SHARE_BESIDE_MOST    128U
#define SHARE_BESIDE_EACH    512U
#define SHARE_BESIDE_BATCHES 16U
/* Where one request alone makes more than 128 records or 64 KiB, whoever asked it rests beside others: as long as more than
 * that takes at 4 MiB a second, or at a record each 32 us. So of two hundred of the others' requests about one waits for it. At
 * most a quarter of a second. */
#define SHARE_REST_BYTE_NS   240U
#define SHARE_REST_RECORD_NS 32000U
#define SHARE_REST_MOST_NS   250000000U
/* What one request, or a slice of a batch, takes of the loop: beyond 20 us, or 250 where it makes records, it rests three times as long
 * as that takes, so that whoever goes through lists all the time, or gives tasks to hundreds at once, has a quarter of the loop's time
 * beside others. A slice of changes is no longer than that. */
#define SHARE_REST_FREE_COST 200U
#define SHARE_REST_MADE_COST 2500U
#define SHARE_REST_COST_NS   300U
/* A refusal takes the loop next to nothing, but libzmq's threads and the kernel as much as an answer: beside others 4,000 a second,
 * which no program needs that reads what it is told. */
#define SHARE_REST_REFUSED_NS 250000U

/* How many records more than another, beside others. */
size_t share_beside(const struct shares *shares);
/* Whether it may put more into the batch, which has room for so many records. */
bool share_left(const struct shares *shares, const struct batch *batch, const struct account *account, uint64_t records,
                uint64_t now_ns);
/* Whether a tick may put more into it. What falls due has a part as an agency has: a tick at a time, of some 3 MiB at the very most,
 * so that others' requests come between however much falls due at once. */
bool share_left_tick(const struct batch *batch, uint64_t records);
/* It has put so much into the batch: for how long it is to rest for that, nearly always 0. */
uint64_t share_took(struct shares *shares, const struct batch *batch, struct account *account, size_t writes,
                    size_t bytes);
/* The same for a request that was so large, whatever it made: what is beyond 64 KiB of it. To decipher it takes one of libzmq's
 * threads as long as the loop takes to read it, and others' connections wait there. */
uint64_t share_received(const struct shares *shares, const struct account *account, size_t size);
/* The same for a step that made so many records, cost so much (core/cost.h), and refused so many requests. */
uint64_t share_stepped(const struct shares *shares, const struct account *account, size_t writes, uint64_t cost,
                       uint64_t refused);
/* It rests so long from now on, or longer if it does already. */
void share_rest(struct shares *shares, struct account *account, uint64_t rest_ns, uint64_t now_ns);
/* It rests so much longer than it was to: each of many refusals counts that are told it at once. These are of two batches at the most,
 * and while it rests it asks for no more: 2 × 16,384 × 250 us = 8 s. */
void share_rest_longer(struct shares *shares, struct account *account, uint64_t rest_ns, uint64_t now_ns);
/* A commit of records took so long. */
void share_committed(struct shares *shares, uint64_t took_us);
/* A request of so many bytes was turned away without having had a turn, at so much cost. It owes a rest for that as for another refusal,
 * and for its size: from its next turn on, so that it has turns however much is turned away; a quarter of a second ahead at most. */
void share_turned_away(const struct shares *shares, struct account *account, size_t size, uint64_t cost,
                       uint64_t now_ns);
/* It has had a turn: whether it rests for that now. */
bool share_rest_owed(struct shares *shares, struct account *account);
/* Who rested, and may have its turns again; NULL when nobody may. Of several the one whose rest ended first: whoever rests is let in
 * as if what waits of it had come when its rest ended. */
const struct account *share_rested(const struct shares *shares, const struct accounts *accounts, uint64_t now_ns);
void share_let_in(const struct shares *shares, struct accounts *accounts, uint64_t now_ns); /* all of them */
/* How long it rests still, for the sake of others that are there: ns, 0 when it does not. */
uint64_t share_rests_ns(const struct shares *shares, const struct account *account, uint64_t now_ns);

#endif

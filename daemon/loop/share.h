/* An agency's part of a commit. All whose records are in it wait for all of it: so nobody fills it alone where others work. */
#ifndef COORDD_LOOP_SHARE_H
#define COORDD_LOOP_SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct account;
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
    const struct account *last;     /* who put something into one last… */
    uint64_t alone_from;            /* …and from which on it counts as alone, where nobody else does */
};

/* What a batch holds, of which an agency's part is a fourth: 1,024 records of 4,096, and 1 MiB. What one request makes beyond
 * that is its last in the batch. */
#define SHARE_PART       4U
#define SHARE_PART_BYTES (1U << 20)
/* Beside others it is so much more than another has: about a millisecond of the journal's, where the disk is fast. Others are
 * there for so many batches after their last. So who asks in bulk beside one another comes to full parts step by step, and who
 * asks little does not wait for them. */
#define SHARE_BESIDE         128U
#define SHARE_BESIDE_BYTES   (64U << 10)
#define SHARE_BESIDE_BATCHES 16U

/* Whether it may put more into the batch, which has room for so many records. */
bool share_left(const struct shares *shares, const struct batch *batch, const struct account *account, uint64_t records);
/* It has put so much into the batch. */
void share_took(struct shares *shares, const struct batch *batch, struct account *account, size_t writes, size_t bytes);

#endif

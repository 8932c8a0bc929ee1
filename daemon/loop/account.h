/* One account for each agency, of all its keys and connections together: what it costs the broker, and what of it waits.
 *
 * Cost is what the core counts of each step: core/cost.h.
 */
#ifndef COORDD_LOOP_ACCOUNT_H
#define COORDD_LOOP_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#define COST_A_MS 10000 /* units of cost that take a millisecond, about */

/* An account is never given up: as many as there are agencies, × 200 bytes = 13 MB for 65,536 of them. */
struct account {
    uint32_t agency; /* its number; CORE_NO_AGENCY for the one of all keys that nobody has */
    /* since the start */
    uint64_t cost;
    uint64_t requests; /* taken in or refused; those in batches counted */
    uint64_t refused;  /* of these, with an error */
    /* now */
    uint64_t connections; /* that have spoken */
    uint64_t streams;
    size_t unsent;          /* bytes of answers that its connections do not take */
    uint64_t reads_waiting; /* replies that wait for the journal */
};

struct accounts {
    struct account **by_agency; /* NULL for an agency that has not spoken yet */
    size_t agencies;
    struct account nobody;
};

void accounts_init(struct accounts *accounts);
void accounts_done(struct accounts *accounts);
/* An agency's account, which is made with the first call; `nobody` for CORE_NO_AGENCY. */
struct account *accounts_of(struct accounts *accounts, uint32_t agency);
/* The accounts that have cost the most, that first, at most `count` of them: how many there are. */
size_t accounts_top(const struct accounts *accounts, const struct account **top, size_t count);

#endif

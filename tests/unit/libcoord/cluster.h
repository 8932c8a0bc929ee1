/* Several brokers of a script for one store, what came to each, and a handle on all of them. */
#ifndef COORDD_TESTS_CLUSTER_H
#define COORDD_TESTS_CLUSTER_H

#include "fixture.h"

enum { BROKERS = 3, SEEN_MAX = 64 };

/* What came to a broker, but for what the library asks by itself. */
struct seen {
    atomic_int count;
    char ops[SEEN_MAX][32], ids[SEEN_MAX][COORD_REQUEST_ID_MAX + 1];
    uint64_t at_least[SEEN_MAX], within_ms[SEEN_MAX];
};

/* Brokers of one store, and a context that names them in order. */
struct cluster {
    struct broker brokers[BROKERS];
    struct seen seen[BROKERS];
    struct coord_context context;
    struct coord *coord;
    struct problem problem;
};

const struct op_row *row_of(const struct incoming *in);

/* Scripts. It is noted what came; and a broker that follows does what is read, and sends changes on to its leader. */
void note(struct broker *broker, const struct incoming *in);
void answer(struct broker *broker, const struct incoming *in);

/* The brokers at these places follow, and name the one at `leader`; -1: nobody. */
void cluster_init(struct cluster *cluster, const char *followers, int leader);
/* From here on it answers so, and names this one for the leader. */
void cluster_set(struct cluster *cluster, int place, broker_script *script, const char *leader);
void cluster_open(struct cluster *cluster, enum coord_read_from from);
void cluster_done(struct cluster *cluster); /* the handle too */

/* A change under this id, and a read: what came of it. */
int change_within(struct cluster *cluster, const char *id, int timeout_ms);
int change(struct cluster *cluster, const char *id);
int list(struct cluster *cluster);

void is_at(const struct cluster *cluster, int broker); /* where the handle is */
/* What came to a broker by now: its thread has counted what it wrote. */
const struct seen *seen_by(const struct cluster *cluster, int broker);
int count_of(const struct cluster *cluster, int broker, const char *op);

#endif

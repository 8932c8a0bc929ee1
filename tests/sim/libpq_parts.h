/* What the files on connections need of each other, and no other file uses. */
#ifndef COORDD_SIM_LIBPQ_PARTS_H
#define COORDD_SIM_LIBPQ_PARTS_H

#include "sim/pg.h"

#define CLIENTS      64   /* connections that are not closed, of all processes */
#define DESCRIPTOR   5000 /* of the first */
#define PREPARED_MAX 32
#define GOES_MS      3000 /* until a backend whose client is gone knows it */

enum pg_client_state { CLIENT_BEGINS, CLIENT_READY, CLIENT_GONE };

struct pg_conn {
    int process, number, host;
    enum pg_client_state state;
    char name[64];
    const char *why;
    int64_t ready_ms, gone_ms;
    struct pg_backend *backend; /* NULL: it hears of it no more */
    PQnoticeReceiver receiver;
    void *context;
    const char *prepared[PREPARED_MAX];
    bool is_asked, is_single;
    bool comes, has_come; /* a notification */
    struct pg_result *result;
    int64_t answered_ms;
    int row;
};

extern struct pg_conn *pg_clients[CLIENTS];

struct chance *pg_client_chance(void);
bool pg_client_is_gone(const struct pg_conn *client);

#endif

/* PostgreSQL servers of the rows' own, and several brokers on one. */
#ifndef COORDD_BENCH_POSTGRES_H
#define COORDD_BENCH_POSTGRES_H

#include <postgresql/libpq-fe.h>

#include "bench/bench.h"

struct server {
    char directory[600]; /* its socket's too, by which it is reached */
    pid_t pid;
};

/* Begins with the databases that are named, up to a NULL. */
void server_start(struct server *server, const struct bench *bench, const char *const *databases);
/* Another, that follows it, and that each commit there waits for from here on. */
void server_standby(struct server *standby, const struct server *primary, const struct bench *bench);
void server_remove(struct server *server);
PGconn *server_connect(const struct server *server, const char *database);
void server_run(PGconn *connection, const char *sql);

/* A broker on it that leads; with `several` others may follow it… */
void served_on(struct served *served, const struct server *server, const struct bench *bench, bool several);
/* …as this one does, once it answers. */
void served_following(struct served *served, const struct served *leader, const struct server *server,
                      const struct bench *bench);

#endif

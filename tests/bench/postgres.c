/* See postgres.h. */
#include "bench/postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCRIPT  "tests/rig/postgres.sh"
#define TRIES   1200 /* of 50 ms: until the server answers, or a broker does */
#define SECONDS 0.05

/* ---- servers ---- */

static pid_t spawn(const struct server *server, const char *what, const char *more)
{
    const pid_t pid = fork();
    if (pid == 0) {
        char log[700];
        snprintf(log, sizeof log, "%s.log", server->directory);
        const int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        execl(SCRIPT, SCRIPT, what, server->directory, more, (char *)NULL);
        _exit(127);
    }
    return pid;
}

PGconn *server_connect(const struct server *server, const char *database)
{
    char place[800];
    snprintf(place, sizeof place, "host=%s user=postgres dbname=%s", server->directory, database);
    for (int i = 0; i < TRIES; i++) {
        PGconn *connection = PQconnectdb(place);
        if (PQstatus(connection) == CONNECTION_OK)
            return connection;
        PQfinish(connection);
        rig_pause(SECONDS);
    }
    rig_die("PostgreSQL does not answer: %s.log", server->directory);
}

void server_run(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        rig_die("%s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
}

static void launch(struct server *server, const struct bench *bench, const char *what, const char *more)
{
    static int made;
    int status;
    rig_directory(&bench->rig);
    char *whole = realpath(bench->rig.directory, NULL);
    if (whole)
        (void)chmod(whole, 0711); /* a server that root starts is another user's, who must get there */
    snprintf(server->directory, sizeof server->directory, "%.500s/pg-%d.%d", whole ? whole : "", (int)getpid(), made++);
    free(whole);
    const pid_t maker = spawn(server, what, more);
    if (waitpid(maker, &status, 0) != maker || status != 0)
        rig_die("PostgreSQL cannot be made here: %s.log", server->directory);
    server->pid = spawn(server, "run", NULL);
}

void server_start(struct server *server, const struct bench *bench, const char *const *databases)
{
    char sql[100];
    launch(server, bench, "make", NULL);
    PGconn *connection = server_connect(server, "postgres");
    for (; *databases; databases++) {
        snprintf(sql, sizeof sql, "CREATE DATABASE %s", *databases);
        server_run(connection, sql);
    }
    PQfinish(connection);
}

/* Whether each commit waits for it. */
static bool is_waited_for(PGconn *primary)
{
    PGresult *result = PQexec(primary, "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'");
    const bool waited_for = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    PQclear(result);
    return waited_for;
}

void server_standby(struct server *standby, const struct server *primary, const struct bench *bench)
{
    launch(standby, bench, "standby", primary->directory);
    PGconn *connection = server_connect(primary, "postgres");
    server_run(connection, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    server_run(connection, "SELECT pg_reload_conf()");
    for (int i = 0; !is_waited_for(connection); i++) {
        if (i == TRIES)
            rig_die("the standby does not follow: %s.log", standby->directory);
        rig_pause(SECONDS);
    }
    PQfinish(connection);
}

void server_remove(struct server *server)
{
    char command[1300];
    kill(server->pid, SIGINT);
    waitpid(server->pid, NULL, 0);
    snprintf(command, sizeof command, "rm -rf '%s' '%s.log'", server->directory, server->directory);
    (void)!system(command);
}

/* ---- brokers ---- */

static void configure(char text[900], const struct server *server, bool several)
{
    snprintf(text, 900, "[journal]\nstore = postgresql\nhosts = %s\nuser = postgres\nrole = %s\n", server->directory,
             several ? "follower" : "alone");
}

/* Waits until it is what it is to be. */
static void wait_for_role(const struct served *served, int role)
{
    struct problem problem;
    struct coord *admin = served_admin(served);
    for (int i = 0; i < TRIES; i++) {
        struct msg_hello_reply hello;
        if (coord_call(admin, OP_HELLO, NULL, &hello, COORD_TIMEOUT_DEFAULT, &problem) != 0)
            rig_die("%s", problem.message);
        if (hello.role == role && (role == BROKER_ROLE_LEADER || hello.leader.size > 0)) {
            (void)coord_close(admin);
            return;
        }
        rig_pause(SECONDS);
    }
    rig_die("the broker is not what it is to be: %s/log", served->directory);
}

void served_on(struct served *served, const struct server *server, const struct bench *bench, bool several)
{
    char text[900];
    configure(text, server, several);
    served_start_in(served, &bench->rig, NULL, text);
    if (several)
        wait_for_role(served, BROKER_ROLE_LEADER);
}

void served_following(struct served *served, const struct served *leader, const struct server *server,
                      const struct bench *bench)
{
    char text[900];
    configure(text, server, true);
    served_beside(served, &bench->rig, leader, text);
    wait_for_role(served, BROKER_ROLE_FOLLOWER);
}

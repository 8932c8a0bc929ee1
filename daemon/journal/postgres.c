/* The PostgreSQL keeper: opening and closing. See postgres.h. */
#include "journal/postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium/randombytes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/xalloc.h"

/* A broker that was killed leaves its backend behind until that looks at its client again, once a second (postgres_lead.c). */
#define LOCK_WAIT_MS  3000
#define LOCK_AFTER_MS 200 /* and that of one whose sessions were ended is gone by then */

static int fail_lost(struct postgres *postgres, struct problem *problem)
{
    problem_set(problem, COORD_E_SYSTEM, postgres->fault, "%.40s: %.200s", "PostgreSQL cannot be reached",
                postgres->lost);
    postgres->journal.lost = true;
    return JOURNAL_FAILED;
}

/* ---- the directory: its lock, and the mark ---- */

static int open_directory(struct postgres *postgres, const struct journal_options *options, struct problem *problem)
{
    if (!options->directory)
        return JOURNAL_OK;
    postgres->directory = open(options->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (postgres->directory < 0) {
        problem_set(problem, COORD_E_SYSTEM, "directory", "%.180s: %s", options->directory, strerror(errno));
        return JOURNAL_FAILED;
    }
    if (!postgres->looks && flock(postgres->directory, LOCK_EX | LOCK_NB) != 0) {
        problem_set(problem, COORD_E_CONFLICT, "directory", "%.180s is in use by another coordd", options->directory);
        return JOURNAL_FAILED;
    }
    postgres->mark = mark_open(postgres->directory, !postgres->looks);
    if (postgres->looks)
        mark_take(postgres->mark, postgres->marked);
    return JOURNAL_OK;
}

static uint64_t postgres_witness(struct journal *journal)
{
    const struct postgres *postgres = postgres_of(journal);
    return postgres->looks ? mark_tells(postgres->marked, journal->info.identity)
                           : mark_read(postgres->mark, journal->info.identity);
}

/* What the claim found was committed before it, as safely as the claim, and is what was read since: the newest record's hash is the
 * head's (journal.c), and the head is the claim's. When it is not, another may have claimed it meanwhile, which a sign of life would tell. */
static int postgres_settle(struct journal *journal)
{
    const struct postgres *postgres = postgres_of(journal);
    if (lease_follows(&postgres->lease))
        return JOURNAL_OK; /* what is seen need not be acknowledged yet */
    if (postgres->lease.state == LEASE_LEADS && postgres->knows_head && postgres->found.seq > 0 &&
        !postgres_same(&postgres->found, &journal->head)) {
        const int result = postgres_beat(journal);
        return result != JOURNAL_OK
                   ? result
                   : journal_fail(journal, JOURNAL_DAMAGED, "the head is not what it was when the store was claimed");
    }
    if (postgres_witness(journal) < journal->head.seq)
        mark_write(postgres->mark, journal->info.identity, journal->head.seq);
    return JOURNAL_OK;
}

/* ---- opening ---- */

/* Whose it is must be told apart, after a restart too, and on two machines of the same name. */
static void name_opening(struct postgres *postgres)
{
    char host[24] = "";
    (void)gethostname(host, sizeof host - 1);
    snprintf(postgres->name, sizeof postgres->name, "coordd:%s:%d:%08x", host, (int)getpid(), randombytes_random());
}

static int refuse_in_use(struct postgres *postgres, struct problem *problem)
{
    PGresult *read;
    const int result = postgres_ask(postgres, "SELECT leader FROM head WHERE id = 1", NULL, &read);
    const bool known = result == JOURNAL_OK && PQntuples(read) == 1 && PQgetvalue(read, 0, 0)[0];
    problem_set(problem, COORD_E_CONFLICT, "", "%.110s is in use by another coordd: %.64s", postgres->place,
                known ? PQgetvalue(read, 0, 0) : "one that makes it, begins or ends");
    PQclear(read);
    return JOURNAL_FAILED;
}

static int lead(struct postgres *postgres, struct problem *problem)
{
    int result = postgres_lock(postgres, LOCK_WAIT_MS);
    if (result == JOURNAL_OK && !postgres->locked)
        return refuse_in_use(postgres, problem);
    if (result == JOURNAL_OK)
        result = postgres_migrate(postgres, problem);
    if (result == JOURNAL_OK)
        result = postgres_claim(postgres);
    return result;
}

/* In a store of before, the head gets a place for where we are found only now. */
static int migrate_and_say_where(struct postgres *postgres, struct problem *problem)
{
    const bool said = postgres->has_endpoints;
    bool claimed;
    int result = postgres_migrate(postgres, problem);
    if (result != JOURNAL_OK || said)
        return result;
    result = postgres_claim_own(postgres, &claimed);
    return result == JOURNAL_OK && !claimed ? postgres_demoted(postgres) : result;
}

/* The lock comes after the claim, as after a lost connection: who has it without leading, frozen perhaps, keeps nobody from the lead. */
static int lead_in_turn(struct postgres *postgres, struct problem *problem)
{
    int result = postgres_knows_schema(postgres, problem);
    if (result == JOURNAL_OK)
        result = postgres_wait(postgres);
    postgres->wait = NULL;
    if (result == JOURNAL_OK)
        result = postgres_lock(postgres, LOCK_AFTER_MS);
    return result == JOURNAL_OK ? migrate_and_say_where(postgres, problem) : result;
}

static int refuse_place(struct postgres *postgres, bool stands, struct problem *problem)
{
    problem_set(problem, COORD_E_SYSTEM, stands ? "" : "schema",
                stands ? "%.160s holds a store already"
                       : "%.130s holds no store: make one with coordd init --store postgresql, or bring one there "
                         "with coordd move",
                postgres->place);
    return JOURNAL_FAILED;
}

static int open_one_that_stands(struct postgres *postgres, const struct journal_options *options,
                                struct problem *problem)
{
    if (postgres->looks)
        return postgres_migrate(postgres, problem);
    if (options->follow)
        return postgres_open_to_follow(postgres, problem);
    return options->wait ? lead_in_turn(postgres, problem) : lead(postgres, problem);
}

static int open_server(struct postgres *postgres, const struct journal_options *options, struct problem *problem)
{
    bool stands = false;
    const bool over = options->create && options->over;
    postgres->wait = options->wait;
    int result = postgres_reach(postgres);
    if (result == JOURNAL_OK)
        result = postgres_stands(postgres, &stands);
    if (result == JOURNAL_OK && stands == options->create && !over) {
        result = refuse_place(postgres, stands, problem);
    } else if (result == JOURNAL_OK && options->create) {
        result = postgres_make(postgres, over);
        if (result == JOURNAL_OK)
            result = postgres_lock(postgres, 0);
    } else if (result == JOURNAL_OK) {
        result = open_one_that_stands(postgres, options, problem);
    }
    postgres->wait = NULL;
    return result == POSTGRES_LOST ? fail_lost(postgres, problem) : result;
}

static void name_places(struct postgres *postgres, const struct journal_options *options)
{
    const struct journal_server *server = options->server;
    snprintf(postgres->place, sizeof postgres->place, "schema %.63s of database %.60s", server->schema,
             server->database);
    snprintf(postgres->endpoint, sizeof postgres->endpoint, "%s", options->endpoint ? options->endpoint : "");
    snprintf(postgres->channel, sizeof postgres->channel, "coordd.%.55s", server->schema);
    postgres->journal.place = postgres->place;
    name_opening(postgres);
}

static int postgres_open(struct journal **journal, const struct journal_options *options, struct problem *problem)
{
    struct postgres *postgres = xcalloc(1, sizeof *postgres);
    *journal = &postgres->journal;
    postgres->server = options->server;
    postgres->directory = postgres->mark = postgres->host = -1;
    postgres->looks = options->look;
    name_places(postgres, options);
    postgres->poke = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (postgres->poke < 0)
        return journal_fail(&postgres->journal, JOURNAL_FAILED, "no event can be had: %s", strerror(errno));
    lease_init(&postgres->lease, (int64_t)options->server->lease_seconds * 1000,
               options->follow ? LEASE_FOLLOWS
               : options->wait ? LEASE_WAITS
                               : LEASE_CLAIMS);
    const int result = open_directory(postgres, options, problem);
    return result == JOURNAL_OK ? open_server(postgres, options, problem) : result;
}

static void postgres_close(struct journal *journal)
{
    struct postgres *postgres = postgres_of(journal);
    postgres_give_up(postgres);
    postgres_disconnect(postgres, NULL);
    postgres_batch_done(&postgres->batch);
    if (postgres->poke >= 0)
        close(postgres->poke);
    if (postgres->mark >= 0)
        close(postgres->mark);
    if (postgres->directory >= 0)
        close(postgres->directory);
    free(postgres);
}

static uint64_t postgres_epoch(const struct journal *journal)
{
    return ((const struct postgres *)journal)->epoch;
}

const struct journal_keeper keeper_postgres = {
    .open = postgres_open,
    .info = postgres_info,
    .head = postgres_head,
    .witness = postgres_witness,
    .witness_file = MARK_FILE,
    .settle = postgres_settle,
    .close = postgres_close,
    .begin = postgres_begin,
    .put_info = postgres_put_info,
    .put_record = postgres_put_record,
    .foresee = postgres_foresee,
    .put_row = postgres_put_row,
    .row_sum = postgres_row_sum,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .read = postgres_read,
    .hash = postgres_hash,
    .links = postgres_links,
    .rows = postgres_rows,
    .rows_from = postgres_rows_from,
    .rename = postgres_rename,
    .beat = postgres_beat,
    .epoch = postgres_epoch,
    .watch = postgres_watch,
    .poke = postgres_poke,
    .take = postgres_take_lead,
    .give_up = postgres_give_lead_up,
    .places_put = postgres_places_put,
    .places = postgres_places,
    .places_forget = postgres_places_forget,
    .backup_begin = postgres_backup_begin,
    .backup_step = postgres_backup_step,
    .backup_seq = postgres_backup_seq,
    .backup_end = postgres_backup_end,
};

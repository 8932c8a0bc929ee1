/* What a program keeps, in one SQLite file: opened and made, its statements kept ready, one transaction at a time.
 *
 * A rollback journal, not a write-ahead log: the program's commands open the file beside the one that runs, and the SQLite
 * of Debian 12 may damage a log that two connections reset.
 */
#ifndef COMMON_STORE_FILE_H
#define COMMON_STORE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sqlite3_stmt;
struct store;

struct store_file {
    const char *name;   /* within its directory */
    const char *title;  /* "the queue": what a failure is told of */
    const char *schema; /* makes it, of format 1: its last statement is PRAGMA user_version = 1 */
    int busy_ms;        /* how long another program may hold the file; its transactions take milliseconds */
    /* A failure is told and ends the program, which goes on from what is on the disk. Else it makes a function give
     * false or NULL, having changed nothing, and store_error says why. */
    bool ends;
};

/* Opens, and makes where it is missing; NULL, and told on standard error, when it cannot. `file` outlives it. */
struct store *store_file_open(const struct store_file *file, const char *directory);
void store_close(struct store *store);
const char *store_error(const struct store *store); /* of the last failure; "" before one */
bool store_is_full(const struct store *store);      /* whether that was for want of room */

/* Types of arguments: i: int64_t. t: text, terminated, NULL for none. b: bytes and their size_t. What they point to
 * outlives the statement's run, and `sql` the store. */
struct sqlite3_stmt *store_query(struct store *store, const char *sql, const char *types, ...); /* NULL: it failed */
bool store_row(struct store *store, struct sqlite3_stmt *statement); /* false, and reset, after the last or a failure */
bool store_run(struct store *store, const char *sql, const char *types, ...);
int64_t store_count_of(struct store *store, const char *sql); /* what a query gives; 0 when it gives nothing */
/* A column of the row as text, "" for NULL. */
void store_text(struct sqlite3_stmt *statement, int column, char *into, size_t room);
int64_t store_changes(struct store *store);
int64_t store_last_id(struct store *store);
/* Whether another program has written into the file since this was last asked; true the first time. */
bool store_changed_beside(struct store *store);

bool store_begin(struct store *store); /* nothing, when a transaction is open */
/* Commits or takes back; false when nothing was committed. Nothing, when no transaction is open. */
bool store_end(struct store *store, bool commit);

#endif

/* What is known of the evidence. A piece that no change has named yet stands in `waiting`, too, and what stands there for too
 * long goes. A change that names it claims it before it is sent: whatever becomes of the answer, what may be named stays.
 */
#include <sqlite3.h>
#include <stdio.h>

#include "store.h"

/* Beside the tables of the first version, whose pieces are all taken as named. */
bool store_pieces_begin(struct store *store)
{
    return store_run(store,
                     "CREATE TABLE IF NOT EXISTS waiting(sha256 TEXT PRIMARY KEY, taken INTEGER NOT NULL,"
                     " claims INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID",
                     "") &&
           store_run(store, "CREATE INDEX IF NOT EXISTS waiting_taken ON waiting(claims, taken)", "") &&
           store_run(store, "CREATE INDEX IF NOT EXISTS piece_name ON piece(name, size)", "");
}

bool store_piece_put(struct store *store, const struct piece *piece, const char *user, int64_t now)
{
    bool done = store_begin(store);
    done = done && store_run(store, "INSERT OR IGNORE INTO piece VALUES(?1, ?2, ?3, ?4, ?5)", "ttiti", piece->sha256,
                             piece->type, piece->size, user, now);
    done = done &&
           store_run(store, "INSERT OR IGNORE INTO waiting(sha256, taken) VALUES(?1, ?2)", "ti", piece->sha256, now);
    return store_end(store, done);
}

bool store_piece_again(struct store *store, const char *sha256, int64_t now)
{
    return store_run(store, "UPDATE waiting SET taken = ?2 WHERE sha256 = ?1", "ti", sha256, now);
}

bool store_piece_get(struct store *store, const char *sha256, struct piece *piece)
{
    bool found = false;
    sqlite3_stmt *statement = store_query(store, "SELECT type, size FROM piece WHERE sha256 = ?1", "t", sha256);
    while (store_row(store, statement)) {
        snprintf(piece->sha256, sizeof piece->sha256, "%s", sha256);
        store_text(statement, 0, piece->type, sizeof piece->type);
        piece->size = sqlite3_column_int64(statement, 1);
        found = true;
    }
    return found;
}

int64_t store_piece_bytes(struct store *store)
{
    return store_count_of(store, "SELECT coalesce(sum(size), 0) FROM piece");
}

int64_t store_piece_bytes_of(struct store *store, const char *user)
{
    int64_t bytes = 0;
    sqlite3_stmt *statement = store_query(store, "SELECT coalesce(sum(size), 0) FROM piece WHERE name = ?1", "t", user);
    while (store_row(store, statement))
        bytes = sqlite3_column_int64(statement, 0);
    return bytes;
}

bool store_piece_claim(struct store *store, const char *sha256, bool *waits)
{
    const bool done = store_run(store, "UPDATE waiting SET claims = claims + 1 WHERE sha256 = ?1", "t", sha256);
    *waits = done && store_changes(store) == 1;
    return done;
}

void store_piece_leave(struct store *store, const char *sha256)
{
    (void)store_run(store, "UPDATE waiting SET claims = claims - 1 WHERE sha256 = ?1 AND claims > 0", "t", sha256);
}

void store_piece_named(struct store *store, const char *sha256)
{
    (void)store_run(store, "DELETE FROM waiting WHERE sha256 = ?1", "t", sha256);
}

bool store_piece_unnamed(struct store *store, int64_t before, char sha256[TOKEN_TEXT])
{
    sqlite3_stmt *statement = store_query(
        store, "SELECT sha256 FROM waiting WHERE claims = 0 AND taken <= ?1 ORDER BY taken LIMIT 1", "i", before);
    sha256[0] = '\0';
    while (store_row(store, statement))
        store_text(statement, 0, sha256, TOKEN_TEXT);
    return sha256[0] != '\0';
}

bool store_piece_remove(struct store *store, const char *sha256)
{
    bool done = store_begin(store);
    done = done && store_run(store, "DELETE FROM piece WHERE sha256 = ?1", "t", sha256);
    done = done && store_run(store, "DELETE FROM waiting WHERE sha256 = ?1", "t", sha256);
    return store_end(store, done);
}

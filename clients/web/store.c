#include "store.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "line.h"

static const char schema[] =
    "CREATE TABLE user(name TEXT PRIMARY KEY, officer TEXT NOT NULL, context TEXT NOT NULL, rights INTEGER NOT NULL,"
    " language TEXT NOT NULL, password TEXT NOT NULL, totp BLOB, totp_step INTEGER NOT NULL DEFAULT 0, calendar TEXT)"
    " WITHOUT ROWID;"
    "CREATE UNIQUE INDEX user_calendar ON user(calendar);"
    "CREATE TABLE session(hash TEXT PRIMARY KEY, name TEXT NOT NULL, csrf TEXT NOT NULL, created INTEGER NOT NULL,"
    " seen INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX session_name ON session(name, seen);"
    "CREATE TABLE link(hash TEXT PRIMARY KEY, name TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX link_name ON link(name, until);"
    "CREATE TABLE failure(name TEXT PRIMARY KEY, count INTEGER NOT NULL, last INTEGER NOT NULL, until INTEGER NOT "
    "NULL) WITHOUT ROWID;"
    "CREATE INDEX failure_last ON failure(last);"
    "CREATE TABLE piece(sha256 TEXT PRIMARY KEY, type TEXT NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL,"
    " taken INTEGER NOT NULL) WITHOUT ROWID;"
    "PRAGMA user_version = 1;";

static const struct store_file kept = {.name = "web.db", .title = "the store", .schema = schema, .busy_ms = 2000};

struct store *store_open(const char *directory)
{
    if (sodium_init() < 0)
        abort();
    struct store *store = store_file_open(&kept, directory);
    if (!store || store_pieces_begin(store))
        return store;
    line_fail(EXIT_SYSTEM, "the store: %s", store_error(store));
    store_close(store);
    return NULL;
}

/* ---- secrets ---- */

void token_new(char token[TOKEN_TEXT])
{
    unsigned char bytes[(TOKEN_TEXT - 1) / 2];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(token, TOKEN_TEXT, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

void token_hash(const char *token, char hash[TOKEN_TEXT])
{
    unsigned char bytes[crypto_generichash_BYTES];
    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)token, strlen(token), NULL, 0);
    sodium_bin2hex(hash, TOKEN_TEXT, bytes, sizeof bytes);
}

/* What coord-web keeps: users, sessions, one-time links, failures to sign in, pieces of evidence. One SQLite file, which
 * `coord-web user` and the like open beside the server.
 *
 * Secrets (session cookies, links, calendar tokens) are kept as their hashes: who reads the file cannot use them.
 * A function that returns false has changed nothing and store_error says why: a full disk is no reason to end.
 */
#ifndef WEB_STORE_H
#define WEB_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store_file.h"

#define STORE_USERS_MAX    10000 /* some 500 bytes each: a province's clerks, several times */
#define STORE_SESSIONS_MAX 16    /* of a user: the one that was used longest ago goes */
#define STORE_FAILURES_MAX 10000 /* names that failed to sign in, whether they exist or not; the oldest go */
#define STORE_LINKS_MAX    8     /* of a user, waiting to be used */

#define USER_NAME_MAX      64
#define USER_OFFICER_MAX   128 /* as the protocol's */
#define USER_CONTEXT_MAX   256
#define USER_PASSWORD_TEXT 128 /* crypto_pwhash_STRBYTES */
#define USER_TOTP_MAX      20  /* bytes of its secret */
#define TOKEN_TEXT         65  /* 32 random bytes in hexadecimal, and the end */

/* What one may do is a set of terms of the protocol's `right`, and never more than the context's key. */
struct user {
    char name[USER_NAME_MAX + 1];
    char officer[USER_OFFICER_MAX + 1]; /* who acts, as the broker records it */
    char context[USER_CONTEXT_MAX + 1]; /* one of the configuration */
    uint32_t rights;
    char language[3];                  /* vi, en */
    char password[USER_PASSWORD_TEXT]; /* Argon2id; "" for none: by link or proxy only */
    unsigned char totp[USER_TOTP_MAX];
    bool has_totp;
    int64_t totp_step; /* the last that was used; one code signs in once */
};

struct session {
    struct user user;
    char hash[TOKEN_TEXT]; /* of the cookie */
    char csrf[TOKEN_TEXT];
    int64_t created, seen;
};

struct store *store_open(const char *directory); /* as store_file_open */

/* A new secret, and the hash under which it is kept. */
void token_new(char token[TOKEN_TEXT]);
void token_hash(const char *token, char hash[TOKEN_TEXT]);

/* ---- users ---- */

bool store_user_put(struct store *store, const struct user *user); /* adds, or replaces; false past STORE_USERS_MAX */
bool store_user_get(struct store *store, const char *name, struct user *user);
bool store_user_remove(struct store *store, const char *name); /* with sessions, links and token */
typedef void store_user_visit(void *with, const struct user *user);
void store_users(struct store *store, store_user_visit *visit, void *with);
/* Marks a step of time as used; false when it, or a later one, was. */
bool store_user_step(struct store *store, const char *name, int64_t step);

/* The calendar's token: a new one takes the place of the old. */
bool store_calendar_new(struct store *store, const char *name, char token[TOKEN_TEXT]);
bool store_calendar_user(struct store *store, const char *token, struct user *user);

/* ---- sessions ---- */

bool store_session_new(struct store *store, const char *name, int64_t now, char token[TOKEN_TEXT]);
/* The session of a cookie, unless it has ended by then. */
bool store_session_get(struct store *store, const char *token, int64_t now, int64_t idle, int64_t longest,
                       struct session *session);
bool store_session_by_hash(struct store *store, const char *hash, int64_t now, int64_t idle, int64_t longest,
                           struct session *session);
bool store_session_end(struct store *store, const char *hash);
bool store_sessions_end(struct store *store, const char *name); /* all of a user's */
int64_t store_session_count(struct store *store);

/* ---- one-time links, failures ---- */

bool store_link_new(struct store *store, const char *name, int64_t until, char token[TOKEN_TEXT]);
/* Whose it is; it is used up. */
bool store_link_use(struct store *store, const char *token, int64_t now, char name[USER_NAME_MAX + 1]);

/* Until when a name may not try to sign in again; 0 for at once. */
int64_t store_locked_until(struct store *store, const char *name);
/* Counts a failure, and locks the name from the fifth on: a minute, twice that each time, an hour at most. */
void store_failed(struct store *store, const char *name, int64_t now);
void store_succeeded(struct store *store, const char *name);

/* ---- evidence: what is known of the files ---- */

struct piece {
    char sha256[TOKEN_TEXT];
    char type[64];
    int64_t size;
};

bool store_pieces_begin(struct store *store); /* what a store of before has not */
/* A new one, of whoever sent it; it waits to be named. */
bool store_piece_put(struct store *store, const struct piece *piece, const char *user, int64_t now);
bool store_piece_again(struct store *store, const char *sha256,
                       int64_t now); /* it was sent again: it waits from now on */
bool store_piece_get(struct store *store, const char *sha256, struct piece *piece);
int64_t store_piece_bytes(struct store *store);
int64_t store_piece_bytes_of(struct store *store, const char *user);
/* A change is about to name it; `waits` says whether it is the first, and then the change says what became of it: _named, or
 * _leave when it was refused, or neither when that is not known. */
bool store_piece_claim(struct store *store, const char *sha256, bool *waits);
void store_piece_leave(struct store *store, const char *sha256);
void store_piece_named(struct store *store, const char *sha256);
/* One that has waited since then or longer, and no change names it; false when there is none. */
bool store_piece_unnamed(struct store *store, int64_t before, char sha256[TOKEN_TEXT]);
bool store_piece_remove(struct store *store, const char *sha256);

/* Forgets what has ended. */
void store_forget(struct store *store, int64_t now, int64_t idle, int64_t longest);

#endif

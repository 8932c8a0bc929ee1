/* Passwords are hashed by a thread of their own, one after the other: Argon2id takes a tenth of a second and 64 MiB on
 * purpose, in which the loop has browsers to serve.
 */
#ifndef WEB_PASSWORD_H
#define WEB_PASSWORD_H

#include <stdbool.h>

#define PASSWORD_MIN      10
#define PASSWORD_MAX      256
#define PASSWORD_JOBS_MAX 16 /* 16 × 0.1 s: nobody waits longer than 2 s, who comes later is told to come again */
#define PASSWORD_HASH     128

struct passwords;

/* `verified` is whether a password is the one of a hash; a new hash is in `hash`, "" when memory ran out. */
typedef void password_done(void *user, bool verified, const char *hash);

struct passwords *passwords_new(void); /* NULL when there can be no thread */
/* Ends the thread once its job is done; jobs that wait are forgotten without their calls. */
void passwords_free(struct passwords *passwords);
/* Whether `hash` is this password's: "" is nobody's, and takes as long to find out. False when too many wait. */
bool passwords_verify(struct passwords *passwords, const char *hash, const char *password, password_done *done,
                      void *user);
/* Makes a hash. */
bool passwords_hash(struct passwords *passwords, const char *password, password_done *done, void *user);
int passwords_fd(const struct passwords *passwords);  /* readable when something is done */
void passwords_dispatch(struct passwords *passwords); /* calls for what is done, on the caller's thread */

/* The same at once, for commands. False when memory ran out. */
bool password_hash(const char *password, char hash[PASSWORD_HASH]);

#endif

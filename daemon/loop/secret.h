/* Memory for the secrets of a handshake.
 *
 * libzmq asks libsodium for some eight buffers in each CURVE handshake, and libsodium maps, guards, locks and unmaps
 * pages for each: more than half of what a handshake costs, when all clients come back after a restart, or hostile ones
 * come to stay. Here they are pieces of one such mapping, guarded and locked as a whole, and wiped when given back. What
 * is too large, or one too many, is libsodium's as ever.
 *
 * sodium_allocarray and sodium_free are defined here for the whole program, libzmq included.
 */
#ifndef COORDD_LOOP_SECRET_H
#define COORDD_LOOP_SECRET_H

#include <stdint.h>

/* A handshake's largest buffer of ours is 480 bytes; a client's own metadata may make one larger. Each of libzmq's
 * threads holds three at once at most. */
#define SECRET_SIZE  1024
#define SECRET_COUNT 32

/* Before any handshake; without memory for it, all stays libsodium's. */
void secrets_init(void);
uint64_t secrets_taken(void); /* pieces so far */

#endif

/* How many bytes each descriptor has received: the one thing that libzmq does not say of a connection.
 *
 * The kernel counts them for TCP alone. So the program has a recv() of its own, which libzmq calls like any other, and
 * which counts. It has an accept() of its own as well: of a connection the loop hears some time after it was accepted, when much
 * may have come already.
 */
#ifndef COORDD_LOOP_RECEIVED_H
#define COORDD_LOOP_RECEIVED_H

#include <stdint.h>

/* Descriptors above are not counted: 16 MiB of counters, of which those in use take memory. As many as there may be
 * connections. */
#define RECEIVED_DESCRIPTORS (1 << 20)

/* By this number, since the program began: a descriptor that is used again goes on counting. */
uint64_t received_bytes(int descriptor);
/* The same, when the last connection of this number was accepted. */
uint64_t received_before(int descriptor);

#endif

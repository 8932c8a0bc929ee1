/* An allocator that fails on demand, in front of the C library's: this program's own calls and those of msgpack-c count,
 * and nobody else's (libzmq ends the process itself when memory runs out).
 */
#ifndef COORDD_FAULT_MEMORY_HEAP_H
#define COORDD_FAULT_MEMORY_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In this thread the n-th allocation from now on fails, 1 being the next, and all after it if `on`; 0: none does. */
void heap_fail(uint64_t n, bool on);
/* Whether one has failed since. */
bool heap_failed(void);

/* Blocks that count are kept account of from here on, in all threads; how many of them are not freed. */
void heap_watch(void);
size_t heap_live(void);
void heap_watch_no_more(void);

/* While this is on, each allocation in this thread makes a child, in which it fails: the child goes on from there, and
 * this process waits for its end, looks at how it ended, and goes on as if nothing had been. */
typedef void heap_ended(void *context, uint64_t point, int status); /* status: waitpid's */
void heap_explore(heap_ended *ended, void *context);                /* NULL: no more */
bool heap_is_child(void);
uint64_t heap_explored(void); /* points so far */

#endif

/* Memory that is there, or the process stops: the daemon's one place that handles running out. A store that cannot hold
 * its state must not go on deciding; the journal has all that was acknowledged.
 */
#ifndef COORDD_BASE_XALLOC_H
#define COORDD_BASE_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);                /* zeroed */
void *xrealloc(void *memory, size_t count, size_t size); /* room for count × size bytes */
void *xmemdup(const void *bytes, size_t size);           /* NULL when size is 0 */
/* Room for one more than `count` elements in an array of *capacity: doubles as often as it takes, so that appending stays
 * cheap. */
void *xgrow(void *memory, size_t count, size_t *capacity, size_t size);
void xalloc_failed(void) __attribute__((noreturn));
/* What a struct buffer or a struct arena begins as, for it to grow or stop the process. */
#define XMEMORY                                                                                                        \
    {                                                                                                                  \
        .exhausted = xalloc_failed                                                                                     \
    }

struct decoder;
struct decoder *xdecoder_new(void); /* stops the process too when it runs out of memory while decoding */

/* Called instead of abort() when memory ran out, to say so in the log; abort() follows when it returns. */
void xalloc_on_failure(void (*handler)(void));

#endif

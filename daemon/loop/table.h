/* uthash, which here stops the process as everything else does when memory runs out; by itself it exits without a word.
 * Its hash is under the secret of the process: peers choose their routing ids, addresses and consumers' names.
 */
#ifndef COORDD_LOOP_TABLE_H
#define COORDD_LOOP_TABLE_H

#include "base/digest.h"
#include "base/xalloc.h"

#define HASH_FUNCTION(key, size, hash)                                                                                 \
    ((hash) = (unsigned)digest_index(0, (struct text){(const char *)(key), (uint32_t)(size)}))
#define uthash_fatal(message) xalloc_failed()
#include <uthash.h>

#endif

/* uthash, which here stops the process as everything else does when memory runs out; by itself it exits without a word.
 */
#ifndef COORDD_LOOP_TABLE_H
#define COORDD_LOOP_TABLE_H

#include "base/xalloc.h"

#define uthash_fatal(message) xalloc_failed()
#include <uthash.h>

#endif

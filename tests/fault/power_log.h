/* The log of a broker's disk: what the library of record.c writes while a broker runs, and power.c reads afterwards. It is
 * one file that both map: the head, and then entries, each with the bytes of a write behind it.
 *
 * The order of the entries is the order of things: a write and a sync are entered once they are done, an
 * acknowledgement before it leaves. So whatever stands before an entry had happened when the power went there.
 */
#ifndef COORDD_FAULT_POWER_LOG_H
#define COORDD_FAULT_POWER_LOG_H

#include <stdint.h>

#define POWER_LOG_MAX  (UINT64_C(1) << 30) /* of a file with holes: only what is written takes room */
#define POWER_NAME_MAX 32                  /* coordd.db, and its journals */

enum power_kind {
    POWER_START,          /* of a process: its descriptors are new */
    POWER_OPEN,           /* a file of the store; `number` is 1 when this made it; the bytes are its name */
    POWER_WRITE,          /* the bytes, at offset `number` */
    POWER_TRUNCATE,       /* to `number` bytes */
    POWER_SYNC,           /* of a file */
    POWER_SYNC_DIRECTORY, /* of the store's directory */
    POWER_UNLINK,         /* the bytes are the name */
    POWER_ACKNOWLEDGED,   /* a frame that names record `number` is about to leave */
};

struct power_entry {
    uint32_t kind;
    int32_t descriptor;
    uint64_t number;
    uint32_t size; /* bytes that follow; the next entry begins at the next multiple of 8 */
    uint32_t unused;
};

struct power_log {
    volatile uint64_t tail;       /* where the next entry goes, from the beginning of the file */
    volatile uint64_t operations; /* on files of the store */
    volatile uint64_t die_at;     /* after so many of them the process kills itself; 0 for never */
    volatile uint64_t full;       /* the log could not take an entry */
    uint8_t entries[];
};

static inline uint64_t power_entry_end(uint64_t at, const struct power_entry *entry)
{
    return at + sizeof *entry + ((entry->size + UINT64_C(7)) & ~UINT64_C(7));
}

#endif

/* The memory of requests: which of the newest 1,048,576 changes an agency has made under which id, so that a resent one
 * gets its first answer and nothing happens twice.
 */
#ifndef COORDD_CORE_SEEN_H
#define COORDD_CORE_SEEN_H

#include "core/state.h"

/* That it will be looked for: brings what will be looked at nearer, for it is seldom in a cache. */
void seen_expect(const struct core *core, uint32_t agency, struct text id);
/* The first record of an agency's request of this id; 0 when it is not known. */
uint64_t seen_find(const struct core *core, uint32_t agency, struct text id);
/* Apply: remembers it. False when it does not fit what rows have given, which only a damaged store does. */
bool seen_add(struct core *core, uint32_t agency, struct text id, uint64_t seq);

/* Rows: the entries of the chunk in this slot, encoded; false when there is none. */
bool seen_row(const struct core *core, uint32_t slot, struct buffer *bytes);
bool seen_restore(struct core *core, uint32_t slot, uint64_t first, struct text entries, uint64_t seq);
/* Whether the counted requests and the rows of them agree, once all is in. */
bool seen_restore_done(const struct core *core);
void seen_free(struct core *core);

#endif

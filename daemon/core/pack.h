/* A task's texts and lists, packed in one allocation: most tasks have three or four of them, and a million are open.
 *
 * A pack is a run of items in the order of their tags: tag (1 byte), size (LEB128), bytes. It is also what the
 * checkpoint keeps, so a tag is never reused; unknown tags are kept and skipped.
 */
#ifndef COORDD_CORE_PACK_H
#define COORDD_CORE_PACK_H

#include "core/state.h"

enum pack_tag {
    PACK_REFERENCE = 1,
    PACK_TITLE,
    PACK_DESCRIPTION,
    PACK_DOCUMENT,
    PACK_PARAGRAPH,
    PACK_AREA,
    PACK_UNIT,
    PACK_TAG,         /* one item for each of the task's tags */
    PACK_COOPERATING, /* agencies, 4 bytes each, little-endian */
    PACK_OBSERVERS,   /* the same */
    PACK_PARENT,      /* a task, 8 bytes, little-endian */
    PACK_TARGET,      /* a float64, 8 bytes, little-endian */
    PACK_NOTE,
    PACK_EVIDENCE,
    PACK_EVIDENCE_SHA256,
    PACK_TAG_END
};

struct pack {
    uint32_t size;
    uint8_t bytes[];
};

/* The first item of a tag: empty when there is none. Points into the pack. */
struct text pack_text(const struct pack *pack, enum pack_tag tag);
/* Walks all items: *at begins at 0; false at the end. */
bool pack_next(const struct pack *pack, uint32_t *at, int *tag, struct text *value);
uint32_t pack_agencies(const struct pack *pack, enum pack_tag tag, uint32_t agencies[TASK_AGENCIES_MAX]);
/* 8 bytes as a number; 0 when there is none. */
uint64_t pack_u64(const struct pack *pack, enum pack_tag tag);
bool pack_num(const struct pack *pack, enum pack_tag tag, double *number);

/* Building: items are added in the order of tags; empty texts are left out. */
void pack_add(struct buffer *bytes, enum pack_tag tag, struct text text);
void pack_add_agencies(struct buffer *bytes, enum pack_tag tag, const uint32_t *agencies, uint32_t count);
void pack_add_u64(struct buffer *bytes, enum pack_tag tag, uint64_t number);
void pack_add_num(struct buffer *bytes, enum pack_tag tag, double number);
void pack_add_old(struct buffer *bytes, enum pack_tag tag, const struct pack *old);
/* Replaces *pack (NULL at first) by what was built. */
void pack_replace(struct pack **pack, const struct buffer *bytes);

/* Whether bytes are a pack with a reference and a title. The agencies that it lists are not looked up. */
bool pack_check(struct text bytes);

#endif

/* A task's texts and lists, packed in one allocation: most tasks have three or four of them, and a million are open.
 *
 * A pack is a run of items in the order of their tags: tag (1 byte), size (LEB128), bytes. It is also what the
 * checkpoint keeps, so a tag is never reused; unknown tags are kept and skipped.
 *
 * What is asked of many leads at once is there once: such packs share the run of their items of content. Positions and
 * sizes are as if each had its own, and a pack whose content changes has its own again.
 */
#ifndef COORDD_CORE_PACK_H
#define COORDD_CORE_PACK_H

#include "core/state.h"

#define PACK_TAGGED(c, type, CONSTANT, name, tag, rule, shown, sentence) PACK_##CONSTANT = (tag),
enum pack_tag { TASK_FIELDS(TASK_NONE, TASK_NONE, PACK_TAGGED, TASK_NONE, TASK_NONE, ) PACK_TAG_END };

struct pack {
    uint32_t size_shares; /* twice the size of all items, + 1 when the content is shared */
    uint8_t bytes[];      /* the items, or a head, the items before the content, and those after it */
};

struct pack *pack_new(struct text bytes);
void pack_free(struct pack *pack); /* takes NULL */
/* A copy that shares nothing, in memory of the caller's: never to be freed or changed. */
size_t pack_copy_size(const struct pack *pack);
struct pack *pack_copy_to(const struct pack *pack, void *memory);
static inline uint32_t pack_size(const struct pack *pack)
{
    return pack->size_shares / 2;
}
/* All its items, one after another: its own, or a copy in the arena. */
struct text pack_bytes(const struct pack *pack, struct arena *arena);

/* Lets two packs have one content, if it is the same and PACK_SHARED_MIN bytes or more. */
#define PACK_SHARED_MIN 256 /* a share costs each pack 12 bytes, and the content 24 */
void pack_share(struct pack **one, struct pack **other);

/* The first item of a tag: empty when there is none. Points into the pack. */
struct text pack_text(const struct pack *pack, enum pack_tag tag);
/* Walks all items: *at begins at 0; false at the end. */
bool pack_next(const struct pack *pack, uint32_t *at, int *tag, struct text *value);
uint32_t pack_agencies(const struct pack *pack, enum pack_tag tag, uint32_t agencies[TASK_AGENCIES_MAX]);
/* 8 bytes as a number; 0 when there is none. */
uint64_t pack_u64(const struct pack *pack, enum pack_tag tag);
/* The same of an item's bytes. */
uint32_t pack_item_agencies(struct text value, uint32_t agencies[TASK_AGENCIES_MAX]);
uint64_t pack_item_u64(struct text value);
/* A piece of proof; false when the bytes are none. The texts point into the pack. */
bool pack_item_file(struct text value, struct msg_evidence_file *file);
bool pack_num(const struct pack *pack, enum pack_tag tag, double *number);

/* Building: items are added in the order of tags; empty texts are left out. */
void pack_add(struct buffer *bytes, enum pack_tag tag, struct text text);
void pack_add_agencies(struct buffer *bytes, enum pack_tag tag, const uint32_t *agencies, uint32_t count);
void pack_add_u64(struct buffer *bytes, enum pack_tag tag, uint64_t number);
void pack_add_num(struct buffer *bytes, enum pack_tag tag, double number);
void pack_add_file(struct buffer *bytes, enum pack_tag tag, const struct msg_evidence_file *file);

/* Changing: pack_edit_begin, then for each tag that changes, in their order, pack_edit_tag and what is added instead,
 * then pack_edit_end. All other items, the unknown among them, stay as they are. */
struct pack_edit {
    struct buffer *bytes;   /* what is built; lent until the end */
    const struct pack *old; /* NULL when there is none yet */
    uint32_t at;            /* how far the old one has been taken over */
    int last;               /* newest tag that was changed */
};
void pack_edit_begin(struct pack_edit *edit, struct buffer *bytes, const struct pack *old);
/* The old items before this tag are taken over, those with it are left out. */
void pack_edit_tag(struct pack_edit *edit, enum pack_tag tag);
/* Takes over the rest and replaces *pack, the old one or NULL. */
void pack_edit_end(struct pack_edit *edit, struct pack **pack);

/* One walk over several items, in the order of their tags: *at begins with 0 and is moved past the item, or to where it
 * would stand. As pack_text. */
struct text pack_seek(const struct pack *pack, uint32_t *at, enum pack_tag tag);
/* Such an item is written in place: false when there is none, and nothing is written. */
bool pack_seek_set_agency(struct pack *pack, uint32_t *at, enum pack_tag tag, uint32_t agency);
bool pack_seek_set_u64(struct pack *pack, uint32_t *at, enum pack_tag tag, uint64_t number);

/* Whether bytes are a pack with a reference and a title. The agencies that it lists are not looked up. */
bool pack_check(struct text bytes);

#endif

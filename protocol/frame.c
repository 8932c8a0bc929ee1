/* Walks encoded msgpack without memory and without trust.
 *
 * Invariant: nothing is read beyond the bytes that were given, and every length and count was held against the bytes
 * that remain before it is used. The work is bounded by the bytes of the frame.
 */
#include "frame.h"

#include <stdint.h>
#include <string.h>

enum item_sort {
    ITEM_NEVER, /* 0xC1, which msgpack never uses */
    ITEM_PLAIN, /* a body of fixed size */
    ITEM_BYTES, /* a length, then so many bytes */
    ITEM_TEXT,  /* the same, of a text */
    ITEM_ARRAY, /* a count, then so many values */
    ITEM_MAP,   /* a count, then twice so many */
};

/* What the first byte of a value says. */
struct head {
    uint8_t sort;
    uint8_t count_size; /* bytes of the length or count after the first byte */
    uint8_t body;       /* bytes after that, beside what the length says: an extension's type, a number */
    uint8_t count;      /* the length or count itself where the first byte has it: then count_size is 0 */
};

/* clang-format off */
#define FOUR(sort, from)  {sort, 0, 0, (from)}, {sort, 0, 0, (from) + 1}, {sort, 0, 0, (from) + 2}, {sort, 0, 0, (from) + 3}
#define SIXTEEN(sort, from) FOUR(sort, from), FOUR(sort, (from) + 4), FOUR(sort, (from) + 8), FOUR(sort, (from) + 12)
#define X16(head)           head, head, head, head, head, head, head, head, head, head, head, head, head, head, head, head
#define NUMBER              {ITEM_PLAIN, 0, 0, 0}

static const struct head heads[] = {
    /* 00 to 7F, numbers */ X16(NUMBER), X16(NUMBER), X16(NUMBER), X16(NUMBER), X16(NUMBER), X16(NUMBER), X16(NUMBER), X16(NUMBER),
    /* 80 */ SIXTEEN(ITEM_MAP, 0),
    /* 90 */ SIXTEEN(ITEM_ARRAY, 0),
    /* A0 */ SIXTEEN(ITEM_TEXT, 0), SIXTEEN(ITEM_TEXT, 16),
    /* C0: nil, -, false, true */ {ITEM_PLAIN, 0, 0, 0}, {ITEM_NEVER, 0, 0, 0}, {ITEM_PLAIN, 0, 0, 0}, {ITEM_PLAIN, 0, 0, 0},
    /* bin 8 16 32 */ {ITEM_BYTES, 1, 0, 0}, {ITEM_BYTES, 2, 0, 0}, {ITEM_BYTES, 4, 0, 0},
    /* ext 8 16 32 */ {ITEM_BYTES, 1, 1, 0}, {ITEM_BYTES, 2, 1, 0}, {ITEM_BYTES, 4, 1, 0},
    /* float 32 64 */ {ITEM_PLAIN, 0, 4, 0}, {ITEM_PLAIN, 0, 8, 0},
    /* uint 8 16 32 64 */ {ITEM_PLAIN, 0, 1, 0}, {ITEM_PLAIN, 0, 2, 0}, {ITEM_PLAIN, 0, 4, 0}, {ITEM_PLAIN, 0, 8, 0},
    /* int 8 16 32 64 */ {ITEM_PLAIN, 0, 1, 0}, {ITEM_PLAIN, 0, 2, 0}, {ITEM_PLAIN, 0, 4, 0}, {ITEM_PLAIN, 0, 8, 0},
    /* fixext 1 2 4 8 16 */ {ITEM_PLAIN, 0, 2, 0}, {ITEM_PLAIN, 0, 3, 0}, {ITEM_PLAIN, 0, 5, 0}, {ITEM_PLAIN, 0, 9, 0}, {ITEM_PLAIN, 0, 17, 0},
    /* str 8 16 32 */ {ITEM_TEXT, 1, 0, 0}, {ITEM_TEXT, 2, 0, 0}, {ITEM_TEXT, 4, 0, 0},
    /* array 16 32 */ {ITEM_ARRAY, 2, 0, 0}, {ITEM_ARRAY, 4, 0, 0},
    /* map 16 32 */ {ITEM_MAP, 2, 0, 0}, {ITEM_MAP, 4, 0, 0},
    /* E0 to FF, numbers */ X16(NUMBER), X16(NUMBER),
};
/* clang-format on */
_Static_assert(sizeof heads == 256 * sizeof heads[0], "each byte has its row");

struct item {
    enum item_sort sort;
    size_t head;     /* bytes before the first value within; the whole value when it holds none */
    size_t children; /* values within; a map's keys count */
    size_t size;     /* of ITEM_BYTES and ITEM_TEXT: the bytes */
};

static size_t read_count(const uint8_t *bytes, uint8_t size)
{
    size_t count = 0;
    for (uint8_t i = 0; i < size; i++)
        count = count << 8 | bytes[i];
    return count;
}

/* Reads the first byte of a value and its length or count. 0, FRAME_MALFORMED or FRAME_TOO_MANY. */
static inline int item_read(const uint8_t *bytes, size_t left, struct item *item)
{
    if (left == 0)
        return COORD_E_FRAME_MALFORMED;
    const struct head head = heads[bytes[0]];
    if (left < 1u + head.count_size)
        return COORD_E_FRAME_MALFORMED;
    const size_t count = head.count_size ? read_count(bytes + 1, head.count_size) : head.count;
    *item = (struct item){head.sort, 1u + head.count_size + head.body, 0, 0};
    switch (item->sort) {
    case ITEM_PLAIN:
        return item->head <= left ? 0 : COORD_E_FRAME_MALFORMED;
    case ITEM_BYTES:
    case ITEM_TEXT:
        item->size = count;
        item->head += count;
        return item->head <= left ? 0 : COORD_E_FRAME_TOO_MANY;
    case ITEM_ARRAY:
    case ITEM_MAP:
        item->children = item->sort == ITEM_MAP ? count * 2 : count;
        return item->children <= left - item->head ? 0 : COORD_E_FRAME_TOO_MANY;
    case ITEM_NEVER:
        break;
    }
    return COORD_E_FRAME_MALFORMED;
}

/* Where a walk is. */
struct walk {
    size_t left;                   /* values still to come in the map or array that it is within… */
    size_t outer[FRAME_DEPTH_MAX]; /* …and in each of those around that one */
    size_t depth;                  /* how many it is within */
    size_t items;                  /* all that were claimed so far */
};

static inline int walk_enter(struct walk *walk, const struct item *item)
{
    walk->left--;
    if (item->sort == ITEM_ARRAY || item->sort == ITEM_MAP) {
        walk->items += item->children;
        if (walk->items > FRAME_ITEMS_MAX)
            return COORD_E_FRAME_TOO_MANY;
        if (walk->depth == FRAME_DEPTH_MAX)
            return COORD_E_FRAME_TOO_DEEP;
        walk->outer[walk->depth++] = walk->left;
        walk->left = item->children;
    }
    while (walk->left == 0 && walk->depth > 0)
        walk->left = walk->outer[--walk->depth];
    return 0;
}

static int problem_at(struct problem *problem, int error, size_t offset)
{
    if (error == COORD_E_FRAME_TOO_MANY)
        return problem_set(problem, error, "", "At byte %zu: %s It may hold %d values, keys and elements counted.",
                           offset, error_row(error)->sentence, FRAME_ITEMS_MAX);
    return problem_set(problem, error, "", "At byte %zu: %s", offset, error_row(error)->sentence);
}

static bool is_named(const char *name, size_t size, const char *key)
{
    return size == strlen(key) && memcmp(name, key, size) == 0;
}

static void names_put(const char **place, bool *twice, const char *after)
{
    *twice = *place != NULL;
    *place = after;
}

/* Notes a key of the root that is one of those. */
static void names_note(struct frame_names *names, const char *name, size_t size)
{
    const char *after = name + size;
    if (is_named(name, size, "op"))
        names_put(&names->op, &names->op_twice, after);
    else if (is_named(name, size, "id"))
        names_put(&names->id, &names->id_twice, after);
    else if (is_named(name, size, "dry_run"))
        names->dry_run = after;
    else if (is_named(name, size, "for"))
        names_put(&names->name, &names->name_twice, after);
    else if (is_named(name, size, "at_least"))
        names_put(&names->at_least, &names->at_least_twice, after);
    else if (is_named(name, size, "within_ms"))
        names_put(&names->within_ms, &names->within_ms_twice, after);
    else if (is_named(name, size, "as_of"))
        names->as_of = after;
    else if (is_named(name, size, "lag_ms"))
        names->lag_ms = after;
}

/* Within the root, before a key: its values are still to come in pairs. */
static bool is_root_key(const struct walk *walk)
{
    return walk->depth == 1 && walk->left % 2 == 0;
}

static int scan(const void *frame, size_t size, enum item_sort root, struct frame_names *names, struct problem *problem)
{
    *names = (struct frame_names){0};
    if (size == 0)
        return problem_at(problem, COORD_E_FRAME_MALFORMED, 0);
    if (size > FRAME_SIZE_MAX)
        return problem_set(problem, COORD_E_FRAME_TOO_LARGE, "", "The frame has %zu bytes; it may have %d.", size,
                           FRAME_SIZE_MAX);
    const uint8_t *bytes = frame;
    struct walk walk = {.left = 1, .items = 1};
    size_t offset = 0;
    do {
        struct item item;
        int error = item_read(bytes + offset, size - offset, &item);
        if (!error && offset == 0 && item.sort != root)
            error = COORD_E_FRAME_MALFORMED;
        if (!error && item.sort == ITEM_TEXT && root == ITEM_MAP && is_root_key(&walk))
            names_note(names, (const char *)bytes + offset + item.head - item.size, item.size);
        if (!error)
            error = walk_enter(&walk, &item);
        if (error) {
            names->items = walk.items;
            return problem_at(problem, error, offset);
        }
        offset += item.head;
    } while (walk.left > 0);
    names->items = walk.items;
    return offset == size ? 0 : problem_at(problem, COORD_E_FRAME_MALFORMED, offset);
}

int frame_open(const void *frame, size_t size, struct frame_names *names, struct problem *problem)
{
    return scan(frame, size, ITEM_MAP, names, problem);
}

int frame_scan(const void *frame, size_t size, struct problem *problem)
{
    struct frame_names names;
    return frame_open(frame, size, &names, problem);
}

int frame_scan_array(const void *bytes, size_t size, struct problem *problem)
{
    struct frame_names names;
    return scan(bytes, size, ITEM_ARRAY, &names, problem);
}

static size_t frame_skip(const void *bytes, size_t size)
{
    size_t offset = 0, left = 1;
    while (left > 0) {
        struct item item;
        if (item_read((const uint8_t *)bytes + offset, size - offset, &item) != 0)
            return 0;
        offset += item.head;
        left += item.children;
        left--;
    }
    return offset;
}

static bool frame_array(const void *bytes, size_t size, size_t *head, size_t *count)
{
    struct item item;
    if (item_read(bytes, size, &item) != 0 || item.sort != ITEM_ARRAY)
        return false;
    *head = item.head;
    *count = item.children;
    return true;
}

bool frame_is_bundle(const void *bytes, size_t size)
{
    const uint8_t first = size ? *(const uint8_t *)bytes : 0;
    return (first >= 0x90 && first < 0xA0) || first == 0xDC || first == 0xDD;
}

int frame_bundle_open(struct frame_bundle *bundle, const void *bytes, size_t size)
{
    if (frame_array(bytes, size, &bundle->at, &bundle->left) && bundle->left > 0)
        return 0;
    *bundle = (struct frame_bundle){0};
    return COORD_E_FRAME_MALFORMED;
}

size_t frame_bundle_next(const struct frame_bundle *bundle, const void *bytes, size_t size)
{
    const size_t left = size - bundle->at;
    const size_t next = bundle->left ? frame_skip((const uint8_t *)bytes + bundle->at, left) : 0;
    return bundle->left == 1 && next < left ? 0 : next;
}

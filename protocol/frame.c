/* Walks encoded msgpack without memory and without trust.
 *
 * Invariant: nothing is read beyond the bytes that were given, and every length and count was held against the bytes
 * that remain before it is used. The work is bounded by the bytes of the frame.
 */
#include "frame.h"

#include <stdint.h>

enum item_sort {
    ITEM_NEVER, /* 0xC1, which msgpack never uses */
    ITEM_PLAIN, /* a body of fixed size */
    ITEM_BYTES, /* a length, then so many bytes */
    ITEM_ARRAY, /* a count, then so many values */
    ITEM_MAP,   /* a count, then twice so many */
};

/* What the first byte of a value says, for those from 0xC0 to 0xDF; the others are ranges. */
struct head {
    uint8_t sort;
    uint8_t count_size; /* bytes of the length or count after the first byte */
    uint8_t body;       /* bytes after that, beside what the length says: an extension's type, a number */
};

static const struct head heads[32] = {
    {ITEM_PLAIN, 0, 0},  {ITEM_NEVER, 0, 0}, {ITEM_PLAIN, 0, 0}, {ITEM_PLAIN, 0, 0}, /* nil, -, false, true */
    {ITEM_BYTES, 1, 0},  {ITEM_BYTES, 2, 0}, {ITEM_BYTES, 4, 0},                     /* bin 8 16 32 */
    {ITEM_BYTES, 1, 1},  {ITEM_BYTES, 2, 1}, {ITEM_BYTES, 4, 1},                     /* ext 8 16 32 */
    {ITEM_PLAIN, 0, 4},  {ITEM_PLAIN, 0, 8},                                         /* float 32 64 */
    {ITEM_PLAIN, 0, 1},  {ITEM_PLAIN, 0, 2}, {ITEM_PLAIN, 0, 4}, {ITEM_PLAIN, 0, 8}, /* uint 8 16 32 64 */
    {ITEM_PLAIN, 0, 1},  {ITEM_PLAIN, 0, 2}, {ITEM_PLAIN, 0, 4}, {ITEM_PLAIN, 0, 8}, /* int 8 16 32 64 */
    {ITEM_PLAIN, 0, 2},  {ITEM_PLAIN, 0, 3}, {ITEM_PLAIN, 0, 5}, {ITEM_PLAIN, 0, 9}, /* fixext 1 2 4 8 */
    {ITEM_PLAIN, 0, 17},                                                             /* fixext 16 */
    {ITEM_BYTES, 1, 0},  {ITEM_BYTES, 2, 0}, {ITEM_BYTES, 4, 0},                     /* str 8 16 32 */
    {ITEM_ARRAY, 2, 0},  {ITEM_ARRAY, 4, 0},                                         /* array 16 32 */
    {ITEM_MAP, 2, 0},    {ITEM_MAP, 4, 0},                                           /* map 16 32 */
};

struct item {
    enum item_sort sort;
    size_t head;     /* bytes before the first value within; the whole value when it holds none */
    size_t children; /* values within; a map's keys count */
};

static size_t read_count(const uint8_t *bytes, uint8_t size)
{
    size_t count = 0;
    for (uint8_t i = 0; i < size; i++)
        count = count << 8 | bytes[i];
    return count;
}

/* Reads the first byte of a value and its length or count. 0, FRAME_MALFORMED or FRAME_TOO_MANY. */
static int item_read(const uint8_t *bytes, size_t left, struct item *item)
{
    struct head head;
    size_t count;
    if (left == 0)
        return COORD_E_FRAME_MALFORMED;
    uint8_t first = bytes[0];
    if (first >= 0xC0 && first < 0xE0) {
        head = heads[first - 0xC0];
        if (head.sort == ITEM_NEVER || left < 1u + head.count_size)
            return COORD_E_FRAME_MALFORMED;
        count = read_count(bytes + 1, head.count_size);
    } else if (first < 0x80 || first >= 0xE0) {
        *item = (struct item){ITEM_PLAIN, 1, 0};
        return 0;
    } else {
        head = (struct head){first >= 0xA0 ? ITEM_BYTES : first >= 0x90 ? ITEM_ARRAY : ITEM_MAP, 0, 0};
        count = first >= 0xA0 ? first & 0x1F : first & 0x0F;
    }
    left -= 1u + head.count_size;
    *item = (struct item){head.sort, 1u + head.count_size + head.body, 0};
    if (head.sort == ITEM_BYTES)
        item->head += count;
    else
        item->children = head.sort == ITEM_MAP ? count * 2 : count;
    if (count > left || head.body > left - count || item->children > left)
        return head.sort == ITEM_PLAIN ? COORD_E_FRAME_MALFORMED : COORD_E_FRAME_TOO_MANY;
    return 0;
}

/* The values still to come in each map and array that the walk is within. */
struct walk {
    size_t left[FRAME_DEPTH_MAX];
    size_t depth;
    size_t items; /* all that were claimed so far */
};

static int walk_enter(struct walk *walk, const struct item *item)
{
    if (walk->depth > 0)
        walk->left[walk->depth - 1]--;
    if (item->sort == ITEM_ARRAY || item->sort == ITEM_MAP) {
        walk->items += item->children;
        if (walk->items > FRAME_ITEMS_MAX)
            return COORD_E_FRAME_TOO_MANY;
        if (walk->depth == FRAME_DEPTH_MAX)
            return COORD_E_FRAME_TOO_DEEP;
        walk->left[walk->depth++] = item->children;
    }
    while (walk->depth > 0 && walk->left[walk->depth - 1] == 0)
        walk->depth--;
    return 0;
}

static int problem_at(struct problem *problem, int error, size_t offset)
{
    return problem_set(problem, error, "", "At byte %zu: %s", offset, error_row(error)->sentence);
}

int frame_count(const void *frame, size_t size, size_t *items, struct problem *problem)
{
    *items = 0;
    if (size == 0)
        return problem_at(problem, COORD_E_FRAME_MALFORMED, 0);
    if (size > FRAME_SIZE_MAX)
        return problem_set(problem, COORD_E_FRAME_TOO_LARGE, "", "The frame has %zu bytes; it may have %d.", size,
                           FRAME_SIZE_MAX);
    const uint8_t *bytes = frame;
    struct walk walk = {.items = 1};
    size_t offset = 0;
    do {
        struct item item;
        int error = item_read(bytes + offset, size - offset, &item);
        if (!error && offset == 0 && item.sort != ITEM_MAP)
            error = COORD_E_FRAME_MALFORMED;
        if (!error)
            error = walk_enter(&walk, &item);
        *items = walk.items;
        if (error)
            return problem_at(problem, error, offset);
        offset += item.head;
    } while (walk.depth > 0);
    return offset == size ? 0 : problem_at(problem, COORD_E_FRAME_MALFORMED, offset);
}

int frame_scan(const void *frame, size_t size, struct problem *problem)
{
    size_t items;
    return frame_count(frame, size, &items, problem);
}

size_t frame_skip(const void *bytes, size_t size)
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

bool frame_array(const void *bytes, size_t size, size_t *head, size_t *count)
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

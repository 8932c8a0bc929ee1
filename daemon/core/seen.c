/* An agency's memory is a ring of chunks, in the order of its changes: a change has an ordinal among them, and a chunk is
 * a row of the checkpoint. When a chunk begins, those that the agency's part has no room for any more are dropped. Where
 * a chunk counts as dropped follows from the numbers of agencies and of changes, not from when its memory is freed.
 *
 * Of agency and id only 64 bits of hash are kept. Two ids that collide (1 in 2^48 for any one request) are told apart by
 * the digest in the record, as one id that is used twice is.
 *
 * A replay over newer rows must give each change the ordinal it had. The counters' row says how many each agency had
 * made; from there on a change has the next ordinal, and is found where a newer row has it, or comes next. Where rows
 * lack a chunk that had begun, it was dropped before its turn came, and is so again by the end of the replay.
 */
#include "core/seen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "core/scratch.h"

#define RING           (REQUEST_CHUNKS * REQUEST_CHUNK)
#define ENTRY_SIZE     16 /* bytes in a row: hash and sequence, little-endian */
#define CHUNK_CAPACITY 16 /* that a chunk begins with: most agencies make few changes */

/* ---- names ---- */

/* Whoever chooses ids can choose their hashes, for those are stored and so have no secret: the index has one. */
static uint64_t index_of(uint64_t hash)
{
    return digest_index(0, (struct text){(const char *)&hash, sizeof hash});
}

/* Reckoned once for a change, which looks for its name first and keeps it then. */
static const struct request_name *name_of(const struct core *core, uint32_t agency, struct text id)
{
    struct request_name *name = &core->scratch->request;
    if (id.size > 0 && name->size == id.size && name->agency == agency && memcmp(name->id, id.data, id.size) == 0)
        return name;
    name->agency = agency;
    name->size = id.size <= sizeof name->id ? id.size : 0;
    memcpy(name->id, id.data, name->size);
    name->hash = digest_stored((uint64_t)agency + 1, id);
    name->index = index_of(name->hash);
    return name;
}

/* ---- chunks ---- */

/* The part of each agency: REMEMBERED_TOTAL / agencies, in chunks. */
static uint32_t chunks_kept(const struct core *core)
{
    uint32_t kept = REQUEST_CHUNKS;
    for (uint64_t agencies = REMEMBERED_TOTAL / RING; agencies < core->agency_count; agencies *= 2)
        kept = kept > REMEMBERED_LEAST / REQUEST_CHUNK ? kept / 2 : kept;
    return kept;
}

static bool is_kept(const struct core *core, const struct requests *ring, const struct request_chunk *chunk)
{
    return ring->count <= (chunk->number + chunks_kept(core)) * REQUEST_CHUNK;
}

/* Where an entry lies in the index. */
static uint32_t place_of(const struct request_chunk *chunk, uint32_t i)
{
    return (uint32_t)(chunk->number % REQUEST_CHUNKS) * REQUEST_CHUNK + i;
}

static void chunk_drop(struct requests *ring, struct request_chunk **slot)
{
    const struct request_chunk *chunk = *slot;
    for (uint32_t i = 0; i < chunk->count; i++)
        map_remove(&ring->index, index_of(chunk->entries[i].hash), place_of(chunk, i));
    free(*slot);
    *slot = NULL;
}

/* At most half of 65,536 changes at once, when the number of agencies doubles: 2 ms. */
static void trim(const struct core *core, struct requests *ring)
{
    for (uint32_t i = 0; i < ring->slots; i++)
        if (ring->chunks[i] && !is_kept(core, ring, ring->chunks[i]))
            chunk_drop(ring, &ring->chunks[i]);
}

static void widen(struct requests *ring)
{
    const uint32_t slots = ring->slots ? 2 * ring->slots : 1;
    struct request_chunk **chunks = xcalloc(slots, sizeof *chunks);
    for (uint32_t i = 0; i < ring->slots; i++)
        if (ring->chunks[i])
            chunks[ring->chunks[i]->number % slots] = ring->chunks[i];
    free(ring->chunks);
    ring->chunks = chunks;
    ring->slots = slots;
}

/* Where a chunk of this number is to lie: the slot is free, or has it, or one that is a whole ring away from it. */
static struct request_chunk **slot_of(struct requests *ring, uint64_t number)
{
    for (;; widen(ring)) {
        struct request_chunk **slot = ring->slots ? &ring->chunks[number % ring->slots] : NULL;
        if (slot && (!*slot || (*slot)->number % REQUEST_CHUNKS == number % REQUEST_CHUNKS))
            return slot;
    }
}

static void append(struct requests *ring, struct request_chunk **slot, struct request_entry entry, uint64_t index)
{
    struct request_chunk *chunk = *slot;
    if (chunk->count == chunk->capacity) {
        chunk->capacity *= 2;
        chunk = *slot = xrealloc(chunk, 1, sizeof *chunk + chunk->capacity * sizeof chunk->entries[0]);
    }
    map_add(&ring->index, index, place_of(chunk, chunk->count));
    chunk->entries[chunk->count++] = entry;
}

/* Who has filled one chunk fills the next: that is made whole. */
static void begin(const struct requests *ring, struct request_chunk **slot, uint64_t number)
{
    const uint32_t capacity = ring->slots > 1 ? REQUEST_CHUNK : CHUNK_CAPACITY;
    *slot = xmalloc(sizeof **slot + capacity * sizeof(*slot)->entries[0]);
    (*slot)->number = number;
    (*slot)->count = 0;
    (*slot)->capacity = capacity;
}

static struct requests *ring_of(struct core *core, uint32_t agency)
{
    while (agency >= core->request_capacity) {
        const size_t before = core->request_capacity;
        core->requests = xgrow(core->requests, before, &core->request_capacity, sizeof(struct requests *));
        memset(core->requests + before, 0, (core->request_capacity - before) * sizeof(struct requests *));
    }
    if (!core->requests[agency])
        core->requests[agency] = xcalloc(1, sizeof(struct requests));
    return core->requests[agency];
}

/* ---- finding and adding ---- */

static const struct requests *find_ring(const struct core *core, uint64_t agency)
{
    return agency < core->request_capacity ? core->requests[agency] : NULL;
}

void seen_expect(const struct core *core, uint32_t agency, struct text id)
{
    const struct requests *ring = find_ring(core, agency);
    if (ring)
        map_expect(&ring->index, name_of(core, agency, id)->index);
}

uint64_t seen_find(const struct core *core, uint32_t agency, struct text id)
{
    const struct request_name *name = name_of(core, agency, id);
    const struct requests *ring = find_ring(core, agency);
    uint32_t place, probe = MAP_BEGIN;
    while (ring && map_next(&ring->index, name->index, &probe, &place)) {
        const struct request_chunk *chunk = ring->chunks[place / REQUEST_CHUNK % ring->slots];
        const struct request_entry *entry = &chunk->entries[place % REQUEST_CHUNK];
        if (entry->hash == name->hash && is_kept(core, ring, chunk))
            return entry->seq;
    }
    return 0;
}

static bool remember(struct core *core, uint32_t agency, struct text id, uint64_t seq)
{
    const struct request_name *name = name_of(core, agency, id);
    struct requests *ring = ring_of(core, agency);
    const uint64_t ordinal = ring->count++, number = ordinal / REQUEST_CHUNK, place = ordinal % REQUEST_CHUNK;
    core->request_count++;
    if (place == 0)
        trim(core, ring);
    struct request_chunk **slot = slot_of(ring, number);
    if (*slot && (*slot)->number > number)
        return true; /* a newer row: this one is forgotten */
    if (*slot && (*slot)->number < number)
        chunk_drop(ring, slot);
    if (*slot && place < (*slot)->count)
        return (*slot)->entries[place].hash == name->hash && (*slot)->entries[place].seq == seq;
    if (place != (*slot ? (*slot)->count : 0))
        return core->restoring; /* it is in no row, so is to be dropped, or seen_restore_done will miss it */
    if (!*slot)
        begin(ring, slot, number);
    append(ring, slot, (struct request_entry){name->hash, seq}, name->index);
    bits_add(&core->dirty_requests, (uint64_t)agency * REQUEST_CHUNKS + number % REQUEST_CHUNKS);
    return true;
}

bool seen_add(struct core *core, uint32_t agency, struct text id, uint64_t seq)
{
    if (core->restoring && (core->requests_reread || seq <= core->requests_seq))
        return true;
    return remember(core, agency, id, seq);
}

/* As many agencies as there are at a power of two give up a half, one with each that comes until the number has doubled:
 * so no step frees more than one of them, and all of them together never have more than the total. */
void seen_share(struct core *core)
{
    const uint32_t newest = core->agency_count - 1;
    uint32_t half = 1;
    while (half <= newest / 2)
        half *= 2;
    if (newest >= half && find_ring(core, newest - half))
        trim(core, core->requests[newest - half]);
}

/* ---- rows ---- */

static void put_u64(struct buffer *bytes, uint64_t number)
{
    uint8_t out[8];
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(number >> (8 * i));
    buffer_append(bytes, out, 8);
}

static uint64_t get_u64(const char *bytes)
{
    uint64_t number = 0;
    for (int i = 7; i >= 0; i--)
        number = number << 8 | (uint8_t)bytes[i];
    return number;
}

uint64_t seen_rows_end(const struct core *core)
{
    return (uint64_t)core->agency_count * REQUEST_CHUNKS;
}

bool seen_row(const struct core *core, uint64_t number, struct buffer *entries, struct seen_chunk *out)
{
    const struct requests *ring = find_ring(core, number / REQUEST_CHUNKS);
    const struct request_chunk *chunk = ring && ring->slots ? ring->chunks[number % ring->slots] : NULL;
    if (!chunk || chunk->number % REQUEST_CHUNKS != number % REQUEST_CHUNKS || !is_kept(core, ring, chunk))
        return false;
    for (uint32_t i = 0; i < chunk->count; i++) {
        put_u64(entries, chunk->entries[i].hash);
        put_u64(entries, chunk->entries[i].seq);
    }
    *out = (struct seen_chunk){(uint32_t)(number / REQUEST_CHUNKS), chunk->number * REQUEST_CHUNK,
                               chunk->entries[chunk->count - 1].seq};
    return true;
}

void seen_counts(const struct core *core, struct buffer *counts)
{
    for (uint32_t i = 0; i < core->agency_count; i++)
        put_u64(counts, find_ring(core, i) ? core->requests[i]->count : 0);
}

bool seen_restore_counts(struct core *core, struct text counts, uint64_t seq)
{
    if (counts.size % 8 != 0 || counts.size / 8 > CORE_AGENCIES_MAX)
        return false;
    for (uint32_t i = 0; i < counts.size / 8; i++) {
        const uint64_t count = get_u64(counts.data + (size_t)i * 8);
        if (count > INT64_MAX)
            return false;
        if (count > 0)
            ring_of(core, i)->count = count;
    }
    core->requests_seq = seq;
    return true;
}

bool seen_restore(struct core *core, uint64_t number, uint32_t agency, uint64_t first, struct text entries)
{
    const uint64_t chunk = first / REQUEST_CHUNK;
    if (agency >= CORE_AGENCIES_MAX || first % REQUEST_CHUNK != 0 ||
        number != (uint64_t)agency * REQUEST_CHUNKS + chunk % REQUEST_CHUNKS || entries.size == 0 ||
        entries.size % ENTRY_SIZE != 0 || entries.size / ENTRY_SIZE > REQUEST_CHUNK)
        return false;
    struct requests *ring = ring_of(core, agency);
    struct request_chunk **slot = slot_of(ring, chunk);
    if (*slot)
        return false;
    begin(ring, slot, chunk);
    if (!is_kept(core, ring, *slot)) {
        chunk_drop(ring, slot);
        return true;
    }
    for (uint32_t i = 0; i < entries.size; i += ENTRY_SIZE) {
        const uint64_t hash = get_u64(entries.data + i);
        append(ring, slot, (struct request_entry){hash, get_u64(entries.data + i + 8)}, index_of(hash));
    }
    return true;
}

bool seen_reread(struct core *core, uint32_t agency, struct text id, uint64_t seq)
{
    assert(core->restoring && core->requests_reread);
    return remember(core, agency, id, seq);
}

/* All that an agency's part has room for is there, and nothing beyond what it was counted to have made. */
static bool is_whole(const struct core *core, const struct requests *ring)
{
    const uint64_t end = (ring->count + REQUEST_CHUNK - 1) / REQUEST_CHUNK, kept = chunks_kept(core);
    uint64_t there = 0, whole = 0;
    for (uint32_t i = 0; i < ring->slots; i++)
        there += ring->chunks[i] != NULL;
    for (uint64_t number = end > kept ? end - kept : 0; number < end; number++) {
        const struct request_chunk *chunk = ring->slots ? ring->chunks[number % ring->slots] : NULL;
        const uint64_t count = number + 1 < end ? REQUEST_CHUNK : ring->count - number * REQUEST_CHUNK;
        if (!chunk || chunk->number != number || chunk->count != count)
            return false;
        whole++;
    }
    return there == whole;
}

bool seen_restore_done(struct core *core)
{
    uint64_t counted = 0;
    for (size_t i = 0; i < core->request_capacity; i++) {
        if (!core->requests[i])
            continue;
        trim(core, core->requests[i]);
        if (i >= core->agency_count || !is_whole(core, core->requests[i]))
            return false;
        counted += core->requests[i]->count;
    }
    return counted == core->request_count && !core->requests_reread;
}

void seen_free(struct core *core)
{
    for (size_t i = 0; i < core->request_capacity; i++) {
        struct requests *ring = core->requests[i];
        for (uint32_t j = 0; ring && j < ring->slots; j++)
            free(ring->chunks[j]);
        if (ring) {
            free(ring->chunks);
            map_done(&ring->index);
        }
        free(ring);
    }
    free(core->requests);
}

/* A ring of chunks, in the order in which changes came: a change has an ordinal, its chunk lies in the slot
 * ordinal / 4096 % 256, and a chunk that comes round again is emptied first. A chunk is a row of the checkpoint.
 *
 * Of agency and id only 64 bits of hash are kept. Two ids that collide (1 in 2^44 for any one request) are told apart by
 * the digest in the record, as one id that is used twice is.
 *
 * A replay over newer rows must give each change the ordinal it had: up to the counters' row all rows have seen all
 * records; past it, a change is found where its row has it, or comes next.
 */
#include "core/seen.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/xalloc.h"

#define RING       (REQUEST_CHUNK * REQUEST_CHUNKS)
#define ENTRY_SIZE 16 /* bytes in a row: hash and sequence, little-endian */

static uint64_t hash_of(uint32_t agency, struct text id)
{
    return digest_stored((uint64_t)agency + 1, id);
}

/* Whoever chooses ids can choose their hashes, for those are stored and so have no secret: the index has one. */
static uint64_t index_of(uint64_t hash)
{
    return digest_index(0, (struct text){(const char *)&hash, sizeof hash});
}

static const struct request_entry *entry_at(const struct core *core, uint32_t place)
{
    return &core->requests[place / REQUEST_CHUNK]->entries[place % REQUEST_CHUNK];
}

static const struct request_entry *find(const struct core *core, uint64_t hash, uint32_t *place)
{
    uint32_t probe = MAP_BEGIN;
    const uint64_t index = index_of(hash);
    while (map_next(&core->request_index, index, &probe, place))
        if (entry_at(core, *place)->hash == hash)
            return entry_at(core, *place);
    return NULL;
}

void seen_expect(const struct core *core, uint32_t agency, struct text id)
{
    map_expect(&core->request_index, index_of(hash_of(agency, id)));
}

uint64_t seen_find(const struct core *core, uint32_t agency, struct text id)
{
    uint32_t place;
    const struct request_entry *entry = find(core, hash_of(agency, id), &place);
    return entry ? entry->seq : 0;
}

static void empty(struct core *core, uint32_t slot, uint64_t first)
{
    struct request_chunk *chunk = core->requests[slot];
    if (!chunk)
        chunk = core->requests[slot] = xmalloc(sizeof *chunk);
    else
        for (uint32_t i = 0; i < chunk->count; i++)
            map_remove(&core->request_index, index_of(chunk->entries[i].hash), slot * REQUEST_CHUNK + i);
    chunk->first = first;
    chunk->count = 0;
    chunk->seq = 0;
}

static void append(struct core *core, uint32_t slot, uint64_t hash, uint64_t seq)
{
    struct request_chunk *chunk = core->requests[slot];
    map_add(&core->request_index, index_of(hash), slot * REQUEST_CHUNK + chunk->count);
    chunk->entries[chunk->count++] = (struct request_entry){hash, seq};
    chunk->seq = seq;
    bits_add(&core->dirty_requests, slot);
}

/* Whether rows know the change already; moves the count of requests past it. */
static bool is_restored(struct core *core, uint64_t hash, uint64_t seq)
{
    uint32_t place, probe = MAP_BEGIN;
    if (seq <= core->rows_seq)
        return true;
    const uint64_t index = index_of(hash);
    while (map_next(&core->request_index, index, &probe, &place)) {
        if (entry_at(core, place)->hash != hash || entry_at(core, place)->seq != seq)
            continue;
        core->request_count = core->requests[place / REQUEST_CHUNK]->first + place % REQUEST_CHUNK + 1;
        return true;
    }
    return false;
}

bool seen_add(struct core *core, uint32_t agency, struct text id, uint64_t seq)
{
    uint64_t hash = hash_of(agency, id);
    if (core->restoring && is_restored(core, hash, seq))
        return true;
    uint64_t ordinal = core->request_count++, first = ordinal - ordinal % REQUEST_CHUNK;
    uint32_t slot = (uint32_t)(ordinal % RING / REQUEST_CHUNK);
    struct request_chunk *chunk = core->requests[slot];
    if (chunk && chunk->first > first)
        return true; /* a newer row: this one is forgotten */
    if (!chunk || chunk->first != first)
        empty(core, slot, first);
    if (core->requests[slot]->count != ordinal % REQUEST_CHUNK)
        return false;
    append(core, slot, hash, seq);
    return true;
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

bool seen_row(const struct core *core, uint32_t slot, struct buffer *bytes)
{
    const struct request_chunk *chunk = core->requests[slot];
    for (uint32_t i = 0; chunk && i < chunk->count; i++) {
        put_u64(bytes, chunk->entries[i].hash);
        put_u64(bytes, chunk->entries[i].seq);
    }
    return chunk != NULL;
}

bool seen_restore(struct core *core, uint32_t slot, uint64_t first, struct text entries, uint64_t seq)
{
    if (slot >= REQUEST_CHUNKS || first % RING != (uint64_t)slot * REQUEST_CHUNK || entries.size % ENTRY_SIZE != 0 ||
        entries.size / ENTRY_SIZE > REQUEST_CHUNK)
        return false;
    empty(core, slot, first);
    for (uint32_t i = 0; i < entries.size; i += ENTRY_SIZE)
        append(core, slot, get_u64(entries.data + i), get_u64(entries.data + i + 8));
    core->requests[slot]->seq = seq;
    bits_remove(&core->dirty_requests, slot); /* it came from there */
    return true;
}

bool seen_restore_done(const struct core *core)
{
    uint64_t first = core->request_count - core->request_count % REQUEST_CHUNK;
    for (uint32_t slot = 0; slot < REQUEST_CHUNKS; slot++)
        if (core->requests[slot] && core->requests[slot]->first > first)
            return false;
    const struct request_chunk *chunk = core->requests[core->request_count % RING / REQUEST_CHUNK];
    uint32_t begun = (uint32_t)(core->request_count % REQUEST_CHUNK);
    bool is_begun = chunk && chunk->first == first;
    return is_begun ? chunk->count == begun : begun == 0;
}

void seen_free(struct core *core)
{
    for (uint32_t i = 0; i < REQUEST_CHUNKS; i++)
        free(core->requests[i]);
    map_done(&core->request_index);
}

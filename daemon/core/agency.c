/* Invariants: no agency stands above itself or succeeds itself, by whatever chain (agency_set refuses it); agencies and
 * keys keep their numbers for good; the sorted lists hold every number once.
 */
#include "core/agency.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/digest.h"
#include "base/xalloc.h"
#include "core/cites.h"
#include "core/scratch.h"
#include "core/seen.h"

/* ---- the tree ---- */

static bool is_succeeded(const struct core *core, uint32_t agency, int64_t now_ms)
{
    return now_ms >= core->agencies[agency]->valid_until && core->agencies[agency]->successor != NONE;
}

uint32_t agency_effective(const struct core *core, uint32_t agency, int64_t now_ms)
{
    while (is_succeeded(core, agency, now_ms))
        agency = core->agencies[agency]->successor;
    return agency;
}

uint32_t agency_superior(const struct core *core, uint32_t agency, int64_t now_ms)
{
    return agency == NONE ? NONE : core->agencies[agency_effective(core, agency, now_ms)]->parent;
}

int64_t agency_succeeded_since(const struct agency *agency)
{
    const struct msg_stood_items *stood = &agency->message->stood;
    const int64_t until = stood->count ? stood->items[stood->count - 1].until : INT64_MIN;
    return until > agency->valid_until ? until : agency->valid_until;
}

int64_t agency_stands_since(const struct core *core, uint32_t agency, int64_t now_ms)
{
    int64_t since = TIME_NONE;
    for (; is_succeeded(core, agency, now_ms); agency = core->agencies[agency]->successor) {
        const int64_t succeeded = agency_succeeded_since(core->agencies[agency]);
        since = since == TIME_NONE || since < succeeded ? succeeded : since;
    }
    return since;
}

bool agency_came_to(const struct core *core, uint32_t agency, uint32_t to, int64_t now_ms)
{
    while (agency != to && is_succeeded(core, agency, now_ms))
        agency = core->agencies[agency]->successor;
    return agency == to;
}

uint32_t core_agency_stands(const struct core *core, uint32_t agency, int64_t now_ms)
{
    return agency_effective(core, agency, now_ms);
}

/* What is known of an agency that is succeeded. */
enum { UNKNOWN, LEADS_HERE, LEADS_ELSEWHERE };

/* Follows a chain as far as nothing is known of it, and remembers of all of it where it leads: so that however chains run
 * into each other, each agency is gone through once. */
static bool leads_to(const struct core *core, uint32_t from, uint32_t agency, int64_t now_ms, uint8_t *known)
{
    uint32_t at = from;
    while (is_succeeded(core, at, now_ms) && known[at] == UNKNOWN)
        at = core->agencies[at]->successor;
    const bool leads = is_succeeded(core, at, now_ms) ? known[at] == LEADS_HERE : at == agency;
    for (at = from; is_succeeded(core, at, now_ms) && known[at] == UNKNOWN; at = core->agencies[at]->successor)
        known[at] = leads ? LEADS_HERE : LEADS_ELSEWHERE;
    return leads;
}

uint32_t *agency_predecessors(const struct core *core, uint32_t agency, int64_t now_ms, uint32_t *count)
{
    uint32_t *found = NULL;
    uint8_t *known = NULL;
    size_t capacity = 0;
    *count = 0;
    for (uint32_t i = 0; i < core->agency_count; i++) {
        if (!is_succeeded(core, i, now_ms))
            continue;
        if (!known)
            known = xcalloc(core->agency_count, 1);
        if (!leads_to(core, i, agency, now_ms, known))
            continue;
        found = xgrow(found, *count, &capacity, sizeof *found);
        found[(*count)++] = i;
    }
    free(known);
    return found;
}

bool agency_covers(const struct core *core, uint32_t above, uint32_t below)
{
    for (uint32_t at = below; at != NONE; at = core->agencies[at]->parent)
        if (at == above)
            return true;
    return false;
}

bool agency_is_above(const struct core *core, uint32_t above, uint32_t below)
{
    return above != below && agency_covers(core, above, below);
}

/* ---- finding ---- */

/* Where an id or a key that was looked up lies among those that were lately: nearly all are again, and then need no hash that
 * nobody can choose. */
static uint32_t lately(struct text id)
{
    uint32_t hash = id.size;
    for (uint32_t i = 0; i < id.size && i < 12; i++)
        hash = hash * 31 + (uint8_t)id.data[id.size - 1 - i];
    return hash % SCRATCH_LATELY;
}

uint32_t core_agency_find(const struct core *core, struct text id)
{
    uint32_t probe = MAP_BEGIN, *late = &core->scratch->agencies[lately(id)], number = *late;
    if (number < core->agency_count && core->agencies[number] && text_equal(core->agencies[number]->id, id))
        return number;
    while (map_next(&core->agency_index, digest_index(0, id), &probe, &number))
        if (text_equal(core->agencies[number]->id, id))
            return *late = number;
    return NONE;
}

uint32_t core_agency_parent(const struct core *core, uint32_t agency)
{
    return core->agencies[agency]->parent;
}

uint64_t core_agency_placed(const struct core *core, uint32_t agency)
{
    return core->agencies[agency]->placed;
}

struct text core_agency_id(const struct core *core, uint32_t agency)
{
    return core->agencies[agency]->id;
}

uint32_t key_find(const struct core *core, struct text public_key)
{
    uint32_t probe = MAP_BEGIN, *late, number;
    if (public_key.size != 40)
        return NONE;
    late = &core->scratch->keys[lately(public_key)];
    if (*late < core->key_count && memcmp(core->keys[*late].public_key, public_key.data, 40) == 0)
        return *late;
    while (map_next(&core->key_index, digest_index(0, public_key), &probe, &number))
        if (memcmp(core->keys[number].public_key, public_key.data, 40) == 0)
            return *late = number;
    return NONE;
}

bool core_key_at(const struct core *core, uint32_t number, struct core_key *key)
{
    if (number >= core->key_count)
        return false;
    const struct msg_key *message = core->keys[number].message;
    *key = (struct core_key){
        .public_key = message->public_key,
        .label = message->label,
        .agency = core_agency_id(core, core->keys[number].agency),
        .rights = message->rights,
        .until_ms = MSG_HAS(message, key, valid_until) ? message->valid_until : INT64_MAX,
        .revoked_ms = MSG_HAS(message, key, revoked) ? message->revoked : INT64_MAX,
    };
    return true;
}

uint32_t core_key_agency(const struct core *core, struct text public_key)
{
    const uint32_t number = key_find(core, public_key);
    return number == NONE ? CORE_NO_AGENCY : core->keys[number].agency;
}

int core_admit(const struct core *core, struct text public_key, int64_t now_ms, struct core_identity *identity)
{
    uint32_t number = key_find(core, public_key);
    if (number == NONE)
        return COORD_E_KEY_UNKNOWN;
    const struct key *key = &core->keys[number];
    if (MSG_HAS(key->message, key, revoked))
        return COORD_E_KEY_REVOKED;
    const int64_t key_until = MSG_HAS(key->message, key, valid_until) ? key->message->valid_until : INT64_MAX;
    if (now_ms >= key_until)
        return COORD_E_KEY_EXPIRED;
    const struct agency *agency = core->agencies[key->agency];
    if (!agency_is_valid(agency, now_ms))
        return COORD_E_AGENCY_CLOSED;
    *identity = (struct core_identity){
        .key = number,
        .agency = key->agency,
        .rights = key->message->rights,
        .until_ms = key_until < agency->valid_until ? key_until : agency->valid_until,
    };
    return 0;
}

/* ---- order ---- */

typedef int order_compare(const struct core *core, uint32_t a, uint32_t b);

static int compare_agencies(const struct core *core, uint32_t a, uint32_t b)
{
    return text_compare(core->agencies[a]->id, core->agencies[b]->id);
}

static int compare_keys(const struct core *core, uint32_t a, uint32_t b)
{
    return memcmp(core->keys[a].public_key, core->keys[b].public_key, 40);
}

/* Puts the number `count` - 1 into its place among the sorted ones before it. */
static void insert_sorted(const struct core *core, uint32_t *sorted, uint32_t number, uint32_t count,
                          order_compare *compare)
{
    uint32_t low = 0, high = count - 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(core, sorted[middle], number) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    memmove(sorted + low + 1, sorted + low, (count - 1 - low) * sizeof *sorted);
    sorted[low] = number;
}

/* ---- apply ---- */

static void set_message(struct core *core, struct agency *agency, const struct msg_agency *message)
{
    struct msg_agency *copy = copy_message(&message_agency, message);
    if (copy->stood.count > 0 && !(agency->message && agency->message->stood.count > 0)) {
        core->held = xgrow(core->held, core->held_count, &core->held_capacity, sizeof *core->held);
        core->held[core->held_count++] = agency->number;
    }
    free(agency->message);
    agency->message = copy;
    agency->id = copy->agency;
    agency->assignable = !MSG_HAS(copy, agency, assignable) || copy->assignable;
    agency->valid_from = MSG_HAS(copy, agency, valid_from) ? copy->valid_from : INT64_MIN;
    agency->valid_until = MSG_HAS(copy, agency, valid_until) ? copy->valid_until : INT64_MAX;
    agency->stand_from = copy->stand_in.from;
    agency->stand_until = copy->stand_in.until;
    if (!core->restoring)
        agency_resolve(core, agency);
}

enum link { LINK_PARENT, LINK_SUCCESSOR, LINK_STAND_IN };

/* The links of one kind. */
static struct agency_links *links_of(const struct core *core, uint32_t agency, enum link kind)
{
    struct agency *one = core->agencies[agency];
    return kind == LINK_PARENT ? &one->below : kind == LINK_SUCCESSOR ? &one->gone : &one->stood;
}

static void unhang(struct core *core, struct agency *agency, uint32_t from, enum link kind)
{
    struct agency_links *links = links_of(core, agency->number, kind);
    if (from == NONE)
        return;
    if (links->next != NONE)
        links_of(core, links->next, kind)->previous = links->previous;
    if (links->previous != NONE)
        links_of(core, links->previous, kind)->next = links->next;
    else
        links_of(core, from, kind)->first = links->next;
    links->next = links->previous = NONE;
}

static void hang(struct core *core, struct agency *agency, uint32_t from, enum link kind)
{
    struct agency_links *links = links_of(core, agency->number, kind);
    if (from == NONE)
        return;
    links->next = links_of(core, from, kind)->first;
    if (links->next != NONE)
        links_of(core, links->next, kind)->previous = agency->number;
    links_of(core, from, kind)->first = agency->number;
}

static void resolve_stand_in(struct core *core, struct agency *agency)
{
    const bool has_one = MSG_HAS(agency->message, agency, stand_in);
    core->stood_count -= agency->stand_in != NONE;
    unhang(core, agency, agency->stand_in, LINK_STAND_IN);
    agency->stand_in = has_one ? core_agency_find(core, agency->message->stand_in.by) : NONE;
    hang(core, agency, agency->stand_in, LINK_STAND_IN);
    core->stood_count += agency->stand_in != NONE;
}

void agency_resolve(struct core *core, struct agency *agency)
{
    const struct msg_agency *message = agency->message;
    bool has_parent = MSG_HAS(message, agency, parent) && message->parent.size > 0;
    bool has_successor = MSG_HAS(message, agency, successor) && message->successor.size > 0;
    unhang(core, agency, agency->parent, LINK_PARENT);
    unhang(core, agency, agency->successor, LINK_SUCCESSOR);
    agency->parent = has_parent ? core_agency_find(core, message->parent) : NONE;
    agency->successor = has_successor ? core_agency_find(core, message->successor) : NONE;
    hang(core, agency, agency->parent, LINK_PARENT);
    hang(core, agency, agency->successor, LINK_SUCCESSOR);
    resolve_stand_in(core, agency);
    cites_agency_changed(core);
}

/* Room for the numbers below `count`, the new ones empty. */
static void reserve_agencies(struct core *core, uint32_t count)
{
    if (count <= core->agency_count)
        return;
    size_t capacity = core->agency_capacity; /* of both */
    core->agencies = xgrow(core->agencies, count - 1, &core->agency_capacity, sizeof(struct agency *));
    core->agencies_sorted = xgrow(core->agencies_sorted, count - 1, &capacity, sizeof(uint32_t));
    memset(core->agencies + core->agency_count, 0, (count - core->agency_count) * sizeof(struct agency *));
    core->agency_count = count;
}

struct agency *agency_restore(struct core *core, uint32_t number, const struct msg_agency *message)
{
    reserve_agencies(core, number + 1);
    struct agency *agency = core->agencies[number];
    if (!agency) {
        agency = core->agencies[number] = xcalloc(1, sizeof *agency);
        core->agency_filled++;
        agency->number = number;
        agency->parent = agency->successor = agency->stand_in = NONE;
        agency->below = agency->gone = agency->stood = (struct agency_links){NONE, NONE, NONE};
        map_add(&core->agency_index, digest_index(0, message->agency), number);
        seen_share(core);
    }
    set_message(core, agency, message);
    return agency;
}

/* Rows may be newer than the records that are replayed over them, and so leave holes: the next number is the first. */
static uint32_t next_agency(const struct core *core)
{
    uint32_t number = core->agency_filled == core->agency_count ? core->agency_count : 0;
    while (number < core->agency_count && core->agencies[number])
        number++;
    return number;
}

static uint32_t next_key(const struct core *core)
{
    uint32_t number = core->key_filled == core->key_count ? core->key_count : 0;
    while (number < core->key_count && core->keys[number].message)
        number++;
    return number;
}

struct agency *agency_put(struct core *core, const struct msg_agency *message)
{
    uint32_t number = core_agency_find(core, message->agency);
    bool is_new = number == NONE;
    struct agency *agency = agency_restore(core, is_new ? next_agency(core) : number, message);
    if (is_new && !core->restoring)
        insert_sorted(core, core->agencies_sorted, agency->number, core->agency_count, compare_agencies);
    return agency;
}

static void reserve_keys(struct core *core, uint32_t count)
{
    if (count <= core->key_count)
        return;
    size_t capacity = core->key_capacity; /* of both */
    core->keys = xgrow(core->keys, count - 1, &core->key_capacity, sizeof(struct key));
    core->keys_sorted = xgrow(core->keys_sorted, count - 1, &capacity, sizeof(uint32_t));
    memset(core->keys + core->key_count, 0, (count - core->key_count) * sizeof(struct key));
    core->key_count = count;
}

static bool key_is_live(const struct key *key)
{
    return key->message && !MSG_HAS(key->message, key, revoked);
}

void key_restore(struct core *core, uint32_t number, uint32_t agency, const struct msg_key *message)
{
    reserve_keys(core, number + 1);
    struct key *key = &core->keys[number];
    core->keys_live -= key_is_live(key);
    if (!key->message) {
        struct agency *owner = core->agencies[agency];
        core->key_filled++;
        memcpy(key->public_key, message->public_key.data, 40);
        key->agency = agency;
        owner->keys = xrealloc(owner->keys, owner->key_count + 1, sizeof(uint32_t));
        owner->keys[owner->key_count++] = number;
        map_add(&core->key_index, digest_index(0, message->public_key), number);
    }
    struct msg_key *copy = copy_message(&message_key, message);
    free(key->message);
    key->message = copy;
    core->keys_live += key_is_live(key);
}

void key_put(struct core *core, uint32_t agency, const struct msg_key *message)
{
    uint32_t number = key_find(core, message->public_key);
    bool is_new = number == NONE;
    key_restore(core, is_new ? next_key(core) : number, agency, message);
    if (is_new && !core->restoring)
        insert_sorted(core, core->keys_sorted, core->key_count - 1, core->key_count, compare_keys);
}

bool agency_restore_done(struct core *core)
{
    if (core->agency_filled != core->agency_count || core->key_filled != core->key_count)
        return false;
    for (uint32_t i = 0; i < core->agency_count; i++) {
        agency_resolve(core, core->agencies[i]);
        insert_sorted(core, core->agencies_sorted, i, i + 1, compare_agencies);
    }
    for (uint32_t i = 0; i < core->key_count; i++)
        insert_sorted(core, core->keys_sorted, i, i + 1, compare_keys);
    return true;
}

/* Whether each chain of one kind of link ends. */
static bool links_end(const struct core *core, bool by_parent)
{
    for (uint32_t i = 0; i < core->agency_count; i++) {
        uint32_t at = i;
        for (uint32_t steps = 0; at != NONE && steps < core->agency_count; steps++)
            at = by_parent ? core->agencies[at]->parent : core->agencies[at]->successor;
        if (at != NONE)
            return false;
    }
    return true;
}

bool agency_links_end(const struct core *core)
{
    return links_end(core, true) && links_end(core, false);
}

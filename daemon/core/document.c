/* See document.h. Invariants: a document keeps its number for good; the sorted list holds every number once, but while
 * restoring; an issuer's bytes and count are those of its documents.
 */
#include "core/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/digest.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/authority.h"
#include "core/pack.h"
#include "core/scratch.h"

struct documents {
    struct document *items; /* by number */
    size_t capacity;
    uint32_t count;
    uint32_t *sorted; /* numbers in the order of texts */
    size_t sorted_capacity;
    struct map index;   /* by text */
    struct bits dirty;  /* changed since a checkpoint gave them */
    uint32_t *issued;   /* by agency: how many */
    size_t issued_size; /* agencies in it */
    uint32_t hole;      /* while restoring: no number before is free */
};

struct documents *documents_new(void)
{
    return xcalloc(1, sizeof(struct documents));
}

void documents_free(struct documents *documents)
{
    if (!documents)
        return;
    for (uint32_t i = 0; i < documents->count; i++)
        free(documents->items[i].message);
    free(documents->items);
    free(documents->sorted);
    map_done(&documents->index);
    bits_done(&documents->dirty);
    free(documents->issued);
    free(documents);
}

/* ---- finding ---- */

uint32_t document_count(const struct core *core)
{
    return core->documents->count;
}

const struct document *document_at(const struct core *core, uint32_t number)
{
    return number < core->documents->count ? &core->documents->items[number] : NULL;
}

static struct text id_of(const struct documents *documents, uint32_t number)
{
    return documents->items[number].message->document;
}

uint32_t document_find(const struct core *core, struct text id)
{
    const struct documents *documents = core->documents;
    uint32_t probe = MAP_BEGIN, number;
    if (documents->count == 0)
        return NONE;
    while (map_next(&documents->index, digest_index(0, id), &probe, &number))
        if (text_equal(id_of(documents, number), id))
            return number;
    return NONE;
}

uint32_t document_place_after(const struct core *core, struct text id)
{
    const struct documents *documents = core->documents;
    uint32_t low = 0, high = documents->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (text_compare(id_of(documents, documents->sorted[middle]), id) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t document_sorted(const struct core *core, uint32_t place)
{
    return core->documents->sorted[place];
}

uint32_t document_issued(const struct core *core, uint32_t agency)
{
    return agency < core->documents->issued_size ? core->documents->issued[agency] : 0;
}

bool document_has(const struct document *document, struct text paragraph)
{
    const struct msg_paragraph_items *paragraphs = &document->message->paragraphs;
    for (uint32_t i = 0; i < paragraphs->count; i++)
        if (text_equal(paragraphs->items[i].paragraph, paragraph))
            return true;
    return false;
}

/* ---- who ---- */

bool document_is_of(const struct core *core, const struct document *document, uint32_t agency, int64_t now_ms)
{
    return agency_effective(core, document->issuer, now_ms) == agency;
}

static bool is_within(const struct core *core, const struct document *document, uint32_t agency, int64_t now_ms)
{
    return agency_covers(core, agency_effective(core, document->issuer, now_ms), agency);
}

bool document_may_read(const struct core *core, const struct document *document, uint32_t agency, int64_t now_ms)
{
    return document->message->scope != SCOPE_RESTRICTED || is_within(core, document, agency, now_ms);
}

bool document_shown_by(const struct core *core, const struct document *document, uint64_t number, uint32_t agency,
                       int64_t now_ms)
{
    const struct task *task = core_task(core, number);
    return task && text_equal(pack_text(task->pack, PACK_DOCUMENT), document->message->document) &&
           is_within(core, document, agency_effective(core, task->assigner, now_ms), now_ms) &&
           authority_may_read(core, task, agency, now_ms);
}

/* Of no time but that at which it was replaced, so that who goes along changes with agencies alone. */
bool document_takes(const struct core *core, const struct document *document, const struct task *task)
{
    const int64_t since = document->message->since;
    return document->message->takes_all ||
           is_within(core, document, agency_effective(core, task->assigner, since), since);
}

/* ---- putting ---- */

static void reserve(struct documents *documents, uint32_t count)
{
    while (documents->count < count) {
        documents->items = xgrow(documents->items, documents->count, &documents->capacity, sizeof *documents->items);
        documents->items[documents->count++] = (struct document){.issuer = NONE};
    }
}

static uint32_t *issued_by(struct documents *documents, uint32_t agency)
{
    if (agency >= documents->issued_size) {
        const size_t size = (size_t)agency + 1;
        documents->issued = xrealloc(documents->issued, size, sizeof(uint32_t));
        memset(documents->issued + documents->issued_size, 0, (size - documents->issued_size) * sizeof(uint32_t));
        documents->issued_size = size;
    }
    return &documents->issued[agency];
}

/* What its issuer has more by it, or less. */
static void count(struct core *core, const struct document *document, bool is_there)
{
    *issued_by(core->documents, document->issuer) += is_there ? 1 : UINT32_MAX;
    core_agency(core, document->issuer)->given_bytes += is_there ? document->bytes : 0 - (uint64_t)document->bytes;
}

/* Before it is there itself. */
static void sort_in(struct documents *documents, uint32_t number, uint32_t place)
{
    documents->sorted = xgrow(documents->sorted, documents->count, &documents->sorted_capacity,
                              sizeof *documents->sorted);
    memmove(documents->sorted + place + 1, documents->sorted + place,
            (documents->count - place) * sizeof *documents->sorted);
    documents->sorted[place] = number;
}

static uint32_t bytes_of(struct core *core, const struct msg_document *message)
{
    struct buffer *bytes = scratch_bytes(core);
    message_encode(bytes, "", (struct text){0}, &message_document, message);
    return (uint32_t)bytes->size;
}

static void replace(struct core *core, struct document *document, const struct msg_document *message, uint64_t seq)
{
    struct msg_document *copy = copy_message(&message_document, message);
    free(document->message);
    *document = (struct document){
        .message = copy, .issuer = core_agency_find(core, message->issuer), .bytes = bytes_of(core, copy), .seq = seq};
}

/* The end, or while restoring the first hole: what rows did not give comes by the records, in its order. */
static uint32_t number_for_new(const struct core *core)
{
    struct documents *documents = core->documents;
    if (!core->restoring)
        return documents->count;
    while (documents->hole < documents->count && documents->items[documents->hole].message)
        documents->hole++;
    return documents->hole;
}

bool document_put(struct core *core, const struct msg_document *message, uint64_t seq)
{
    struct documents *documents = core->documents;
    uint32_t number = document_find(core, message->document);
    if (core_agency_find(core, message->issuer) == NONE)
        return false;
    if (number == NONE) {
        number = number_for_new(core);
        if (!core->restoring)
            sort_in(documents, number, document_place_after(core, message->document));
        reserve(documents, number + 1);
        map_add(&documents->index, digest_index(0, message->document), number);
    } else if (!core->restoring) {
        count(core, &documents->items[number], false);
    }
    replace(core, &documents->items[number], message, seq);
    if (!core->restoring)
        count(core, &documents->items[number], true);
    bits_add(&documents->dirty, number);
    return true;
}

bool document_restore(struct core *core, uint32_t number, const struct msg_document *message, uint64_t seq)
{
    struct documents *documents = core->documents;
    reserve(documents, number + 1);
    struct document *document = &documents->items[number];
    if (document->message || document_find(core, message->document) != NONE)
        return false;
    replace(core, document, message, seq);
    map_add(&documents->index, digest_index(0, message->document), number);
    return true;
}

static int compare(const void *a, const void *b)
{
    return text_compare(((const struct document *)a)->message->document,
                        ((const struct document *)b)->message->document);
}

/* Copies are sorted, and their numbers found again. */
static void sort_all(struct core *core)
{
    struct documents *documents = core->documents;
    struct document *copies = xmemdup(documents->items, documents->count * sizeof *copies);
    if (documents->count > 0)
        qsort(copies, documents->count, sizeof *copies, compare);
    documents->sorted = xrealloc(documents->sorted, documents->capacity + 1, sizeof *documents->sorted);
    documents->sorted_capacity = documents->capacity + 1;
    for (uint32_t i = 0; i < documents->count; i++)
        documents->sorted[i] = document_find(core, copies[i].message->document);
    free(copies);
}

/* Rows come in any order, and an agency's may come after those of its documents. */
bool document_restore_done(struct core *core)
{
    struct documents *documents = core->documents;
    for (uint32_t i = 0; i < documents->count; i++) {
        struct document *document = &documents->items[i];
        if (document->message)
            document->issuer = core_agency_find(core, document->message->issuer);
        if (document->issuer == NONE)
            return false;
        *issued_by(documents, document->issuer) += 1;
    }
    sort_all(core);
    return true;
}

struct bits *document_dirty(const struct core *core)
{
    return &core->documents->dirty;
}

/* See cites.h. Invariants, but while restoring: a task is in one set of the document that it names, and in no other; no entry is
 * without tasks; a document is to be moved from while it is replaced and has open ones that were not passed by.
 */
#include "core/cites.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "core/cold.h"
#include "core/document.h"
#include "core/pack.h"

#define SPACE                                                                                                          \
    2 /* of digest_index: agencies' references have those from 1 on by number, and one more or less is no harm */

struct cites {
    struct cite **items; /* NULL of one that is free */
    size_t capacity;
    uint32_t count;
    uint32_t *free; /* those that are */
    size_t free_capacity;
    uint32_t free_count;
    struct map index;    /* by document */
    struct bits to_move; /* documents, by number… */
    uint32_t turn;       /* …and from which on the next is taken */
    struct bits passed;  /* those of which tasks were passed by, and may be more */
    uint32_t agencies;   /* changes of them, counted */
    bool changes;        /* the record at hand may move a task from one set to another */
};

struct cites *cites_new(void)
{
    return xcalloc(1, sizeof(struct cites));
}

static void cite_free(struct cite *cite)
{
    if (!cite)
        return;
    numbers_done(&cite->open);
    numbers_done(&cite->closed);
    free((char *)(uintptr_t)cite->document.data);
    free(cite);
}

void cites_free(struct cites *cites)
{
    if (!cites)
        return;
    for (uint32_t i = 0; i < cites->count; i++)
        cite_free(cites->items[i]);
    free(cites->items);
    free(cites->free);
    map_done(&cites->index);
    bits_done(&cites->to_move);
    bits_done(&cites->passed);
    free(cites);
}

/* ---- finding ---- */

static uint32_t find(const struct cites *cites, struct text document)
{
    uint32_t probe = MAP_BEGIN, at;
    while (cites->index.count > 0 && map_next(&cites->index, digest_index(SPACE, document), &probe, &at))
        if (text_equal(cites->items[at]->document, document))
            return at;
    return NONE;
}

const struct cite *cites_of(const struct core *core, struct text document)
{
    const uint32_t at = find(core->cites, document);
    return at == NONE ? NULL : core->cites->items[at];
}

static uint64_t next_in(const struct numbers *set, uint64_t after)
{
    struct numbers_place place;
    uint32_t number = 0;
    return after < UINT32_MAX && numbers_find(set, (uint32_t)after + 1, &place, &number) ? number : UINT64_MAX;
}

uint64_t cites_next(const struct cite *cite, uint64_t after)
{
    const uint64_t open = next_in(&cite->open, after), closed = next_in(&cite->closed, after);
    const uint64_t next = open < closed ? open : closed;
    return next == UINT64_MAX ? 0 : next;
}

/* ---- what is to be moved ---- */

static uint64_t passed_by(const struct core *core, const struct cite *cite)
{
    return cite->passed_as == core->cites->agencies ? cite->passed : 0;
}

void cites_follow(struct core *core, uint32_t number)
{
    const struct document *document = document_at(core, number);
    const struct cite *cite = cites_of(core, document->message->document);
    const bool takes = cite && cite->open.count > 0 && document_takes_along(document->message);
    if (takes && next_in(&cite->open, passed_by(core, cite)) != UINT64_MAX)
        bits_add(&core->cites->to_move, number);
    else
        bits_remove(&core->cites->to_move, number);
    if (!takes)
        bits_remove(&core->cites->passed, number);
}

uint64_t cites_first_to_move(const struct core *core, uint32_t number)
{
    const struct cite *cite = cites_of(core, document_at(core, number)->message->document);
    return next_in(&cite->open, passed_by(core, cite));
}

uint64_t cites_next_to_move(const struct core *core, uint32_t number, uint64_t after)
{
    const struct cite *cite = cites_of(core, document_at(core, number)->message->document);
    const uint64_t passed = passed_by(core, cite);
    return next_in(&cite->open, after > passed ? after : passed);
}

void cites_pass(struct core *core, uint32_t number, uint64_t task)
{
    struct cites *cites = core->cites;
    struct cite *cite = cites->items[find(cites, document_at(core, number)->message->document)];
    cite->passed = (uint32_t)task;
    cite->passed_as = cites->agencies;
    bits_add(&cites->passed, number);
    cites_follow(core, number);
}

/* At most CORE_DOCUMENTS_MAX × 10 ns. */
void cites_agency_changed(struct core *core)
{
    struct cites *cites = core->cites;
    cites->agencies++;
    uint64_t number = 0;
    while (cites->passed.count > 0 && (number = bits_next(&cites->passed, number)) != UINT64_MAX) {
        bits_remove(&cites->passed, number);
        bits_add(&cites->to_move, number);
    }
}

static void follow(struct core *core, struct text document)
{
    const uint32_t number = core->restoring ? NONE : document_find(core, document);
    if (number != NONE)
        cites_follow(core, number);
}

uint32_t cites_to_move(const struct core *core, uint32_t from)
{
    const uint64_t first = core->cites->to_move.count ? bits_next(&core->cites->to_move, from) : UINT64_MAX;
    return first == UINT64_MAX ? NONE : (uint32_t)first;
}

uint32_t cites_take_turn(struct core *core)
{
    uint32_t number = cites_to_move(core, core->cites->turn);
    if (number == NONE)
        number = cites_to_move(core, 0);
    core->cites->turn = number == NONE ? 0 : number + 1;
    return number;
}

/* ---- adding and taking away ---- */

static struct cite *make(struct cites *cites, struct text document)
{
    uint32_t at = cites->free_count > 0 ? cites->free[--cites->free_count] : cites->count;
    if (at == cites->count) {
        cites->items = xgrow(cites->items, cites->count, &cites->capacity, sizeof(struct cite *));
        cites->count++;
    }
    cites->items[at] = xcalloc(1, sizeof(struct cite));
    cites->items[at]->document = (struct text){xmemdup(document.data, document.size), document.size};
    map_add(&cites->index, digest_index(SPACE, document), at);
    return cites->items[at];
}

static void unmake(struct cites *cites, uint32_t at)
{
    map_remove(&cites->index, digest_index(SPACE, cites->items[at]->document), at);
    cite_free(cites->items[at]);
    cites->items[at] = NULL;
    cites->free = xgrow(cites->free, cites->free_count, &cites->free_capacity, sizeof(uint32_t));
    cites->free[cites->free_count++] = at;
}

static void add(struct core *core, const struct task *task)
{
    const struct text document = pack_text(task->pack, PACK_DOCUMENT);
    if (document.size == 0)
        return;
    const uint32_t at = find(core->cites, document);
    struct cite *cite = at == NONE ? make(core->cites, document) : core->cites->items[at];
    numbers_add(state_is_open(task->state) ? &cite->open : &cite->closed, (uint32_t)task->number);
    if (task->number <= cite->passed) /* it is to be looked at */
        cite->passed = (uint32_t)task->number - 1;
    follow(core, document);
}

static void take_away(struct core *core, const struct task *task)
{
    struct cites *cites = core->cites;
    const struct text document = pack_text(task->pack, PACK_DOCUMENT);
    const uint32_t at = document.size ? find(cites, document) : NONE;
    if (at == NONE)
        return;
    numbers_remove(&cites->items[at]->open, (uint32_t)task->number);
    numbers_remove(&cites->items[at]->closed, (uint32_t)task->number);
    if (cites->items[at]->open.count == 0 && cites->items[at]->closed.count == 0)
        unmake(cites, at);
    follow(core, document);
}

/* ---- following the tasks ---- */

static bool may_move(const struct task *task, const struct msg_record *record)
{
    return (MSG_HAS(record, record, content) && MSG_HAS(&record->content, content, document)) ||
           (MSG_HAS(record, record, state) && state_is_open(task->state) != state_is_open(record->state));
}

void cites_begin(struct core *core, const struct msg_record *record)
{
    if (core->restoring)
        return;
    const struct task *task = core_task(core, record->task);
    core->cites->changes = !task || may_move(task, record);
    if (task && core->cites->changes)
        take_away(core, task);
}

void cites_end(struct core *core, const struct msg_record *record)
{
    const struct task *task = core->restoring || !core->cites->changes ? NULL : core_task(core, record->task);
    if (task)
        add(core, task);
}

void cites_restored(struct core *core, const struct task *task)
{
    add(core, task);
    if (core_task_is_cold(core, task->number))
        cites_lend(core, task);
}

void cites_build(struct core *core)
{
    for (uint32_t i = 0; i < document_count(core); i++)
        cites_follow(core, i);
}

void cites_lend(struct core *core, const struct task *task)
{
    const struct text document = pack_text(task->pack, PACK_DOCUMENT);
    const uint32_t at = document.size ? find(core->cites, document) : NONE;
    if (at != NONE)
        numbers_lend(&core->cites->items[at]->closed, (uint32_t)task->number, &core->cold->tables);
}

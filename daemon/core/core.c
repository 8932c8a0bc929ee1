#include "core/core.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/agency.h"
#include "core/authority.h"
#include "core/catalogue.h"
#include "core/checkpoint.h"
#include "core/cites.h"
#include "core/cold.h"
#include "core/compose.h"
#include "core/consumer.h"
#include "core/cost.h"
#include "core/deadline.h"
#include "core/document.h"
#include "core/document_move.h"
#include "core/holdings.h"
#include "core/hot_spot.h"
#include "core/naming.h"
#include "core/notice.h"
#include "core/offline.h"
#include "core/parts.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/recount_places.h"
#include "core/schedule.h"
#include "core/scratch.h"
#include "core/seen.h"
#include "core/step.h"
#include "core/task_data.h"
#include "core/tick.h"
#include "core/waits.h"

_Static_assert(CORE_NO_AGENCY == NONE, "no agency is none");

struct core *core_new(void)
{
    struct core *core = xcalloc(1, sizeof *core);
    core->missed_until = INT64_MIN;
    pool_init(&core->tasks, sizeof(struct task));
    core->consumers_each = CORE_CONSUMERS_EACH;
    core->scratch = scratch_new();
    core->checkpoint = checkpoint_new();
    core->holdings = holdings_new();
    core->cold = cold_new();
    core->waits = waits_new();
    core->documents = documents_new();
    core->cites = cites_new();
    return core;
}

static void free_agencies(struct core *core)
{
    for (uint32_t i = 0; i < core->agency_count; i++) {
        if (!core->agencies[i])
            continue;
        free(core->agencies[i]->message);
        free(core->agencies[i]->keys);
        free(core->agencies[i]);
    }
    for (uint32_t i = 0; i < core->key_count; i++)
        free(core->keys[i].message);
    free(core->agencies);
    free(core->agencies_sorted);
    free(core->held);
    free(core->keys);
    free(core->keys_sorted);
    map_done(&core->agency_index);
    map_done(&core->key_index);
}

static void free_tasks(struct core *core)
{
    tasks_free(core);
    parts_free(core);
    waits_free(core->waits);
    map_done(&core->reference_index);
    heap_done(&core->deadlines);
    bits_done(&core->escalated);
    bits_done(&core->targets);
    bits_done(&core->asking);
    bits_done(&core->asking_of);
    holdings_free(core->holdings);
    hot_spots_free(core->hot_spots);
    documents_free(core->documents);
    cites_free(core->cites); /* what it was lent goes back to what is cold */
    cold_free(core->cold);
}

void core_free(struct core *core)
{
    if (!core)
        return;
    free_tasks(core);
    free_agencies(core);
    catalogue_free(core);
    seen_free(core);
    consumer_free(core);
    schedules_free(core);
    free(core->settings);
    struct bits *dirty[] = {&core->dirty_agencies, &core->dirty_calendars, &core->dirty_policies,
                            &core->dirty_tasks,    &core->dirty_requests,  &core->dirty_schedules};
    for (size_t i = 0; i < sizeof dirty / sizeof dirty[0]; i++)
        bits_done(dirty[i]);
    checkpoint_free(core->checkpoint);
    recount_free(core);
    scratch_free(core->scratch);
    free(core);
}

/* ---- stepping ---- */

void core_step(struct core *core, const struct event *event, struct effects *effects)
{
    assert(!core->restoring);
    effects->bytes.exhausted = xalloc_failed;
    effects->letters = COST_LETTERS_MAX;
    switch (event->type) {
    case EVENT_STORE:
        offline_store(core, event, effects);
        break;
    case EVENT_RESTORED:
        offline_restored(core, event, effects);
        break;
    case EVENT_KEY:
        offline_key(core, event, effects);
        break;
    case EVENT_REVOKED:
        offline_revoked(core, event, effects);
        break;
    case EVENT_REQUEST:
        step_request(core, event, effects);
        break;
    case EVENT_RESUME:
        deadline_resume(core, event->now_ms);
        break;
    case EVENT_TICK:
        tick_step(core, event, effects);
        break;
    }
}

int64_t core_next_rung(const struct core *core)
{
    const int64_t rung = deadline_first(core);
    const int64_t period = schedule_first(core);
    if (tick_settles(core))
        return CORE_NOW;
    return period < rung ? period : rung;
}

int64_t core_next_deadline(const struct core *core)
{
    const int64_t rung = core_next_rung(core), hot = hot_spots_next(core);
    if (document_move_pending(core))
        return CORE_NOW;
    return rung < hot ? rung : hot;
}

/* ---- what the loop asks ---- */

void core_set_rehearsal(struct core *core, bool rehearsal)
{
    core->rehearsal = rehearsal;
}

void core_hear(struct core *core, bool heard)
{
    core->heard = heard;
}

void core_limit_consumers(struct core *core, uint64_t each)
{
    core->consumers_each = each < CORE_CONSUMERS_MAX ? (uint32_t)each : CORE_CONSUMERS_MAX;
}

void core_counts(const struct core *core, struct core_counts *counts)
{
    *counts = (struct core_counts){.seq = core->seq,
                                   .time_ms = core->time,
                                   .agencies = core->agency_count,
                                   .keys = core->keys_live,
                                   .tasks = core->task_count,
                                   .open_tasks = core->open_tasks};
    memcpy(counts->identity, core->identity, sizeof counts->identity);
    memcpy(counts->ancestor, core->ancestor, sizeof counts->ancestor);
    counts->parted = core->parted;
}

int64_t core_time(const struct core *core)
{
    return core->time;
}

bool core_may_hear(const struct core *core, uint64_t number, uint64_t seq, uint32_t agency, int64_t now_ms)
{
    const struct task *task = number ? core_task(core, number) : NULL;
    return !task || task->scope != SCOPE_RESTRICTED || authority_may_read(core, task, agency, now_ms) ||
           questions_ended_by(core, task, seq, agency, now_ms);
}

bool core_may_read(const struct core *core, uint64_t number, uint32_t agency, int64_t now_ms)
{
    const struct task *task = number ? core_task(core, number) : NULL;
    return !task || authority_may_read(core, task, agency, now_ms);
}

/* One that is restricted: any of its records may have changed its readers. One that is not: none, unless a task was opened
 * lately, and then it may have been this one. */
uint64_t core_readers_seq(const struct core *core, uint64_t number, bool reads)
{
    const struct task *task = number ? core_task(core, number) : NULL;
    if (!task)
        return 0;
    if (reads || task->scope == SCOPE_RESTRICTED)
        return task->record > core->tree_seq ? task->record : core->tree_seq;
    return task->record < core->opened_seq ? task->record : core->opened_seq;
}

uint64_t core_tree_seq(const struct core *core)
{
    return core->tree_seq;
}

int core_audience(const struct core *core, const struct journal_record *stored, struct audience *audience)
{
    struct msg_record record;
    struct problem problem = {0};
    const int error = record_take(core->scratch->stored, stored, &record, &problem);
    if (error)
        return error;
    notice_audience(core, &record, audience);
    return 0;
}

int core_wire(const struct core *core, const struct journal_record *stored, struct buffer *frame)
{
    struct problem problem = {0};
    return core_record_wire(core->scratch->stored, stored, frame, &problem);
}

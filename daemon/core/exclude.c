/* See exclude.h. */
#include "core/exclude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/agency.h"
#include "core/authority.h"
#include "core/course.h"
#include "core/standing.h"
#include "core/task_data.h"

/* ---- who ---- */

static bool is_among(const uint32_t *agencies, uint32_t count, uint32_t agency)
{
    for (uint32_t i = 0; i < count; i++)
        if (agencies[i] == agency)
            return true;
    return false;
}

void exclude_from(const struct core *core, const struct task *task, int64_t now_ms, struct recipients *recipients)
{
    uint32_t excluded[TASK_AGENCIES_MAX], kept = 0;
    if (task_excluded(task, excluded) == 0)
        return;
    for (uint32_t i = 0; i < recipients->count; i++)
        if (!authority_is_excluded(core, task, recipients->agencies[i], now_ms))
            recipients->agencies[kept++] = recipients->agencies[i];
    recipients->count = kept;
}

/* ---- decide ---- */

/* Those that an agency stands for, and an escalation is addressed to, beside those that are there already. */
static uint32_t add_predecessors(const struct decision *decision, uint32_t agency, uint32_t *excluded, uint32_t count)
{
    const struct step *step = decision->step;
    const struct escalations *list = decision->task->rare->escalations;
    for (uint32_t i = 0; list && i < list->count; i++)
        for (uint32_t j = 0; j < list->items[i].to_count; j++) {
            const uint32_t to = list->items[i].to[j];
            if (count < TASK_AGENCIES_MAX && agency_effective(step->core, to, step->now_ms) == agency &&
                !is_among(excluded, count, to))
                excluded[count++] = to;
        }
    return count;
}

int exclude_check(const struct step *step, const struct msg_content *content, uint32_t assigner,
                  struct problem *problem)
{
    for (uint32_t i = 0; i < content->excluded.count; i++)
        if (core_agency_find(step->core, content->excluded.items[i]) ==
            agency_effective(step->core, assigner, step->now_ms)) {
            char path[32];
            snprintf(path, sizeof path, "content.excluded[%u]", (unsigned)i);
            return problem_set(problem, COORD_E_BAD_VALUE, path, "%.*s gave the task; name another agency.",
                               TEXT_ARGS(content->excluded.items[i]));
        }
    return 0;
}

static bool is_to_nobody_else(const struct escalation *escalation, const uint32_t *excluded, uint32_t count)
{
    for (uint32_t i = 0; i < escalation->to_count; i++)
        if (!is_among(excluded, count, escalation->to[i]))
            return false;
    return true;
}

/* What is open, or holds the ladder, is the assigner's when nobody is left of it. */
static void readdress(struct decision *decision, const uint32_t *excluded, uint32_t excluded_count)
{
    const struct escalations *list = decision->task->rare->escalations;
    uint64_t *ids = step_alloc(decision->step, TASK_ESCALATIONS_MAX, sizeof *ids);
    uint32_t count = 0;
    for (uint32_t i = 0; list && i < list->count; i++)
        if (list->items[i].closed == TIME_NONE && is_to_nobody_else(&list->items[i], excluded, excluded_count))
            ids[count++] = list->items[i].id;
    if (count > 0)
        MSG_SET(&decision->record, record, readdressed, (struct u64s){ids, count});
}

/* What has fallen to the assigner goes to who succeeds to it, once that one is not excluded any more: it is told, and the record
 * says who leads from then on. */
static void tell_let_in(struct decision *decision, const uint32_t *excluded, uint32_t excluded_count)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    uint32_t holders[2 + 2 * TASK_AGENCIES_MAX] = {task->lead}, count = 1;
    if (task->supervisor != NONE)
        holders[count++] = task->supervisor;
    count += task_cooperating(task, holders + count);
    count += task_observers(task, holders + count);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t stands = agency_effective(step->core, holders[i], step->now_ms);
        bool stays_out = false;
        for (uint32_t j = 0; j < excluded_count; j++)
            stays_out |= agency_effective(step->core, excluded[j], step->now_ms) == stands;
        if (stays_out || !standing_falls(step->core, task, holders[i], step->now_ms))
            continue;
        recipients_add(step->core, &decision->recipients, stands, step->who.agency, step->now_ms);
        if (i == 0)
            MSG_SET(&decision->record, record, lead, core_agency_id(step->core, stands));
    }
}

void exclude_decide(struct decision *decision, struct msg_content *content)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    uint32_t excluded[TASK_AGENCIES_MAX], standing[TASK_AGENCIES_MAX], count = 0;
    if (!MSG_HAS(content, content, excluded))
        return;
    for (; count < content->excluded.count; count++)
        excluded[count] = core_agency_find(step->core, content->excluded.items[count]);
    for (uint32_t i = 0; i < content->excluded.count; i++)
        count = add_predecessors(decision, excluded[i], excluded, count);
    if (count == task_excluded(task, standing) &&
        (count == 0 || memcmp(excluded, standing, count * sizeof *standing) == 0)) {
        content->has &= ~MSG_BIT(content, excluded);
        return;
    }
    for (uint32_t i = 0; i < content->excluded.count; i++)
        if (authority_may_read(step->core, task, excluded[i], step->now_ms))
            recipients_add(step->core, &decision->recipients, excluded[i], step->who.agency, step->now_ms);
    struct text *ids = step_alloc(decision->step, count, sizeof *ids);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = core_agency_id(step->core, excluded[i]);
    MSG_SET(content, content, excluded, (struct texts){ids, count});
    tell_let_in(decision, excluded, count);
    readdress(decision, excluded, count);
}

/* ---- apply ---- */

static void keep_others(struct escalation *escalation, const uint32_t *excluded, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < escalation->to_count; i++)
        if (!is_among(excluded, count, escalation->to[i]))
            escalation->to[kept++] = escalation->to[i];
    memmove(escalation->to + kept, escalation->to + escalation->to_count, escalation->reason_size);
    escalation->to_count = (uint8_t)kept;
}

static bool is_readdressed(const struct escalation *escalation, const struct msg_record *record)
{
    for (uint32_t i = 0; i < record->readdressed.count; i++)
        if (record->readdressed.items[i] == escalation->id)
            return true;
    return false;
}

static void take_back(struct task *task, const struct msg_record *record)
{
    struct escalations *list = task->rare->escalations;
    uint32_t excluded[TASK_AGENCIES_MAX], kept = 0;
    const uint32_t count = task_excluded(task, excluded);
    for (uint32_t i = 0; count > 0 && list && i < list->count; i++) {
        keep_others(&list->items[i], excluded, count);
        if (list->items[i].to_count == 0 && is_readdressed(&list->items[i], record)) {
            task_readdress(&list->items[i], &task->assigner, 1);
            list->items[i].told = record->time;
        }
        if (list->items[i].to_count > 0)
            list->items[kept++] = list->items[i];
        else
            free(list->items[i].to);
    }
    if (count > 0 && list)
        list->count = kept;
}

void exclude_apply(struct core *core, struct task *task, const struct msg_record *record)
{
    take_back(task, record);
    if (!task->rare->escalations || task->rare->escalations->count > 0)
        return;
    free(task->rare->escalations);
    task_rare(task)->escalations = NULL;
    bits_remove(&core->escalated, task->number);
}

void exclude_try(struct task *task, const struct msg_record *record)
{
    const struct escalations *list = task->rare->escalations;
    if (!list)
        return;
    task_rare(task)->escalations = xmemdup(list, sizeof *list + list->capacity * sizeof list->items[0]);
    for (uint32_t i = 0; i < list->count; i++)
        task->rare->escalations->items[i].to = xmemdup(list->items[i].to, list->items[i].to_count * sizeof(uint32_t) +
                                                                              list->items[i].reason_size);
    take_back(task, record);
}

void exclude_forget(struct task *task)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        free(task->rare->escalations->items[i].to);
    free(task->rare->escalations);
}

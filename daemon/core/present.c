#include "core/present.h"

#include "core/deadline.h"
#include "core/pack.h"
#include "core/task_data.h"

static void *take(struct arena *arena, size_t count, size_t size)
{
    return arena_alloc(arena, count * size);
}

struct texts present_ids(const struct core *core, const uint32_t *agencies, uint32_t count, struct arena *arena)
{
    struct text *ids = take(arena, count, sizeof(*ids));
    for (uint32_t i = 0; i < count; i++)
        ids[i] = core_agency_id(core, agencies[i]);
    return (struct texts){ids, count};
}

struct text present_day(const struct core *core, const struct task *task, struct arena *arena)
{
    if (task->due == TIME_NONE || task->calendar == NONE)
        return (struct text){0};
    char *day = take(arena, 1, 11);
    calendar_day_text(core_calendar_of(core, task), task->due, day);
    return text_of(day);
}

struct msg_escalation present_escalation(const struct core *core, const struct escalation *escalation,
                                         struct arena *arena)
{
    struct msg_escalation out = {0};
    MSG_SET(&out, escalation, escalation, escalation->id);
    MSG_SET(&out, escalation, level, escalation->level);
    MSG_SET(&out, escalation, to, present_ids(core, escalation->to, escalation->to_count, arena));
    MSG_SET(&out, escalation, opened, escalation->opened);
    if (escalation->reason_size > 0)
        MSG_SET(&out, escalation, reason, escalation_reason(escalation));
    if (escalation->by != NONE)
        MSG_SET(&out, escalation, by, core_agency_id(core, escalation->by));
    if (escalation->step != STEP_BY_HAND)
        MSG_SET(&out, escalation, step, escalation->step);
    if (escalation->acknowledged != TIME_NONE)
        MSG_SET(&out, escalation, acknowledged, escalation->acknowledged);
    if (escalation->acknowledged_by != NONE)
        MSG_SET(&out, escalation, acknowledged_by, core_agency_id(core, escalation->acknowledged_by));
    if (escalation->closed != TIME_NONE)
        MSG_SET(&out, escalation, closed, escalation->closed);
    if (escalation->round > 1)
        MSG_SET(&out, escalation, round, escalation->round);
    if (escalation->superseded)
        MSG_SET(&out, escalation, superseded, true);
    return out;
}

/* ---- a task, group by group ---- */

static void present_texts(const struct task *task, struct msg_task *out)
{
    struct text text;
#define TEXT_FIELD(tag, field)                                                                                         \
    if ((text = pack_text(task->pack, tag)).size > 0)                                                                  \
    MSG_SET(out, task, field, text)
    TEXT_FIELD(PACK_REFERENCE, reference);
    TEXT_FIELD(PACK_TITLE, title);
    TEXT_FIELD(PACK_DESCRIPTION, description);
    TEXT_FIELD(PACK_DOCUMENT, document);
    TEXT_FIELD(PACK_PARAGRAPH, paragraph);
    TEXT_FIELD(PACK_AREA, area);
    TEXT_FIELD(PACK_UNIT, unit);
    TEXT_FIELD(PACK_NOTE, note);
    TEXT_FIELD(PACK_EVIDENCE, evidence);
    TEXT_FIELD(PACK_EVIDENCE_SHA256, evidence_sha256);
#undef TEXT_FIELD
}

static void present_tags(const struct task *task, struct msg_task *out, struct arena *arena)
{
    uint32_t at = 0, count = 0;
    int tag;
    struct text value, *tags = NULL;
    while (pack_next(task->pack, &at, &tag, &value) && tag <= PACK_TAG) {
        if (tag != PACK_TAG || count == 16)
            continue;
        if (!tags)
            tags = take(arena, 16, sizeof(*tags));
        tags[count++] = value;
    }
    if (count)
        MSG_SET(out, task, tags, (struct texts){tags, count});
}

static void present_roles(const struct core *core, const struct task *task, struct msg_task *out, struct arena *arena)
{
    uint32_t list[TASK_AGENCIES_MAX], count;
    MSG_SET(out, task, assigner, core_agency_id(core, task->assigner));
    MSG_SET(out, task, lead, core_agency_id(core, task->lead));
    if ((count = task_cooperating(task, list)) > 0)
        MSG_SET(out, task, cooperating, present_ids(core, list, count, arena));
    if (task->supervisor != NONE)
        MSG_SET(out, task, supervisor, core_agency_id(core, task->supervisor));
    if ((count = task_observers(task, list)) > 0)
        MSG_SET(out, task, observers, present_ids(core, list, count, arena));
}

static void present_rules(const struct core *core, const struct task *task, struct msg_task *out)
{
    uint64_t parent = pack_u64(task->pack, PACK_PARENT);
    double target;
    MSG_SET(out, task, kind, task->kind);
    MSG_SET(out, task, priority, task->priority);
    MSG_SET(out, task, scope, task->scope);
    if (task->reporting)
        MSG_SET(out, task, reporting, task->reporting);
    if (parent)
        MSG_SET(out, task, parent, parent);
    if (pack_num(task->pack, PACK_TARGET, &target))
        MSG_SET(out, task, target, target);
    if (task->policy != NONE) {
        MSG_SET(out, task, policy, core->policies[task->policy].id);
        MSG_SET(out, task, policy_version, core->policies[task->policy].version);
    }
    if (task->calendar != NONE)
        MSG_SET(out, task, calendar, core->calendars[task->calendar].id);
}

static void present_times(const struct core *core, const struct task *task, struct msg_task *out, struct arena *arena)
{
    struct text day = present_day(core, task, arena);
    MSG_SET(out, task, assigned, task->assigned);
#define TIME_FIELD(field)                                                                                              \
    if (task->field != TIME_NONE)                                                                                      \
        MSG_SET(out, task, field, task->field);
    TASK_TIMES(TIME_FIELD)
#undef TIME_FIELD
    if (day.size > 0)
        MSG_SET(out, task, due_day, day);
}

static void present_progress(const struct task *task, struct msg_task *out)
{
    if (task->has_percent)
        MSG_SET(out, task, percent, task->percent);
    if (task->has_value)
        MSG_SET(out, task, value, task->value);
    if (task->resumes_as)
        MSG_SET(out, task, resumes_as, task->resumes_as);
}

static void present_ladder(const struct core *core, const struct task *task, struct msg_task *out, struct arena *arena)
{
    const struct escalations *list = task->escalations;
    if (list && list->count > 0) {
        struct msg_escalation *escalations = take(arena, list->count, sizeof(*escalations));
        for (uint32_t i = 0; i < list->count; i++)
            escalations[i] = present_escalation(core, &list->items[i], arena);
        MSG_SET(out, task, escalations, (struct msg_escalation_items){escalations, list->count});
    }
    if (task->policy == NONE || !task->fired)
        return;
    uint32_t steps = policy_message(core_policy_of(core, task))->steps.count;
    uint64_t *fired = take(arena, steps, sizeof(*fired));
    for (uint32_t i = 0; i < steps; i++)
        fired[i] = task->fired[i];
    MSG_SET(out, task, fired, (struct u64s){fired, steps});
}

struct msg_task present_task(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena)
{
    struct msg_task out = {0};
    MSG_SET(&out, task, task, task->number);
    MSG_SET(&out, task, state, task->state);
    MSG_SET(&out, task, version, task->version);
    present_texts(task, &out);
    present_tags(task, &out, arena);
    present_roles(core, task, &out, arena);
    present_rules(core, task, &out);
    present_times(core, task, &out, arena);
    present_progress(task, &out);
    present_ladder(core, task, &out, arena);
    MSG_SET(&out, task, record, task->record);
    MSG_SET(&out, task, timeliness, deadline_timeliness(core, task, now_ms));
    return out;
}

size_t present_task_size(const struct task *task)
{
    uint32_t list[TASK_AGENCIES_MAX];
    /* 48 fields with names of 16 bytes and numbers of 9, ids of 64 bytes for lead, assigner, supervisor and the rules. */
    size_t size = 48 * 25 + 5 * 64 + task->pack->size;
    size += 66 * ((size_t)task_cooperating(task, list) + task_observers(task, list));
    for (uint32_t i = 0; task->escalations && i < task->escalations->count; i++)
        size += 400 + task->escalations->items[i].reason_size + 66u * task->escalations->items[i].to_count;
    return task->fired ? size + 96 : size;
}

#include "core/removal.h"

#include "core/agency.h"
#include "core/asks.h"
#include "core/authority.h"
#include "core/course.h"
#include "core/exclude.h"
#include "core/pack.h"
#include "core/task_field.h"

/* The task with the roles that the record gives. The caller frees its pack and its escalations. */
static void make_after(struct step *step, const struct task *task, const struct msg_record *record,
                       struct shadow *shadow)
{
    struct core *core = step->core;
    struct task *after = &shadow->task;
    shadow_of(shadow, task);
    after->pack = pack_new(pack_bytes(task->pack, step->arena));
    if (MSG_HAS(record, record, content))
        task_take_content(core, after, &record->content);
    exclude_try(after, record);
    if (asks_gives_lead(record))
        after->lead = core_agency_find(core, record->lead);
}

/* Leaves the readers among the told. */
static void part(struct step *step, const struct task *after, struct recipients *told, struct recipients *removed)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < told->count; i++)
        if (authority_may_read(step->core, after, told->agencies[i], step->now_ms))
            told->agencies[kept++] = told->agencies[i];
        else
            removed->agencies[removed->count++] = told->agencies[i];
    told->count = kept;
}

void removal_find(struct step *step, const struct task *task, const struct msg_record *record, struct recipients *told,
                  struct removal *removal)
{
    removal->removed.count = 0;
    if (record->action != ACTION_AMEND && record->action != ACTION_REASSIGN && record->action != ACTION_GRANT)
        return;
    struct shadow shadow;
    make_after(step, task, record, &shadow);
    struct task *after = &shadow.task;
    removal->restricted = task->scope == SCOPE_RESTRICTED || after->scope == SCOPE_RESTRICTED;
    if (record->action == ACTION_AMEND || removal->restricted)
        part(step, after, told, &removal->removed);
    pack_free(after->pack);
    exclude_forget(after);
    removal->reference = arena_copy(step->arena, task_reference(task));
    removal->title = arena_copy(step->arena, task_title(task));
}

static void tell(struct step *step, const struct task *task, struct removal *removal)
{
    struct msg_record record = {0};
    struct text actor = core_agency_id(step->core, step->who.agency);
    MSG_SET(&record, record, record, RECORD_REMOVED);
    MSG_SET(&record, record, actor, actor);
    if (step->stand_in)
        MSG_SET(&record, record, stand_in, step->stand_in->id);
    MSG_SET(&record, record, task, task->number);
    MSG_SET(&record, record, previous, task->record);
    MSG_SET(&record, record, reference, removal->reference);
    MSG_SET(&record, record, title, removal->title);
    if (removal->restricted)
        MSG_SET(&record, record, scope, SCOPE_RESTRICTED);
    MSG_SET(&record, record, notice, NOTICE_REMOVED);
    MSG_SET(&record, record, severity, SEVERITY_NOTICE);
    MSG_SET(
        &record, record, reason,
        arena_printf(step->arena, "%.*s took this agency off %.*s.", TEXT_ARGS(actor), TEXT_ARGS(removal->reference)));
    MSG_SET(&record, record, to, recipients_texts(step->core, &removal->removed));
    step_record(step, &record);
}

/* Nearly always nobody is removed: then no record is begun either. */
void removal_tell(struct step *step, const struct task *task, struct removal *removal)
{
    if (removal->removed.count > 0)
        tell(step, task, removal);
}

/* See given.h. */
#include "core/given.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/course.h"
#include "core/document.h"
#include "core/pack.h"
#include "core/task_data.h"
#include "core/task_field.h"

#define ASKED(c, type, CONSTANT, name, tag, rule, shown, sentence)                                                     \
    | ((uint64_t)(TASK_RULE_##rule == TASK_RULE_first || TASK_RULE_##rule == TASK_RULE_content) << (tag))
/* Tags of what was asked, a bit each. */
static const uint64_t asked = 0 TASK_FIELDS(TASK_NONE, TASK_NONE, ASKED, TASK_NONE, TASK_NONE, );
_Static_assert(PACK_TAG_END <= 64, "a bit for each tag");

static uint64_t bytes_of(const struct pack *pack)
{
    uint64_t bytes = GIVEN_TASK;
    uint32_t at = 0;
    int tag;
    struct text value;
    while (pack && pack_next(pack, &at, &tag, &value))
        if (tag < 64 && (asked >> tag & 1))
            bytes += value.size;
    return bytes;
}

/* ---- following the tasks ---- */

static bool may_change(const struct core *core, const struct msg_record *record)
{
    return !core->restoring && MSG_HAS(record, record, content);
}

static void count(struct core *core, const struct task *task, bool is_there)
{
    struct agency *agency = core_agency(core, task->assigner);
    const uint64_t bytes = bytes_of(task->pack);
    assert(is_there || (agency->given > 0 && agency->given_bytes >= bytes));
    agency->given += is_there ? 1 : UINT64_MAX;
    agency->given_bytes += is_there ? bytes : 0 - bytes;
}

void given_begin(struct core *core, const struct msg_record *record)
{
    const struct task *task = may_change(core, record) ? core_task(core, record->task) : NULL;
    if (task)
        count(core, task, false);
}

void given_end(struct core *core, const struct msg_record *record)
{
    const struct task *task = may_change(core, record) ? core_task(core, record->task) : NULL;
    if (task)
        count(core, task, true);
}

void given_build(struct core *core)
{
    for (uint32_t i = 0; i < core->agency_count; i++)
        core->agencies[i]->given = core->agencies[i]->given_bytes = 0;
    for (uint32_t i = 0; i < document_count(core); i++)
        core_agency(core, document_at(core, i)->issuer)->given_bytes += document_at(core, i)->bytes;
}

void given_restored(struct core *core, const struct task *task)
{
    count(core, task, true);
}

void core_agency_given(const struct core *core, uint32_t agency, uint64_t *tasks, uint64_t *bytes)
{
    *tasks = core_agency(core, agency)->given;
    *bytes = core_agency(core, agency)->given_bytes;
}

void given_schedule(struct core *core, uint32_t assigner, uint64_t before, uint64_t now)
{
    struct agency *agency = core_agency(core, assigner);
    assert(agency->given_bytes >= before);
    agency->given_bytes += now - before;
}

/* ---- whether there may be more ---- */

static int check_bytes(const struct step *step, uint32_t assigner, uint64_t more, const char *field,
                       struct problem *problem)
{
    const struct agency *agency = core_agency(step->core, assigner);
    const uint64_t most = step->limits.task_bytes;
    if (most == 0 || (agency->given_bytes <= most && more <= most - agency->given_bytes))
        return 0;
    return problem_set(problem, COORD_E_STORAGE_LIMITED, field,
                       "The tasks, schedules and documents of %.*s have %llu bytes of the %llu that they may "
                       "(agency_task_bytes of the broker's "
                       "configuration), and this would add %llu; write less, or ask the administrator to allow more.",
                       TEXT_ARGS(agency->id), (unsigned long long)agency->given_bytes, (unsigned long long)most,
                       (unsigned long long)more);
}

int given_check_document(const struct step *step, uint32_t issuer, uint32_t before, uint32_t bytes,
                         struct problem *problem)
{
    return bytes > before ? check_bytes(step, issuer, bytes - before, "document", problem) : 0;
}

/* Of a task as it would be: the pack is made, counted and freed. */
static uint64_t bytes_asked(const struct step *step, const struct msg_content *content)
{
    struct task begun;
    struct shadow shadow;
    task_begin(&begun);
    shadow_of(&shadow, &begun);
    task_take_content(step->core, &shadow.task, content);
    const uint64_t bytes = bytes_of(shadow.task.pack);
    pack_free(shadow.task.pack);
    return bytes;
}

int given_check_assign(const struct step *step, const struct msg_content *content, const struct text *references,
                       uint32_t count, struct problem *problem)
{
    const struct agency *agency = core_agency(step->core, step->who.agency);
    const uint64_t most = step->limits.tasks;
    if (most > 0 && (agency->given > most || count > most - agency->given))
        return problem_set(problem, COORD_E_STORAGE_LIMITED, "leads",
                           "%.*s has given %llu tasks of the %llu that it may, open and closed (agency_tasks of the "
                           "broker's configuration), and this would give %u more; ask the administrator to allow more.",
                           TEXT_ARGS(agency->id), (unsigned long long)agency->given, (unsigned long long)most,
                           (unsigned)count);
    if (step->limits.task_bytes == 0)
        return 0;
    uint64_t more = count * bytes_asked(step, content);
    for (uint32_t i = 0; i < count; i++)
        more += references[i].size;
    return check_bytes(step, step->who.agency, more, "content", problem);
}

int given_check_amend(const struct step *step, const struct task *task, const struct msg_content *content,
                      struct problem *problem)
{
    if (step->limits.task_bytes == 0)
        return 0;
    const uint64_t before = bytes_of(task->pack);
    struct shadow after;
    shadow_of(&after, task);
    after.task.pack = pack_new(pack_bytes(task->pack, step->arena));
    task_take_content(step->core, &after.task, content);
    const uint64_t bytes = bytes_of(after.task.pack);
    pack_free(after.task.pack);
    return bytes > before ? check_bytes(step, task->assigner, bytes - before, "content", problem) : 0;
}

int given_check_schedule(const struct step *step, uint64_t before, uint64_t now, struct problem *problem)
{
    return now > before ? check_bytes(step, step->who.agency, now - before, "schedule.content", problem) : 0;
}

/* See stand_in.h. */
#include "core/stand_in.h"

#include "core/actions.h"
#include "core/agency.h"
#include "core/authority.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/standing.h"
#include "core/task.h"

#define STAND_IN_LOOKS 4  /* units of step_look, for an agency whose roles on a task are looked at */
#define TOLD_A_LOOK    16 /* agencies that are told are looked at in one unit */

/* ---- who ---- */

uint32_t stand_in_of(const struct core *core, uint32_t agency, int64_t now_ms)
{
    const struct agency *one = core_agency(core, agency);
    const bool stands = one->stand_in != NONE && one->stand_from <= now_ms && now_ms < one->stand_until &&
                        agency_is_valid(one, now_ms) && agency_is_valid(core_agency(core, one->stand_in), now_ms);
    return stands ? one->stand_in : NONE;
}

uint32_t stand_in_stood(const struct core *core, uint32_t by, int64_t now_ms, uint32_t agencies[STAND_INS_MAX])
{
    uint32_t count = 0;
    for (uint32_t at = core_agency(core, by)->stood.first; at != NONE && count < STAND_INS_MAX;
         at = core_agency(core, at)->stood.next) {
        if (stand_in_of(core, at, now_ms) != by)
            continue;
        uint32_t place = count++;
        for (; place > 0 && agencies[place - 1] > at; place--)
            agencies[place] = agencies[place - 1];
        agencies[place] = at;
    }
    return count;
}

int64_t stand_in_next(const struct core *core, uint32_t agency, int64_t at_ms)
{
    const struct agency *one = core_agency(core, agency);
    int64_t next = INT64_MAX;
    if (one->stand_in == NONE)
        return next;
    const struct agency *by = core_agency(core, one->stand_in);
    const int64_t turns[] = {one->stand_from, one->stand_until, one->valid_from, by->valid_from, by->valid_until};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
        if (turns[i] > at_ms && turns[i] < next)
            next = turns[i];
    return next;
}

/* ---- what one may in another's name ---- */

/* Whether one leads a task, or another that it stands in for does, but for the one in whose name it asks. */
static bool leads(const struct core *core, const struct task *task, uint32_t by, uint32_t name, int64_t now_ms)
{
    const uint32_t lead = standing_on(core, task, task->lead, now_ms);
    return lead != name && (lead == by || stand_in_of(core, lead, now_ms) == by);
}

/* What is restricted is for those who have a role on it, and not for whoever an absence brings. */
static bool may_read_as(const struct core *core, const struct task *task, uint32_t by, uint32_t name, int64_t now_ms)
{
    return task->scope != SCOPE_RESTRICTED && authority_may_read(core, task, name, now_ms) &&
           !authority_is_excluded(core, task, by, now_ms);
}

/* Whether an agency's roles allow an action on a task as it stands. */
static bool allows(const struct core *core, const struct task *task, uint32_t agency, int action, int64_t now_ms)
{
    const uint32_t states = authority_states_of(authority_roles(core, task, agency, now_ms), action);
    return states & action_row(action)->from & TERM_BIT(task->state);
}

/* ---- in a step ---- */

uint32_t step_sender(const struct step *step)
{
    return step->stand_in ? step->stand_in->number : step->who.agency;
}

bool step_may_read(const struct step *step, const struct task *task)
{
    const struct core *core = step->core;
    if (!step_has_right(step, RIGHT_READ)) /* a key that may only administer has requests that show tasks too */
        return false;
    return step->stand_in ? may_read_as(core, task, step->stand_in->number, step->who.agency, step->now_ms)
                          : authority_may_read(core, task, step->who.agency, step->now_ms);
}

uint64_t step_shown(const struct step *step, const struct task *task)
{
    const struct core *core = step->core;
    if (step->stand_in && authority_is_excluded(core, task, step->stand_in->number, step->now_ms))
        return 0;
    return questions_shown(core, task, step->who.agency, step->now_ms); /* of one that is restricted nothing */
}

/* In another's name. */
static uint32_t may_as(const struct step *step, const struct task *task, uint32_t by, uint32_t name)
{
    const struct core *core = step->core;
    return may_read_as(core, task, by, name, step->now_ms) && !leads(core, task, by, name, step->now_ms)
               ? task_may(core, task, name, step->now_ms)
               : 0;
}

uint32_t stand_in_may(const struct step *step, const struct task *task)
{
    const struct core *core = step->core;
    uint32_t stood[STAND_INS_MAX];
    if (step->stand_in)
        return may_as(step, task, step->stand_in->number, step->who.agency);
    uint32_t may = task_may(core, task, step->who.agency, step->now_ms);
    const uint32_t count = step->is_named ? 0 : stand_in_stood(core, step->who.agency, step->now_ms, stood);
    for (uint32_t i = 0; i < count; i++)
        may |= may_as(step, task, step->who.agency, stood[i]);
    return may;
}

/* What the asker's key may besides, it may in its own agency's name alone. */
static void speak_for(struct step *step, uint32_t name)
{
    step->stand_in = core_agency(step->core, step->who.agency);
    step->who.agency = name;
    step->who.rights &= ~TERM_BIT(RIGHT_ADMINISTER);
}

int stand_in_take(struct step *step, struct text name, struct problem *problem)
{
    const struct core *core = step->core;
    if (name.size == 0)
        return 0;
    if (!op_takes_name(step->op))
        return problem_set(problem, COORD_E_BAD_VALUE, "for", "`%s` is asked in one's own name alone; leave `for` out.",
                           step->op->name);
    const uint32_t agency = core_agency_find(core, name);
    step->is_named = true;
    if (agency == step->who.agency)
        return 0;
    if (agency == NONE || stand_in_of(core, agency, step->now_ms) != step->who.agency)
        return problem_set(problem, COORD_E_NOT_STOOD_IN_FOR, "for",
                           "%.*s does not stand in for `%.*s` now; hello says for whom it does.",
                           TEXT_ARGS(core_agency_id(core, step->who.agency)), TEXT_ARGS(name));
    speak_for(step, agency);
    return 0;
}

static int whose_name(const struct step *step, const struct task *task, int action, uint32_t one, uint32_t other,
                      struct problem *problem)
{
    return problem_set(problem, COORD_E_WHOSE_NAME, "for",
                       "`%s` on task %llu could be meant in the name of %.*s or of %.*s; say which by `for`.",
                       term_name(&vocabulary_action, action), (unsigned long long)task->number,
                       TEXT_ARGS(core_agency_id(step->core, one)), TEXT_ARGS(core_agency_id(step->core, other)));
}

int stand_in_choose(struct step *step, const struct task *task, int action, struct problem *problem)
{
    const struct core *core = step->core;
    const uint32_t own = step->who.agency;
    uint32_t stood[STAND_INS_MAX], chosen = NONE, reader = NONE, barred = NONE;
    if (step->is_named || !task || core_agency(core, own)->stood.first == NONE)
        return 0;
    const uint32_t count = stand_in_stood(core, own, step->now_ms, stood);
    const bool reads = authority_may_read(core, task, own, step->now_ms);
    if (count == 0 || (reads && (!action || allows(core, task, own, action, step->now_ms))))
        return 0;
    step_look(step, STAND_IN_LOOKS * count);
    for (uint32_t i = 0; i < count; i++) {
        if (!may_read_as(core, task, own, stood[i], step->now_ms))
            continue;
        reader = reader == NONE ? stood[i] : reader;
        if (!action || !allows(core, task, stood[i], action, step->now_ms))
            continue;
        if (leads(core, task, own, stood[i], step->now_ms)) {
            barred = stood[i];
            continue;
        }
        if (chosen != NONE)
            return whose_name(step, task, action, chosen, stood[i], problem);
        chosen = stood[i];
    }
    if (chosen != NONE &&
        barred != NONE) /* it may have been meant in that name, and comes out in none but the one meant */
        return whose_name(step, task, action, chosen, barred, problem);
    if (chosen == NONE && !reads)
        chosen = reader;
    if (chosen != NONE)
        speak_for(step, chosen);
    return 0;
}

int stand_in_check(const struct step *step, const struct task *task, struct problem *problem)
{
    const struct core *core = step->core;
    if (!step->stand_in || !leads(core, task, step->stand_in->number, step->who.agency, step->now_ms))
        return 0;
    return problem_set(problem, COORD_E_NOT_ITS_OWN, "task",
                       "%.*s answers for task %llu, or for its lead, and does nothing on it in the name of %.*s; who "
                       "decides there is to do it with a key of its own.",
                       TEXT_ARGS(step->stand_in->id), (unsigned long long)task->number,
                       TEXT_ARGS(core_agency_id(core, step->who.agency)));
}

/* ---- who hears ---- */

void stand_in_tell(const struct step *step, struct recipients *recipients)
{
    uint32_t kept = 0;
    if (!step->stand_in)
        return;
    for (uint32_t i = 0; i < recipients->count; i++)
        if (recipients->agencies[i] != step->stand_in->number)
            recipients->agencies[kept++] = recipients->agencies[i];
    recipients->count = kept;
    recipients_add(step->core, recipients, step->who.agency, NONE, step->now_ms);
}

static bool hears(const struct audience *audience, uint32_t agency)
{
    for (uint32_t i = 0; i < audience->count; i++)
        if (audience->agencies[i] == agency)
            return true;
    return false;
}

/* Whether one is kept from what a record says of its task: by the task as it is, or as the record makes it. */
static bool is_kept_from(const struct core *core, const struct msg_record *record, uint32_t by, int64_t now_ms)
{
    const struct texts *excluded = &record->content.excluded;
    const struct task *task = record->task ? core_task(core, record->task) : NULL;
    for (uint32_t i = 0; MSG_HAS(&record->content, content, excluded) && i < excluded->count; i++) {
        const uint32_t agency = core_agency_find(core, excluded->items[i]);
        if (agency != NONE && agency_effective(core, agency, now_ms) == by)
            return true;
    }
    return task && authority_is_excluded(core, task, by, now_ms);
}

/* Of a restricted task as it is now. */
static bool is_restricted(const struct msg_record *record)
{
    return MSG_HAS(record, record, scope) && record->scope == SCOPE_RESTRICTED;
}

uint64_t stand_in_name(struct core *core, struct msg_record *record, struct audience *audience, int64_t now_ms)
{
    struct text *ids = core->scratch->stand_ins;
    uint32_t count = 0;
    if (core->stood_count == 0 || is_restricted(record))
        return 0;
    const struct text sender = record_sender(record);
    const uint32_t by_itself = sender.size ? core_agency_find(core, sender) : NONE;
    for (uint32_t i = 0; i < audience->told && audience->count < AUDIENCE_MAX; i++) {
        const uint32_t by = stand_in_of(core, audience->agencies[i], now_ms);
        if (by == NONE || by == by_itself || hears(audience, by) || is_kept_from(core, record, by, now_ms))
            continue;
        audience->agencies[audience->count++] = by;
        ids[count++] = core_agency_id(core, by);
    }
    if (count > 0)
        MSG_SET(record, record, stand_ins, (struct texts){ids, count});
    return audience->told / TOLD_A_LOOK + count * STAND_IN_LOOKS;
}

#include "core/standing.h"

#include "core/agency.h"
#include "core/task_data.h"

bool standing_is_listed(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    const uint32_t count = task_excluded(task, excluded);
    for (uint32_t i = 0; i < count; i++)
        if (agency_effective(core, excluded[i], now_ms) == agency)
            return true;
    return false;
}

bool standing_falls(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    const uint32_t stands = agency_effective(core, agency, now_ms);
    return stands != agency && agency != task->assigner && standing_is_listed(core, task, stands, now_ms);
}

uint32_t standing_on(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    if (agency == NONE)
        return NONE;
    return agency_effective(core, standing_falls(core, task, agency, now_ms) ? task->assigner : agency, now_ms);
}

static void look_ahead(const struct core *core, uint32_t agency, int64_t at_ms, int64_t *next)
{
    const int64_t until = core_agency(core, agency_effective(core, agency, at_ms))->valid_until;
    if (until > at_ms && until < *next)
        *next = until;
}

int64_t standing_next_by(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms,
                         standing_look *look)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    const uint32_t count = task_excluded(task, excluded);
    int64_t next = INT64_MAX;
    look(core, agency, at_ms, &next);
    look(core, task->assigner, at_ms, &next);
    for (uint32_t i = 0; i < count; i++)
        look(core, excluded[i], at_ms, &next);
    return next;
}

int64_t standing_next(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms)
{
    return standing_next_by(core, task, agency, at_ms, look_ahead);
}

struct text standing_id_on(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return core_agency_id(core, standing_on(core, task, agency, now_ms));
}

/* Numbers instead of ids are compared: whose successors are the same is the same text. */
struct texts standing_ids(const struct core *core, const struct task *task, const uint32_t *agencies, uint32_t count,
                          int64_t now_ms, struct arena *arena)
{
    struct text *ids = arena_alloc(arena, count * sizeof *ids);
    uint32_t kept = 0, at;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t stands = task ? standing_on(core, task, agencies[i], now_ms)
                                     : agency_effective(core, agencies[i], now_ms);
        const struct text id = core_agency_id(core, stands);
        for (at = 0; at < kept && ids[at].data != id.data; at++)
            ;
        if (at == kept)
            ids[kept++] = id;
    }
    return (struct texts){ids, kept};
}

int standing_role(unsigned bit)
{
    switch (bit) {
    case MSG_FIELD(task, assigner):
        return ROLE_ASSIGNER;
    case MSG_FIELD(task, lead):
        return ROLE_LEAD;
    case MSG_FIELD(task, supervisor):
        return ROLE_SUPERVISOR;
    case MSG_FIELD(task, cooperating):
        return ROLE_COOPERATING;
    case MSG_FIELD(task, observers):
        return ROLE_OBSERVER;
    default:
        return ROLE_NONE;
    }
}

/* ---- successions ---- */

/* Counts them, and writes them down where there is room for them. */
struct gathering {
    const struct core *core;
    const struct task *task;
    int64_t now_ms;
    struct msg_succession *items; /* NULL to count only */
    uint32_t count;
};

static void gather(struct gathering *gathering, int role, uint32_t agency)
{
    const uint32_t stands = standing_on(gathering->core, gathering->task, agency, gathering->now_ms);
    if (stands == agency)
        return;
    if (gathering->items) {
        struct msg_succession *item = &gathering->items[gathering->count];
        *item = (struct msg_succession){0};
        MSG_SET(item, succession, role, role);
        MSG_SET(item, succession, agency, core_agency_id(gathering->core, agency));
        MSG_SET(item, succession, successor, core_agency_id(gathering->core, stands));
        MSG_SET(item, succession, since, agency_stands_since(gathering->core, agency, gathering->now_ms));
    }
    gathering->count++;
}

static void gather_all(struct gathering *gathering)
{
    const struct task *task = gathering->task;
    uint32_t list[TASK_AGENCIES_MAX], count;
    gather(gathering, ROLE_ASSIGNER, task->assigner);
    gather(gathering, ROLE_LEAD, task->lead);
    gather(gathering, ROLE_SUPERVISOR, task->supervisor);
    count = task_cooperating(task, list);
    for (uint32_t i = 0; i < count; i++)
        gather(gathering, ROLE_COOPERATING, list[i]);
    count = task_observers(task, list);
    for (uint32_t i = 0; i < count; i++)
        gather(gathering, ROLE_OBSERVER, list[i]);
}

uint32_t standing_succeeded(const struct core *core, const struct task *task, int64_t now_ms)
{
    struct gathering gathering = {.core = core, .task = task, .now_ms = now_ms};
    gather_all(&gathering);
    return gathering.count;
}

struct msg_succession_items standing_successions(const struct core *core, const struct task *task, int64_t now_ms,
                                                 struct arena *arena)
{
    const uint32_t count = standing_succeeded(core, task, now_ms);
    struct gathering gathering = {.core = core, .task = task, .now_ms = now_ms};
    if (count == 0)
        return (struct msg_succession_items){0};
    gathering.items = arena_alloc(arena, count * sizeof *gathering.items);
    gather_all(&gathering);
    return (struct msg_succession_items){gathering.items, count};
}

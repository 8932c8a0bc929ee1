#include "core/recount_places.h"

#include <stdlib.h>

#include "base/xalloc.h"

void recount_begin(struct core *core, uint32_t calendar)
{
    core->recounts += core->calendars[calendar].recount == 0;
    core->calendars[calendar].recount = 1;
}

void recount_end(struct core *core, uint32_t calendar)
{
    core->calendars[calendar].recount = 0;
    core->recounts--;
    core->dirty_core = true;
}

/* ---- the checkpoint ---- */

uint32_t recount_places(const struct core *core, uint64_t places[2 * CORE_CALENDARS_MAX])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < core->calendar_count; i++)
        if (core->calendars[i].recount) {
            places[count++] = i;
            places[count++] = core->calendars[i].recount;
        }
    return count;
}

void recount_keep_places(struct core *core, const struct u64s *places)
{
    recount_free(core);
    core->recount_place_count = places->count;
    core->recount_places = xcalloc(places->count + 1, sizeof(uint64_t));
    for (uint32_t i = 0; i < places->count; i++)
        core->recount_places[i] = places->items[i];
}

/* A calendar that a record has changed since begins from the first task. */
void recount_restore(struct core *core)
{
    for (uint32_t i = 0; i + 1 < core->recount_place_count; i += 2) {
        const uint64_t calendar = core->recount_places[i], task = core->recount_places[i + 1];
        if (calendar >= core->calendar_count || core->calendars[calendar].recount || task == 0)
            continue;
        core->calendars[calendar].recount = task;
        core->recounts++;
    }
    recount_free(core);
}

void recount_free(struct core *core)
{
    free(core->recount_places);
    core->recount_places = NULL;
    core->recount_place_count = 0;
}

#include "core/recount_places.h"

#include <stdlib.h>

#include "base/xalloc.h"

void recount_begin(struct core *core, uint32_t calendar, int64_t changed_ms)
{
    core->recounts += core->calendars[calendar].recount == 0;
    core->calendars[calendar].recount = 1;
    core->calendars[calendar].changed = changed_ms;
}

void recount_end(struct core *core, uint32_t calendar)
{
    core->calendars[calendar].recount = 0;
    core->recounts--;
    core->dirty_core = true;
}

/* ---- the checkpoint ---- */

uint32_t recount_places(const struct core *core, uint64_t places[2 * CORE_CALENDARS_MAX],
                        uint64_t changed[CORE_CALENDARS_MAX])
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < core->calendar_count; i++)
        if (core->calendars[i].recount) {
            changed[count / 2] = (uint64_t)core->calendars[i].changed;
            places[count++] = i;
            places[count++] = core->calendars[i].recount;
        }
    return count;
}

void recount_keep_places(struct core *core, const struct u64s *places, const struct u64s *changed)
{
    recount_free(core);
    core->recount_places = xcalloc(3 * (places->count / 2) + 1, sizeof(uint64_t));
    for (uint32_t i = 0; i < places->count / 2; i++) {
        uint64_t *place = &core->recount_places[core->recount_place_count];
        place[0] = places->items[2 * i];
        place[1] = places->items[2 * i + 1];
        place[2] = i < changed->count ? changed->items[i] : (uint64_t)core->time;
        core->recount_place_count += 3;
    }
}

/* A calendar that a record has changed since begins from the first task. */
void recount_restore(struct core *core)
{
    for (uint32_t i = 0; i + 2 < core->recount_place_count; i += 3) {
        const uint64_t calendar = core->recount_places[i], task = core->recount_places[i + 1];
        if (calendar >= core->calendar_count || core->calendars[calendar].recount || task == 0)
            continue;
        core->calendars[calendar].recount = task;
        core->calendars[calendar].changed = (int64_t)core->recount_places[i + 2];
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

/* Several decrees in a row: a calendar is set, and before what was counted by it is counted anew, the clock jumps; and then
 * another. What is due by then was missed or not by the calendar that holds, and not by the one before.
 */
#include "sim/sim.h"

static void set_calendar(struct sim *sim)
{
    struct line *line = &sim->lines[0];
    traffic_set_calendar(sim, 0, (int)chance_below(&sim->chance, WORLD_CALENDARS));
    const size_t number = sim->model.request_count - 1; /* one that was tried came before it */
    const struct request *request = &sim->model.requests[number];
    if (line->is_cut)
        line_close(sim, line);
    if (line->number == 0)
        line_open(sim, line, 0);
    (void)line_ask(sim, line, &(struct packet){.request = number, .frame = request->frame, .size = request->size});
    broker_settled(sim->broker->loop);
    host_check_failed(sim);
}

void decrees_run(struct sim *sim)
{
    if (sim->model.clock.doubted)
        return;
    sim->synchronised = true;
    for (uint32_t i = 2 + chance_below(&sim->chance, 3); i > 0; i--) {
        set_calendar(sim);
        if (core_next_rung(broker_core(sim->broker)) == CORE_NOW && chance_percent(&sim->chance, 70)) {
            sim->now += chance_below(&sim->chance, 12 * 60) * SIM_MINUTE;
            host_second(sim);
        }
        (void)host_settle(sim);
    }
}

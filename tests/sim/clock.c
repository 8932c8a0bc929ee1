/* Whether the broker's clock can be right, in the model's words. The newest record and the last time that was believed say
 * what time it should be. A clock that stands before the newest record is wrong. One that is off by more than the setting is
 * believed when the kernel says that it is synchronised, or an administrator does. While it is doubted nothing fires and no
 * change is made, and streams go by the last time that was believed.
 */
#include "sim/sim.h"

/* A step back so small is waited out: records are dated as the newest one is. */
#define HELD (5 * SIM_SECOND)

static bool is_right(const struct sim *sim)
{
    const struct model_clock *clock = &sim->model.clock;
    const int64_t bound = (int64_t)sim->broker->config.daemon_clock_hours * SIM_HOUR;
    const int64_t should_be = clock->believed + (int64_t)(sim->lived - clock->believed_at);
    if (sim->now + HELD < clock->newest)
        return false;
    if (sim->synchronised)
        return true;
    const int64_t least = should_be > clock->newest ? should_be : clock->newest;
    return sim->now <= least + bound && sim->now >= should_be - bound;
}

static void believe(struct sim *sim)
{
    sim->model.clock.doubted = false;
    sim->model.clock.believed = sim->now;
    sim->model.clock.believed_at = sim->lived;
}

void clock_look(struct sim *sim)
{
    struct model_clock *clock = &sim->model.clock;
    const bool doubted = clock->doubted;
    clock->doubted = !is_right(sim);
    if (!clock->doubted)
        believe(sim);
    if (clock->doubted != doubted)
        sim_trace(sim, "the clock is %s", clock->doubted ? "doubted" : "right again");
    sim->model.doubts += clock->doubted && !doubted;
}

void clock_started(struct sim *sim)
{
    struct model_clock *clock = &sim->model.clock;
    clock->believed = clock->newest = sim->model.last_time;
    clock->believed_at = sim->lived;
    clock->doubted = false;
    clock_look(sim);
}

int64_t clock_reading(const struct sim *sim)
{
    const int64_t newest = sim->model.clock.newest;
    return sim->now < newest && sim->now + HELD >= newest ? newest : sim->now;
}

int64_t clock_believed(const struct sim *sim)
{
    return sim->model.clock.doubted ? sim->model.clock.believed : clock_reading(sim);
}

void clock_check_event(struct sim *sim, const struct event *event, uint32_t records)
{
    struct model_clock *clock = &sim->model.clock;
    const bool is_request = event->type == EVENT_REQUEST;
    SIM_CHECK(sim, event->now_ms == clock_reading(sim), "the core is told %lld, and it is %lld",
              (long long)event->now_ms, (long long)clock_reading(sim));
    SIM_CHECK(sim, is_request || !clock->doubted, "time goes on by a clock that cannot be right");
    SIM_CHECK(sim, !is_request || event->request.clock_doubtful == clock->doubted,
              "the core is told that the clock is %s",
              event->request.clock_doubtful ? "doubtful, and it is not" : "right, and it cannot be");
    if (records == 0)
        return;
    clock->newest = event->now_ms;
    if (!clock->doubted)
        return;
    believe(sim); /* the one thing that leaves a record then is that an administrator takes it for right */
    sim->model.accepted++;
    sim_trace(sim, "an administrator takes the clock for right");
}

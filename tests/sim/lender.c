/* The memory that closed tasks go to, of a process: some of them go after minutes, and at times there is no room for
 * any. Its chance is its own, and decides nothing that may be seen.
 */
#include <sys/mman.h>

#include "sim/sim.h"

static void *lend(struct lender *lender)
{
    struct sim_lender *own = (struct sim_lender *)lender;
    if (chance_percent(&own->chance, 20))
        return NULL;
    /* Zeroed by the system where it is touched: most of a region never is. */
    void *region = mmap(NULL, LENT_REGION, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return region == MAP_FAILED ? NULL : region;
}

static void take_back(struct lender *lender, void *region)
{
    (void)lender;
    (void)munmap(region, LENT_REGION);
}

static void rest(struct lender *lender)
{
    (void)lender;
}

/* Before the store is read: what is old goes while it is. */
void lender_begin(struct sim *sim)
{
    struct sim_lender *own = &sim->broker->lender;
    own->lender = (struct lender){lend, take_back, rest};
    own->chance.state = sim->seed ^ sim->step << 32;
    own->known = 0;
    core_lend(broker_core(sim->broker), &own->lender, (1 + (int64_t)chance_below(&own->chance, 300)) * 60 * SIM_SECOND);
}

/* How many went and came, as far as it shows from one look to the next. */
void lender_look(struct sim *sim)
{
    struct sim_lender *own = &sim->broker->lender;
    const uint64_t now = core_cold_count(broker_core(sim->broker));
    if (now > own->known)
        own->gone += now - own->known;
    else
        own->back += own->known - now;
    own->known = now;
}

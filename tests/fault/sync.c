/* Every frame that leaves the broker is held against the last sync, from inside it. */
#include <signal.h>

#include "fault/preloaded.h"

#define CLIENTS 8

static void run(const struct fault *fault)
{
    static struct preloaded preloaded;
    static struct member members[CLIENTS];
    const uint64_t wanted = fault->full ? 100000 : 20000;
    const struct load load = {CLIENTS, 16, 0, 1};
    struct reader reader;
    preloaded_start(&preloaded, fault);
    served_members(&preloaded.served, members, CLIENTS);
    reader_start(&reader, &preloaded.served.admin, 1);
    while (preloaded.shared->frames < wanted)
        (void)load_updates(&load, members);
    reader_stop(&reader);
    fault_measured("%llu replies and notifications, %llu of them before the sync that covers them",
                   (unsigned long long)preloaded.shared->frames, (unsigned long long)preloaded.shared->uncovered);
    FAULT_CHECK(preloaded.shared->uncovered == 0, "frames left before their sync");
    preloaded_remove(&preloaded);
}

const struct fault_row sync_fault = {"sync", "nothing leaves before the sync that covers it", run};

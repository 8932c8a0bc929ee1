#include "rig/stage.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct loaded stage_run(struct stage *stage, const pid_t *children, int clients, double seconds)
{
    struct histogram all = {0};
    while (stage->ready < clients)
        rig_pause(0.001);
    rig_pause(seconds / 4); /* to warm up */
    stage->go = 1;
    const double began = rig_now();
    rig_pause(seconds);
    stage->stop = 1;
    const double took = rig_now() - began;
    for (int i = 0; i < clients; i++) {
        int status;
        histogram_merge(&all, &stage->histograms[i]);
        kill(children[i], SIGKILL);
        waitpid(children[i], &status, 0);
    }
    return (struct loaded){(double)all.count / took, histogram_at(&all, 0.5) * 1e3, histogram_at(&all, 0.99) * 1e3};
}

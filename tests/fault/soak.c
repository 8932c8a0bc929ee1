/* Mixed load for a long time: descriptors and memory must not creep. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault/fault.h"

#define CLIENTS 8
#define SAMPLES 4096

static double count_descriptors(const struct served *served)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)served->pid);
    DIR *directory = opendir(path);
    FAULT_CHECK(directory, "the broker is gone");
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* The slope of a line through the samples, by least squares. */
static double slope(const double *x, const double *y, int count)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < count; i++) {
        sx += x[i];
        sy += y[i];
        sxx += x[i] * x[i];
        sxy += x[i] * y[i];
    }
    return (count * sxy - sx * sy) / (count * sxx - sx * sx);
}

/* One round: updates, batches, a reader that comes and goes, a backup's worth of reads. */
static void round_of_load(const struct served *served, const struct member *members)
{
    const struct load single = {CLIENTS, 4, 0, 1}, batched = {CLIENTS, 1, 64, 1};
    struct reader reader;
    reader_start(&reader, &served->admin, 3);
    (void)load_updates(&single, members);
    (void)load_updates(&batched, members);
    reader_stop(&reader);
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member members[CLIENTS];
    static double hours[SAMPLES], memory[SAMPLES], descriptors[SAMPLES];
    const char *told = getenv("SOAK_MINUTES");
    const double minutes = told ? atof(told) : fault->full ? 25 : 0.5;
    int count = 0;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, CLIENTS);
    /* The memory of what is remembered for resends, and of recent records, fills up first. */
    for (int i = 0; i < (fault->full ? 30 : 2); i++)
        round_of_load(&served, members);
    const double began = rig_now();
    while ((rig_now() - began < minutes * 60 || count < 3) && count < SAMPLES) {
        round_of_load(&served, members);
        hours[count] = (rig_now() - began) / 3600;
        memory[count] = (double)served_resident(&served) / 1048576;
        descriptors[count++] = count_descriptors(&served);
    }
    const double memory_slope = slope(hours, memory, count), descriptor_slope = slope(hours, descriptors, count);
    fault_measured("%.1f minutes, %d samples: memory %.1f to %.1f MiB, %+.2f MiB/h; descriptors %.0f to %.0f, %+.2f /h",
                   minutes, count, memory[0], memory[count - 1], memory_slope, descriptors[0], descriptors[count - 1],
                   descriptor_slope);
    /* A short run says little of a slope: only the long one is held against the goal. */
    FAULT_CHECK(!fault->full || (memory_slope <= 1.0 && descriptors[count - 1] <= descriptors[0]), "it creeps");
    served_remove(&served);
}

const struct fault_row soak_fault = {"soak", "mixed load for a long time", run};

/* Requests that cost as much as an input's choices can make them cost: no step counts more than COST_STEP_MAX. The
 * generator is that of the unit tests (tests/unit/core/costly.c), and an input is what it chooses.
 *
 * Inputs follow each other in one world, for what is costly depends on what is there already; after WORLD_INPUTS of them there
 * is a new one. A finding that its input alone does not make again is made by those before it: replay the directory.
 */
#include <stdio.h>
#include <string.h>

#include "core/cost.h"
#include "fuzz/fuzz.h"
#include "unit/core/costly.h"
#include "unit/test.h"

#define WORLD_INPUTS 500
#define FRAMES_MAX   4

/* What the worlds of unit tests tell, and here nobody asks. */
void test_saw(const struct problem *problem)
{
    (void)problem;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct costly_size world = {.agencies = 500, .parts = 60, .tasks = 40};
    static struct costly costly;
    static unsigned inputs;
    if (inputs == WORLD_INPUTS)
        costly_done(&costly);
    if (inputs == WORLD_INPUTS || inputs == 0) {
        memset(&costly, 0, sizeof costly);
        costly.batches = 6;
        costly_begin(&costly, &world);
        inputs = 0;
    }
    inputs++;
    costly.choices = bytes;
    costly.choices_left = size;
    for (int i = 0; i < FRAMES_MAX && costly.choices_left > 0; i++) {
        const struct costly_outcome outcome = costly_try(&costly);
        if (outcome.cost > COST_STEP_MAX)
            fprintf(stderr, "a step of %s costs %llu units\n", outcome.kind, (unsigned long long)outcome.cost);
        FUZZ_CHECK(outcome.cost <= COST_STEP_MAX);
    }
    costly.choices = NULL;
    costly.choices_left = 0;
    return 0;
}

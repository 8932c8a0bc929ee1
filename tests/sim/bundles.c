/* What leaves together: to whom asked for it and was told so, whole maps one after the other, two at least and 64 KiB at the most.
 * What is in a bundle is as if each had left alone, in that order: everything else that holds of an answer or a notification is
 * held against each of them.
 */
#include "frame.h"
#include "sim/sim.h"

#define BYTES_MOST 65536

bool bundles_are(const void *bytes, size_t size)
{
    return frame_is_bundle(bytes, size);
}

void bundles_leave(struct sim *sim, struct line *line, const void *bytes, size_t size)
{
    const bool was_asked = line->bundles;
    struct frame_bundle bundle;
    const bool is_whole = frame_bundle_open(&bundle, bytes, size) == 0;
    const size_t count = bundle.left;
    SIM_CHECK(sim, is_whole && size <= BYTES_MOST && count >= 2, "a bundle of %zu has %zu bytes", count, size);
    for (; bundle.left > 0; bundle.left--) {
        const size_t took = frame_bundle_next(&bundle, bytes, size);
        SIM_CHECK(sim, took > 0, "a bundle of %zu is not whole %zu before its end", count, bundle.left);
        line_put(sim, line, (const char *)bytes + bundle.at, took);
        bundle.at += took;
    }
    SIM_CHECK(sim, was_asked, "key %d is sent a bundle, and reads none", line->key);
    sim_trace(sim, "  %zu leave to key %d in one", count, line->key);
    sim->broker->bundles++;
    sim->broker->bundled += count;
}

void bundles_answered(struct sim *sim, struct line *line, const struct request *request, int error)
{
    if (request->op != OP_HELLO || error || !model_ask(sim, request) ||
        !MSG_HAS(&sim->model.asked.hello, hello, bundles))
        return;
    line->bundles = sim->model.asked.hello.bundles;
}

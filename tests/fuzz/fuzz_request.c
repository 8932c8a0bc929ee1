/* Any bytes as requests to a live core, several in one input, each behind two bytes of length. Each gets exactly one
 * answer, and what was recorded restores to the same state.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/core.h"
#include "fuzz/fuzz.h"

#define NOW        INT64_C(1704070800000)
#define KEY        "0000000000000000000000000000000000000000"
#define FRAMES_MAX 8

static struct core *world(struct effects *effects)
{
    struct core *core = core_new();
    struct event event = {.type = EVENT_STORE, .now_ms = NOW};
    event.store.agency = TEXT("tinh");
    event.store.name = TEXT("T");
    event.store.key = TEXT(KEY);
    event.store.label = TEXT("k");
    core_step(core, &event, effects);
    return core;
}

static void restore_records(struct core *core, const struct effects *effects, uint64_t *last)
{
    struct problem problem;
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type != EFFECT_RECORD)
            continue;
        const struct journal_record record = {effect->record.seq, effect->record.task, effect->record.previous,
                                              effects_bytes(effects, effect->record.body), effect->record.body.size};
        FUZZ_CHECK(core_restore_record(core, &record, &problem) == 0);
        *last = record.seq;
    }
}

/* Answers among the effects: those of a batch request are one. */
static size_t answers(const struct effects *effects)
{
    size_t count = 0;
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        switch (effect->type) {
        case EFFECT_REPLY:
            count += effect->reply.to.batch == 0;
            break;
        case EFFECT_RESEND:
            count += effect->resend.to.batch == 0;
            break;
        case EFFECT_HISTORY:
            count += effect->history.to.batch == 0;
            break;
        case EFFECT_BATCH:
        case EFFECT_STREAM:
        case EFFECT_BROKER:
            count++;
            break;
        default:
            break;
        }
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct effects effects;
    uint8_t live[32], restored[32];
    struct problem problem;
    uint64_t last = 0;
    effects_clear(&effects);
    struct core *core = world(&effects), *follower = core_new();
    restore_records(follower, &effects, &last);
    for (int i = 0; i < FRAMES_MAX && size >= 2; i++) {
        size_t length = (size_t)bytes[0] | (size_t)bytes[1] << 8;
        bytes += 2;
        size -= 2;
        if (length > size)
            length = size;
        struct event event = {.type = EVENT_REQUEST, .now_ms = NOW + i * 1000};
        event.request.key = TEXT(KEY);
        event.request.frame = bytes;
        event.request.size = length;
        effects_clear(&effects);
        core_step(core, &event, &effects);
        FUZZ_CHECK(answers(&effects) == 1);
        restore_records(follower, &effects, &last);
        bytes += length;
        size -= length;
    }
    FUZZ_CHECK(core_restore_done(follower, last, &problem) == 0);
    core_digest(core, live);
    core_digest(follower, restored);
    FUZZ_CHECK(memcmp(live, restored, sizeof live) == 0);
    core_free(core);
    core_free(follower);
    return 0;
}

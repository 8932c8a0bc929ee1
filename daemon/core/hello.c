/* The first request of a connection: who speaks, in whose place, and what this broker takes and is. */
#include "core/handlers.h"
#include "core/stand_in.h"
#include "frame.h"

#define BATCH_MAX  256 /* as messages.def.h has them */
#define PAGE_MAX   1000
#define CREDIT_MAX 65536

static struct texts stood_for(const struct step *step)
{
    uint32_t stood[STAND_INS_MAX];
    const uint32_t count = stand_in_stood(step->core, step->who.agency, step->now_ms, stood);
    struct text *ids = count ? arena_alloc(step->arena, count * sizeof *ids) : NULL;
    for (uint32_t i = 0; i < count; i++)
        ids[i] = core_agency_id(step->core, stood[i]);
    return (struct texts){ids, count};
}

int handle_hello(struct step *step, const struct msg_hello *request, struct problem *problem)
{
    (void)problem;
    const bool bundles = MSG_HAS(request, hello, bundles) && step->to.batch == 0;
    const struct core *core = step->core;
    struct msg_hello_reply reply = {0};
    MSG_SET(&reply, hello_reply, agency, core_agency_id(core, step->who.agency));
    MSG_SET(&reply, hello_reply, key, step->key_label);
    MSG_SET(&reply, hello_reply, rights, step->who.rights);
    MSG_SET(&reply, hello_reply, time, step->now_ms);
    MSG_SET(&reply, hello_reply, version, TEXT(COORDD_VERSION));
    MSG_SET(&reply, hello_reply, store, (struct text){(const char *)core->identity, sizeof core->identity});
    MSG_SET(&reply, hello_reply, seq, core->seq);
    MSG_SET(&reply, hello_reply, rehearsal, core->rehearsal);
    MSG_SET(&reply, hello_reply, frame_max, FRAME_SIZE_MAX);
    MSG_SET(&reply, hello_reply, batch_max, BATCH_MAX);
    MSG_SET(&reply, hello_reply, page_max, PAGE_MAX);
    MSG_SET(&reply, hello_reply, credit_max, CREDIT_MAX);
    if (core->parted > 0) {
        MSG_SET(&reply, hello_reply, ancestor, (struct text){(const char *)core->ancestor, sizeof core->ancestor});
        MSG_SET(&reply, hello_reply, parted, core->parted);
    }
    const struct msg_store_settings settings = core_store_settings(core);
    MSG_SET(&reply, hello_reply, tasking, settings.tasking);
    if (MSG_HAS(&settings, store_settings, default_policy))
        MSG_SET(&reply, hello_reply, default_policy, settings.default_policy);
    MSG_SET(&reply, hello_reply, dry_runs, true);
    if (bundles)
        MSG_SET(&reply, hello_reply, bundles, request->bundles);
    const struct texts stood = stood_for(step);
    if (stood.count > 0)
        MSG_SET(&reply, hello_reply, stands_in_for, stood);
    if (step->beside->role)
        MSG_SET(&reply, hello_reply, role, step->beside->role);
    if (step->beside->leader && step->beside->leader[0])
        MSG_SET(&reply, hello_reply, leader, text_of(step->beside->leader));
    struct effect *effect = step_reply(step, &message_hello_reply, &reply);
    if (bundles)
        effect->reply.bundles = request->bundles ? BUNDLES_ON : BUNDLES_OFF;
    return 0;
}

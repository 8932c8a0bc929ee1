#include "core/settings.h"

#include <stdlib.h>

#include "base/copy.h"

struct msg_store_settings settings_merge(const struct core *core, const struct msg_store_settings *given)
{
    struct msg_store_settings whole = {0};
    if (core->settings)
        whole = *core->settings;
#define TAKE(type, name, ...)                                                                                          \
    if (MSG_HAS(given, store_settings, name))                                                                          \
        MSG_SET(&whole, store_settings, name, given->name);
    MSG_STORE_SETTINGS_FIELDS(TAKE, TAKE)
#undef TAKE
    const struct {
        msg_bits bit;
        bool is_idle;
    } idle[] = {
        {MSG_BIT(store_settings, default_policy),
         MSG_HAS(&whole, store_settings, default_policy) && settings_says_none(whole.default_policy)},
        {MSG_BIT(store_settings, tasking), MSG_HAS(&whole, store_settings, tasking) && whole.tasking == TASKING_OPEN},
    };
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
        if (idle[i].is_idle)
            whole.has &= ~idle[i].bit;
    return whole;
}

void settings_put(struct core *core, const struct msg_store_settings *settings)
{
    struct msg_store_settings *old = core->settings; /* what is given may point into it */
    core->settings = settings->has ? copy_message(&message_store_settings, settings) : NULL;
    free(old);
}

bool settings_says_none(struct text policy)
{
    return policy.size == 0 || text_equal(policy, TEXT("none"));
}

uint32_t settings_default_policy(const struct core *core)
{
    const struct msg_store_settings *settings = core->settings;
    return settings && MSG_HAS(settings, store_settings, default_policy)
               ? core_policy_find(core, settings->default_policy)
               : NONE;
}

struct msg_store_settings core_store_settings(const struct core *core)
{
    struct msg_store_settings settings = {0};
    if (core->settings)
        settings = *core->settings;
    if (!MSG_HAS(&settings, store_settings, tasking))
        MSG_SET(&settings, store_settings, tasking, TASKING_OPEN);
    return settings;
}

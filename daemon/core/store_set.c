/* Decides what the whole store is set to. */
#include "core/admin.h"
#include "core/handlers.h"
#include "core/settings.h"

int handle_store_set(struct step *step, const struct msg_store_set *set, struct problem *problem)
{
    struct core *core = step->core;
    const struct msg_store_settings none = {0}, stands = settings_merge(core, &none),
                                    whole = settings_merge(core, &set->settings);
    if (admin_is_same(core, &message_store_settings, &stands, &whole))
        return admin_unchanged(step, set->officer);
    if (MSG_HAS(&set->settings, store_settings, default_policy) && MSG_HAS(&whole, store_settings, default_policy) &&
        core_policy_find(core, whole.default_policy) == NONE)
        return problem_set(problem, COORD_E_POLICY_UNKNOWN, "settings.default_policy",
                           "There is no policy `%.*s`; policy_list has the ids, and `none` is to have none.",
                           TEXT_ARGS(whole.default_policy));
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_SETTINGS);
    MSG_SET(&record, record, store_settings, whole);
    return admin_done(step, &record, set->officer);
}

/* What an administrator sets for the whole store: the fields of MSG_STORE_SETTINGS. */
#ifndef COORDD_CORE_SETTINGS_H
#define COORDD_CORE_SETTINGS_H

#include "core/state.h"

/* What stands, with what is given of another in its place, and without what says what its absence says. Texts are those of
 * either. */
struct msg_store_settings settings_merge(const struct core *core, const struct msg_store_settings *given);

/* Apply: these are the settings, whole. */
void settings_put(struct core *core, const struct msg_store_settings *settings);

/* `none` in a policy's place: that there is to be none. */
bool settings_says_none(struct text policy);
/* The policy of a task that is given without one; NONE when none is set, or there is none of that id. */
uint32_t settings_default_policy(const struct core *core);

#endif

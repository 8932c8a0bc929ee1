/* The limits of the configuration, and how they are taken over from a file that has changed. */
#include <stdlib.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "config.h"
#include "loop/sdnotify.h"
#include "loop/state.h"

/* All or nothing: a file with a mistake in it changes no limit. */
void reload_limits(struct broker *broker)
{
    struct problem problem = {0};
    if (!broker->options->reload) {
        log_warning("nothing to reload: the broker was started without a configuration file");
        return;
    }
    sdnotify_reloading();
    struct config *fresh = xcalloc(1, sizeof *fresh);
    if (broker->options->reload(broker->options->reload_context, fresh, &problem) == 0) {
        broker->limits = fresh->limits;
        core_limit_consumers(broker->core, broker->limits.agency_consumers);
        recent_limit(&broker->streams.recent, broker->limits.recent_bytes);
        log_write(LOG_LEVEL_INFO, LOG_RELOADED, LOG_NO_FIELDS,
                  "limits reloaded; other settings and handshake_ms take effect at the next start");
    } else {
        log_write(LOG_LEVEL_ERROR, LOG_RELOADED, LOG_FIELDS("field", problem.field),
                  "the configuration is refused, and the limits stay as they were: %s", problem.message);
    }
    free(fresh);
    sdnotify_ready();
}

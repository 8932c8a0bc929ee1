/* See admit.h. */
#include "loop/admit.h"

#include <stdio.h>

#include "base/log.h"
#include "loop/state.h"

/* One line a second at most: who knocks at a port can knock often. */
static void admit_log_refused(struct broker *broker, struct text key, struct text address, const char *why)
{
    char key_text[PEER_KEY_SIZE + 1], address_text[64], more[24];
    broker->refused_handshakes++;
    if (broker->refused_logged == broker->second_count + 1)
        return;
    broker->refused_logged = broker->second_count + 1;
    snprintf(key_text, sizeof key_text, "%.*s", TEXT_ARGS(key));
    snprintf(address_text, sizeof address_text, "%.*s", TEXT_ARGS(address));
    snprintf(more, sizeof more, "%llu", (unsigned long long)broker->refused_handshakes);
    log_write(LOG_LEVEL_WARNING, LOG_REFUSED,
              LOG_FIELDS("key", key_text, "address", address_text, "why", why, "so_far", more),
              "a connection is refused");
}

enum admission admit_judge(struct broker *broker, struct text key, struct text address, const char **why)
{
    struct core_identity identity;
    const int error = core_admit(broker->core, key, broker_now_ms(broker), &identity);
    enum admission verdict = ADMISSION_GRANTED;
    if (error != 0) {
        verdict = ADMISSION_REFUSED;
        *why = error_row(error) ? error_row(error)->name : "refused";
    } else if (broker->phase != PHASE_SERVING || broker->peers.connections > broker->limits.connections) {
        verdict = ADMISSION_LATER;
        *why = broker->phase != PHASE_SERVING ? "stopping" : "too many connections";
    }
    if (verdict != ADMISSION_GRANTED)
        admit_log_refused(broker, key, address, *why);
    return verdict;
}

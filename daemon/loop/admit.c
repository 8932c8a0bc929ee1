/* Which connections are let in: those of a key that the core would hear now, as long as there is room. */
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

enum zap_verdict admit_judge(void *context, struct text key, struct text address, const char **why)
{
    struct broker *broker = context;
    struct core_identity identity;
    /* A descriptor that this connection took over from one that is gone must be known as gone before its first word. */
    server_monitor(&broker->server);
    const int error = core_admit(broker->core, key, broker_now_ms(broker), &identity);
    enum zap_verdict verdict = ZAP_ADMITTED;
    if (error != 0) {
        verdict = ZAP_REFUSED;
        *why = error_row(error) ? error_row(error)->name : "refused";
    } else if (broker->phase != PHASE_SERVING || broker->server.connections > broker->limits.connections) {
        verdict = ZAP_LATER;
        *why = broker->phase != PHASE_SERVING ? "stopping" : "too many connections";
    }
    if (verdict != ZAP_ADMITTED)
        admit_log_refused(broker, key, address, *why);
    return verdict;
}

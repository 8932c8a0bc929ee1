/* See admit.h. */
#include "loop/admit.h"

#include <stdio.h>

#include "base/log.h"
#include "loop/state.h"

/* Counts one; true when a line of its kind may be written in this second, and then `so_far` gets the count. */
static bool admit_may_log(struct broker *broker, enum refused_kind kind, char so_far[24])
{
    struct told_refused *refused = &broker->refused[kind];
    refused->so_far++;
    if (refused->logged == broker->second_count + 1)
        return false;
    refused->logged = broker->second_count + 1;
    snprintf(so_far, 24, "%llu", (unsigned long long)refused->so_far);
    return true;
}

static void admit_log_refused(struct broker *broker, struct text key, struct text address, const char *why)
{
    char agency[256] = "", key_text[PEER_KEY_SIZE + 1], address_text[64], so_far[24];
    const uint32_t number = core_key_agency(broker->core, key);
    if (!admit_may_log(broker, REFUSED_HANDSHAKE, so_far))
        return;
    if (number != CORE_NO_AGENCY)
        snprintf(agency, sizeof agency, "%.*s", TEXT_ARGS(core_agency_id(broker->core, number)));
    snprintf(key_text, sizeof key_text, "%.*s", TEXT_ARGS(key));
    snprintf(address_text, sizeof address_text, "%.*s", TEXT_ARGS(address));
    log_write(LOG_LEVEL_WARNING, LOG_REFUSED,
              LOG_FIELDS("agency", agency, "key", key_text, "address", address_text, "why", why, "so_far", so_far),
              "a connection is refused");
}

/* Whose key it is, as far as the core knows. */
static void admit_name_agency(const struct broker *broker, const char *key, char agency[256])
{
    struct core_identity identity;
    agency[0] = '\0';
    if (core_admit(broker->core, (struct text){key, PEER_KEY_SIZE}, broker_now_ms(broker), &identity) == 0)
        snprintf(agency, 256, "%.*s", TEXT_ARGS(core_agency_id(broker->core, identity.agency)));
}

void admit_log_cut(void *context, const struct peer *peer, const char *address, const char *why)
{
    struct broker *broker = context;
    char agency[256] = "", so_far[24];
    if (!admit_may_log(broker, peer ? REFUSED_CUT : REFUSED_STRANGER, so_far))
        return;
    if (peer)
        admit_name_agency(broker, peer->key->text, agency);
    log_write(LOG_LEVEL_WARNING, LOG_REFUSED,
              LOG_FIELDS("agency", agency, "key", peer ? peer->key->text : "", "address", address, "why", why, "so_far",
                         so_far),
              "a connection is cut");
}

void admit_log_limited(struct broker *broker, const struct peer *peer, int error)
{
    char agency[256] = "", so_far[24];
    if (!admit_may_log(broker, REFUSED_LIMITED, so_far))
        return;
    admit_name_agency(broker, peer->key->text, agency);
    log_write(LOG_LEVEL_WARNING, LOG_REFUSED,
              LOG_FIELDS("agency", agency, "key", peer->key->text, "why", error_row(error)->name, "so_far", so_far),
              "a request is refused for a limit");
}

enum admission admit_judge(struct broker *broker, struct text key, struct text address, const char **why)
{
    struct core_identity identity;
    const int error = core_admit(broker->core, key, broker_now_ms(broker), &identity);
    enum admission verdict = ADMISSION_GRANTED;
    /* A key that is only out of its time is let in, and each of its requests answered by that name: a handshake that is
     * refused can tell no reason, and its holder would look for a mistake in the key. */
    const bool is_out_of_time = error == COORD_E_AGENCY_CLOSED || error == COORD_E_KEY_EXPIRED;
    if (error != 0 && !is_out_of_time) {
        verdict = ADMISSION_REFUSED;
        *why = error_row(error) ? error_row(error)->name : "refused";
    } else if (broker->phase != PHASE_SERVING ||
               broker->peers.connections - broker->peers.silent >= broker->limits.connections) {
        verdict = ADMISSION_LATER;
        *why = broker->phase != PHASE_SERVING ? "stopping" : "too many connections";
    } else if (accounts_flood(&broker->peers.accounts, core_key_agency(broker->core, key), broker->second_count)) {
        verdict = ADMISSION_LATER;
        *why = "flood";
    } else if (accounts_connections(&broker->peers.accounts, core_key_agency(broker->core, key)) >=
               broker->limits.agency_connections + ADMIT_TOLD) {
        verdict = ADMISSION_LATER;
        *why = "too many connections of the agency";
    }
    if (verdict != ADMISSION_GRANTED)
        admit_log_refused(broker, key, address, *why);
    return verdict;
}

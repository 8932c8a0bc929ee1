/* coordctl doctor: the brokers of the context, one by one. */
#include <stdio.h>
#include <string.h>

#include "doctor.h"

#define LAG_MAX_MS 10000 /* as `lag_max_seconds` of coordd.conf has it when nobody sets it */

/* Those that answered, by what they do. */
struct tally {
    const struct broker_seen *leaders[ENDPOINTS_MAX];
    int leader_count, alone_count;
};

static struct tally brokers_count(const struct brokers *brokers)
{
    struct tally tally = {0};
    for (int i = 0; i < brokers->endpoints.count; i++) {
        const struct broker_seen *seen = &brokers->seen[i];
        if (seen->problem.error)
            continue;
        if (seen->role == BROKER_ROLE_LEADER)
            tally.leaders[tally.leader_count++] = seen;
        tally.alone_count += seen->role == BROKER_ROLE_NONE;
    }
    return tally;
}

static bool is_led(const struct tally *tally)
{
    return tally->leader_count > 0 || tally->alone_count > 0;
}

/* One that gave no answer. Of one at which nobody listens it is not known whether it waits, as a candidate does, without listening; but
 * where nobody leads none of them does. */
static bool doctor_silent(struct doctor *doctor, const struct broker_seen *seen, bool somebody_leads)
{
    char what[600], words[sizeof seen->problem.message];
    const char *why = words;
    const size_t size = strlen(seen->endpoint);
    doctor_words(seen->problem.message, words, sizeof words);
    if (strncmp(why, seen->endpoint, size) == 0 && strncmp(why + size, ": ", 2) == 0)
        why += size + 2;
    if (seen->problem.error == COORD_E_BEHIND) {
        snprintf(what, sizeof what, "broker at %s follows, and has not heard of the store for too long: %s",
                 seen->endpoint, why);
        doctor_found(doctor, FINDING_BAD, what, "on its machine: journalctl -u coordd; does it reach PostgreSQL?");
        return false;
    }
    const bool may_wait = somebody_leads && seen->refused;
    if (may_wait)
        snprintf(what, sizeof what,
                 "broker at %s: nobody answers there; it waits for its turn, being a candidate, or is not there",
                 seen->endpoint);
    else
        snprintf(what, sizeof what, "broker at %s: %s", seen->endpoint, why);
    doctor_found(doctor, may_wait ? FINDING_UNSURE : FINDING_BAD, what,
                 may_wait ? "on its machine: systemctl status coordd"
                          : "on its machine: systemctl status coordd; and can this machine reach it?");
    return may_wait;
}

static bool doctor_one(struct doctor *doctor, const struct broker_seen *seen)
{
    char what[600], lag[32];
    const bool late = seen->role == BROKER_ROLE_FOLLOWER && seen->lag_ms > LAG_MAX_MS;
    broker_lag_text(seen->lag_ms, lag, sizeof lag);
    if (seen->role == BROKER_ROLE_FOLLOWER)
        snprintf(what, sizeof what, "broker at %s follows: record %llu, %s behind at most, version %s", seen->endpoint,
                 (unsigned long long)seen->seq, lag, seen->version);
    else
        snprintf(what, sizeof what, "broker at %s %s: record %llu, version %s", seen->endpoint,
                 seen->role == BROKER_ROLE_LEADER ? "leads" : "serves the store", (unsigned long long)seen->seq,
                 seen->version);
    doctor_found(doctor, late ? FINDING_BAD : FINDING_GOOD, what,
                 "on its machine: journalctl -u coordd; does it reach PostgreSQL?");
    return !late;
}

static bool doctor_unled(struct doctor *doctor)
{
    doctor_found(doctor, FINDING_BAD, "nobody leads: changes wait, and no deadline fires",
                 "on the brokers' machines: systemctl status coordd, and man coordd-cluster: FAILURES");
    return false;
}

/* They are brokers of one store, of which exactly one leads. */
static bool doctor_lead(struct doctor *doctor, const struct brokers *brokers, const struct tally *tally)
{
    char what[600];
    const struct broker_seen *first = NULL;
    for (int i = 0; i < brokers->endpoints.count; i++) {
        const struct broker_seen *seen = &brokers->seen[i];
        if (seen->problem.error)
            continue;
        if (first && memcmp(first->store, seen->store, sizeof first->store) != 0) {
            snprintf(what, sizeof what, "brokers at %s and %s serve two stores", first->endpoint, seen->endpoint);
            doctor_found(doctor, FINDING_BAD, what,
                         "an `endpoint` of the context that names the brokers of one store alone");
            return false;
        }
        first = first ? first : seen;
    }
    if (tally->leader_count > 1) {
        snprintf(what, sizeof what, "brokers at %s and %s both say that they lead", tally->leaders[0]->endpoint,
                 tally->leaders[1]->endpoint);
        doctor_found(doctor, FINDING_BAD, what,
                     "coordctl doctor  # again: the store takes nothing from the one that was overtaken, which stops "
                     "when it finds out");
        return false;
    }
    return is_led(tally) || doctor_unled(doctor);
}

bool doctor_follower(struct doctor *doctor, const struct broker_seen *seen)
{
    char what[600];
    if (seen->role != BROKER_ROLE_FOLLOWER)
        return true;
    const bool good = doctor_one(doctor, seen);
    if (!seen->leader[0])
        return doctor_unled(doctor);
    snprintf(what, sizeof what, "store: %s leads, and does the changes; the context names a broker that follows alone",
             seen->leader);
    doctor_found(doctor, FINDING_UNSURE, what,
                 "`endpoint` of the context: all brokers of the store, with a comma between them");
    return good;
}

bool doctor_brokers(struct doctor *doctor)
{
    struct brokers brokers;
    if (!brokers_are_several(doctor->session))
        return true;
    brokers_ask(doctor->session, &brokers);
    const struct tally tally = brokers_count(&brokers);
    bool good = true;
    for (int i = 0; i < brokers.endpoints.count; i++)
        good &= brokers.seen[i].problem.error ? doctor_silent(doctor, &brokers.seen[i], is_led(&tally))
                                              : doctor_one(doctor, &brokers.seen[i]);
    return doctor_lead(doctor, &brokers, &tally) && good;
}

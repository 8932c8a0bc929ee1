/* See offline.h. Nobody asks for these with a key: who may write into the store's directory may do them, and what they leave
 * is records that everybody is told of.
 */
#include "core/offline.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/agency.h"
#include "core/compose.h"
#include "core/effects.h"
#include "core/naming.h"
#include "core/notice.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/settings.h"
#include "core/step.h"

#define ALL_RIGHTS (TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ADMINISTER))

static void refuse(struct effects *effects, const struct problem *problem)
{
    effects_refuse(effects, (struct reply_to){0}, (struct text){0}, problem);
}

static void leave(struct core *core, int64_t now_ms, struct msg_record *record, struct effects *effects)
{
    record_emit(core, now_ms, record, effects);
    record_apply(core, record);
}

/* ---- a record for all ---- */

static bool can_read(const struct core *core, const struct agency *agency)
{
    for (uint32_t i = 0; i < agency->key_count; i++)
        if (!MSG_HAS(core->keys[agency->keys[i]].message, key, revoked))
            return true;
    return false;
}

/* The record is left once for as many agencies as one can name, and again for those that remain: 256 times at most, for the
 * 65536 agencies that there can be. */
static void leave_for_all(struct core *core, int64_t now_ms, struct msg_record *record, struct effects *effects)
{
    uint32_t agency = 0;
    do {
        struct recipients recipients;
        recipients.count = 0;
        for (; agency < core->agency_count && recipients.count < AUDIENCE_MAX; agency++)
            if (can_read(core, core->agencies[agency]))
                recipients_add(core, &recipients, agency, NONE, now_ms);
        MSG_SET(record, record, to, recipients_texts(core, &recipients));
        leave(core, now_ms, record, effects);
    } while (agency < core->agency_count);
}

/* ---- a new store ---- */

/* The first agency is held to what every later one is. */
static int check_first(struct core *core, struct msg_agency *agency, struct problem *problem)
{
    if (message_check(&message_agency, agency, problem) || naming_check_id(agency->agency, "agency", problem) ||
        naming_check_name(agency->name, "name", problem) || naming_check_name(agency->name_en, "name_en", problem) ||
        naming_check_name(agency->sort, "sort", problem))
        return problem->error;
    return compose_message(&core->scratch->arena, &message_agency, agency, false, COMPOSE_MAX, &(uint64_t){0}, problem);
}

/* A policy comes later than the store that names it. */
static int check_settings(const struct msg_store_settings *settings, struct problem *problem)
{
    int error = message_check(&message_store_settings, settings, problem);
    return error ? error : naming_check_id(settings->default_policy, "default_policy", problem);
}

void offline_store(struct core *core, const struct event *event, struct effects *effects)
{
    const struct event_store *store = &event->store;
    struct msg_agency agency = {0};
    struct msg_key key = {0};
    struct msg_record record = {0};
    struct problem problem = {0};
    assert(core->seq == 0);
    MSG_SET(&agency, agency, agency, store->agency);
    MSG_SET(&agency, agency, name, store->name);
    const struct msg_store_settings settings = settings_merge(core, &store->settings);
    if (check_first(core, &agency, &problem) || check_settings(&settings, &problem)) {
        refuse(effects, &problem);
        return;
    }
    MSG_SET(&key, key, public_key, store->key);
    MSG_SET(&key, key, label, store->label);
    MSG_SET(&key, key, rights, ALL_RIGHTS);
    MSG_SET(&record, record, record, RECORD_STORE);
    MSG_SET(&record, record, digest, (struct text){(const char *)store->identity, sizeof store->identity});
    leave(core, event->now_ms, &record, effects);
    record = (struct msg_record){0};
    MSG_SET(&record, record, record, RECORD_AGENCY);
    MSG_SET(&record, record, agency, agency);
    leave(core, event->now_ms, &record, effects);
    record = (struct msg_record){0};
    MSG_SET(&record, record, record, RECORD_KEY);
    MSG_SET(&record, record, agency, agency);
    MSG_SET(&record, record, entry, key);
    leave(core, event->now_ms, &record, effects);
    if (!settings.has)
        return;
    record = (struct msg_record){0};
    MSG_SET(&record, record, record, RECORD_SETTINGS);
    MSG_SET(&record, record, store_settings, settings);
    leave(core, event->now_ms, &record, effects);
}

/* ---- a backup that becomes a store ---- */

void offline_restored(struct core *core, const struct event *event, struct effects *effects)
{
    const uint8_t *identity = event->restored.identity;
    struct msg_record record = {0};
    char reason[160];
    snprintf(reason, sizeof reason,
             "The store was restored from a backup that ends with record %llu: what came after it there is not here.",
             (unsigned long long)core->seq);
    MSG_SET(&record, record, record, RECORD_STORE);
    MSG_SET(&record, record, digest, (struct text){(const char *)identity, sizeof event->restored.identity});
    MSG_SET(&record, record, notice, NOTICE_RESTORED);
    MSG_SET(&record, record, severity, SEVERITY_WARNING);
    MSG_SET(&record, record, reason, text_of(reason));
    leave_for_all(core, event->now_ms, &record, effects);
}

/* ---- a key that administers ---- */

/* The first agency, which is meant when none is named, may be the one that has ended. */
static int outside(const struct core *core, uint32_t number, int64_t now_ms, struct problem *problem)
{
    const uint32_t effective = agency_effective(core, number, now_ms);
    uint32_t another = effective != number && agency_is_valid(core->agencies[effective], now_ms) ? effective : 0;
    while (another < core->agency_count && !agency_is_valid(core->agencies[another], now_ms))
        another++;
    const struct text id = core_agency_id(core, number);
    if (another == core->agency_count)
        return problem_set(problem, COORD_E_AGENCY_CLOSED, "agency",
                           "%.*s is outside its period of validity: its keys are refused.", TEXT_ARGS(id));
    return problem_set(problem, COORD_E_AGENCY_CLOSED, "agency",
                       "%.*s is outside its period of validity: its keys are refused; name one that is there, such as "
                       "%.*s.",
                       TEXT_ARGS(id), TEXT_ARGS(core_agency_id(core, another)));
}

static int check_key(const struct core *core, uint32_t number, struct text id, const struct msg_key *key,
                     int64_t now_ms, struct problem *problem)
{
    if (number == NONE)
        return problem_set(problem, COORD_E_AGENCY_UNKNOWN, "agency", "There is no agency `%.*s`.", TEXT_ARGS(id));
    const struct agency *agency = core->agencies[number];
    if (!agency_is_valid(agency, now_ms))
        return outside(core, number, now_ms, problem);
    if (agency->key_count >= CORE_KEYS_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "agency", "%.*s has %d keys, the revoked counted, and no more.",
                           TEXT_ARGS(agency->id), CORE_KEYS_MAX);
    if (key_find(core, key->public_key) != NONE)
        return problem_set(problem, COORD_E_KEY_TAKEN, "key", "The store has this key already.");
    return naming_check_label(core, number, NONE, key->label, now_ms, problem);
}

void offline_key(struct core *core, const struct event *event, struct effects *effects)
{
    const struct event_key *wanted = &event->key;
    struct msg_key key = {0};
    struct msg_record record = {0};
    struct problem problem = {0};
    char reason[160];
    const uint32_t number = wanted->agency.size > 0 ? core_agency_find(core, wanted->agency) : 0;
    MSG_SET(&key, key, public_key, wanted->key);
    MSG_SET(&key, key, label, wanted->label);
    MSG_SET(&key, key, rights, ALL_RIGHTS);
    if (message_check(&message_key, &key, &problem) ||
        compose_message(&core->scratch->arena, &message_key, &key, false, COMPOSE_MAX, &(uint64_t){0}, &problem) ||
        check_key(core, number, wanted->agency, &key, event->now_ms, &problem)) {
        refuse(effects, &problem);
        return;
    }
    const struct agency *agency = core->agencies[number];
    snprintf(reason, sizeof reason, "%.*s was given a key that administers, on the broker's own machine.",
             TEXT_ARGS(agency->id));
    MSG_SET(&record, record, record, RECORD_KEY);
    MSG_SET(&record, record, agency, *agency->message);
    MSG_SET(&record, record, entry, key);
    MSG_SET(&record, record, notice, NOTICE_ADMINISTRATOR);
    MSG_SET(&record, record, severity, SEVERITY_WARNING);
    MSG_SET(&record, record, reason, text_of(reason));
    leave_for_all(core, event->now_ms, &record, effects);
}

/* ---- a key that stays revoked ---- */

void offline_revoked(struct core *core, const struct event *event, struct effects *effects)
{
    const uint32_t number = key_find(core, event->revoked.key);
    struct msg_record record = {0};
    struct problem problem;
    if (number == NONE || MSG_HAS(core->keys[number].message, key, revoked)) {
        problem_set(&problem, COORD_E_KEY_NOT_FOUND, "key", "The store has no such key that is not revoked.");
        refuse(effects, &problem);
        return;
    }
    const struct key *key = &core->keys[number];
    struct msg_key entry = *key->message;
    MSG_SET(&entry, key, revoked, event->revoked.when_ms);
    MSG_SET(&record, record, record, RECORD_KEY);
    MSG_SET(&record, record, agency, *core->agencies[key->agency]->message);
    MSG_SET(&record, record, entry, entry);
    leave(core, event->now_ms, &record, effects);
}

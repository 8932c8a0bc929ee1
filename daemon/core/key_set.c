/* Decides that a key is put, changed or revoked. */
#include <string.h>

#include "core/admin.h"
#include "core/administrator.h"
#include "core/agency.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/naming.h"

static int check_z85(struct text key, const char *field, struct problem *problem)
{
    static const char alphabet[] =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    for (uint32_t i = 0; i < key.size; i++)
        if (!memchr(alphabet, key.data[i], sizeof alphabet - 1))
            return problem_set(problem, COORD_E_BAD_KEY, field,
                               "A public key is 40 characters of Z85; this has another at byte %u.", (unsigned)i);
    return 0;
}

static int check_key(const struct step *step, const struct msg_key_set *set, uint32_t agency, struct problem *problem)
{
    const struct core *core = step->core;
    if (check_z85(set->key.public_key, "key.public_key", problem))
        return problem->error;
    uint32_t number = key_find(core, set->key.public_key);
    if (number == NONE || core->keys[number].agency == agency) {
        if (naming_check_label(core, agency, number, set->key.label, step->now_ms, problem))
            return problem->error;
    }
    if (number == NONE && content_check_lasts(core, agency, step->now_ms, "agency", problem))
        return problem->error;
    if (number == NONE && MSG_HAS(&set->key, key, valid_until) && set->key.valid_until <= step->now_ms)
        return problem_set(problem, COORD_E_BAD_VALUE, "key.valid_until",
                           "It has passed already, and the new key could never be used; name a later time, or none.");
    if (number == NONE && core->agencies[agency]->key_count >= CORE_KEYS_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "key", "%.*s has %d keys, the revoked counted, and no more.",
                           TEXT_ARGS(set->agency), CORE_KEYS_MAX);
    if (number == NONE)
        return 0;
    const struct key *key = &core->keys[number];
    if (key->agency != agency)
        return problem_set(problem, COORD_E_KEY_TAKEN, "key.public_key",
                           "The key belongs to another agency already; make a new one.");
    if (MSG_HAS(key->message, key, revoked))
        return problem_set(problem, COORD_E_KEY_TAKEN, "key.public_key",
                           "The key was revoked, which is for good; make a new one.");
    bool keeps = set->key.rights & TERM_BIT(RIGHT_ADMINISTER) && !MSG_HAS(&set->key, key, valid_until);
    if (administrator_is(key) && !keeps && !set->even_last && !administrator_other(core, number, NONE, step->now_ms))
        return administrator_refuse_last(
            set->key.rights & TERM_BIT(RIGHT_ADMINISTER) ? "key.valid_until" : "key.rights", problem);
    return 0;
}

static int done_key(struct step *step, uint32_t agency, const struct msg_key *key, struct text officer)
{
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_KEY);
    MSG_SET(&record, record, agency, *step->core->agencies[agency]->message);
    MSG_SET(&record, record, entry, *key);
    return admin_done(step, &record, officer);
}

int handle_key_set(struct step *step, const struct msg_key_set *set, struct problem *problem)
{
    struct core *core = step->core;
    uint32_t agency = NONE;
    if (content_find_agency(core, set->agency, "agency", &agency, problem) || check_key(step, set, agency, problem))
        return problem->error;
    struct msg_key key = set->key;
    key.has &= ~MSG_BIT(key, revoked); /* the broker's to say */
    uint32_t number = key_find(core, key.public_key);
    if (number != NONE && admin_is_same(core, &message_key, &key, core->keys[number].message))
        return admin_unchanged(step, set->officer);
    return done_key(step, agency, &key, set->officer);
}

int handle_key_revoke(struct step *step, const struct msg_key_revoke *revoke, struct problem *problem)
{
    struct core *core = step->core;
    uint32_t number = key_find(core, revoke->public_key);
    if (number == NONE)
        return problem_set(problem, COORD_E_KEY_NOT_FOUND, "public_key", "No agency has this key.");
    if (MSG_HAS(core->keys[number].message, key, revoked))
        return admin_unchanged(step, revoke->officer);
    if (administrator_is(&core->keys[number]) && !revoke->even_last &&
        !administrator_other(core, number, NONE, step->now_ms))
        return administrator_refuse_last("public_key", problem);
    struct msg_key key = *core->keys[number].message;
    MSG_SET(&key, key, revoked, step->now_ms);
    char public_key[41];
    memcpy(public_key, core->keys[number].public_key, sizeof public_key);
    int error = done_key(step, core->keys[number].agency, &key, revoke->officer);
    if (step->dry_run)
        return error;
    struct effect *effect = effects_add(step->effects, EFFECT_CUT);
    memcpy(effect->cut.public_key, public_key, sizeof public_key);
    return error;
}

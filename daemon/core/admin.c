/* Decides what administrators set: agencies, keys, calendars, policies, settings. Setting what is there already changes nothing,
 * and is remembered as having changed nothing.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/agency.h"
#include "core/agency_check.h"
#include "core/agency_told.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/held.h"
#include "core/naming.h"
#include "core/policy_try.h"
#include "core/record.h"
#include "core/recount_try.h"
#include "core/reply.h"
#include "core/scratch.h"
#include "core/settings.h"
#include "core/task.h"

static int done(struct step *step, struct msg_record *record, struct text officer)
{
    task_sign(step, record, officer, 0, 1);
    step_record(step, record);
    reply_changes(step, record->seq, NULL, 0);
    return 0;
}

static int unchanged(struct step *step, struct text officer)
{
    task_unchanged(step, officer);
    return 0;
}

static bool is_same(struct core *core, const struct message *message, const void *a, const void *b)
{
    struct buffer *bytes = scratch_bytes(core);
    message_encode(bytes, "", (struct text){0}, message, a);
    size_t size = bytes->size;
    message_encode(bytes, "", (struct text){0}, message, b);
    return bytes->size == 2 * size && memcmp(bytes->data, bytes->data + size, size) == 0;
}

/* ---- ids ---- */

#define IDS_A_LOOK    16   /* ids are compared in one unit of step_look: most differ in length */
#define CALENDAR_COST 5000 /* units: its tables are counted for 100 years */

/* The ids of one kind: how many stand, and which. */
struct ids {
    const char *kind;
    size_t count_at; /* in the core; a uint32_t */
    struct text (*at)(const struct core *core, uint32_t number);
};

static struct text agency_id_at(const struct core *core, uint32_t number)
{
    return core->agencies[number]->id;
}

static struct text calendar_id_at(const struct core *core, uint32_t number)
{
    return core->calendars[number].id;
}

static struct text policy_id_at(const struct core *core, uint32_t number)
{
    return core->policies[number].id;
}

static const struct ids agencies = {"agency", offsetof(struct core, agency_count), agency_id_at},
                        calendars = {"calendar", offsetof(struct core, calendar_count), calendar_id_at},
                        policies = {"policy", offsetof(struct core, policy_count), policy_id_at};

/* An id and a name against the rule. What stands keeps its own, whatever the rule was when it came: `old_name` is NULL
 * when the id is new. */
static int check_naming(struct step *step, const struct ids *ids, struct text id, struct text name,
                        const struct text *old_name, struct problem *problem)
{
    const struct core *core = step->core;
    char field[64];
    uint32_t count = 0;
    int error = 0;
    snprintf(field, sizeof field, "%s.%s", ids->kind, ids->kind);
    if (!old_name) {
        memcpy(&count, (const char *)core + ids->count_at, sizeof count);
        step_look(step, count / IDS_A_LOOK);
        error = naming_check_id(id, field, problem);
    }
    for (uint32_t i = 0; !error && i < count; i++)
        if (naming_differs_in_case(id, ids->at(core, i)))
            error = naming_too_near(id, ids->at(core, i), field, problem);
    snprintf(field, sizeof field, "%s.name", ids->kind);
    if (!error && !(old_name && text_equal(name, *old_name)))
        error = naming_check_name(name, field, problem);
    return error;
}

/* ---- agencies ---- */

static int check_agency(struct step *step, const struct msg_agency *agency, struct problem *problem)
{
    static const struct msg_agency none = {0};
    const struct core *core = step->core;
    uint32_t number = core_agency_find(core, agency->agency);
    const struct msg_agency *stands = number == NONE ? &none : core->agencies[number]->message;
    const struct text *old_name = number == NONE ? NULL : &stands->name;
    int error = check_naming(step, &agencies, agency->agency, agency->name, old_name, problem);
    if (!error)
        error = naming_check_anew(agency->name_en, stands->name_en, "agency.name_en", problem);
    if (!error)
        error = naming_check_anew(agency->sort, stands->sort, "agency.sort", problem);
    if (!error)
        error = agency_check_links(step, agency, number, stands, problem);
    if (!error && MSG_HAS(agency, agency, valid_from) && MSG_HAS(agency, agency, valid_until) &&
        agency->valid_until <= agency->valid_from)
        error = problem_set(problem, COORD_E_BAD_VALUE, "agency.valid_until", "It must be later than `valid_from`.");
    if (!error && number == NONE && core->agency_count >= CORE_AGENCIES_MAX)
        error = problem_set(problem, COORD_E_CAPACITY, "agency", "The broker holds %d agencies, and no more.",
                            CORE_AGENCIES_MAX);
    return error;
}

/* Optional fields that say what their absence says are left out, so that equal agencies are equal bytes. */
static struct msg_agency normal_agency(const struct msg_agency *agency)
{
    struct msg_agency normal = *agency;
    const struct {
        msg_bits bit;
        bool is_idle;
    } idle[] = {
        {MSG_BIT(agency, name_en), normal.name_en.size == 0},
        {MSG_BIT(agency, sort), normal.sort.size == 0},
        {MSG_BIT(agency, parent), normal.parent.size == 0},
        {MSG_BIT(agency, assignable), normal.assignable},
        {MSG_BIT(agency, successor), normal.successor.size == 0},
        {MSG_BIT(agency, may_task), normal.may_task.count == 0},
    };
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
        if (idle[i].is_idle)
            normal.has &= ~idle[i].bit;
    return normal;
}

/* Who stands in for it is said by agency_stand_in alone: whatever is set besides, that stays. */
static void keep_stand_in(const struct core *core, uint32_t number, struct msg_agency *agency)
{
    const struct msg_agency *old = number == NONE ? NULL : core->agencies[number]->message;
    agency->stand_in = (struct msg_stand_in){0};
    agency->has &= ~(MSG_BIT(agency, stand_in) | MSG_BIT(agency, stand_in_set));
    if (old && MSG_HAS(old, agency, stand_in))
        MSG_SET(agency, agency, stand_in, old->stand_in);
    if (old && MSG_HAS(old, agency, stand_in_set))
        MSG_SET(agency, agency, stand_in_set, old->stand_in_set);
}

/* ---- the last key that administers ---- */

static bool is_administrator(const struct key *key)
{
    return !MSG_HAS(key->message, key, revoked) && (key->message->rights & TERM_BIT(RIGHT_ADMINISTER));
}

static bool administers(const struct core *core, const struct key *key, int64_t now_ms)
{
    const bool has_expired = MSG_HAS(key->message, key, valid_until) && now_ms >= key->message->valid_until;
    return is_administrator(key) && !has_expired && agency_is_valid(core->agencies[key->agency], now_ms);
}

/* Whether any may but this key, and those of this agency: without one only the operator of the machine can set a key again. */
static bool another_administers(const struct core *core, uint32_t number, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; i < core->key_count; i++)
        if (i != number && core->keys[i].agency != agency && administers(core, &core->keys[i], now_ms))
            return true;
    return false;
}

static int last_administrator(const char *field, struct problem *problem)
{
    return problem_set(
        problem, COORD_E_BAD_VALUE, field,
        "It is the last key that may administer: give another key that right first, or say `even_last`.");
}

/* Its keys go with an agency: nobody could administer once that ends which has the last of them, nor before it begins. */
static int check_last_agency(const struct step *step, const struct msg_agency *agency, uint32_t number,
                             struct problem *problem)
{
    const struct core *core = step->core;
    const struct agency *stands = core->agencies[number];
    const bool begins = MSG_HAS(agency, agency, valid_from) && agency->valid_from > step->now_ms;
    const bool ends = MSG_HAS(agency, agency, valid_until) && !(MSG_HAS(stands->message, agency, valid_until) &&
                                                                stands->message->valid_until <= agency->valid_until);
    bool has_one = false;
    for (uint32_t i = 0; (begins || ends) && i < stands->key_count; i++)
        has_one |= administers(core, &core->keys[stands->keys[i]], step->now_ms);
    if (!has_one || another_administers(core, NONE, number, step->now_ms))
        return 0;
    return problem_set(
        problem, COORD_E_BAD_VALUE, ends ? "agency.valid_until" : "agency.valid_from",
        "%.*s has the last key that may administer, which is refused with it: give a key of another agency "
        "that right first, or say `even_last`.",
        TEXT_ARGS(stands->id));
}

int handle_agency_set(struct step *step, const struct msg_agency_set *set, struct problem *problem)
{
    struct core *core = step->core;
    struct msg_agency agency = normal_agency(&set->agency);
    if (check_agency(step, &agency, problem))
        return problem->error;
    uint32_t number = core_agency_find(core, agency.agency);
    keep_stand_in(core, number, &agency);
    struct msg_stood stood[HELD_SPANS];
    if (held_keep(step, number, &agency, stood, problem))
        return problem->error;
    if (number != NONE && is_same(core, &message_agency, &agency, core->agencies[number]->message))
        return unchanged(step, set->officer);
    if (number != NONE && !set->even_last && check_last_agency(step, &agency, number, problem))
        return problem->error;
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_AGENCY);
    MSG_SET(&record, record, agency, agency);
    if (number != NONE && !text_equal(agency.parent, core->agencies[number]->message->parent))
        MSG_SET(&record, record, placed, true);
    struct recipients told = {0};
    agency_tell(step, number, &agency, &record, &told);
    return done(step, &record, set->officer);
}

/* ---- keys ---- */

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
    if (is_administrator(key) && !keeps && !set->even_last && !another_administers(core, number, NONE, step->now_ms))
        return last_administrator(set->key.rights & TERM_BIT(RIGHT_ADMINISTER) ? "key.valid_until" : "key.rights",
                                  problem);
    return 0;
}

static int done_key(struct step *step, uint32_t agency, const struct msg_key *key, struct text officer)
{
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_KEY);
    MSG_SET(&record, record, agency, *step->core->agencies[agency]->message);
    MSG_SET(&record, record, entry, *key);
    return done(step, &record, officer);
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
    if (number != NONE && is_same(core, &message_key, &key, core->keys[number].message))
        return unchanged(step, set->officer);
    return done_key(step, agency, &key, set->officer);
}

int handle_key_revoke(struct step *step, const struct msg_key_revoke *revoke, struct problem *problem)
{
    struct core *core = step->core;
    uint32_t number = key_find(core, revoke->public_key);
    if (number == NONE)
        return problem_set(problem, COORD_E_KEY_NOT_FOUND, "public_key", "No agency has this key.");
    if (MSG_HAS(core->keys[number].message, key, revoked))
        return unchanged(step, revoke->officer);
    if (is_administrator(&core->keys[number]) && !revoke->even_last &&
        !another_administers(core, number, NONE, step->now_ms))
        return last_administrator("public_key", problem);
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

/* ---- calendars and policies: their own rooms say whether they are sound ---- */

/* Whether a day off of the calendar that stands has this name. The next is looked for behind the last that was found: whoever sends
 * them again sends them in their order. */
static bool had_name(const struct msg_exception_items *had, uint32_t *at, struct text name)
{
    for (uint32_t i = 0; i < had->count; i++) {
        const uint32_t place = (*at + i) % had->count;
        if (!text_equal(had->items[place].name, name))
            continue;
        *at = place + 1;
        return true;
    }
    return false;
}

static int check_calendar_names(const struct msg_calendar *calendar, const struct msg_calendar *old,
                                struct problem *problem)
{
    static const struct msg_calendar none = {0};
    const struct msg_calendar *stands = old ? old : &none;
    int error = naming_check_anew(calendar->zone, stands->zone, "calendar.zone", problem);
    for (uint32_t i = 0, at = 0; !error && i < calendar->exceptions.count; i++) {
        const struct text name = calendar->exceptions.items[i].name;
        char path[48];
        snprintf(path, sizeof path, "calendar.exceptions[%u].name", (unsigned)i);
        error = naming_check_name(name, path, problem);
        if (error && had_name(&stands->exceptions, &at, name))
            error = 0;
    }
    return error;
}

int handle_calendar_set(struct step *step, const struct msg_calendar_set *set, struct problem *problem)
{
    struct core *core = step->core;
    uint32_t number = core_calendar_find(core, set->calendar.calendar);
    const struct msg_calendar *old = number == NONE ? NULL : calendar_message(core->calendars[number].calendar);
    if (check_naming(step, &calendars, set->calendar.calendar, set->calendar.name, old ? &old->name : NULL, problem) ||
        check_calendar_names(&set->calendar, old, problem) || calendar_check_zone(&set->calendar, old, problem))
        return problem->error;
    step_look(step, CALENDAR_COST);
    struct calendar *calendar = calendar_new(&set->calendar, problem);
    if (!calendar) {
        problem_within(problem, "calendar");
        return problem->error;
    }
    const bool has_room = number != NONE || core->calendar_count < CORE_CALENDARS_MAX;
    const bool stands = number != NONE && is_same(core, &message_calendar, &set->calendar,
                                                  calendar_message(core->calendars[number].calendar));
    if (has_room && step->dry_run)
        recount_try(step, number, calendar, set->after, stands ? 0 : record_next_seq(core));
    calendar_free(calendar);
    if (!has_room)
        return problem_set(problem, COORD_E_CAPACITY, "calendar", "The broker holds %d calendars, and no more.",
                           CORE_CALENDARS_MAX);
    if (step->dry_run)
        return 0;
    if (stands)
        return unchanged(step, set->officer);
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_CALENDAR);
    MSG_SET(&record, record, calendar_set, set->calendar);
    return done(step, &record, set->officer);
}

/* ---- the clock: whether it can be right is the loop's to say ---- */

#define CLOCK_SEEN_MS 60000 /* an administrator who looked and then accepted takes no longer */

/* The record's own time is the clock that was accepted, and `instant` that of the record before: from here on the
 * newest record is no longer so far away. */
int handle_clock_accept(struct step *step, const struct msg_clock_accept *accept, struct problem *problem)
{
    if (!step->clock_doubtful)
        return unchanged(step, accept->officer);
    int64_t off_ms = MSG_HAS(accept, clock_accept, clock) ? accept->clock - step->now_ms : 0;
    if (off_ms > CLOCK_SEEN_MS || off_ms < -CLOCK_SEEN_MS)
        return problem_set(
            problem, COORD_E_BAD_VALUE, "clock",
            "The clock is %lld seconds away from that; look at it again (status has it), and then accept.",
            (long long)(off_ms < 0 ? -off_ms : off_ms) / 1000);
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_CLOCK);
    MSG_SET(&record, record, instant, step->core->time);
    return done(step, &record, accept->officer);
}

/* ---- policies ---- */

static int check_policy_room(const struct core *core, uint32_t newest, struct problem *problem)
{
    uint32_t ids = 0;
    for (uint32_t i = 0; i < core->policy_count; i++)
        ids += core->policies[i].newest;
    if (newest == NONE && ids >= CORE_POLICIES_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "policy", "The broker holds %d policies, and no more.",
                           CORE_POLICIES_MAX);
    if (core->policy_count >= CORE_POLICY_VERSIONS)
        return problem_set(problem, COORD_E_CAPACITY, "policy",
                           "The broker holds %d versions of policies, and no more.", CORE_POLICY_VERSIONS);
    return 0;
}

static int check_step_agencies(const struct step *step, const struct msg_policy *policy, struct problem *problem)
{
    const struct core *core = step->core;
    for (uint32_t i = 0; i < policy->steps.count; i++)
        for (uint32_t j = 0; j < policy->steps.items[i].agencies.count; j++) {
            uint32_t agency;
            char path[64];
            snprintf(path, sizeof path, "policy.steps[%u].agencies[%u]", (unsigned)i, (unsigned)j);
            if (content_find_agency(core, policy->steps.items[i].agencies.items[j], path, &agency, problem) ||
                content_check_lasts(core, agency, step->now_ms, path, problem))
                return problem->error;
        }
    return 0;
}

int handle_policy_set(struct step *step, const struct msg_policy_set *set, struct problem *problem)
{
    struct core *core = step->core;
    struct msg_policy message = set->policy;
    uint32_t newest = core_policy_find(core, message.policy);
    MSG_SET(&message, policy, version, newest == NONE ? 1 : core->policies[newest].version);
    const struct msg_policy *old = newest == NONE ? NULL : policy_message(core->policies[newest].policy);
    if (newest == NONE && (settings_says_none(message.policy) || naming_differs_in_case(message.policy, TEXT("none"))))
        return problem_set(problem, COORD_E_BAD_VALUE, "policy.policy",
                           "`none` is how a task is given without a policy; take another id.");
    const bool stands = newest != NONE &&
                        is_same(core, &message_policy, &message, policy_message(core->policies[newest].policy));
    const bool rehearses = step->dry_run && MSG_HAS(set, policy_set, since);
    if (stands && !rehearses)
        return unchanged(step, set->officer);
    if (check_naming(step, &policies, message.policy, message.name, old ? &old->name : NULL, problem) ||
        naming_check_anew(message.source, old ? old->source : (struct text){0}, "policy.source", problem) ||
        check_step_agencies(step, &message, problem))
        return problem->error;
    struct policy *policy = policy_new(&message, problem);
    if (!policy) {
        problem_within(problem, "policy");
        return problem->error;
    }
    const int error = stands ? 0 : check_policy_room(core, newest, problem);
    if (!error && rehearses)
        policy_try(step, policy, set->since, set->after, stands ? 0 : record_next_seq(core));
    policy_free(policy);
    if (error || rehearses)
        return error;
    if (newest != NONE)
        message.version++;
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_POLICY);
    MSG_SET(&record, record, policy_set, message);
    return done(step, &record, set->officer);
}

/* ---- the store's settings ---- */

int handle_store_set(struct step *step, const struct msg_store_set *set, struct problem *problem)
{
    struct core *core = step->core;
    const struct msg_store_settings none = {0}, stands = settings_merge(core, &none),
                                    whole = settings_merge(core, &set->settings);
    if (is_same(core, &message_store_settings, &stands, &whole))
        return unchanged(step, set->officer);
    if (MSG_HAS(&set->settings, store_settings, default_policy) && MSG_HAS(&whole, store_settings, default_policy) &&
        core_policy_find(core, whole.default_policy) == NONE)
        return problem_set(problem, COORD_E_POLICY_UNKNOWN, "settings.default_policy",
                           "There is no policy `%.*s`; policy_list has the ids, and `none` is to have none.",
                           TEXT_ARGS(whole.default_policy));
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_SETTINGS);
    MSG_SET(&record, record, store_settings, whole);
    return done(step, &record, set->officer);
}

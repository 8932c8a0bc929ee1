/* The last key that administers: it is not lost without a word, neither by itself nor with its agency. */
#include "core/administrator.h"

#include "core/agency.h"

bool administrator_is(const struct key *key)
{
    return !MSG_HAS(key->message, key, revoked) && (key->message->rights & TERM_BIT(RIGHT_ADMINISTER));
}

static bool administrator_may_now(const struct core *core, const struct key *key, int64_t now_ms)
{
    const bool has_expired = MSG_HAS(key->message, key, valid_until) && now_ms >= key->message->valid_until;
    return administrator_is(key) && !has_expired && agency_is_valid(core->agencies[key->agency], now_ms);
}

bool administrator_other(const struct core *core, uint32_t number, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; i < core->key_count; i++)
        if (i != number && core->keys[i].agency != agency && administrator_may_now(core, &core->keys[i], now_ms))
            return true;
    return false;
}

int administrator_refuse_last(const char *field, struct problem *problem)
{
    return problem_set(
        problem, COORD_E_BAD_VALUE, field,
        "It is the last key that may administer: give another key that right first, or say `even_last`.");
}

int administrator_check_agency(const struct step *step, const struct msg_agency *agency, uint32_t number,
                               struct problem *problem)
{
    const struct core *core = step->core;
    const struct agency *stands = core->agencies[number];
    const bool begins = MSG_HAS(agency, agency, valid_from) && agency->valid_from > step->now_ms;
    const bool ends = MSG_HAS(agency, agency, valid_until) && !(MSG_HAS(stands->message, agency, valid_until) &&
                                                                stands->message->valid_until <= agency->valid_until);
    bool has_one = false;
    for (uint32_t i = 0; (begins || ends) && i < stands->key_count; i++)
        has_one |= administrator_may_now(core, &core->keys[stands->keys[i]], step->now_ms);
    if (!has_one || administrator_other(core, NONE, number, step->now_ms))
        return 0;
    return problem_set(
        problem, COORD_E_BAD_VALUE, ends ? "agency.valid_until" : "agency.valid_from",
        "%.*s has the last key that may administer, which is refused with it: give a key of another agency "
        "that right first, or say `even_last`.",
        TEXT_ARGS(stands->id));
}

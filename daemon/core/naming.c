#include "core/naming.h"

#include <string.h>

#include "base/unicode.h"
#include "check.h"
#include "core/agency.h"

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

int naming_check_id(struct text id, const char *field, struct problem *problem)
{
    for (uint32_t i = 0; i < id.size; i++) {
        char c = id.data[i];
        if (!is_letter_or_digit(c) && c != '-' && c != '_' && c != '.')
            return problem_set(problem, COORD_E_BAD_VALUE, field,
                               "An id has letters A to Z and a to z, digits, `-`, `_` and dots; this has "
                               "another at byte %u.",
                               (unsigned)i);
    }
    if (id.size > 0 && !is_letter_or_digit(id.data[0]))
        return problem_set(problem, COORD_E_BAD_VALUE, field, "An id begins with a letter or a digit, not with `%c`.",
                           id.data[0]);
    return 0;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool naming_differs_in_case(struct text a, struct text b)
{
    if (a.size != b.size || text_equal(a, b))
        return false;
    for (uint32_t i = 0; i < a.size; i++)
        if (small(a.data[i]) != small(b.data[i]))
            return false;
    return true;
}

int naming_too_near(struct text id, struct text other, const char *field, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, field,
                       "`%.*s` is told from `%.*s`, which is there already, by capital letters alone; take another id.",
                       TEXT_ARGS(id), TEXT_ARGS(other));
}

int naming_check_seen(struct text text, const char *field, struct problem *problem)
{
    if (text.size > 0 && unicode_is_blank(text))
        return problem_set(problem, COORD_E_BAD_VALUE, field, "It holds nothing that can be seen; say it in words.");
    return 0;
}

int naming_check_name(struct text name, const char *field, struct problem *problem)
{
    const uint32_t broken = text_break(name), turn = text_turn(name);
    if (broken)
        return problem_set(problem, COORD_E_BAD_VALUE, field, "It is one line, without tabs; it holds U+%04X.",
                           (unsigned)broken);
    if (turn)
        return problem_set(problem, COORD_E_BAD_TEXT, field,
                           "U+%04X turns the direction of what is read after it; leave it out.", (unsigned)turn);
    return naming_check_seen(name, field, problem);
}

int naming_check_anew(struct text name, struct text stands, const char *field, struct problem *problem)
{
    return text_equal(name, stands) ? 0 : naming_check_name(name, field, problem);
}

/* ---- references ---- */

/* The bytes of the character that a text begins or ends with. */
static struct text first_of(struct text text)
{
    uint32_t size = text.size > 0;
    while (size < text.size && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size++;
    return (struct text){text.data, size};
}

static struct text last_of(struct text text)
{
    uint32_t at = text.size > 0 ? text.size - 1 : 0;
    while (at > 0 && ((unsigned char)text.data[at] & 0xC0) == 0x80)
        at--;
    return (struct text){text.data + at, text.size - at};
}

int naming_check_reference(struct text reference, const char *field, struct problem *problem)
{
    int error = naming_check_name(reference, field, problem);
    if (error || reference.size == 0)
        return error;
    if (reference.data[0] == '@' || reference.data[0] == '-')
        return problem_set(problem, COORD_E_BAD_VALUE, field,
                           "A reference does not begin with `%c`, by which commands tell %s; begin it otherwise.",
                           reference.data[0], reference.data[0] == '@' ? "a task's number" : "an option");
    if (unicode_is_blank(first_of(reference)) || unicode_is_blank(last_of(reference)))
        return problem_set(problem, COORD_E_BAD_VALUE, field,
                           "A reference neither begins nor ends with what cannot be seen, such as a space.");
    return 0;
}

/* ---- labels ---- */

static bool is_used(const struct key *key, int64_t now_ms)
{
    return !MSG_HAS(key->message, key, revoked) &&
           !(MSG_HAS(key->message, key, valid_until) && now_ms >= key->message->valid_until);
}

int naming_check_label(const struct core *core, uint32_t agency, uint32_t key, struct text label, int64_t now_ms,
                       struct problem *problem)
{
    const struct agency *owner = core->agencies[agency];
    if (key != NONE && text_equal(core->keys[key].message->label, label) && is_used(&core->keys[key], now_ms))
        return 0;
    int error = naming_check_name(label, "key.label", problem);
    for (uint32_t i = 0; !error && i < owner->key_count; i++) {
        const struct key *other = &core->keys[owner->keys[i]];
        if (owner->keys[i] != key && is_used(other, now_ms) && text_equal(other->message->label, label))
            error = problem_set(problem, COORD_E_LABEL_TAKEN, "key.label",
                                "%.*s has a key `%.*s` already; name this one otherwise, or revoke that one first.",
                                TEXT_ARGS(owner->id), TEXT_ARGS(label));
    }
    return error;
}

#include "core/agency_told.h"

#include "core/agency.h"
#include "core/deadline_text.h"
#include "core/heir.h"

struct telling {
    struct step *step;
    const struct agency *stands;   /* as it is */
    const struct msg_agency *next; /* as it is to be */
    struct msg_record *record;
    struct recipients *told;
};

static bool is_succession(const struct msg_agency *agency)
{
    return agency->successor.size > 0 && MSG_HAS(agency, agency, valid_until);
}

static int64_t end_of(const struct msg_agency *agency)
{
    return MSG_HAS(agency, agency, valid_until) ? agency->valid_until : INT64_MAX;
}

/* After what the record says so far. */
static struct text beside(const struct telling *telling, struct text words, struct text shortly)
{
    const struct text said = telling->record->reason;
    const bool fits = said.size + 1 + words.size <= REASON_MAX;
    return arena_printf(telling->step->arena, "%.*s %.*s", TEXT_ARGS(said), TEXT_ARGS(fits ? words : shortly));
}

/* One record has one notice, and the words of all. With ids of 64 bytes there may be no room for them beside what was said before: then
 * they are said shortly, and all three come to 470 bytes of REASON_MAX, or the last two to 460. */
static void say(struct telling *telling, const struct recipients *who, int notice, struct text words,
                struct text shortly)
{
    const struct core *core = telling->step->core;
    struct msg_record *record = telling->record;
    if (who->count == 0)
        return;
    for (uint32_t i = 0; i < who->count; i++)
        recipients_add_itself(telling->told, who->agencies[i], NONE);
    if (MSG_HAS(record, record, reason))
        words = beside(telling, words, shortly);
    else
        MSG_SET(record, record, notice, notice);
    MSG_SET(record, record, severity, SEVERITY_NOTICE);
    MSG_SET(record, record, reason, words);
    MSG_SET(record, record, to, recipients_texts(core, telling->told));
}

/* "A ends on 2024-06-28", by the calendar `default`, or "A has ended". */
static struct text end_words(const struct telling *telling)
{
    const struct step *step = telling->step;
    const uint32_t number = core_calendar_find(step->core, TEXT("default"));
    const struct text id = telling->stands->id;
    char when[WHEN_ROOM];
    if (end_of(telling->next) <= step->now_ms || number == NONE)
        return arena_printf(step->arena, "%.*s %s", TEXT_ARGS(id),
                            end_of(telling->next) <= step->now_ms ? "has ended" : "ends");
    deadline_when(step->core->calendars[number].calendar, end_of(telling->next), when);
    return arena_printf(step->arena, "%.*s ends on %s", TEXT_ARGS(id), when);
}

/* ---- a succession that was set is changed ---- */

static struct text change_words(const struct telling *telling)
{
    const struct msg_agency *old = telling->stands->message, *next = telling->next;
    struct arena *arena = telling->step->arena;
    const struct text id = telling->stands->id, ends = end_words(telling);
    if (!is_succession(next) && end_of(next) <= telling->step->now_ms)
        return arena_printf(arena, "%.*s takes the place of %.*s no more, and nobody does.", TEXT_ARGS(old->successor),
                            TEXT_ARGS(id));
    if (!is_succession(next))
        return arena_printf(arena, "%.*s takes the place of %.*s no more: what is given to %.*s is its own.",
                            TEXT_ARGS(old->successor), TEXT_ARGS(id), TEXT_ARGS(id));
    if (text_equal(old->successor, next->successor))
        return arena_printf(arena, "%.*s, which is not what was said before; %.*s takes its place.", TEXT_ARGS(ends),
                            TEXT_ARGS(next->successor));
    return arena_printf(
        arena, "%.*s, and %.*s takes its place instead of %.*s: its tasks and notifications are then %.*s's.",
        TEXT_ARGS(ends), TEXT_ARGS(next->successor), TEXT_ARGS(old->successor), TEXT_ARGS(next->successor));
}

/* Beside what says when it ends, and who takes its place then: only of a succession is that said. */
static struct text change_shortly(const struct telling *telling)
{
    const struct msg_agency *old = telling->stands->message, *next = telling->next;
    if (text_equal(old->successor, next->successor))
        return TEXT("That is not what was said before.");
    return arena_printf(telling->step->arena, "It does so instead of %.*s.", TEXT_ARGS(old->successor));
}

static void tell_change(struct telling *telling)
{
    const struct step *step = telling->step;
    const struct core *core = step->core;
    const struct msg_agency *old = telling->stands->message, *next = telling->next;
    struct recipients who = {.count = 0};
    if (!is_succession(old) || (text_equal(old->successor, next->successor) && end_of(old) == end_of(next)))
        return;
    recipients_add(core, &who, telling->stands->successor, step->who.agency, step->now_ms);
    if (is_succession(next))
        recipients_add(core, &who, core_agency_find(core, next->successor), step->who.agency, step->now_ms);
    if (end_of(next) > step->now_ms) /* it is there itself, whoever stands there so far */
        recipients_add_itself(&who, telling->stands->number, step->who.agency);
    say(telling, &who, is_succession(next) ? NOTICE_ASSIGNED : NOTICE_REMOVED, change_words(telling),
        change_shortly(telling));
}

/* ---- those that it stands in for, or is to ---- */

static void tell_stood(struct telling *telling)
{
    const struct step *step = telling->step;
    const struct core *core = step->core;
    const int64_t end = end_of(telling->next), ends = end > step->now_ms ? end : step->now_ms;
    const struct text id = telling->stands->id;
    struct recipients who = {.count = 0};
    if (end >= telling->stands->valid_until)
        return;
    for (uint32_t at = telling->stands->stood.first; at != NONE; at = core_agency(core, at)->stood.next)
        if (core_agency(core, at)->stand_until > ends && core_agency(core, at)->valid_until > step->now_ms)
            recipients_add_itself(&who, at, step->who.agency);
    say(telling, &who, NOTICE_REMOVED,
        arena_printf(step->arena,
                     "%.*s: then it stands in for nobody more, nor does a successor of it; whom it stood in for may "
                     "name another.",
                     TEXT_ARGS(end_words(telling))),
        arena_printf(step->arena, "%.*s stands in for nobody more then.", TEXT_ARGS(id)));
}

void agency_tell(struct step *step, uint32_t number, const struct msg_agency *agency, struct msg_record *record,
                 struct recipients *told)
{
    heir_tell(step, number, agency, record, told);
    if (number == NONE)
        return;
    struct telling telling = {step, core_agency(step->core, number), agency, record, told};
    tell_change(&telling);
    tell_stood(&telling);
}

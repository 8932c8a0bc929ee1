/* Decides who stands in for an agency, and when: what is set is one agency's record, so that there is one stand-in at a time. See
 * stand_in.h for what comes of it.
 */
#include "core/agency.h"
#include "core/calendar_date.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/record.h"
#include "core/reply.h"
#include "core/stand_in.h"
#include "core/task.h"

/* From one setting of who stands in for an agency to the next: of 256 agencies, 51 a second. After each, tasks are looked at that something is
 * asked about: 0.1 us each, and 5 us for each that the agency leads; for all of them, a few at a tick, of one that succeeds to another. */
#define STAND_IN_AGAIN_MS 5000
#define CIRCLE_LOOKS      1024 /* stand-ins of stand-ins, × 10 ns; a chain that is longer is refused like a circle */

struct setting {
    struct step *step;
    const struct msg_agency_stand_in *request;
    uint32_t agency; /* that is stood in for */
    uint32_t by;     /* NONE to end it */
    struct msg_stand_in stand_in;
    uint32_t over[STAND_INS_MAX]; /* for which `by` stood in and does no more */
    uint32_t over_count;
};

/* ---- who may ---- */

/* Whoever has a say on both: who stands above both, the one of them that stands above the other, or an administrator. For who stands
 * in loses its say on what the other asks, has one of its few places taken, and hears what is not its own: that is not for any
 * agency to do to another. To end it is for each of the two as well. */
static int check_may(const struct setting *setting, struct problem *problem)
{
    const struct step *step = setting->step;
    const struct core *core = step->core;
    const uint32_t who = step->who.agency, by = setting->by;
    const bool lays_down = by == NONE && core_agency(core, setting->agency)->stand_in == who;
    const bool stands_above = agency_covers(core, who, setting->agency) && (by == NONE || agency_covers(core, who, by));
    if (lays_down || stands_above || (step->who.rights & TERM_BIT(RIGHT_ADMINISTER)))
        return 0;
    if (by == NONE)
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "agency",
                           "To end it is for %.*s, for who stands in, for those above it, or for an administrator.",
                           TEXT_ARGS(core_agency_id(core, setting->agency)));
    return problem_set(
        problem, COORD_E_NOT_AUTHORISED, agency_covers(core, who, setting->agency) ? "by" : "agency",
        "That %.*s stands in for %.*s is for an agency to say that is above both, or one of them and above "
        "the other, or for an administrator.",
        TEXT_ARGS(core_agency_id(core, by)), TEXT_ARGS(core_agency_id(core, setting->agency)));
}

static int check_seldom(const struct setting *setting, struct problem *problem)
{
    const int64_t now_ms = setting->step->now_ms;
    const struct msg_agency *agency = core_agency(setting->step->core, setting->agency)->message;
    const bool was_set = setting->by != NONE && MSG_HAS(agency, agency, stand_in_set); /* to end it is free */
    const int64_t again = was_set ? agency->stand_in_set + STAND_IN_AGAIN_MS : INT64_MIN;
    if (!was_set || agency->stand_in_set > now_ms || again <= now_ms) /* a clock may have been set back */
        return 0;
    return problem_set(problem, COORD_E_RATE_LIMITED, "agency",
                       "Who stands in for %.*s was said just now; it may be said again in %lld s.",
                       TEXT_ARGS(agency->agency), (long long)((again - now_ms + 999) / 1000));
}

/* ---- when ---- */

static int read_day(struct text words, const char *field, int64_t today, int64_t *day, struct problem *problem)
{
    if (date_read(words, field, day, problem))
        return problem->error;
    if (*day < today)
        return problem_set(problem, COORD_E_BAD_VALUE, field, "%.*s has passed; name today or a later day.",
                           TEXT_ARGS(words));
    return 0;
}

static int read_days(struct setting *setting, struct problem *problem)
{
    const struct step *step = setting->step;
    const struct msg_agency_stand_in *request = setting->request;
    const uint32_t number = core_calendar_find(step->core, TEXT("default"));
    if (!MSG_HAS(request, agency_stand_in, until))
        return problem_set(problem, COORD_E_MISSING_FIELD, "until",
                           "`until` is required with `by`: the last day; a stand-in is none for good.");
    if (number == NONE)
        return problem_set(problem, COORD_E_CALENDAR_UNKNOWN, "from",
                           "There is no calendar `default`, by which its days begin and end; set one first.");
    const struct calendar *calendar = step->core->calendars[number].calendar;
    const int64_t today = calendar_day(calendar, step->now_ms);
    int64_t from = today, until;
    char *day = arena_alloc(step->arena, DATE_TEXT);
    if ((MSG_HAS(request, agency_stand_in, from) && read_day(request->from, "from", today, &from, problem)) ||
        read_day(request->until, "until", today, &until, problem))
        return problem->error;
    if (until < from)
        return problem_set(problem, COORD_E_BAD_VALUE, "until", "It is the last day, and may not lie before `from`.");
    if (from < DATE_FIRST) /* by a clock that was taken for right */
        return problem_set(problem, COORD_E_CALENDAR_RANGE, "from", "Today is before 2000-01-01; name a later day.");
    date_text(from, day);
    MSG_SET(&setting->stand_in, stand_in, from, calendar_end_of(calendar, from - 1));
    MSG_SET(&setting->stand_in, stand_in, until, calendar_end_of(calendar, until));
    MSG_SET(&setting->stand_in, stand_in, from_day, text_of(day));
    MSG_SET(&setting->stand_in, stand_in, until_day, request->until);
    return 0;
}

/* ---- whom ---- */

/* Whether some day comes on which whoever is asked would stand in for itself, through others: each link is followed for the days
 * that all before it have in common. */
static bool comes_back(const struct setting *setting, uint64_t *looked)
{
    const struct core *core = setting->step->core;
    int64_t from = setting->stand_in.from, until = setting->stand_in.until;
    for (uint32_t at = setting->by; at != NONE && from < until; at = core_agency(core, at)->stand_in) {
        if (at == setting->agency || ++*looked == CIRCLE_LOOKS)
            return true;
        const struct agency *agency = core_agency(core, at);
        from = agency->stand_from > from ? agency->stand_from : from;
        until = agency->stand_until < until ? agency->stand_until : until;
    }
    return false;
}

/* How many one stands in for or is to, this one left out; those that are over it need not be said of any more. */
static uint32_t stood_beside(struct setting *setting)
{
    const struct core *core = setting->step->core;
    uint32_t count = 0;
    for (uint32_t at = core_agency(core, setting->by)->stood.first; at != NONE; at = core_agency(core, at)->stood.next)
        if (core_agency(core, at)->stand_until > setting->step->now_ms)
            count += at != setting->agency;
        else if (at != setting->agency && setting->over_count < STAND_INS_MAX)
            setting->over[setting->over_count++] = at;
    return count;
}

static int check_by(struct setting *setting, struct problem *problem)
{
    struct step *step = setting->step;
    const struct core *core = step->core;
    const struct agency *by = core_agency(core, setting->by), *agency = core_agency(core, setting->agency);
    uint64_t looked = 0;
    if (content_check_lasts(core, setting->agency, step->now_ms, "agency", problem) ||
        content_check_lasts(core, setting->by, step->now_ms, "by", problem))
        return problem->error;
    if (by->valid_from >= setting->stand_in.until || by->valid_until <= setting->stand_in.from)
        return problem_set(problem, COORD_E_NOT_ASSIGNABLE, "by",
                           "%.*s is there on none of these days; name an agency that is.", TEXT_ARGS(by->id));
    const bool is_circle = comes_back(setting, &looked);
    step_look(step, 1 + looked / 8);
    if (is_circle)
        return problem_set(problem, COORD_E_TREE_CYCLE, "by",
                           "%.*s would stand in for itself on some day, at once or through who stands in for it.",
                           TEXT_ARGS(agency->id));
    if (stood_beside(setting) >= STAND_INS_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "by",
                           "%.*s stands in for %d agencies, or is to, and for no more at a time.", TEXT_ARGS(by->id),
                           STAND_INS_MAX);
    return 0;
}

static int find_agencies(struct setting *setting, struct problem *problem)
{
    const struct step *step = setting->step;
    const struct msg_agency_stand_in *request = setting->request;
    setting->agency = step->who.agency;
    setting->by = NONE;
    if (MSG_HAS(request, agency_stand_in, agency) &&
        content_find_agency(step->core, request->agency, "agency", &setting->agency, problem))
        return problem->error;
    if (MSG_HAS(request, agency_stand_in, by) &&
        content_find_agency(step->core, request->by, "by", &setting->by, problem))
        return problem->error;
    if (setting->by != NONE)
        MSG_SET(&setting->stand_in, stand_in, by, core_agency_id(step->core, setting->by));
    return 0;
}

/* Who stands in is not ended by saying who does later: in between nobody would. */
static int check_goes_on(const struct setting *setting, struct problem *problem)
{
    const struct core *core = setting->step->core;
    const struct msg_stand_in *stands = &core_agency(core, setting->agency)->message->stand_in;
    if (stand_in_of(core, setting->agency, setting->step->now_ms) == NONE ||
        setting->stand_in.from <= setting->step->now_ms)
        return 0;
    return problem_set(
        problem, COORD_E_BAD_VALUE, "from",
        "%.*s stands in for %.*s until %.*s, and another from later on would end that now: end it first, "
        "or begin today.",
        TEXT_ARGS(stands->by), TEXT_ARGS(core_agency_id(core, setting->agency)), TEXT_ARGS(stands->until_day));
}

static int check(struct setting *setting, struct problem *problem)
{
    const struct msg_agency_stand_in *request = setting->request;
    int error = find_agencies(setting, problem);
    if (!error)
        error = check_may(setting, problem);
    if (!error && setting->by == NONE &&
        (MSG_HAS(request, agency_stand_in, from) || MSG_HAS(request, agency_stand_in, until)))
        error = problem_set(problem, COORD_E_MISSING_FIELD, "by",
                            "`by` is required with days: who is to stand in. Without any of them it is ended.");
    if (!error && setting->by != NONE)
        error = read_days(setting, problem);
    if (!error && setting->by != NONE)
        error = check_by(setting, problem);
    if (!error && setting->by != NONE)
        error = check_goes_on(setting, problem);
    return error;
}

/* ---- the record ---- */

/* Who stood in until now, or was to; NONE for nobody. */
static uint32_t stood_before(const struct setting *setting)
{
    const struct agency *agency = core_agency(setting->step->core, setting->agency);
    return agency->stand_in != NONE && agency->stand_until > setting->step->now_ms ? agency->stand_in : NONE;
}

/* What is said of it when another does. */
static struct text replaced_words(const struct setting *setting, uint32_t was)
{
    const struct core *core = setting->step->core;
    const bool stood = core_agency(core, setting->agency)->stand_from <= setting->step->now_ms;
    if (was == NONE || was == setting->by)
        return TEXT("");
    return arena_printf(setting->step->arena,
                        stood ? " Until now %.*s stood in, and does no more." : " Not %.*s, which was to stand in.",
                        TEXT_ARGS(core_agency_id(core, was)));
}

/* Whom it concerns but who said it: the agency, who stands in, and who did until now or was to. */
static void tell(const struct setting *setting, struct msg_record *record, struct recipients *told)
{
    const struct step *step = setting->step;
    const struct core *core = step->core;
    const uint32_t was = stood_before(setting);
    const uint32_t who[] = {setting->agency, setting->by, was};
    for (size_t i = 0; i < sizeof who / sizeof *who; i++)
        if (who[i] != NONE)
            recipients_add(core, told, who[i], step->who.agency, step->now_ms);
    if (told->count == 0)
        return;
    const struct text id = core_agency_id(core, setting->agency);
    const struct msg_stand_in *now = &setting->stand_in;
    const struct text replaced = replaced_words(setting, was);
    const struct text reason =
        setting->by == NONE
            ? arena_printf(step->arena, "Nobody stands in for %.*s any more.", TEXT_ARGS(id))
            : arena_printf(step->arena,
                           "%.*s stands in for %.*s from %.*s to %.*s: what is told to it comes to both, and "
                           "what is done in its name says who did it.%.*s",
                           TEXT_ARGS(now->by), TEXT_ARGS(id), TEXT_ARGS(now->from_day), TEXT_ARGS(now->until_day),
                           TEXT_ARGS(replaced));
    MSG_SET(record, record, notice, setting->by == NONE ? NOTICE_REMOVED : NOTICE_ASSIGNED);
    MSG_SET(record, record, severity, SEVERITY_NOTICE);
    MSG_SET(record, record, reason, reason);
    MSG_SET(record, record, to, recipients_texts(core, told));
}

/* Without its stand-in, which is over: so that the list of those that one stands in for stays as short as it may be. */
static void forget(const struct setting *setting, uint32_t at)
{
    struct step *step = setting->step;
    struct msg_agency agency = *core_agency(step->core, setting->over[at])->message;
    struct msg_record record = {0};
    agency.stand_in = (struct msg_stand_in){0};
    agency.has &= ~MSG_BIT(agency, stand_in);
    MSG_SET(&record, record, record, RECORD_AGENCY);
    MSG_SET(&record, record, agency, agency);
    task_sign(step, &record, setting->request->officer, at + 1, 1 + setting->over_count);
    step_record(step, &record);
}

static bool is_same(const struct msg_stand_in *a, const struct msg_stand_in *b)
{
    return text_equal(a->by, b->by) && a->from == b->from && a->until == b->until;
}

int handle_agency_stand_in(struct step *step, const struct msg_agency_stand_in *request, struct problem *problem)
{
    struct setting setting = {.step = step, .request = request};
    if (check(&setting, problem))
        return problem->error;
    struct msg_agency agency = *core_agency(step->core, setting.agency)->message;
    const bool stands = MSG_HAS(&agency, agency, stand_in) && agency.stand_in.until > step->now_ms;
    if (setting.by == NONE ? !stands : stands && is_same(&agency.stand_in, &setting.stand_in)) {
        task_unchanged(step, request->officer);
        return 0;
    }
    if (check_seldom(&setting, problem))
        return problem->error;
    struct msg_record record = {0};
    struct recipients told = {.count = 0};
    if (setting.by != NONE)
        MSG_SET(&agency, agency, stand_in_set, step->now_ms);
    if (setting.by == NONE) {
        agency.stand_in = (struct msg_stand_in){0};
        agency.has &= ~MSG_BIT(agency, stand_in);
    } else {
        MSG_SET(&agency, agency, stand_in, setting.stand_in);
    }
    MSG_SET(&record, record, record, RECORD_AGENCY);
    MSG_SET(&record, record, agency, agency);
    tell(&setting, &record, &told);
    task_sign(step, &record, request->officer, 0, 1 + setting.over_count);
    step_record(step, &record);
    const uint64_t seq = record.seq; /* a dry run's as well */
    for (uint32_t i = 0; i < setting.over_count; i++)
        forget(&setting, i);
    reply_changes(step, seq, NULL, 0);
    return 0;
}

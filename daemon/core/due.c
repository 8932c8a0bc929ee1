#include "core/due.h"

#include <stdio.h>

#include "core/agency.h"

#define HOUR_MS   (INT64_C(60) * 60 * 1000)
#define MINUTE_MS (INT64_C(60) * 1000)

/* ---- by when to accept ---- */

static int accept_unit(const struct msg_policy *policy)
{
    return MSG_HAS(policy, policy, accept_unit) ? policy->accept_unit : UNIT_WORKING_DAYS;
}

/* As words of a request, when they count what a calendar says. */
static bool accept_words(const struct msg_policy *policy, struct words *words)
{
    static const enum words_kind kinds[] = {[UNIT_WORKING_DAYS] = WORDS_WORKING_DAYS,
                                            [UNIT_CALENDAR_DAYS] = WORDS_CALENDAR_DAYS,
                                            [UNIT_WORKING_HOURS] = WORDS_WORKING_HOURS};
    const int unit = accept_unit(policy);
    if (!MSG_HAS(policy, policy, accept_within) || unit == UNIT_HOURS || unit == UNIT_MINUTES)
        return false;
    *words = (struct words){.kind = kinds[unit], .count = (int64_t)policy->accept_within};
    return true;
}

static const char *count_unit(int kind)
{
    static const char *const units[] = {
        [WORDS_WORKING_DAYS] = "wd", [WORDS_WORKING_HOURS] = "wh", [WORDS_CALENDAR_DAYS] = "d"};
    return units[kind];
}

/* By what a time that is counted moves when its clock stands still. */
static int rule_of(int kind)
{
    return kind == WORDS_WORKING_HOURS ? SHIFT_BY_MINUTES : SHIFT_BY_DAYS;
}

static void count_accept(const struct words *words, int64_t from_ms, uint64_t stood, struct arena *arena,
                         struct msg_counted *counted)
{
    *counted = (struct msg_counted){0};
    MSG_SET(counted, counted, words,
            arena_printf(arena, "%lld%s", (long long)words->count, count_unit((int)words->kind)));
    MSG_SET(counted, counted, from, from_ms);
    if (stood)
        MSG_SET(counted, counted, stood, stood);
}

/* The policy's words for a task of whose time to accept is known that they say it. */
static bool accept_known(const struct core *core, const struct task *task, struct words *words)
{
    const struct policy *policy = core_policy_of(core, task);
    return task->accept_stood > 0 && policy && accept_words(policy_message(policy), words);
}

void due_set_accept(const struct core *core, uint32_t policy, uint32_t calendar, int64_t now_ms, struct arena *arena,
                    struct msg_record *record)
{
    struct words words;
    struct msg_counted counted;
    int64_t due;
    if (policy == NONE || calendar == NONE)
        return;
    const struct msg_policy *message = policy_message(core->policies[policy].policy);
    if (!MSG_HAS(message, policy, accept_within))
        return;
    if (!accept_words(message, &words)) {
        const int64_t unit_ms = accept_unit(message) == UNIT_HOURS ? HOUR_MS : MINUTE_MS;
        record->has &= ~(UINT64_C(1) << MSG_FIELD(record, accept_counted));
        MSG_SET(record, record, accept_due, now_ms + (int64_t)message->accept_within * unit_ms);
    } else if (calendar_count(core->calendars[calendar].calendar, &words, now_ms, &due)) {
        count_accept(&words, now_ms, 0, arena, &counted);
        MSG_SET(record, record, accept_due, due);
        MSG_SET(record, record, accept_counted, counted);
    } /* past the end of the calendar there is no such day, and so no such deadline */
}

bool due_accept_counted(const struct core *core, const struct task *task, struct arena *arena,
                        struct msg_counted *counted)
{
    struct words words;
    if (!accept_known(core, task, &words))
        return false;
    count_accept(&words, task->assigned, task->accept_stood - 1, arena, counted);
    return true;
}

bool due_accept_recounted(const struct core *core, const struct task *task, const struct calendar *calendar,
                          int64_t *due_ms)
{
    struct words words;
    int64_t due;
    return accept_known(core, task, &words) && calendar_count(calendar, &words, task->assigned, &due) &&
           calendar_put_off(calendar, rule_of((int)words.kind), due, task->accept_stood - 1, due_ms);
}

int64_t due_accept_run_on(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                          struct msg_record *record)
{
    struct words words;
    struct msg_counted counted;
    int64_t due;
    bool stood_still = task->suspended != TIME_NONE && now_ms > task->suspended;
    if (!stood_still || task->calendar == NONE || !accept_known(core, task, &words))
        return due_resumed(core, task, task->accept_due, now_ms);
    const struct calendar *calendar = core_calendar_of(core, task);
    const int rule = rule_of((int)words.kind);
    const int64_t stood = calendar_stood(calendar, rule, task->suspended, now_ms);
    if (!calendar_put_off(calendar, rule, task->accept_due, stood, &due))
        return due_resumed(core, task, task->accept_due, now_ms);
    count_accept(&words, task->assigned, task->accept_stood - 1 + (uint64_t)stood, arena, &counted);
    MSG_SET(record, record, accept_counted, counted);
    return due;
}

/* ---- standing still ---- */

int64_t due_resumed(const struct core *core, const struct task *task, int64_t due_ms, int64_t now_ms)
{
    if (due_ms == TIME_NONE || task->suspended == TIME_NONE || now_ms <= task->suspended)
        return due_ms;
    if (task->calendar == NONE)
        return due_ms + (now_ms - task->suspended);
    return calendar_shift(core_calendar_of(core, task), due_ms, task->suspended, now_ms);
}

/* ---- due times that were given as a count ---- */

#define COUNT_SHIFT 8 /* a count has 5 digits: 17 bits */

uint32_t due_words_number(const struct words *words)
{
    return words_are_count(words) ? (uint32_t)words->count << COUNT_SHIFT | ((uint32_t)words->kind + 1) : 0;
}

static int count_kind(const struct task *task)
{
    return (int)(task->due_words & ((1U << COUNT_SHIFT) - 1)) - 1;
}

bool due_words_hold(const struct task *task)
{
    const struct words words = {.kind = (enum words_kind)count_kind(task), .count = task->due_words >> COUNT_SHIFT};
    return task->due_words == 0 ||
           (words.count > 0 && words.kind <= WORDS_CALENDAR_DAYS && task->due_from != TIME_NONE);
}

static int count_rule(const struct task *task)
{
    return rule_of(count_kind(task));
}

bool due_counted(const struct task *task, struct arena *arena, struct msg_counted *counted)
{
    *counted = (struct msg_counted){0};
    if (task->due_words == 0)
        return false;
    MSG_SET(counted, counted, words,
            arena_printf(arena, "%u%s", (unsigned)(task->due_words >> COUNT_SHIFT), count_unit(count_kind(task))));
    MSG_SET(counted, counted, from, task->due_from);
    if (task->due_stood)
        MSG_SET(counted, counted, stood, task->due_stood);
    return true;
}

bool due_recounted(const struct task *task, const struct calendar *calendar, int64_t *due_ms)
{
    const struct words words = {.kind = (enum words_kind)count_kind(task), .count = task->due_words >> COUNT_SHIFT};
    int64_t due;
    return calendar_count(calendar, &words, task->due_from, &due) &&
           calendar_put_off(calendar, count_rule(task), due, task->due_stood, due_ms);
}

void due_set_counted(struct msg_record *record, struct text text, int64_t now_ms, bool replaces)
{
    struct words words;
    struct problem problem = {0};
    struct msg_counted counted = {0};
    record->has &= ~(UINT64_C(1) << MSG_FIELD(record, counted));
    if (words_read(text, "", &words, &problem) || (!words_are_count(&words) && !replaces))
        return;
    MSG_SET(&counted, counted, words, text);
    MSG_SET(&counted, counted, from, now_ms);
    MSG_SET(record, record, counted, counted);
}

int64_t due_run_on(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                   struct msg_record *record)
{
    struct msg_counted counted;
    int64_t due;
    bool stood_still = task->suspended != TIME_NONE && now_ms > task->suspended;
    if (!stood_still || task->due == TIME_NONE || task->calendar == NONE || !due_counted(task, arena, &counted))
        return due_resumed(core, task, task->due, now_ms);
    const struct calendar *calendar = core_calendar_of(core, task);
    const int64_t stood = calendar_stood(calendar, count_rule(task), task->suspended, now_ms);
    if (!calendar_put_off(calendar, count_rule(task), task->due, stood, &due))
        return due_resumed(core, task, task->due, now_ms);
    if (stood > 0)
        MSG_SET(&counted, counted, stood, task->due_stood + (uint64_t)stood);
    MSG_SET(record, record, counted, counted);
    return due;
}

int due_asked(const struct core *core, uint32_t calendar, struct text words, const char *field, int64_t now_ms,
              bool backdated, int64_t *due_ms, struct problem *problem)
{
    int64_t due;
    if (calendar == NONE)
        return problem_set(problem, COORD_E_CALENDAR_UNKNOWN, field,
                           "There is no calendar `default` to count days in; set one, or name another.");
    if (calendar_due(core->calendars[calendar].calendar, words, now_ms, &due, problem)) {
        snprintf(problem->field, sizeof problem->field, "%s", field);
        return problem->error;
    }
    if (due <= now_ms && !backdated)
        return problem_set(problem, COORD_E_DUE_IN_PAST, field,
                           "`%.*s` has passed already; name a later time, or say `backdated` for work entered late.",
                           TEXT_ARGS(words));
    *due_ms = due;
    return 0;
}

#include "core/due.h"

#include <stdio.h>

#include "core/agency.h"
#include "core/asks.h"

#define HOUR_MS   (INT64_C(60) * 60 * 1000)
#define MINUTE_MS (INT64_C(60) * 1000)

/* ---- what a policy gives for something, and by when that is ---- */

struct within {
    bool is_given;
    int unit;
    uint64_t count;
};

static struct within accept_within(const struct msg_policy *policy)
{
    return (struct within){MSG_HAS(policy, policy, accept_within),
                           MSG_HAS(policy, policy, accept_unit) ? policy->accept_unit : UNIT_WORKING_DAYS,
                           policy->accept_within};
}

static struct within decide_within(const struct msg_policy *policy)
{
    return (struct within){MSG_HAS(policy, policy, decide_within),
                           MSG_HAS(policy, policy, decide_unit) ? policy->decide_unit : UNIT_WORKING_DAYS,
                           policy->decide_within};
}

/* As words of a request, when they count what a calendar says. */
static bool within_words(struct within within, struct words *words)
{
    static const enum words_kind kinds[] = {[UNIT_WORKING_DAYS] = WORDS_WORKING_DAYS,
                                            [UNIT_CALENDAR_DAYS] = WORDS_CALENDAR_DAYS,
                                            [UNIT_WORKING_HOURS] = WORDS_WORKING_HOURS};
    if (!within.is_given || within.unit == UNIT_HOURS || within.unit == UNIT_MINUTES)
        return false;
    *words = (struct words){.kind = kinds[within.unit], .count = (int64_t)within.count};
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

static void set_counted(const struct words *words, int64_t from_ms, uint64_t stood, struct arena *arena,
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
    return task->accept_stood > 0 && policy && within_words(accept_within(policy_message(policy)), words);
}

/* From an instant on; false when the policy gives nothing, or past the end of the calendar: then there is no such deadline.
 * `counted` is left as it was when the clock alone counts. */
static bool within_end(const struct calendar *calendar, struct within within, int64_t now_ms, struct arena *arena,
                       int64_t *due_ms, struct msg_counted *counted)
{
    struct words words;
    if (!within.is_given)
        return false;
    if (!within_words(within, &words)) {
        *due_ms = now_ms + (int64_t)within.count * (within.unit == UNIT_HOURS ? HOUR_MS : MINUTE_MS);
        return true;
    }
    if (!calendar_count(calendar, &words, now_ms, due_ms))
        return false;
    set_counted(&words, now_ms, 0, arena, counted);
    return true;
}

void due_set_accept(const struct core *core, uint32_t policy, uint32_t calendar, int64_t now_ms, struct arena *arena,
                    struct msg_record *record)
{
    struct msg_counted counted = {0};
    int64_t due;
    if (policy == NONE || calendar == NONE ||
        !within_end(core->calendars[calendar].calendar, accept_within(policy_message(core->policies[policy].policy)),
                    now_ms, arena, &due, &counted))
        return;
    record->has &= ~MSG_BIT(record, accept_counted);
    MSG_SET(record, record, accept_due, due);
    if (counted.has)
        MSG_SET(record, record, accept_counted, counted);
}

void due_set_decide(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                    struct msg_asked *asked)
{
    struct msg_counted counted = {0};
    const struct policy *policy = core_policy_of(core, task);
    const struct calendar *calendar = core_calendar_of(core, task);
    int64_t due;
    if (!policy || !calendar ||
        !within_end(calendar, decide_within(policy_message(policy)), now_ms, arena, &due, &counted))
        return;
    MSG_SET(asked, asked, decide_due, due);
    if (counted.has)
        MSG_SET(asked, asked, counted, counted);
}

bool due_decide_recounted(const struct core *core, const struct task *task, const struct msg_asked *asked,
                          const struct calendar *calendar, int64_t *due_ms)
{
    struct words words;
    const struct policy *policy = core_policy_of(core, task);
    return policy && MSG_HAS(asked, asked, counted) && within_words(decide_within(policy_message(policy)), &words) &&
           calendar_count(calendar, &words, asks_begun(asked), due_ms);
}

bool due_accept_counted(const struct core *core, const struct task *task, struct arena *arena,
                        struct msg_counted *counted)
{
    struct words words;
    if (!accept_known(core, task, &words))
        return false;
    set_counted(&words, task->assigned, task->accept_stood - 1, arena, counted);
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
    bool stood_still = task->rare->suspended != TIME_NONE && now_ms > task->rare->suspended;
    if (!stood_still || task->calendar == NONE || !accept_known(core, task, &words))
        return due_resumed(core, task, task->accept_due, now_ms);
    const struct calendar *calendar = core_calendar_of(core, task);
    const int rule = rule_of((int)words.kind);
    const int64_t stood = calendar_stood(calendar, rule, task->rare->suspended, now_ms);
    if (!calendar_put_off(calendar, rule, task->accept_due, stood, &due))
        return due_resumed(core, task, task->accept_due, now_ms);
    set_counted(&words, task->assigned, task->accept_stood - 1 + (uint64_t)stood, arena, &counted);
    MSG_SET(record, record, accept_counted, counted);
    return due;
}

/* ---- standing still ---- */

int64_t due_resumed(const struct core *core, const struct task *task, int64_t due_ms, int64_t now_ms)
{
    if (due_ms == TIME_NONE || task->rare->suspended == TIME_NONE || now_ms <= task->rare->suspended)
        return due_ms;
    if (task->calendar == NONE)
        return due_ms + (now_ms - task->rare->suspended);
    return calendar_shift(core_calendar_of(core, task), due_ms, task->rare->suspended, now_ms);
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
    if (task->rare->due_stood)
        MSG_SET(counted, counted, stood, task->rare->due_stood);
    return true;
}

bool due_recounted(const struct task *task, const struct calendar *calendar, int64_t *due_ms)
{
    const struct words words = {.kind = (enum words_kind)count_kind(task), .count = task->due_words >> COUNT_SHIFT};
    int64_t due;
    return calendar_count(calendar, &words, task->due_from, &due) &&
           calendar_put_off(calendar, count_rule(task), due, task->rare->due_stood, due_ms);
}

void due_set_counted(struct msg_record *record, struct text text, int64_t now_ms, bool replaces)
{
    struct words words;
    struct problem problem = {0};
    struct msg_counted counted = {0};
    record->has &= ~MSG_BIT(record, counted);
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
    bool stood_still = task->rare->suspended != TIME_NONE && now_ms > task->rare->suspended;
    if (!stood_still || task->due == TIME_NONE || task->calendar == NONE || !due_counted(task, arena, &counted))
        return due_resumed(core, task, task->due, now_ms);
    const struct calendar *calendar = core_calendar_of(core, task);
    const int64_t stood = calendar_stood(calendar, count_rule(task), task->rare->suspended, now_ms);
    if (!calendar_put_off(calendar, count_rule(task), task->due, stood, &due))
        return due_resumed(core, task, task->due, now_ms);
    if (stood > 0)
        MSG_SET(&counted, counted, stood, task->rare->due_stood + (uint64_t)stood);
    MSG_SET(record, record, counted, counted);
    return due;
}

int due_asked(const struct core *core, uint32_t calendar, struct text words, const char *field, int64_t now_ms,
              enum due_past past, int64_t *due_ms, struct problem *problem)
{
    int64_t due;
    if (calendar == NONE)
        return problem_set(problem, COORD_E_CALENDAR_UNKNOWN, field,
                           "There is no calendar `default` to count days in; set one, or name another.");
    if (calendar_due(core->calendars[calendar].calendar, words, now_ms, &due, problem)) {
        snprintf(problem->field, sizeof problem->field, "%s", field);
        return problem->error;
    }
    if (due <= now_ms && past != DUE_BACKDATED)
        return problem_set(problem, COORD_E_DUE_IN_PAST, field, "`%.*s` has passed already; name a later time%s.",
                           TEXT_ARGS(words),
                           past == DUE_AHEAD_ALONE ? "" : ", or say `backdated` for work entered late");
    *due_ms = due;
    return 0;
}

#include "core/unanswered.h"

#include "core/agency.h"
#include "core/deadline_text.h"
#include "core/decider.h"
#include "core/exclude.h"
#include "core/notice.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/standing.h"

/* ---- when ---- */

/* From when on nobody may give it: from one end of an agency that it depends on to the next, as for who decides. */
static int64_t gone_since(const struct core *core, const struct task *task, const struct msg_question *question,
                          const struct msg_opinion *opinion)
{
    const uint32_t asked = core_agency_find(core, opinion->agency);
    int64_t at = question->asked;
    while (at != INT64_MAX && decider_may(core, task, agency_effective(core, asked, at), at)) {
        const int64_t of_asked = standing_next(core, task, asked, at),
                      of_lead = standing_next(core, task, task->lead, at);
        at = of_asked < of_lead ? of_asked : of_lead;
    }
    return at;
}

static int64_t next_of(const struct core *core, const struct task *task, const struct msg_opinion *opinion)
{
    const struct msg_question *question = questions_find(task, opinion->question);
    const int64_t gone = gone_since(core, task, question, opinion);
    return opinion->state == OPINING_ASKED && question->due < gone ? question->due : gone;
}

int64_t unanswered_next(const struct core *core, const struct task *task)
{
    int64_t first = INT64_MAX;
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const struct msg_opinion *opinion = task->rare->questions->opinions[i];
        const int64_t next = opinion_is_owed(opinion) ? next_of(core, task, opinion) : INT64_MAX;
        if (next < first)
            first = next;
    }
    return first;
}

/* ---- telling ---- */

#define OPINIONS_EACH 32 /* of a question, as messages.def.h has it */

struct telling {
    struct core *core;
    const struct task *task;
    const struct msg_question *question;
    int64_t now_ms;
    struct msg_opinion opinions[OPINIONS_EACH];
    uint32_t count, silent;
};

/* An opinion as it will be; what its record need not say again is left out. */
static void add(struct telling *telling, const struct msg_opinion *owed)
{
    const struct core *core = telling->core;
    const int64_t gone = gone_since(core, telling->task, telling->question, owed);
    const uint32_t owes = questions_owes(core, owed, telling->now_ms);
    struct msg_opinion *opinion = &telling->opinions[telling->count++];
    *opinion = *owed;
    if (gone <= telling->now_ms)
        MSG_SET(opinion, opinion, ended, telling->now_ms);
    if (gone <= telling->now_ms && telling->now_ms < core_agency(core, owes)->valid_until) {
        opinion->state = opinion->state == OPINING_ASKED ? OPINING_WITHDRAWN : opinion->state;
        return;
    }
    if (!MSG_HAS(opinion, opinion, silent))
        MSG_SET(opinion, opinion, silent, telling->question->due < gone ? telling->question->due : gone);
    opinion->state = OPINING_SILENT;
    telling->silent++;
}

/* All of the question of the first that is due. */
static void find(struct telling *telling)
{
    const struct questions *questions = telling->task->rare->questions;
    for (uint32_t i = 0; questions && i < questions->opinion_count; i++) {
        const struct msg_opinion *opinion = questions->opinions[i];
        if (!opinion_is_owed(opinion) || (telling->question && opinion->question != telling->question->question) ||
            next_of(telling->core, telling->task, opinion) > telling->now_ms)
            continue;
        telling->question = questions_find(telling->task, opinion->question);
        add(telling, opinion);
    }
}

#define NAMES_MAX 3 /* ids of 64 bytes: with a reference of 128, a date and words 470 of REASON_MAX at most */

static struct text reason_of(const struct telling *telling)
{
    struct arena *arena = &telling->core->scratch->arena;
    const struct calendar *calendar =
        telling->core->calendars[core_calendar_to_count(telling->core, telling->task)].calendar;
    char when[WHEN_ROOM];
    struct text names = {0};
    for (uint32_t i = 0; i < telling->count && i < NAMES_MAX; i++)
        names = arena_printf(arena, "%.*s%s%.*s", TEXT_ARGS(names), i ? ", " : "",
                             TEXT_ARGS(telling->opinions[i].agency));
    if (telling->count > NAMES_MAX)
        names = arena_printf(arena, "%.*s and %u more", TEXT_ARGS(names), (unsigned)(telling->count - NAMES_MAX));
    deadline_when(calendar, telling->question->due, when);
    if (telling->silent == 0)
        return arena_printf(arena, "No opinion on %.*s is owed any more by %.*s, which may give none.",
                            TEXT_ARGS(task_reference(telling->task)), TEXT_ARGS(names));
    return arena_printf(arena, "No opinion on %.*s, asked for by %s, came from %.*s: the lead may go on without.",
                        TEXT_ARGS(task_reference(telling->task)), when, TEXT_ARGS(names));
}

static void set_question(const struct telling *telling, struct msg_record *record)
{
    struct msg_question question = *telling->question;
    question.has &= ~(MSG_BIT(question, note) | MSG_BIT(question, evidence) | MSG_BIT(question, counted));
    MSG_SET(record, record, question, question);
    MSG_SET(record, record, opinions, ((struct msg_opinion_items){telling->opinions, telling->count}));
}

bool unanswered_tell(struct core *core, const struct task *task, int64_t now_ms, struct effects *effects)
{
    struct telling telling; /* 7 KiB: only what counts is set */
    struct msg_record record;
    struct recipients told;
    char day[DATE_TEXT];
    telling.core = core;
    telling.task = task;
    telling.question = NULL;
    telling.now_ms = now_ms;
    telling.count = telling.silent = 0;
    find(&telling);
    if (telling.count == 0)
        return false;
    told.count = 0;
    arena_clear(&core->scratch->arena);
    record_begin_task(core, task, now_ms, RECORD_UNANSWERED, &record, day);
    set_question(&telling, &record);
    recipients_add_roles(core, &told, task, TERM_BIT(ROLE_LEAD), NONE, now_ms);
    for (uint32_t i = 0; i < telling.count; i++)
        recipients_add(core, &told, questions_owes(core, &telling.opinions[i], now_ms), NONE, now_ms);
    exclude_from(core, task, now_ms, &told);
    MSG_SET(&record, record, notice, telling.silent ? NOTICE_OVERDUE : NOTICE_TAKEN_BACK);
    MSG_SET(&record, record, severity, telling.silent ? SEVERITY_WARNING : SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, reason_of(&telling));
    MSG_SET(&record, record, to, recipients_texts(core, &told));
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
    return true;
}

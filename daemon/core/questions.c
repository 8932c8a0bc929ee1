#include "core/questions.h"

#include <stdlib.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/authority.h"
#include "core/course.h"
#include "core/decider.h"

/* ---- finding ---- */

const struct msg_question *questions_find(const struct task *task, uint64_t id)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->count; i++)
        if (task->rare->questions->items[i]->question == id)
            return task->rare->questions->items[i];
    return NULL;
}

static bool is_of(const struct msg_opinion *opinion, uint64_t question)
{
    return question == 0 || opinion->question == question;
}

bool questions_wait(const struct task *task, uint64_t id)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++)
        if (opinion_is_owed(task->rare->questions->opinions[i]) && is_of(task->rare->questions->opinions[i], id))
            return true;
    return false;
}

uint32_t questions_owes(const struct core *core, const struct msg_opinion *opinion, int64_t now_ms)
{
    return agency_effective(core, core_agency_find(core, opinion->agency), now_ms);
}

bool questions_wait_for(const struct core *core, const struct task *task, uint64_t id, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const struct msg_opinion *opinion = task->rare->questions->opinions[i];
        if (opinion_is_owed(opinion) && is_of(opinion, id) && questions_owes(core, opinion, now_ms) == agency)
            return decider_may(core, task, agency, now_ms);
    }
    return false;
}

uint64_t questions_shown(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    uint64_t shown = 0;
    if (task->scope == SCOPE_RESTRICTED)
        return 0;
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const struct msg_opinion *opinion = task->rare->questions->opinions[i];
        if (opinion->shown > shown && questions_owes(core, opinion, now_ms) == agency)
            shown = opinion->shown;
    }
    return shown && !authority_is_excluded(core, task, agency, now_ms) ? shown : 0;
}

bool questions_ended_by(const struct core *core, const struct task *task, uint64_t seq, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        const struct msg_opinion *opinion = task->rare->questions->opinions[i];
        if (opinion->shown == seq && seq && questions_owes(core, opinion, now_ms) == agency)
            return !authority_is_excluded(core, task, agency, now_ms);
    }
    return false;
}

/* ---- dates ---- */

uint64_t questions_silent_days(const struct core *core, const struct task *task, const struct msg_opinion *opinion,
                               int64_t now_ms)
{
    const uint32_t calendar = core_calendar_to_count(core, task);
    const int64_t until = opinion_is_owed(opinion) ? now_ms : opinion->ended;
    if (!MSG_HAS(opinion, opinion, silent) || calendar == NONE)
        return 0;
    const struct calendar *counting = core->calendars[calendar].calendar;
    const int64_t days = calendar_between(counting, calendar_last_day(counting, opinion->silent),
                                          calendar_day(counting, until));
    return days > 0 ? (uint64_t)days : 0;
}

bool questions_recounted(const struct msg_question *question, const struct calendar *calendar, int64_t *due_ms)
{
    struct words words;
    struct problem problem = {0};
    return MSG_HAS(question, question, counted) && !words_read(question->counted.words, "", &words, &problem) &&
           words_are_count(&words) && calendar_count(calendar, &words, question->counted.from, due_ms);
}

/* What nobody owes an opinion on any more stays as it was. A date that lies ahead does not come to lie in the past. */
uint32_t questions_moved(const struct task *task, const struct calendar *calendar, int64_t changed_ms,
                         struct recounted_question moved[TASK_QUESTIONS_MAX])
{
    uint32_t count = 0;
    int64_t due;
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->count; i++) {
        const struct msg_question *question = task->rare->questions->items[i];
        if (questions_wait(task, question->question) && questions_recounted(question, calendar, &due) &&
            due != question->due && (due > changed_ms || question->due <= changed_ms))
            moved[count++] = (struct recounted_question){question, due};
    }
    return count;
}

/* ---- what a record makes of them ---- */

static bool names_agencies(const struct core *core, const struct msg_record *record)
{
    for (uint32_t i = 0; i < record->opinions.count; i++)
        if (record->opinions.items[i].question != record->question.question ||
            core_agency_find(core, record->opinions.items[i].agency) == NONE)
            return false;
    return core_agency_find(core, record->question.by) != NONE;
}

static bool needs_question(const struct msg_record *record)
{
    return record->record == RECORD_UNANSWERED || record->action == ACTION_CONSULT || record->action == ACTION_OPINE ||
           record->action == ACTION_RECALL;
}

bool questions_known(const struct core *core, const struct task *task, const struct msg_record *record)
{
    if (!MSG_HAS(record, record, question))
        return !needs_question(record);
    if (!names_agencies(core, record) || (needs_question(record) && record->opinions.count == 0))
        return false;
    return record->action == ACTION_CONSULT ? record->question.question == record->seq
                                            : questions_find(task, record->question.question) != NULL;
}

static void replace(struct msg_opinion **place, const struct msg_opinion *opinion)
{
    struct msg_opinion *old = *place;
    *place = copy_message(&message_opinion, opinion);
    free(old);
}

static struct texts names_of(const struct msg_evidence_file_items *files, struct text names[16])
{
    uint32_t count = 0;
    for (; count < files->count && count < 16; count++)
        names[count] = files->items[count].name;
    return (struct texts){names, count};
}

/* What stands in the record beside the question is shown with it. */
static void add(struct task *task, const struct msg_record *record)
{
    struct msg_question question = record->question;
    struct text names[16];
    if (!task->rare->questions)
        task_rare(task)->questions = xcalloc(1, sizeof *task->rare->questions);
    struct questions *questions = task->rare->questions;
    if (questions->count == TASK_QUESTIONS_MAX || record->opinions.count > TASK_OPINIONS_MAX - questions->opinion_count)
        return; /* only a record that no broker made comes here */
    MSG_SET(&question, question, note, record->note);
    if (record->evidence_files.count > 0)
        MSG_SET(&question, question, evidence, names_of(&record->evidence_files, names));
    questions->items[questions->count++] = copy_message(&message_question, &question);
    for (uint32_t i = 0; i < record->opinions.count; i++)
        questions->opinions[questions->opinion_count++] = copy_message(&message_opinion, &record->opinions.items[i]);
}

/* The record says what becomes of an opinion that was owed; its words and its proof stand beside it. */
static void change(struct task *task, const struct msg_record *record, const struct msg_opinion *said)
{
    struct questions *questions = task->rare->questions;
    for (uint32_t i = 0; i < questions->opinion_count; i++) {
        const struct msg_opinion *old = questions->opinions[i];
        if (old->question != said->question || !text_equal(old->agency, said->agency) || !opinion_is_owed(old))
            continue;
        struct msg_opinion opinion = *said;
        struct text names[16];
        if (!opinion_is_owed(said))
            MSG_SET(&opinion, opinion, shown, record->seq);
        if (record->action == ACTION_OPINE) {
            MSG_SET(&opinion, opinion, note, record->note);
            if (record->evidence_files.count > 0)
                MSG_SET(&opinion, opinion, evidence, names_of(&record->evidence_files, names));
        }
        replace(&questions->opinions[i], &opinion);
        return;
    }
}

/* Its calendar has changed. What was late by the old one and is not by the new is owed in time again. */
static void move(struct task *task, const struct msg_record *record)
{
    struct questions *questions = task->rare->questions;
    for (uint32_t i = 0; i < questions->count; i++) {
        if (questions->items[i]->question != record->question.question)
            continue;
        struct msg_question *old = questions->items[i], question = *old;
        MSG_SET(&question, question, due, record->question.due);
        MSG_SET(&question, question, counted, record->question.counted);
        question.has &= ~MSG_BIT(question, due_day);
        if (MSG_HAS(&record->question, question, due_day))
            MSG_SET(&question, question, due_day, record->question.due_day);
        questions->items[i] = copy_message(&message_question, &question);
        free(old);
    }
    for (uint32_t i = 0; i < questions->opinion_count; i++) {
        struct msg_opinion opinion = *questions->opinions[i];
        if (opinion.question != record->question.question || opinion.state != OPINING_SILENT ||
            !opinion_is_owed(&opinion))
            continue;
        opinion.has &= ~MSG_BIT(opinion, silent);
        opinion.silent = 0;
        opinion.state = OPINING_ASKED;
        if (record->question.due <= record->time) {
            MSG_SET(&opinion, opinion, silent, record->question.due);
            opinion.state = OPINING_SILENT;
        }
        replace(&questions->opinions[i], &opinion);
    }
}

/* Nothing is owed on a task that is closed; whoever was silent stays so. */
static void close_all(struct task *task, const struct msg_record *record)
{
    for (uint32_t i = 0; i < task->rare->questions->opinion_count; i++) {
        struct msg_opinion opinion = *task->rare->questions->opinions[i];
        if (!opinion_is_owed(&opinion))
            continue;
        MSG_SET(&opinion, opinion, ended, record->time);
        MSG_SET(&opinion, opinion, shown, record->seq);
        if (opinion.state == OPINING_ASKED)
            opinion.state = OPINING_WITHDRAWN;
        replace(&task->rare->questions->opinions[i], &opinion);
    }
}

void questions_take(struct task *task, const struct msg_record *record)
{
    if (record->action == ACTION_CONSULT)
        add(task, record);
    if (!task->rare->questions || record->action == ACTION_CONSULT)
        return;
    if (MSG_HAS(record, record, question) && record->record == RECORD_DUE_MOVED)
        move(task, record);
    for (uint32_t i = 0; i < record->opinions.count; i++)
        change(task, record, &record->opinions.items[i]);
    if (record->record == RECORD_TASK && !state_is_open(record->state))
        close_all(task, record);
}

void questions_restrict(struct task *task)
{
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++) {
        task->rare->questions->opinions[i]->shown = 0;
        task->rare->questions->opinions[i]->has &= ~MSG_BIT(opinion, shown);
    }
}

void questions_free(struct questions *questions)
{
    for (uint32_t i = 0; questions && i < questions->count; i++)
        free(questions->items[i]);
    for (uint32_t i = 0; questions && i < questions->opinion_count; i++)
        free(questions->opinions[i]);
    free(questions);
}

uint64_t questions_cost(const struct task *task)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    if (!task || !task->rare->questions)
        return 0;
    return questions_looks(task) * (task_excluded(task, excluded) > 0 ? UINT64_C(100) : UINT64_C(6));
}

/* What the lead asks others their opinion of, what they say, and what it takes back. The lead's own clock runs on meanwhile. */
#include <stdio.h>

#include "core/agency.h"
#include "core/authority.h"
#include "core/content.h"
#include "core/decide.h"
#include "core/decider.h"
#include "core/naming.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/standing.h"

#define EVIDENCE_NAME_MAX 256 /* of a name in a task's `questions` and `opinions`, as messages.def.h has it */

static int set_evidence(struct decision *decision, bool has, const struct msg_evidence_file_items *files,
                        struct problem *problem)
{
    for (uint32_t i = 0; i < files->count; i++) {
        char path[32];
        snprintf(path, sizeof path, "evidence_files[%u].name", (unsigned)i);
        if (files->items[i].name.size > EVIDENCE_NAME_MAX)
            return problem_set(problem, COORD_E_OUT_OF_RANGE, path, "It has %d bytes at most; give a shorter name.",
                               EVIDENCE_NAME_MAX);
        if (naming_check_name(files->items[i].name, path, problem))
            return problem->error;
    }
    if (has && files->count > 0)
        MSG_SET(&decision->record, record, evidence_files, *files);
    return 0;
}

/* ---- how much a task keeps ---- */

/* Bytes of its questions and opinions, so that a task's row fits a frame of 1 MiB beside its requests (550 KB at the most),
 * escalations (290) and texts (60). For each opinion that is asked for there is room for one of a few sentences. */
#define QUESTIONS_BYTES_MAX 65536U
#define OPINION_ROOM        768U
#define FIELDS_BYTES        192U /* of either: names of fields, ids, days */

static size_t said_bytes(struct text note, const struct texts *evidence)
{
    size_t bytes = FIELDS_BYTES + note.size;
    for (uint32_t i = 0; i < evidence->count; i++)
        bytes += evidence->items[i].size + 3;
    return bytes;
}

static size_t kept_bytes(const struct questions *questions)
{
    size_t bytes = 0;
    for (uint32_t i = 0; questions && i < questions->count; i++)
        bytes += said_bytes(questions->items[i]->note, &questions->items[i]->evidence);
    for (uint32_t i = 0; questions && i < questions->opinion_count; i++) {
        const size_t opinion = said_bytes(questions->opinions[i]->note, &questions->opinions[i]->evidence);
        bytes += opinion > OPINION_ROOM ? opinion : OPINION_ROOM;
    }
    return bytes;
}

static size_t file_bytes(const struct msg_evidence_file_items *files)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < files->count; i++)
        bytes += files->items[i].name.size + 3;
    return bytes;
}

/* Whether what is said fits, for so many opinions at once that have their room already, or as a question that asks for so many. */
static int check_bytes(const struct decision *decision, size_t more, struct problem *problem)
{
    const size_t kept = kept_bytes(decision->task->rare->questions);
    if (kept + more <= QUESTIONS_BYTES_MAX)
        return 0;
    return problem_set(
        problem, COORD_E_CAPACITY, "note",
        "Of one task %u bytes of questions and opinions are kept, and this would make it %zu: say it more "
        "shortly, or ask fewer.",
        QUESTIONS_BYTES_MAX, kept + more);
}

/* ---- consult ---- */

static int check_room(const struct decision *decision, uint32_t count, struct problem *problem)
{
    const struct questions *questions = decision->task->rare->questions;
    if (!questions)
        return 0;
    if (questions->count == TASK_QUESTIONS_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "task",
                           "Of one task %d questions are asked, and no more: decide on what was answered.",
                           TASK_QUESTIONS_MAX);
    if (count > TASK_OPINIONS_MAX - questions->opinion_count)
        return problem_set(problem, COORD_E_CAPACITY, "agencies",
                           "Of one task %d opinions are asked in all, and %u were: ask %u at most.", TASK_OPINIONS_MAX,
                           (unsigned)questions->opinion_count,
                           (unsigned)(TASK_OPINIONS_MAX - questions->opinion_count));
    return 0;
}

static int check_asked(const struct decision *decision, uint32_t agency, struct text id, const char *path,
                       struct problem *problem)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    if (content_check_valid(step->core, agency, step->now_ms, path, problem))
        return problem->error;
    if (standing_on(step->core, task, task->lead, step->now_ms) == agency)
        return problem_set(problem, COORD_E_BAD_VALUE, path, "%.*s leads the task; name another agency.",
                           TEXT_ARGS(id));
    if (authority_is_excluded(step->core, task, agency, step->now_ms))
        return problem_set(problem, COORD_E_BAD_VALUE, path,
                           "%.*s is excluded from the task by its assigner; name another agency.", TEXT_ARGS(id));
    if (!authority_may_be_told(step->core, task, agency, step->now_ms))
        return problem_set(problem, COORD_E_BAD_VALUE, path,
                           "The task is restricted, and %.*s has no role on it and stands above nobody who has: "
                           "name one that does, or have its assigner make it an observer.",
                           TEXT_ARGS(id));
    return 0;
}

static bool is_named_before(const struct texts *ids, uint32_t at)
{
    for (uint32_t i = 0; i < at; i++)
        if (text_equal(ids->items[i], ids->items[at]))
            return true;
    return false;
}

/* Those that are asked, each with an opinion that is owed, and told so. */
static int ask_each(struct decision *decision, const struct msg_consult *consult, struct problem *problem)
{
    struct step *step = decision->step;
    const struct texts *ids = &consult->agencies;
    struct msg_opinion *opinions = step_alloc(step, ids->count, sizeof *opinions);
    for (uint32_t i = 0; i < ids->count; i++) {
        uint32_t agency = NONE;
        char path[24];
        snprintf(path, sizeof path, "agencies[%u]", (unsigned)i);
        if (content_find_agency(step->core, ids->items[i], path, &agency, problem) ||
            check_asked(decision, agency, ids->items[i], path, problem))
            return problem->error;
        if (is_named_before(ids, i))
            return problem_set(problem, COORD_E_BAD_VALUE, path, "%.*s is named twice; name it once.",
                               TEXT_ARGS(ids->items[i]));
        opinions[i] = (struct msg_opinion){0};
        MSG_SET(&opinions[i], opinion, question, record_next_seq(step->core));
        MSG_SET(&opinions[i], opinion, agency, core_agency_id(step->core, agency));
        MSG_SET(&opinions[i], opinion, state, OPINING_ASKED);
        recipients_add(step->core, &decision->recipients, agency, step->who.agency, step->now_ms);
    }
    MSG_SET(&decision->record, record, opinions, ((struct msg_opinion_items){opinions, ids->count}));
    return 0;
}

static void set_due(const struct decision *decision, struct text words, int64_t due_ms, struct msg_question *question)
{
    const struct core *core = decision->step->core;
    const struct calendar *calendar = core->calendars[core_calendar_to_count(core, decision->task)].calendar;
    const struct text day = calendar_day_name(calendar, due_ms, decision->step->arena);
    struct msg_record counting = {0};
    MSG_SET(question, question, due, due_ms);
    if (day.size > 0)
        MSG_SET(question, question, due_day, day);
    due_set_counted(&counting, words, decision->step->now_ms, false);
    if (MSG_HAS(&counting, record, counted))
        MSG_SET(question, question, counted, counting.counted);
}

int decide_consult(struct decision *decision, const struct msg_consult *consult, struct problem *problem)
{
    struct step *step = decision->step;
    struct msg_question question = {0};
    int64_t due;
    if (check_room(decision, consult->agencies.count, problem) || ask_each(decision, consult, problem) ||
        decision_read_due(decision, consult->due, "due", DUE_AHEAD_ALONE, &due, problem) ||
        set_evidence(decision, MSG_HAS(consult, consult, evidence_files), &consult->evidence_files, problem) ||
        check_bytes(decision,
                    FIELDS_BYTES + consult->note.size + file_bytes(&consult->evidence_files) +
                        consult->agencies.count * (size_t)OPINION_ROOM,
                    problem))
        return problem->error;
    MSG_SET(&question, question, question, record_next_seq(step->core));
    MSG_SET(&question, question, by, core_agency_id(step->core, step->who.agency));
    MSG_SET(&question, question, asked, step->now_ms);
    set_due(decision, consult->due, due, &question);
    MSG_SET(&decision->record, record, question, question);
    decision_set_note(decision, true, consult->note);
    return 0;
}

/* ---- opine, recall ---- */

static int unknown(const struct decision *decision, uint64_t id, struct problem *problem)
{
    const struct task *task = decision->task;
    if (questions_find(task, id))
        return problem_set(problem, COORD_E_QUESTION_UNKNOWN, "question",
                           "On question %llu nobody owes an opinion any more: each was given or withdrawn.",
                           (unsigned long long)id);
    return problem_set(problem, COORD_E_QUESTION_UNKNOWN, "question",
                       "Task %llu has no question %llu of its lead; `questions` of task_get has them.",
                       (unsigned long long)task->number, (unsigned long long)id);
}

/* What a record says of the question itself is which it is. */
static void name_question(struct decision *decision, uint64_t id)
{
    struct msg_question question = *questions_find(decision->task, id);
    question.has &= ~(MSG_BIT(question, note) | MSG_BIT(question, evidence) | MSG_BIT(question, counted));
    MSG_SET(&decision->record, record, question, question);
}

typedef void answer_function(struct decision *decision, const struct msg_opinion *owed, struct msg_opinion *opinion);

/* Those of a question's opinions that are owed by one agency (NONE: by any), as they will be. */
static uint32_t end_each(struct decision *decision, uint64_t id, uint32_t agency, answer_function *answer)
{
    struct step *step = decision->step;
    const struct questions *questions = decision->task->rare->questions;
    const struct msg_opinion_items *before = &decision->record.opinions;
    struct msg_opinion *opinions = step_alloc(step, before->count + TASK_OPINIONS_MAX, sizeof *opinions);
    uint32_t count = 0, found = 0;
    for (; count < before->count; count++)
        opinions[count] = before->items[count];
    for (uint32_t i = 0; i < questions->opinion_count; i++) {
        const struct msg_opinion *owed = questions->opinions[i];
        if (owed->question != id || !opinion_is_owed(owed) ||
            (agency != NONE && questions_owes(step->core, owed, step->now_ms) != agency))
            continue;
        opinions[count] = *owed;
        MSG_SET(&opinions[count], opinion, ended, step->now_ms);
        answer(decision, owed, &opinions[count]);
        count++, found++;
    }
    MSG_SET(&decision->record, record, opinions, ((struct msg_opinion_items){opinions, count}));
    return found;
}

/* One that comes after its date, and before the clock has said so, is as late. */
static void give(struct decision *decision, const struct msg_opinion *owed, struct msg_opinion *opinion)
{
    const struct step *step = decision->step;
    const int64_t due = questions_find(decision->task, owed->question)->due;
    const struct msg_opine *opine = decision->request;
    MSG_SET(opinion, opinion, state, OPINING_GIVEN);
    MSG_SET(opinion, opinion, by, core_agency_id(step->core, step->who.agency));
    MSG_SET(opinion, opinion, answer, opine->answer);
    if (!MSG_HAS(opinion, opinion, silent) && due <= step->now_ms)
        MSG_SET(opinion, opinion, silent, due);
}

int decide_opine(struct decision *decision, const struct msg_opine *opine, struct problem *problem)
{
    const struct step *step = decision->step;
    if (!questions_wait(decision->task, opine->question))
        return unknown(decision, opine->question, problem);
    if (!questions_wait_for(step->core, decision->task, opine->question, step->who.agency, step->now_ms))
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "question",
                           "Question %llu was put to others; `opinions` of task_get says to whom.",
                           (unsigned long long)opine->question);
    if (opine->answer == ANSWERING_PASSED_ON)
        return problem_set(problem, COORD_E_BAD_VALUE, "answer",
                           "An opinion is `agreed`, `agreed_in_part` or `refused`; it is not passed on.");
    if (set_evidence(decision, MSG_HAS(opine, opine, evidence_files), &opine->evidence_files, problem))
        return problem->error;
    name_question(decision, opine->question);
    const size_t given = end_each(decision, opine->question, step->who.agency, give);
    const size_t each = FIELDS_BYTES + opine->note.size + file_bytes(&opine->evidence_files);
    if (each > OPINION_ROOM && check_bytes(decision, given * (each - OPINION_ROOM), problem))
        return problem->error;
    MSG_SET(&decision->record, record, answer, opine->answer);
    decision_set_note(decision, true, opine->note);
    return 0;
}

/* What was late stays so on record. */
static void withdraw(struct decision *decision, const struct msg_opinion *owed, struct msg_opinion *opinion)
{
    const struct step *step = decision->step;
    MSG_SET(opinion, opinion, state, OPINING_WITHDRAWN);
    recipients_add(step->core, &decision->recipients, questions_owes(step->core, owed, step->now_ms), step->who.agency,
                   step->now_ms);
}

int decide_recall(struct decision *decision, const struct msg_recall *recall, struct problem *problem)
{
    const struct step *step = decision->step;
    if (!questions_wait(decision->task, recall->question))
        return unknown(decision, recall->question, problem);
    name_question(decision, recall->question);
    for (uint32_t i = 0; i < recall->agencies.count; i++) {
        uint32_t agency = NONE;
        char path[24];
        snprintf(path, sizeof path, "agencies[%u]", (unsigned)i);
        if (content_find_agency(step->core, recall->agencies.items[i], path, &agency, problem))
            return problem->error;
        if (is_named_before(&recall->agencies, i) || end_each(decision, recall->question, agency, withdraw) == 0)
            return problem_set(problem, COORD_E_BAD_VALUE, path, "%.*s owes no opinion on question %llu%s.",
                               TEXT_ARGS(recall->agencies.items[i]), (unsigned long long)recall->question,
                               is_named_before(&recall->agencies, i) ? " a second time" : "");
    }
    if (recall->agencies.count == 0)
        end_each(decision, recall->question, NONE, withdraw);
    decision_set_note(decision, MSG_HAS(recall, recall, note), recall->note);
    return 0;
}

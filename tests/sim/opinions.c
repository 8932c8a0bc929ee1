/* What leads ask others their opinion of, in the words of the design: who owes one and so reads the task, what becomes of it, from
 * when on it is silence, and what is shown of it to whom.
 */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

/* ---- who owes one ---- */

static bool is_owed(const struct model_opinion *opinion)
{
    return opinion->ended == NO_TIME;
}

static const struct model_question *question_of(const struct model_task *task, uint64_t id)
{
    for (int i = 0; i < task->question_count; i++)
        if (task->questions[i].id == id)
            return &task->questions[i];
    return NULL;
}

bool opinions_wait(const struct model_task *task, uint64_t question)
{
    for (int i = 0; i < task->opinion_count; i++)
        if (is_owed(&task->opinions[i]) && (question == 0 || task->opinions[i].question == question))
            return true;
    return false;
}

/* By whoever stands for those that were asked; the lead owes itself none, and whoever is excluded is asked no more. */
uint32_t opinions_owing(const struct world *world, const struct model_task *task, uint64_t question, int64_t now)
{
    uint32_t owing = 0;
    for (int i = 0; i < task->opinion_count; i++) {
        const struct model_opinion *opinion = &task->opinions[i];
        const int owes = world_standing(world, opinion->agency, now);
        if (is_owed(opinion) && (question == 0 || opinion->question == question) &&
            asked_may_decide(world, task, owes, now))
            owing |= world_one(owes);
    }
    return owing;
}

uint32_t opinions_asked(const struct model_task *task)
{
    uint32_t asked = 0;
    for (int i = 0; i < task->opinion_count; i++)
        if (is_owed(&task->opinions[i]))
            asked |= world_one(task->opinions[i].agency);
    return asked;
}

uint64_t opinions_shown(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    uint64_t shown = 0;
    for (int i = 0; !task->restricted && i < task->opinion_count; i++)
        if (task->opinions[i].shown > shown && world_standing(world, task->opinions[i].agency, now) == agency)
            shown = task->opinions[i].shown;
    return rules_excluded(world, task, now) >> agency & 1 ? 0 : shown;
}

bool opinions_ended_by(const struct world *world, const struct model_task *task, uint64_t seq, int agency, int64_t now)
{
    bool ended = false;
    for (int i = 0; i < task->opinion_count; i++)
        ended |= task->opinions[i].shown == seq && world_standing(world, task->opinions[i].agency, now) == agency;
    return ended && !(rules_excluded(world, task, now) >> agency & 1);
}

void opinions_restrict(struct model_task *task, bool restricted)
{
    for (int i = 0; restricted != task->restricted && i < task->opinion_count; i++)
        if (!is_owed(&task->opinions[i]))
            task->opinions[i].shown = 0;
    task->restricted = restricted;
}

/* ---- when it is silence ---- */

/* From when on nobody may give it: at this time, or from the next end of an agency on. */
static int64_t gone(const struct sim *sim, const struct model_task *task, const struct model_opinion *opinion)
{
    const struct world *world = &sim->world;
    const int64_t asked = question_of(task, opinion->question)->asked;
    int64_t first = INT64_MAX;
    if (!asked_may_decide(world, task, world_standing(world, opinion->agency, asked), asked))
        return asked;
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        const int64_t until = world->agencies[i].exists ? world->agencies[i].until : INT64_MAX;
        if (until > asked && until < first &&
            !asked_may_decide(world, task, world_standing(world, opinion->agency, until), until))
            first = until;
    }
    return first;
}

static int64_t next(const struct sim *sim, const struct model_task *task, const struct model_opinion *opinion)
{
    const int64_t since = gone(sim, task, opinion), due = question_of(task, opinion->question)->due;
    if (!is_owed(opinion))
        return INT64_MAX;
    return opinion->state == OPINING_ASKED && due < since ? due : since;
}

int64_t opinions_next(const struct sim *sim, const struct model_task *task)
{
    int64_t first = INT64_MAX;
    for (int i = 0; i < task->opinion_count; i++) {
        const int64_t one = next(sim, task, &task->opinions[i]);
        first = one < first ? one : first;
    }
    return first;
}

static void end(struct model_opinion *opinion, int state, int64_t now, uint64_t seq)
{
    opinion->state = state;
    opinion->ended = now;
    opinion->shown = seq;
}

/* Late by its date or, of an agency that ended with nobody in its place, for good; who may not give it any more is asked no more. */
static void pass(const struct sim *sim, const struct model_task *task, struct model_opinion *opinion,
                 const struct msg_record *record)
{
    const int64_t since = gone(sim, task, opinion), due = question_of(task, opinion->question)->due;
    const int owes = world_standing(&sim->world, opinion->agency, record->time);
    const bool is_gone = since <= record->time, has_ended = record->time >= sim->world.agencies[owes].until;
    if (is_gone && !has_ended) {
        end(opinion, opinion->state == OPINING_ASKED ? OPINING_WITHDRAWN : opinion->state, record->time, record->seq);
        return;
    }
    if (opinion->silent == NO_TIME)
        opinion->silent = due < since ? due : since;
    opinion->state = OPINING_SILENT;
    if (is_gone)
        end(opinion, OPINING_SILENT, record->time, record->seq);
}

/* ---- what is shown of one ---- */

/* In a record: what became of it, but for its words, and up to where its agency reads. */
static bool is_same(const struct msg_opinion *shown, const struct model_opinion *known)
{
    return shown->question == known->question && shown->state == known->state &&
           (MSG_HAS(shown, opinion, silent) ? shown->silent : NO_TIME) == known->silent &&
           (MSG_HAS(shown, opinion, ended) ? shown->ended : NO_TIME) == known->ended &&
           (MSG_HAS(shown, opinion, by) ? world_agency(shown->by) : -1) == known->by && shown->answer == known->answer;
}

static void check_said(struct sim *sim, const struct msg_record *record, uint32_t at, const struct model_opinion *known)
{
    SIM_CHECK(sim,
              at < record->opinions.count && is_same(&record->opinions.items[at], known) &&
                  world_agency(record->opinions.items[at].agency) == known->agency,
              "record %llu says otherwise what became of an opinion on question %llu", AT(record->seq),
              AT(known->question));
}

static uint64_t silent_days(const struct sim *sim, const struct model_task *task, const struct model_opinion *opinion)
{
    const struct world_calendar *calendar = dates_calendar(sim, task);
    if (opinion->silent == NO_TIME || !calendar)
        return 0;
    const int64_t days = days_between(calendar, days_last(calendar, opinion->silent),
                                      days_of(calendar, is_owed(opinion) ? sim->model.decided : opinion->ended));
    return days > 0 ? (uint64_t)days : 0;
}

void opinions_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    const int64_t now = sim->model.decided;
    SIM_CHECK(sim,
              shown->questions.count == (uint32_t)task->question_count &&
                  shown->opinions.count == (uint32_t)task->opinion_count,
              "task %llu is shown with %u questions and %u opinions, and has %d and %d", AT(task->number),
              shown->questions.count, shown->opinions.count, task->question_count, task->opinion_count);
    for (int i = 0; i < task->question_count; i++) {
        const struct msg_question *one = &shown->questions.items[i];
        const struct model_question *known = &task->questions[i];
        SIM_CHECK(sim,
                  one->question == known->id && world_agency(one->by) == known->by && one->asked == known->asked &&
                      one->due == known->due && MSG_HAS(one, question, counted) == (known->words[0] != '\0') &&
                      one->note.size > 0,
                  "task %llu is shown with another question %llu", AT(task->number), AT(known->id));
    }
    for (int i = 0; i < task->opinion_count; i++) {
        const struct msg_opinion *one = &shown->opinions.items[i];
        const struct model_opinion *known = &task->opinions[i];
        const int agency = is_owed(known) ? world_standing(&sim->world, known->agency, now) : known->agency;
        SIM_CHECK(sim,
                  is_same(one, known) && world_agency(one->agency) == agency && one->shown == known->shown &&
                      (one->note.size > 0) == (known->state == OPINING_GIVEN) &&
                      one->silent_days == silent_days(sim, task, known),
                  "task %llu is shown with another opinion of %s", AT(task->number), world_agency_ids[known->agency]);
    }
}

/* ---- asking, giving, taking back ---- */

static bool has_room(const struct model_task *task, uint32_t more)
{
    return task->question_count < MODEL_QUESTIONS && (uint32_t)task->opinion_count + more <= MODEL_OPINIONS;
}

/* One that is there now, that does not lead the task, is not kept from it, and of a restricted one might be told of it. */
static void check_asked(struct sim *sim, const struct model_task *task, const struct msg_record *record, int agency)
{
    SIM_CHECK(sim,
              world_is_valid(&sim->world, agency, record->time) &&
                  agency != rules_standing(&sim->world, task, task->lead, record->time) &&
                  !(rules_excluded(&sim->world, task, record->time) >> agency & 1) &&
                  (!task->restricted || rules_may_be_told(&sim->world, task, agency, record->time)),
              "record %llu asks %s, which is not to be asked", AT(record->seq), world_agency_ids[agency]);
}

static void consult(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_consult *words = &sim->model.asked.consult;
    const struct msg_question *shown = &record->question;
    struct model_question question = {.id = record->seq, .by = world_agency(record->actor), .asked = record->time};
    uint32_t asked = 0;
    SIM_CHECK(sim, has_room(task, words->agencies.count), "record %llu asks more than may be asked", AT(record->seq));
    question.due = dates_of_words(sim, task, words->due, record->time, false);
    if (memchr(words->due.data, '-', words->due.size) == NULL)
        snprintf(question.words, sizeof question.words, "%.*s", TEXT_ARGS(words->due));
    SIM_CHECK(sim,
              shown->question == record->seq && world_agency(shown->by) == question.by &&
                  shown->asked == record->time && shown->due == question.due &&
                  MSG_HAS(shown, question, counted) == (question.words[0] != '\0') &&
                  record->opinions.count == words->agencies.count,
              "record %llu says otherwise what is asked by when", AT(record->seq));
    for (uint32_t i = 0; i < words->agencies.count; i++) {
        struct model_opinion opinion = {.question = record->seq,
                                        .agency = world_agency(words->agencies.items[i]),
                                        .state = OPINING_ASKED,
                                        .by = -1,
                                        .silent = NO_TIME,
                                        .ended = NO_TIME};
        check_asked(sim, task, record, opinion.agency);
        SIM_CHECK(sim, !(asked >> opinion.agency & 1), "record %llu asks twice", AT(record->seq));
        asked |= world_one(opinion.agency);
        check_said(sim, record, i, &opinion);
        task->opinions[task->opinion_count++] = opinion;
    }
    task->questions[task->question_count++] = question;
    sim->model.consulted += asked != 0;
}

/* All that whoever acts owes on that question; past its date, as late as if the clock had said so. */
static void opine(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_opine *words = &sim->model.asked.opine;
    const int actor = world_agency(record->actor);
    uint32_t given = 0;
    SIM_CHECK(sim, opinions_owing(&sim->world, task, words->question, record->time) >> actor & 1,
              "record %llu: %s owes no opinion", AT(record->seq), world_agency_ids[actor]);
    SIM_CHECK(sim, words->answer != ANSWERING_PASSED_ON && record->answer == words->answer,
              "record %llu passes an opinion on, or gives another", AT(record->seq));
    for (int i = 0; i < task->opinion_count; i++) {
        struct model_opinion *opinion = &task->opinions[i];
        const int64_t due = is_owed(opinion) ? question_of(task, opinion->question)->due : NO_TIME;
        if (!is_owed(opinion) || opinion->question != words->question ||
            world_standing(&sim->world, opinion->agency, record->time) != actor)
            continue;
        if (opinion->silent == NO_TIME && due <= record->time)
            opinion->silent = due;
        opinion->by = actor;
        opinion->answer = words->answer;
        end(opinion, OPINING_GIVEN, record->time, record->seq);
        check_said(sim, record, given++, opinion);
        sim->model.opined++;
        sim->model.opined_late += opinion->silent != NO_TIME;
    }
    SIM_CHECK(sim, record->opinions.count == given, "record %llu gives others' opinions", AT(record->seq));
}

static bool is_recalled(const struct world *world, const struct msg_recall *words, const struct model_opinion *opinion,
                        int64_t now)
{
    return is_owed(opinion) && opinion->question == words->question &&
           (words->agencies.count == 0 ||
            (world_mask(words->agencies) >> world_standing(world, opinion->agency, now) & 1));
}

uint32_t opinions_recalled(const struct sim *sim, const struct model_task *task, int64_t now)
{
    uint32_t from = 0;
    for (int i = 0; i < task->opinion_count; i++)
        if (is_recalled(&sim->world, &sim->model.asked.recall, &task->opinions[i], now))
            from |= world_one(world_standing(&sim->world, task->opinions[i].agency, now));
    return from;
}

static void recall(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_recall *words = &sim->model.asked.recall;
    uint32_t count = 0;
    for (int i = 0; i < task->opinion_count; i++) {
        struct model_opinion *opinion = &task->opinions[i];
        if (!is_recalled(&sim->world, words, opinion, record->time))
            continue;
        end(opinion, OPINING_WITHDRAWN, record->time, record->seq);
        count++;
    }
    SIM_CHECK(sim, count > 0 && record->opinions.count == count, "record %llu takes back %u opinions, not %u",
              AT(record->seq), record->opinions.count, count);
    for (uint32_t i = 0; i < count; i++)
        SIM_CHECK(sim,
                  record->opinions.items[i].state == OPINING_WITHDRAWN &&
                      record->opinions.items[i].ended == record->time,
                  "record %llu takes an opinion back otherwise", AT(record->seq));
}

/* What is closed leaves nothing owed; silence stays silence. */
static void close_all(struct model_task *task, const struct msg_record *record)
{
    for (int i = 0; i < task->opinion_count; i++)
        if (is_owed(&task->opinions[i]))
            end(&task->opinions[i],
                task->opinions[i].state == OPINING_ASKED ? OPINING_WITHDRAWN : task->opinions[i].state, record->time,
                record->seq);
}

void opinions_learn(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    if (record->action == ACTION_CONSULT)
        consult(sim, task, record);
    else if (record->action == ACTION_OPINE)
        opine(sim, task, record);
    else if (record->action == ACTION_RECALL)
        recall(sim, task, record);
    else
        SIM_CHECK(sim, !MSG_HAS(record, record, question) && record->opinions.count == 0,
                  "record %llu says something of an opinion", AT(record->seq));
    if (record->state == STATE_COMPLETED || record->state == STATE_CANCELLED)
        close_all(task, record);
}

/* ---- what time does ---- */

void opinions_unanswered(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    uint64_t question = 0;
    uint32_t count = 0, silent = 0, told = rules_holders(&sim->world, task, TERM_BIT(ROLE_LEAD), record->time);
    SIM_CHECK(sim, record->version == task->version && record->state == task->state,
              "record %llu changes more than opinions", AT(record->seq));
    ladder_take_turn(sim, task, record);
    for (int i = 0; i < task->opinion_count; i++) {
        struct model_opinion *opinion = &task->opinions[i];
        if (next(sim, task, opinion) > record->time || (question && opinion->question != question))
            continue;
        question = opinion->question;
        told |= world_one(world_standing(&sim->world, opinion->agency, record->time));
        const bool was_late = opinion->silent != NO_TIME;
        pass(sim, task, opinion, record);
        silent += opinion->state == OPINING_SILENT &&
                  (opinion->ended == NO_TIME ||
                   record->time >=
                       sim->world.agencies[world_standing(&sim->world, opinion->agency, record->time)].until);
        sim->model.silent += !was_late && opinion->silent != NO_TIME;
        check_said(sim, record, count++, opinion);
    }
    SIM_CHECK(sim, count > 0 && record->opinions.count == count && record->question.question == question,
              "record %llu tells of %u opinions, which are %u", AT(record->seq), record->opinions.count, count);
    told &= ~rules_excluded(&sim->world, task, record->time);
    rules_check_told(sim, record, told, silent ? NOTICE_OVERDUE : NOTICE_TAKEN_BACK,
                     silent ? SEVERITY_WARNING : SEVERITY_NOTICE);
}

/* What its words come to now; NO_TIME of a date that was named, or past all calendars. */
int64_t opinions_counted(const struct sim *sim, const struct model_task *task, const struct model_question *question)
{
    const struct world_calendar *calendar = dates_calendar(sim, task);
    int64_t due;
    return question->words[0] && calendar && days_due(calendar, question->words, question->asked, &due) == 0 ? due
                                                                                                             : NO_TIME;
}

/* Nobody is late by decree, and who was late is as late as the calendar says. */
bool opinions_question_moves(const struct sim *sim, const struct model_task *task,
                             const struct model_question *question)
{
    const int64_t due = opinions_counted(sim, task, question);
    const struct world_calendar *calendar = dates_calendar(sim, task);
    return calendar && opinions_wait(task, question->id) && due != NO_TIME && due != question->due &&
           (due > calendar->changed || question->due <= calendar->changed);
}

bool opinions_are_early(const struct sim *sim, const struct model_task *task)
{
    for (int i = 0; i < task->question_count; i++)
        if (opinions_wait(task, task->questions[i].id) &&
            opinions_counted(sim, task, &task->questions[i]) > task->questions[i].due)
            return true;
    return false;
}

/* Each question for itself, the oldest first. */
void opinions_moved(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    uint32_t told = rules_holders(&sim->world, task, TERM_BIT(ROLE_LEAD), record->time);
    struct model_question *question = NULL;
    int64_t due = NO_TIME;
    for (int i = 0; !question && i < task->question_count; i++) {
        due = opinions_counted(sim, task, &task->questions[i]);
        if (opinions_question_moves(sim, task, &task->questions[i]))
            question = &task->questions[i];
    }
    SIM_CHECK(sim,
              question && record->question.question == question->id && record->question.due == due &&
                  record->question.counted.was == question->due && record->question.counted.from == question->asked &&
                  record->rounds == 0,
              "record %llu moves another question's date, or to another time", AT(record->seq));
    question->due = due;
    for (int i = 0; i < task->opinion_count; i++) {
        struct model_opinion *opinion = &task->opinions[i];
        if (opinion->question != question->id || !is_owed(opinion))
            continue;
        told |= world_one(world_standing(&sim->world, opinion->agency, record->time));
        if (opinion->state == OPINING_SILENT) {
            opinion->silent = due <= record->time ? due : NO_TIME;
            opinion->state = due <= record->time ? OPINING_SILENT : OPINING_ASKED;
        }
    }
    told &= ~rules_excluded(&sim->world, task, record->time);
    rules_check_told(sim, record, told, NOTICE_DUE_MOVED, SEVERITY_NOTICE);
    dates_check(sim, task, record);
    sim->model.questions_moved++;
}

/* ---- refusals ---- */

void opinions_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    const union asked *asked = &sim->model.asked;
    const int64_t now = sim->model.decided;
    const int agency = sim->model.name;
    const struct model_task *task = &sim->model.tasks[asked->accept.task - 1];
    const uint32_t roles = rules_roles(&sim->world, task, agency, now);
    const uint64_t question = request->op == OP_OPINE ? asked->opine.question : asked->recall.question;
    if (error == COORD_E_CAPACITY)
        SIM_CHECK(sim, request->op == OP_CONSULT && !has_room(task, asked->consult.agencies.count),
                  "%.*s: there is room", TEXT_ARGS(id));
    if (error == COORD_E_QUESTION_UNKNOWN)
        SIM_CHECK(sim, request->op != OP_CONSULT && !opinions_wait(task, question), "%.*s: an opinion is owed",
                  TEXT_ARGS(id));
    if (error == COORD_E_NOT_AUTHORISED && request->op == OP_OPINE)
        SIM_CHECK(sim, !(opinions_owing(&sim->world, task, question, now) >> agency & 1), "%.*s: %s owes an opinion",
                  TEXT_ARGS(id), world_agency_ids[agency]);
    if (error == COORD_E_NOT_AUTHORISED && request->op != OP_OPINE)
        SIM_CHECK(sim, !(roles & TERM_BIT(ROLE_LEAD)), "%.*s: %s leads the task", TEXT_ARGS(id),
                  world_agency_ids[agency]);
}

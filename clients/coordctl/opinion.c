/* coordctl opinion … */
#include "opinion.h"

#include <stdio.h>
#include <string.h>

#include "asked_list.h"
#include "commands.h"
#include "due_text.h"
#include "evidence.h"
#include "fill.h"
#include "json_write.h"
#include "next.h"
#include "pages.h"
#include "request.h"

#define QUESTION_TEXT 6000 /* 4,096 bytes of words, 4 names of 256, and whom, when */

static bool is_owed(const struct msg_opinion *opinion)
{
    return !MSG_HAS(opinion, opinion, ended);
}

static const struct msg_question *question_of(const struct msg_task *task, uint64_t id)
{
    for (uint32_t i = 0; i < task->questions.count; i++)
        if (task->questions.items[i].question == id)
            return &task->questions.items[i];
    return NULL;
}

static bool is_of(const struct msg_opinion *opinion, uint64_t question, const char *agency)
{
    return is_owed(opinion) && (question == 0 || opinion->question == question) &&
           (!agency || text_equal(opinion->agency, text_of(agency)));
}

/* ---- in words ---- */

/* "by 2024-06-28" of a question: the minute where it is not the day's end. */
static void due_words(const struct msg_task *task, const struct msg_question *question, char text[DUE_TEXT])
{
    if (MSG_HAS(question, question, due_day))
        due_text(task->calendar, question->due, question->due_day, text);
    else
        (void)value_show_end(question->due, text, DUE_TEXT);
}

static void days_words(const struct msg_opinion *opinion, char *text, size_t size)
{
    const unsigned long long days = opinion->silent_days;
    snprintf(text, size, "%llu working day%s", days, days == 1 ? "" : "s");
}

/* "silent for 3 working days", "agreed 2024-06-20 09:00, late by 1 working day: its words" */
static void opinion_words(const struct msg_opinion *opinion, bool whole, char *text, size_t size)
{
    char when[64] = "", days[64];
    int used;
    days_words(opinion, days, sizeof days);
    if (MSG_HAS(opinion, opinion, ended))
        value_show_time(opinion->ended, when, sizeof when);
    if (opinion->state == OPINING_SILENT)
        used = snprintf(text, size, "silent for %s%s%s", days, when[0] ? ", until " : "", when);
    else if (opinion->state == OPINING_GIVEN)
        used = snprintf(text, size, "%s %s", term_name(&vocabulary_answering, opinion->answer), when);
    else if (opinion->state == OPINING_WITHDRAWN)
        used = snprintf(text, size, "withdrawn %s", when);
    else
        used = snprintf(text, size, "%s", "asked");
    if (opinion->state == OPINING_GIVEN && MSG_HAS(opinion, opinion, silent))
        used += snprintf(text + used, size - (size_t)used, ", late by %s", days);
    if (whole && opinion->note.size)
        used += snprintf(text + used, size - (size_t)used, ": %.*s", TEXT_ARGS(opinion->note));
    for (uint32_t i = 0; whole && i < opinion->evidence.count; i++)
        used += snprintf(text + used, size - (size_t)used, "%s%.*s", i ? ", " : "; with ",
                         TEXT_ARGS(opinion->evidence.items[i]));
}

static void question_words(const struct msg_task *task, const struct msg_question *question, char *text, size_t size)
{
    char due[DUE_TEXT];
    due_words(task, question, due);
    int used = snprintf(text, size, "%llu: %.*s asks by %s: %.*s", (unsigned long long)question->question,
                        TEXT_ARGS(question->by), due, TEXT_ARGS(question->note));
    for (uint32_t i = 0; i < question->evidence.count; i++)
        used += snprintf(text + used, size - (size_t)used, "%s%.*s", i ? ", " : "; with ",
                         TEXT_ARGS(question->evidence.items[i]));
}

/* ---- of a task's page ---- */

void opinion_page(const struct msg_task *task)
{
    char text[QUESTION_TEXT], words[QUESTION_TEXT];
    for (uint32_t i = 0; i < task->questions.count; i++) {
        const struct msg_question *question = &task->questions.items[i];
        question_words(task, question, text, sizeof text);
        page_line("question", text);
        for (uint32_t j = 0; j < task->opinions.count; j++) {
            const struct msg_opinion *opinion = &task->opinions.items[j];
            if (opinion->question != question->question)
                continue;
            opinion_words(opinion, true, words, sizeof words - 80);
            snprintf(text, sizeof text, "%.*s: %.5900s", TEXT_ARGS(opinion->agency), words);
            page_line(is_owed(opinion) ? "opinion owed" : "opinion", text);
        }
    }
}

void opinion_values(const struct msg_task *task)
{
    char text[QUESTION_TEXT];
    for (uint32_t i = 0; i < task->questions.count; i++) {
        question_words(task, &task->questions.items[i], text, sizeof text);
        printf("question\t%s\n", output_plain(text_of(text)));
    }
    for (uint32_t i = 0; i < task->opinions.count; i++) {
        const struct msg_opinion *opinion = &task->opinions.items[i];
        opinion_words(opinion, true, text, sizeof text);
        printf("opinion\t%llu\t%s", (unsigned long long)opinion->question, output_plain(opinion->agency));
        printf("\t%s\n", output_plain(text_of(text)));
    }
}

/* ---- of an inbox ---- */

static struct msg_opinion copied(const struct msg_opinion *opinion, struct arena *arena)
{
    struct msg_opinion copy = *opinion;
    copy.agency = arena_copy(arena, opinion->agency);
    copy.has &= ~(MSG_BIT(opinion, note) | MSG_BIT(opinion, evidence) | MSG_BIT(opinion, by));
    return copy;
}

static struct msg_question copied_question(const struct msg_question *question, struct arena *arena)
{
    struct msg_question copy = *question;
    copy.by = arena_copy(arena, question->by);
    copy.note = arena_copy(arena, question->note);
    copy.due_day = arena_copy(arena, question->due_day);
    copy.has &= ~(MSG_BIT(question, counted) | MSG_BIT(question, evidence));
    return copy;
}

bool opinion_keep_owed(struct msg_task *kept, const struct msg_task *task, const char *agency, struct arena *arena)
{
    struct msg_opinion *opinions = arena_alloc(arena, (task->opinions.count + 1) * sizeof *opinions);
    struct msg_question *questions = arena_alloc(arena, (task->questions.count + 1) * sizeof *questions);
    uint32_t count = 0, question_count = 0;
    for (uint32_t i = 0; opinions && questions && i < task->opinions.count; i++) {
        const struct msg_opinion *opinion = &task->opinions.items[i];
        const struct msg_question *question = question_of(task, opinion->question);
        if (!question || !is_of(opinion, 0, agency))
            continue;
        opinions[count++] = copied(opinion, arena);
        if (question_count == 0 || questions[question_count - 1].question != question->question)
            questions[question_count++] = copied_question(question, arena);
    }
    if (count == 0)
        return false;
    MSG_SET(kept, task, opinions, ((struct msg_opinion_items){opinions, count}));
    MSG_SET(kept, task, questions, ((struct msg_question_items){questions, question_count}));
    return true;
}

struct text opinion_said(const struct msg_task *task, struct text name, struct arena *arena)
{
    struct text said = {0};
    for (uint32_t i = 0; i < task->questions.count; i++) {
        const struct msg_question *question = &task->questions.items[i];
        char due[DUE_TEXT], which[40] = "";
        due_words(task, question, due);
        if (task->questions.count > 1)
            snprintf(which, sizeof which, " --question %llu", (unsigned long long)question->question);
        said = arena_printf(arena,
                            "%.*s%s%.*s asks for an opinion by %s: %.*s; coordctl opinion give %.*s%s --answer OUTCOME "
                            "--note TEXT",
                            TEXT_ARGS(said), said.size ? "; " : "", TEXT_ARGS(question->by), due,
                            TEXT_ARGS(question->note), TEXT_ARGS(name), which);
    }
    return said;
}

/* ---- what a change is about ---- */

/* Of several, all are named with their numbers; of none, that there is none. */
static int tell_which(const struct session *session, const struct msg_task *task, struct problem *problem)
{
    char list[160] = "";
    size_t used = 0;
    if (task->questions.count == 0) {
        problem_set(problem, COORD_E_QUESTION_UNKNOWN, "", "%s has no question to which an opinion is owed.",
                    session->arguments.operands[0]);
        return session_fail(session, problem);
    }
    for (uint32_t i = 0; i < task->questions.count && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%llu", i ? ", " : "",
                                 (unsigned long long)task->questions.items[i].question);
    problem_set(problem, COORD_E_MISSING_FIELD, "question", "%s has several questions: %s; say which.",
                session->arguments.operands[0], list);
    return session_fail(session, problem);
}

/* The one that --question names, or the only one: of those on which this agency owes an opinion, if there are any. */
static int find_question(struct session *session, enum op op, uint64_t task, uint64_t *question,
                         struct problem *problem)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct msg_task owed = {0};
    int code = session_count(session, "question", 0, question);
    if (code || *question)
        return code;
    MSG_SET(&get, task_get, task, task);
    code = session_hello(session);
    if (!code)
        code = session_call(session, OP_TASK_GET, &get, &reply);
    if (code)
        return code;
    if (op != OP_OPINE || !opinion_keep_owed(&owed, &reply.task, session->agency, &session->arena))
        (void)opinion_keep_owed(&owed, &reply.task, NULL, &session->arena); /* the broker says who is asked */
    if (owed.questions.count != 1)
        return tell_which(session, &owed, problem);
    *question = owed.questions.items[0].question;
    return EXIT_DONE;
}

static int fill_agencies(struct session *session, struct texts *agencies, struct problem *problem)
{
    const struct field *field = message_field(&message_consult, "agencies", 8);
    struct msg_consult scratch = {0};
    for (size_t i = 0; i < session->arguments.given_count; i++)
        if (strcmp(session->arguments.given[i].option->name, "to") == 0 &&
            fill_option(&message_consult, &scratch, field, &session->arguments.given[i], &session->arena, problem))
            return session_fail(session, problem);
    *agencies = scratch.agencies;
    return EXIT_DONE;
}

static int fill_consult(struct session *session, struct msg_consult *consult, struct problem *problem)
{
    MSG_MARK(consult, consult, agencies);
    if (evidence_pieces(&consult->evidence_files, 4, &session->arguments, &session->arena, problem))
        return session_fail(session, problem);
    if (consult->evidence_files.count)
        MSG_MARK(consult, consult, evidence_files);
    return fill_agencies(session, &consult->agencies, problem);
}

static int fill_opine(struct session *session, struct msg_opine *opine, struct problem *problem)
{
    if (evidence_pieces(&opine->evidence_files, 4, &session->arguments, &session->arena, problem))
        return session_fail(session, problem);
    if (opine->evidence_files.count)
        MSG_MARK(opine, opine, evidence_files);
    return EXIT_DONE;
}

int opinion_fill(struct session *session, enum op op, uint64_t task, void *request, struct problem *problem)
{
    uint64_t question = 0;
    if (op == OP_CONSULT)
        return fill_consult(session, request, problem);
    int code = find_question(session, op, task, &question, problem);
    if (code)
        return code;
    if (op == OP_OPINE) {
        MSG_SET((struct msg_opine *)request, opine, question, question);
        return fill_opine(session, request, problem);
    }
    struct msg_recall *recall = request;
    MSG_SET(recall, recall, question, question);
    code = fill_agencies(session, &recall->agencies, problem);
    if (recall->agencies.count)
        MSG_MARK(recall, recall, agencies);
    return code;
}

/* ---- opinion list ---- */

static void list_json(const struct asked_list *list, const struct msg_task *task, const struct msg_question *question,
                      const struct msg_opinion *opinion)
{
    json_t *object = asked_list_task(task);
    json_object_set_new(object, "question", json_write(&message_question, question));
    json_object_set_new(object, "opinion", json_write(&message_opinion, opinion));
    json_array_append_new(list->array, object);
}

static void list_row(const struct asked_list *list, const struct msg_task *task, const struct msg_question *question,
                     const struct msg_opinion *opinion)
{
    char due[DUE_TEXT], number[24], days[24] = "", words[QUESTION_TEXT];
    due_words(task, question, due);
    snprintf(number, sizeof number, "%llu", (unsigned long long)question->question);
    if (MSG_HAS(opinion, opinion, silent))
        snprintf(days, sizeof days, "%llu", (unsigned long long)opinion->silent_days);
    opinion_words(opinion, false, words, sizeof words);
    table_add_cells(list->table,
                    (const char *const[]){output_plain(task->reference), output_plain(task->title),
                                          output_plain(question->by), due, output_plain(opinion->agency), words, days,
                                          number, output_plain(opinion->note.size ? opinion->note : question->note)});
}

static void list_task(struct asked_list *list, const struct msg_task *task, bool all)
{
    for (uint32_t i = 0; i < task->opinions.count && list->left > 0; i++) {
        const struct msg_opinion *opinion = &task->opinions.items[i];
        const struct msg_question *question = question_of(task, opinion->question);
        if (!question || !(all || is_of(opinion, 0, list->agency)))
            continue;
        if (list->array)
            list_json(list, task, question, opinion);
        else
            list_row(list, task, question, opinion);
        list->left--;
    }
}

static int list_item(void *context, const struct message *message, const void *item)
{
    struct asked_list *list = context;
    (void)message;
    list_task(list, item, false);
    return list->left == 0;
}

/* Of one task: all that was asked, and what became of it. */
static int list_one(struct session *session, struct asked_list *list)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    int code = session_task(session, session->arguments.operands[0], &get.task);
    MSG_MARK(&get, task_get, task);
    if (!code)
        code = session_call(session, OP_TASK_GET, &get, &reply);
    if (!code)
        list_task(list, &reply.task, true);
    return code;
}

int opinion_list(struct session *session)
{
    static const struct column columns[] = {
        {"REFERENCE", "", COLUMN_TEXT, 0}, {"TITLE", "", COLUMN_WIDE, 0},      {"BY", "", COLUMN_TEXT, 3},
        {"DUE", "", COLUMN_TEXT, 0},       {"AGENCY", "", COLUMN_TEXT, 0},     {"OPINION", "", COLUMN_TEXT, 0},
        {"SILENT", "", COLUMN_NUMBER, 2},  {"QUESTION", "", COLUMN_NUMBER, 1}, {"SAID", "", COLUMN_BELOW, 0},
    };
    const bool one = session->arguments.operand_count > 0;
    struct asked_list list;
    int code = asked_list_begin(&list, session, columns, sizeof columns / sizeof *columns);
    if (!code)
        code = one ? list_one(session, &list) : asked_list_pages(&list, ROLE_CONSULTED, list_item);
    return asked_list_end(&list, code,
                          one        ? "No opinion was asked for."
                          : list.own ? "Nobody owes this agency an opinion."
                                     : "This agency owes no opinion.");
}

/* coordctl task …: what changes one. */
#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "commands.h"
#include "due_text.h"
#include "evidence.h"
#include "fill.h"
#include "json_write.h"
#include "lists.h"
#include "opinion.h"
#include "request.h"
#include "session.h"
#include "target.h"

#define ESCALATED_ROOM 4400 /* 64 ids of 64 bytes, and words */

/* `level 1 to btv-hu`: an escalation is of one task. */
static bool put_escalated(const struct msg_change_reply *reply, char *words, size_t size)
{
    const struct msg_changed *changed = reply->tasks.count == 1 ? &reply->tasks.items[0] : NULL;
    if (!changed || changed->addressed.count == 0)
        return false;
    snprintf(words, size, "level %llu to", (unsigned long long)changed->level);
    for (uint32_t i = 0; i < changed->addressed.count; i++) {
        const size_t at = strlen(words);
        snprintf(words + at, size - at, "%s %.*s", i ? "," : "", TEXT_ARGS(changed->addressed.items[i]));
    }
    return true;
}

void task_show_changes(const struct session *session, const struct msg_change_reply *reply)
{
    const struct command *command = session->arguments.command;
    char escalated[ESCALATED_ROOM], asked[24], taken[120];
    struct column columns[9] = {
        {"REFERENCE", "reference", COLUMN_TEXT, 0}, {"LEAD", "lead", COLUMN_TEXT, 0},
        {"STATE", "state", COLUMN_TEXT, 0},         {"DUE", "due_day", COLUMN_TEXT, 0},
        {"VERSION", "version", COLUMN_NUMBER, 0},   {"TASK", "task", COLUMN_NUMBER, 0},
    };
    size_t count = 6;
    if (session->json) {
        output_json(json_write(&message_change_reply, reply));
        return;
    }
    if (reply->seq == 0 && reply->tasks.count == 0) {
        session_tell_done(session, reply, "");
        return;
    }
    snprintf(asked, sizeof asked, "%llu", (unsigned long long)reply->seq);
    if (command && command->op == OP_ASK && !reply->dry_run) /* by which it is decided, or taken back */
        columns[count++] = (struct column){"REQUEST", asked, COLUMN_WORD, 0};
    if (command && command->op == OP_CONSULT && !reply->dry_run) /* by which an opinion is given, or it is taken back */
        columns[count++] = (struct column){"QUESTION", asked, COLUMN_WORD, 0};
    if (target_put_taken(reply, taken, sizeof taken))
        columns[count++] = (struct column){"VALUE", taken, COLUMN_WORD, 0};
    if (put_escalated(reply, escalated, sizeof escalated))
        columns[count++] = (struct column){"ESCALATED", escalated, COLUMN_WORD, 0};
    if (reply->dry_run) /* there only where it was one, so that a log or a script sees it */
        columns[count++] = (struct column){"DRY RUN", "would be", COLUMN_WORD, 0};
    struct table *table = table_new(columns, count);
    for (uint32_t i = 0; i < reply->tasks.count; i++)
        due_add_row(table, &message_changed, &reply->tasks.items[i], text_of(session->calendar));
    table_show(table, reply->dry_run ? NULL : "Done.");
    due_tell_days_off(session, reply);
    if (reply->dry_run && output_is_terminal())
        puts("Nothing was changed: so it would be.");
}

/* Each by its reference; one that is empty empties the list. */
static int fill_waits(struct session *session, struct msg_content *content)
{
    const size_t max = message_content.fields[MSG_FIELD(content, waits_for)].max;
    uint64_t *numbers = arena_alloc(&session->arena, (max + 1) * sizeof *numbers);
    uint32_t count = 0;
    int code = EXIT_DONE;
    if (!numbers)
        return session_fail(session, &(struct problem){.error = COORD_E_NO_MEMORY});
    for (size_t i = 0; !code && i < session->arguments.given_count; i++) {
        const struct given *given = &session->arguments.given[i];
        if (strcmp(given->option->name, "waits-for") != 0)
            continue;
        if (!given->value || !given->value[0])
            count = 0;
        else if (count <= max) /* one too many is the broker's to refuse */
            code = session_task(session, given->value, &numbers[count++]);
        MSG_SET(content, content, waits_for, ((struct u64s){numbers, count}));
    }
    return code;
}

/* The parts of `content` that the options give; `content` is marked when there are any. */
int task_fill_content(struct session *session, struct msg_content *content, struct problem *problem)
{
    const struct command *command = session->arguments.command;
    const bool is_part = command && strcmp(command->noun, "part") == 0; /* its whole is named first */
    const char *parent = is_part ? session->arguments.operands[0] : arguments_get(&session->arguments, "parent"),
               *follows = arguments_get(&session->arguments, "follows");
    int code = EXIT_DONE;
    if (fill_from_options(&message_content, content, &session->arguments, &session->arena, problem)) {
        problem_within(problem, "content");
        return session_fail(session, problem);
    }
    if (parent) {
        MSG_MARK(content, content, parent);
        code = session_task(session, parent, &content->parent);
    }
    if (!code && follows) {
        MSG_MARK(content, content, follows);
        code = session_task(session, follows, &content->follows);
    }
    return code ? code : fill_waits(session, content);
}

int task_fill_to(struct session *session, struct texts *to, struct problem *problem)
{
    const struct field *leads = message_field(&message_assign, "leads", 5);
    struct msg_assign scratch = {0};
    for (size_t i = 0; i < session->arguments.given_count; i++)
        if (strcmp(session->arguments.given[i].option->name, "to") == 0 &&
            fill_option(&message_assign, &scratch, leads, &session->arguments.given[i], &session->arena, problem))
            return session_fail(session, problem);
    *to = scratch.leads;
    return EXIT_DONE;
}

int task_assign(struct session *session)
{
    struct msg_assign assign = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    if (fill_from_options(&message_assign, &assign, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    int code = task_fill_content(session, &assign.content, &problem);
    if (!code)
        code = target_fill(session, &assign.content, true, &problem);
    if (!code)
        code = task_fill_to(session, &assign.leads, &problem);
    if (code)
        return code;
    MSG_MARK(&assign, assign, content);
    if (assign.leads.count)
        MSG_MARK(&assign, assign, leads);
    snprintf(session->calendar, sizeof session->calendar, "%.*s", TEXT_ARGS(assign.calendar));
    if (!session->json)
        due_learn(session);
    code = session_call(session, OP_ASSIGN, &assign, &reply);
    if (code)
        return code;
    task_show_changes(session, &reply);
    if (!session->json && output_is_terminal() && reply.tasks.count && !MSG_HAS(&reply.tasks.items[0], changed, due))
        puts("It has no due date, and nothing reminds of one: coordctl task amend TASK --due DATE gives it one.");
    if (reply.tasks.count)
        beside_tell_made(session, assign.reference, text_equal(reply.tasks.items[0].reference, assign.reference),
                         reply.dry_run);
    return EXIT_DONE;
}

/* The broker takes a report that says nothing; a person who typed one has forgotten something. */
static int check_report(const struct session *session, const struct msg_progress *report, struct problem *problem)
{
    if (report->note.size > 0 || MSG_HAS(report, progress, percent) || MSG_HAS(report, progress, value) ||
        MSG_HAS(report, progress, evidence) || MSG_HAS(report, progress, numerator))
        return EXIT_DONE;
    problem_set(problem, COORD_E_MISSING_FIELD, "",
                "a report says how far the work is: give --percent, --value, --note or --evidence");
    return session_fail(session, problem);
}

/* Fields that some of the changes have, beyond those that the options fill in by name. */
static int fill_special(struct session *session, enum op op, uint64_t task, void *request, struct problem *problem)
{
    struct texts to = {0};
    if (op == OP_ASK || op == OP_GRANT || op == OP_DENY || op == OP_TAKE_BACK)
        return request_fill(session, op, task, request, problem);
    if (op == OP_CONSULT || op == OP_OPINE || op == OP_RECALL)
        return opinion_fill(session, op, task, request, problem);
    if (op == OP_REPORT || op == OP_SUBMIT)
        return evidence_fill(request, &session->arguments, &session->arena, problem)
                   ? session_fail(session, problem)
                   : target_fill_report(session, request, problem);
    if (op == OP_AMEND) {
        struct msg_amend *amend = request;
        MSG_MARK(amend, amend, content);
        return task_fill_content(session, &amend->content, problem);
    }
    const int code = task_fill_to(session, &to, problem);
    if (code || !to.count)
        return code;
    if (op == OP_REASSIGN)
        MSG_SET((struct msg_reassign *)request, reassign, lead, to.items[0]);
    if (op == OP_ANSWER)
        MSG_SET((struct msg_answer *)request, answer, to, to.items[0]);
    if (op == OP_ESCALATE)
        MSG_SET((struct msg_escalate *)request, escalate, to, to);
    return EXIT_DONE;
}

/* ---- what goes where an amendment gives a list anew ---- */

static const char *const given_lists[] = {"cooperating", "observers", "excluded", "tags"};
#define GIVEN_LISTS (sizeof given_lists / sizeof *given_lists)

/* The lists of the task that the amendment gives anew, as they stand; NULL when it gives none. An exit code. */
static int lists_before(struct session *session, const struct msg_amend *amend, json_t **before)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    json_t *content = json_write(&message_content, &amend->content);
    bool any = false;
    for (size_t i = 0; i < GIVEN_LISTS; i++)
        any |= json_object_get(content, given_lists[i]) != NULL;
    json_decref(content);
    *before = NULL;
    if (!any)
        return EXIT_DONE;
    MSG_SET(&get, task_get, task, amend->task);
    const int code = session_call(session, OP_TASK_GET, &get, &reply);
    if (!code)
        *before = json_write(&message_task, &reply.task);
    return code;
}

/* Says who, or what, is in such a list no longer; nobody sees it in the new one. Takes `before`. */
static void tell_gone(struct session *session, const struct msg_amend *amend, json_t *before, bool dry_run)
{
    json_t *content = json_write(&message_content, &amend->content);
    char gone[1000];
    for (size_t i = 0; before && i < GIVEN_LISTS; i++) {
        const json_t *now = json_object_get(content, given_lists[i]);
        lists_gone(json_object_get(before, given_lists[i]), now, gone, sizeof gone);
        if (now && gone[0])
            output_error("%s: %sno longer %s: %s", session->arguments.operands[0], dry_run ? "would be " : "",
                         given_lists[i], gone);
    }
    json_decref(content);
    json_decref(before);
}

/* ---- changes, whole ---- */

static int amend(struct session *session, const struct msg_amend *request, struct msg_change_reply *reply)
{
    json_t *before;
    int code = lists_before(session, request, &before);
    if (!code)
        code = session_call(session, OP_AMEND, request, reply);
    if (code) {
        json_decref(before);
        return code;
    }
    task_show_changes(session, reply);
    tell_gone(session, request, before, reply->dry_run);
    return EXIT_DONE;
}

int task_change(struct session *session)
{
    const enum op op = session->arguments.command->op;
    const struct message *message = op_row(op)->request;
    const struct field *task_field = message_field(message, "task", 4);
    struct msg_change_reply reply;
    struct problem problem = {0};
    uint64_t task;
    msg_bits has;
    char *request = arena_alloc(&session->arena, message->size);
    int code = request ? session_task(session, session->arguments.operands[0], &task) : EXIT_SYSTEM;
    if (code)
        return code;
    if (fill_from_options(message, request, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    memcpy(request + task_field->offset, &task, sizeof task);
    memcpy(&has, request, sizeof has);
    has |= (msg_bits)1 << (task_field - message->fields);
    memcpy(request, &has, sizeof has);
    code = fill_special(session, op, task, request, &problem);
    if (!code && op == OP_REPORT)
        code = check_report(session, (const struct msg_progress *)(const void *)request, &problem);
    if (!code && !session->json)
        due_learn(session);
    if (!code && op == OP_AMEND)
        return amend(session, (const struct msg_amend *)(const void *)request, &reply);
    if (!code)
        code = session_call(session, op, request, &reply);
    if (!code)
        task_show_changes(session, &reply);
    return code;
}

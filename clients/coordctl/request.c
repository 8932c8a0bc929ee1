/* coordctl request … */
#include "request.h"

#include <stdio.h>
#include <string.h>

#include "ask_words.h"
#include "asked_list.h"
#include "commands.h"
#include "due_text.h"
#include "json_write.h"
#include "next.h"
#include "succession.h"

/* ---- which ones ---- */

static struct msg_asked copied(const struct msg_asked *asked, struct arena *arena)
{
    struct msg_asked copy = *asked;
    copy.by = arena_copy(arena, asked->by);
    copy.reason = arena_copy(arena, asked->reason);
    copy.decider = arena_copy(arena, asked->decider);
    copy.wanted.due_day = arena_copy(arena, asked->wanted.due_day);
    copy.wanted.lead = arena_copy(arena, asked->wanted.lead);
    copy.wanted.until_day = arena_copy(arena, asked->wanted.until_day);
    copy.counted.words = arena_copy(arena, asked->counted.words);
    return copy;
}

struct msg_asked_items request_open(const struct msg_task *task, const char *agency, struct arena *arena)
{
    struct msg_asked *items = arena_alloc(arena, (task->asks.count + 1) * sizeof *items);
    uint32_t count = 0;
    for (uint32_t i = 0; items && i < task->asks.count; i++) {
        const struct msg_asked *asked = &task->asks.items[i];
        if (ask_is_open(asked) && (!agency || text_equal(asked->decider, text_of(agency))))
            items[count++] = copied(asked, arena);
    }
    return (struct msg_asked_items){items, count};
}

struct text request_task_name(const struct msg_task *task, struct arena *arena)
{
    const bool is_bare = task->reference.size > 0 && task->reference.data[0] != '@' && task->reference.data[0] != '-';
    const struct text assigner = is_bare ? (struct text){0} : succession_assigner(task);
    const struct text name = arena_printf(arena, "%.*s%s%.*s%c", TEXT_ARGS(assigner), is_bare ? "" : ":",
                                          TEXT_ARGS(task->reference), 0);
    return name.data ? arena_copy(arena, text_of(next_word(name.data))) : name;
}

static struct text next_said(const struct msg_asked *asked, struct text lead, struct text name, const char *which,
                             struct text until_day, struct arena *arena)
{
    if (until_day.size)
        return arena_printf(arena, "%.*s stands in for %.*s until %.*s, and decides after that",
                            TEXT_ARGS(asked->decider), TEXT_ARGS(lead), TEXT_ARGS(until_day));
    return arena_printf(arena, "coordctl request grant %.*s%s, or coordctl request deny %.*s%s --note WHY",
                        TEXT_ARGS(name), which, TEXT_ARGS(name), which);
}

struct text request_said(const struct msg_task *task, const struct msg_asked_items *asks, struct text name,
                         struct text until_day, struct arena *arena)
{
    struct text said = {0};
    for (uint32_t i = 0; i < asks->count; i++) {
        const struct msg_asked *asked = &asks->items[i];
        char wish[200], which[40] = "", when[96] = "", by[64];
        ask_wish_text(asked->asking, &asked->wanted, task->calendar, wish, sizeof wish);
        if (asks->count > 1)
            snprintf(which, sizeof which, " --request %llu", (unsigned long long)asked->ask);
        if (MSG_HAS(asked, asked, decide_due)) {
            (void)value_show_end(asked->decide_due, by, sizeof by);
            snprintf(when, sizeof when, ", to be decided by %s", by);
        }
        const struct text next = next_said(asked, task->lead, name, which, until_day, arena);
        said = arena_printf(arena, "%.*s%s%.*s asks for %s%s: %.*s; %.*s", TEXT_ARGS(said), said.size ? "; " : "",
                            TEXT_ARGS(asked->by), wish, when, TEXT_ARGS(asked->reason), TEXT_ARGS(next));
    }
    return said;
}

/* ---- what a change is about ---- */

/* Of several, all are named with their numbers; of none, that there is none. */
static int tell_which(const struct session *session, const struct msg_asked_items *open, struct problem *problem)
{
    const char *task = session->arguments.operands[0];
    char list[360] = "", wish[200];
    size_t used = 0;
    if (open->count == 0) {
        problem_set(problem, COORD_E_ASK_UNKNOWN, "", "%s has no open request.", task);
        return session_fail(session, problem);
    }
    for (uint32_t i = 0; i < open->count && used < sizeof list; i++) {
        ask_wish_text(open->items[i].asking, &open->items[i].wanted, text_of(session->calendar), wish, sizeof wish);
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%llu (%s)", i ? ", " : "",
                                 (unsigned long long)open->items[i].ask, wish);
    }
    problem_set(problem, COORD_E_MISSING_FIELD, "ask", "%s has %u open requests: %s; say which.", task,
                (unsigned)open->count, list);
    return session_fail(session, problem);
}

/* The one that --request names, or the only one: of those that this agency decides, if there are any. */
static int find_asked(struct session *session, enum op op, uint64_t task, uint64_t *ask, struct problem *problem)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    int code = session_count(session, "request", 0, ask);
    if (code || *ask)
        return code;
    MSG_SET(&get, task_get, task, task);
    due_learn(session); /* for tell_which */
    code = session_hello(session);
    if (!code)
        code = session_call(session, OP_TASK_GET, &get, &reply);
    if (code)
        return code;
    const bool decides = op == OP_GRANT || op == OP_DENY;
    struct msg_asked_items open = request_open(&reply.task, decides ? session->agency : NULL, &session->arena);
    if (open.count == 0) /* those of others: the broker says who decides */
        open = request_open(&reply.task, NULL, &session->arena);
    if (open.count != 1)
        return tell_which(session, &open, problem);
    *ask = open.items[0].ask;
    return EXIT_DONE;
}

int request_fill(struct session *session, enum op op, uint64_t task, void *request, struct problem *problem)
{
    const char *verb = session->arguments.command->verb;
    uint64_t ask = 0;
    if (op == OP_ASK) {
        MSG_SET((struct msg_ask *)request, ask, asking, term_number(&vocabulary_asking, verb, (uint32_t)strlen(verb)));
        return EXIT_DONE;
    }
    const int code = find_asked(session, op, task, &ask, problem);
    if (code)
        return code;
    if (op == OP_GRANT)
        MSG_SET((struct msg_grant *)request, grant, ask, ask);
    if (op == OP_DENY)
        MSG_SET((struct msg_deny *)request, deny, ask, ask);
    if (op == OP_TAKE_BACK)
        MSG_SET((struct msg_take_back *)request, take_back, ask, ask);
    return EXIT_DONE;
}

/* ---- request list ---- */

static void list_json(const struct asked_list *list, const struct msg_task *task, const struct msg_asked *asked)
{
    json_t *object = asked_list_task(task);
    json_object_set_new(object, "asked", json_write(&message_asked, asked));
    json_array_append_new(list->array, object);
}

static void list_row(const struct asked_list *list, const struct msg_task *task, const struct msg_asked *asked)
{
    char wish[200], number[24], by[64] = "", due[DUE_TEXT];
    ask_wish_text(asked->asking, &asked->wanted, task->calendar, wish, sizeof wish);
    snprintf(number, sizeof number, "%llu", (unsigned long long)asked->ask);
    if (MSG_HAS(asked, asked, decide_due))
        (void)value_show_end(asked->decide_due, by, sizeof by);
    due_text(task->calendar, task->due, task->due_day, due);
    table_add_cells(list->table, (const char *const[]){output_plain(task->reference), output_plain(task->title),
                                                       output_plain(asked->by), wish, due, output_plain(asked->decider),
                                                       by, number, output_plain(asked->reason)});
}

static int list_item(void *context, const struct message *message, const void *item)
{
    struct asked_list *list = context;
    const struct msg_task *task = item;
    const struct msg_asked_items open = request_open(task, list->agency, &list->session->arena);
    (void)message;
    for (uint32_t i = 0; i < open.count && list->left > 0; i++, list->left--) {
        if (list->array)
            list_json(list, task, &open.items[i]);
        else
            list_row(list, task, &open.items[i]);
    }
    return list->left == 0;
}

int request_list(struct session *session)
{
    static const struct column columns[] = {
        {"REFERENCE", "", COLUMN_TEXT, 0}, {"TITLE", "", COLUMN_WIDE, 0},     {"BY", "", COLUMN_TEXT, 2},
        {"ASKS FOR", "", COLUMN_TEXT, 0},  {"DUE", "", COLUMN_TEXT, 3},       {"DECIDES", "", COLUMN_TEXT, 4},
        {"DECIDE BY", "", COLUMN_TEXT, 0}, {"REQUEST", "", COLUMN_NUMBER, 1}, {"WHY", "", COLUMN_BELOW, 0},
    };
    struct asked_list list;
    int code = asked_list_begin(&list, session, columns, sizeof columns / sizeof *columns);
    if (!code)
        code = asked_list_pages(&list, ROLE_DECIDER, list_item);
    return asked_list_end(&list, code,
                          list.own ? "No open requests of this agency." : "No request waits for this agency.");
}

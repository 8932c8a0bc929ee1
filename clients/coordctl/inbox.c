/* coordctl task list, and inbox: what waits for this agency, with why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "due_text.h"
#include "fill.h"
#include "inbox.h"
#include "json_write.h"
#include "lists.h"
#include "opinion.h"
#include "request.h"
#include "session.h"
#include "target.h"

/* Of a listing; the inbox says besides why a task waits once more. */
static const struct column task_columns[] = {
    {"REFERENCE", "reference", COLUMN_TEXT, 0}, {"TITLE", "title", COLUMN_WIDE, 0},
    {"LEAD", "lead", COLUMN_TEXT, 0},           {"STATE", "state", COLUMN_TEXT, 0},
    {"DUE", "due_day", COLUMN_TEXT, 0},         {"HOW", "timeliness", COLUMN_TEXT, 0},
    {"DONE%", "percent", COLUMN_NUMBER, 2},     {"ASSIGNER", "assigner", COLUMN_TEXT, 3},
    {"TASK", "task", COLUMN_NUMBER, 1},         {"SAID", "note", COLUMN_BELOW, 0},
};
#define INBOX_COLUMNS (sizeof task_columns / sizeof *task_columns)
#define TASK_COLUMNS  (INBOX_COLUMNS - 1)

int task_list(struct session *session)
{
    struct msg_task_list list = {0};
    struct problem problem = {0};
    uint64_t limit;
    int code = session_count(session, "limit", 0, &limit);
    if (code)
        return code;
    if (fill_from_options(&message_task_list, &list, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    const char *parent = arguments_get(&session->arguments, "parent");
    code = parent ? session_task(session, parent, &list.parent) : EXIT_DONE;
    if (code)
        return code;
    if (parent)
        MSG_MARK(&list, task_list, parent);
    MSG_SET(&list, task_list, limit, limit && limit < 1000 ? limit : 1000);
    return session_list(session, OP_TASK_LIST, &list, task_columns, TASK_COLUMNS, limit, "No tasks.");
}

/* ---- inbox ---- */

/* A shallow copy of a task, its texts in the arena. `asks` are those that wait for this agency. */
struct waiting {
    struct msg_task task;
    const char *name;      /* the agency in whose name it waits; NULL for one's own */
    struct text until_day; /* while its requests may not be decided on: until the end of this day; else empty */
};

struct inbox {
    struct waiting *items;
    size_t count, capacity;
    struct inbox_names names;
    const char *given; /* that of --for; NULL without */
    const char *name;  /* in which is read now; NULL for one's own */
    const char
        *decider; /* while those are read on which this agency has to decide something, or owes an opinion: itself */
    struct arena *arena;
};

#define KEEP_TEXT(name)                                                                                                \
    if (MSG_HAS(task, task, name))                                                                                     \
    MSG_SET(kept, task, name, arena_copy(inbox->arena, task->name))
#define KEEP_NUMBER(name)                                                                                              \
    if (MSG_HAS(task, task, name))                                                                                     \
    MSG_SET(kept, task, name, task->name)

static void inbox_keep_words(struct inbox *inbox, struct msg_task *kept, const struct msg_task *task)
{
    KEEP_TEXT(note);
    KEEP_TEXT(note_by);
    KEEP_NUMBER(note_time);
    KEEP_TEXT(assigner_note);
    KEEP_TEXT(assigner_note_by);
    KEEP_NUMBER(assigner_note_time);
    KEEP_TEXT(other_note);
    KEEP_TEXT(other_note_by);
    KEEP_NUMBER(other_note_time);
    KEEP_TEXT(rejection);
    KEEP_TEXT(rejected_by);
    KEEP_NUMBER(rejected);
    KEEP_NUMBER(lead_unanswered);
    KEEP_NUMBER(assigner_unanswered);
}

/* As it is typed, with the name in which it waits. */
static struct text inbox_task_name(struct inbox *inbox, const struct waiting *waiting)
{
    const struct text name = request_task_name(&waiting->task, inbox->arena);
    const char *in_name = waiting->name ? waiting->name : inbox->given;
    return in_name ? arena_printf(inbox->arena, "%.*s --for %s", TEXT_ARGS(name), in_name) : name;
}

/* Why a task waits once more, for the side that it waits for: its submission was sent back, others commented; what its lead
 * asks this agency for, a decision or an opinion or both; or that it is to be answered. */
static struct text inbox_said(struct inbox *inbox, const struct waiting *waiting)
{
    const struct msg_task *task = &waiting->task;
    const struct text name = inbox_task_name(inbox, waiting);
    const bool is_lead = task->state != STATE_SUBMITTED;
    const unsigned long long open = is_lead ? task->lead_unanswered : task->assigner_unanswered;
    struct text last = is_lead ? task->assigner_note : task->note;
    if (task->asks.count || task->questions.count) {
        const struct text asked = task->asks.count
                                      ? request_said(task, &task->asks, name, waiting->until_day, inbox->arena)
                                      : (struct text){0};
        const struct text opinion = task->questions.count ? opinion_said(task, name, inbox->arena) : (struct text){0};
        return arena_printf(inbox->arena, "%.*s%s%.*s", TEXT_ARGS(asked), asked.size && opinion.size ? "; " : "",
                            TEXT_ARGS(opinion));
    }
    if ((is_lead ? task->assigner_note_time : task->note_time) < task->other_note_time)
        last = task->other_note;
    if (task->rejection.size && open)
        return arena_printf(inbox->arena, "rejected: %.*s; open comments: %llu: %.*s", TEXT_ARGS(task->rejection), open,
                            TEXT_ARGS(last));
    if (task->rejection.size)
        return arena_printf(inbox->arena, "rejected: %.*s", TEXT_ARGS(task->rejection));
    if (open)
        return arena_printf(inbox->arena, "open comments: %llu: %.*s", open, TEXT_ARGS(last));
    if (is_lead && task->kind == KIND_CIRCULAR && task->state == STATE_ASSIGNED)
        return arena_printf(inbox->arena, "a circular: read it, then coordctl task accept %.*s", TEXT_ARGS(name));
    if (is_lead && task->kind == KIND_TARGET)
        return target_said(task, name, inbox->arena);
    if (is_lead && task->kind == KIND_RECOMMENDATION)
        return arena_printf(inbox->arena, "a recommendation: coordctl task answer %.*s --answer OUTCOME --note TEXT",
                            TEXT_ARGS(name));
    return (struct text){0};
}

/* A task that waits for two reasons is there once, in each name. */
static struct msg_task *inbox_find(const struct inbox *inbox, uint64_t task)
{
    for (size_t i = 0; i < inbox->count; i++)
        if (inbox->items[i].task.task == task && inbox->items[i].name == inbox->name)
            return &inbox->items[i].task;
    return NULL;
}

static void inbox_keep_asks(const struct inbox *inbox, struct msg_task *kept, const struct msg_task *task)
{
    const struct msg_asked_items open = request_open(task, inbox->decider, inbox->arena);
    if (open.count)
        MSG_SET(kept, task, asks, open);
    (void)opinion_keep_owed(kept, task, inbox->decider, inbox->arena);
}

static int inbox_item(void *context, const struct message *message, const void *item)
{
    struct inbox *inbox = context;
    const struct msg_task *task = item;
    struct msg_task *there = inbox->decider ? inbox_find(inbox, task->task) : NULL;
    (void)message;
    if (!inbox_may_do(&inbox->names, inbox->name, task->lead))
        return 0;
    if (there) {
        inbox_keep_asks(inbox, there, task);
        return 0;
    }
    if (inbox->count == inbox->capacity) {
        inbox->capacity = inbox->capacity ? inbox->capacity * 2 : 64;
        inbox->items = realloc(inbox->items, inbox->capacity * sizeof *inbox->items);
        if (!inbox->items)
            abort();
    }
    struct waiting *waiting = &inbox->items[inbox->count++];
    *waiting = (struct waiting){.name = inbox->name};
    struct msg_task *kept = &waiting->task;
    MSG_SET(kept, task, reference, arena_copy(inbox->arena, task->reference));
    MSG_SET(kept, task, title, arena_copy(inbox->arena, task->title));
    MSG_SET(kept, task, assigner, arena_copy(inbox->arena, task->assigner));
    MSG_SET(kept, task, lead, arena_copy(inbox->arena, task->lead));
    MSG_SET(kept, task, state, task->state);
    KEEP_NUMBER(kind);
    MSG_SET(kept, task, timeliness, task->timeliness);
    MSG_SET(kept, task, task, task->task);
    if (MSG_HAS(task, task, due)) {
        MSG_SET(kept, task, due, task->due);
        MSG_SET(kept, task, due_day, arena_copy(inbox->arena, task->due_day));
    }
    KEEP_TEXT(calendar);
    if (MSG_HAS(task, task, percent))
        MSG_SET(kept, task, percent, task->percent);
    KEEP_NUMBER(report_due);
    target_keep(kept, task, inbox->arena);
    inbox_keep_words(inbox, kept, task);
    if (inbox->decider)
        inbox_keep_asks(inbox, kept, task);
    return 0;
}

/* Who asks is looked at once in each name. */
static int inbox_learn_waits(struct session *session, struct inbox *inbox)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < inbox->count && !code; i++) {
        struct waiting *waiting = &inbox->items[i];
        const struct waiting *known = inbox->items;
        if (waiting->task.asks.count == 0)
            continue;
        while (known < waiting && (known->name != waiting->name || known->task.asks.count == 0 ||
                                   !text_equal(known->task.lead, waiting->task.lead)))
            known++;
        waiting->until_day = known->until_day;
        if (known == waiting)
            code = inbox_learn_wait(session, &inbox->names, waiting->task.lead, waiting->task.asks.items[0].decider,
                                    &waiting->until_day);
    }
    return code;
}

static int by_due(const void *a, const void *b)
{
    const struct msg_task *x = &((const struct waiting *)a)->task, *y = &((const struct waiting *)b)->task;
    const int64_t due_x = MSG_HAS(x, task, due) ? x->due : INT64_MAX,
                  due_y = MSG_HAS(y, task, due) ? y->due : INT64_MAX;
    return due_x != due_y ? (due_x > due_y) - (due_x < due_y) : (x->task > y->task) - (x->task < y->task);
}

static struct text inbox_words(struct inbox *inbox, const struct waiting *waiting)
{
    const struct text said = inbox_said(inbox, waiting);
    return waiting->name ? arena_printf(inbox->arena, "in the name of %s%s%.*s", waiting->name, said.size ? ": " : "",
                                        TEXT_ARGS(said))
                         : said;
}

/* What else waits is on a terminal told behind the table. */
static int inbox_show(struct session *session, struct inbox *inbox, uint64_t limit)
{
    json_t *array = session->json ? json_array() : NULL;
    struct table *table = session->json ? NULL : table_new(task_columns, INBOX_COLUMNS);
    int code = EXIT_DONE;
    for (size_t i = 0; i < inbox->count && (limit == 0 || i < limit); i++) {
        struct msg_task *task = &inbox->items[i].task;
        if (array) {
            json_array_append_new(array, inbox_in_name(json_write(&message_task, task), inbox->items[i].name));
            continue;
        }
        MSG_SET(task, task, note, inbox_words(inbox, &inbox->items[i])); /* the last column */
        due_add_row(table, &message_task, task, (struct text){0});
    }
    if (array || !output_is_terminal())
        code = inbox_add_others(session, &inbox->names, array, table);
    if (code)
        json_decref(array);
    else if (array)
        output_json(array);
    if (table)
        table_show(table, code ? NULL : "No task waits for this agency.");
    return !code && table && output_is_terminal() ? inbox_tell_others(session, &inbox->names) : code;
}

/* What leads ask for, and this agency has to decide, or owes its opinion on. A broker from before there was such a role has none. */
static int inbox_add_asked(struct session *session, struct inbox *inbox, int role)
{
    struct msg_task_list list = {0};
    struct msg_tasks_reply reply;
    struct problem problem = {0};
    MSG_SET(&list, task_list, agency, text_of(session->agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(role));
    MSG_SET(&list, task_list, limit, 1);
    const int error = session_try(session, OP_TASK_LIST, &list, &reply, &problem);
    if (error == COORD_E_BAD_TERM)
        return EXIT_DONE;
    if (error)
        return session_fail(session, &problem);
    MSG_SET(&list, task_list, limit, 1000);
    inbox->decider = session->agency;
    return session_pages(session, OP_TASK_LIST, &list, inbox_item, inbox);
}

/* What waits for the agency in whose name is asked. */
static int inbox_read(struct session *session, void *context, const char *name)
{
    struct inbox *inbox = context;
    struct msg_task_list list = {0};
    inbox->name = name ? arena_printf(inbox->arena, "%s", name).data : NULL;
    inbox->decider = NULL;
    MSG_SET(&list, task_list, agency, text_of(session->agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_LEAD));
    MSG_SET(&list, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS));
    MSG_SET(&list, task_list, limit, 1000);
    int code = session_pages(session, OP_TASK_LIST, &list, inbox_item, inbox);
    /* And what others have handed in to this agency: it has to confirm or reject. */
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&list, task_list, states, TERM_BIT(STATE_SUBMITTED));
    list.after = 0;
    if (!code)
        code = session_pages(session, OP_TASK_LIST, &list, inbox_item, inbox);
    if (!code)
        code = inbox_add_asked(session, inbox, ROLE_DECIDER);
    if (!code)
        code = inbox_add_asked(session, inbox, ROLE_CONSULTED);
    return code;
}

int task_inbox(struct session *session)
{
    struct inbox inbox = {.arena = &session->arena};
    uint64_t limit;
    int code = session_count(session, "limit", 0, &limit);
    if (!code)
        code = inbox_learn_names(session, &inbox.names);
    if (code)
        return code;
    if (!session->json)
        due_learn(session);
    inbox.given = arguments_get(&session->arguments, "for");
    code = session_each_name(session, inbox_read, &inbox);
    if (!code && !session->json)
        code = inbox_learn_waits(session, &inbox);
    if (!code) {
        if (inbox.count) /* without any there is no array */
            qsort(inbox.items, inbox.count, sizeof *inbox.items, by_due);
        code = inbox_show(session, &inbox, limit);
    }
    free(inbox.items);
    return code;
}

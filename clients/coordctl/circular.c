/* coordctl circular: who has read one, and who has not. A circular is a task of its kind for each that it went to, and accepting it is
 * to have read it. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "due_text.h"
#include "json_write.h"
#include "session.h"
#include "succession.h"

#define LEADS_MAX 256 /* that an assignment may have: one page holds them */

struct reading {
    const char *agency; /* whose key it is */
    uint64_t sent, read, late, unread, overdue, withdrawn;
    bool is_partial; /* it went to others as well, perhaps: only its assigner is told of all */
    json_t *array;
    struct table *table;
};

static void count(struct reading *reading, const struct msg_task *task)
{
    reading->is_partial |= !text_equal(succession_assigner(task), text_of(reading->agency));
    reading->sent++;
    reading->read += task->state == STATE_COMPLETED;
    reading->late += task->state == STATE_COMPLETED && task->timeliness == TIMELINESS_LATE;
    reading->withdrawn += task->state == STATE_CANCELLED;
    reading->unread += task->state != STATE_COMPLETED && task->state != STATE_CANCELLED;
    reading->overdue += task->timeliness == TIMELINESS_OVERDUE;
}

static void add_row(const struct reading *reading, const struct msg_task *task)
{
    char read[64] = "", due[DUE_TEXT] = "", how[96], since[64];
    if (task->state == STATE_COMPLETED)
        value_show_time(task->closed, read, sizeof read);
    if (MSG_HAS(task, task, due))
        due_text(task->calendar, task->due, task->due_day, due);
    snprintf(how, sizeof how, "%s", term_name(&vocabulary_timeliness, task->timeliness));
    if (task->timeliness == TIMELINESS_OVERDUE) {
        value_show_time(task->due, since, sizeof since);
        snprintf(how, sizeof how, "overdue since %s", since);
    } else if (task->state == STATE_CANCELLED) {
        snprintf(how, sizeof how, "cancelled");
    }
    table_add_cells(reading->table,
                    (const char *const[]){output_plain(task->lead), read, due, how, output_plain(task->reference)});
}

static int add(void *context, const struct message *message, const void *item)
{
    struct reading *reading = context;
    const struct msg_task *task = item;
    count(reading, task);
    if (reading->array)
        json_array_append_new(reading->array, json_write(message, task));
    else
        add_row(reading, task);
    return 0;
}

static void show_counts(const struct reading *reading)
{
    printf("\n%s%llu of %llu %s read it", reading->is_partial ? "Of those that this agency may see, " : "",
           (unsigned long long)reading->read, (unsigned long long)reading->sent, reading->read == 1 ? "has" : "have");
    if (reading->late)
        printf(", %llu of these late", (unsigned long long)reading->late);
    if (reading->unread)
        printf("; %llu %s not, %llu overdue", (unsigned long long)reading->unread,
               reading->unread == 1 ? "has" : "have", (unsigned long long)reading->overdue);
    if (reading->withdrawn)
        printf("; %llu withdrawn", (unsigned long long)reading->withdrawn);
    puts(".");
}

/* Whose it is, where it is not one's own: a lead says TB-1 or its own TB-1/LEAD. */
struct giver {
    struct text assigner;
    struct arena *arena;
    bool several;
};

static int take_giver(void *context, const struct message *message, const void *item)
{
    struct giver *giver = context;
    const struct text assigner = succession_assigner(item);
    (void)message;
    if (!giver->assigner.size)
        giver->assigner = arena_copy(giver->arena, assigner);
    giver->several |= !text_equal(giver->assigner, assigner);
    return giver->several;
}

static int fail_empty(const struct session *session)
{
    struct problem problem;
    problem_set(&problem, COORD_E_TASK_UNKNOWN, "reference",
                "There is no circular %s of this agency, or of the ASSIGNER in ASSIGNER:REFERENCE.",
                session->arguments.operands[0]);
    return session_fail(session, &problem);
}

/* One request: a page has as many as an assignment. */
static int read_of(struct session *session, struct text assigner, const char *reference, struct reading *reading)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, assigner);
    MSG_SET(&list, task_list, reference, text_of(reference));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&list, task_list, kinds, TERM_BIT(KIND_CIRCULAR));
    MSG_SET(&list, task_list, limit, LEADS_MAX);
    return session_pages(session, OP_TASK_LIST, &list, add, reading);
}

/* The assigner's before a colon, or else the own agency's, or else that of whoever gave it, where it is one. */
static int read_all(struct session *session, struct reading *reading)
{
    const char *name = session->arguments.operands[0], *colon = strchr(name, ':');
    struct giver giver = {.arena = &session->arena};
    struct msg_task_list list = {0};
    struct problem problem;
    int code = read_of(session, colon ? (struct text){name, (uint32_t)(colon - name)} : text_of(session->agency),
                       colon ? colon + 1 : name, reading);
    if (code || reading->sent || colon)
        return code;
    MSG_SET(&list, task_list, reference, text_of(name));
    MSG_SET(&list, task_list, kinds, TERM_BIT(KIND_CIRCULAR));
    MSG_SET(&list, task_list, limit, 1000);
    code = session_pages(session, OP_TASK_LIST, &list, take_giver, &giver);
    if (!code && giver.several) {
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "reference",
                    "`%.60s` is a circular of several agencies: name one, ASSIGNER:REFERENCE.", name);
        return session_fail(session, &problem);
    }
    return code || !giver.assigner.size ? code : read_of(session, giver.assigner, name, reading);
}

int circular(struct session *session)
{
    static const struct column columns[] = {
        {"LEAD", "", COLUMN_TEXT, 0}, {"READ", "", COLUMN_TEXT, 0},      {"DUE", "", COLUMN_TEXT, 0},
        {"HOW", "", COLUMN_TEXT, 0},  {"REFERENCE", "", COLUMN_TEXT, 1},
    };
    struct reading reading = {0};
    int code = session_hello(session);
    if (code)
        return code;
    if (!session->json)
        due_learn(session);
    reading.agency = session->agency;
    reading.array = session->json ? json_array() : NULL;
    reading.table = session->json ? NULL : table_new(columns, sizeof columns / sizeof *columns);
    code = read_all(session, &reading);
    if (!code && reading.sent == 0)
        code = fail_empty(session);
    if (code)
        json_decref(reading.array);
    else if (reading.array)
        output_json(json_pack("{s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "partial", reading.is_partial, "sent",
                              (json_int_t)reading.sent, "read", (json_int_t)reading.read, "late",
                              (json_int_t)reading.late, "unread", (json_int_t)reading.unread, "overdue",
                              (json_int_t)reading.overdue, "withdrawn", (json_int_t)reading.withdrawn, "tasks",
                              reading.array));
    if (reading.table)
        table_show(reading.table, NULL);
    if (!code && !session->json && output_is_terminal())
        show_counts(&reading);
    return code;
}

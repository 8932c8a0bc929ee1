#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "brokers.h"
#include "commands.h"
#include "due_text.h"
#include "json_write.h"
#include "next.h"
#include "succession.h"

int session_count(const struct session *session, const char *option, uint64_t absent, uint64_t *count)
{
    const char *given = arguments_get(&session->arguments, option);
    struct problem problem;
    char *end;
    errno = 0;
    *count = given ? strtoull(given, &end, 10) : absent;
    if (!given || (given[0] >= '1' && given[0] <= '9' && !*end && !errno))
        return EXIT_DONE;
    problem_set(&problem, COORD_E_BAD_ARGUMENT, option, "`%.40s` must be a whole number above 0.", given);
    return session_fail(session, &problem);
}

/* ---- connection ---- */

static int timeout_ms(const struct session *session, int *timeout, struct problem *problem)
{
    const char *given = arguments_get(&session->arguments, "timeout");
    char *end;
    const double seconds = given ? strtod(given, &end) : 0;
    if (given && (end == given || *end || seconds <= 0 || seconds > 86400))
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "timeout", "`%.40s` must be seconds, above 0.", given);
    *timeout = (int)(seconds * 1000);
    return 0;
}

/* ---- how new ---- */

#define WITHIN_MAX_MS (60 * 60 * 1000)

/* 500ms, 5s, 1m */
static int within_ms(const char *given, int *within, struct problem *problem)
{
    static const struct {
        const char *name;
        unsigned long ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}};
    char *end = NULL;
    errno = 0;
    const unsigned long count = given[0] >= '0' && given[0] <= '9' ? strtoul(given, &end, 10) : 0;
    for (size_t i = 0; count > 0 && !errno && i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].name) == 0 && count <= WITHIN_MAX_MS / units[i].ms) {
            *within = (int)(count * units[i].ms);
            return 0;
        }
    return problem_set(problem, COORD_E_BAD_ARGUMENT, "within",
                       "`%.40s` must be a time from 1ms to 60m: 500ms, 5s, 1m.", given);
}

/* What --within and --at-least say; with either, a broker that follows may answer. */
static int take_bounds(const struct session *session, struct coord_options *options, uint64_t *at_least,
                       struct problem *problem)
{
    const char *within = arguments_get(&session->arguments, "within");
    const char *seq = arguments_get(&session->arguments, "at-least");
    char *end = NULL;
    *at_least = 0;
    if (!within && !seq)
        return 0;
    options->read_from = COORD_READ_ANY;
    errno = 0;
    if (seq)
        *at_least = seq[0] >= '0' && seq[0] <= '9' ? strtoull(seq, &end, 10) : 0;
    if (seq && (!end || *end || errno || *at_least > INT64_MAX))
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "at_least", "`%.40s` must be a record's sequence.", seq);
    return within ? within_ms(within, &options->within_ms, problem) : 0;
}

/* ---- in whose name ---- */

static bool stands_in_for(const struct msg_hello_reply *hello, struct text name)
{
    bool found = text_equal(hello->agency, name);
    for (uint32_t i = 0; !found && i < hello->stands_in_for.count; i++)
        found = text_equal(hello->stands_in_for.items[i], name);
    return found;
}

/* A broker that does not know of stand-ins would do it in one's own name: so it is asked first. An exit code. */
static int take_name(struct session *session)
{
    const char *name = arguments_get(&session->arguments, "for");
    struct msg_hello_reply hello;
    struct problem problem = {0};
    if (!name)
        return EXIT_DONE;
    const int code = session_call(session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
    if (!stands_in_for(&hello, text_of(name))) {
        problem_set(&problem, COORD_E_NOT_STOOD_IN_FOR, "for", "%.*s does not stand in for `%.64s` now.",
                    TEXT_ARGS(hello.agency), name);
        return session_fail(session, &problem);
    }
    snprintf(session->agency, sizeof session->agency, "%.64s", name);
    return coord_in_name_of(session->coord, name, &problem) ? session_fail(session, &problem) : EXIT_DONE;
}

static int act_in_name(struct session *session, session_named *act, void *context, const char *name)
{
    char own[sizeof session->agency];
    struct problem problem = {0};
    if (coord_in_name_of(session->coord, name, &problem))
        return session_fail(session, &problem);
    memcpy(own, session->agency, sizeof own);
    snprintf(session->agency, sizeof session->agency, "%.64s", name);
    const int code = act(session, context, name);
    memcpy(session->agency, own, sizeof own);
    return coord_in_name_of(session->coord, NULL, &problem) ? session_fail(session, &problem) : code;
}

int session_each_name(struct session *session, session_named *act, void *context)
{
    struct msg_hello_reply hello;
    int code = session_hello(session);
    if (!code)
        code = act(session, context, NULL);
    if (code || arguments_get(&session->arguments, "for"))
        return code;
    code = session_call(session, OP_HELLO, NULL, &hello);
    const uint32_t count = code ? 0 : hello.stands_in_for.count;
    char names[16][65]; /* as messages.def.h has it; the reply's memory goes with the next call */
    for (uint32_t i = 0; i < count && i < 16; i++)
        snprintf(names[i], sizeof names[i], "%.*s", TEXT_ARGS(hello.stands_in_for.items[i]));
    for (uint32_t i = 0; !code && i < count && i < 16; i++)
        code = act_in_name(session, act, context, names[i]);
    return code;
}

/* ---- opening ---- */

/* Somebody waits for the answer: of three brokers one whose machine is switched off is left after a second. */
#define HURRY_MS 3000

int session_open(struct session *session)
{
    struct problem problem = {0};
    struct coord_options options = {0};
    uint64_t at_least = 0;
    int error = timeout_ms(session, &options.timeout_ms, &problem);
    if (!error)
        error = take_bounds(session, &options, &at_least, &problem);
    if (!error)
        error = coord_context_find(&session->context, arguments_get(&session->arguments, "context"), &problem);
    if (!error && brokers_are_several(session))
        options.connect_ms = HURRY_MS;
    if (!error)
        error = coord_open(&session->coord, &session->context, &options, &problem);
    if (!error && (error = coord_at_least(session->coord, at_least)))
        problem_plain(&problem, error, "at_least");
    return error ? session_fail(session, &problem) : take_name(session);
}

void session_close(struct session *session)
{
    (void)coord_close(session->coord);
    coord_context_wipe(&session->context);
    arena_done(&session->arena);
}

int session_try(struct session *session, enum op op, const void *request, void *reply, struct problem *problem)
{
    if (session->missed.error) {
        *problem = session->missed;
        return problem->error;
    }
    const int error = coord_call(session->coord, op, request, reply, COORD_TIMEOUT_DEFAULT, problem);
    if (error == COORD_E_TIMED_OUT || error == COORD_E_NOT_LEADER)
        session->missed = *problem;
    return error;
}

int session_call(struct session *session, enum op op, const void *request, void *reply)
{
    struct problem problem = {0};
    if (session_try(session, op, request, reply, &problem) == 0)
        return EXIT_DONE;
    return session_fail(session, &problem);
}

int session_may_try(struct session *session)
{
    struct msg_hello_reply hello;
    const int code = arguments_flag(&session->arguments, "dry-run") ? session_call(session, OP_HELLO, NULL, &hello)
                                                                    : EXIT_DONE;
    if (code || !arguments_flag(&session->arguments, "dry-run") || hello.dry_runs)
        return code;
    output_error("this broker, %.*s, does not know dry runs: it would do what is only to be tried",
                 TEXT_ARGS(hello.version));
    return EXIT_REFUSED;
}

void session_tell_done(const struct session *session, const struct msg_change_reply *reply, const char *word)
{
    if (session->json)
        output_json(json_write(&message_change_reply, reply));
    else
        printf("%s%s\n", reply->dry_run ? "would be " : "", reply->seq ? word : "unchanged");
}

int session_confirm(const struct session *session, const char *about, const char *question, const char *next,
                    const char *refused)
{
    char answer[16];
    if (arguments_flag(&session->arguments, "yes"))
        return EXIT_DONE;
    if (arguments_flag(&session->arguments, "dry-run")) { /* nothing is done: there is no need to ask, but to know */
        output_error("%s: it will ask", about);
        return EXIT_DONE;
    }
    if (!isatty(STDIN_FILENO)) {
        output_error("%s", about);
        output_error_more("next: %s", next);
        return EXIT_USAGE;
    }
    fprintf(stderr, "%s.\n%s [y/N] ", about, question);
    if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
        return EXIT_DONE;
    output_error("%s", refused);
    return EXIT_USAGE;
}

int session_hello(struct session *session)
{
    struct msg_hello_reply hello;
    const int code = session->agency[0] ? EXIT_DONE : session_call(session, OP_HELLO, NULL, &hello);
    if (!code && !session->agency[0])
        snprintf(session->agency, sizeof session->agency, "%.*s", TEXT_ARGS(hello.agency));
    return code;
}

/* ---- pages ---- */

#define PLACE_ROOM 257 /* a document's number has 256 bytes */

/* Carries `next` of a reply over to `after` of the request, or `before` of a history. False on the last page. */
static bool next_page(const struct op_row *row, void *request, const void *reply, char place[PLACE_ROOM])
{
    const struct field *next = message_field(row->reply, "next", 4);
    const struct field *after = message_field(row->request, "after", 5);
    if (!after)
        after = message_field(row->request, "before", 6);
    msg_bits has;
    memcpy(&has, reply, sizeof has);
    if (!(has >> (next - row->reply->fields) & 1))
        return false;
    const char *value = (const char *)reply + next->offset;
    if (next->type == FIELD_TEXT) {
        const struct text *name = (const struct text *)(const void *)value;
        snprintf(place, PLACE_ROOM, "%.*s", TEXT_ARGS(*name));
        const struct text kept = text_of(place);
        memcpy((char *)request + after->offset, &kept, sizeof kept);
    } else {
        memcpy((char *)request + after->offset, value, sizeof(uint64_t));
    }
    memcpy(&has, request, sizeof has);
    has |= UINT64_C(1) << (after - row->request->fields);
    memcpy(request, &has, sizeof has);
    return true;
}

int session_pages(struct session *session, enum op op, void *request, session_visitor *visit, void *context)
{
    const struct op_row *row = op_row(op);
    const struct field *list = &row->reply->fields[0]; /* the list stands first in every reply that has pages */
    char *reply = arena_alloc(&session->arena, row->reply->size), place[PLACE_ROOM];
    int code = EXIT_DONE;
    size_t count = 0;
    bool more = reply != NULL;
    while (more) {
        struct u64s items;
        code = session_call(session, op, request, reply);
        if (code)
            return code;
        memcpy(&items, reply + list->offset, sizeof items);
        for (uint32_t i = 0; i < items.count; i++)
            if (visit(context, list->message, (const char *)items.items + (size_t)i * list->message->size))
                return EXIT_DONE;
        more = next_page(row, request, reply, place);
        count += items.count;
        if (more)
            progress_count("read", count);
    }
    progress_end();
    return code;
}

struct listing {
    struct table *table;
    json_t *array;
    uint64_t left; /* how many more; counted only when a limit was set */
    bool limited;
};

static int list_item(void *context, const struct message *message, const void *item)
{
    struct listing *listing = context;
    if (listing->array)
        json_array_append_new(listing->array, json_write(message, item));
    else
        due_add_row(listing->table, message, item, (struct text){0});
    return listing->limited && --listing->left == 0;
}

int session_list(struct session *session, enum op op, void *request, const struct column *columns, size_t count,
                 uint64_t limit, const char *nothing)
{
    struct listing listing = {.left = limit, .limited = limit > 0};
    if (session->json)
        listing.array = json_array();
    else
        listing.table = table_new(columns, count);
    if (listing.table && (op == OP_TASK_LIST || op == OP_ESCALATION_LIST))
        due_learn(session);
    const int code = session_pages(session, op, request, list_item, &listing);
    if (code)
        json_decref(listing.array);
    else if (session->json)
        output_json(listing.array);
    if (listing.table)
        table_show(listing.table, code ? NULL : nothing);
    return code;
}

/* ---- tasks by name ---- */

/* The tasks that a name may mean, as they are told: ASSIGNER:REFERENCE. */
struct found {
    struct text reference;
    struct text assigner; /* only its; empty for any */
    uint64_t task;
    uint32_t count, named; /* how many there are; how many `names` has room for */
    char names[150];       /* so that with them the message is whole */
    char calendar[65];     /* of the last */
};

static int found_task(void *context, const struct message *message, const void *item)
{
    struct found *found = context;
    const struct msg_task *task = item;
    const struct text assigner = succession_assigner(task);
    const size_t used = strlen(found->names);
    (void)message;
    if (found->count && found->task == task->task) /* it may be read in several names */
        return 0;
    found->task = task->task;
    snprintf(found->calendar, sizeof found->calendar, "%.*s", TEXT_ARGS(task->calendar));
    found->count++;
    if (used + assigner.size + task->reference.size + 4 < sizeof found->names) {
        snprintf(found->names + used, sizeof found->names - used, "%s%.*s:%.*s", used ? ", " : "", TEXT_ARGS(assigner),
                 TEXT_ARGS(task->reference));
        found->named++;
    }
    return 0;
}

static int find_in_name(struct session *session, void *context, const char *name)
{
    struct found *found = context;
    struct msg_task_list list = {0};
    (void)name;
    MSG_SET(&list, task_list, reference, found->reference);
    MSG_SET(&list, task_list, limit, 1000);
    if (found->assigner.size) {
        MSG_SET(&list, task_list, agency, found->assigner);
        MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_ASSIGNER));
    }
    return session_pages(session, OP_TASK_LIST, &list, found_task, found);
}

/* By a reference of any assigner's, or of one; a task of several leads is found by what theirs have in common. */
static int find_tasks(struct session *session, struct text reference, struct found *found)
{
    found->reference = reference;
    return session_each_name(session, find_in_name, found);
}

static int task_by_reference(struct session *session, const char *name, uint64_t *task)
{
    const char *colon = strchr(name, ':');
    struct problem problem = {0};
    struct found found = {0};
    int code = find_tasks(session, text_of(name), &found);
    if (!code && found.count == 0 && colon && colon[1]) {
        found.assigner = (struct text){name, (uint32_t)(colon - name)};
        code = find_tasks(session, text_of(colon + 1), &found);
    }
    if (code)
        return code;
    *task = found.task;
    memcpy(session->calendar, found.calendar, sizeof session->calendar);
    if (found.count == 1)
        return EXIT_DONE;
    if (found.count == 0)
        problem_set(&problem, COORD_E_TASK_UNKNOWN, "", "there is no task `%.100s` that this agency may read%s", name,
                    session->arguments.command->op == OP_OPINE
                        ? "; one on which its opinion was given, or withdrawn, is not shown to it any more"
                        : "");
    else
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "", "`%.60s` may be any of %u tasks; name one: %s%s", name,
                    (unsigned)found.count, found.names, found.count > found.named ? ", …" : "");
    code = session_fail(session, &problem);
    if (found.count > found.named)
        output_error_more("next: %s", next_command(session, "task list --reference %s",
                                                   next_word(found.assigner.size ? colon + 1 : name)));
    return code;
}

/* Of a task that is named by its number, for those who read dates; that there is none is told by the request itself. */
static void learn_calendar(struct session *session, const struct msg_task_get *get)
{
    struct msg_task_reply reply;
    struct problem ignored;
    if (!session->json && session_try(session, OP_TASK_GET, get, &reply, &ignored) == 0)
        snprintf(session->calendar, sizeof session->calendar, "%.*s", TEXT_ARGS(reply.task.calendar));
}

int session_task(struct session *session, const char *name, uint64_t *task)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem = {0};
    const char *colon = strchr(name, ':');
    char *end;
    if (name[0] == '@') {
        *task = strtoull(name + 1, &end, 10);
        if (name[1] >= '1' && name[1] <= '9' && !*end && *task <= INT64_MAX) {
            MSG_SET(&get, task_get, task, *task);
            learn_calendar(session, &get);
            return EXIT_DONE;
        }
    }
    if (colon)
        MSG_SET(&get, task_get, assigner, (struct text){name, (uint32_t)(colon - name)});
    MSG_SET(&get, task_get, reference, text_of(colon ? colon + 1 : name));
    const int error = session_try(session, OP_TASK_GET, &get, &reply, &problem);
    if (error == COORD_E_TASK_UNKNOWN || (error == COORD_E_AGENCY_UNKNOWN && colon))
        return task_by_reference(session, name, task);
    if (error)
        return session_fail(session, &problem);
    *task = reply.task.task;
    snprintf(session->calendar, sizeof session->calendar, "%.*s", TEXT_ARGS(reply.task.calendar));
    return EXIT_DONE;
}

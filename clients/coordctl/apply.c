/* coordctl apply: what stands is compared with what the file says, and the difference is sent. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applying.h"
#include "commands.h"
#include "due_text.h"
#include "fill.h"
#include "json_write.h"
#include "layout.h"

/* ---- telling ---- */

void applying_tell(struct applying *applying, const char *change, const char *kind, const char *id, const char *what)
{
    char would[40];
    if (applying->silent)
        return;
    if (applying->lines) {
        json_t *line = json_pack("{s:s, s:s, s:s, s:s}", "change", change, "kind", kind, "id", id, "what", what);
        if (applying->dry)
            json_object_set_new(line, "dry_run", json_true());
        json_array_append_new(applying->lines, line);
        return;
    }
    snprintf(would, sizeof would, "%s%s", applying->dry ? "would " : "", change);
    table_add_cells(applying->table, (const char *const[]){would, kind, id, what});
}

void applying_leave(struct applying *applying, const char *kind, const char *id, const char *format, ...)
{
    char why[APPLYING_WHAT + 1200];
    va_list arguments;
    if (applying->silent)
        return;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    applying->left++;
    progress_end();
    output_error("%s %s: not taken: %s", kind, id, why);
    if (applying->lines)
        applying_tell(applying, "left", kind, id, why);
}

/* With --json it is the one document that is printed: what else is wrong is told in words alone. An exit code. */
static int fail_once(struct applying *applying, const struct problem *problem)
{
    const int code = session_fail(applying->session, problem);
    applying->session->json = false;
    return code;
}

int applying_refused(struct applying *applying, const struct problem *problem, const char *kind, const char *id)
{
    const struct error_row *row = error_row(problem->error);
    /* What no other item would get past is told once, and what is not the broker's word at all. */
    if (!row || problem->error <= COORD_E_TIMED_OUT || problem->error == COORD_E_RIGHT_MISSING)
        return session_fail(applying->session, problem);
    progress_end();
    output_error("%s %s would be refused:", kind, id);
    /* Where there are lines, they are the one document. */
    const int code = applying->lines ? session_fail_in_words(applying->session, problem) : fail_once(applying, problem);
    if (applying->lines)
        applying_tell(applying, "refused", kind, id, problem->message);
    applying->refused++;
    if (!applying->code)
        applying->code = code;
    return EXIT_DONE;
}

/* What may be no fault at all once the rest of the file is applied: it is taken for good, and said. */
static void tell_doubt(struct applying *applying, const struct problem *problem, const char *kind, const char *id)
{
    applying->partly++;
    if (applying->silent)
        return;
    progress_end();
    output_error("%s %s: as things stand it would be refused, and the file changes things before it that may put it "
                 "right: %s",
                 kind, id, problem->message);
}

/* Has the broker try it, without what only the file brings. */
static int try_it(struct applying *applying, enum op op, void *request, const char *kind, const char *id, bool *taken)
{
    const struct message *message = op_row(op)->request;
    struct msg_change_reply reply;
    struct problem problem = {0};
    if (fill_field(message, request, message_field(message, "dry_run", 7), "", &applying->session->arena, &problem))
        return session_fail(applying->session, &problem);
    int error = apply_try_prune(applying, op, request, &problem);
    if (!error)
        error = coord_call(applying->session->coord, op, request, &reply, COORD_TIMEOUT_DEFAULT, &problem);
    const bool doubted = error && apply_try_doubts(applying, error);
    if (doubted)
        tell_doubt(applying, &problem, kind, id);
    if (!error && !applying->silent)
        due_tell_days_off(applying->session, &reply);
    *taken = !error || doubted;
    return *taken ? EXIT_DONE : applying_refused(applying, &problem, kind, id);
}

int applying_send(struct applying *applying, enum op op, void *request, const char *kind, const char *id, bool *taken)
{
    struct msg_change_reply reply;
    struct problem problem = {0};
    struct session *session = applying->session;
    const char *officer = arguments_get(&session->arguments, "officer");
    const struct message *message = op_row(op)->request;
    *taken = false;
    if (officer &&
        fill_field(message, request, message_field(message, "officer", 7), officer, &session->arena, &problem))
        return session_fail(session, &problem);
    if (applying->dry)
        return try_it(applying, op, request, kind, id, taken);
    char request_id[sizeof APPLYING_REQUEST + COORD_REQUEST_ID_MAX] = APPLYING_REQUEST;
    int code = EXIT_DONE;
    if (coord_request_id(request_id + strlen(APPLYING_REQUEST), &problem) ||
        coord_call_id(session->coord, op, request_id, request, &reply, COORD_TIMEOUT_DEFAULT, &problem))
        code = session_fail(session, &problem);
    *taken = code == EXIT_DONE;
    if (*taken)
        due_tell_days_off(session, &reply);
    if (code)
        output_error("%s %s was not applied; what came before it was, what comes after it was not", kind, id);
    return code;
}

void applying_progress(struct applying *applying)
{
    progress_show(applying->silent ? "trying"
                  : applying->dry  ? "comparing"
                                   : "applying",
                  ++applying->done, applying->of);
}

/* ---- agencies, calendars, policies ---- */

static const struct sort {
    const char *kind, *id;
    enum op list, set;
    unsigned moves; /* what it moves for those that come after it */
} sorts[] = {{"agency", "agency", OP_AGENCY_LIST, OP_AGENCY_SET, APPLY_AGENCIES},
             {"calendar", "calendar", OP_CALENDAR_LIST, OP_CALENDAR_SET, APPLY_CALENDARS},
             {"policy", "policy", OP_POLICY_LIST, OP_POLICY_SET, APPLY_POLICIES}}; /* its steps may name agencies */

struct standing {
    json_t *items;    /* by id */
    json_t *versions; /* likewise, of those that have one */
    const char *id;
};

static int keep_standing(void *context, const struct message *message, const void *item)
{
    const struct standing *standing = context;
    json_t *object = json_write(message, item), *version = json_incref(json_object_get(object, "version"));
    applying_simplify(object);
    const char *id = json_string_value(json_object_get(object, standing->id));
    if (version)
        json_object_set_new(standing->versions, id, version);
    json_object_set_new(standing->items, id, object);
    return 0;
}

/* The broker numbers the versions of a policy: another number in a file, as in one that was written from an older
 * listing, says nothing to it. */
static void leave_version(struct applying *applying, const struct sort *sort, const struct standing *standing,
                          const char *id, const struct message *message, const void *item)
{
    json_t *whole = json_write(message, item);
    const json_t *wanted = json_object_get(whole, "version"), *there = json_object_get(standing->versions, id);
    if (wanted && (!there || !json_equal(wanted, there)))
        applying_leave(applying, sort->kind, id, "version %lld: the broker numbers versions; it stands at %lld",
                       (long long)json_integer_value(wanted), (long long)json_integer_value(there));
    json_decref(whole);
}

static int send_item(struct applying *applying, const struct sort *sort, void *request, const char *id, bool *taken)
{
    int code = EXIT_DONE;
    *taken = true;
    if (sort->set == OP_CALENDAR_SET)
        code = apply_tell_moves(applying, request, taken);
    if (code || !*taken || (applying->dry && sort->set == OP_CALENDAR_SET))
        return code;
    return applying_send(applying, sort->set, request, sort->kind, id, taken);
}

/* With --since; also of one that stands as the file has it, which some tasks may have in an older version. */
static int rehearse(struct applying *applying, const struct sort *sort, const void *item)
{
    if (sort->set != OP_POLICY_SET || !arguments_get(&applying->session->arguments, "since"))
        return EXIT_DONE;
    return apply_rehearse(applying, item);
}

/* One item of a file: the request of each of these three is the item, and who did it. */
static int apply_item(struct applying *applying, const struct sort *sort, const struct standing *standing,
                      const void *item)
{
    const struct message *request_message = op_row(sort->set)->request;
    const struct field *field = &request_message->fields[0];
    json_t *wanted = applying_simple(field->message, item);
    const char *id = json_string_value(json_object_get(wanted, sort->id));
    const json_t *there = json_object_get(standing->items, id);
    char what[APPLYING_WHAT] = "";
    bool taken = true;
    int code = EXIT_DONE;
    applying_progress(applying);
    leave_version(applying, sort, standing, id, field->message, item);
    if (there && json_equal(there, wanted)) {
        applying->same++;
    } else {
        char *request = arena_alloc(&applying->session->arena, request_message->size); /* aligned for any message */
        const msg_bits has = 1;
        if (!request)
            return EXIT_SYSTEM;
        memcpy(request, &has, sizeof has);
        memcpy(request + field->offset, item, field->message->size);
        if (sort->set == OP_AGENCY_SET) /* an end that leaves nobody to administer was asked about */
            MSG_SET((struct msg_agency_set *)(void *)request, agency_set, even_last, true);
        if (there)
            applying_differences(there, wanted, what, sizeof what);
        code = send_item(applying, sort, request, id, &taken);
        if (!code && taken) {
            applying_tell(applying, there ? "change" : "add", sort->kind, id, what);
            *(there ? &applying->changed : &applying->added) += 1;
            if (there)
                apply_tell_parts(applying, id, there, wanted);
        }
        applying->moved |= sort->moves;
        if (!code && !there)
            json_object_set_new(applying->brings,
                                arena_printf(&applying->session->arena, "%s/%s%c", sort->kind, id, 0).data,
                                json_true());
        json_object_set(standing->items, id, wanted); /* the file may name it once more */
    }
    json_decref(wanted);
    return code || !taken ? code : rehearse(applying, sort, item);
}

static int apply_sort(struct applying *applying, const struct sort *sort, const void *items, size_t count)
{
    const size_t size = op_row(sort->set)->request->fields[0].message->size;
    struct standing standing = {json_object(), json_object(), sort->id};
    struct msg_list list = {0};
    int code = EXIT_DONE;
    MSG_SET(&list, list, limit, 1000);
    if (count > 0)
        code = session_pages(applying->session, sort->list, &list, keep_standing, &standing);
    for (size_t i = 0; i < count && !code; i++)
        code = apply_item(applying, sort, &standing, (const char *)items + i * size);
    json_decref(standing.items);
    json_decref(standing.versions);
    return code;
}

/* ---- the whole ---- */

static void show_outcome(struct applying *applying, int code)
{
    if (applying->lines) {
        if (code)
            json_decref(applying->lines);
        else
            output_json(applying->lines);
        return;
    }
    table_show(applying->table, NULL);
    if (code || !output_is_terminal())
        return;
    printf("%s%zu added, %zu changed, %zu as they were, %zu value%s not taken", applying->dry ? "Would be: " : "",
           applying->added, applying->changed, applying->same, applying->left, applying->left == 1 ? "" : "s");
    printf(applying->dry ? ", %zu refused. Nothing was changed.\n" : ".\n", applying->refused);
    if (applying->partly)
        layout_print(
            0,
            arena_printf(&applying->session->arena,
                         "%zu could be tried in part only, as they hang on what the file itself brings or changes.%c",
                         applying->partly, 0)
                .data);
}

static int apply_all(struct applying *applying)
{
    const struct apply_file *file = &applying->file;
    const void *items[] = {file->agencies, file->calendars, file->policies};
    const size_t counts[] = {file->agency_count, file->calendar_count, file->policy_count};
    int code = EXIT_DONE;
    applying->of = counts[0] + counts[1] + counts[2] + file->document_count + file->task_count;
    for (size_t i = 0; i < 3 && !code; i++)
        code = apply_sort(applying, &sorts[i], items[i], counts[i]);
    if (!code)
        code = apply_documents(applying);
    return code ? code : apply_tasks(applying);
}

/* Options that say how an .ics file is read, of a file that is none. An exit code. */
static int refuse_ics_options(const struct session *session)
{
    static const char *const options[] = {"calendar", "observances"};
    struct problem problem;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!arguments_get(&session->arguments, options[i]))
            continue;
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "", "--%s says how an .ics file is read, and this file is JSON",
                    options[i]);
        return session_fail(session, &problem);
    }
    return EXIT_DONE;
}

#define FAULTS_TOLD 100

static void tell_fault(void *user, const struct problem *problem)
{
    struct applying *applying = user;
    if (applying->faults.count <= FAULTS_TOLD)
        (void)fail_once(applying, problem);
}

/* `calendar set` and `policy set` are apply under other names, but nobody expects them to give tasks. */
static void check_kinds(const struct apply_file *file, enum op op, struct apply_faults *faults)
{
    const struct {
        const char *list;
        size_t count;
        enum op op; /* of the command that takes these alone */
    } others[] = {{"agencies", file->agency_count, OP_NONE},
                  {"calendars", file->calendar_count, OP_CALENDAR_SET},
                  {"policies", file->policy_count, OP_POLICY_SET},
                  {"documents", file->document_count, OP_NONE},
                  {"tasks", file->task_count, OP_NONE}};
    struct problem problem;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (others[i].count == 0 || others[i].op == op)
            continue;
        problem_set(&problem, COORD_E_BAD_VALUE, others[i].list,
                    "`%s set` takes %s alone; `coordctl apply -f` takes the whole file.",
                    op == OP_CALENDAR_SET ? "calendar" : "policy", op == OP_CALENDAR_SET ? "calendars" : "policies");
        apply_fault(faults, &problem);
    }
}

/* Reads it as JSON, and tells all that is wrong with it before anything is sent. An exit code. */
static int read_json(struct applying *applying, const char *path, const char *text)
{
    struct session *session = applying->session;
    struct apply_faults *faults = &applying->faults;
    int code = refuse_ics_options(session);
    if (code)
        return code;
    *faults = (struct apply_faults){.tell = tell_fault, .user = applying};
    apply_file_read(&applying->file, path, text, &session->arena, faults);
    if (!faults->count && applying->file.task_count)
        code = session_hello(session);
    if (code)
        return code;
    if (!faults->count)
        apply_check_twice(&applying->file, session->agency, faults);
    if (!faults->count && session->arguments.command->op != OP_NONE)
        check_kinds(&applying->file, session->arguments.command->op, faults);
    if (faults->count > FAULTS_TOLD)
        output_error("and %zu more", faults->count - FAULTS_TOLD);
    return faults->count ? EXIT_USAGE : EXIT_DONE;
}

/* Has the broker try all of it first, so that a mistake in the last task does not leave the first ones given. What only what the
 * file itself changes could put right is not held against it. An exit code. */
static int try_all(const struct applying *applying)
{
    struct msg_hello_reply hello;
    struct applying trial = *applying;
    int code = session_call(applying->session, OP_HELLO, NULL, &hello);
    if (code || !hello.dry_runs)
        return code;
    trial.dry = trial.silent = true;
    trial.brings = json_object();
    code = apply_all(&trial);
    progress_end();
    json_decref(trial.brings);
    if (!code)
        code = trial.code;
    if (code)
        output_error("nothing of the file was applied");
    return code;
}

/* What lies behind is gone through, and never changed. An exit code. */
static int check_since(const struct session *session)
{
    struct problem problem;
    if (!arguments_get(&session->arguments, "since") || arguments_flag(&session->arguments, "dry-run"))
        return EXIT_DONE;
    problem_set(&problem, COORD_E_BAD_ARGUMENT, "",
                "--since rehearses a policy on what lies behind, and changes nothing: give --dry-run with it");
    return session_fail(session, &problem);
}

int apply(struct session *session)
{
    static const struct column columns[] = {{"CHANGE", "", COLUMN_TEXT, 0},
                                            {"KIND", "", COLUMN_TEXT, 0},
                                            {"ID", "", COLUMN_TEXT, 0},
                                            {"WHAT", "", COLUMN_WIDE, 0}};
    struct applying applying = {.session = session, .dry = arguments_flag(&session->arguments, "dry-run")};
    const char *path = arguments_get(&session->arguments, "file");
    struct problem problem = {0};
    int code = check_since(session);
    if (code)
        return code;
    char *text = apply_read_text(path, &problem);
    if (!text)
        return session_fail(session, &problem);
    applying.brings = json_object();
    const bool is_calendar = session->arguments.command->op != OP_POLICY_SET && apply_is_ics(path, text);
    code = is_calendar ? apply_read_ics(&applying, text) : read_json(&applying, path, text);
    if (!code)
        code = apply_merge_agencies(&applying);
    if (!code && !applying.dry)
        code = try_all(&applying);
    if (!code)
        code = apply_ask_ends(&applying);
    if (!code && session->json)
        applying.lines = json_array();
    else if (!code)
        applying.table = table_new(columns, 4);
    if (!code) {
        code = apply_all(&applying);
        progress_end();
        show_outcome(&applying, code);
    }
    if (!code && !session->json)
        code = apply_tell_ends(&applying);
    json_decref(applying.stood);
    json_decref(applying.merged);
    json_decref(applying.brings);
    json_decref(applying.file.root);
    free(text);
    return code ? code : applying.code;
}

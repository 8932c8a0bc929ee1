/* The tasks of an apply file: assigned where they are not there yet, amended where they ask something else. What an amendment cannot say
 * is left, and told when it is not what the task has.
 */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "succession.h"

/* The rules that a task was given under stay its own. */
static void leave_rules(const struct apply_beside *beside)
{
    const struct msg_assign *wanted = &beside->task->assign;
    const struct {
        const char *name;
        struct text wanted, there;
    } rules[] = {{"policy", wanted->policy, beside->there->policy},
                 {"calendar", wanted->calendar, beside->there->calendar}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].wanted.size > 0 && !text_equal(rules[i].wanted, rules[i].there) &&
            !(rules[i].there.size == 0 && text_equal(rules[i].wanted, TEXT("none"))))
            applying_leave(beside->applying, "task", beside->reference,
                           "%s %.*s: a task keeps the %s that it was given under, %.*s", rules[i].name,
                           TEXT_ARGS(rules[i].wanted), rules[i].name,
                           TEXT_ARGS(rules[i].there.size ? rules[i].there : TEXT("none")));
}

/* Whether it could lead something now: none that the file only brings, that has ended, or that takes no tasks. */
static bool may_lead(struct session *session, struct text id)
{
    struct msg_list list = {0};
    struct msg_hello_reply hello;
    struct msg_agencies_reply reply;
    struct problem ignored;
    if (session_try(session, OP_HELLO, NULL, &hello, &ignored))
        return false;
    const int64_t now_ms = hello.time;
    MSG_SET(&list, list, name, id);
    if (session_try(session, OP_AGENCY_LIST, &list, &reply, &ignored) || reply.agencies.count != 1)
        return false;
    const struct msg_agency *agency = reply.agencies.items;
    return !(MSG_HAS(agency, agency, valid_until) && agency->valid_until <= now_ms) &&
           !(MSG_HAS(agency, agency, valid_from) && agency->valid_from > now_ms) &&
           !(MSG_HAS(agency, agency, assignable) && !agency->assignable);
}

/* "\n  next: …" where that can be done. */
static const char *reassign(const struct apply_beside *beside, struct text lead)
{
    struct session *session = beside->applying->session;
    char id[80];
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(lead));
    if (!may_lead(session, lead))
        return arena_printf(&session->arena, "; %s leads nothing now%c", id, 0).data;
    const char *next = next_command(session, "task reassign %s --to %s --note 'Đúng thẩm quyền'",
                                    next_word(beside->reference), next_word(id));
    return arena_printf(&session->arena, "\n  next: %s%c", next, 0).data;
}

static void leave_lead(const struct apply_beside *beside, struct text lead)
{
    if (!succession_is_lead(beside->there, lead))
        applying_leave(beside->applying, "task", beside->reference, "lead %.*s: the task is led by %.*s now%s",
                       TEXT_ARGS(lead), TEXT_ARGS(beside->there->lead), reassign(beside, lead));
}

/* A task that one agency leads is not given a second time to another: that would be its work twice. */
static void leave_second(const struct apply_beside *beside, struct text lead)
{
    applying_leave(
        beside->applying, "task", beside->reference,
        "lead %.*s: %s stands, led by %.*s, and what was given to one lead gets no second one: let it lead in "
        "its place, name it among `cooperating`, or give it a task with a reference of its own%s",
        TEXT_ARGS(lead), beside->reference, TEXT_ARGS(beside->there->lead), reassign(beside, lead));
}

/* ---- one task ---- */

static int amend_task(const struct apply_beside *beside, const struct msg_content *content, const char *what)
{
    struct applying *applying = beside->applying;
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, beside->there->task);
    MSG_SET(&amend, amend, expect, beside->there->version);
    MSG_SET(&amend, amend, content, *content);
    if (beside->task->assign.backdated)
        MSG_SET(&amend, amend, backdated, true);
    bool taken;
    const int code = applying_send(applying, OP_AMEND, &amend, "task", beside->reference, &taken);
    if (taken)
        applying_tell(applying, "change", "task", beside->reference, what);
    applying->changed += taken;
    return code;
}

static int assign_task(const struct apply_beside *beside, struct text lead)
{
    struct applying *applying = beside->applying;
    struct msg_assign assign = beside->task->assign;
    MSG_SET(&assign, assign, reference, text_of(beside->reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    bool taken;
    const int code = applying_send(applying, OP_ASSIGN, &assign, "task", beside->reference, &taken);
    if (taken)
        applying_tell(applying, "add", "task", beside->reference,
                      arena_printf(&applying->session->arena, "to %.*s%c", TEXT_ARGS(lead), 0).data);
    applying->added += taken;
    return code;
}

static int amend_if_other(struct apply_beside *beside)
{
    struct msg_content content = beside->task->assign.content;
    char what[APPLYING_WHAT];
    const int code = apply_differences(beside, &content, what, sizeof what);
    if (code)
        return code;
    if (content.has == 0) {
        beside->applying->same++;
        return EXIT_DONE;
    }
    if (beside->there->state == STATE_COMPLETED || beside->there->state == STATE_CANCELLED) {
        applying_leave(beside->applying, "task", beside->reference, "%s: the task is %s", what,
                       term_name(&vocabulary_state, beside->there->state));
        return EXIT_DONE;
    }
    return amend_task(beside, &content, what);
}

static const char *kept(struct session *session, struct text text)
{
    return arena_printf(&session->arena, "%.*s%c", TEXT_ARGS(text), 0).data;
}

/* One lead's task: assigned if it is not there, amended if it asks something else. */
static int apply_lead(struct applying *applying, struct apply_family *family, struct text lead)
{
    struct session *session = applying->session;
    const struct apply_task *task = family->task;
    struct msg_task there;
    struct apply_beside beside = {.applying = applying, .task = task, .there = &there};
    const json_t *found = apply_family_of(family, lead, &there, &session->arena);
    const bool is_there = found || apply_family_is_one(family, &there, &session->arena);
    if (is_there)
        beside.reference = kept(session, there.reference);
    else if (task->assign.leads.count > 1)
        beside.reference =
            arena_printf(&session->arena, "%.*s/%.*s%c", TEXT_ARGS(task->assign.reference), TEXT_ARGS(lead), 0).data;
    else
        beside.reference = kept(session, task->assign.reference);
    if (!beside.reference)
        return EXIT_SYSTEM;
    session->subject = beside.reference;
    if (!is_there)
        return assign_task(&beside, lead);
    if (!found) {
        leave_second(&beside, lead);
        return EXIT_DONE;
    }
    beside.values = json_deep_copy(found);
    applying_simplify(beside.values);
    leave_lead(&beside, lead);
    leave_rules(&beside);
    const int code = amend_if_other(&beside);
    json_decref(beside.values);
    return code;
}

static int apply_one(struct applying *applying, const struct apply_task *task)
{
    struct apply_family family;
    int code = apply_family_find(applying, task, &family);
    for (uint32_t lead = 0; lead < task->assign.leads.count && !code; lead++)
        code = apply_lead(applying, &family, task->assign.leads.items[lead]);
    if (!code)
        apply_family_tell_others(applying, &family);
    apply_family_done(&family);
    return code;
}

/* ---- all of them ---- */

int apply_tasks(struct applying *applying)
{
    const struct apply_file *file = &applying->file;
    int code = file->task_count ? session_hello(applying->session) : EXIT_DONE;
    for (size_t i = 0; i < file->task_count && !code; i++) {
        struct apply_task *task = &file->tasks[i];
        applying_progress(applying);
        if (task->assigner[0] && strcmp(task->assigner, applying->session->agency) != 0) {
            apply_others_count(applying, task);
            continue;
        }
        if (arguments_flag(&applying->session->arguments, "backdated"))
            MSG_SET(&task->assign, assign, backdated, true);
        code = apply_one(applying, task);
    }
    applying->session->subject = NULL;
    progress_end();
    return code ? code : apply_others_tell(applying);
}

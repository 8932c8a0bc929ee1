/* coordctl policy set --dry-run --since: what a policy of the file would make of the tasks that have it, which keep the version that
 * they have, and what it would have made of what lies behind; as the broker reckons it, page by page.
 */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "fill.h"
#include "terms.h"

/* "supervisor, assigner, so-tnmt" */
static void put_whom(const struct msg_tried_rung *planned, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int role = 1; role <= vocabulary_role.count && used < size; role++)
        if (planned->to & TERM_BIT(role))
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
                                     term_name(&vocabulary_role, role));
    for (uint32_t i = 0; i < planned->agencies.count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.*s", used ? ", " : "",
                                 TEXT_ARGS(planned->agencies.items[i]));
}

/* "escalate at level 2 (completion)" */
static void put_deed(const struct msg_tried_rung *planned, char *text, size_t size)
{
    int used = snprintf(text, size, "%s", term_name(&vocabulary_rung, planned->does));
    if (MSG_HAS(planned, tried_rung, level))
        used += snprintf(text + used, size - (size_t)used, " at level %llu", (unsigned long long)planned->level);
    snprintf(text + used, size - (size_t)used, " (%s)", term_name(&vocabulary_deadline, planned->deadline));
}

static const char *change_of(const struct msg_tried_rung *planned)
{
    const bool has_would = MSG_HAS(planned, tried_rung, would);
    if (planned->past)
        return has_would ? "have fired" : "not have fired";
    return has_would ? "fire" : "not fire";
}

static void tell_rung(struct applying *applying, const struct msg_rehearsed *task, const struct msg_tried_rung *planned)
{
    char reference[129], deed[100], whom[1400], was[64], would[64], what[2000];
    snprintf(reference, sizeof reference, "%.*s", TEXT_ARGS(task->reference));
    put_deed(planned, deed, sizeof deed);
    put_whom(planned, whom, sizeof whom);
    value_show_time(planned->was, was, sizeof was);
    value_show_time(planned->would, would, sizeof would);
    const char *of_old = planned->past ? "was" : "comes";
    if (!MSG_HAS(planned, tried_rung, would))
        snprintf(what, sizeof what, "%s, which %s %s by step %llu of version %llu", deed, of_old, was,
                 (unsigned long long)planned->was_step, (unsigned long long)task->policy_version);
    else if (!MSG_HAS(planned, tried_rung, was))
        snprintf(what, sizeof what, "%s to %s %s, by step %llu; by version %llu it %s", deed, whom, would,
                 (unsigned long long)planned->step, (unsigned long long)task->policy_version,
                 planned->past ? "was not" : "does not come");
    else
        snprintf(what, sizeof what, "%s to %s %s, by step %llu; by version %llu it %s %s", deed, whom, would,
                 (unsigned long long)planned->step, (unsigned long long)task->policy_version, of_old, was);
    applying_tell(applying, change_of(planned), "task", reference, what);
}

/* What is not known of its past, so that nobody takes silence for an answer. */
static void tell_unknown(struct applying *applying, const struct msg_rehearsed *task)
{
    char reference[129], from[64], what[400];
    size_t used = 0;
    snprintf(reference, sizeof reference, "%.*s", TEXT_ARGS(task->reference));
    what[0] = '\0';
    for (int deadline = 1; deadline <= vocabulary_deadline.count; deadline++)
        if (task->unknown & TERM_BIT(deadline))
            used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", used ? ", " : "",
                                     term_name(&vocabulary_deadline, deadline));
    value_show_time(task->from, from, sizeof from);
    snprintf(what + used, sizeof what - used, ": what came of dates and leads before %s is not kept", from);
    if (task->unknown)
        applying_tell(applying, "say nothing", "task", reference, what);
    if (task->cut)
        applying_tell(applying, "say nothing", "task", reference,
                      "more lies behind than is gone through: of what comes after it nothing is said");
}

static void tell_dates(struct applying *applying, const struct msg_rehearsed *task)
{
    char reference[129], when[64], what[160];
    snprintf(reference, sizeof reference, "%.*s", TEXT_ARGS(task->reference));
    if (MSG_HAS(task, rehearsed, accept_due)) {
        value_show_time(task->accept_due, when, sizeof when);
        snprintf(what, sizeof what, "to be accepted by %s", when);
        applying_tell(applying, "give", "task", reference, what);
    }
    if (MSG_HAS(task, rehearsed, decide_due)) {
        value_show_time(task->decide_due, when, sizeof when);
        snprintf(what, sizeof what, "what its lead asks for to be decided by %s", when);
        applying_tell(applying, "give", "task", reference, what);
    }
}

static void tell_task(struct applying *applying, const struct msg_rehearsed *task)
{
    tell_dates(applying, task);
    for (uint32_t i = 0; i < task->rungs.count; i++)
        tell_rung(applying, task, &task->rungs.items[i]);
    tell_unknown(applying, task);
}

int apply_rehearse(struct applying *applying, const struct msg_policy *policy)
{
    struct msg_policy_set tried = {0};
    struct msg_change_reply reply = {0};
    struct problem problem = {0};
    unsigned long long compared = 0, differ = 0, hidden = 0, unknown = 0;
    char what[300];
    const char *since = arguments_get(&applying->session->arguments, "since");
    const char *id = arena_printf(&applying->session->arena, "%.*s%c", TEXT_ARGS(policy->policy), 0).data;
    if (fill_field(&message_policy_set, &tried, message_field(&message_policy_set, "since", 5), since,
                   &applying->session->arena, &problem))
        return session_fail(applying->session, &problem);
    MSG_SET(&tried, policy_set, policy, *policy);
    MSG_SET(&tried, policy_set, dry_run, true);
    do {
        MSG_SET(&tried, policy_set, after, reply.next);
        if (coord_call(applying->session->coord, OP_POLICY_SET, &tried, &reply, COORD_TIMEOUT_DEFAULT, &problem))
            return applying_refused(applying, &problem, "policy", id);
        if (!MSG_HAS(&reply, change_reply, compared)) { /* nothing is no answer */
            output_error("this broker does not know how to rehearse a policy; without --since it tries it");
            return EXIT_REFUSED;
        }
        for (uint32_t i = 0; i < reply.rehearsed.count; i++)
            tell_task(applying, &reply.rehearsed.items[i]);
        compared += reply.compared;
        differ += reply.rehearsed.count;
        hidden += reply.hidden;
        unknown += reply.unknown;
    } while (MSG_HAS(&reply, change_reply, next));
    snprintf(what, sizeof what,
             "in all: %llu %s; of %llu something differs, %llu of these not shown; of %llu not all that lies behind is "
             "known",
             compared, compared == 1 ? "task has it, and keeps its version" : "tasks have it, and keep their version",
             differ + hidden, hidden, unknown);
    applying_tell(applying, "rehearse", "policy", id, what);
    return EXIT_DONE;
}

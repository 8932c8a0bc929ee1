/* coordctl policy show on a terminal: each step in words, with the number that it has on the wire and in what lies
 * ahead of a task: from 0. */
#include <stdio.h>
#include <string.h>

#include "layout.h"
#include "pages.h"

#define WORDS_ROOM  1200
#define NUMBER_ROOM 6

void policy_span(int unit, bool in_working_time, uint64_t count, char *text, size_t size)
{
    static const char *const names[] = {
        [UNIT_WORKING_DAYS] = "working day", [UNIT_CALENDAR_DAYS] = "day",          [UNIT_HOURS] = "hour",
        [UNIT_MINUTES] = "minute",           [UNIT_WORKING_HOURS] = "working hour",
    };
    const bool known = unit > 0 && unit < (int)(sizeof names / sizeof *names);
    const bool by_clock = unit == UNIT_HOURS || unit == UNIT_MINUTES;
    snprintf(text, size, "%llu %s%s%s", (unsigned long long)count, in_working_time && by_clock ? "working " : "",
             known ? names[unit] : "unit", count == 1 ? "" : "s");
}

/* ---- whom a step tells ---- */

static const char *role_words(int role)
{
    static const char *const words[] = {
        [ROLE_ASSIGNER] = "the assigner",
        [ROLE_LEAD] = "the lead",
        [ROLE_COOPERATING] = "the cooperating agencies",
        [ROLE_SUPERVISOR] = "the supervisor",
        [ROLE_OBSERVER] = "the observers",
        [ROLE_LEAD_SUPERIOR] = "the lead's superior",
        [ROLE_ESCALATED] = "those escalated to",
        [ROLE_DECIDER] = "who has to decide",
        [ROLE_DECIDER_SUPERIOR] = "the decider's superior",
    };
    return role < (int)(sizeof words / sizeof *words) && words[role] ? words[role] : term_name(&vocabulary_role, role);
}

/* "the lead, the supervisor and ubt". The lead is named first. */
static void whom_text(const struct msg_step *step, char *text, size_t size)
{
    struct text names[16 + 32];
    size_t count = 0, used = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int role = 1; role <= vocabulary_role.count; role++)
            if ((step->to & TERM_BIT(role)) && (role == ROLE_LEAD) == (pass == 0))
                names[count++] = text_of(role_words(role));
    for (uint32_t i = 0; i < step->agencies.count && count < sizeof names / sizeof *names; i++)
        names[count++] = step->agencies.items[i];
    text[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.*s",
                                 i == 0           ? ""
                                 : i + 1 == count ? " and "
                                                  : ", ",
                                 TEXT_ARGS(names[i]));
}

/* ---- when, and what ---- */

static const char *deadline_words(int deadline, bool past)
{
    switch (deadline) {
    case DEADLINE_ACCEPTANCE:
        return past ? "acceptance was due" : "acceptance is due";
    case DEADLINE_COMPLETION:
        return "due";
    case DEADLINE_REPORT:
        return past ? "a report was due" : "a report is due";
    case DEADLINE_DECISION:
        return past ? "a decision was due" : "a decision is due";
    default:
        return term_name(&vocabulary_deadline, deadline);
    }
}

static void when_text(const struct msg_step *step, char *text, size_t size)
{
    const bool by_days = step->unit == UNIT_WORKING_DAYS || step->unit == UNIT_CALENDAR_DAYS;
    char span[60];
    if (step->offset == 0 && step->deadline == DEADLINE_COMPLETION) {
        snprintf(text, size, by_days ? "on the day it is due" : "when it is due");
    } else if (step->offset == 0) {
        snprintf(text, size, "%s %s", by_days ? "on the day" : "when", deadline_words(step->deadline, false));
    } else {
        policy_span(step->unit, step->in_working_time, (uint64_t)(step->offset < 0 ? -step->offset : step->offset),
                    span, sizeof span);
        snprintf(text, size, "%s %s %s", span, step->offset < 0 ? "before" : "after",
                 deadline_words(step->deadline, step->offset > 0));
    }
}

static void what_text(const struct msg_step *step, char *text, size_t size)
{
    if (step->does == RUNG_ESCALATE)
        snprintf(text, size, "escalate at level %llu to", (unsigned long long)step->level);
    else
        snprintf(text, size, "%s", step->does == RUNG_REMIND ? "remind" : "warn");
}

static void again_text(const struct msg_step *step, char *text, size_t size)
{
    char span[60];
    text[0] = '\0';
    if (!MSG_HAS(step, step, repeat))
        return;
    policy_span(step->repeat_unit, step->in_working_time, step->repeat, span, sizeof span);
    const int used = snprintf(text, size, "; again every %s", span);
    if (MSG_HAS(step, step, repeat_max))
        snprintf(text + used, size - (size_t)used, ", at most %llu time%s", (unsigned long long)step->repeat_max,
                 step->repeat_max == 1 ? "" : "s");
}

/* What becomes of it when it is late, where that is another thing than to be told with what is due with it. */
static const char *late_text(const struct msg_step *step)
{
    const int catchup = MSG_HAS(step, step, catchup) ? step->catchup : CATCHUP_MERGE;
    switch (catchup) {
    case CATCHUP_MERGE:
        return "";
    case CATCHUP_FIRE:
        return "; when late, by itself";
    case CATCHUP_RECORD:
        return "; when late, on record alone";
    default:
        return term_name(&vocabulary_catchup, catchup);
    }
}

void policy_step_text(const struct msg_step *step, char *text, size_t size)
{
    char when[120], what[60], whom[WORDS_ROOM / 2], again[120];
    when_text(step, when, sizeof when);
    what_text(step, what, sizeof what);
    whom_text(step, whom, sizeof whom);
    again_text(step, again, sizeof again);
    snprintf(text, size, "%s: %s %s%s%s", when, what, whom, again, late_text(step));
}

static void show_step(const struct msg_step *step, uint32_t number)
{
    char line[WORDS_ROOM];
    policy_step_text(step, line, sizeof line);
    printf("%*u  ", NUMBER_ROOM - 2, (unsigned)number);
    layout_print(NUMBER_ROOM, line);
}

/* ---- the policy ---- */

static void show_acknowledged(const struct msg_policy *policy)
{
    const uint64_t days = MSG_HAS(policy, policy, acknowledged_for) ? policy->acknowledged_for : 3;
    char span[60], text[160];
    policy_span(UNIT_WORKING_DAYS, false, days, span, sizeof span);
    if (days == 0)
        snprintf(text, sizeof text, "an acknowledgement holds nothing back");
    else
        snprintf(text, sizeof text, "holds back what escalates for %s; then it goes on", span);
    page_line("acknowledgement", text);
}

static void show_evidence(const struct msg_policy *policy)
{
    const int proof = MSG_HAS(policy, policy, evidence) ? policy->evidence : PROOF_OPTIONAL;
    page_line("evidence", proof == PROOF_REQUIRED   ? "a submission brings proof of the work"
                          : proof == PROOF_OPTIONAL ? "a submission may bring proof of the work"
                                                    : term_name(&vocabulary_proof, proof));
}

/* What a lead may ask for, by when, and who decides it. */
static void show_asking(const struct msg_policy *policy)
{
    char span[60], text[200];
    if (MSG_HAS(policy, policy, decide_within)) {
        policy_span(MSG_HAS(policy, policy, decide_unit) ? policy->decide_unit : UNIT_WORKING_DAYS, false,
                    policy->decide_within, span, sizeof span);
        snprintf(text, sizeof text, "what a lead asks for is decided within %s", span);
        page_line("decision", text);
    }
    if (MSG_HAS(policy, policy, ask_before)) {
        policy_span(UNIT_WORKING_DAYS, false, policy->ask_before, span, sizeof span);
        snprintf(text, sizeof text, "asked for %s before the due date at the latest", span);
        page_line("extension", text);
    }
    if (MSG_HAS(policy, policy, ordinary)) {
        snprintf(text, sizeof text, "the assigner grants %llu of a kind; the assigner's superior decides the next",
                 (unsigned long long)policy->ordinary);
        page_line("requests", text);
    }
    if (MSG_HAS(policy, policy, bounces_max)) {
        snprintf(text, sizeof text, "passed on more than %llu time%s it is escalated, at level %llu",
                 (unsigned long long)policy->bounces_max, policy->bounces_max == 1 ? "" : "s",
                 (unsigned long long)(MSG_HAS(policy, policy, bounces_level) ? policy->bounces_level : 3));
        page_line("bounces", text);
    }
    if (MSG_HAS(policy, policy, answer_at_least)) {
        policy_span(UNIT_WORKING_DAYS, false, policy->answer_at_least, span, sizeof span);
        snprintf(text, sizeof text, "as the store's default: who may not be tasked has %s to answer at least", span);
        page_line("answer", text);
    }
}

void policy_page(const struct msg_policy *policy)
{
    char span[60], text[WORDS_ROOM];
    page_head(policy->policy, policy->name);
    snprintf(text, sizeof text, "%llu", (unsigned long long)policy->version);
    page_line("version", text);
    if (policy->source.size) {
        snprintf(text, sizeof text, "%.*s", TEXT_ARGS(policy->source));
        page_line("source", text);
    }
    if (MSG_HAS(policy, policy, accept_within)) {
        policy_span(MSG_HAS(policy, policy, accept_unit) ? policy->accept_unit : UNIT_WORKING_DAYS, false,
                    policy->accept_within, span, sizeof span);
        snprintf(text, sizeof text, "within %s of the assignment", span);
        page_line("acceptance", text);
    }
    snprintf(text, sizeof text, "%.*s%s", TEXT_ARGS(policy->due),
             policy->due.size ? " when the assigner names no date" : "as the assigner says");
    page_line("due", text);
    show_acknowledged(policy);
    show_evidence(policy);
    show_asking(policy);
    if (policy->steps.count)
        puts("\nSteps:");
    for (uint32_t i = 0; i < policy->steps.count; i++)
        show_step(&policy->steps.items[i], i);
}

/* coordctl task show: a page for people on a terminal, every field when piped. */
#include <stdio.h>
#include <string.h>

#include "ask_words.h"
#include "beside.h"
#include "commands.h"
#include "due_text.h"
#include "held.h"
#include "json_write.h"
#include "layout.h"
#include "may_words.h"
#include "opinion.h"
#include "pages.h"
#include "succession.h"
#include "target.h"

/* ---- both ---- */

static void when_of(const struct msg_line *line, char *when, size_t size)
{
    when[0] = '\0';
    if (MSG_HAS(line, line, time))
        value_show_time(line->time, when, size);
    else if (MSG_HAS(line, line, day))
        snprintf(when, size, "%.*s", TEXT_ARGS(line->day));
}

/* When it was submitted, and what became of that: sent back, it is not handed in any more. */
static void put_submitted(const struct msg_task *task, char *text, size_t size)
{
    char when[64], rejected[64];
    const int state = task->state == STATE_SUSPENDED ? task->resumes_as : task->state;
    value_show_time(task->submitted, when, sizeof when);
    value_show_time(task->rejected, rejected, sizeof rejected);
    if (state == STATE_SUBMITTED || state == STATE_COMPLETED)
        snprintf(text, size, "%s", when);
    else if (MSG_HAS(task, task, rejected))
        snprintf(text, size, "%s, sent back %s by %.*s", when, rejected, TEXT_ARGS(task->rejected_by));
    else /* given to another lead, cancelled, or sent back by a broker that did not keep it */
        snprintf(text, size, "%s, before it became %s", when, term_name(&vocabulary_state, state));
}

/* ---- piped ---- */

/* One line each, in words, and the dates that came of them. */
static void show_asked_values(const struct msg_task *task)
{
    char text[ASK_TEXT];
    for (uint32_t i = 0; i < task->asks.count; i++) {
        ask_text(&task->asks.items[i], task->calendar, text, sizeof text);
        printf("%s\t%s\n", ask_is_open(&task->asks.items[i]) ? "request" : "request_decided",
               output_plain(text_of(text)));
    }
    ask_granted_dues(task, text, sizeof text);
    if (text[0])
        printf("due_granted\t%s\n", text);
}

/* "so-tnmt, confirming since 2024-06-14 15:00": who the task waits for. */
static void put_custody(const struct msg_custody *custody, char *text, size_t size)
{
    char since[64] = "";
    if (MSG_HAS(custody, custody, since))
        value_show_time(custody->since, since, sizeof since);
    snprintf(text, size, "%.*s, %s%s%s", TEXT_ARGS(custody->agency), term_name(&vocabulary_charge, custody->charge),
             since[0] ? " since " : "", since);
}

static void show_values(const struct msg_task_reply *reply, const struct held *held, const char *may)
{
    char when[64], submitted[200], custody[200];
    output_fields_but(&message_task, &reply->task,
                      "submitted successions asks custody held_up questions opinions indicator plan values");
    if (held->by[0])
        printf("held_up\t%s\n", output_plain(text_of(held->by)));
    if (MSG_HAS(&reply->task, task, custody)) {
        put_custody(&reply->task.custody, custody, sizeof custody);
        printf("custody\t%s\n", custody);
    }
    succession_values(&reply->task);
    show_asked_values(&reply->task);
    opinion_values(&reply->task);
    target_values(&reply->task);
    if (MSG_HAS(&reply->task, task, submitted)) {
        put_submitted(&reply->task, submitted, sizeof submitted);
        printf("submitted\t%s\n", submitted);
    }
    if (reply->stands_in_for.size)
        printf("stands_in_for\t%s\n", output_plain(reply->stands_in_for));
    printf("may\t%s\n", may[0] ? may : "nothing now");
    for (uint32_t i = 0; i < reply->ahead.count; i++) {
        when_of(&reply->ahead.items[i], when, sizeof when);
        printf("ahead\t%s\t%s\n", when, output_plain(reply->ahead.items[i].text));
    }
}

/* ---- on a terminal ---- */

static void show_due(const struct msg_task *task)
{
    char text[1700], due[64], first[64], from[64], granted[64 * 12]; /* as many as a task keeps */
    if (value_show_end(task->due, due, sizeof due) && text_equal(text_of(due), task->due_day)) {
        snprintf(text, sizeof text, "%s", due);
    } else {
        value_show_time(task->due, due, sizeof due);
        snprintf(text, sizeof text, "%.*s, over at %s by this machine's clock", TEXT_ARGS(task->due_day), due);
    }
    size_t used = strlen(text);
    if (MSG_HAS(task, task, original_due) && task->original_due != task->due) {
        (void)value_show_end(task->original_due, first, sizeof first);
        used += (size_t)snprintf(text + used, sizeof text - used, "; at first %s", first);
    }
    ask_granted_dues(task, granted, sizeof granted);
    if (granted[0])
        used += (size_t)snprintf(text + used, sizeof text - used, "; granted %s", granted);
    if (MSG_HAS(task, task, counted)) {
        value_show_time(task->counted.from, from, sizeof from);
        snprintf(text + used, sizeof text - used, "; %.*s, counted from %s", TEXT_ARGS(task->counted.words), from);
    }
    page_line("due", text);
}

static void show_end(const char *label, int64_t due_ms)
{
    char text[64];
    (void)value_show_end(due_ms, text, sizeof text);
    page_line(label, text);
}

/* Where it stands, in one line. */
static void show_standing(const struct msg_task *task)
{
    char text[120];
    int used = snprintf(text, sizeof text, "%s", term_name(&vocabulary_state, task->state));
    if (MSG_HAS(task, task, percent))
        used += snprintf(text + used, sizeof text - (size_t)used, ", %llu %% done", (unsigned long long)task->percent);
    if (MSG_HAS(task, task, timeliness) && task->timeliness != TIMELINESS_NO_DEADLINE)
        snprintf(text + used, sizeof text - (size_t)used, ", %s", term_name(&vocabulary_timeliness, task->timeliness));
    page_line("state", text);
    held_page_parts(task);
    if (MSG_HAS(task, task, due))
        show_due(task);
    if (MSG_HAS(task, task, accept_due))
        show_end("accept due", task->accept_due);
    if (MSG_HAS(task, task, report_due))
        show_end("report due", task->report_due);
    if (MSG_HAS(task, task, until))
        show_end("suspended until", task->until);
}

static void show_escalation(const struct msg_escalation *escalation)
{
    char text[2000], when[64], to[600];
    value_show(message_field(&message_escalation, "to", 2), &escalation->to, to, sizeof to);
    value_show_time(escalation->opened, when, sizeof when);
    int used = snprintf(text, sizeof text, "level %llu to %s, %s", (unsigned long long)escalation->level, to, when);
    if (MSG_HAS(escalation, escalation, acknowledged)) {
        value_show_time(escalation->acknowledged, when, sizeof when);
        used += snprintf(text + used, sizeof text - (size_t)used, ", acknowledged by %.*s %s",
                         TEXT_ARGS(escalation->acknowledged_by), when);
        if (MSG_HAS(escalation, escalation, holds_until)) {
            value_show_time(escalation->holds_until, when, sizeof when);
            snprintf(text + used, sizeof text - (size_t)used, "; the ladder waits until %s", when);
        }
    } else if (MSG_HAS(escalation, escalation, closed)) {
        value_show_time(escalation->closed, when, sizeof when);
        snprintf(text + used, sizeof text - (size_t)used, ", ended %s", when);
    } else {
        snprintf(text + used, sizeof text - (size_t)used, ", open");
    }
    page_line("escalation", text);
}

static void show_evidence(const struct msg_task *task)
{
    for (uint32_t i = 0; i < task->evidence_files.count; i++) {
        const struct msg_evidence_file *file = &task->evidence_files.items[i];
        char text[800], hash[80] = "";
        int used = snprintf(text, sizeof text, "%.*s", TEXT_ARGS(file->name));
        if (MSG_HAS(file, evidence_file, size))
            used += snprintf(text + used, sizeof text - (size_t)used, ", %llu bytes", (unsigned long long)file->size);
        if (MSG_HAS(file, evidence_file, sha256)) {
            value_show(message_field(&message_evidence_file, "sha256", 6), &file->sha256, hash, sizeof hash);
            snprintf(text + used, sizeof text - (size_t)used, ", SHA-256 %s", hash);
        }
        page_line("evidence", text);
    }
}

/* What its lead asks for, and asked for before. */
static void show_asks(const struct msg_task *task)
{
    char text[ASK_TEXT];
    for (uint32_t i = 0; i < task->asks.count; i++) {
        ask_text(&task->asks.items[i], task->calendar, text, sizeof text);
        page_line(ask_is_open(&task->asks.items[i]) ? "request" : "request, decided", text);
    }
}

/* ---- what was said ---- */

static void show_word(const char *label, struct text text, struct text by, int64_t time_ms)
{
    char line[4400], when[64];
    if (!text.size)
        return;
    value_show_time(time_ms, when, sizeof when);
    if (by.size) /* a report of before releases that kept who and when has neither */
        snprintf(line, sizeof line, "%.*s, %s: %.*s", TEXT_ARGS(by), when, TEXT_ARGS(text));
    else
        snprintf(line, sizeof line, "%.*s", TEXT_ARGS(text));
    page_line(label, line);
}

/* The words of each side, but for one that is the rejection itself. */
static void show_words(const struct msg_task *task)
{
    char text[120];
    show_word("rejected", task->rejection, task->rejected_by, task->rejected);
    if (!(task->assigner_note_time == task->rejected && text_equal(task->assigner_note, task->rejection)))
        show_word("assigner's word", task->assigner_note, task->assigner_note_by, task->assigner_note_time);
    show_word("lead's word", task->note, task->note_by, task->note_time);
    show_word("others' word", task->other_note, task->other_note_by, task->other_note_time);
    if (!task->lead_unanswered && !task->assigner_unanswered)
        return;
    snprintf(text, sizeof text, "%llu for the lead to answer, %llu for the assigner; task history has them all",
             (unsigned long long)task->lead_unanswered, (unsigned long long)task->assigner_unanswered);
    page_line("open comments", text);
}

/* What show_words shows. */
#define WORDS                                                                                                          \
    " note note_by note_time assigner_note assigner_note_by assigner_note_time other_note other_note_by "              \
    "other_note_time rejection rejected_by rejected lead_unanswered assigner_unanswered"

/* What show_evidence shows: without pieces, as of 1.0.0, the fields say what there is. */
#define PROOF " evidence evidence_sha256 evidence_files"
/* What the page shows in its own words. */
#define ON_PAGE                                                                                                        \
    "reference title state percent timeliness due due_day original_due accept_due report_due escalations record "      \
    "counted submitted "                                                                                               \
    "successions asks until custody parts_percent open_parts waits_for held_up bounces led questions opinions "        \
    "indicator plan values" WORDS

/* "3 times: a → b → c → a"; of more than are kept the newest. */
static void show_bounces(const struct msg_task *task)
{
    char text[1200];
    if (!MSG_HAS(task, task, bounces))
        return;
    int used = snprintf(text, sizeof text, "%llu time%s: %s", (unsigned long long)task->bounces,
                        task->bounces == 1 ? "" : "s", task->bounces > task->led.count ? "… → " : "");
    for (uint32_t i = 0; i < task->led.count; i++) /* 16 × (64 + 5) bytes at most, and the lead */
        used += snprintf(text + used, sizeof text - (size_t)used, "%.*s → ", TEXT_ARGS(task->led.items[i]));
    snprintf(text + used, sizeof text - (size_t)used, "%.*s", TEXT_ARGS(task->lead));
    page_line("passed on", text);
}

static void show_page(const struct msg_task_reply *reply, const struct held *held, const char *may)
{
    const struct msg_task *task = &reply->task;
    char text[1200], when[64], shown[sizeof ON_PAGE PROOF + 64]; /* and the names of five roles */
    page_head(task->reference, task->title);
    show_standing(task);
    if (MSG_HAS(task, task, custody)) {
        put_custody(&task->custody, text, sizeof text);
        page_line("waits for", text);
    }
    held_page(held);
    show_bounces(task);
    snprintf(shown, sizeof shown, "%s", task->evidence_files.count ? ON_PAGE PROOF : ON_PAGE);
    succession_page(task, shown, sizeof shown);
    output_fields_but(&message_task, task, shown);
    target_page(task);
    show_evidence(task);
    if (MSG_HAS(task, task, submitted)) {
        put_submitted(task, text, sizeof text);
        page_line("submitted", text);
    }
    show_words(task);
    show_asks(task);
    opinion_page(task);
    for (uint32_t i = 0; i < task->escalations.count; i++)
        show_escalation(&task->escalations.items[i]);
    putchar('\n');
    if (reply->stands_in_for.size)
        page_line("in the name of", output_plain(reply->stands_in_for));
    page_line("this agency may", may[0] ? may : "nothing: this agency only reads it");
    if (reply->ahead.count) {
        value_show_zone(when, sizeof when);
        printf("\nWhat lies ahead, by this machine's clock (UTC%s):\n", when);
    }
    for (uint32_t i = 0; i < reply->ahead.count; i++) {
        when_of(&reply->ahead.items[i], when, sizeof when);
        printf("  %-17s", when);
        snprintf(text, sizeof text, "%.*s", TEXT_ARGS(reply->ahead.items[i].text));
        layout_print(PAGE_LABEL, text);
    }
}

int task_show(struct session *session)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    char may[MAY_WORDS];
    struct held held = {.by = "", .over = ""};
    int code = session_task(session, session->arguments.operands[0], &get.task);
    MSG_MARK(&get, task_get, task);
    if (!code && !session->json)
        due_learn(session);
    if (!code)
        code = session_call(session, OP_TASK_GET, &get, &reply);
    if (!code && !session->json && reply.task.waits_for.count) {
        held_learn(session, &reply.task, &held);
        code = session_call(session, OP_TASK_GET, &get, &reply); /* what it was is gone */
    }
    if (code)
        return code;
    may_words(&reply, output_is_terminal() ? ", " : ",", may);
    if (session->json)
        output_json(json_write(&message_task_reply, &reply));
    else if (output_is_terminal())
        show_page(&reply, &held, may);
    else
        show_values(&reply, &held, may);
    if (session->arguments.operands[0][0] != '@')
        beside_tell_shown(session, &reply.task);
    return EXIT_DONE;
}

#include "record_text.h"

#include <stdarg.h>
#include <stdio.h>

#include "ask_words.h"
#include "due_text.h"
#include "number.h"
#include "output.h"
#include "with_document.h"

/* A text that grows at its end, as far as there is room. */
struct words {
    char *text;
    size_t size, used;
    struct text calendar; /* of the task */
};

static void add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct words *words, const char *format, ...)
{
    va_list arguments;
    if (words->used + 1 >= words->size)
        return;
    va_start(arguments, format);
    const int added = vsnprintf(words->text + words->used, words->size - words->used, format, arguments);
    va_end(arguments);
    words->used += added > 0 ? (size_t)added : 0;
}

static void add_list(struct words *words, const struct texts *items)
{
    for (uint32_t i = 0; i < items->count; i++)
        add(words, "%s%.*s", i ? ", " : "", TEXT_ARGS(items->items[i]));
}

/* ---- what an agency did ---- */

static const char *const deeds[] = {
    [ACTION_ASSIGN] = "gave it",
    [ACTION_ACCEPT] = "accepted it",
    [ACTION_START] = "began work",
    [ACTION_REPORT] = "reported",
    [ACTION_SUBMIT] = "submitted it",
    [ACTION_CONFIRM] = "confirmed it as done",
    [ACTION_REJECT] = "sent it back",
    [ACTION_SUSPEND] = "suspended it",
    [ACTION_RESUME] = "resumed it",
    [ACTION_REASSIGN] = "gave it anew",
    [ACTION_AMEND] = "amended it",
    [ACTION_CANCEL] = "cancelled it",
    [ACTION_COMMENT] = "commented",
    [ACTION_ESCALATE] = "escalated it",
    [ACTION_ACKNOWLEDGE] = "acknowledged the escalation",
    [ACTION_ASK] = "asked for",
    [ACTION_GRANT] = "granted",
    [ACTION_DENY] = "denied",
    [ACTION_TAKE_BACK] = "took back",
    [ACTION_ANSWER] = "answered it",
    [ACTION_CONSULT] = "asked for opinions",
    [ACTION_OPINE] = "gave its opinion",
    [ACTION_RECALL] = "took back a question",
};

/* The names of what an amendment brought, as the options have them, and of what it took away; a date is told with its day. */
static void add_amended(struct words *words, const struct msg_content *content, uint32_t cleared)
{
    const char *between = ": ";
    for (uint16_t i = 0; i < message_content.count; i++)
        if ((content->has >> i & 1) && i != MSG_FIELD(content, due)) {
            add(words, "%s%s", between, message_content.fields[i].name);
            between = ", ";
        }
    for (uint32_t left = cleared; left; left &= left - 1) {
        add(words, "%sno %s", between, term_name(&vocabulary_clearable, __builtin_ctz(left)));
        between = ", ";
    }
    if (content->excluded.count) {
        add(words, " ");
        add_list(words, &content->excluded);
    }
}

/* "an extension to 2024-07-31 (request 17)": what was granted, where that is another date or lead than was asked for. */
static void add_asked(struct words *words, const struct msg_asked *asked)
{
    const bool is_granted = MSG_HAS(asked, asked, granted) && asked->granted.has;
    char wish[200];
    ask_wish_text(asked->asking, is_granted ? &asked->granted : &asked->wanted, words->calendar, wish, sizeof wish);
    add(words, " %s (request %llu)", wish, (unsigned long long)asked->ask);
}

/* " from so-tc, so-tnmt, by 2024-06-28 (question 17)": a question, and whose opinion it is about. */
static void add_question(struct words *words, const struct msg_record *record)
{
    char due[DUE_TEXT];
    for (uint32_t i = 0; record->action != ACTION_OPINE && i < record->opinions.count; i++)
        add(words, "%s%.*s",
            i                                  ? ", "
            : record->action == ACTION_CONSULT ? " from "
                                               : " put to ",
            TEXT_ARGS(record->opinions.items[i].agency));
    if (record->action == ACTION_CONSULT && MSG_HAS(&record->question, question, due_day)) {
        due_text(words->calendar, record->question.due, record->question.due_day, due);
        add(words, ", by %s", due);
    }
    add(words, " (question %llu)", (unsigned long long)record->question.question);
}

/* Who gave none in time; the others may give none. */
static void add_unanswered(struct words *words, const struct msg_record *record)
{
    add(words, "no opinion came from ");
    for (uint32_t i = 0; i < record->opinions.count; i++)
        add(words, "%s%.*s%s", i ? ", " : "", TEXT_ARGS(record->opinions.items[i].agency),
            record->opinions.items[i].state == OPINING_WITHDRAWN ? ", which may give none" : "");
    add(words, " (question %llu)", (unsigned long long)record->question.question);
}

/* What the action did besides: requests of the lead that nobody has to decide any more. */
static void add_settled(struct words *words, const struct u64s *ended)
{
    for (uint32_t i = 0; i < ended->count; i++)
        add(words, "%s%llu", i ? ", " : ", which settled request ", (unsigned long long)ended->items[i]);
}

/* "due 2024-06-28 16:30": the minute where it is not the day's end. */
static void add_due(struct words *words, const char *before, const struct msg_record *record)
{
    char due[DUE_TEXT];
    due_text(words->calendar, record->due, record->due_day, due);
    add(words, "%s%s", before, due);
}

static void add_until(struct words *words, int64_t until_ms)
{
    char until[64];
    (void)value_show_end(until_ms, until, sizeof until);
    add(words, " until %s", until);
}

/* The clock takes the tasks along, one after the other; who replaced the document is on its own record. */
static void add_with_document(struct words *words, const struct msg_record *record)
{
    const struct texts *paragraphs = &record->content.paragraphs;
    if (record->action == ACTION_CANCEL) {
        add(words, "ended it with its document, which was replaced");
        add_settled(words, &record->ended);
        return;
    }
    add(words, "moved it to %.*s, which replaces its document", TEXT_ARGS(record->content.document));
    if (MSG_HAS(&record->content, content, paragraphs))
        add(words, paragraphs->count ? ", there " : ", where it has no paragraph");
    add_list(words, paragraphs);
}

static void add_measured(struct words *words, const struct msg_measured *measured)
{
    char value[NUMBER_TEXT], was[NUMBER_TEXT];
    number_write(measured->value, value);
    add(words, ": %s in %.*s", value, TEXT_ARGS(measured->period));
    if (!MSG_HAS(measured, measured, was))
        return;
    number_write(measured->was, was);
    add(words, ", which was %s", was);
}

static void add_action(struct words *words, const struct msg_record *record)
{
    if (record_is_with_document(record)) {
        add_with_document(words, record);
        return;
    }
    const bool known = record->action > 0 && record->action < (int)(sizeof deeds / sizeof *deeds);
    const bool gives = record->action == ACTION_ASSIGN || record->action == ACTION_REASSIGN;
    add(words, "%s",
        known && deeds[record->action] ? deeds[record->action] : term_name(&vocabulary_action, record->action));
    if (gives && MSG_HAS(record, record, lead))
        add(words, " to %.*s", TEXT_ARGS(record->lead));
    if (MSG_HAS(record, record, scheduled))
        add(words, " by schedule %.*s", TEXT_ARGS(record->scheduled.schedule));
    if (record->action == ACTION_AMEND && MSG_HAS(record, record, content))
        add_amended(words, &record->content, record->cleared);
    if (MSG_HAS(record, record, level))
        add(words, " at level %llu", (unsigned long long)record->level);
    if (record->action == ACTION_ESCALATE && record->addressed.count) {
        add(words, " to ");
        add_list(words, &record->addressed);
    }
    if (MSG_HAS(record, record, percent))
        add(words, ", %llu %% done", (unsigned long long)record->percent);
    if (MSG_HAS(record, record, measured))
        add_measured(words, &record->measured);
    if (MSG_HAS(record, record, open_parts))
        add(words, ", over %llu open part%s", (unsigned long long)record->open_parts,
            record->open_parts == 1 ? "" : "s");
    const bool amends_due = record->action == ACTION_AMEND && MSG_HAS(&record->content, content, due);
    if ((gives || amends_due || record->action == ACTION_RESUME) && MSG_HAS(record, record, due_day))
        add_due(words, ", due ", record);
    if (MSG_HAS(record, record, answer))
        add(words, ": %s", term_name(&vocabulary_answering, record->answer));
    if (MSG_HAS(record, record, passed_to))
        add(words, " to %.*s", TEXT_ARGS(record->passed_to));
    if (MSG_HAS(record, record, asked))
        add_asked(words, &record->asked);
    else if (MSG_HAS(record, record, until))
        add_until(words, record->until);
    if (MSG_HAS(record, record, question))
        add_question(words, record);
    add_settled(words, &record->ended);
}

/* ---- what time did ---- */

static const char *deadline_words(int deadline)
{
    switch (deadline) {
    case DEADLINE_ACCEPTANCE:
        return "acceptance";
    case DEADLINE_COMPLETION:
        return "the due date";
    case DEADLINE_REPORT:
        return "the report";
    case DEADLINE_DECISION:
        return "the decision";
    default:
        return term_name(&vocabulary_deadline, deadline);
    }
}

static void add_told(struct words *words, const struct msg_record *record)
{
    if (record->notice == NOTICE_ESCALATED)
        add(words, MSG_HAS(record, record, step) ? "escalated" : "passed the escalation on");
    else
        add(words, "%s ", record->notice == NOTICE_REMINDER ? "reminded" : "warned");
    if (record->notice == NOTICE_ESCALATED && MSG_HAS(record, record, level))
        add(words, " at level %llu", (unsigned long long)record->level);
    if (record->notice == NOTICE_ESCALATED)
        add(words, " to ");
    add_list(words, record->addressed.count ? &record->addressed : &record->to);
}

/* A rung has a step; without one an escalation was passed on, or a period ended without its report. */
static void add_rung(struct words *words, const struct msg_record *record)
{
    if (MSG_HAS(record, record, bounces)) { /* no rung's: it was given to one lead too many */
        add(words, "escalated at level %llu to ", (unsigned long long)record->level);
        add_list(words, &record->addressed);
        add(words, " (passed on %llu time%s)", (unsigned long long)record->bounces, record->bounces == 1 ? "" : "s");
        return;
    }
    if (MSG_HAS(record, record, notice))
        add_told(words, record);
    else if (MSG_HAS(record, record, step))
        add(words, "told nobody");
    else
        add(words, MSG_HAS(record, record, escalation) ? "passed the escalation on" : "a period ended");
    add(words, " (%s", deadline_words(record->deadline));
    if (MSG_HAS(record, record, step))
        add(words, ", step %llu", (unsigned long long)record->step);
    if (MSG_HAS(record, record, round))
        add(words, ", round %llu", (unsigned long long)record->round);
    if (MSG_HAS(record, record, missed))
        add(words, ", late");
    add(words, ")");
    if (record->chain.count) {
        add(words, ", held up by ");
        add_list(words, &record->chain);
    }
    if (MSG_HAS(record, record, holder))
        add(words, ", which %.*s has", TEXT_ARGS(record->holder));
}

/* Which deadlines a calendar that changed moved; of the due date the day is at hand. */
static void add_moved(struct words *words, const struct msg_record *record)
{
    if (MSG_HAS(record, record, counted) && MSG_HAS(record, record, due_day))
        add_due(words, "the due date moved to ", record);
    if (MSG_HAS(record, record, accept_counted))
        add(words, "%sthe date to accept by moved", words->used ? ", " : "");
    if (MSG_HAS(record, record, report_counted))
        add(words, "%sthe date to report by moved", words->used ? ", " : "");
    if (MSG_HAS(record, record, asked))
        add(words, "%sthe date to decide by moved", words->used ? ", " : "");
    if (MSG_HAS(record, record, question))
        add(words, "%sthe date of question %llu moved", words->used ? ", " : "",
            (unsigned long long)record->question.question);
    if (!words->used)
        add(words, "%s", term_name(&vocabulary_record, record->record));
}

static void add_period(struct words *words, const struct msg_record *record)
{
    const struct msg_scheduled *came = &record->scheduled;
    if (MSG_HAS(came, scheduled, made))
        add(words, "made %llu", (unsigned long long)came->made);
    else
        add(words, MSG_HAS(came, scheduled, error) ? "could not be made" : "passed over");
}

void record_what(const struct msg_record *record, struct text calendar, char *text, size_t size)
{
    struct words words = {.text = text, .size = size, .calendar = calendar};
    text[0] = '\0';
    if (MSG_HAS(record, record, action))
        add_action(&words, record);
    else if (record->record == RECORD_RUNG)
        add_rung(&words, record);
    else if (record->record == RECORD_DUE_MOVED)
        add_moved(&words, record);
    else if (record->record == RECORD_HANDED_ON && MSG_HAS(record, record, asked))
        add(&words, "request for %s handed on to %.*s", term_name(&vocabulary_asking, record->asked.asking),
            TEXT_ARGS(record->asked.decider));
    else if (record->record == RECORD_UNANSWERED)
        add_unanswered(&words, record);
    else if (record->record == RECORD_PERIOD)
        add_period(&words, record);
    else if (record->record == RECORD_SCHEDULE)
        add(&words, "schedule %.*s %s", TEXT_ARGS(record->schedule_set.schedule),
            MSG_HAS(&record->schedule_set, schedule, ended) ? "ended" : "set");
    else if (record->record == RECORD_HANDED_ON)
        add(&words, "request ended, as nobody is left to decide it");
    else
        add(&words, "%s",
            record->record == RECORD_REMOVED ? "took off " : term_name(&vocabulary_record, record->record));
    if (record->record == RECORD_REMOVED)
        add_list(&words, &record->to);
}

void record_subject(const struct msg_record *record, char *text, size_t size)
{
    struct words words = {.text = text, .size = size};
    text[0] = '\0';
    if (MSG_HAS(record, record, entry))
        add(&words, "key %.*s of %.*s", TEXT_ARGS(record->entry.label), TEXT_ARGS(record->agency.agency));
    else if (MSG_HAS(record, record, agency))
        add(&words, "agency %.*s", TEXT_ARGS(record->agency.agency));
    else if (record->record == RECORD_STORE)
        add(&words, "the store");
    else if (MSG_HAS(record, record, hot_spot))
        add(&words, "hot spot %.*s, %llu task%s", TEXT_ARGS(record->hot_spot.rule.rule),
            (unsigned long long)record->hot_spot.count, record->hot_spot.count == 1 ? "" : "s");
    else if (MSG_HAS(record, record, hot_spot_rule))
        add(&words, "hot spot %.*s", TEXT_ARGS(record->hot_spot_rule.rule));
    else if (MSG_HAS(record, record, reference)) /* that a schedule was to make */
        add(&words, "%.*s", TEXT_ARGS(record->reference));
    else
        add(&words, "%s", term_name(&vocabulary_record, record->record));
}

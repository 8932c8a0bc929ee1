/* coordctl task explain: when a task is due and why, date by date; what moved each; what the ladder has done, and what it will do. How
 * things stand the broker says; what was done, record by record, is read off the task's history here.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "due_text.h"
#include "json_write.h"
#include "layout.h"
#include "pages.h"
#include "record_text.h"

#define PAGE_RECORDS 1000
#define WHAT_ROOM    2000
#define WHEN_ROOM    17 /* columns: "2024-06-28 16:30 " */

/* ---- the history ---- */

/* A record that gave the task another due date, or of a rung that fired. */
struct told {
    uint64_t seq;
    int64_t time;
    int64_t due; /* after it; INT64_MIN for none */
    int step;    /* of a rung; −1 of none */
    bool moves;
    const char *who, *what;
    json_t *json;
    struct told *next; /* an older one */
};

struct history {
    struct session *session;
    struct decoder *decoder;
    struct told *newest, *oldest;
};

static struct told *keep(struct history *history, const struct msg_record *record)
{
    struct arena *arena = &history->session->arena;
    struct told *told = arena_alloc(arena, sizeof *told);
    char what[WHAT_ROOM];
    if (!told)
        return NULL;
    record_what(record, text_of(history->session->calendar), what, sizeof what);
    *told = (struct told){.seq = record->seq,
                          .time = record->time,
                          .due = MSG_HAS(record, record, due) ? record->due : INT64_MIN,
                          .step = MSG_HAS(record, record, step) ? (int)record->step : -1};
    told->who = arena_printf(arena, "%s%s%s%c", record->actor.size ? output_plain(record->actor) : "the clock",
                             record->stand_in.size ? ", by " : "", output_plain(record->stand_in), 0)
                    .data;
    told->what = arena_printf(arena, "%s%c", output_plain(text_of(what)), 0).data;
    if (history->session->json)
        told->json = json_write(&message_record, record);
    return told;
}

/* Newest first: only the one before it tells whether a record gave another date. */
static int take(struct history *history, struct text frame, struct problem *problem)
{
    struct envelope envelope;
    struct msg_record record;
    int error = decoder_open(history->decoder, frame.data, frame.size, &envelope, problem);
    if (!error)
        error = decoder_read(history->decoder, &message_record, &record, problem);
    if (error)
        return error;
    if (record.record == RECORD_REMOVED) /* tells who is off the task, and nothing of its dates */
        return 0;
    struct told *told = keep(history, &record);
    if (!told)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    if (history->oldest)
        history->oldest->moves = history->oldest->due != told->due;
    *(history->oldest ? &history->oldest->next : &history->newest) = told;
    history->oldest = told;
    return 0;
}

static int read_history(struct history *history, uint64_t task)
{
    struct msg_task_history request = {0};
    struct msg_records_reply reply;
    struct problem problem = {0};
    MSG_SET(&request, task_history, task, task);
    MSG_SET(&request, task_history, limit, PAGE_RECORDS);
    for (bool more = true; more;) {
        const int code = session_call(history->session, OP_TASK_HISTORY, &request, &reply);
        if (code)
            return code;
        for (uint32_t i = 0; i < reply.records.count; i++)
            if (take(history, reply.records.items[i], &problem))
                return session_fail(history->session, &problem);
        more = MSG_HAS(&reply, records_reply, next);
        MSG_SET(&request, task_history, before, reply.next);
    }
    if (history->oldest) /* the assignment, where all of it may be read */
        history->oldest->moves = history->oldest->due != INT64_MIN;
    return EXIT_DONE;
}

/* ---- JSON: the broker's reply, and the records ---- */

static void print_json(const struct history *history, const struct msg_task_explain_reply *reply)
{
    json_t *whole = json_write(&message_task_explain_reply, reply), *moved = json_array(), *fired = json_array();
    for (struct told *told = history->newest; told; told = told->next) {
        if (told->moves)
            json_array_append(moved, told->json);
        if (told->step >= 0)
            json_array_append(fired, told->json);
        json_decref(told->json);
    }
    json_object_set_new(whole, "moved_by", moved);
    json_object_set_new(whole, "fired_by", fired);
    output_json(whole);
}

/* ---- in words ---- */

/* One line: on a terminal under its head, with the time in front; else its kind, the time and the words. */
static void say(const char *kind, const char *when, const char *words)
{
    if (!output_is_terminal()) {
        printf("%s\t%s\t%s\n", kind, when, words);
        return;
    }
    const size_t room = when[0] ? WHEN_ROOM : 0;
    printf("  %-*s", (int)room, when);
    layout_print(room + 2, words);
}

static void head(const char *kind, const char *words)
{
    if (output_is_terminal())
        printf("\n%s\n", words);
    else
        printf("%s\t\t%s\n", kind, words);
}

static void say_lines(const char *kind, const struct msg_line_items *lines)
{
    char when[64];
    for (uint32_t i = 0; i < lines->count; i++) {
        const struct msg_line *line = &lines->items[i];
        when[0] = '\0';
        if (MSG_HAS(line, line, time))
            value_show_time(line->time, when, sizeof when);
        else if (!output_is_terminal()) /* where such a line says its day itself */
            snprintf(when, sizeof when, "%.*s", TEXT_ARGS(line->day));
        say(kind, when, output_plain(line->text));
    }
}

static void say_told(const char *kind, const struct told *told)
{
    char when[64], words[WHAT_ROOM + 200];
    value_show_time(told->time, when, sizeof when);
    snprintf(words, sizeof words, "record %llu: %s %s", (unsigned long long)told->seq, told->who, told->what);
    say(kind, when, words);
}

/* ---- dates ---- */

static const char *what_is_due(const struct msg_dated *dated)
{
    if (dated->suspension)
        return "suspended until";
    if (MSG_HAS(dated, dated, question))
        return "opinions are owed by";
    switch (dated->deadline) {
    case DEADLINE_ACCEPTANCE:
        return "to be accepted by";
    case DEADLINE_REPORT:
        return "to report by";
    case DEADLINE_DECISION:
        return "to be decided on by";
    default:
        return "due";
    }
}

static void put_origin(const struct msg_dated *dated, char *text, size_t size)
{
    char from[64], round[64];
    size_t used = 0;
    text[0] = '\0';
    if (MSG_HAS(dated, dated, counted)) {
        value_show_time(dated->counted.from, from, sizeof from);
        used = (size_t)snprintf(text, size, ": %.*s, counted from %s", TEXT_ARGS(dated->counted.words), from);
    }
    if (MSG_HAS(dated, dated, ask))
        used += (size_t)snprintf(text + used, size - used, "; request %llu", (unsigned long long)dated->ask);
    if (MSG_HAS(dated, dated, question))
        used += (size_t)snprintf(text + used, size - used, "; question %llu", (unsigned long long)dated->question);
    if (MSG_HAS(dated, dated, round)) {
        value_show_time(dated->round_since, round, sizeof round);
        used += (size_t)snprintf(text + used, size - used, "; round %llu of its ladder, since %s",
                                 (unsigned long long)dated->round, round);
    }
    snprintf(text + used, size - used, "%s", dated->runs ? "" : "; its clock does not run");
}

static void say_first(struct text calendar, const struct msg_dated *dated)
{
    char first[DUE_TEXT], words[80];
    if (!MSG_HAS(dated, dated, first))
        return;
    due_text(calendar, dated->first, dated->first_day, first);
    snprintf(words, sizeof words, "at first it was %s", first);
    say("first", first, words);
}

static void say_moves(const struct history *history)
{
    for (const struct told *told = history->newest; told; told = told->next)
        if (told->moves)
            say_told("moved", told);
}

static void say_dates(const struct history *history, const struct msg_task_explain_reply *reply)
{
    for (uint32_t i = 0; i < reply->dates.count; i++) {
        const struct msg_dated *dated = &reply->dates.items[i];
        char due[DUE_TEXT], origin[400], words[600];
        due_text(reply->calendar, dated->due, dated->due_day, due);
        put_origin(dated, origin, sizeof origin);
        snprintf(words, sizeof words, "%s %s%s", what_is_due(dated), due, origin);
        head("date", words);
        say_lines("line", &dated->lines);
        if (MSG_HAS(dated, dated, deadline) && dated->deadline == DEADLINE_COMPLETION) {
            say_first(reply->calendar, dated);
            say_moves(history);
        }
    }
    if (reply->dates.count == 0)
        head("date", "no date: nobody said by when, and no policy does");
}

/* ---- what was granted, and what stood still ---- */

static void put_wish(const struct msg_asked *asked, struct text calendar, char *text, size_t size)
{
    char due[DUE_TEXT] = "";
    const struct msg_wish *granted = &asked->granted;
    if (MSG_HAS(granted, wish, due))
        due_text(calendar, granted->due, granted->due_day, due);
    else if (MSG_HAS(granted, wish, until))
        due_text(calendar, granted->until, granted->until_day, due);
    snprintf(text, size, "request %llu, %s, of %.*s: granted by %.*s%s%s%s%.*s", (unsigned long long)asked->ask,
             term_name(&vocabulary_asking, asked->asking), TEXT_ARGS(asked->by), TEXT_ARGS(asked->decided_by),
             due[0] ? ", " : "", due, granted->lead.size ? ", to " : "", TEXT_ARGS(granted->lead));
}

static void say_granted(const struct msg_task_explain_reply *reply)
{
    char when[64], words[600];
    if (reply->granted.count)
        head("granted", "granted to its lead");
    for (uint32_t i = 0; i < reply->granted.count; i++) {
        const struct msg_asked *asked = &reply->granted.items[i];
        value_show_time(asked->decided, when, sizeof when);
        put_wish(asked, reply->calendar, words, sizeof words);
        say("grant", when, words);
    }
}

static void say_stood(const struct msg_task_explain_reply *reply)
{
    char since[64], until[64], words[300];
    if (reply->stood.count)
        head("stood_still", "its clocks stood still");
    for (uint32_t i = 0; i < reply->stood.count; i++) {
        const struct msg_turn *turn = &reply->stood.items[i];
        value_show_time(turn->since, since, sizeof since);
        value_show_time(turn->until, until, sizeof until);
        snprintf(words, sizeof words, "until %s, by %.*s: %llu min of working time",
                 MSG_HAS(turn, turn, until) ? until : "now", TEXT_ARGS(turn->agency),
                 (unsigned long long)(turn->worked / 60000));
        say("stood", since, words);
    }
}

/* ---- the ladder ---- */

static void say_step(const struct history *history, const struct msg_climb *climb)
{
    char words[900], when[64], told[600];
    int used = snprintf(words, sizeof words, "step %llu (%s): %s", (unsigned long long)climb->step,
                        term_name(&vocabulary_deadline, climb->deadline), term_name(&vocabulary_rung, climb->does));
    if (MSG_HAS(climb, climb, level))
        used += snprintf(words + used, sizeof words - (size_t)used, " at level %llu", (unsigned long long)climb->level);
    if (climb->fired)
        used += snprintf(words + used, sizeof words - (size_t)used, ", fired %llu time%s for this date",
                         (unsigned long long)climb->fired, climb->fired == 1 ? "" : "s");
    if (MSG_HAS(climb, climb, escalation))
        snprintf(words + used, sizeof words - (size_t)used, ", escalation %llu", (unsigned long long)climb->escalation);
    head("step", words);
    for (const struct told *one = history->newest; one; one = one->next)
        if (one->step == (int)climb->step)
            say_told("fired", one);
    if (!MSG_HAS(climb, climb, text)) {
        say("next", "", "does not come, as things stand");
        return;
    }
    value_show_time(climb->next, when, sizeof when);
    say("next", when, output_plain(climb->text));
    value_show(message_field(&message_climb, "told", 4), &climb->told, told, sizeof told);
    snprintf(words, sizeof words, "tells %s", told[0] ? told : "nobody");
    if (MSG_HAS(climb, climb, told_by))
        snprintf(words, sizeof words, "with step %llu, which tells those whom both name: %s",
                 (unsigned long long)climb->told_by, told[0] ? told : "nobody");
    say("tells", "", words);
}

/* ---- what it waits for, and who has it ---- */

static void say_holding(const struct msg_task_explain_reply *reply)
{
    char words[300], due[DUE_TEXT];
    if (reply->held_by.count || reply->open_parts)
        head("waits", "waits for");
    for (uint32_t i = 0; i < reply->held_by.count; i++) {
        const struct msg_holding *holding = &reply->held_by.items[i];
        due_text(reply->calendar, holding->due, holding->due_day, due);
        if (MSG_HAS(holding, holding, reference))
            snprintf(words, sizeof words, "%.*s (%.*s, %s)", TEXT_ARGS(holding->reference), TEXT_ARGS(holding->lead),
                     term_name(&vocabulary_state, holding->state));
        else
            snprintf(words, sizeof words, "@%llu, which this agency may not read", (unsigned long long)holding->task);
        say("held_by", due, words);
    }
    snprintf(words, sizeof words, "%llu open part%s", (unsigned long long)reply->open_parts,
             reply->open_parts == 1 ? "" : "s");
    if (reply->open_parts)
        say("held_by", "", words);
}

static const char *why_charged(int charge)
{
    for (int i = 0; i < vocabulary_charge.count; i++)
        if (vocabulary_charge.terms[i].number == charge)
            return vocabulary_charge.terms[i].sentence;
    return "";
}

static void say_head(const struct msg_task_explain_reply *reply)
{
    char words[400], when[64];
    const struct msg_custody *custody = &reply->custody;
    if (output_is_terminal())
        page_head(reply->reference, (struct text){0});
    else
        printf("task\t@%llu\t%.*s\n", (unsigned long long)reply->task, TEXT_ARGS(reply->reference));
    snprintf(words, sizeof words, "%s, %s; %.*s answers for its dates", term_name(&vocabulary_state, reply->state),
             term_name(&vocabulary_timeliness, reply->timeliness), TEXT_ARGS(reply->lead));
    value_show_time(reply->assigned, when, sizeof when);
    say("state", when, words);
    if (!MSG_HAS(reply, task_explain_reply, custody))
        return;
    when[0] = '\0';
    if (MSG_HAS(custody, custody, since))
        value_show_time(custody->since, when, sizeof when);
    snprintf(words, sizeof words, "the clock of %.*s runs: %s. %s", TEXT_ARGS(custody->agency),
             term_name(&vocabulary_charge, custody->charge), why_charged(custody->charge));
    say("custody", when, words);
}

static void print_words(const struct history *history, const struct msg_task_explain_reply *reply)
{
    char words[200];
    say_head(reply);
    say_lines("note", &reply->notes);
    say_holding(reply);
    say_dates(history, reply);
    say_granted(reply);
    say_stood(reply);
    if (reply->ladder.count) {
        snprintf(words, sizeof words, "the ladder of %.*s, version %llu", TEXT_ARGS(reply->policy),
                 (unsigned long long)reply->policy_version);
        head("ladder", words);
    }
    for (uint32_t i = 0; i < reply->ladder.count; i++)
        say_step(history, &reply->ladder.items[i]);
}

int task_explain(struct session *session)
{
    struct msg_task_explain request = {0};
    struct msg_task_explain_reply reply;
    struct history history = {.session = session, .decoder = decoder_new()};
    if (!history.decoder)
        return EXIT_SYSTEM;
    decoder_take_any_term(history.decoder);
    int code = session_task(session, session->arguments.operands[0], &request.task);
    if (!code && !session->json)
        due_learn(session);
    if (!code)
        code = read_history(&history, request.task);
    MSG_MARK(&request, task_explain, task);
    if (!code)
        code = session_call(session, OP_TASK_EXPLAIN, &request, &reply);
    if (!code && session->json)
        print_json(&history, &reply);
    else if (!code)
        print_words(&history, &reply);
    decoder_free(history.decoder);
    return code;
}

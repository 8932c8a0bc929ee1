/* coordctl task custody, coordctl agency custody: whose clock ran, what for, and how long in working time. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "fill.h"
#include "json_write.h"
#include "session.h"
#include "terms.h"

#define LINE_WIDTH 40 /* of the line of life, in characters: all that elapsed */
#define MINUTE_MS  60000

/* 16 h 30 min: of a calendar whose days have other hours, hours say what days would not. */
static void show_worked(uint64_t ms, char text[32])
{
    const unsigned long long minutes = (ms + MINUTE_MS / 2) / MINUTE_MS;
    if (minutes == 0)
        snprintf(text, 32, "%s", ms ? "< 1 min" : "0");
    else if (minutes < 60)
        snprintf(text, 32, "%llu min", minutes);
    else
        snprintf(text, 32, minutes % 60 ? "%llu h %llu min" : "%llu h", minutes / 60, minutes % 60);
}

/* ---- one task ---- */

/* A turn where it lies on the line from the first to the last, to scale; at least one mark wide. */
static void draw(uint64_t before, uint64_t worked, uint64_t elapsed, char line[3 * LINE_WIDTH + 1])
{
    const unsigned from = elapsed ? (unsigned)((double)before / (double)elapsed * LINE_WIDTH) : 0;
    const unsigned to = elapsed ? (unsigned)((double)(before + worked) / (double)elapsed * LINE_WIDTH + 0.5) : 0;
    size_t used = 0;
    for (unsigned i = 0; i < LINE_WIDTH; i++) {
        const char *mark = (i >= from && i < to) || (worked && i == from && i < LINE_WIDTH) ? "█" : "·";
        memcpy(line + used, mark, strlen(mark));
        used += strlen(mark);
    }
    line[used] = 0;
}

static void show_turns(const struct msg_task_custody_reply *reply)
{
    static const struct column columns[] = {{"SINCE", "", COLUMN_TEXT, 0},  {"UNTIL", "", COLUMN_TEXT, 0},
                                            {"AGENCY", "", COLUMN_TEXT, 0}, {"FOR", "", COLUMN_TEXT, 0},
                                            {"WORKED", "", COLUMN_TEXT, 0}, {"LINE", "", COLUMN_TEXT, 1}};
    struct table *table = table_new(columns, sizeof columns / sizeof *columns);
    uint64_t before = 0;
    for (uint32_t i = 0; i < reply->turns.count; i++) {
        const struct msg_turn *turn = &reply->turns.items[i];
        char since[64], until[64] = "now", worked[32], line[3 * LINE_WIDTH + 1], agency[65];
        value_show_time(turn->since, since, sizeof since);
        if (MSG_HAS(turn, turn, until))
            value_show_time(turn->until, until, sizeof until);
        show_worked(turn->worked, worked);
        draw(before, turn->worked, reply->elapsed, line);
        snprintf(agency, sizeof agency, "%.*s", TEXT_ARGS(turn->agency));
        table_add_cells(table, (const char *const[]){since, until, agency, term_name(&vocabulary_charge, turn->charge),
                                                     worked, line});
        before += turn->worked;
    }
    table_show(table, "Nothing is known of who held it: it was under way before the broker kept that.");
}

/* ---- by agency ---- */

/* A term's column has its field's name. */
#define CHARGES(X) X(taking_up) X(working) X(deciding) X(answering) X(confirming) X(suspended)

static uint64_t sum_of(const struct msg_custody_tally *tally)
{
#define X(charge) +tally->charge
    return 0 CHARGES(X);
#undef X
}

static void add_row(struct table *table, const struct msg_custody_tally *tally)
{
    char agency[65], tasks[24], now[24], passed[24], back[24], sum[32];
    snprintf(agency, sizeof agency, "%.*s", TEXT_ARGS(tally->agency));
    snprintf(tasks, sizeof tasks, "%llu", (unsigned long long)tally->tasks);
    snprintf(now, sizeof now, "%llu", (unsigned long long)tally->now);
    snprintf(passed, sizeof passed, "%llu", (unsigned long long)tally->passed_on);
    snprintf(back, sizeof back, "%llu", (unsigned long long)tally->came_back);
    show_worked(sum_of(tally), sum);
#define X(charge)                                                                                                      \
    char charge[32];                                                                                                   \
    show_worked(tally->charge, charge);
    CHARGES(X)
#undef X
    table_add_cells(table, (const char *const[]){agency, tasks, now, sum, taking_up, working, deciding, answering,
                                                 confirming, suspended, passed, back});
}

static struct table *tally_table(void)
{
    static const struct column columns[] = {
        {"AGENCY", "", COLUMN_TEXT, 0},    {"TASKS", "", COLUMN_NUMBER, 0},     {"NOW", "", COLUMN_NUMBER, 0},
        {"HELD", "", COLUMN_TEXT, 0},      {"TAKING UP", "", COLUMN_TEXT, 2},   {"WORKING", "", COLUMN_TEXT, 2},
        {"DECIDING", "", COLUMN_TEXT, 2},  {"ANSWERING", "", COLUMN_TEXT, 2},   {"CONFIRMING", "", COLUMN_TEXT, 2},
        {"SUSPENDED", "", COLUMN_TEXT, 2}, {"PASSED ON", "", COLUMN_NUMBER, 1}, {"CAME BACK", "", COLUMN_NUMBER, 1},
    };
    return table_new(columns, sizeof columns / sizeof *columns);
}

int task_custody(struct session *session)
{
    struct msg_task_custody request = {0};
    struct msg_task_custody_reply reply;
    char elapsed[32], since[64];
    int code = session_task(session, session->arguments.operands[0], &request.task);
    if (code)
        return code;
    MSG_MARK(&request, task_custody, task);
    code = session_call(session, OP_TASK_CUSTODY, &request, &reply);
    if (code)
        return code;
    if (session->json) {
        output_json(json_write(&message_task_custody_reply, &reply));
        return EXIT_DONE;
    }
    show_turns(&reply);
    if (!output_is_terminal() || reply.turns.count == 0)
        return EXIT_DONE;
    show_worked(reply.elapsed, elapsed);
    value_show_time(reply.since, since, sizeof since);
    printf("\n%s of working time since %s:\n\n", elapsed, since);
    struct table *table = tally_table();
    for (uint32_t i = 0; i < reply.tallies.count; i++)
        add_row(table, &reply.tallies.items[i]);
    table_show(table, NULL);
    return EXIT_DONE;
}

/* ---- agencies, over pages ---- */

struct sums {
    struct arena *arena;
    struct msg_custody_tally *items;
    uint32_t count, capacity;
};

static struct msg_custody_tally *sum_for(struct sums *sums, const struct msg_custody_tally *tally)
{
    for (uint32_t i = 0; i < sums->count; i++)
        if (text_equal(sums->items[i].agency, tally->agency))
            return &sums->items[i];
    if (sums->count == sums->capacity) {
        const uint32_t capacity = sums->capacity ? 2 * sums->capacity : 16;
        struct msg_custody_tally *items = arena_alloc(sums->arena, capacity * sizeof *items);
        if (sums->count > 0)
            memcpy(items, sums->items, sums->count * sizeof *items);
        sums->items = items;
        sums->capacity = capacity;
    }
    sums->items[sums->count] = (struct msg_custody_tally){.has = tally->has,
                                                          .agency = arena_copy(sums->arena, tally->agency)};
    return &sums->items[sums->count++];
}

static int add_tally(void *context, const struct message *message, const void *item)
{
    struct sums *sums = context;
    const struct msg_custody_tally *tally = item;
    struct msg_custody_tally *sum = sum_for(sums, tally);
    (void)message;
    sum->tasks += tally->tasks;
    sum->now += tally->now;
    sum->passed_on += tally->passed_on;
    sum->came_back += tally->came_back;
#define X(charge) sum->charge += tally->charge;
    CHARGES(X)
#undef X
    return 0;
}

int agency_custody(struct session *session)
{
    struct msg_agency_custody request = {0};
    struct problem problem = {0};
    struct sums sums = {.arena = &session->arena};
    if (fill_from_options(&message_agency_custody, &request, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    if (session->arguments.operand_count > 0)
        MSG_SET(&request, agency_custody, agency, text_of(session->arguments.operands[0]));
    const int code = session_pages(session, OP_AGENCY_CUSTODY, &request, add_tally, &sums);
    if (code)
        return code;
    if (session->json) {
        json_t *array = json_array();
        for (uint32_t i = 0; i < sums.count; i++)
            json_array_append_new(array, json_write(&message_custody_tally, &sums.items[i]));
        output_json(array);
        return EXIT_DONE;
    }
    struct table *table = tally_table();
    for (uint32_t i = 0; i < sums.count; i++)
        add_row(table, &sums.items[i]);
    table_show(table, "No task waited for it.");
    return EXIT_DONE;
}

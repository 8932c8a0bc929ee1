#include "ask_words.h"

#include <stdio.h>

#include "output.h"

/* The day as its calendar has it; without one, the instant by this machine's clock. */
static void day_text(bool has_day, struct text day, int64_t time_ms, char *text, size_t size)
{
    if (has_day)
        snprintf(text, size, "%.*s", TEXT_ARGS(day));
    else
        (void)value_show_end(time_ms, text, size);
}

static void due_text(const struct msg_wish *wish, char *text, size_t size)
{
    day_text(MSG_HAS(wish, wish, due_day), wish->due_day, wish->due, text, size);
}

/* ---- what for ---- */

static const char *asking_words(int asking)
{
    static const char *const words[] = {
        [ASKING_EXTENSION] = "an extension",
        [ASKING_RETURN] = "a return",
        [ASKING_TRANSFER] = "a transfer",
        [ASKING_SUSPENSION] = "a suspension",
        [ASKING_WITHDRAWAL] = "the submission back",
    };
    return asking > 0 && asking < (int)(sizeof words / sizeof *words) ? words[asking]
                                                                      : term_name(&vocabulary_asking, asking);
}

void ask_wish_text(int asking, const struct msg_wish *wish, char *text, size_t size)
{
    const bool leads = MSG_HAS(wish, wish, lead);
    char day[64];
    int used = snprintf(text, size, "%s", asking_words(asking));
    if (leads)
        used += snprintf(text + used, size - (size_t)used, " to %.*s", TEXT_ARGS(wish->lead));
    if (MSG_HAS(wish, wish, due)) {
        due_text(wish, day, sizeof day);
        used += snprintf(text + used, size - (size_t)used, asking == ASKING_EXTENSION ? " to %s" : ", due %s", day);
    }
    if (MSG_HAS(wish, wish, until)) {
        day_text(MSG_HAS(wish, wish, until_day), wish->until_day, wish->until, day, sizeof day);
        snprintf(text + used, size - (size_t)used, " until %s", day);
    }
}

/* ---- a request, whole ---- */

/* "tinh, by 2024-06-28": who has to decide. */
static void decider_text(const struct msg_asked *asked, char *text, size_t size)
{
    char when[64];
    const int used = snprintf(text, size, "%.*s", TEXT_ARGS(asked->decider));
    if (!MSG_HAS(asked, asked, decide_due))
        return;
    (void)value_show_end(asked->decide_due, when, sizeof when);
    snprintf(text + used, size - (size_t)used, ", by %s", when);
}

/* ", granted by tinh 2024-06-21 09:00: an extension to 2024-07-15: its words" */
static void outcome_text(const struct msg_asked *asked, char *text, size_t size)
{
    char when[64], granted[200];
    value_show_time(asked->decided, when, sizeof when);
    int used = snprintf(text, size, "; %s by %.*s, %s",
                        asked->outcome == SETTLEMENT_TAKEN_BACK ? "taken back"
                        : asked->outcome == SETTLEMENT_ENDED    ? "settled by what was done"
                                                                : term_name(&vocabulary_settlement, asked->outcome),
                        TEXT_ARGS(asked->decided_by), when);
    if (MSG_HAS(asked, asked, granted) && asked->granted.has) {
        ask_wish_text(asked->asking, &asked->granted, granted, sizeof granted);
        used += snprintf(text + used, size - (size_t)used, ": %s", granted);
    }
    if (asked->decision.size && (size_t)used < size)
        snprintf(text + used, size - (size_t)used, ": %.*s", TEXT_ARGS(asked->decision));
}

void ask_text(const struct msg_asked *asked, char *text, size_t size)
{
    char wish[200], when[64], more[5000];
    ask_wish_text(asked->asking, &asked->wanted, wish, sizeof wish);
    value_show_time(asked->asked, when, sizeof when);
    const int used = snprintf(text, size, "%llu: %.*s asks for %s, %s: %.*s", (unsigned long long)asked->ask,
                              TEXT_ARGS(asked->by), wish, when, TEXT_ARGS(asked->reason));
    if (!ask_is_open(asked)) {
        outcome_text(asked, more, sizeof more);
        snprintf(text + used, size - (size_t)used, "%s", more);
        return;
    }
    decider_text(asked, more, sizeof more);
    snprintf(text + used, size - (size_t)used, "; to be decided by %s", more);
}

void ask_granted_dues(const struct msg_task *task, char *text, size_t size)
{
    size_t used = 0;
    char day[64];
    text[0] = '\0';
    for (uint32_t i = 0; i < task->asks.count && used < size; i++) {
        const struct msg_asked *asked = &task->asks.items[i];
        if (asked->outcome != SETTLEMENT_GRANTED || !MSG_HAS(&asked->granted, wish, due))
            continue;
        due_text(&asked->granted, day, sizeof day);
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", day);
    }
}

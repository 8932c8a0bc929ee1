#include "ask_words.h"

#include <stdio.h>

#include "due_text.h"
#include "output.h"

/* The day as its calendar has it, and the minute where it is not the day's end; without a day, the instant by this machine's clock. */
static void end_text(struct text calendar, bool has_day, struct text day, int64_t time_ms, char text[DUE_TEXT])
{
    if (has_day)
        due_text(calendar, time_ms, day, text);
    else
        (void)value_show_end(time_ms, text, DUE_TEXT);
}

static void wish_due_text(struct text calendar, const struct msg_wish *wish, char text[DUE_TEXT])
{
    end_text(calendar, MSG_HAS(wish, wish, due_day), wish->due_day, wish->due, text);
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

void ask_wish_text(int asking, const struct msg_wish *wish, struct text calendar, char *text, size_t size)
{
    const bool leads = MSG_HAS(wish, wish, lead);
    char day[DUE_TEXT];
    int used = snprintf(text, size, "%s", asking_words(asking));
    if (leads)
        used += snprintf(text + used, size - (size_t)used, " to %.*s", TEXT_ARGS(wish->lead));
    if (MSG_HAS(wish, wish, due)) {
        wish_due_text(calendar, wish, day);
        used += snprintf(text + used, size - (size_t)used, asking == ASKING_EXTENSION ? " to %s" : ", due %s", day);
    }
    if (MSG_HAS(wish, wish, until)) {
        end_text(calendar, MSG_HAS(wish, wish, until_day), wish->until_day, wish->until, day);
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
static void outcome_text(const struct msg_asked *asked, struct text calendar, char *text, size_t size)
{
    char when[64], granted[200];
    value_show_time(asked->decided, when, sizeof when);
    int used = snprintf(text, size, "; %s by %.*s, %s",
                        asked->outcome == SETTLEMENT_TAKEN_BACK ? "taken back"
                        : asked->outcome == SETTLEMENT_ENDED    ? "settled by what was done"
                                                                : term_name(&vocabulary_settlement, asked->outcome),
                        TEXT_ARGS(asked->decided_by), when);
    if (MSG_HAS(asked, asked, granted) && asked->granted.has) {
        ask_wish_text(asked->asking, &asked->granted, calendar, granted, sizeof granted);
        used += snprintf(text + used, size - (size_t)used, ": %s", granted);
    }
    if (asked->decision.size && (size_t)used < size)
        snprintf(text + used, size - (size_t)used, ": %.*s", TEXT_ARGS(asked->decision));
}

void ask_text(const struct msg_asked *asked, struct text calendar, char *text, size_t size)
{
    char wish[200], when[64], more[5000];
    ask_wish_text(asked->asking, &asked->wanted, calendar, wish, sizeof wish);
    value_show_time(asked->asked, when, sizeof when);
    const int used = snprintf(text, size, "%llu: %.*s asks for %s, %s: %.*s", (unsigned long long)asked->ask,
                              TEXT_ARGS(asked->by), wish, when, TEXT_ARGS(asked->reason));
    if (!ask_is_open(asked)) {
        outcome_text(asked, calendar, more, sizeof more);
        snprintf(text + used, size - (size_t)used, "%s", more);
        return;
    }
    decider_text(asked, more, sizeof more);
    snprintf(text + used, size - (size_t)used, "; to be decided by %s", more);
}

void ask_granted_dues(const struct msg_task *task, char *text, size_t size)
{
    size_t used = 0;
    char day[DUE_TEXT];
    text[0] = '\0';
    for (uint32_t i = 0; i < task->asks.count && used < size; i++) {
        const struct msg_asked *asked = &task->asks.items[i];
        if (asked->outcome != SETTLEMENT_GRANTED || !MSG_HAS(&asked->granted, wish, due))
            continue;
        wish_due_text(task->calendar, &asked->granted, day);
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", day);
    }
}

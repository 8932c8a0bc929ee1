#include "fill.h"

#include <stdio.h>

#include "given.h"

int64_t fill_end_of(const char *day)
{
    char time[32];
    snprintf(time, sizeof time, "%sT00:00", day);
    return at(time) + INT64_C(86400000);
}

struct texts fill_names(const char *a, const char *b)
{
    static struct text kept[8][2];
    static uint32_t next;
    struct text *two = kept[next++ % 8];
    two[0] = text_of(a);
    two[1] = text_of(b ? b : "");
    return (struct texts){two, b ? 2 : 1};
}

void fill_acts(struct msg_record *record, int action, int state)
{
    MSG_SET(record, record, action, action);
    MSG_SET(record, record, state, state);
    MSG_SET(record, record, request, TEXT("r-1"));
}

void fill_no_task(struct msg_record *record)
{
    record->has &= ~(MSG_BIT(record, task) | MSG_BIT(record, reference) | MSG_BIT(record, title) |
                     MSG_BIT(record, assigner) | MSG_BIT(record, lead) | MSG_BIT(record, state) | MSG_BIT(record, due) |
                     MSG_BIT(record, due_day));
}

struct msg_asked fill_an_extension(int64_t decide_due)
{
    struct msg_asked asked = {0};
    MSG_SET(&asked, asked, ask, 8);
    MSG_SET(&asked, asked, asking, ASKING_EXTENSION);
    MSG_SET(&asked, asked, by, TEXT("so"));
    MSG_SET(&asked, asked, decider, TEXT("tinh"));
    MSG_SET(&asked, asked, decide_due, decide_due);
    MSG_SET(&asked.wanted, wish, due_day, TEXT("2024-07-31"));
    MSG_MARK(&asked, asked, wanted);
    return asked;
}

struct msg_counted fill_counted(const char *words, const char *was)
{
    struct msg_counted counted = {0};
    MSG_SET(&counted, counted, words, text_of(words));
    MSG_SET(&counted, counted, was, fill_end_of(was));
    return counted;
}

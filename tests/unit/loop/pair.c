#include "unit/loop/pair.h"

#include <stdio.h>

#include "unit/test.h"

struct pair pair_new(void)
{
    struct pair pair = {.memory = several_memory()};
    pair.first = station_new(pair.memory, FIRST);
    station_lead(pair.first);
    pair.second = station_new(pair.memory, SECOND);
    station_turns(pair.second, 10);
    pair.here = station_line(pair.first, SEVERAL_TINH);
    pair.there = station_line(pair.second, SEVERAL_TINH);
    return pair;
}

void pair_free(struct pair *pair)
{
    station_free(pair->first);
    station_free(pair->second);
    journal_memory_free(pair->memory);
}

uint64_t newest(const struct station *station)
{
    return station->broker.streams.durable;
}

void ask_change(struct pair *pair, struct station *station, struct line *line)
{
    struct msg_assign assign = {0};
    const struct text lead = TEXT("huyen");
    char name[16];
    snprintf(name, sizeof name, "HT-%u", ++pair->asked);
    MSG_SET(&assign, assign, reference, text_of(name));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát hồ sơ"));
    MSG_MARK(&assign, assign, content);
    line_ask(station, line, OP_ASSIGN, name, &assign, ABSENT, ABSENT);
}

void change_at(struct pair *pair, struct station *station, struct line *line)
{
    const uint64_t before = newest(station);
    ask_change(pair, station, line);
    station_turns(station, 4);
    assert_false(line_answer(line).is_error);
    assert_int_equal(newest(station), before + 1);
    assert_true(pair->changes < CHANGES_MAX);
    pair->changed[pair->changes++] = before + 1;
}

void change(struct pair *pair, unsigned times)
{
    while (times-- > 0)
        change_at(pair, pair->first, pair->here);
}

void ask_list(struct station *station, struct line *line, uint64_t at_least, uint64_t within_ms)
{
    const struct msg_list list = {0};
    line_ask(station, line, OP_AGENCY_LIST, "q", &list, at_least, within_ms);
}

void refused(const struct line *line, int error, const char *field)
{
    const struct answer answer = line_answer(line);
    assert_true(answer.is_error);
    assert_int_equal(-(int)answer.error.code, error);
    assert_true(text_equal(answer.error.field, text_of(field)));
}

void stands_as(struct station *one, struct station *other)
{
    uint8_t here[32], there[32];
    core_digest(one->broker.core, here);
    core_digest(other->broker.core, there);
    assert_memory_equal(here, there, sizeof here);
}

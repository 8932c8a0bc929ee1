#include "unit/loop/streaming.h"

#include "unit/test.h"

struct msg_subscribe wish(const char *consumer)
{
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, credit, 1000);
    if (consumer[0])
        MSG_SET(&subscribe, subscribe, consumer, text_of(consumer));
    return subscribe;
}

void subscribe(struct station *station, struct line *line, const struct msg_subscribe *asked)
{
    line_ask(station, line, OP_SUBSCRIBE, "s", asked, ABSENT, ABSENT);
    station_turns(station, ALL);
    assert_false(line_answer(line).is_error);
}

struct line *stream_from(struct station *station, uint64_t from)
{
    struct line *line = station_line(station, SEVERAL_HUYEN);
    struct msg_subscribe asked = wish("");
    MSG_SET(&asked, subscribe, from, from);
    subscribe(station, line, &asked);
    return line;
}

struct line *stream_of(struct station *station, const char *consumer)
{
    struct line *line = station_line(station, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish(consumer);
    subscribe(station, line, &asked);
    return line;
}

void ask_consumed(struct station *station, struct line *line, uint64_t seq)
{
    struct msg_consumed said = {0};
    MSG_SET(&said, consumed, seq, seq);
    line_ask(station, line, OP_CONSUMED, "c", &said, ABSENT, ABSENT);
}

void consumed(struct station *station, struct line *line, uint64_t seq)
{
    ask_consumed(station, line, seq);
    station_turns(station, 20);
    assert_false(line_answer(line).is_error);
}

void told(const struct pair *pair, const struct line *line, unsigned from, unsigned to)
{
    assert_int_equal(line->told_count, to - from);
    for (unsigned i = from; i < to; i++)
        assert_int_equal(line->told[i - from], pair->changed[i]);
}

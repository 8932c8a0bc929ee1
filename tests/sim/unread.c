/* What a connection leaves unread, in the model's words: past half of what may wait for it, what it asks is refused as
 * `in_flight_limit`, and who goes on asking is cut at the whole. So it never holds more of the broker than that; nobody is
 * refused or cut for it before. How much waits is reckoned from the answers that are due: at the least, those that the core
 * made and that are on disk; at the most, all that the loop may still make of what was asked.
 */
#include "sim/sim.h"

#define ANSWER_REST   512 /* what is kept with an answer, and what a whole reply has beside its parts, at the most */
#define REFUSAL_LEAST 60  /* bytes of one; and at the most, with its sentence and field */
#define REFUSAL_MOST  (1024 + ANSWER_REST)
#define LATE_MOST     (1 << 20) /* of an answer that is made from the journal: no more than a frame */

static bool is_whole(const struct question *question)
{
    if (question->count == 0)
        return question->decided && question->let_go;
    for (uint32_t i = 0; i < question->count; i++)
        if (!question->slots[i].decided)
            return false;
    return true;
}

/* Of these answers the loop has made, and holds unless the line took them. */
static uint64_t unread_least(const struct sim *sim, const struct line *line)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < line->question_count; i++) {
        const struct question *question = &line->questions[i];
        if (question->turned_away)
            bytes += REFUSAL_LEAST;
        else if (is_whole(question) && question->size <= sim->broker->loop->reply_bytes) /* else some is left out */
            bytes += question->size;
    }
    return bytes;
}

static bool is_late(const struct question *question)
{
    return question->stepped && question->let_go && !is_whole(question);
}

uint64_t unread_most(const struct line *line)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < line->question_count; i++) {
        const struct question *question = &line->questions[i];
        bytes += question->turned_away ? REFUSAL_MOST : question->size + (question->count + 1) * ANSWER_REST;
        if (is_late(question))
            bytes += LATE_MOST;
    }
    return bytes;
}

/* Batches that are still to leave count as well; with them, more was owed than may be. */
static uint64_t owed_least(const struct sim *sim, const struct line *line)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < line->question_count; i++)
        if (!line->questions[i].turned_away && line->questions[i].count == 0 && !line->questions[i].let_go)
            bytes += line->questions[i].size;
    return bytes + unread_least(sim, line);
}

static uint64_t bound(const struct sim *sim)
{
    return sim->broker->loop->limits.unsent_bytes;
}

/* Before what is asked now: whether the loop must refuse it. */
bool unread_refuses(const struct sim *sim, const struct line *line)
{
    return owed_least(sim, line) > bound(sim) / 2;
}

bool unread_may_refuse(const struct sim *sim, const struct question *question)
{
    return question->unread > bound(sim) / 2;
}

void unread_check_cut(struct sim *sim, const struct line *line)
{
    /* Who follows cuts connections too, of keys that it sees revoked before that is acknowledged, and may lead before it does. */
    const bool is_revoked = sim->several.brokers[sim->at].has_followed;
    SIM_CHECK(sim, line->cut_by != 0 || is_revoked || unread_most(line) > bound(sim),
              "a connection of key %d is cut, and leaves %llu bytes unread at the most", line->key,
              (unsigned long long)unread_most(line));
    sim->broker->cut += line->cut_by == 0;
}

void unread_check(struct sim *sim)
{
    for (int i = 0; i < SIM_LINES; i++) {
        const struct line *line = &sim->lines[i];
        SIM_CHECK(sim, line->broker != sim->at || !line->peer || line->is_cut || unread_least(sim, line) <= bound(sim),
                  "a connection of key %d leaves %llu bytes unread, and stands", line->key,
                  (unsigned long long)unread_least(sim, line));
    }
}

/* Following, of every keeper that can: what is new is held against the record that was visited last, so that a store which is not the
 * one that was followed, or ends before what is known to have been acknowledged, is found before anything of it is given out.
 *
 * The newest record may be seen before it is acknowledged, and may even be lost again: PostgreSQL shows what it has committed to everybody when
 * the wait for its standby was broken off. So it is given out like any other, but only what the leader went on after counts as safe.
 */
#include <string.h>

#include "journal/keeper.h"

static int cannot_follow(struct journal *journal)
{
    return journal_fail(journal, JOURNAL_FAILED, "a journal in %s has one broker: nobody follows it", journal->place);
}

bool keeper_news(const struct keeper_look *look, const struct journal_lead *before, uint64_t after)
{
    const struct journal_lead *lead = &look->lead;
    return (lead->reached && look->head.seq > after) || lead->reached != before->reached ||
           lead->free != before->free || lead->epoch != before->epoch || lead->safe != before->safe ||
           strcmp(lead->leader, before->leader) != 0;
}

/* ---- what stands in the place of what was followed ---- */

/* A record that was visited is not what stands there, or is there no more: whose it was may send it again, and nobody else will. */
static int fail_gave_way(struct journal *journal, uint64_t seq)
{
    return journal_fail(journal, JOURNAL_GAVE_WAY,
                        "record %llu was never acknowledged, and is gone or gave way to another: what was made of it "
                        "must be made anew",
                        (unsigned long long)seq);
}

bool journal_gave_way(struct journal *journal, uint64_t seq)
{
    if (!journal->follows || seq <= journal->look.safe || seq > journal->head.seq)
        return false;
    (void)fail_gave_way(journal, seq);
    return true;
}

static int gave_way(struct journal *journal)
{
    const uint64_t seq = journal->head.seq;
    return seq > journal->look.safe
               ? fail_gave_way(journal, seq)
               : journal_fail(journal, JOURNAL_DAMAGED, "record %llu is not the one that was followed",
                              (unsigned long long)seq);
}

static int check_look(struct journal *journal, const struct keeper_look *look)
{
    const struct journal_head *head = &look->head;
    if (!look->lead.reached)
        return JOURNAL_OK;
    if (head->sum != chain_head_sum(head))
        return journal_fail(journal, JOURNAL_DAMAGED, "the head is damaged");
    if (head->seq < look->safe)
        return journal_fail_back(journal, head->seq, look->safe, "was there");
    if (head->seq == journal->head.seq && memcmp(head->hash, journal->head.hash, CHAIN_HASH_SIZE) != 0)
        return gave_way(journal);
    if (head->seq < journal->head.seq && look->lead.leader[0] && strcmp(look->lead.leader, look->visited_of) != 0)
        return gave_way(journal);
    return JOURNAL_OK;
}

/* ---- reading on ---- */

static void note_visited(struct journal *journal, uint64_t last, struct keeper_look *look)
{
    const struct journal_head *seen = &look->head;
    memcpy(look->visited_of, look->lead.leader, sizeof look->visited_of);
    if (last == seen->seq) {
        journal->head = *seen;
        journal->info.checkpoint = seen->checkpoint;
    } else if (last > journal->head.seq) {
        journal->head.seq = last;
        memcpy(journal->head.hash, journal->read_hash, CHAIN_HASH_SIZE);
    }
    journal->info.last_seq = journal->head.seq;
}

static int read_on(struct journal *journal, uint64_t after, size_t limit, journal_record_visitor *visit, void *context)
{
    struct keeper_look *look = &journal->look;
    const uint64_t left = look->head.seq - after, known = journal->head.seq;
    uint8_t hash[CHAIN_HASH_SIZE];
    uint64_t last;
    int result = JOURNAL_OK;
    if (after == known)
        memcpy(hash, journal->head.hash, CHAIN_HASH_SIZE);
    else
        result = journal_hash(journal, after, hash);
    if (result != JOURNAL_OK)
        return result;
    result = journal_read_after(journal, after, hash, left < limit ? left : limit, visit, context, &last);
    if (result == JOURNAL_DAMAGED && last == after && known > look->safe)
        return gave_way(journal);
    if (last == look->head.seq && memcmp(journal->read_hash, look->head.hash, CHAIN_HASH_SIZE) != 0)
        return journal_fail(journal, JOURNAL_DAMAGED, "record %llu is not the one that the head names",
                            (unsigned long long)last);
    note_visited(journal, last, look);
    return result;
}

static int follow(struct journal *journal, uint64_t after, size_t limit, int wait_ms, journal_record_visitor *visit,
                  void *context)
{
    struct keeper_look *look = &journal->look;
    int result = journal->keeper->watch(journal, after, wait_ms, look);
    journal->follows = journal->follows || result == JOURNAL_OK;
    if (result == JOURNAL_OK)
        result = check_look(journal, look);
    if (result == JOURNAL_OK && look->lead.reached && look->head.seq > after && limit > 0)
        result = read_on(journal, after, limit, visit, context);
    if (result != KEEPER_AWAY)
        return result;
    look->lead.reached = look->lead.free = false;
    return JOURNAL_OK;
}

int journal_follow(struct journal *journal, uint64_t after, size_t limit, int wait_ms, journal_record_visitor *visit,
                   void *context, struct journal_lead *lead)
{
    if (!journal->keeper->watch)
        return cannot_follow(journal);
    if (after > journal->head.seq)
        return journal_fail(journal, JOURNAL_SEQUENCE, "record %llu was not read yet, and cannot have been applied",
                            (unsigned long long)after);
    journal->following = true;
    const int result = follow(journal, after, limit, wait_ms, visit, context);
    journal->following = false;
    *lead = journal->look.lead;
    return result;
}

void journal_poke(struct journal *journal)
{
    if (journal->keeper->poke)
        journal->keeper->poke(journal);
}

/* ---- the lead ---- */

/* The store as it was claimed, which nobody else changes now, must go on from what was followed. */
static int check_taken(struct journal *journal, const struct journal_head *found)
{
    const struct journal_head followed = journal->head;
    const uint64_t safe = journal->look.safe;
    uint8_t hash[CHAIN_HASH_SIZE];
    if (found->sum != chain_head_sum(found))
        return journal_fail(journal, JOURNAL_DAMAGED, "the head is damaged");
    if (found->seq < safe)
        return journal_fail_back(journal, found->seq, safe, "was there");
    if (found->seq < followed.seq)
        return journal_fail(journal, JOURNAL_GAVE_WAY, "the database ends at record %llu, and record %llu was followed",
                            (unsigned long long)found->seq, (unsigned long long)followed.seq);
    journal->head = *found; /* what is lost from here on is claimed again, and held against it */
    journal->read_seq = 0;
    int result = journal_hash(journal, followed.seq, hash);
    if (result == JOURNAL_OK && memcmp(hash, followed.hash, CHAIN_HASH_SIZE) != 0)
        result = journal_fail(journal, followed.seq > safe ? JOURNAL_GAVE_WAY : JOURNAL_DAMAGED,
                              "record %llu is not the one that was followed", (unsigned long long)followed.seq);
    return result == JOURNAL_OK ? journal_check_newest(journal) : result;
}

int journal_take(struct journal *journal, bool *taken)
{
    struct journal_head found = {0};
    *taken = false;
    if (!journal->keeper->take)
        return cannot_follow(journal);
    int result = journal->keeper->take(journal, taken, &found);
    *taken = *taken && result == JOURNAL_OK;
    if (!*taken)
        return result;
    journal->follows = false;
    result = check_taken(journal, &found);
    journal->info.last_seq = journal->head.seq;
    journal->info.checkpoint = journal->head.checkpoint;
    if (result == JOURNAL_OK && journal->keeper->settle)
        result = journal->keeper->settle(journal);
    *taken = result == JOURNAL_OK;
    return result;
}

int journal_give_up(struct journal *journal, const char *to)
{
    if (!journal->keeper->give_up)
        return cannot_follow(journal);
    const int result = journal->keeper->give_up(journal, to);
    if (result == JOURNAL_OK) {
        journal->look = (struct keeper_look){.safe = journal->head.seq};
        journal->follows = true;
    }
    return result;
}

/* ---- places ---- */

int journal_places_put(struct journal *journal, const struct journal_place *places, size_t count, bool *put)
{
    *put = false;
    if (!journal->keeper->places_put)
        return cannot_follow(journal);
    journal->following = journal->follows;
    const int result = journal->keeper->places_put(journal, places, count);
    journal->following = false;
    *put = result == JOURNAL_OK;
    return result == KEEPER_AWAY || result == JOURNAL_FULL ? JOURNAL_OK : result;
}

int journal_places(struct journal *journal, uint64_t *mark, journal_place_visitor *visit, void *context)
{
    return journal->keeper->places ? journal->keeper->places(journal, mark, visit, context) : JOURNAL_OK;
}

int journal_places_forget(struct journal *journal, uint64_t mark)
{
    return journal->keeper->places_forget ? journal->keeper->places_forget(journal, mark) : JOURNAL_OK;
}

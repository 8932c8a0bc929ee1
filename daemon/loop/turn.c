/* The turns of the journal's thread, as the loop sees them: requests are stepped into `current`; when the thread is
 * idle, `current` is handed over and becomes `writing`; when it is on disk its effects leave, and it is the next
 * `current`. A batch that needs no disk leaves at once, unless one that does is before it.
 *
 * A full disk is no failure: the batch at hand is tried again, with the reserve and then each second, and none after it
 * is taken in. Anything else that goes wrong in the journal is fatal, and nothing of that batch is answered.
 */
#include <assert.h>
#include <stdio.h>

#include "base/log.h"
#include "loop/state.h"

#define COMMIT_SLOW_US 1000000

void turn_read(struct broker *broker, struct read *read)
{
    read->next = NULL;
    if (broker->reads_last)
        broker->reads_last->next = read;
    else
        broker->reads_first = read;
    broker->reads_last = read;
    broker->reads_waiting++;
}

struct read *turn_next_read(struct broker *broker)
{
    struct read *read = broker->reads_first;
    if (!read)
        return NULL;
    broker->reads_first = read->next;
    if (!read->next)
        broker->reads_last = NULL;
    broker->reads_waiting--;
    return read;
}

/* The batch at hand becomes the one that is on its way, and the other is filled. */
static struct batch *turn_swap(struct broker *broker)
{
    struct batch *full = broker->current;
    broker->current = full == &broker->batches[0] ? &broker->batches[1] : &broker->batches[0];
    return full;
}

static void turn_release_unwritten(struct broker *broker)
{
    batch_count(broker->current);
    while (!broker->writing && broker->current->effects.count > 0 && !batch_needs_disk(broker->current)) {
        reply_release(broker, turn_swap(broker));
        batch_count(broker->current);
    }
}

static bool turn_fill(struct broker *broker, struct turn *turn)
{
    struct read *page = streams_want_page(&broker->streams);
    *turn = (struct turn){0};
    if (page)
        turn_read(broker, page);
    if (!broker->writing) {
        checkpoint_fill(broker, broker->current);
        if (batch_needs_disk(broker->current))
            turn->batch = broker->writing = turn_swap(broker);
    } else if (broker->retry) {
        turn->batch = broker->writing;
        turn->reserve = RESERVE_RELEASE;
        broker->retry = false;
    }
    if (broker->take_reserve && turn->reserve == RESERVE_AS_IT_IS) {
        turn->reserve = RESERVE_TAKE;
        broker->take_reserve = false;
    }
    while (turn->read_count < TURN_READS && broker->reads_first)
        turn->reads[turn->read_count++] = turn_next_read(broker);
    turn->backup = broker->backup;
    return turn->batch || turn->read_count > 0 || turn->backup || turn->reserve != RESERVE_AS_IT_IS;
}

void turn_begin(struct broker *broker)
{
    turn_release_unwritten(broker);
    if (broker->turning || !turn_fill(broker, &broker->turn))
        return;
    broker->turning = true;
    commit_start(broker->commit, &broker->turn);
}

static void turn_disk_full(struct broker *broker, const struct turn *turn)
{
    if (broker->disk == DISK_WRITABLE)
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FULL, LOG_FIELDS("cause", turn->failure),
                  "the store's disk is full: changes are refused until there is room; reads and deadlines go on");
    /* The reserve is for this batch, and for the rungs after it. Once that is used up too, waiting is all there is. */
    broker->retry = broker->disk == DISK_WRITABLE;
    broker->disk = broker->disk == DISK_WRITABLE ? DISK_FULL : DISK_STUCK;
}

static void turn_log_slow(const struct broker *broker, const struct turn *turn)
{
    char took[24], records[24];
    snprintf(took, sizeof took, "%llu", (unsigned long long)turn->append_us / 1000);
    snprintf(records, sizeof records, "%zu", turn->batch->writes);
    (void)broker;
    log_write(LOG_LEVEL_WARNING, LOG_COMMIT_SLOW, LOG_FIELDS("took_ms", took, "records", records),
              "a commit took long: is the disk slow?");
}

void turn_appended(void *context, struct turn *turn)
{
    struct broker *broker = context;
    if (turn->result == JOURNAL_FULL) {
        turn_disk_full(broker, turn);
        return;
    }
    if (turn->result != JOURNAL_OK) {
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FAILED, LOG_FIELDS("cause", turn->failure),
                  turn->result == JOURNAL_SEQUENCE
                      ? "the store was written by somebody else, or a batch is out of sequence"
                      : "the store cannot be written");
        broker_fail(broker, turn->result == JOURNAL_SEQUENCE ? BROKER_BUG : BROKER_DISK);
    }
    if (broker->disk == DISK_STUCK)
        broker->disk = DISK_FULL;
    broker->counters.commits++;
    broker->counters.commit_us = turn->append_us;
    if (turn->append_us > COMMIT_SLOW_US)
        turn_log_slow(broker, turn);
    assert(broker->writing == turn->batch);
    broker->writing = NULL;
    reply_release(broker, turn->batch);
    turn->batch = NULL;
    if (turn->more)
        broker_settle(broker); /* the turn goes on: what can leave, leaves now */
}

static void turn_read_answered(struct broker *broker, struct read *read)
{
    if (!read->done) {
        turn_read(broker, read);
        return;
    }
    if (read->kind != READ_PAGE) {
        reply_read(broker, read);
        return;
    }
    if (read->count == 0)
        log_error("the store has no record %llu, which should be there", (unsigned long long)read->from);
    if (read->count == 0)
        broker_fail(broker, BROKER_DAMAGED);
    streams_take_page(&broker->streams, read);
    read_free(read);
}

void turn_finished(void *context, struct turn *turn)
{
    struct broker *broker = context;
    broker->turning = false;
    if (turn->write_back_result != JOURNAL_OK) {
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FAILED, LOG_FIELDS("cause", turn->failure), "the store cannot be written");
        broker_fail(broker, BROKER_DISK);
    }
    if (turn->read_result != JOURNAL_OK) {
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FAILED, LOG_FIELDS("cause", turn->failure),
                  "the store cannot be read: coordd verify says where it is damaged");
        broker_fail(broker, turn->read_result == JOURNAL_FAILED ? BROKER_DISK : BROKER_DAMAGED);
    }
    for (unsigned i = 0; i < turn->read_count; i++)
        turn_read_answered(broker, turn->reads[i]);
    if (turn->backup && turn->backup->done)
        operator_backup_finished(broker);
    if (turn->reserve == RESERVE_TAKE && turn->reserve_result == JOURNAL_OK && broker->disk == DISK_FULL) {
        broker->disk = DISK_WRITABLE;
        log_write(LOG_LEVEL_INFO, LOG_DISK_FULL, LOG_NO_FIELDS, "there is room again: changes are accepted");
    }
    checkpoint_begin_if_due(broker, false);
    broker_settle(broker);
}

/* See commit.h. */
#include "loop/commit.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "loop/clock.h"

enum commit_stage {
    COMMIT_IDLE,     /* no turn */
    COMMIT_GIVEN,    /* a turn waits for the thread, or its append is under way */
    COMMIT_APPENDED, /* the batch is told; reads and backup are under way */
    COMMIT_FINISHED, /* the turn is the loop's again, once it has looked */
};

struct commit {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t given;
    uv_async_t *told;
    struct journal *journal;
    struct decoder *decoder; /* the thread's */
    struct commit_handlers handlers;
    struct turn *turn;
    enum commit_stage stage; /* under the mutex, as is `ending` */
    bool ending;
    bool appended_told; /* the loop's: it has seen this turn's append */
    /* The thread's, reused from turn to turn. */
    struct journal_record *records;
    struct journal_row *rows;
    size_t record_capacity, row_capacity;
};

/* ---- the thread ---- */

static void commit_room(struct commit *commit, const struct batch *batch)
{
    const size_t effects = batch->effects.count, rows = batch->row_count + effects;
    if (effects > commit->record_capacity) {
        commit->record_capacity = effects + effects / 2;
        commit->records = xrealloc(commit->records, commit->record_capacity, sizeof *commit->records);
    }
    if (rows > commit->row_capacity) {
        commit->row_capacity = rows + rows / 2;
        commit->rows = xrealloc(commit->rows, commit->row_capacity, sizeof *commit->rows);
    }
}

/* The batch as the journal wants it. Later rows of one object replace earlier ones: the order is kept. */
static struct journal_batch commit_gather(struct commit *commit, const struct batch *batch)
{
    const struct effects *effects = &batch->effects;
    struct journal_batch out = {.checkpoint = batch->checkpoint};
    commit_room(commit, batch);
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_RECORD)
            commit->records[out.record_count++] = (struct journal_record){
                .seq = effect->record.seq,
                .task = effect->record.task,
                .previous = effect->record.previous,
                .body = effects_bytes(effects, effect->record.body),
                .size = effect->record.body.size,
            };
        if (effect->type == EFFECT_ROW)
            commit->rows[out.row_count++] = (struct journal_row){
                effect->row.key, effect->row.seq, effects_bytes(effects, effect->row.body), effect->row.body.size};
    }
    for (size_t i = 0; i < batch->row_count; i++)
        commit->rows[out.row_count++] = (struct journal_row){batch->rows[i].key, batch->rows[i].seq,
                                                             batch->row_bytes.data + batch->rows[i].body.offset,
                                                             batch->rows[i].body.size};
    out.records = commit->records;
    out.rows = commit->rows;
    return out;
}

static void commit_append(struct commit *commit, struct turn *turn)
{
    const uint64_t began_us = clock_stopwatch_us();
    const struct journal_batch batch = commit_gather(commit, turn->batch);
    turn->result = journal_append(commit->journal, &batch);
    turn->append_us = clock_stopwatch_us() - began_us;
    if (turn->result != JOURNAL_OK)
        snprintf(turn->failure, sizeof turn->failure, "%s", journal_failure(commit->journal));
}

static bool commit_write_back(struct commit *commit, struct turn *turn)
{
    turn->write_back_result = journal_write_back(commit->journal);
    if (turn->write_back_result != JOURNAL_OK)
        snprintf(turn->failure, sizeof turn->failure, "%s", journal_failure(commit->journal));
    return turn->write_back_result == JOURNAL_OK;
}

static void commit_reserve(struct commit *commit, struct turn *turn)
{
    if (turn->reserve == RESERVE_RELEASE)
        (void)journal_reserve(commit->journal, false);
    if (turn->reserve == RESERVE_TAKE)
        turn->reserve_result = journal_reserve(commit->journal, true);
}

static void commit_read(struct commit *commit, struct turn *turn)
{
    for (unsigned i = 0; i < turn->read_count; i++) {
        const int result = read_step(turn->reads[i], commit->journal, commit->decoder);
        if (result < turn->read_result) {
            turn->read_result = result;
            snprintf(turn->failure, sizeof turn->failure, "%s", journal_failure(commit->journal));
        }
    }
}

static void backup_end(struct backup *backup, struct journal *journal, int result)
{
    struct journal_info info;
    if (result != JOURNAL_OK)
        snprintf(backup->failure, sizeof backup->failure, "%s", journal_failure(journal));
    journal_info(journal, &info);
    backup->seq = info.last_seq;
    journal_backup_end(journal);
    backup->result = result;
    backup->done = true;
}

static void commit_backup(struct commit *commit, struct backup *backup)
{
    bool done = false;
    int result = JOURNAL_OK;
    if (!backup->begun)
        result = journal_backup_begin(commit->journal, backup->path);
    if (result != JOURNAL_OK) {
        snprintf(backup->failure, sizeof backup->failure, "%s", journal_failure(commit->journal));
        backup->result = result;
        backup->done = true;
        return;
    }
    backup->begun = true;
    if (!backup->stop)
        result = journal_backup_step(commit->journal, BACKUP_PAGES, &done);
    if (done || backup->stop || result != JOURNAL_OK)
        backup_end(backup, commit->journal, result);
}

static void commit_tell(struct commit *commit, enum commit_stage stage)
{
    pthread_mutex_lock(&commit->mutex);
    commit->stage = stage;
    pthread_mutex_unlock(&commit->mutex);
    uv_async_send(commit->told);
}

static void commit_turn(struct commit *commit, struct turn *turn)
{
    commit_reserve(commit, turn);
    if (turn->batch)
        commit_append(commit, turn);
    /* After a failure the journal is not to be touched again: the loop ends the process. */
    bool go_on = turn->result == JOURNAL_OK || turn->result == JOURNAL_FULL;
    turn->more = turn->read_count > 0 || turn->backup || journal_write_back_due(commit->journal);
    if (turn->batch && turn->more && go_on)
        commit_tell(commit, COMMIT_APPENDED);
    if (go_on)
        go_on = commit_write_back(commit, turn);
    if (go_on) {
        commit_read(commit, turn);
        if (turn->backup)
            commit_backup(commit, turn->backup);
    }
    commit_tell(commit, COMMIT_FINISHED);
}

static void *commit_main(void *context)
{
    struct commit *commit = context;
    pthread_mutex_lock(&commit->mutex);
    for (;;) {
        while (!commit->ending && commit->stage != COMMIT_GIVEN)
            pthread_cond_wait(&commit->given, &commit->mutex);
        if (commit->stage != COMMIT_GIVEN)
            break;
        struct turn *turn = commit->turn;
        pthread_mutex_unlock(&commit->mutex);
        commit_turn(commit, turn);
        pthread_mutex_lock(&commit->mutex);
    }
    pthread_mutex_unlock(&commit->mutex);
    return NULL;
}

/* ---- the loop's side ---- */

static void commit_on_told(uv_async_t *told)
{
    struct commit *commit = told->data;
    if (!commit)
        return; /* ended */
    pthread_mutex_lock(&commit->mutex);
    const enum commit_stage stage = commit->stage;
    struct turn *turn = commit->turn;
    if (stage == COMMIT_FINISHED)
        commit->stage = COMMIT_IDLE;
    pthread_mutex_unlock(&commit->mutex);
    if (stage != COMMIT_APPENDED && stage != COMMIT_FINISHED)
        return;
    if (turn->batch && !commit->appended_told) {
        commit->appended_told = true;
        commit->handlers.appended(commit->handlers.context, turn);
    }
    if (stage == COMMIT_FINISHED)
        commit->handlers.finished(commit->handlers.context, turn);
}

/* The signals are the loop's. */
static int commit_start_thread(struct commit *commit)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&commit->thread, NULL, commit_main, commit);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

struct commit *commit_new(uv_loop_t *loop, struct journal *journal, const struct commit_handlers *handlers)
{
    struct commit *commit = xcalloc(1, sizeof *commit);
    commit->journal = journal;
    commit->handlers = *handlers;
    commit->decoder = xdecoder_new();
    commit->told = xcalloc(1, sizeof *commit->told);
    pthread_mutex_init(&commit->mutex, NULL);
    pthread_cond_init(&commit->given, NULL);
    int failed = uv_async_init(loop, commit->told, commit_on_told);
    assert(failed == 0);
    commit->told->data = commit;
    failed = commit_start_thread(commit);
    assert(failed == 0);
    return commit;
}

void commit_start(struct commit *commit, struct turn *turn)
{
    turn->result = turn->reserve_result = turn->read_result = turn->write_back_result = JOURNAL_OK;
    turn->append_us = 0;
    turn->failure[0] = 0;
    commit->appended_told = false;
    pthread_mutex_lock(&commit->mutex);
    assert(commit->stage == COMMIT_IDLE);
    commit->turn = turn;
    commit->stage = COMMIT_GIVEN;
    pthread_cond_signal(&commit->given);
    pthread_mutex_unlock(&commit->mutex);
}

static void commit_on_close(uv_handle_t *handle)
{
    free(handle);
}

void commit_free(struct commit *commit)
{
    if (!commit)
        return;
    pthread_mutex_lock(&commit->mutex);
    commit->ending = true;
    pthread_cond_signal(&commit->given);
    pthread_mutex_unlock(&commit->mutex);
    pthread_join(commit->thread, NULL);
    commit->told->data = NULL;
    uv_close((uv_handle_t *)commit->told, commit_on_close);
    decoder_free(commit->decoder);
    pthread_mutex_destroy(&commit->mutex);
    pthread_cond_destroy(&commit->given);
    free(commit->records);
    free(commit->rows);
    free(commit);
}

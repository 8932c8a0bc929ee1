/* See store.h. */
#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "command.h"
#include "loop/restore.h"

/* ---- verify ---- */

static void show_progress(void *context, uint64_t done, uint64_t of)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%3d %% of %llu records%s", (int)(100 * done / of), (unsigned long long)of,
                done == of ? "\n" : "");
}

static int replay_record(void *context, const struct journal_record *record)
{
    struct problem problem = {0};
    return core_restore_record(context, record, &problem);
}

/* What a start would come to; from record 1 instead of the checkpoint when `from_records`. */
static int come_to(struct journal *journal, bool from_records, uint8_t digest[32], struct problem *problem)
{
    struct journal_info info;
    struct core *core = core_new();
    int failed;
    journal_info(journal, &info);
    if (from_records) {
        failed = journal_read(journal, 1, SIZE_MAX, replay_record, core);
        if (failed)
            problem_set(problem, COORD_E_SYSTEM, "", "the records cannot be replayed: %.180s",
                        journal_failure(journal));
        else
            failed = core_restore_done(core, info.last_seq, problem);
    } else {
        failed = restore_core(core, journal, &info, problem);
    }
    if (!failed)
        core_digest(core, digest);
    core_free(core);
    return failed;
}

int store_verify(struct journal *journal, struct problem *problem)
{
    uint8_t from_checkpoint[32], from_records[32];
    struct journal_info info;
    journal_info(journal, &info);
    if (journal_verify(journal, show_progress, NULL, problem) != JOURNAL_OK ||
        come_to(journal, false, from_checkpoint, problem) != 0 || come_to(journal, true, from_records, problem) != 0)
        return problem->error;
    if (memcmp(from_checkpoint, from_records, sizeof from_records) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "",
                           "the checkpoint at record %llu is not what the records come to: restore a backup",
                           (unsigned long long)info.checkpoint);
    return 0;
}

/* ---- what its operator does to it ---- */

int64_t store_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *store_hex(const uint8_t identity[16], char hex[33])
{
    for (int i = 0; i < 16; i++)
        snprintf(hex + 2 * (size_t)i, 3, "%02x", identity[i]);
    return hex;
}

int store_refusal(const struct effects *effects, struct problem *problem)
{
    const struct effect *effect = &effects->items[0];
    struct decoder *decoder = xdecoder_new();
    struct envelope envelope;
    struct msg_error error;
    struct problem unread = {0};
    if (effect->type == EFFECT_REPLY &&
        decoder_open(decoder, effects_bytes(effects, effect->reply.body), effect->reply.body.size, &envelope,
                     &unread) == 0 &&
        decoder_read(decoder, &message_error, &error, &unread) == 0) {
        problem_set(problem, COORD_E_BAD_VALUE, "", "%.*s", TEXT_ARGS(error.message));
        snprintf(problem->field, sizeof problem->field, "%.*s", TEXT_ARGS(error.field));
    }
    decoder_free(decoder);
    return problem->error;
}

int store_append(struct journal *journal, const struct effects *effects, struct problem *problem)
{
    struct journal_record *records = xcalloc(effects->count, sizeof *records);
    struct journal_batch batch = {.records = records};
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_RECORD)
            records[batch.record_count++] = (struct journal_record){
                effect->record.seq, effect->record.task, effect->record.previous,
                effects_bytes(effects, effect->record.body), effect->record.body.size};
    }
    const int result = journal_append(journal, &batch);
    free(records);
    if (result == JOURNAL_OK)
        return 0;
    return problem_set(problem, COORD_E_SYSTEM, "", "the store cannot be written: %.200s", journal_failure(journal));
}

struct core *store_core(struct journal *journal, struct problem *problem)
{
    struct journal_info info;
    struct core *core = core_new();
    journal_info(journal, &info);
    if (restore_core(core, journal, &info, problem) == 0)
        return core;
    core_free(core);
    return NULL;
}

int store_decide(struct journal *journal, struct core *core, struct event *event, struct effects *effects,
                 struct problem *problem)
{
    struct journal_info info;
    struct core_counts counts;
    journal_info(journal, &info);
    core_counts(core, &counts);
    event->now_ms = store_now_ms();
    if (info.rehearsal || event->now_ms < counts.time_ms)
        event->now_ms = counts.time_ms;
    core_step(core, event, effects);
    return store_refusal(effects, problem);
}

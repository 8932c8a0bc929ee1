/* See changes.h. */
#include "fault/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void changes_open(struct changes *changes, const struct member *member)
{
    const struct coord_options options = {
        .reconnect_ms = 10, .reconnect_max_ms = 50, .connect_ms = 5000, .retry = COORD_RETRY_NONE};
    struct problem problem;
    changes->context = member->context;
    changes->task = member->task;
    FAULT_CHECK(rig_open(&changes->coord, &changes->context, &options, &problem) == 0, "%s", problem.message);
}

int changes_make(struct changes *changes, int timeout_ms)
{
    struct msg_progress report = {0};
    struct msg_change_reply reply;
    char id[32];
    const uint64_t number = changes->sent;
    FAULT_CHECK(number < CHANGES_MAX, "too many changes");
    snprintf(id, sizeof id, "c%llu", (unsigned long long)number);
    changes->sent++;
    MSG_SET(&report, progress, task, changes->task);
    MSG_SET(&report, progress, percent, number % 100);
    const int error = coord_call_id(changes->coord, OP_REPORT, id, &report, &reply, timeout_ms, NULL);
    if (error == 0)
        changes->seqs[number] = reply.seq;
    if (error == COORD_E_STORAGE_FULL)
        changes->sent--; /* refused: it left no trace, and its id is free */
    return error;
}

static void take_record(struct changes *changes, struct decoder *decoder, struct text raw, uint64_t *found)
{
    struct envelope envelope;
    struct problem problem;
    struct msg_record record;
    const bool sound = decoder_open(decoder, raw.data, raw.size, &envelope, &problem) == 0 &&
                       decoder_read(decoder, &message_record, &record, &problem) == 0;
    FAULT_CHECK(sound, "a record cannot be read");
    if (record.action != ACTION_REPORT || record.request.size < 2 || record.request.data[0] != 'c')
        return;
    const uint64_t number = strtoull(record.request.data + 1, NULL, 10);
    FAULT_CHECK(number < changes->sent && found[number] == 0, "change %llu was done twice, or never sent",
                (unsigned long long)number);
    found[number] = record.seq;
}

uint64_t changes_audit(struct changes *changes)
{
    uint64_t found[CHANGES_MAX] = {0}, records = 0;
    struct msg_task_history ask = {0};
    struct msg_records_reply page;
    struct problem problem;
    struct decoder *decoder = decoder_new();
    MSG_SET(&ask, task_history, task, changes->task);
    MSG_SET(&ask, task_history, limit, 1000);
    do {
        FAULT_CHECK(coord_call(changes->coord, OP_TASK_HISTORY, &ask, &page, 30000, &problem) == 0, "history: %s",
                    problem.message);
        for (uint32_t i = 0; i < page.records.count; i++)
            take_record(changes, decoder, page.records.items[i], found);
        if (MSG_HAS(&page, records_reply, next))
            MSG_SET(&ask, task_history, before, page.next);
    } while (MSG_HAS(&page, records_reply, next));
    decoder_free(decoder);
    for (uint64_t i = 0; i < changes->sent; i++) {
        FAULT_CHECK(changes->seqs[i] == 0 || changes->seqs[i] == found[i],
                    "change %llu was acknowledged as %llu, is %llu", (unsigned long long)i,
                    (unsigned long long)changes->seqs[i], (unsigned long long)found[i]);
        records += found[i] != 0;
    }
    return records;
}

void changes_close(struct changes *changes)
{
    (void)coord_close(changes->coord);
}

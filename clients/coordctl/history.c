/* coordctl task history */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "due_text.h"
#include "json_write.h"
#include "record_text.h"
#include "session.h"
#include "with_document.h"

/* The names of the proof that came with it. They stand apart from what was said, which could say the same of none. */
static char *proof_of(const struct msg_record *record)
{
    const struct msg_evidence_file_items *files = &record->evidence_files;
    size_t size = record->evidence.size + 1, used;
    for (uint32_t i = 0; i < files->count; i++)
        size += files->items[i].name.size + 2;
    char *proof = malloc(size);
    if (!proof)
        return NULL;
    used = (size_t)snprintf(proof, size, "%.*s", TEXT_ARGS(record->evidence)); /* the name of the first */
    for (uint32_t i = 1; i < files->count; i++)
        used += (size_t)snprintf(proof + used, size - used, ", %.*s", TEXT_ARGS(files->items[i].name));
    return proof;
}

static int show_record(struct session *session, struct decoder *decoder, struct text frame, json_t *array,
                       struct table *table)
{
    struct envelope envelope;
    struct msg_record record;
    struct problem problem = {0};
    char time[64], seq[24], what[2000];
    if (decoder_open(decoder, frame.data, frame.size, &envelope, &problem) ||
        decoder_read(decoder, &message_record, &record, &problem))
        return session_fail(session, &problem);
    if (array) {
        json_array_append_new(array, json_write(&message_record, &record));
        return EXIT_DONE;
    }
    snprintf(seq, sizeof seq, "%llu", (unsigned long long)record.seq);
    value_show_time(record.time, time, sizeof time);
    record_what(&record, text_of(session->calendar), what, sizeof what);
    const bool by_time = !record.actor.size && output_is_terminal();
    char who[300];
    const char *nobody = record_is_with_document(&record) ? "its document" : "the clock";
    snprintf(who, sizeof who, "%s%s%s%s%s%s", by_time ? nobody : output_plain(record.actor),
             record.stand_in.size ? ", by " : "", output_plain(record.stand_in), record.officer.size ? " (" : "",
             output_plain(record.officer), record.officer.size ? ")" : "");
    char why[4200];
    /* What an agency did, its own words explain; what came of itself, the broker's. */
    snprintf(
        why, sizeof why, "%.*s",
        TEXT_ARGS(MSG_HAS(&record, record, note) || MSG_HAS(&record, record, request) ? record.note : record.reason));
    char *proof = proof_of(&record);
    table_add_cells(table, (const char *const[]){seq, time, who, what, why, proof ? proof : ""});
    free(proof);
    return EXIT_DONE;
}

int task_history(struct session *session)
{
    static const struct column columns[] = {{"SEQ", "", COLUMN_NUMBER, 1}, {"WHEN", "", COLUMN_TEXT, 0},
                                            {"WHO", "", COLUMN_TEXT, 0},   {"WHAT", "", COLUMN_WIDE, 0},
                                            {"WHY", "", COLUMN_BELOW, 0},  {"PROOF", "", COLUMN_NAMED, 0}};
    uint64_t left;
    struct msg_task_history request = {0};
    struct msg_records_reply reply;
    struct decoder *decoder = decoder_new();
    if (decoder)
        decoder_take_any_term(decoder);
    int code = decoder ? session_count(session, "limit", UINT64_MAX, &left) : EXIT_SYSTEM;
    if (!code)
        code = session_task(session, session->arguments.operands[0], &request.task);
    if (code) {
        decoder_free(decoder);
        return code;
    }
    if (!session->json)
        due_learn(session);
    json_t *array = session->json ? json_array() : NULL;
    struct table *table = session->json ? NULL : table_new(columns, sizeof columns / sizeof *columns);
    MSG_MARK(&request, task_history, task);
    for (bool more = true; more && left > 0 && !code;) {
        MSG_SET(&request, task_history, limit, left < 1000 ? left : 1000);
        code = session_call(session, OP_TASK_HISTORY, &request, &reply);
        for (uint32_t i = 0; !code && i < reply.records.count && left > 0; i++, left--)
            code = show_record(session, decoder, reply.records.items[i], array, table);
        more = !code && MSG_HAS(&reply, records_reply, next);
        if (more)
            MSG_SET(&request, task_history, before, reply.next);
    }
    if (array)
        output_json(array);
    else
        table_show(table, NULL);
    decoder_free(decoder);
    return code;
}

/* Frames as the broker's own code makes them, in hexadecimal, for authors of other clients to hold theirs against. They are
 * those of the page's example; tests/scenario/test_vectors.py holds them against the page's text and a live broker.
 */
#ifndef COORDD_TOOLS_PROTOCOL_VECTORS_H
#define COORDD_TOOLS_PROTOCOL_VECTORS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#define VECTOR_TIME INT64_C(1719536401735) /* 2024-06-28T08:00:01.735+07:00 */
#define VECTOR_DUE  INT64_C(1720803600000) /* the end of 2024-07-12, in Vietnam */

/* Of the request that made the record: assign, as the page shows it. */
static const char vector_digest[16] = "\x6c\x2e\x5b\x1f\x0d\x93\x47\xa8\x11\xe2\xc4\x70\x9a\x3d\x58\xb6";

static void vector_accept(struct buffer *buffer)
{
    struct msg_change accept = {0};
    MSG_SET(&accept, change, task, 1);
    MSG_SET(&accept, change, expect, 1);
    message_encode(buffer, "accept", TEXT("c0de-1"), &message_change, &accept);
}

static void vector_change_reply(struct buffer *buffer, const char *id, uint64_t seq, int64_t time, int state)
{
    struct msg_changed changed = {0};
    struct msg_change_reply reply = {0};
    MSG_SET(&changed, changed, task, 1);
    MSG_SET(&changed, changed, reference, TEXT("VP-12"));
    MSG_SET(&changed, changed, lead, TEXT("xa-1"));
    MSG_SET(&changed, changed, version, seq - 6);
    MSG_SET(&changed, changed, state, state);
    MSG_SET(&changed, changed, due, VECTOR_DUE);
    MSG_SET(&changed, changed, due_day, TEXT("2024-07-12"));
    MSG_SET(&reply, change_reply, seq, seq);
    MSG_SET(&reply, change_reply, time, time);
    MSG_SET(&reply, change_reply, tasks, (struct msg_changed_items){&changed, 1});
    message_encode(buffer, "reply", text_of(id), &message_change_reply, &reply);
}

static void vector_reply(struct buffer *buffer)
{
    vector_change_reply(buffer, "c0de-1", 8, VECTOR_TIME, STATE_ACCEPTED);
}

static void vector_error(struct buffer *buffer)
{
    struct problem problem;
    problem_set(&problem, COORD_E_CONFLICT, "expect",
                "The task is at version 2, not 1; read it again and decide on what it is now.");
    problem.version = 2;
    problem.state = STATE_ACCEPTED;
    message_encode_problem(buffer, TEXT("c0de-2"), &problem);
}

static void vector_batch(struct buffer *buffer)
{
    struct buffer start = {0}, get = {0};
    struct msg_change change = {0};
    struct msg_task_get read = {0};
    struct msg_batch batch = {0};
    MSG_SET(&change, change, task, 1);
    message_encode(&start, "start", TEXT("c0de-3"), &message_change, &change);
    MSG_SET(&read, task_get, task, 9);
    message_encode(&get, "task_get", TEXT("g"), &message_task_get, &read);
    const struct text requests[] = {{start.data, (uint32_t)start.size}, {get.data, (uint32_t)get.size}};
    MSG_SET(&batch, batch, requests, (struct texts){requests, 2});
    message_encode(buffer, "batch", TEXT("b"), &message_batch, &batch);
    buffer_done(&start);
    buffer_done(&get);
}

static void vector_batch_reply(struct buffer *buffer)
{
    struct buffer started = {0}, refused = {0};
    struct problem problem;
    struct msg_batch_reply reply = {0};
    vector_change_reply(&started, "c0de-3", 9, VECTOR_TIME + 3, STATE_IN_PROGRESS);
    problem_set(&problem, COORD_E_TASK_UNKNOWN, "task", "There is no task 9 that this agency may read.");
    message_encode_problem(&refused, TEXT("g"), &problem);
    const struct text replies[] = {{started.data, (uint32_t)started.size}, {refused.data, (uint32_t)refused.size}};
    MSG_SET(&reply, batch_reply, replies, (struct texts){replies, 2});
    message_encode(buffer, "reply", TEXT("b"), &message_batch_reply, &reply);
    buffer_done(&started);
    buffer_done(&refused);
}

static void vector_record(struct buffer *buffer)
{
    struct msg_record record = {0};
    const struct text to[] = {TEXT("xa-1")};
    MSG_SET(&record, record, seq, 7);
    MSG_SET(&record, record, time, VECTOR_TIME - 1);
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, actor, TEXT("ubnd"));
    MSG_SET(&record, record, key, TEXT("admin"));
    MSG_SET(&record, record, request, TEXT("7f3a-1"));
    MSG_SET(&record, record, digest, (struct text){vector_digest, 16});
    MSG_SET(&record, record, task, 1);
    MSG_SET(&record, record, previous, 0);
    MSG_SET(&record, record, version, 1);
    MSG_SET(&record, record, action, ACTION_ASSIGN);
    MSG_SET(&record, record, state, STATE_ASSIGNED);
    MSG_SET(&record, record, reference, TEXT("VP-12"));
    MSG_SET(&record, record, title, TEXT("Báo cáo"));
    MSG_SET(&record, record, assigner, TEXT("ubnd"));
    MSG_SET(&record, record, lead, TEXT("xa-1"));
    MSG_SET(&record, record, due, VECTOR_DUE);
    MSG_SET(&record, record, due_day, TEXT("2024-07-12"));
    MSG_SET(&record, record, calendar, TEXT("default"));
    MSG_SET(&record.content, content, kind, KIND_DIRECTIVE);
    MSG_SET(&record.content, content, title, TEXT("Báo cáo"));
    MSG_SET(&record.content, content, priority, PRIORITY_NORMAL);
    MSG_SET(&record.content, content, scope, SCOPE_NORMAL);
    MSG_SET(&record.content, content, due, TEXT("10wd"));
    MSG_MARK(&record, record, content);
    MSG_SET(&record, record, notice, NOTICE_ASSIGNED);
    MSG_SET(&record, record, severity, SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, TEXT("ubnd gave VP-12 to xa-1, due 2024-07-12."));
    MSG_SET(&record, record, to, (struct texts){to, 1});
    MSG_SET(&record.counted, counted, words, TEXT("10wd"));
    MSG_SET(&record.counted, counted, from, VECTOR_TIME - 1);
    MSG_MARK(&record, record, counted);
    message_encode(buffer, "record", TEXT(""), &message_record, &record);
}

static void vector_reached(struct buffer *buffer)
{
    struct msg_reached reached = {0};
    MSG_SET(&reached, reached, seq, 4102);
    message_encode(buffer, "reached", TEXT(""), &message_reached, &reached);
}

static void vector_closed(struct buffer *buffer)
{
    struct msg_closed closed = {0};
    MSG_SET(&closed, closed, ending, ENDING_KEY_REVOKED);
    MSG_SET(&closed, closed, seq, 7);
    message_encode(buffer, "closed", TEXT(""), &message_closed, &closed);
}

static const struct vector {
    const char *mark;
    void (*encode)(struct buffer *buffer);
} vectors[] = {
    {"@vector accept@\n", vector_accept},
    {"@vector reply@\n", vector_reply},
    {"@vector error@\n", vector_error},
    {"@vector batch@\n", vector_batch},
    {"@vector batch_reply@\n", vector_batch_reply},
    {"@vector record@\n", vector_record},
    {"@vector reached@\n", vector_reached},
    {"@vector closed@\n", vector_closed},
};

/* Whether the line is a vector's mark; then it is printed. */
static bool print_as_vector(const char *line)
{
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) {
        if (strcmp(line, vectors[v].mark) != 0)
            continue;
        struct buffer buffer;
        buffer_init(&buffer);
        vectors[v].encode(&buffer);
        printf("In %zu bytes:\n\n", buffer.size);
        for (size_t i = 0; i < buffer.size; i++)
            printf("%s%02x%s", i % 32 == 0 ? "    " : "", (unsigned char)buffer.data[i],
                   i % 32 == 31 || i + 1 == buffer.size ? "\n" : " ");
        buffer_done(&buffer);
        return true;
    }
    return false;
}

#endif

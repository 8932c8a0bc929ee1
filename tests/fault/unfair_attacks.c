/* See unfair.h. The attackers speak bare ZeroMQ, with a key that is known or with none: no library holds them back. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include "fault/hostile_raw.h"
#include "fault/unfair.h"
#include "frame.h"
#include "message.h"

/* ---- connections ---- */

static void *context;

static void *attack_connect_with(const struct attack_scene *scene, int window)
{
    const int none = 0;
    if (!context) {
        context = zmq_ctx_new();
        zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 4096);
    }
    void *socket = zmq_socket(context, ZMQ_DEALER);
    FAULT_CHECK(socket, "no socket: %s", zmq_strerror(zmq_errno()));
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &window, sizeof window);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, scene->attacker->context.server_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, scene->attacker->context.public_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, scene->attacker->context.secret_key, 41);
    FAULT_CHECK(zmq_connect(socket, scene->served->endpoint) == 0, "connect: %s", zmq_strerror(zmq_errno()));
    return socket;
}

static void *attack_connect(const struct attack_scene *scene)
{
    return attack_connect_with(scene, 4096);
}

/* ---- frames ---- */

static uint64_t made; /* ids and references, so that none comes twice */

static void put(struct buffer *frame, enum op op, const void *request)
{
    char id[32];
    snprintf(id, sizeof id, "%d-%llu", (int)getpid(), (unsigned long long)++made);
    message_encode(frame, op_row(op)->name, text_of(id), op_row(op)->request, request);
}

typedef void maker(const struct attack_scene *scene, struct buffer *frame);

/* A batch of as many as it may have and a frame holds. */
static void put_batch(const struct attack_scene *scene, struct buffer *frame, maker *make, size_t each)
{
    struct text requests[256];
    struct buffer parts[256];
    struct msg_batch batch = {0};
    uint32_t count = 0;
    for (size_t size = 0; count < 256 && size + each + 1024 < FRAME_SIZE_MAX; count++) {
        parts[count] = (struct buffer){0};
        make(scene, &parts[count]);
        requests[count] = (struct text){parts[count].data, (uint32_t)parts[count].size};
        size += parts[count].size + 8;
    }
    MSG_SET(&batch, batch, requests, ((coord_raws){requests, count}));
    put(frame, OP_BATCH, &batch);
    while (count > 0)
        buffer_done(&parts[--count]);
}

/* Sends what `make` makes on so many connections, so many at a time, and reads the answers. */
static void __attribute__((noreturn))
attack_pump(const struct attack_scene *scene, maker *make, int connections, int window)
{
    zmq_pollitem_t items[64];
    int asked[64] = {0};
    for (int i = 0; i < connections; i++)
        items[i] = (zmq_pollitem_t){attack_connect(scene), 0, ZMQ_POLLIN, 0};
    for (;;) {
        for (int i = 0; i < connections; i++)
            for (; asked[i] < window; asked[i]++) {
                struct buffer frame = {0};
                make(scene, &frame);
                (void)zmq_send(items[i].socket, frame.data, frame.size, ZMQ_DONTWAIT);
                buffer_done(&frame);
            }
        (void)zmq_poll(items, connections, 1000);
        for (int i = 0; i < connections; i++) {
            char answer[64];
            while (asked[i] > 0 && zmq_recv(items[i].socket, answer, sizeof answer, ZMQ_DONTWAIT) >= 0)
                asked[i]--;
        }
    }
}

/* ---- what costs time ---- */

#define MARKS 16000

static void make_marks_one(const struct attack_scene *scene, struct buffer *frame)
{
    static const char below[] = "\xcc\xa3", above[] = "\xcc\x81"; /* in falling order of their classes */
    static char text[MARKS + 2];
    struct msg_assign assign = {0};
    const struct text lead = text_of(scene->leads[0].context.agency);
    text[0] = 'a';
    for (int i = 0; i < MARKS; i += 2)
        memcpy(text + 1 + i, i < MARKS / 2 ? above : below, 2);
    MSG_SET(&assign, assign, reference, TEXT("MARKS"));
    MSG_SET(&assign, assign, leads, ((struct texts){(struct text *)(uintptr_t)&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("dấu"));
    MSG_SET(&assign.content, content, description, (struct text){text, MARKS + 1});
    MSG_MARK(&assign, assign, content);
    put(frame, OP_ASSIGN, &assign);
}

static void make_marks(const struct attack_scene *scene, struct buffer *frame)
{
    put_batch(scene, frame, make_marks_one, MARKS + 300);
}

static void attack_marks(const struct attack_scene *scene)
{
    attack_pump(scene, make_marks, 2, 4);
}

/* Sends on whatever it is told: as much as goes out on two connections. */
static void __attribute__((noreturn)) attack_send_on(const struct attack_scene *scene, const struct buffer *frame)
{
    zmq_pollitem_t items[2];
    for (int i = 0; i < 2; i++)
        items[i] = (zmq_pollitem_t){attack_connect_with(scene, 16), 0, ZMQ_POLLIN | ZMQ_POLLOUT, 0};
    for (;;) {
        char answer[64];
        (void)zmq_poll(items, 2, 1000);
        for (int i = 0; i < 2; i++) {
            while (zmq_recv(items[i].socket, answer, sizeof answer, ZMQ_DONTWAIT) >= 0)
                ;
            (void)zmq_send(items[i].socket, frame->data, frame->size, ZMQ_DONTWAIT);
        }
    }
}

static void attack_flood(const struct attack_scene *scene)
{
    struct buffer frame = {0};
    make_marks(scene, &frame);
    attack_send_on(scene, &frame);
}

#define VALUES (FRAME_ITEMS_MAX - 100)

/* A byte each, so that as many frames of them as are no flood yet are walked through for their ids. */
static void attack_values(const struct attack_scene *scene)
{
    static const char head[] = "\x83\xa2op\xa5hello\xa2id\xa1v\xa1x\xdd";
    const uint8_t count[] = {0, VALUES >> 16, VALUES >> 8 & 0xFF, VALUES & 0xFF};
    struct buffer frame = {0};
    buffer_append(&frame, head, sizeof head - 1);
    buffer_append(&frame, count, sizeof count);
    memset(buffer_extend(&frame, VALUES), 0, VALUES);
    attack_send_on(scene, &frame);
}

static void make_scan_one(const struct attack_scene *scene, struct buffer *frame)
{
    (void)scene;
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, search, TEXT("khong co o dau"));
    MSG_SET(&list, task_list, limit, 1000);
    put(frame, OP_TASK_LIST, &list);
}

static void make_scan(const struct attack_scene *scene, struct buffer *frame)
{
    put_batch(scene, frame, make_scan_one, 200);
}

static void attack_scans(const struct attack_scene *scene)
{
    attack_pump(scene, make_scan, 4, 40);
}

/* Of each of the other lists in turn. */
static void make_summary_one(const struct attack_scene *scene, struct buffer *frame)
{
    const struct msg_summary summary = {0};
    struct msg_escalation_list escalations = {0};
    struct msg_task_list list = {0};
    (void)scene;
    MSG_SET(&escalations, escalation_list, limit, 1000);
    MSG_SET(&list, task_list, subtree, true);
    MSG_SET(&list, task_list, agency, TEXT("tinh"));
    MSG_SET(&list, task_list, limit, 1000);
    const struct {
        enum op op;
        const void *request;
    } lists[] = {{OP_SUMMARY, &summary}, {OP_ESCALATION_LIST, &escalations}, {OP_TASK_LIST, &list}};
    put(frame, lists[made % 3].op, lists[made % 3].request);
}

static void make_summaries(const struct attack_scene *scene, struct buffer *frame)
{
    put_batch(scene, frame, make_summary_one, 200);
}

static void attack_summaries(const struct attack_scene *scene)
{
    attack_pump(scene, make_summaries, 4, 40);
}

static void make_history_one(const struct attack_scene *scene, struct buffer *frame)
{
    struct msg_task_history history = {0};
    MSG_SET(&history, task_history, task, scene->attacker->task);
    MSG_SET(&history, task_history, limit, 1000);
    put(frame, OP_TASK_HISTORY, &history);
}

static void make_history(const struct attack_scene *scene, struct buffer *frame)
{
    put_batch(scene, frame, make_history_one, 200);
}

static void attack_histories(const struct attack_scene *scene)
{
    attack_pump(scene, make_history, 4, 10);
}

static void make_comment_one(const struct attack_scene *scene, struct buffer *frame)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, scene->attacker->task);
    MSG_SET(&comment, comment, note, TEXT("một lời nữa"));
    put(frame, OP_COMMENT, &comment);
}

static void make_comments(const struct attack_scene *scene, struct buffer *frame)
{
    put_batch(scene, frame, make_comment_one, 200);
}

static void attack_changes(const struct attack_scene *scene)
{
    attack_pump(scene, make_comments, 8, 4);
}

/* ---- many at once ---- */

static void put_assign(const struct attack_scene *scene, struct buffer *frame, uint64_t number, uint32_t size)
{
    static char text[16384];
    struct text leads[UNFAIR_LEADS];
    struct msg_assign assign = {0};
    char reference[40];
    snprintf(reference, sizeof reference, "U-%d-%llu", (int)getppid(), (unsigned long long)number);
    memset(text, 'x', sizeof text);
    for (int i = 0; i < UNFAIR_LEADS; i++)
        leads[i] = text_of(scene->leads[i].context.agency);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){leads, UNFAIR_LEADS}));
    MSG_SET(&assign.content, content, title, TEXT("Giao cho tất cả"));
    MSG_SET(&assign.content, content, description, ((struct text){text, size}));
    MSG_MARK(&assign, assign, content);
    if (number > 0) {
        put(frame, OP_ASSIGN, &assign);
        return;
    }
    message_encode(frame, "assign", TEXT("the-same"), &message_assign, &assign);
}

static void make_long(const struct attack_scene *scene, struct buffer *frame)
{
    static uint64_t number;
    put_assign(scene, frame, ++number, 16384);
}

static void attack_long_texts(const struct attack_scene *scene)
{
    attack_pump(scene, make_long, 1, 2);
}

static void make_resend(const struct attack_scene *scene, struct buffer *frame)
{
    put_assign(scene, frame, 0, 1000);
}

static void attack_resends(const struct attack_scene *scene)
{
    attack_pump(scene, make_resend, 4, 32);
}

static void make_children_one(const struct attack_scene *scene, struct buffer *frame)
{
    (void)scene;
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("CHILDREN"));
    MSG_SET(&assign, assign, children_of, TEXT("tinh"));
    MSG_SET(&assign, assign, calendar, TEXT("there-is-none"));
    MSG_SET(&assign.content, content, title, TEXT("Giao cho tất cả"));
    MSG_SET(&assign.content, content, due, TEXT("10wd"));
    MSG_MARK(&assign, assign, content);
    put(frame, OP_ASSIGN, &assign);
}

static void make_children(const struct attack_scene *scene, struct buffer *frame)
{
    put_batch(scene, frame, make_children_one, 300);
}

static void attack_children(const struct attack_scene *scene)
{
    attack_pump(scene, make_children, 4, 10);
}

/* ---- what is not read, or never ends ---- */

static void attack_unread(const struct attack_scene *scene)
{
    void *sockets[10];
    const int one = 1;
    for (int i = 0; i < 10; i++) {
        sockets[i] = attack_connect(scene);
        zmq_setsockopt(sockets[i], ZMQ_RCVHWM, &one, sizeof one);
    }
    for (;;)
        for (int i = 0; i < 10; i++) {
            struct buffer frame = {0};
            make_history(scene, &frame);
            (void)zmq_send(sockets[i], frame.data, frame.size, ZMQ_DONTWAIT);
            buffer_done(&frame);
            rig_pause(0.001);
        }
}

static void attack_endless(const struct attack_scene *scene)
{
    static char part[60000];
    for (;;) {
        void *socket = attack_connect(scene);
        for (int i = 0; i < 20000 && zmq_send(socket, part, sizeof part, ZMQ_SNDMORE | ZMQ_DONTWAIT) >= 0; i++)
            if (i % 50 == 0)
                rig_pause(0.01);
        zmq_close(socket);
    }
}

/* ---- what is held ---- */

static void send_subscribe(void *socket, const char *consumer, uint64_t from)
{
    struct msg_subscribe subscribe = {0};
    struct buffer frame = {0};
    if (consumer)
        MSG_SET(&subscribe, subscribe, consumer, text_of(consumer));
    else
        MSG_SET(&subscribe, subscribe, from, from);
    MSG_SET(&subscribe, subscribe, credit, 1);
    MSG_SET(&subscribe, subscribe, notices, TERM_BIT(NOTICE_RESTORED));
    put(&frame, OP_SUBSCRIBE, &subscribe);
    (void)zmq_send(socket, frame.data, frame.size, ZMQ_DONTWAIT);
    buffer_done(&frame);
}

static void attack_consumers(const struct attack_scene *scene)
{
    void *socket = attack_connect(scene);
    const struct msg_empty nothing = {0};
    for (uint64_t i = 0;; i++) {
        char name[32], answer[256];
        struct buffer frame = {0};
        snprintf(name, sizeof name, "c%llu", (unsigned long long)i);
        send_subscribe(socket, name, 0);
        put(&frame, OP_UNSUBSCRIBE, &nothing);
        (void)zmq_send(socket, frame.data, frame.size, ZMQ_DONTWAIT);
        buffer_done(&frame);
        if (i % 64 == 63)
            (void)zmq_recv(socket, answer, sizeof answer, 0);
        while (zmq_recv(socket, answer, sizeof answer, ZMQ_DONTWAIT) >= 0) {
        }
    }
}

#define STREAMS 400

static void attack_streams(const struct attack_scene *scene)
{
    void *sockets[STREAMS];
    for (int i = 0; i < STREAMS; i++)
        sockets[i] = attack_connect(scene);
    for (;;) {
        const struct msg_empty nothing = {0};
        char answer[256];
        for (int i = 0; i < STREAMS; i++) {
            struct buffer frame = {0};
            send_subscribe(sockets[i], NULL, 0);
            rig_pause(0.002);
            put(&frame, OP_UNSUBSCRIBE, &nothing);
            (void)zmq_send(sockets[(i + 1) % STREAMS], frame.data, frame.size, ZMQ_DONTWAIT);
            buffer_done(&frame);
            while (zmq_recv(sockets[i], answer, sizeof answer, ZMQ_DONTWAIT) >= 0) {
            }
        }
    }
}

static void attack_idle(const struct attack_scene *scene)
{
    static int held[3000];
    for (size_t i = 0;; i = (i + 1) % (sizeof held / sizeof *held)) {
        if (held[i] > 0)
            close(held[i]);
        held[i] = raw_connect(scene->served);
        if (i % 20 == 0)
            rig_pause(0.005);
    }
}

static void attack_connections(const struct attack_scene *scene)
{
    const struct msg_empty nothing = {0};
    for (int i = 0; i < 800; i++) {
        struct buffer frame = {0};
        put(&frame, OP_HELLO, &nothing);
        (void)zmq_send(attack_connect(scene), frame.data, frame.size, ZMQ_DONTWAIT);
        buffer_done(&frame);
    }
    for (;;)
        pause();
}

const struct attack_row attack_rows[] = {
    {"marks", "descriptions of combining marks in falling order", attack_marks},
    {"flood", "frames of the largest size, whatever it is told", attack_flood},
    {"values", "frames of as many values as they may have, whatever it is told", attack_values},
    {"scans", "batches of lists that go through all tasks", attack_scans},
    {"summaries", "batches of summaries, escalations and lists of all agencies", attack_summaries},
    {"unread", "asks for histories and reads no answer", attack_unread},
    {"endless", "a message that never ends", attack_endless},
    {"long texts", "assigns with long texts to many", attack_long_texts},
    {"histories", "batches of 256 histories", attack_histories},
    {"consumers", "a new consumer's name with each subscription", attack_consumers},
    {"changes", "as many changes of its own as it can", attack_changes},
    {"resends", "resends of an assign to many", attack_resends},
    {"children", "refused batches of children_of", attack_children},
    {"streams", "400 streams that begin at the first record and are sent nothing", attack_streams},
    {"idle", "3000 connections that say nothing", attack_idle},
    {"connections", "800 connections of one key", attack_connections},
#define T(name, sentence) {#name, sentence, trick_##name},
    TRICKS(T)
#undef T
};
const size_t attack_count = sizeof attack_rows / sizeof *attack_rows;

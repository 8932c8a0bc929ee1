#include "broker.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "unit/test.h"

/* libzmq hands messages, which libsodium has opened, from thread to thread in ways that ThreadSanitizer cannot see, for
 * neither was compiled with it. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:libzmq.so\ncalled_from_lib:libzmq.so\nrace:libsodium.so\n";
}

/* ---- life ---- */

static void set(void *socket, int option, int value)
{
    assert(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}

void broker_init(struct broker *broker, broker_script *script, void *user)
{
    *broker = (struct broker){.script = script, .user = user};
    strcpy(broker->directory, "/tmp/libcoord-test-XXXXXX");
    assert(mkdtemp(broker->directory));
    snprintf(broker->context.endpoint, sizeof broker->context.endpoint, "ipc://%s/broker", broker->directory);
    strcpy(broker->context.agency, "H55.24");
    assert(zmq_curve_keypair(broker->context.server_key, broker->server_secret) == 0);
    assert(zmq_curve_keypair(broker->context.public_key, broker->context.secret_key) == 0);
    broker_start(broker);
}

void broker_init_beside(struct broker *broker, const struct broker *first, broker_script *script, void *user)
{
    broker_init(broker, script, user);
    broker_stop(broker);
    memcpy(broker->server_secret, first->server_secret, sizeof broker->server_secret);
    broker_start(broker);
}

static void broker_handshake(struct broker *broker)
{
    char parts[16][256];
    size_t sizes[16] = {0};
    int count = 0, more = 1;
    for (size_t size = sizeof more; more && count < 16; count++) {
        int got = zmq_recv(broker->zap, parts[count], sizeof parts[count], 0);
        sizes[count] = got > 0 ? (size_t)got : 0;
        zmq_getsockopt(broker->zap, ZMQ_RCVMORE, &more, &size);
    }
    char status[12];
    snprintf(status, sizeof status, "%d", broker->zap_status);
    zmq_send(broker->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(broker->zap, parts[1], sizes[1], ZMQ_SNDMORE);
    zmq_send(broker->zap, status, 3, ZMQ_SNDMORE);
    zmq_send(broker->zap, "", 0, ZMQ_SNDMORE);
    zmq_send(broker->zap, "", 0, ZMQ_SNDMORE);
    zmq_send(broker->zap, "", 0, 0);
}

static void broker_receive(struct broker *broker, struct decoder *decoder)
{
    struct incoming in = {.decoder = decoder};
    int size = zmq_recv(broker->router, in.peer, sizeof in.peer, 0);
    zmq_msg_t message;
    zmq_msg_init(&message);
    assert(size > 0 && zmq_msg_recv(&message, broker->router, 0) >= 0 && !zmq_msg_more(&message));
    in.peer_size = (size_t)size;
    struct envelope envelope;
    struct problem problem;
    assert(decoder_open(decoder, zmq_msg_data(&message), zmq_msg_size(&message), &envelope, &problem) == 0);
    snprintf(in.op, sizeof in.op, "%.*s", TEXT_ARGS(envelope.op));
    snprintf(in.id, sizeof in.id, "%.*s", TEXT_ARGS(envelope.id));
    snprintf(in.name, sizeof in.name, "%.*s", TEXT_ARGS(envelope.name));
    in.at_least = envelope.at_least;
    in.within_ms = envelope.within_ms;
    /* What the library asks by itself and waits for no answer to. */
    const bool is_aside = envelope.id.size == 0 && text_equal(envelope.op, TEXT("hello"));
    if (is_aside)
        atomic_fetch_add(&broker->aside, 1);
    if (!is_aside || broker->bundles) {
        in.number = atomic_fetch_add(&broker->received, 1) + 1;
        broker->script(broker, &in);
    }
    zmq_msg_close(&message);
}

static void *broker_run(void *user)
{
    struct broker *broker = user;
    struct decoder *decoder = decoder_new();
    zmq_pollitem_t items[] = {
        {broker->control, 0, ZMQ_POLLIN, 0}, {broker->router, 0, ZMQ_POLLIN, 0}, {broker->zap, 0, ZMQ_POLLIN, 0}};
    while (zmq_poll(items, broker->zap ? 3 : 2, -1) >= 0 && !(items[0].revents & ZMQ_POLLIN)) {
        if (items[1].revents & ZMQ_POLLIN)
            broker_receive(broker, decoder);
        if (broker->zap && (items[2].revents & ZMQ_POLLIN))
            broker_handshake(broker);
    }
    decoder_free(decoder);
    zmq_close(broker->control);
    zmq_close(broker->router);
    if (broker->zap)
        zmq_close(broker->zap);
    return NULL;
}

void broker_start(struct broker *broker)
{
    broker->zmq = zmq_ctx_new();
    broker->router = zmq_socket(broker->zmq, ZMQ_ROUTER);
    broker->control = zmq_socket(broker->zmq, ZMQ_PAIR);
    broker->zap = NULL;
    set(broker->router, ZMQ_LINGER, 0);
    set(broker->router, ZMQ_CURVE_SERVER, 1);
    set(broker->router, ZMQ_SNDHWM, 0);
    assert(zmq_setsockopt(broker->router, ZMQ_CURVE_SECRETKEY, broker->server_secret, 41) == 0);
    if (broker->zap_status) {
        broker->zap = zmq_socket(broker->zmq, ZMQ_REP);
        set(broker->zap, ZMQ_LINGER, 0);
        assert(zmq_bind(broker->zap, "inproc://zeromq.zap.01") == 0);
        assert(zmq_setsockopt(broker->router, ZMQ_ZAP_DOMAIN, "coordd", 6) == 0);
    }
    assert(zmq_bind(broker->control, "inproc://control") == 0);
    assert(zmq_bind(broker->router, broker->context.endpoint) == 0);
    size_t size = sizeof broker->context.endpoint;
    assert(zmq_getsockopt(broker->router, ZMQ_LAST_ENDPOINT, broker->context.endpoint, &size) == 0);
    assert(pthread_create(&broker->thread, NULL, broker_run, broker) == 0);
    broker->running = true;
}

void broker_stop(struct broker *broker)
{
    if (!broker->running)
        return;
    void *control = zmq_socket(broker->zmq, ZMQ_PAIR);
    assert(zmq_connect(control, "inproc://control") == 0 && zmq_send(control, "", 0, 0) == 0);
    pthread_join(broker->thread, NULL);
    zmq_close(control);
    zmq_ctx_term(broker->zmq);
    broker->running = false;
}

void broker_use_tcp(struct broker *broker)
{
    broker_stop(broker);
    strcpy(broker->context.endpoint, "tcp://127.0.0.1:*");
    broker_start(broker);
}

void broker_done(struct broker *broker)
{
    broker_stop(broker);
    buffer_done(&broker->held);
    char path[128];
    snprintf(path, sizeof path, "%s/broker", broker->directory);
    unlink(path);
    rmdir(broker->directory);
}

/* ---- for scripts ---- */

void broker_send(struct broker *broker, const struct incoming *to, const void *frame, size_t size)
{
    if (broker->holds) {
        buffer_append(&broker->held, frame, size);
        broker->held_count++;
        return;
    }
    zmq_send(broker->router, to->peer, to->peer_size, ZMQ_SNDMORE);
    zmq_send(broker->router, frame, size, 0);
}

void broker_hold(struct broker *broker)
{
    buffer_clear(&broker->held);
    broker->held_count = 0;
    broker->holds = true;
}

void broker_let_go(struct broker *broker, const struct incoming *to)
{
    const unsigned count = broker->held_count;
    const unsigned char head[] = {0xdd, 0, (unsigned char)(count >> 16), (unsigned char)(count >> 8),
                                  (unsigned char)count}; /* longer than it need be, which is right too */
    struct buffer frame = {0};
    buffer_append(&frame, head, sizeof head);
    buffer_append(&frame, broker->held.data, broker->held.size);
    broker->holds = false;
    broker_send(broker, to, frame.data, frame.size);
    buffer_done(&frame);
}

void broker_message(struct broker *broker, const struct incoming *to, const char *op, const char *id,
                    const struct message *message, const void *fields)
{
    struct buffer frame = {0}, as_of = {0};
    const bool answers = strcmp(op, "reply") == 0 || strcmp(op, "error") == 0;
    message_encode(&frame, op, text_of(id), message, fields);
    if (broker->as_of && answers)
        message_encode_as_of(&as_of, frame.data, frame.size, broker->as_of, 3);
    assert(!frame.failed && !as_of.failed);
    const struct buffer *whole = broker->as_of && answers ? &as_of : &frame;
    broker_send(broker, to, whole->data, whole->size);
    buffer_done(&frame);
    buffer_done(&as_of);
}

void broker_reply(struct broker *broker, const struct incoming *in, const void *fields)
{
    const struct op_row *row = op_row_named(in->op, (uint32_t)strlen(in->op));
    broker_message(broker, in, "reply", in->id, row->reply, fields);
}

void broker_refuse(struct broker *broker, const struct incoming *in, int error, const char *field, const char *words)
{
    const struct error_row *row = error_row(error);
    struct msg_error fields = {0};
    MSG_SET(&fields, error, error, text_of(row->name));
    MSG_SET(&fields, error, code, (uint64_t)-error);
    MSG_SET(&fields, error, retry, row->retry);
    MSG_SET(&fields, error, message, text_of(words));
    if (*field)
        MSG_SET(&fields, error, field, text_of(field));
    broker_message(broker, in, "error", in->id, &message_error, &fields);
}

void broker_send_on(struct broker *broker, const struct incoming *in)
{
    struct buffer frame = {0}, as_of = {0};
    struct problem problem;
    problem_plain(&problem, COORD_E_NOT_LEADER, "");
    problem.leader = broker->leader;
    message_encode_problem(&frame, text_of(in->id), &problem);
    message_encode_as_of(&as_of, frame.data, frame.size, broker->as_of, 3);
    assert(!frame.failed && !as_of.failed);
    broker_send(broker, in, as_of.data, as_of.size);
    buffer_done(&frame);
    buffer_done(&as_of);
}

void broker_record(struct broker *broker, const struct incoming *to, uint64_t seq)
{
    struct msg_record record = {0};
    char title[32];
    snprintf(title, sizeof title, "việc %llu", (unsigned long long)seq);
    MSG_SET(&record, record, seq, seq);
    MSG_SET(&record, record, time, 1718000000000);
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, title, text_of(title));
    broker_message(broker, to, "record", NULL, &message_record, &record);
}

void broker_closed(struct broker *broker, const struct incoming *to, int ending, uint64_t seq)
{
    struct msg_closed closed = {0};
    MSG_SET(&closed, closed, ending, ending);
    MSG_SET(&closed, closed, seq, seq);
    broker_message(broker, to, "closed", NULL, &message_closed, &closed);
}

static void oblige_hello(struct broker *broker, const struct incoming *in, uint64_t seq)
{
    struct msg_hello_reply reply = {0};
    MSG_SET(&reply, hello_reply, agency, TEXT("H55.24"));
    MSG_SET(&reply, hello_reply, key, TEXT("văn thư"));
    MSG_SET(&reply, hello_reply, rights, TERM_BIT(RIGHT_ACT));
    MSG_SET(&reply, hello_reply, time, 1718000000000);
    MSG_SET(&reply, hello_reply, version, TEXT("0"));
    MSG_SET(&reply, hello_reply, store, TEXT("0123456789abcdef"));
    MSG_SET(&reply, hello_reply, seq, seq);
    MSG_SET(&reply, hello_reply, rehearsal, false);
    MSG_SET(&reply, hello_reply, frame_max, 1048576);
    MSG_SET(&reply, hello_reply, batch_max, 256);
    MSG_SET(&reply, hello_reply, page_max, 1000);
    MSG_SET(&reply, hello_reply, credit_max, 65536);
    if (broker->as_of) {
        MSG_SET(&reply, hello_reply, role, BROKER_ROLE_FOLLOWER);
        MSG_SET(&reply, hello_reply, leader, text_of(broker->leader));
    }
    broker_reply(broker, in, &reply);
}

void broker_oblige(struct broker *broker, const struct incoming *in, uint64_t seq)
{
    const struct op_row *row = op_row_named(in->op, (uint32_t)strlen(in->op));
    if (row->reply == &message_hello_reply) {
        oblige_hello(broker, in, seq);
    } else if (row->reply == &message_change_reply) {
        struct msg_change_reply reply = {0};
        MSG_SET(&reply, change_reply, seq, seq);
        MSG_SET(&reply, change_reply, time, 1718000000000);
        broker_reply(broker, in, &reply);
    } else if (row->reply == &message_stream_reply) {
        struct msg_stream_reply reply = {0};
        MSG_SET(&reply, stream_reply, from, 0);
        MSG_SET(&reply, stream_reply, seq, seq);
        MSG_SET(&reply, stream_reply, credit, 0);
        broker_reply(broker, in, &reply);
    } else if (row->reply == &message_tasks_reply) {
        struct msg_tasks_reply reply = {0};
        MSG_MARK(&reply, tasks_reply, tasks);
        broker_reply(broker, in, &reply);
    }
}

bool incoming_is(const struct incoming *in, const char *op)
{
    return strcmp(in->op, op) == 0;
}

/* ---- for tests ---- */

struct coord_options patient_options(void)
{
    return (struct coord_options){.timeout_ms = 60000,
                                  .connect_ms = 60000,
                                  .resend_ms = 60000,
                                  .resend_max_ms = 60000,
                                  .ping_ms = 60000,
                                  .reconnect_ms = 5,
                                  .reconnect_max_ms = 50};
}

struct coord_options quick_options(void)
{
    return (struct coord_options){
        .timeout_ms = 60000, .resend_ms = 200, .resend_max_ms = 1000, .reconnect_ms = 5, .reconnect_max_ms = 50};
}

struct coord *broker_open(const struct broker *broker, const struct coord_options *options)
{
    struct coord *coord = NULL;
    struct problem problem = {0};
    struct coord_options patient = patient_options();
    int error = coord_open(&coord, &broker->context, options ? options : &patient, &problem);
    if (error)
        print_error("%s %s\n", coord_error_name(error), problem.message);
    assert_int_equal(error, 0);
    return coord;
}

void dispatch_until(struct coord *coord, const int *count, int wanted)
{
    time_t end = time(NULL) + 60;
    while (*count < wanted && time(NULL) < end)
        assert_true(coord_dispatch(coord, 1000) >= 0);
    assert_int_equal(*count, wanted);
}

/* POST /api/op/NAME: a request of the protocol, 1:1. The body is the message's JSON by its table, as coordctl reads and
 * prints it; the officer is the session's, whatever the page says; X-Request-Id is the request's id, so that a form that is
 * sent again does nothing twice. A dry run needs none.
 */
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "evidence.h"
#include "json_read.h"
#include "json_write.h"
#include "request.h"

/* ---- the reply ---- */

/* The records of a history come as whole frames, each to be read by itself. */
static json_t *write_raws(const struct texts *raws)
{
    json_t *array = json_array();
    struct decoder *decoder = decoder_new();
    for (uint32_t i = 0; decoder && i < raws->count; i++) {
        struct envelope envelope;
        struct msg_record record;
        struct problem problem = {0};
        if (decoder_open(decoder, raws->items[i].data, raws->items[i].size, &envelope, &problem))
            continue;
        decoder_take_any_term(decoder);
        if (!decoder_read(decoder, &message_record, &record, &problem))
            json_array_append_new(array, json_write_as(&message_record, &record, JSON_TIMES_MS));
    }
    decoder_free(decoder);
    return array;
}

static json_t *write_reply(const struct message *message, const void *reply)
{
    json_t *object = json_write_as(message, reply, JSON_TIMES_MS);
    for (uint16_t i = 0; i < message->count; i++)
        if (message->fields[i].type == FIELD_RAWS)
            json_object_set_new(object, message->fields[i].name,
                                write_raws((const void *)((const char *)reply + message->fields[i].offset)));
    return object;
}

struct call {
    struct request *request;
    const struct op_row *row;
    struct broker *changes; /* whose other browsers show what it changes; NULL when it changes nothing */
    struct claims claims;   /* what it names of the evidence here */
};

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct call *call = user;
    call->request->web->calls--;
    evidence_settle(call->request->web, &call->claims, error);
    if (error)
        request_problem(call->request, error, problem);
    else
        request_give(call->request, 200, json_pack("{s:o}", "reply", write_reply(call->row->reply, reply)));
    if (!error && call->changes)
        broker_note_change(call->changes);
    free(call);
}

/* ---- the request ---- */

/* What a browser may ask; NULL and answered for the rest: streams are /api/events, batches and the broker's own are not for
 * people's pages. */
static const struct op_row *find_op(struct request *request)
{
    const char *name = request->rest;
    const struct op_row *row = op_row_named(name, (uint32_t)strlen(name)), *meant;
    struct problem problem = {0};
    if (row && (row->touches == OP_CLASS_read || row->touches == OP_CLASS_change) && row->right != RIGHT_ADMINISTER)
        return !row->right || request_has_right(request, row->right) ? row : NULL;
    if (row && row->right == RIGHT_ADMINISTER) {
        problem_set(&problem, COORD_E_RIGHT_MISSING, "",
                    "It takes the right to administer, which no key of this server has; coordctl does it.");
    } else if (!row && (meant = op_row_nearest(name, (uint32_t)strlen(name)))) {
        problem_set(&problem, COORD_E_UNKNOWN_OP, "op", "There is no such op; did you mean `%s`?", meant->name);
    } else {
        problem_set(&problem, COORD_E_UNKNOWN_OP, "op", "There is no such op here.");
    }
    request_problem(request, problem.error, &problem);
    return NULL;
}

static bool is_printable(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* The id of a change; NULL and answered when it has none. */
static const char *find_id(struct request *request)
{
    const char *id = request_header(request, "X-Request-Id");
    if (id && id[0] && strlen(id) <= COORD_REQUEST_ID_MAX && is_printable(id))
        return id;
    request_refuse(
        request, WEB_E_BAD_FIELD, "X-Request-Id",
        "A change needs this header: an id of its own, 1 to %d printable characters such as a UUID, which stays the "
        "same when the form is sent again.",
        COORD_REQUEST_ID_MAX);
    return NULL;
}

/* In whose name it is asked, `for`, is no field of the message. It goes from the object into `name`, which is empty where it is one's own. */
static int take_name(const struct op_row *row, json_t *object, char name[COORD_AGENCY_ID_MAX + 1],
                     struct problem *problem)
{
    const json_t *given = json_object_get(object, "for");
    const char *text = json_string_value(given);
    name[0] = '\0';
    if (!given || json_is_null(given)) {
        (void)json_object_del(object, "for");
        return 0;
    }
    if (!text || !text[0] || strlen(text) > COORD_AGENCY_ID_MAX)
        return problem_set(problem, COORD_E_BAD_TYPE, "for", "`for` must be an agency's id.");
    if (!op_takes_name(row))
        return problem_set(problem, COORD_E_BAD_VALUE, "for", "`%s` is asked in one's own name alone; leave `for` out.",
                           row->name);
    memcpy(name, text, strlen(text) + 1);
    return json_object_del(object, "for") ? COORD_E_NO_MEMORY : 0;
}

static void send_op(struct request *request, const struct op_row *row, const char *id, json_t *object)
{
    struct web *web = request->web;
    struct arena arena = {.exhausted = alloc_failed};
    struct problem problem = {0};
    void *message = alloc_zeroed(1, row->request->size);
    bool is_kept = true;
    char name[COORD_AGENCY_ID_MAX + 1];
    if (message_field(row->request, "officer", 7))
        json_object_set_new(object, "officer", json_string(request->session.user.officer));
    int error = take_name(row, object, name, &problem);
    if (!error)
        error = json_read(row->request, object, message, &arena, &problem);
    if (!error) {
        struct call *call = alloc_zeroed(1, sizeof *call);
        struct broker *broker = web_broker(web, request->session.user.context);
        const bool changes = row->touches == OP_CLASS_change && !json_is_true(json_object_get(object, "dry_run"));
        *call = (struct call){.request = request, .row = row, .changes = changes ? broker : NULL};
        is_kept = !changes || evidence_claim(web, object, &call->claims);
        if (is_kept &&
            (error = broker_send_for(broker, name[0] ? name : NULL, row->op, id, message, on_reply, call, &problem)))
            evidence_drop(web, &call->claims);
        if (error || !is_kept)
            free(call);
    }
    if (!is_kept) {
        request_refuse_store(request);
    } else if (error) {
        request_problem(request, error, &problem);
    } else {
        web->calls++;
        request_wait(request);
    }
    arena_done(&arena);
    free(message);
}

void handle_op(struct request *request)
{
    const struct op_row *row = find_op(request);
    const bool changes = row && row->touches == OP_CLASS_change;
    const char *id = NULL;
    if (!row || (changes && !request_check_csrf(request)))
        return;
    json_t *object = request_json(request);
    if (!object)
        return;
    /* What is only tried may be tried as often as one likes: the broker remembers no id of it. */
    const bool is_named = !changes || json_is_true(json_object_get(object, "dry_run")) || (id = find_id(request));
    if (is_named && request_may_call(request))
        send_op(request, row, id, object);
    json_decref(object);
}

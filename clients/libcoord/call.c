/* Making requests: coord_call and coord_send, and what they demand of their arguments. */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "handle.h"

int request_name(char out[COORD_REQUEST_ID_MAX + 1], const char *id, struct problem *problem)
{
    if (!id)
        return random_id(out, problem);
    size_t size = strnlen(id, COORD_REQUEST_ID_MAX + 1);
    bool right = size > 0 && size <= COORD_REQUEST_ID_MAX;
    for (size_t i = 0; i < size; i++)
        right = right && id[i] > ' ' && id[i] <= '~';
    if (!right)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "id",
                           "A request id is 1 to 64 characters of printable ASCII.");
    memcpy(out, id, size + 1);
    return 0;
}

/* Whether nothing needs to be said: then NULL stands for a struct in which nothing is. A request that had no fields may
 * have got some since a program was written. */
static bool says_nothing(const struct message *message)
{
    bool nothing = true;
    for (uint16_t i = 0; i < message->count; i++)
        nothing = nothing && !message->fields[i].required;
    return nothing;
}

int request_encode(struct coord *coord, enum op op, const char *id, const void *request, struct problem *problem)
{
    static const struct msg_empty empty; /* of which `has` is read, and says that there is no more */
    const struct op_row *row = op_row(op);
    if (!request && !says_nothing(row->request))
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "request", "`%s` needs a struct of its request.", row->name);
    const void *fields = request ? request : &empty;
    int error = message_check(row->request, fields, problem);
    if (error)
        return error;
    buffer_clear(&coord->scratch);
    message_encode_for(&coord->scratch, row->name, text_of(id), text_of(op_takes_name(row) ? coord->name : ""),
                       row->request, fields);
    if (coord->scratch.failed)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    if (coord->scratch.size > FRAME_SIZE_MAX)
        return problem_plain(problem, COORD_E_FRAME_TOO_LARGE, "");
    return 0;
}

int request_admit(const struct coord *coord, uint32_t weight, int timeout_ms, struct problem *problem)
{
    if (timeout_ms < COORD_TIMEOUT_NONE)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "timeout_ms",
                           "Milliseconds, COORD_TIMEOUT_DEFAULT or COORD_TIMEOUT_NONE.");
    if (coord->calls.weight + weight > coord->options.window)
        return problem_set(problem, COORD_E_IN_FLIGHT_LIMIT, "window",
                           "%u requests wait for their replies, of %u; call coord_dispatch, then send again.",
                           coord->calls.weight, coord->options.window);
    return 0;
}

int coord_in_name_of(struct coord *coord, const char *agency, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    const size_t size = agency ? strnlen(agency, COORD_AGENCY_ID_MAX + 1) : 0;
    int error = handle_enter(coord, false, problem);
    if (!error && size > COORD_AGENCY_ID_MAX)
        error = problem_set(problem, COORD_E_BAD_ARGUMENT, "agency", "An agency's id has 1 to %d bytes.",
                            COORD_AGENCY_ID_MAX);
    if (error)
        return error;
    memcpy(coord->name, agency ? agency : "", size + 1);
    return 0;
}

static int request_check_op(enum op op, struct problem *problem)
{
    const struct op_row *row = op_row(op);
    if (!row)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "op", "There is no op %d.", (int)op);
    if (row->touches == OP_CLASS_stream)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "op",
                           "`%s` belongs to the handle's stream; use coord_subscribe and its kin.", row->name);
    return 0;
}

static int request_new(struct coord *coord, enum op op, const char *id, const void *request, struct call **out,
                       struct problem *problem)
{
    char name[COORD_REQUEST_ID_MAX + 1];
    int error = request_check_op(op, problem);
    if (!error)
        error = request_name(name, id, problem);
    if (!error && calls_find(&coord->calls, text_of(name)))
        error = problem_set(problem, COORD_E_BAD_ARGUMENT, "id", "A request of this id waits for its reply already.");
    if (!error)
        error = request_encode(coord, op, name, request, problem);
    if (error)
        return error;
    struct call *call = leader_has_room(coord, coord->scratch.size)
                            ? call_new(op_row(op), name, coord->scratch.data, coord->scratch.size)
                            : NULL;
    if (!call)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    *out = call;
    return 0;
}

/* ---- with a callback ---- */

int coord_send_id(struct coord *coord, enum op op, const char *id, const void *request, coord_reply_callback *callback,
                  void *user, int timeout_ms, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    struct call *call = NULL;
    int error = handle_enter(coord, false, problem);
    if (!error)
        error = request_admit(coord, 1, timeout_ms, problem);
    if (!error)
        error = request_new(coord, op, id, request, &call, problem);
    if (error)
        return error;
    call->done = request_call_back;
    call->callback = callback;
    call->user = user;
    request_start(coord, call, timeout_ms);
    handle_sent(coord);
    return 0;
}

int coord_send(struct coord *coord, enum op op, const void *request, coord_reply_callback *callback, void *user,
               int timeout_ms, struct problem *problem)
{
    return coord_send_id(coord, op, NULL, request, callback, user, timeout_ms, problem);
}

uint32_t coord_pending(const struct coord *coord)
{
    return coord ? coord->calls.weight : 0;
}

/* ---- and waiting ---- */

struct outcome {
    bool finished;
    int error;
    void *reply; /* the caller's; may be NULL */
    struct problem *problem;
};

static void request_settle(struct coord *coord, struct call *call, int error, const void *reply,
                           const struct problem *problem)
{
    (void)coord;
    struct outcome *outcome = call->user;
    outcome->finished = true;
    outcome->error = error;
    if (error)
        *outcome->problem = *problem;
    else if (outcome->reply)
        memcpy(outcome->reply, reply, call->row->reply->size);
}

static void request_await(struct coord *coord, struct call *call, const struct outcome *outcome)
{
    coord->awaited = call;
    while (!outcome->finished) {
        struct problem problem;
        int error = handle_step(coord, HANDLE_BUDGET);
        if (outcome->finished)
            break;
        if (error) {
            /* A frame came that there was no memory to read: perhaps the reply. */
            problem_plain(&problem, error, "");
            request_fail(coord, call, &problem);
            break;
        }
        handle_rest(coord, true);
        wake_wait(&coord->wake, -1); /* the timer knows the deadline */
    }
}

int coord_call_id(struct coord *coord, enum op op, const char *id, const void *request, void *reply, int timeout_ms,
                  struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    struct call *call = NULL;
    int error = handle_enter(coord, true, problem);
    if (!error)
        error = request_admit(coord, 0, timeout_ms, problem);
    if (!error)
        error = request_new(coord, op, id, request, &call, problem);
    if (error)
        return error;
    struct outcome outcome = {.reply = reply, .problem = problem};
    call->done = request_settle;
    call->user = &outcome;
    request_start(coord, call, timeout_ms);
    request_await(coord, call, &outcome);
    handle_rest(coord, false);
    return outcome.error;
}

int coord_call(struct coord *coord, enum op op, const void *request, void *reply, int timeout_ms,
               struct problem *problem)
{
    return coord_call_id(coord, op, NULL, request, reply, timeout_ms, problem);
}

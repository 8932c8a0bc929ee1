#include "brokers.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "table.h"

#define ASK_MS     3000 /* a machine that is busy takes a second for its half of a handshake */
#define REFUSED_MS 500  /* where nobody listens, that is known at once: so long one that begins just now may take */

struct inquiry {
    struct broker_seen *seen;
    struct coord *coord; /* NULL once it is over */
};

static int64_t now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool brokers_are_several(const struct session *session)
{
    struct endpoints endpoints;
    struct problem unread;
    return endpoints_read(&endpoints, session->context.endpoint, &unread) == 0 && endpoints.count > 1;
}

/* ---- asking ---- */

void broker_seen_fill(struct broker_seen *seen, const struct msg_hello_reply *hello)
{
    seen->role = hello->role;
    seen->seq = hello->seq;
    seen->lag_ms = hello->lag_ms;
    snprintf(seen->version, sizeof seen->version, "%.*s", TEXT_ARGS(hello->version));
    snprintf(seen->leader, sizeof seen->leader, "%.*s", TEXT_ARGS(hello->leader));
    if (hello->store.size == sizeof seen->store)
        memcpy(seen->store, hello->store.data, sizeof seen->store);
}

static void on_hello(void *user, int error, const void *reply, const struct problem *problem)
{
    struct inquiry *inquiry = user;
    struct broker_seen *seen = inquiry->seen;
    if (error) {
        seen->problem = *problem;
        return;
    }
    seen->problem.error = 0;
    broker_seen_fill(seen, reply);
}

static void ask(const struct session *session, struct inquiry *inquiry)
{
    const struct coord_options options = {.timeout_ms = ASK_MS, .connect_ms = ASK_MS, .retry = COORD_RETRY_NONE};
    struct broker_seen *seen = inquiry->seen;
    struct coord_context context = session->context;
    snprintf(context.endpoint, sizeof context.endpoint, "%s", seen->endpoint);
    if (coord_open(&inquiry->coord, &context, &options, &seen->problem) == 0 &&
        coord_send(inquiry->coord, OP_HELLO, NULL, on_hello, inquiry, ASK_MS, &seen->problem) == 0)
        problem_set(&seen->problem, COORD_E_TIMED_OUT, "", "It gives no answer.");
    coord_context_wipe(&context);
}

/* Of all that may stand in the way this alone is known at once, and of a broker that is not there. */
static bool is_refused(const struct problem *problem)
{
    static const char words[] = ": nobody answers there.";
    const size_t size = strlen(problem->message);
    return size >= sizeof words - 1 && strcmp(problem->message + size - (sizeof words - 1), words) == 0;
}

/* Its last word was heard, or none will be: an attempt came to nothing, of which the problem says where and why. */
static bool is_over(const struct inquiry *inquiry, int64_t since_ms)
{
    struct broker_seen *seen = inquiry->seen;
    struct problem problem;
    if (coord_pending(inquiry->coord) == 0)
        return true;
    if (coord_connected(inquiry->coord, &problem) || !strstr(problem.message, ": ") || now_ms() - since_ms < REFUSED_MS)
        return false;
    seen->problem = problem;
    seen->refused = is_refused(&problem);
    return true;
}

static void end(struct inquiry *inquiry)
{
    const struct problem problem = inquiry->seen->problem; /* closing tells those that wait another */
    const bool answered = coord_pending(inquiry->coord) == 0;
    (void)coord_close(inquiry->coord);
    inquiry->coord = NULL;
    if (!answered)
        inquiry->seen->problem = problem;
}

void brokers_ask(const struct session *session, struct brokers *brokers)
{
    brokers_ask_at(session, session->context.endpoint, brokers);
}

void brokers_ask_at(const struct session *session, const char *endpoints, struct brokers *brokers)
{
    struct inquiry inquiries[ENDPOINTS_MAX];
    struct problem unread;
    const int64_t since_ms = now_ms();
    int left = 0;
    *brokers = (struct brokers){0};
    if (endpoints_read(&brokers->endpoints, endpoints, &unread)) {
        brokers->endpoints.count = 0;
        return;
    }
    for (int i = 0; i < brokers->endpoints.count; i++) {
        brokers->seen[i].endpoint = brokers->endpoints.items[i];
        inquiries[i] = (struct inquiry){.seen = &brokers->seen[i]};
        ask(session, &inquiries[i]);
        left += inquiries[i].coord != NULL;
    }
    while (left > 0) {
        struct pollfd waits[ENDPOINTS_MAX];
        for (int i = 0; i < brokers->endpoints.count; i++)
            waits[i] = (struct pollfd){inquiries[i].coord ? coord_fd(inquiries[i].coord) : -1, POLLIN, 0};
        if (poll(waits, (nfds_t)brokers->endpoints.count, REFUSED_MS / 5) < 0 && errno != EINTR)
            break;
        for (int i = 0; i < brokers->endpoints.count; i++) {
            if (!inquiries[i].coord)
                continue;
            if (coord_dispatch(inquiries[i].coord, 0) >= 0 && !is_over(&inquiries[i], since_ms))
                continue;
            end(&inquiries[i]);
            left--;
        }
    }
    for (int i = 0; i < brokers->endpoints.count; i++)
        if (inquiries[i].coord)
            end(&inquiries[i]);
}

/* ---- telling ---- */

void broker_lag_text(uint64_t lag_ms, char *text, size_t size)
{
    if (lag_ms < 1000)
        snprintf(text, size, "%llu ms", (unsigned long long)lag_ms);
    else
        snprintf(text, size, "%.1f s", (double)lag_ms / 1000);
}

static const char *does(const struct broker_seen *seen)
{
    if (seen->problem.error)
        return seen->problem.error == COORD_E_TIMED_OUT ? "not reached" : coord_error_name(seen->problem.error);
    return seen->role ? term_name(&vocabulary_broker_role, seen->role) : "alone";
}

/* A broker's cells: endpoint, role, sequence, lag, version. */
struct cells {
    char seq[24], lag[32];
    const char *texts[5];
};

static void fill(const struct broker_seen *seen, struct cells *cells)
{
    const bool answered = !seen->problem.error, follows = answered && seen->role == BROKER_ROLE_FOLLOWER;
    *cells = (struct cells){
        .texts = {seen->endpoint, does(seen), cells->seq, cells->lag, answered ? seen->version : ""}};
    if (answered)
        snprintf(cells->seq, sizeof cells->seq, "%llu", (unsigned long long)seen->seq);
    if (follows && output_is_terminal())
        broker_lag_text(seen->lag_ms, cells->lag, sizeof cells->lag);
    else if (follows)
        snprintf(cells->lag, sizeof cells->lag, "%llu", (unsigned long long)seen->lag_ms);
}

void brokers_show(const struct brokers *brokers)
{
    static const struct column columns[] = {{"BROKER", "", COLUMN_TEXT, 0},
                                            {"ROLE", "", COLUMN_TEXT, 0},
                                            {"SEQUENCE", "", COLUMN_NUMBER, 0},
                                            {"LAG", "", COLUMN_TEXT, 0},
                                            {"VERSION", "", COLUMN_TEXT, 1}};
    struct table *table = output_is_terminal() ? table_new(columns, 5) : NULL;
    struct cells cells;
    for (int i = 0; i < brokers->endpoints.count; i++) {
        fill(&brokers->seen[i], &cells);
        if (table)
            table_add_cells(table, cells.texts);
        else /* the first word says what the line is, as with the fields before */
            printf("broker\t%s\t%s\t%s\t%s\t%s\n", cells.texts[0], cells.texts[1], cells.texts[2], cells.texts[3],
                   cells.texts[4]);
    }
    if (!table)
        return;
    putchar('\n');
    table_show(table, "");
}

json_t *brokers_json(const struct brokers *brokers)
{
    json_t *array = json_array();
    for (int i = 0; i < brokers->endpoints.count; i++) {
        const struct broker_seen *seen = &brokers->seen[i];
        json_t *object = json_pack("{s:s}", "endpoint", seen->endpoint);
        if (seen->problem.error) {
            json_object_set_new(object, "error", json_string(coord_error_name(seen->problem.error)));
            json_object_set_new(object, "message", json_string(seen->problem.message));
        } else {
            if (seen->role)
                json_object_set_new(object, "role", json_string(term_name(&vocabulary_broker_role, seen->role)));
            json_object_set_new(object, "seq", json_integer((json_int_t)seen->seq));
            if (seen->role == BROKER_ROLE_FOLLOWER)
                json_object_set_new(object, "lag_ms", json_integer((json_int_t)seen->lag_ms));
            if (seen->leader[0])
                json_object_set_new(object, "leader", json_string(seen->leader));
            json_object_set_new(object, "version", json_string(seen->version));
        }
        json_array_append_new(array, object);
    }
    return array;
}

/* GET /api/overview: the leader's page over all that a context may read. The broker is asked once for all who ask: hello says
 * whether anything has happened since the last time, and when not, that answer is given. Otherwise the broker counts anew, and
 * of the tasks those are read that have changed since (overview_walk.c). All of them are read at first, then seldom: every
 * FULL_MS, and when what is kept here and what the broker counts are not the same, as when tasks may not be read any more.
 * That takes seconds over 100,000 tasks and is not waited for: the answer before is given, marked `stale`, and the page asks
 * again. So is an answer of which the broker's counts say that the tasks behind it are not those of now.
 *
 * What the broker does not count is not seen to be another: how much waits for who asks. Where an agency takes another's place
 * without a record of the tasks, as one who assigned them, `waiting` follows with the next walk through all, after FULL_MS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "overview.h"
#include "overview_walk.h"
#include "request.h"

#define FRESH_MS   60000  /* what is late is so by another day, and a decision is late, with no record of it */
#define FULL_MS    600000 /* how often all is read */
#define DOUBT_MS   2000   /* how soon again, where there is a doubt */
#define DOUBTS_MAX 16     /* walks without agreement, each with changes in between */
#define PATIENT_MS 300    /* a walk of so long is waited for */
#define REST       3      /* after one, so many times its length: no more than a quarter of the time is walked */
#define REST_FULL  5      /* after one through all, which is not waited for */

enum doing { DOING_NOTHING, DOING_HELLO, DOING_REST, DOING_WALK };

struct overview {
    struct overview *next;
    struct web *web;
    struct broker *broker;
    enum doing doing;
    int64_t until;                          /* of a rest */
    struct request *waiting[WEB_CALLS_MAX]; /* each is one of web->calls */
    size_t waiting_count;
    /* what is kept of the tasks; whole when `has_rows` */
    struct overview_rows rows;
    bool has_rows;
    unsigned char store[16]; /* of the broker */
    unsigned doubts;         /* walks in a row that found less or more than the broker counted */
    int64_t full_made, full_took;
    /* the walk that is under way */
    struct overview_walk walk;
    int64_t began;
    uint64_t seq;
    /* the last answer; NULL before there is one */
    json_t *whole;
    uint64_t whole_seq;
    struct overview_stood
        whole_stood;    /* in whose names it was read: an agency stands in from a day on, with no record of it */
    int64_t good_until; /* by the broker's clock, when nothing is done */
    int64_t made;
    int64_t took; /* the last walk through what had changed */
};

/* ---- who waits ---- */

static void answer(struct overview *overview, bool is_stale)
{
    for (size_t i = 0; i < overview->waiting_count; i++) {
        json_t *object = json_copy(overview->whole);
        if (is_stale)
            json_object_set_new(object, "stale", json_true());
        overview->web->calls--;
        request_give(overview->waiting[i], 200, object);
    }
    overview->waiting_count = 0;
}

static void give_up(struct overview *overview, int error, const struct problem *problem)
{
    overview->doing = DOING_NOTHING;
    for (size_t i = 0; i < overview->waiting_count; i++) {
        overview->web->calls--;
        request_problem(overview->waiting[i], error, problem);
    }
    overview->waiting_count = 0;
}

/* Whether the tasks kept here are others than the broker counted. One that is so whatever is read is shown as it is. */
static bool is_doubtful(const struct overview *overview)
{
    return overview->doubts && overview->doubts <= DOUBTS_MAX;
}

/* ---- the walk ---- */

static void on_walked(void *with, int error, const struct problem *problem)
{
    struct overview *overview = with;
    const struct overview_walk *walk = &overview->walk;
    const int64_t steady = overview->web->steady;
    if (error) {
        give_up(overview, error, problem);
        return;
    }
    json_decref(overview->whole);
    overview->whole = overview_sum_json(&walk->sum, &overview->rows);
    overview->whole_seq = overview->seq;
    overview->whole_stood = walk->stood;
    overview->good_until = walk->sum.next < walk->clock + FRESH_MS ? walk->sum.next : walk->clock + FRESH_MS;
    overview->made = steady;
    overview->doubts = walk->sum.agrees ? 0 : overview->doubts + 1;
    if (walk->is_full) {
        overview->has_rows = true;
        overview->full_made = steady;
        overview->full_took = steady - overview->began;
    } else {
        overview->took = steady - overview->began;
    }
    overview->doing = DOING_NOTHING;
    answer(overview, is_doubtful(overview));
}

static void begin_walk(struct overview *overview, bool is_full, const struct msg_hello_reply *hello)
{
    struct problem problem = {0};
    char agency[65];
    if (is_full) {
        snprintf(agency, sizeof agency, "%.*s", TEXT_ARGS(hello->agency));
        overview_rows_done(&overview->rows);
        overview_rows_begin(&overview->rows, agency);
        overview->has_rows = false;
    }
    overview->doing = DOING_WALK;
    overview->began = overview->web->steady;
    overview->seq = hello->seq;
    overview->walk.broker = overview->broker;
    overview->walk.rows = &overview->rows;
    overview_stood_read(&overview->walk.stood, hello);
    overview->walk.done = on_walked;
    overview->walk.with = overview;
    const int error = overview_walk_begin(&overview->walk, is_full, overview->whole_seq, hello->time, &problem);
    if (error)
        give_up(overview, error, &problem);
}

/* ---- hello ---- */

/* Another store has other sequences and other tasks. */
static void take_store(struct overview *overview, const struct msg_hello_reply *hello)
{
    unsigned char store[sizeof overview->store] = {0};
    memcpy(store, hello->store.data, hello->store.size < sizeof store ? hello->store.size : sizeof store);
    if (memcmp(store, overview->store, sizeof store) == 0 && hello->seq >= overview->whole_seq)
        return;
    memcpy(overview->store, store, sizeof store);
    overview->has_rows = false;
    json_decref(overview->whole);
    overview->whole = NULL;
}

static bool is_to_be_full(const struct overview *overview, uint64_t seq)
{
    const int64_t age = overview->web->steady - overview->full_made;
    if (!overview->has_rows)
        return true;
    if (age < DOUBT_MS || age < REST_FULL * overview->full_took)
        return false;
    return age >= FULL_MS || overview->doubts > DOUBTS_MAX || (overview->doubts && seq == overview->whole_seq);
}

/* Whether nothing has happened since the last answer, and no day has begun. */
static bool is_of_now(const struct overview *overview, const struct msg_hello_reply *hello)
{
    struct overview_stood stood;
    overview_stood_read(&stood, hello);
    return hello->seq == overview->whole_seq && hello->time < overview->good_until &&
           overview_stood_equal(&stood, &overview->whole_stood);
}

/* Whether there is no walk yet: what is there is of now, or the last walk was just now. Who asks meanwhile is given the next
 * one's answer where that is soon, and else the one before. */
static bool rests(struct overview *overview, const struct msg_hello_reply *hello, bool is_full)
{
    overview->doing = DOING_NOTHING;
    overview->until = overview->made + REST * overview->took;
    if (!overview->whole)
        return false;
    if (!is_full && is_of_now(overview, hello)) {
        answer(overview, is_doubtful(overview));
        return true;
    }
    if (overview->web->steady >= overview->until)
        return false;
    if (overview->took > PATIENT_MS)
        answer(overview, true);
    else
        overview->doing = DOING_REST;
    return true;
}

static void on_hello(void *user, int error, const void *reply, const struct problem *problem)
{
    struct overview *overview = user;
    const struct msg_hello_reply *hello = reply;
    if (error) {
        give_up(overview, error, problem);
        return;
    }
    take_store(overview, hello);
    const bool is_full = is_to_be_full(overview, hello->seq);
    if (rests(overview, hello, is_full))
        return;
    if (overview->whole && (is_full ? overview->full_took : overview->took) > PATIENT_MS)
        answer(overview, true);
    begin_walk(overview, is_full, hello);
}

static int greet(struct overview *overview, struct problem *problem)
{
    const int error = broker_send(overview->broker, OP_HELLO, NULL, NULL, on_hello, overview, problem);
    overview->doing = error ? DOING_NOTHING : DOING_HELLO;
    return error;
}

/* ---- asked ---- */

static struct overview *overview_find(const struct web *web, const struct broker *broker)
{
    struct overview *overview = web->overviews;
    while (overview && overview->broker != broker)
        overview = overview->next;
    return overview;
}

static struct overview *overview_of(struct web *web, struct broker *broker)
{
    struct overview *overview = overview_find(web, broker);
    if (overview)
        return overview;
    overview = alloc_zeroed(1, sizeof *overview);
    overview->web = web;
    overview->broker = broker;
    overview->next = web->overviews;
    web->overviews = overview;
    return overview;
}

void handle_overview(struct request *request)
{
    struct web *web = request->web;
    struct problem problem = {0};
    if (!(request_rights(request) & (TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT)))) {
        problem_set(&problem, COORD_E_RIGHT_MISSING, "", "It takes the right to read, which this account has not.");
        request_problem(request, problem.error, &problem);
        return;
    }
    if (!request_may_call(request))
        return;
    struct overview *overview = overview_of(web, web_broker(web, request->session.user.context));
    const int64_t expected = overview->walk.is_full ? overview->full_took : overview->took;
    if (overview->doing == DOING_WALK && overview->whole && expected > PATIENT_MS) {
        json_t *object = json_copy(overview->whole);
        json_object_set_new(object, "stale", json_true());
        request_give(request, 200, object);
        return;
    }
    const int error = overview->doing == DOING_NOTHING ? greet(overview, &problem) : 0;
    if (error) {
        request_problem(request, error, &problem);
        return;
    }
    overview->waiting[overview->waiting_count++] = request;
    web->calls++;
    request_wait(request);
}

int overviews_wait_ms(const struct web *web, int most)
{
    for (const struct overview *overview = web->overviews; overview; overview = overview->next)
        if (overview->doing == DOING_REST && overview->until - web->steady < most)
            most = overview->until > web->steady ? (int)(overview->until - web->steady) : 0;
    return most;
}

void overviews_step(struct web *web)
{
    const char *why;
    struct problem problem = {0};
    bool is_any = false;
    for (struct overview *overview = web->overviews; overview; overview = overview->next) {
        if (overview->doing == DOING_REST && web->steady >= overview->until && greet(overview, &problem))
            give_up(overview, problem.error, &problem);
        is_any = is_any || overview->doing == DOING_HELLO || overview->doing == DOING_WALK;
    }
    for (size_t i = 0; !is_any && i < web->broker_count; i++) { /* one after the other: who asks comes first */
        struct broker *broker = web->brokers[i];
        if (!overview_find(web, broker) && strcmp(broker_state(broker, &why), "connected") == 0 &&
            broker_rights(broker) & TERM_BIT(RIGHT_READ)) {
            (void)greet(overview_of(web, broker), &problem); /* who asks tries anew */
            return;
        }
    }
}

void overviews_free(struct web *web)
{
    while (web->overviews) {
        struct overview *overview = web->overviews;
        web->overviews = overview->next;
        overview_rows_done(&overview->rows);
        json_decref(overview->whole);
        free(overview);
    }
}

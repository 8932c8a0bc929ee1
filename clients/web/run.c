/* coord-web run: the loop. Browsers ask, the broker answers and tells; in between it waits. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#include "alloc.h"
#include "clock.h"
#include "commands.h"
#include "evidence.h"
#include "http.h"
#include "metrics.h"
#include "overview.h"
#include "stop.h"

#define TICK_MS     1000 /* longest wait: heartbeats and the service manager are looked after so often */
#define FORGET_MS   (INT64_C(3600) * 1000)
#define STOPPING_MS 5000 /* how long a stop waits for what the broker was asked */
#define HTTP_COUNT  3

struct broker *web_broker(const struct web *web, const char *context)
{
    for (size_t i = 0; i < web->broker_count; i++)
        if (strcmp(broker_name(web->brokers[i]), context) == 0)
            return web->brokers[i];
    return NULL;
}

/* ---- one round ---- */

static void wait_for_any(struct web *web, struct http *const https[HTTP_COUNT])
{
    struct pollfd fds[CONFIG_CONTEXTS_MAX + HTTP_COUNT + 1];
    nfds_t count = 0;
    int wait = TICK_MS;
    fds[count++] = (struct pollfd){.fd = passwords_fd(web->passwords), .events = POLLIN};
    for (size_t i = 0; i < web->broker_count; i++)
        fds[count++] = (struct pollfd){.fd = broker_fd(web->brokers[i]), .events = POLLIN};
    for (size_t i = 0; i < HTTP_COUNT; i++)
        if (https[i]) {
            fds[count++] = (struct pollfd){.fd = http_fd(https[i]), .events = POLLIN};
            wait = http_wait_ms(https[i], wait);
        }
    wait = overviews_wait_ms(web, web->viewer_count && wait > BROKER_LOOK_MS ? BROKER_LOOK_MS : wait);
    (void)poll(fds, count, wait);
}

static bool round_of(struct web *web, struct http *const https[HTTP_COUNT])
{
    bool hopeless = false;
    web->now = clock_now_ms();
    web->steady = clock_steady_ms();
    if (store_changed_beside(web->store))
        viewers_check(web);
    passwords_dispatch(web->passwords);
    for (size_t i = 0; i < web->broker_count; i++) {
        broker_step(web->brokers[i], web->steady);
        hopeless = hopeless || broker_is_hopeless(web->brokers[i]);
    }
    if (web->metrics)
        metrics_step(web->metrics);
    if (!web->stopping)
        overviews_step(web);
    viewers_wake(web, NULL);
    for (size_t i = 0; i < HTTP_COUNT; i++)
        if (https[i])
            http_run(https[i]);
    return !hopeless;
}

/* What is asked already is answered; what comes new is told to come again. */
static void drain(struct web *web, struct http *const https[HTTP_COUNT])
{
    web->stopping = true;
    viewers_end(web, NULL);
    const int64_t end = clock_steady_ms() + STOPPING_MS;
    while (web->calls && clock_steady_ms() < end) {
        (void)round_of(web, https);
        wait_for_any(web, https);
    }
}

static int loop(struct web *web, struct http *const https[HTTP_COUNT])
{
    int64_t ticked = 0, forgot = 0;
    bool hopeful = true;
    sd_notify(0, "READY=1");
    while (!stop_asked() && hopeful) {
        hopeful = round_of(web, https);
        if (web->steady - ticked >= TICK_MS) {
            ticked = web->steady;
            sd_notify(0, "WATCHDOG=1");
            evidence_step(web);
        }
        if (!forgot || web->steady - forgot >= FORGET_MS) {
            forgot = web->steady;
            store_forget(web->store, web->now, web->config->idle, web->config->longest);
        }
        if (hopeful)
            wait_for_any(web, https);
    }
    sd_notify(0, "STOPPING=1");
    drain(web, https);
    return hopeful ? EXIT_DONE : EXIT_FORBIDDEN;
}

/* ---- the beginning and the end ---- */

static int open_brokers(struct web *web)
{
    for (size_t i = 0; i < web->config->contexts.count; i++) {
        struct coord_context context;
        struct problem problem = {0};
        const char *name = web->config->contexts.items[i];
        if (coord_context_find(&context, name, &problem))
            return line_fail(EXIT_CONTEXT, "%s: %s%s%s", name, problem.field, problem.field[0] ? ": " : "",
                             problem.message);
        web->brokers[web->broker_count++] = broker_new(web, name, &context);
        coord_context_wipe(&context);
    }
    return EXIT_DONE;
}

static struct limit *limit_new(double per_second, double burst)
{
    struct limit *limit = alloc_zeroed(1, sizeof *limit);
    limit->per_second = per_second;
    limit->burst = burst;
    return limit;
}

static bool open_sockets(struct web *web, struct http *https[HTTP_COUNT])
{
    const struct config *config = web->config;
    const struct address *addresses[HTTP_COUNT] = {&config->listen, &config->proxy, &config->metrics};
    for (size_t i = 0; i < HTTP_COUNT; i++)
        if (addresses[i]->size && !(https[i] = http_open(web, (enum listener)i, addresses[i])))
            return false;
    return true;
}

static int serve(struct web *web)
{
    struct http *https[HTTP_COUNT] = {NULL};
    int code = open_brokers(web);
    if (!code) {
        stop_watch();
        web->now = clock_now_ms();
        web->steady = clock_steady_ms();
        if (web->config->metrics.size)
            web->metrics = metrics_new(web);
        code = open_sockets(web, https) ? loop(web, https) : EXIT_SYSTEM;
    }
    for (size_t i = 0; i < web->broker_count; i++)
        broker_free(web->brokers[i]); /* answers what still waits for it */
    web->broker_count = 0;
    metrics_free(web->metrics);
    web->metrics = NULL;
    overviews_free(web);
    for (size_t i = 0; i < HTTP_COUNT; i++) {
        if (https[i])
            http_run(https[i]); /* what was just answered is no longer suspended, as a close demands */
        http_close(https[i]);
    }
    return code;
}

int command_run(const struct line *line)
{
    struct web *web = alloc_zeroed(1, sizeof *web);
    struct config *config = line_config(line);
    int code = EXIT_USAGE;
    web->config = config;
    web->dir = line_dir(line);
    if (config && (web->store = store_open(web->dir))) {
        web->passwords = passwords_new();
        web->front = front_open(config->front);
        web->session_limit = limit_new(WEB_SESSION_RATE, WEB_SESSION_HELD);
        web->sign_in_limit = limit_new(WEB_SIGN_IN_RATE, WEB_SIGN_IN_HELD);
        evidence_begin(web);
        code = web->passwords ? serve(web) : line_fail(EXIT_SYSTEM, "there is no memory, or no thread, for passwords");
        passwords_free(web->passwords);
        front_free(web->front);
        free(web->session_limit);
        free(web->sign_in_limit);
    } else if (config) {
        code = EXIT_SYSTEM;
    }
    store_close(web->store);
    config_free(config);
    free(web);
    return code;
}

/* coord-relay run: the loop. What the broker tells is stored; what is due goes out; in between it waits. */
#include <stdio.h>
#include <systemd/sd-daemon.h>

#include "broker.h"
#include "clock.h"
#include "commands.h"
#include "metrics.h"
#include "stop.h"

#define TICK_MS         1000 /* longest wait: the watch, the silences and the service manager are looked after so often */
#define BACKLOG_TICK_MS 50   /* while something is being sent that a receiver does not take yet */
#define FORGET_MS       (INT64_C(6) * 3600 * 1000)

static int wait_ms(const struct relay *relay, int64_t now)
{
    const int64_t next = store_next(relay->store);
    int64_t wait = store_is_sending(relay->store) ? BACKLOG_TICK_MS : TICK_MS;
    if (next - now < wait)
        wait = next - now;
    return wait > 0 ? (int)wait : 0;
}

static bool find_context(struct coord_context *context, const struct config *config)
{
    struct problem problem = {0};
    if (coord_context_find(context, config->context, &problem) == 0)
        return true;
    line_fail(EXIT_CONTEXT, "%s%s%s", problem.field, problem.field[0] ? ": " : "", problem.message);
    return false;
}

/* Reads the configuration again. One that is wrong is told, and changes nothing. */
static void reload(struct relay *relay, struct broker *broker, struct scrape *scrape, const struct line *line)
{
    struct coord_context context = {0};
    sd_notify(0, "RELOADING=1");
    struct config *config = line_config(line);
    const bool right = config && find_context(&context, config);
    relay->figures.wrong = !right;
    if (right) {
        broker_set_config(broker, config, &context, clock_now_ms());
        scrape_open(scrape);
        fprintf(stderr, "coord-relay: goes by the configuration as it is now: %zu routes, %zu receivers, %zu people\n",
                config->route_count, config->receiver_count, config->people_count);
    } else {
        fprintf(stderr, "coord-relay: goes on by the configuration of before: that of now has faults\n");
        config_free(config);
    }
    coord_context_wipe(&context);
    sd_notify(0, "READY=1");
}

static int loop(struct relay *relay, struct broker *broker, struct scrape *scrape, const struct line *line)
{
    int64_t ticked = 0, forgot = 0;
    sd_notify(0, "READY=1");
    while (!stop_asked() && !broker_hopeless(broker)) {
        int64_t now = clock_now_ms();
        const char *why = "";
        if (reload_asked())
            reload(relay, broker, scrape, line);
        broker_step(broker, now);
        relay_flush(relay, now);
        relay_send(relay, now);
        store_commit(relay->store);
        const int also[SENDER_ALSO_MAX] = {broker_fd(broker), scrape_fd(scrape)};
        sender_wait(relay->sender, also, scrape_wait_ms(scrape, wait_ms(relay, now)), now);
        relay->now = clock_now_ms();
        store_commit(relay->store);
        const int64_t gone = broker_gone_since(broker, &why);
        scrape_run(scrape, gone, relay->now);
        if (now - ticked >= TICK_MS || now < ticked) {
            ticked = now;
            watch_look(relay, gone, why, now);
            sd_notify(0, "WATCHDOG=1");
        }
        if (now - forgot >= FORGET_MS || now < forgot) {
            forgot = now;
            store_begin(relay->store);
            store_forget(relay->store, now);
            store_commit(relay->store);
        }
    }
    sd_notify(0, "STOPPING=1");
    return broker_hopeless(broker);
}

int command_run(const struct line *line)
{
    struct coord_context context;
    static struct relay relay; /* too large for a stack to be given without thought */
    struct config *config = line_config(line);
    if (!config)
        return EXIT_USAGE;
    if (!find_context(&context, config)) {
        config_free(config);
        return EXIT_CONTEXT;
    }
    stop_watch();
    reload_watch();
    struct store *store = store_open(line_dir(line));
    int code = EXIT_SYSTEM;
    if (store) {
        relay_init(&relay, config, store);
        relay.figures.read = clock_now_ms();
        relay.sender = sender_new(relay_heard, &relay);
        struct broker *broker = broker_new(&relay, &context);
        store_bury_strays(store, config, clock_now_ms());
        struct scrape *scrape = scrape_new(&relay);
        scrape_open(scrape);
        code = loop(&relay, broker, scrape, line);
        scrape_free(scrape);
        config = relay.config; /* it may have been read again */
        broker_free(broker);
        relay_done(&relay);
        store_close(store);
    }
    coord_context_wipe(&context);
    config_free(config);
    return code;
}

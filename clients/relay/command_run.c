/* coord-relay run: the loop. What the broker tells is stored; what is due goes out; in between it waits. */
#include <stdio.h>
#include <systemd/sd-daemon.h>

#include "broker.h"
#include "clock.h"
#include "commands.h"
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

static int loop(struct relay *relay, struct broker *broker)
{
    int64_t ticked = 0, forgot = 0;
    sd_notify(0, "READY=1");
    while (!stop_asked() && !broker_hopeless(broker)) {
        int64_t now = clock_now_ms();
        const char *why = "";
        broker_step(broker, now);
        relay_flush(relay, now);
        relay_send(relay, now);
        store_commit(relay->store);
        sender_wait(relay->sender, broker_fd(broker), wait_ms(relay, now), now);
        relay->now = clock_now_ms();
        store_commit(relay->store);
        if (now - ticked >= TICK_MS || now < ticked) {
            ticked = now;
            const int64_t gone = broker_gone_since(broker, &why);
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
    struct problem problem = {0};
    static struct relay relay; /* too large for a stack to be given without thought */
    struct config *config = line_config(line, false);
    if (!config)
        return EXIT_USAGE;
    if (coord_context_find(&context, config->context, &problem)) {
        config_free(config);
        return line_fail(EXIT_CONTEXT, "%s%s%s", problem.field, problem.field[0] ? ": " : "", problem.message);
    }
    struct store *store = store_open(line_dir(line));
    int code = EXIT_SYSTEM;
    if (store) {
        stop_watch();
        store_bury_strays(store, config, clock_now_ms());
        relay_init(&relay, config, store);
        relay.sender = sender_new(relay_heard, &relay);
        struct broker *broker = broker_new(&relay, &context);
        code = loop(&relay, broker);
        broker_free(broker);
        relay_done(&relay);
        store_close(store);
    }
    coord_context_wipe(&context);
    config_free(config);
    return code;
}

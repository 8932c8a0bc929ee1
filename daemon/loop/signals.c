/* SIGTERM and SIGINT stop the broker in good order, SIGHUP reloads its limits. */
#include <assert.h>
#include <signal.h>

#include "base/log.h"
#include "loop/process.h"

static void signals_on_stop(uv_signal_t *handle, int number)
{
    struct broker *broker = handle->data;
    log_info("stopping on %s", number == SIGTERM ? "SIGTERM" : "SIGINT");
    broker_stop(broker);
    broker_settle(broker);
}

static void signals_on_reload(uv_signal_t *handle, int number)
{
    struct broker *broker = handle->data;
    (void)number;
    reload_limits(broker);
    broker_settle(broker);
}

void signals_hold(bool held)
{
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGHUP);
    pthread_sigmask(held ? SIG_BLOCK : SIG_UNBLOCK, &ours, NULL);
}

void signals_open(struct process *process)
{
    static const struct {
        int number;
        uv_signal_cb callback;
    } wanted[] = {{SIGTERM, signals_on_stop}, {SIGINT, signals_on_stop}, {SIGHUP, signals_on_reload}};
    /* A write to a connection that went away is answered by the write, not by a signal. */
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        uv_signal_init(&process->loop, &process->signals[i]);
        process->signals[i].data = &process->broker;
        const int failed = uv_signal_start(&process->signals[i], wanted[i].callback, wanted[i].number);
        assert(failed == 0);
    }
    signals_hold(false);
}

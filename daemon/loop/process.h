/* The broker in a process of its own: the host of the loop, made of libuv's timers, the journal's thread, ZeroMQ's sockets,
 * signals and the service manager.
 */
#ifndef COORDD_LOOP_PROCESS_H
#define COORDD_LOOP_PROCESS_H

#include <uv.h>

#include "loop/cold_file.h"
#include "loop/commit.h"
#include "loop/sdnotify.h"
#include "loop/server.h"
#include "loop/state.h"
#include "loop/zap.h"

struct process {
    struct host host; /* first: a struct host of ours is one of these */
    struct broker broker;
    uv_loop_t loop;
    uv_timer_t wake;
    uv_idle_t work; /* active while there is work for the next turn of the loop */
    uv_timer_t second;
    uv_timer_t watchdog;
    uv_signal_t signals[3];
    struct journal *journal;
    struct cold_file *cold; /* where the core's closed tasks go */
    struct commit *commit;
    struct sdnotify_socket sockets[SDNOTIFY_SOCKETS_MAX]; /* that systemd passed */
    int socket_count;
    void *zmq;
    struct zap *zap;
    struct server server;
};

/* signals.c */
void signals_open(struct process *process);
/* While they are held, signals wait: from where the lead was waited for to signals_open. */
void signals_hold(bool held);

#endif

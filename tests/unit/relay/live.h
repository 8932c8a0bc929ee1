/* A relay on a stored queue and a clock that is given; nothing is sent. */
#ifndef RELAY_TESTS_LIVE_H
#define RELAY_TESTS_LIVE_H

#include "../../../clients/relay/relay.h"

extern struct relay relay; /* from live_begin to live_end */

/* One receiver of lines; an escalation keeps reminders back. */
#define LIVE_PLAIN                                                                                                     \
    "route: {receiver: a, group_wait: 1m, group_interval: 10m, repeat_interval: 1h}\n"                                 \
    "receivers: [{name: a, type: lines, file: '-'}]\n"                                                                 \
    "inhibit: [{source: {notice: escalated}, target: {notice: reminder}}]\n"

void live_begin(const char *config);
/* As after a crash: what was not committed is gone. */
void live_reopen(void);
void live_end(void);

/* A record, given as JSON with ' for ", without its braces; it is stored. */
void live_take(const char *json, const char *now);
/* Those that are being sent are taken by their receivers. */
void live_send_all(const char *now);
/* The deliveries in a state, each as `receiver/person again 1 -2;`: a sequence that is left out has a minus. Valid until the next call. */
const char *live_in_state(enum delivery_state state);

#endif

/* The relay's figures for Prometheus, at an address of their own: GET /metrics, served between the rounds of the loop. */
#ifndef RELAY_METRICS_H
#define RELAY_METRICS_H

#include "relay.h"

#define METRICS_CONNECTIONS_MAX 16 /* a Prometheus has one or two */
#define METRICS_SILENCE_S       15 /* who sends or takes nothing for so long while it should is cut */

/* The whole, on the clock of the argument. `broker_gone_since` as broker_gone_since has it. */
void metrics_write(const struct relay *relay, int64_t broker_gone_since, int64_t now, struct buffer *out);

struct scrape; /* the socket */

struct scrape *scrape_new(const struct relay *relay);
void scrape_free(struct scrape *scrape);
/* Serves where the relay's configuration says, if anywhere. What cannot be listened on is told: to deliver matters more. */
void scrape_open(struct scrape *scrape);
int scrape_fd(const struct scrape *scrape); /* -1 when nothing is served */
int scrape_wait_ms(const struct scrape *scrape, int most);
void scrape_run(struct scrape *scrape, int64_t broker_gone_since, int64_t now);

#endif

/* What the relay hears from the broker, through libcoord: the agencies, the calendar, and the stream of notifications, of
 * which each is stored before it is said to be dealt with. Nothing here waits.
 */
#ifndef RELAY_BROKER_H
#define RELAY_BROKER_H

#include <coord.h>

#include "relay.h"

#define BROKER_REFRESH_MS (INT64_C(3600) * 1000) /* after which agencies and calendar are read again */
#define BROKER_LOOK_MS    60000                  /* between readings for the sake of an agency that is not known */
#define BROKER_PAUSE_MS   5000 /* before the connection is made anew, when the broker ended or refused it */

struct broker;

struct broker *broker_new(struct relay *relay, const struct coord_context *context);
void broker_free(struct broker *broker);
/* Hands the relay another configuration; the connection is made anew only where it has to be. Takes a copy of the context. */
void broker_set_config(struct broker *broker, struct config *config, const struct coord_context *context, int64_t now);
/* Does what there is to do, and stores what has come. */
void broker_step(struct broker *broker, int64_t now);
int broker_fd(const struct broker *broker);
/* Since when there is no stream; 0 while there is one. `*why` is valid until the next step. */
int64_t broker_gone_since(const struct broker *broker, const char **why);
/* An exit code, and told, once it is of no use to go on: the key may administer. 0 otherwise. */
int broker_hopeless(const struct broker *broker);

#endif

/* One context's connection to the broker: the requests of its sessions go over it, and one stream of notifications, which
 * all its browsers share, comes by it.
 */
#ifndef WEB_BROKER_H
#define WEB_BROKER_H

#include <coord.h>

#include "ring.h"

#define BROKER_PAUSE_MS   2000  /* after a refusal, before it is tried anew */
#define BROKER_REFRESH_MS 60000 /* how often the key's rights are asked for */
#define BROKER_LOOK_MS    500   /* while somebody watches: also whether anything was done that is not told */
#define BROKER_CREDIT     256   /* each is put into the ring at once */
#define BROKER_CALL_MS    20000 /* a request that is not answered by then is given up, and may be asked again by its id */

struct web;
struct broker;

/* The web, and the name, outlive it; the context is copied. */
struct broker *broker_new(struct web *web, const char *name, const struct coord_context *context);
void broker_free(struct broker *broker); /* requests that wait are told so first */

/* Does what there is to do: connects, asks, takes what has come. */
void broker_step(struct broker *broker, int64_t steady);
int broker_fd(const struct broker *broker); /* -1: none */

const char *broker_name(const struct broker *broker);
const char *broker_agency(const struct broker *broker);
/* What the key may do, as the broker last said; before it did, nothing is known and all is tried. */
uint32_t broker_rights(const struct broker *broker);
/* "connected" or "disconnected", and why. Valid until the next step. */
const char *broker_state(const struct broker *broker, const char **why);
unsigned broker_state_version(const struct broker *broker); /* another after each change of it */
/* Counts the changes that its sessions have made: their own agency is not notified of them, and its other browsers show
 * them too. */
void broker_note_change(struct broker *broker);
unsigned broker_changes(const struct broker *broker);
/* Counts how often it was found that records had come of which none was told. */
unsigned broker_moves(const struct broker *broker);
const struct ring *broker_ring(const struct broker *broker);
/* The key may administer: a web server must not hold such a one. */
bool broker_is_hopeless(const struct broker *broker);

/* Sends a request; `id` NULL draws one. Errors as coord_send's, and TIMED_OUT at once when there is no handle. */
int broker_send(struct broker *broker, enum op op, const char *id, const void *message, coord_reply_callback *callback,
                void *user, struct problem *problem);
/* The same in the name of an agency that the broker's own stands in for; NULL: in its own. */
int broker_send_for(struct broker *broker, const char *name, enum op op, const char *id, const void *message,
                    coord_reply_callback *callback, void *user, struct problem *problem);

#endif

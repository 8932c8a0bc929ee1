/* A scripted broker that streams, and a subscriber on it. */
#ifndef COORDD_TESTS_SCENE_H
#define COORDD_TESTS_SCENE_H

#include "broker.h"

/* What a scripted broker holds, and what a subscriber got. The broker's part is used by its thread alone. */
struct scene {
    struct broker broker;
    struct coord *coord;
    /* the broker's */
    _Atomic uint64_t newest; /* records 1 to newest exist */
    uint64_t sent;           /* on the stream, or the place to begin at */
    uint64_t credit;
    uint64_t stop_at; /* it goes silent after this sequence, once; 0 for never */
    uint64_t rewind;  /* on a resumption it sends so many again */
    bool subscribed;
    bool keeps_slowly;           /* `consumed` is answered after the next unsubscribe */
    struct incoming kept_slowly; /* that one */
    bool mute;                   /* answers nothing but what is subscribed anew */
    int ending;                  /* closes the stream so after stop_at */
    int subscribes, credits, hellos, unsubscribes;
    uint64_t consumed; /* newest `consumed` */
    int consumed_count;
    uint64_t from[16]; /* of the subscribes; UINT64_MAX when absent */
    uint64_t credit_asked[16];
    /* the subscriber's */
    uint64_t got[200];
    int count;
    int ended;
    int ending_got;
    int error_got;
    int outcome; /* of the callback */
};

void scene_open(struct scene *scene, const struct coord_options *options);
/* As a durable consumer, or (NULL) from the first record on; the handle's callback is scene_get. */
void scene_subscribe(struct scene *scene, const char *consumer);
int scene_get(void *user, const struct coord_event *event);
/* Whatever was got is in sequence, with no gap. */
void scene_close(struct scene *scene);

#endif

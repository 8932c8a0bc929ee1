/* The requests of class stream: subscribe, credit, consumed, unsubscribe. */
#ifndef COORDD_LOOP_SUBSCRIPTION_H
#define COORDD_LOOP_SUBSCRIPTION_H

#include "core/effect.h"

struct batch;
struct broker;

/* Does what an EFFECT_STREAM allows and answers it. What must be kept, and its answer, goes into the batch at hand. */
void subscription_handle(struct broker *broker, const struct effects *effects, const struct effect *effect);
/* The batch is on disk: the streams that waited for it begin. */
void subscription_batch_released(struct broker *broker, const struct batch *batch);

#endif

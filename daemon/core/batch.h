/* Many requests in one frame, each answered by itself. A batch is done in slices, so that no step takes long (struct slice, event.h).
 */
#ifndef COORDD_CORE_BATCH_H
#define COORDD_CORE_BATCH_H

#include "core/step.h"

/* Those given, and what is usual where one is 0. */
struct batch_limits batch_limits_of(const struct batch_limits *given);

/* A slice, from where `step->slice` says until it has cost enough or all is done; one request at least. `step->frame` was opened when the
 * batch began. */
void batch_go_on(struct step *step);

#endif

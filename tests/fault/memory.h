/* The parts of the row `memory`: each makes memory run out at every place in turn, and says at how many. */
#ifndef COORDD_FAULT_MEMORY_H
#define COORDD_FAULT_MEMORY_H

#include "fault/fault.h"

uint64_t memory_codec(const struct fault *fault);  /* every message, encoded and decoded */
uint64_t memory_client(const struct fault *fault); /* libcoord, on a real broker */
uint64_t memory_core(const struct fault *fault);   /* the core: steps, checkpoint, restore */
uint64_t memory_broker(const struct fault *fault); /* the whole daemon, with a ledger */

#endif

/* All that a broker answers about a small world, as one digest: two brokers that answer alike have the same. */
#ifndef COORDD_FAULT_ANSWERS_H
#define COORDD_FAULT_ANSWERS_H

#include "fault/fault.h"

#define ANSWERS_SIZE 32

/* Asks for agencies, keys, calendars, policies, counts, escalations, tasks and their whole histories, and once more for
 * what became of each member's first change (fault/changes.h). False when the broker ended before it had answered all;
 * a refusal ends up in the digest. */
bool answers_ask(struct served *served, const struct member *members, int count, uint8_t digest[ANSWERS_SIZE]);

#endif

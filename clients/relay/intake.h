/* What the broker has told and is not stored yet: its records, and what is asked of it about their tasks, which a record
 * does not say whole.
 */
#ifndef RELAY_INTAKE_H
#define RELAY_INTAKE_H

#include <coord.h>

#include "relay.h"

#define INTAKE_MAX       512 /* records: the credit that the broker has. 6 KB each at most, so 3 MB */
#define INTAKE_TASKS_MAX 256 /* asked for in one batch */

struct intake;

struct intake *intake_new(struct relay *relay);
void intake_free(struct intake *intake);
/* Forgets all: what is not stored was never said to be dealt with, and comes again. */
void intake_clear(struct intake *intake);

bool intake_add(struct intake *intake, const struct msg_record *record); /* false when it is full */
/* Asks for the tasks of the records in front, as many as go into one batch; nothing, where that is done or there are none.
 * 0 or a negative error. */
int intake_ask(struct intake *intake, struct coord *coord, struct problem *problem);
/* Whether there are records in front whose tasks are here. */
bool intake_is_ready(const struct intake *intake);
/* Whether one of these tells an agency of which the store does not know where it stands, or for whom it stands in. */
bool intake_has_stranger(const struct intake *intake);
/* Stores these, synced when it returns: gives the sequence up to which all is dealt with; 0 when there was nothing. */
uint64_t intake_store(struct intake *intake, int64_t now);

#endif

/* What must hold of a crash state (power_disk.h). */
#ifndef COORDD_FAULT_POWER_CHECK_H
#define COORDD_FAULT_POWER_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "fault/power_disk.h"

/* The records as they came to be: what stands at a sequence, stands there for ever. */
struct power_model;
struct power_model *power_model_of(const struct power_log *log); /* from the log's end, where nothing is lost */
void power_model_free(struct power_model *model);
uint64_t power_model_count(const struct power_model *model);

/* Shared by the processes that look at crash states. */
struct power_tally {
    uint64_t states, unsynced;
};

/* Opens the crash state with the journal and the core, as a start does and as `coordd verify` does, holds it against the
 * model, and appends one record more. Ends the program when something does not hold; `number` and `at` are told. */
void power_check(struct power_disk *disk, const struct power_model *model, size_t number, uint64_t at,
                 struct power_tally *tally);

#endif

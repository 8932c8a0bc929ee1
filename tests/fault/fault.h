/* Faults on the real daemon: each test breaks something for good and holds what comes of it against a ledger of its own.
 */
#ifndef COORDD_FAULT_FAULT_H
#define COORDD_FAULT_FAULT_H

#include "rig/rig.h"

struct fault {
    struct rig rig;
    bool full;             /* the long form */
    const char *libraries; /* where the libraries to preload are */
    const char *part;      /* of a row, by its name: only that one; NULL for all */
};

struct fault_row {
    const char *name, *sentence;
    void (*run)(const struct fault *); /* ends the program when something does not hold */
};
extern const struct fault_row kill_fault, resend_fault, revoke_fault, stalled_fault, crowd_fault, hostile_fault,
    sync_fault, power_fault, errno_fault, memory_fault, full_fault, damage_fault, clock_fault, soak_fault, unfair_fault;

/* One line for the reader. */
void fault_measured(const char *format, ...) __attribute__((format(printf, 1, 2)));
void fault_missed(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define FAULT_CHECK(condition, ...)                                                                                    \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            rig_die(__VA_ARGS__);                                                                                      \
    } while (0)

/* What depends on the machine, too. Each goal that is missed is said, and the row goes on; at the end any of them fails the
 * long form, which is run on a machine that does nothing else. */
#define FAULT_GOAL(condition, ...)                                                                                     \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fault_missed(__VA_ARGS__);                                                                                 \
    } while (0)

#endif

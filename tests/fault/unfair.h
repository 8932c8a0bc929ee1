/* What one agency does to hurt the others: a sort a row, each in a process of its own, without end. */
#ifndef COORDD_FAULT_UNFAIR_H
#define COORDD_FAULT_UNFAIR_H

#include "fault/fault.h"

#define UNFAIR_LEADS 32 /* agencies that an attacker gives tasks to */

struct attack_scene {
    const struct served *served;
    const struct member *attacker;
    const struct member *leads; /* UNFAIR_LEADS of them */
};

struct attack_row {
    const char *name, *sentence;
    void (*run)(const struct attack_scene *); /* does not return */
};
/* unfair_tricks.c: what is not to be read, named or moved */
#define TRICKS(T)                                                                                                      \
    T(replay, "reads again what it was told of a task that is not its own any more")                                   \
    T(taken_back, "reads a task that an escalation told it of, and that was taken back")                               \
    T(next, "follows each `next` of its lists to tasks that are not its own")                                          \
    T(references, "gives tasks names that mislead")                                                                    \
    T(backups, "backs the store up over a file that stands there")                                                     \
    T(consumer, "moves the place of a consumer with a key that may only read")
#define T(name, sentence) void trick_##name(const struct attack_scene *);
TRICKS(T)
#undef T

extern const struct attack_row attack_rows[];
extern const size_t attack_count;

#endif

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
extern const struct attack_row attack_rows[];
extern const size_t attack_count;

#endif

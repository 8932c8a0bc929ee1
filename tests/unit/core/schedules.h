/* Schedules for tests: to change before they are sent. */
#ifndef COORDD_TESTS_UNIT_CORE_SCHEDULES_H
#define COORDD_TESTS_UNIT_CORE_SCHEDULES_H

#include "unit/core/world.h"

/* A weekly one, to xa1, due 4 working days after its Monday. */
struct msg_schedule_set weekly(const char *id);

#endif

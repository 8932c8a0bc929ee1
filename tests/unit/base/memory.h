/* A heap that fails on demand: the nth allocation from now, counted from 0; -1 is never. */
#ifndef COORDD_TESTS_UNIT_BASE_MEMORY_H
#define COORDD_TESTS_UNIT_BASE_MEMORY_H

extern int memory_left;

#endif

/* Which socket a descriptor is: its number may be another's by the time that somebody acts on it. */
#ifndef COORDD_LOOP_DESCRIPTOR_H
#define COORDD_LOOP_DESCRIPTOR_H

#include <stdint.h>
#include <sys/stat.h>

/* 0 when it is none. */
static inline uint64_t descriptor_inode(int descriptor)
{
    struct stat status;
    return descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode) ? (uint64_t)status.st_ino : 0;
}

#endif

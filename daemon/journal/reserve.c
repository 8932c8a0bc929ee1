/* See reserve.h. */
#include "journal/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESERVE_FILE "reserve"

int reserve_take(int directory, uint64_t bytes)
{
    struct stat status;
    const int file = openat(directory, RESERVE_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return errno;
    int failed = fstat(file, &status) == 0 ? 0 : errno;
    /* Blocks, not size: a file with a hole keeps nothing back. */
    const uint64_t kept = (uint64_t)status.st_blocks * 512;
    if (!failed && (kept < bytes || (uint64_t)status.st_size < bytes))
        failed = posix_fallocate(file, 0, (off_t)bytes);
    close(file);
    if (failed)
        reserve_release(directory);
    return failed;
}

void reserve_release(int directory)
{
    (void)unlinkat(directory, RESERVE_FILE, 0);
}

/* See files.h. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int give_all(DIR *files, const struct stat *owner)
{
    const struct dirent *entry;
    struct stat status;
    while ((entry = readdir(files))) {
        if (fstatat(dirfd(files), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
            continue;
        if (status.st_uid == owner->st_uid && status.st_gid == owner->st_gid)
            continue;
        if (fchownat(dirfd(files), entry->d_name, owner->st_uid, owner->st_gid, AT_SYMLINK_NOFOLLOW) != 0)
            return -1;
    }
    return 0;
}

int files_take_owner(const char *directory, struct problem *problem)
{
    struct stat owner;
    if (geteuid() != 0)
        return 0;
    DIR *files = opendir(directory);
    int failed = !files || fstat(dirfd(files), &owner) != 0 || give_all(files, &owner) != 0;
    const int error = errno;
    if (files)
        closedir(files);
    return failed ? problem_set(problem, COORD_E_SYSTEM, "", "the files in %.150s cannot be given to its owner: %s",
                                directory, strerror(error))
                  : 0;
}

static int copy_bytes(int from, int to)
{
    char bytes[65536];
    ssize_t size;
    while ((size = read(from, bytes, sizeof bytes)) > 0)
        if (write(to, bytes, (size_t)size) != size)
            return -1;
    return size < 0 ? -1 : fsync(to);
}

int files_copy(const char *path, int directory, const char *name, struct problem *problem)
{
    const int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "the backup cannot be read: %s", strerror(errno));
    const int to = openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    int failed = to < 0 ? -1 : copy_bytes(from, to);
    const int error = errno;
    close(from);
    if (to >= 0)
        close(to);
    return failed ? problem_set(problem, COORD_E_SYSTEM, "", "the backup cannot be copied: %s", strerror(error)) : 0;
}

void files_free_name(int directory, const char *name, char *free_name, unsigned size)
{
    unsigned number = 0;
    do
        snprintf(free_name, size, "%s-%u", name, ++number);
    while (faccessat(directory, free_name, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
}

bool files_lock(int directory)
{
    return flock(directory, LOCK_EX | LOCK_NB) == 0;
}

void files_unlock(int directory)
{
    (void)flock(directory, LOCK_UN);
}

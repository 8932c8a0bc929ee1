/* See whole.h. */
#include "journal/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "journal/journal.h"
#include "journal/mark.h"

static int sync_path(const char *path, int flags)
{
    const int file = open(path, flags | O_CLOEXEC);
    if (file < 0)
        return -1;
    const int result = fsync(file);
    close(file);
    return result;
}

/* As rename, but for a file that is there. A link keeps it too, on every file system that has them. */
static int name_as(const char *part, const char *path)
{
    if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (link(part, path) != 0)
        return -1;
    (void)unlink(part); /* it has its name, and that it has another too is no failure */
    return 0;
}

void whole_part(const char *path, char *part, size_t size)
{
    const char *slash = strrchr(path, '/');
    const int directory = slash ? (int)(slash + 1 - path) : 0;
    snprintf(part, size, "%.*s.%s.part", directory, path, path + directory);
}

int whole_name(const char *part, const char *path)
{
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    if (sync_path(part, O_RDWR) != 0 || name_as(part, path) != 0)
        return -1;
    if (sync_path(dirname(directory), O_RDONLY | O_DIRECTORY) == 0)
        return 0;
    const int error = errno;
    (void)unlink(path);
    errno = error;
    return -1;
}

/* SQLite tells nobody when the checkpoint of its closing fails; it then leaves the log. */
int whole_closed(const char *directory, struct problem *problem)
{
    char log[PATH_MAX];
    snprintf(log, sizeof log, "%.4000s/" JOURNAL_FILE "-wal", directory);
    return access(log, F_OK) == 0 ? problem_set(problem, COORD_E_SYSTEM, "dir", "%.180s could not be written back", log)
                                  : 0;
}

void whole_clear(const char *directory)
{
    static const char *const files[] = {JOURNAL_FILE, JOURNAL_FILE "-wal", JOURNAL_FILE "-shm", MARK_FILE};
    char path[PATH_MAX + 64];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
}

/* See preloaded.h. */
#include "fault/preloaded.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void open_page(struct preloaded *preloaded, const struct fault *fault)
{
    mkdir(fault->rig.directory, 0700);
    snprintf(preloaded->path, sizeof preloaded->path, "%s/page.%d", fault->rig.directory, (int)getpid());
    snprintf(preloaded->library, sizeof preloaded->library, "%s/fault_preload.so", fault->libraries);
    const int file = open(preloaded->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FAULT_CHECK(file >= 0 && ftruncate(file, sizeof(struct preload)) == 0, "%s cannot be made", preloaded->path);
    preloaded->shared = mmap(NULL, sizeof(struct preload), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    FAULT_CHECK(preloaded->shared != MAP_FAILED, "no memory");
    close(file);
    setenv("COORD_FAULT", preloaded->path, 1);
}

void preloaded_start(struct preloaded *preloaded, const struct fault *fault)
{
    open_page(preloaded, fault);
    served_start(&preloaded->served, &fault->rig, preloaded->library);
}

void preloaded_again(struct preloaded *preloaded, const struct fault *fault)
{
    (void)served_launch(&preloaded->served, &fault->rig, preloaded->library);
}

void preloaded_remove(struct preloaded *preloaded)
{
    served_remove(&preloaded->served);
    munmap(preloaded->shared, sizeof(struct preload));
    unlink(preloaded->path);
    unsetenv("COORD_FAULT");
}

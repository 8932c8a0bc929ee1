/* To preload: a disk whose sync takes 10 ms more than this machine's. */
#include <dlfcn.h>
#include <unistd.h>

#define SYNC_US 10000

int fdatasync(int descriptor)
{
    static int (*real)(int);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
    usleep(SYNC_US);
    return real(descriptor);
}

int fsync(int descriptor)
{
    static int (*real)(int);
    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    usleep(SYNC_US);
    return real(descriptor);
}

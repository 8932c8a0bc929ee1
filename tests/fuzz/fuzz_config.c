/* Any bytes as coordd.conf. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct config config;
    static int file = -1;
    struct problem problem;
    char path[64];
    if (file < 0)
        file = memfd_create("coordd.conf", MFD_CLOEXEC);
    FUZZ_CHECK(ftruncate(file, 0) == 0 && pwrite(file, bytes, size, 0) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    const int result = config_read(&config, path, &problem);
    FUZZ_CHECK(result == 0 || problem.message[0]);
    return 0;
}

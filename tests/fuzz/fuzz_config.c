/* Any bytes as coordd.conf, or as a client's context file when they begin with `#c`. What was taken is within the
 * table's bounds; a context that was taken is written and read again, and says the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "coord.h"
#include "fuzz/fuzz.h"

/* The file that both read: an anonymous one, under its name in /proc. */
static const char *put(const uint8_t *bytes, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("coordd.conf", MFD_CLOEXEC);
        FUZZ_CHECK(file >= 0 && fchmod(file, 0600) == 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    FUZZ_CHECK(ftruncate(file, 0) == 0 && pwrite(file, bytes, size, 0) == (ssize_t)size);
    return path;
}

static bool text_within(const char *text, size_t min, size_t max)
{
    const size_t size = strlen(text);
    return size >= min && size <= max;
}

static void check_config(const struct config *config)
{
#define HOLDS_text(value, min, max)   text_within(value, min, max)
#define HOLDS_endpoint                HOLDS_text
#define HOLDS_level                   HOLDS_text
#define HOLDS_places                  HOLDS_text
#define HOLDS_store                   HOLDS_text
#define HOLDS_role                    HOLDS_text
#define HOLDS_tls                     HOLDS_text
#define HOLDS_number(value, min, max) ((value) - (min) <= (uint64_t)(max) - (min))
#define C(section, type, name, standard, min, max, sentence)                                                           \
    FUZZ_CHECK(HOLDS_##type(config->CONFIG_##section(name), min, max));
    COORDD_SETTINGS(C)
#undef C
}

static void read_config(const uint8_t *bytes, size_t size)
{
    static struct config config;
    struct problem problem;
    const int result = config_read(&config, put(bytes, size), true, &problem);
    FUZZ_CHECK(result == 0 ? problem.error == 0 : result == problem.error && problem.message[0]);
    check_config(&config); /* a file that is refused has left what it said before its mistake: that holds as well */
}

static void read_context(const uint8_t *bytes, size_t size)
{
    static char path[] = "/dev/shm/coordd-fuzz-XXXXXX";
    struct coord_context context, again;
    struct problem problem = {0};
    const int result = coord_context_load(&context, put(bytes, size), &problem);
    FUZZ_CHECK(result == 0 || (result == problem.error && problem.message[0]));
    if (result)
        return;
    if (strstr(path, "XXXXXX"))
        close(mkstemp(path));
    FUZZ_CHECK(coord_context_save(&context, path, &problem) == 0);
    FUZZ_CHECK(coord_context_load(&again, path, &problem) == 0);
    FUZZ_CHECK(memcmp(&context, &again, sizeof context) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size >= 2 && bytes[0] == '#' && bytes[1] == 'c')
        read_context(bytes, size);
    else
        read_config(bytes, size);
    return 0;
}

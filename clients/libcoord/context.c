/* Context files: which broker a program speaks to, and as whom. They hold a secret, so they are read by their owner and
 * group at most, are written whole or not at all, and no copy of the secret is left behind in memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "endpoints.h"
#include "handle.h"

#define CONTEXT_FILE_MAX         16384 /* bytes; five settings are some 400 */
#define CONTEXT_SYSTEM_DIRECTORY "/etc/coord/contexts"

struct setting {
    const char *name;
    size_t offset;
    size_t room; /* with its end */
};

#define SETTING(name)                                                                                                  \
    {                                                                                                                  \
#name, offsetof(struct coord_context, name), sizeof((struct coord_context *)0)->name                           \
    }
static const struct setting settings[] = {
    SETTING(endpoint), SETTING(server_key), SETTING(agency), SETTING(public_key), SETTING(secret_key),
};
#define SETTING_COUNT (sizeof settings / sizeof *settings)

/* ---- what a context must be ---- */

static int context_check_key(const char *name, const char *key, struct problem *problem)
{
    uint8_t bytes[32];
    char text[41];
    bool right = strnlen(key, 41) == 40;
    if (right) {
        memcpy(text, key, sizeof text); /* zmq_z85_decode reads up to the end, and wants no other length */
        right = zmq_z85_decode(bytes, text) != NULL;
        explicit_bzero(bytes, sizeof bytes);
        explicit_bzero(text, sizeof text);
    }
    return right ? 0 : problem_set(problem, COORD_E_BAD_CONTEXT, name, "%s is not 40 characters of Z85.", name);
}

int coord_context_check(const struct coord_context *context, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const char *value = (const char *)context + settings[i].offset;
        size_t size = strnlen(value, settings[i].room);
        if (size == 0 || size == settings[i].room)
            return problem_set(problem, COORD_E_BAD_CONTEXT, settings[i].name, "%s is missing.", settings[i].name);
    }
    struct endpoints endpoints;
    int error = endpoints_read(&endpoints, context->endpoint, problem);
    if (!error)
        error = context_check_key("server_key", context->server_key, problem);
    if (!error)
        error = context_check_key("public_key", context->public_key, problem);
    if (!error)
        error = context_check_key("secret_key", context->secret_key, problem);
    if (error)
        return error;
    char derived[41];
    if (zmq_curve_public(derived, context->secret_key) || strcmp(derived, context->public_key) != 0)
        return problem_set(problem, COORD_E_BAD_CONTEXT, "public_key", "public_key does not belong to secret_key.");
    return 0;
}

/* ---- reading ---- */

struct reading {
    struct coord_context context;
    struct problem *problem;
    unsigned seen; /* bit i: settings[i] was there */
};

/* Keys that are not known are left to newer programs. A broker may be found at several places, each in a line of its own or by
 * commas in one. */
static int context_take(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    if (*section)
        return 1;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (strcmp(name, settings[i].name) != 0)
            continue;
        char *into = (char *)&reading->context + settings[i].offset;
        const bool several = into == reading->context.endpoint;
        const char *between = several && *into ? ", " : "";
        if (reading->seen & 1U << i && !several) {
            problem_set(reading->problem, COORD_E_BAD_CONTEXT, name, "%s is given twice.", name);
            return 0;
        }
        if (strlen(into) + strlen(between) + strlen(value) >= settings[i].room) {
            problem_set(reading->problem, COORD_E_BAD_CONTEXT, name, "%s is longer than %zu characters.", name,
                        settings[i].room - 1);
            return 0;
        }
        reading->seen |= 1U << i;
        strcpy(stpcpy(into + strlen(into), between), value);
    }
    return 1;
}

static int context_parse(struct coord_context *context, const char *text, struct problem *problem)
{
    struct problem found = {.error = 0};
    struct reading reading = {.problem = &found};
    int line = ini_parse_string(text, context_take, &reading);
    int error = found.error;
    if (error)
        *problem = found;
    else if (line == -2)
        error = problem_plain(problem, COORD_E_NO_MEMORY, "");
    else if (line)
        error = problem_set(problem, COORD_E_BAD_CONTEXT, "", "line %d is not `key = value`.", line);
    else
        error = coord_context_check(&reading.context, problem);
    if (!error)
        *context = reading.context;
    explicit_bzero(&reading, sizeof reading);
    return error;
}

/* BAD_CONTEXT unless it is a file that only its owner, and perhaps its group, reads. */
static int context_check_mode(int fd, struct problem *problem)
{
    struct stat status;
    if (fstat(fd, &status))
        return problem_set(problem, COORD_E_BAD_CONTEXT, "", "%s.", strerror(errno));
    if (!S_ISREG(status.st_mode))
        return problem_set(problem, COORD_E_BAD_CONTEXT, "", "it is not a file.");
    if (status.st_mode & 0027)
        return problem_set(problem, COORD_E_BAD_CONTEXT, "",
                           "its mode is %04o, which lets others at the secret key; chmod 600 it, and make new keys.",
                           (unsigned)status.st_mode & 07777);
    return 0;
}

static int context_read(int fd, char *text, struct problem *problem)
{
    int error = context_check_mode(fd, problem);
    size_t size = 0;
    ssize_t got = 1;
    while (!error && got > 0 && size < CONTEXT_FILE_MAX) {
        got = read(fd, text + size, CONTEXT_FILE_MAX - size);
        if (got > 0)
            size += (size_t)got;
        else if (got < 0 && errno == EINTR)
            got = 1;
        else if (got < 0)
            error = problem_set(problem, COORD_E_BAD_CONTEXT, "", "%s.", strerror(errno));
    }
    if (!error && size == CONTEXT_FILE_MAX)
        error = problem_set(problem, COORD_E_BAD_CONTEXT, "", "it is larger than %d bytes.", CONTEXT_FILE_MAX);
    text[error ? 0 : size] = '\0';
    return error;
}

/* Puts the file's name before what is wrong with it. */
static int context_problem(struct problem *problem, const char *path)
{
    struct problem cause = *problem;
    problem_set(problem, cause.error, cause.field, "%s: %s", path, cause.message);
    return cause.error;
}

int coord_context_load(struct coord_context *context, const char *path, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    if (!context || !path)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, context ? "path" : "context",
                           "It is needed, and may not be NULL.");
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return problem_set(problem, COORD_E_BAD_CONTEXT, "", "%s: %s.", path, strerror(errno));
    char text[CONTEXT_FILE_MAX + 1];
    int error = context_read(fd, text, problem);
    close(fd);
    if (!error)
        error = context_parse(context, text, problem);
    explicit_bzero(text, sizeof text);
    return error ? context_problem(problem, path) : 0;
}

/* ---- finding ---- */

static int context_join(char path[COORD_PATH_MAX], struct problem *problem, const char *directory, const char *below,
                        const char *name)
{
    int size = snprintf(path, COORD_PATH_MAX, "%s%s/%s.context", directory, below, name);
    return size < COORD_PATH_MAX ? 0 : problem_set(problem, COORD_E_BAD_CONTEXT, "", "The path is too long.");
}

static int context_home(char path[COORD_PATH_MAX], const char *name, bool *known, struct problem *problem)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");
    *known = true;
    if (config && *config == '/') /* the specification has relative ones ignored */
        return context_join(path, problem, config, "/coord/contexts", name);
    if (home && *home == '/')
        return context_join(path, problem, home, "/.config/coord/contexts", name);
    *known = false;
    return 0;
}

static int context_named(char found[COORD_PATH_MAX], const char *name, struct problem *problem)
{
    char path[COORD_PATH_MAX];
    bool known;
    int error = context_home(path, name, &known, problem);
    if (!error && known && access(path, F_OK) == 0) {
        memcpy(found, path, sizeof path);
        return 0;
    }
    char system[COORD_PATH_MAX];
    if (!error)
        error = context_join(system, problem, CONTEXT_SYSTEM_DIRECTORY, "", name);
    if (error)
        return error;
    if (access(system, F_OK) != 0)
        return problem_set(problem, COORD_E_BAD_CONTEXT, "", "There is no context `%.40s`: neither %.80s nor %.80s.",
                           name, known ? path : "in a home (HOME is not set)", system);
    memcpy(found, system, sizeof system);
    return 0;
}

int coord_context_path(char path[COORD_PATH_MAX], const char *name, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    if (!name)
        name = getenv("COORD_CONTEXT");
    if (!name || !*name)
        name = "default";
    if (!strchr(name, '/'))
        return context_named(path, name, problem);
    if (strlen(name) >= COORD_PATH_MAX)
        return problem_set(problem, COORD_E_BAD_CONTEXT, "", "The path is too long.");
    memcpy(path, name, strlen(name) + 1);
    return 0;
}

int coord_context_find(struct coord_context *context, const char *name, struct problem *problem)
{
    char path[COORD_PATH_MAX];
    int error = coord_context_path(path, name, problem);
    return error ? error : coord_context_load(context, path, problem);
}

/* ---- writing ---- */

static int context_write(int fd, const struct coord_context *context)
{
    char text[1024];
    int size = 0;
    for (size_t i = 0; i < SETTING_COUNT; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "%s = %s\n", settings[i].name,
                         (const char *)context + settings[i].offset);
    ssize_t written = write(fd, text, (size_t)size);
    explicit_bzero(text, sizeof text);
    if (written != size) {
        errno = written < 0 ? errno : ENOSPC;
        return -1;
    }
    return fsync(fd);
}

int coord_context_save(const struct coord_context *context, const char *path, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    if (!context || !path)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, context ? "path" : "context",
                           "It is needed, and may not be NULL.");
    int error = coord_context_check(context, problem);
    if (error)
        return context_problem(problem, path);
    char aside[COORD_PATH_MAX];
    if (snprintf(aside, sizeof aside, "%s.XXXXXX", path) >= (int)sizeof aside)
        return problem_set(problem, COORD_E_SYSTEM, "", "%s: the path is too long.", path);
    int fd = mkostemp(aside, O_CLOEXEC); /* mode 0600 */
    if (fd < 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "%s: %s.", path, strerror(errno));
    int failure = context_write(fd, context) ? errno : 0;
    if (close(fd) && !failure)
        failure = errno;
    if (!failure && rename(aside, path))
        failure = errno;
    if (!failure)
        return 0;
    unlink(aside);
    return problem_set(problem, COORD_E_SYSTEM, "", "%s: %s.", path, strerror(failure));
}

void coord_context_wipe(struct coord_context *context)
{
    if (context)
        explicit_bzero(context, sizeof *context);
}

int coord_keypair(char public_key[41], char secret_key[41], struct problem *problem)
{
    if (zmq_curve_keypair(public_key, secret_key) == 0)
        return 0;
    return problem_set(PROBLEM_OR_UNUSED(problem), COORD_E_SYSTEM, "", "Keys cannot be made: %s.", zmq_strerror(errno));
}

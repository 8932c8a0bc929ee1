/* See keyfile.h. */
#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "endpoints.h"

static int read_secret(const char *path, char secret[41], struct problem *problem)
{
    char public_key[41];
    struct stat status;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return problem_set(problem, COORD_E_SYSTEM, "secret_key_file", "%.180s: %s", path, strerror(errno));
    const bool open_to_others = fstat(file, &status) != 0 || (status.st_mode & 007) != 0;
    const ssize_t size = read(file, secret, 40);
    close(file);
    if (open_to_others)
        return problem_set(problem, COORD_E_SYSTEM, "secret_key_file",
                           "%.180s may be read by others: chmod 600 it, and think of the key as known", path);
    secret[40] = '\0';
    if (size != 40 || zmq_curve_public(public_key, secret) != 0)
        return problem_set(problem, COORD_E_BAD_KEY, "secret_key_file", "%.180s holds no key of 40 characters of Z85",
                           path);
    return 0;
}

int keyfile_read_secret(const char *path, char secret[41], struct problem *problem)
{
    const int failed = read_secret(path, secret, problem);
    if (failed)
        explicit_bzero(secret, 41);
    return failed;
}

void keyfile_path(const struct config *config, char *path, size_t size)
{
    if (config->daemon_secret_key_file[0])
        snprintf(path, size, "%s", config->daemon_secret_key_file);
    else
        snprintf(path, size, "%s/server.key", config->daemon_directory);
}

bool keyfile_public(const struct config *config, char public_key[41])
{
    char path[PATH_MAX], secret[41];
    struct problem problem;
    keyfile_path(config, path, sizeof path);
    if (keyfile_read_secret(path, secret, &problem) != 0)
        return false;
    const bool known = zmq_curve_public(public_key, secret) == 0;
    explicit_bzero(secret, sizeof secret);
    return known;
}

static int sync_name(const char *path)
{
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    const int at = open(dirname(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int failed = at < 0 ? -1 : fsync(at);
    if (at >= 0)
        close(at);
    return failed;
}

int keyfile_write(const char *path, unsigned mode, const char *contents, struct problem *problem)
{
    const size_t size = strlen(contents);
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (file < 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "%.180s: %s", path, strerror(errno));
    const bool written = fchmod(file, (mode_t)mode) == 0 && write(file, contents, size) == (ssize_t)size &&
                         fsync(file) == 0 && sync_name(path) == 0;
    const int error = errno;
    close(file);
    if (written)
        return 0;
    (void)unlink(path);
    return problem_set(problem, COORD_E_SYSTEM, "", "%.180s: %s", path, strerror(error));
}

int keyfile_make(const char *directory, char public_key[41], struct problem *problem)
{
    char secret[42], line[42], path[PATH_MAX];
    if (zmq_curve_keypair(public_key, secret) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "keys cannot be made: libzmq was built without CURVE");
    secret[40] = '\n', secret[41] = '\0';
    snprintf(path, sizeof path, "%s/server.key", directory);
    int failed = keyfile_write(path, 0600, secret, problem);
    explicit_bzero(secret, sizeof secret);
    snprintf(line, sizeof line, "%s\n", public_key);
    snprintf(path, sizeof path, "%s/server.pub", directory);
    if (!failed)
        failed = keyfile_write(path, 0644, line, problem);
    return failed;
}

/* A broker that listens on all addresses is found on this machine's own. */
void keyfile_endpoint(const struct config *config, char *endpoint, size_t size)
{
    const char *listen = config->daemon_listen;
    static const char *const all[] = {"tcp://*", "tcp://0.0.0.0", "tcp://[::]"};
    snprintf(endpoint, size, "%s", config->daemon_advertise[0] ? config->daemon_advertise : listen);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!config->daemon_advertise[0] && strncmp(listen, all[i], strlen(all[i])) == 0 &&
            listen[strlen(all[i])] == ':')
            snprintf(endpoint, size, "tcp://127.0.0.1%s", listen + strlen(all[i]));
}

/* The port of one that is reached by TCP; of another the whole of it. */
static const char *port_of(const char *endpoint)
{
    const char *colon = strncmp(endpoint, "tcp://", 6) == 0 ? strrchr(endpoint, ':') : NULL;
    return colon ? colon : endpoint;
}

/* `endpoint = …` of its first such line, all that it names; false when there is none, or no such file that may be read. */
static bool read_endpoints(const char *path, char *endpoints, size_t size)
{
    char line[1024], read_ahead[4096];
    bool found = false;
    FILE *file = fopen(path, "re");
    if (file)
        setvbuf(file, read_ahead, _IOFBF, sizeof read_ahead);
    while (file && !found && fgets(line, sizeof line, file)) {
        char *value = strncmp(line, "endpoint", 8) == 0 ? strchr(line, '=') : NULL;
        if (!value)
            continue;
        value += 1 + strspn(value + 1, " \t");
        value[strcspn(value, "\r\n")] = '\0';
        snprintf(endpoints, size, "%s", value);
        found = true;
    }
    if (file)
        fclose(file);
    explicit_bzero(line, sizeof line); /* it has a key, too */
    explicit_bzero(read_ahead, sizeof read_ahead);
    return found;
}

/* One that finds this broker: by a name that is advertised, or at the port where it listens. */
static bool finds(const char *endpoint, const struct endpoints *advertised, const char *listen)
{
    bool does = strcmp(port_of(endpoint), port_of(listen)) == 0;
    for (int i = 0; i < advertised->count; i++)
        does = does || strcmp(endpoint, advertised->items[i]) == 0;
    return does;
}

bool keyfile_is_elsewhere(const struct config *config, char *made, size_t size)
{
    char path[PATH_MAX], advertise[sizeof config->daemon_listen];
    struct endpoints named, advertised;
    struct problem problem;
    snprintf(path, sizeof path, "%s/admin.context", config->daemon_directory);
    if (!read_endpoints(path, made, size) || endpoints_read(&named, made, &problem) != 0)
        return false;
    keyfile_endpoint(config, advertise, sizeof advertise);
    if (endpoints_read(&advertised, advertise, &problem) != 0)
        advertised.count = 0; /* listening on an address that no client can go by */
    for (int i = 0; i < named.count; i++)
        if (finds(named.items[i], &advertised, config->daemon_listen))
            return false;
    return true;
}

int keyfile_context(const char *path, const struct config *config, const char *agency, const char *public_key,
                    const char *secret_key, struct problem *problem)
{
    char contents[1024], server_key[41], endpoint[sizeof config->daemon_listen], server_path[PATH_MAX];
    if (!keyfile_public(config, server_key)) {
        keyfile_path(config, server_path, sizeof server_path);
        return problem_set(problem, COORD_E_BAD_KEY, "", "%.180s holds no key of the server's that can be read",
                           server_path);
    }
    keyfile_endpoint(config, endpoint, sizeof endpoint);
    snprintf(contents, sizeof contents,
             "# The holder of this key may administer. Keep it as you would a password.\n"
             "endpoint = %s\nserver_key = %s\nagency = %s\npublic_key = %s\nsecret_key = %s\n",
             endpoint, server_key, agency, public_key, secret_key);
    const int failed = keyfile_write(path, 0600, contents, problem);
    explicit_bzero(contents, sizeof contents);
    return failed;
}

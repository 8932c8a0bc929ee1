/* See where.h. */
#include "where.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "endpoints.h"

#define PASSWORD_MAX  256                /* bytes */
#define PASSWORD_ROOM (PASSWORD_MAX + 3) /* and the end of its line */

static struct journal_server server;
static char password[PASSWORD_ROOM];

bool where_is_postgresql(const struct config *config)
{
    return strcmp(config->journal_store, "postgresql") == 0;
}

const char *where_text(const struct config *config, char text[4200])
{
    if (where_is_postgresql(config))
        snprintf(text, 4200, "schema %s of database %s at %s", config->journal_schema, config->journal_database,
                 config->journal_hosts);
    else
        snprintf(text, 4200, "%s", config->daemon_directory);
    return text;
}

/* ---- files ---- */

static int unusable(const char *setting, const char *path, const char *why, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, setting, "`%s` in [journal] is `%.140s`: %s", setting, path, why);
}

/* `secret`: one that is open to others is refused. */
static int check_file(const char *setting, const char *path, bool secret, struct problem *problem)
{
    struct stat status;
    if (path[0] == '\0')
        return 0;
    if (access(path, R_OK) != 0 || stat(path, &status) != 0)
        return unusable(setting, path, strerror(errno), problem);
    if (secret && (status.st_mode & 007) != 0)
        return unusable(setting, path, "others may read it; chmod 600 it, and think of it as known", problem);
    return 0;
}

/* The file's first line. */
static int read_password(const char *path, char into[PASSWORD_ROOM], struct problem *problem)
{
    into[0] = '\0';
    if (path[0] == '\0' || check_file("password_file", path, true, problem) != 0)
        return path[0] ? problem->error : 0;
    FILE *file = fopen(path, "re");
    const bool read = file && fgets(into, PASSWORD_ROOM, file);
    if (file)
        fclose(file);
    const size_t size = read ? strcspn(into, "\r\n") : 0;
    into[size] = '\0';
    return size > 0 && size <= PASSWORD_MAX
               ? 0
               : unusable("password_file", path, "it must have a password of 1 to 256 bytes", problem);
}

/* ---- hosts ---- */

static int bad_host(const char *host, size_t size, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, "hosts",
                       "`hosts` in [journal] has `%.*s`; each must be HOST, HOST:PORT, [ADDRESS]:PORT or a socket's "
                       "directory, a port from 1 to 65535",
                       (int)(size < 60 ? size : 60), host);
}

/* [ADDRESS] and DIRECTORY may have colons of their own. */
static int check_host(const char *host, size_t size, struct problem *problem)
{
    const char *end = host[0] == '[' ? memchr(host, ']', size) : NULL;
    const char *from = end ? end + 1 : host;
    const char *colon = memchr(from, ':', size - (size_t)(from - host));
    const size_t digits = colon ? size - (size_t)(colon + 1 - host) : 0;
    if (size > 250 || (host[0] == '[' && !end) || (end && end[1] != ':' && end + 1 != host + size) || colon == host)
        return bad_host(host, size, problem);
    if (!colon)
        return 0;
    const long port = strtol(colon + 1, NULL, 10);
    return digits >= 1 && digits <= 5 && strspn(colon + 1, "0123456789") >= digits && port >= 1 && port <= 65535
               ? 0
               : bad_host(host, size, problem);
}

/* Whether one of them is reached over a network. */
static int check_hosts(const char *hosts, bool *network, struct problem *problem)
{
    int count = 0, failed = 0;
    *network = false;
    for (const char *at = hosts; *at && !failed;) {
        at += strspn(at, ", \t");
        const size_t size = strcspn(at, ", \t");
        if (size > 0) {
            count++;
            *network = *network || at[0] != '/';
            failed = check_host(at, size, problem);
        }
        at += size;
    }
    if (!failed && (count == 0 || count > JOURNAL_HOSTS_MAX))
        failed = problem_set(problem, COORD_E_BAD_VALUE, "hosts",
                             "`hosts` in [journal] names %d; it must be from 1 to %d", count, JOURNAL_HOSTS_MAX);
    return failed;
}

/* ---- all of it ---- */

static int check_tls(const struct config *config, bool network, struct problem *problem)
{
    const bool verify = strcmp(config->journal_tls, "verify") == 0;
    if (verify && network && !config->journal_ca_file[0])
        return problem_set(problem, COORD_E_BAD_VALUE, "ca_file",
                           "`ca_file` in [journal] must name the certificates of who vouches for the hosts': `tls` is "
                           "verify");
    if (!config->journal_certificate_file[0] != !config->journal_key_file[0])
        return problem_set(problem, COORD_E_BAD_VALUE, "key_file",
                           "`certificate_file` and `key_file` in [journal] must both be set, or neither");
    if (check_file("ca_file", config->journal_ca_file, false, problem) != 0 ||
        check_file("certificate_file", config->journal_certificate_file, false, problem) != 0)
        return problem->error;
    return check_file("key_file", config->journal_key_file, true, problem);
}

bool where_waits(const struct config *config)
{
    return strcmp(config->journal_role, "candidate") == 0 || where_follows(config);
}

bool where_follows(const struct config *config)
{
    return strcmp(config->journal_role, "follower") == 0;
}

/* Every address of the machine is none that a client could go to. */
static bool is_of_machine(const char *endpoint)
{
    static const char *const all[] = {"tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncmp(endpoint, all[i], strlen(all[i])) == 0)
            return false;
    return true;
}

const char *where_endpoint(const struct config *config)
{
    if (config->daemon_endpoint[0])
        return config->daemon_endpoint;
    if (config->daemon_advertise[0] && endpoint_is_one(config->daemon_advertise))
        return config->daemon_advertise;
    return is_of_machine(config->daemon_listen) ? config->daemon_listen : "";
}

const char *where_unnamed(const struct config *config)
{
    return where_follows(config) && where_endpoint(config)[0] == '\0'
               ? "others cannot say where this broker is when it leads: set `endpoint` in [daemon]"
               : NULL;
}

/* A file is one machine's. */
static int check_alone(const struct config *config, struct problem *problem)
{
    if (!where_waits(config))
        return 0;
    return problem_set(
        problem, COORD_E_BAD_VALUE, "role",
        "`role` in [journal] is %s, which is for a store that several machines reach: set `store` to postgresql, "
        "or `role` to alone",
        config->journal_role);
}

int where_check(const struct config *config, struct problem *problem)
{
    char read[PASSWORD_ROOM];
    bool network;
    if (!where_is_postgresql(config))
        return check_alone(config, problem);
    if (check_hosts(config->journal_hosts, &network, problem) != 0 || check_tls(config, network, problem) != 0)
        return problem->error;
    const int failed = read_password(config->journal_password_file, read, problem);
    explicit_bzero(read, sizeof read);
    return failed;
}

int where_options(const struct config *config, struct journal_options *options, struct problem *problem)
{
    options->directory = config->daemon_directory;
    options->keeper = JOURNAL_SQLITE;
    if (where_check(config, problem) != 0)
        return problem->error;
    if (!where_is_postgresql(config))
        return 0;
    server = (struct journal_server){
        .hosts = config->journal_hosts,
        .database = config->journal_database,
        .user = config->journal_user,
        .password = password,
        .schema = config->journal_schema,
        .tls = strcmp(config->journal_tls, "verify") == 0,
        .ca_file = config->journal_ca_file,
        .certificate_file = config->journal_certificate_file,
        .key_file = config->journal_key_file,
        .patience_seconds = config->journal_patience_seconds,
        .lease_seconds = config->journal_lease_seconds,
    };
    options->keeper = JOURNAL_POSTGRES;
    options->server = &server;
    return read_password(config->journal_password_file, password, problem);
}

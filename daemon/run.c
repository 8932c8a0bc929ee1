/* coordd run */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "command.h"
#include "journal/journal.h"
#include "keyfile.h"
#include "loop/broker.h"
#include "where.h"

/* What the command line says besides the file is the same as at the start. */
struct reloading {
    const char *path, *directory;
};

static int reload(void *context, struct config *fresh, struct problem *problem)
{
    const struct reloading *reloading = context;
    return check_reload(fresh, reloading->path, reloading->directory, problem);
}

/* What one batch has taken is kept for the next. Given back to the system and taken again, each 4 KiB costs a page
 * fault, which was a third of the loop's time. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
    mallopt(M_MMAP_THRESHOLD, 4 << 20); /* a frame is smaller: the default would map and unmap each large one */
    mallopt(M_TOP_PAD, 1 << 20);
}

/* Whoever said at init where it listens, and not here, has a broker that the contexts of then do not find. systemd's sockets are
 * where they are, whatever the configuration says. */
static void warn_elsewhere(const struct config *config)
{
    char made[256];
    if (!getenv("LISTEN_FDS") && keyfile_is_elsewhere(config, made, sizeof made))
        log_warning(
            "%s/admin.context looks for this broker at %s, and it listens on %s: give run the --listen that init "
            "was given, or set listen in coordd.conf",
            config->daemon_directory, made, config->daemon_listen);
}

/* Clients of a follower are told where the leader is, if that has said so. */
static void warn_unnamed(const struct config *config)
{
    const char *unnamed = where_unnamed(config);
    if (unnamed)
        log_warning("%s", unnamed);
}

int command_run(const struct arguments *arguments)
{
    static struct config config; /* some 40 KiB */
    char path[PATH_MAX], secret[41];
    struct problem problem;
    int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    if (arguments->rehearse_from_ms != INT64_MIN && arguments->days_per_second <= 0)
        return command_fail(EX_USAGE, "--rehearse needs --speed: how many days go by in a second");
    struct journal_options journal = {
        .reserve = config.limits.reserve_bytes, .follow = where_follows(&config), .endpoint = where_endpoint(&config)};
    if (where_options(&config, &journal, &problem) != 0) {
        log_error("%s", problem.message);
        return EX_CONFIG;
    }
    if (check_backups(&config, &problem) != 0) /* another machine's disk may come later, and tasks do not wait for it */
        log_warning("%s; until then no backup is made there", problem.message);
    snprintf(path, sizeof path, "%s/%s", config.daemon_directory, JOURNAL_FILE);
    if (journal.keeper == JOURNAL_SQLITE && access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        log_error("there is no store in %s: coordd init makes one, coordd restore takes one from a backup",
                  config.daemon_directory);
        return EX_OSFILE;
    }
    keyfile_path(&config, path, sizeof path);
    if (keyfile_read_secret(path, secret, &problem) != 0) {
        log_error("%s", problem.message);
        return EX_CONFIG;
    }
    warn_elsewhere(&config);
    warn_unnamed(&config);
    struct reloading reloading = {arguments->config ? arguments->config : CONFIG_PATH, arguments->directory};
    const struct broker_options options = {
        .config = &config,
        .directory = config.daemon_directory,
        .journal = &journal,
        .waits = where_waits(&config),
        .follows = where_follows(&config),
        .endpoint = where_endpoint(&config),
        .secret_key = secret,
        .reload = reload,
        .reload_context = &reloading,
        .days_per_second = arguments->days_per_second,
        .rehearse_from_ms = arguments->rehearse_from_ms,
    };
    keep_memory();
    code = broker_run(&options);
    explicit_bzero(secret, sizeof secret);
    return code;
}

/* coordd check: whether a start or a reload would do, and all that stands in the way. It runs while a broker serves as well,
 * and changes nothing but what a start would.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "command.h"
#include "files.h"
#include "keyfile.h"
#include "store.h"
#include "where.h"

/* The worst of what was found gives the exit code, as it would be a start's: the configuration before the store. */
struct check {
    int problems;
    int code;
};

static void found(struct check *check, int code, const char *message)
{
    fprintf(stderr, "coordd: %s\n", message);
    check->problems++;
    if (check->code == EX_OK)
        check->code = code;
}

static void found_setting(void *context, const struct problem *problem)
{
    found(context, EX_CONFIG, problem->message);
}

static void check_config(struct check *check, const struct arguments *arguments, struct config *config)
{
    struct problem problem;
    const char *path = arguments->config ? arguments->config : CONFIG_PATH;
    config_defaults(config);
    if (arguments->config || access(path, F_OK) == 0)
        (void)config_read_all(config, path, found_setting, check);
    if (arguments->directory && config_set(config, "daemon", "directory", arguments->directory, &problem) != 0)
        found(check, EX_USAGE, problem.message);
}

static void check_key(struct check *check, const struct config *config)
{
    char path[PATH_MAX], secret[41];
    struct problem problem;
    keyfile_path(config, path, sizeof path);
    if (keyfile_read_secret(path, secret, &problem) != 0)
        found(check, EX_CONFIG, problem.message);
    explicit_bzero(secret, sizeof secret);
}

int check_backups(const struct config *config, struct problem *problem)
{
    struct stat status;
    const char *path = config->daemon_backup_directory;
    if (!path[0] || (stat(path, &status) == 0 && S_ISDIR(status.st_mode) && access(path, W_OK | X_OK) == 0))
        return 0;
    return problem_set(
        problem, COORD_E_BAD_VALUE, "backup_directory",
        "`backup_directory` in [daemon] is `%.140s`: it must be a directory that the broker may write in", path);
}

int check_reload(struct config *fresh, const char *path, const char *directory, struct problem *problem)
{
    char key[PATH_MAX], secret[41];
    if (config_read(fresh, path, true, problem) != 0)
        return problem->error;
    if (directory && config_set(fresh, "daemon", "directory", directory, problem) != 0)
        return problem->error;
    keyfile_path(fresh, key, sizeof key);
    int failed = keyfile_read_secret(key, secret, problem);
    explicit_bzero(secret, sizeof secret);
    return failed ? failed : where_check(fresh, problem);
}

/* What a start would read: the state, from the checkpoint and the records after it. */
static void check_store(struct check *check, const struct config *config, const struct journal_options *options)
{
    struct problem problem = {0};
    struct journal_info info;
    struct journal *journal;
    const int opened = journal_open(&journal, options, &problem);
    if (opened != JOURNAL_OK) {
        found(check, command_open_code(opened), problem.message);
        return;
    }
    struct core *core = store_core(journal, &problem);
    journal_info(journal, &info);
    journal_close(journal);
    char where[4200];
    if (!core)
        found(check, EX_DATAERR, problem.message);
    else
        printf("%s: %llu records\n", where_text(config, where), (unsigned long long)info.last_seq);
    core_free(core);
    if (files_take_owner(config->daemon_directory, &problem) != 0)
        found(check, EX_OSERR, problem.message);
}

static void check_directory(struct check *check, const struct config *config)
{
    struct journal_options options = {.look = where_is_postgresql(config)};
    struct problem problem = {0};
    char message[PATH_MAX + 100];
    const int directory = open(config->daemon_directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool file = !where_is_postgresql(config);
    if (where_options(config, &options, &problem) != 0) {
        found(check, EX_CONFIG, problem.message);
    } else if (directory < 0 || (file && faccessat(directory, JOURNAL_FILE, F_OK, 0) != 0)) {
        snprintf(message, sizeof message, "there is no store in %s (%s): coordd init makes one",
                 config->daemon_directory, strerror(errno));
        found(check, EX_OSFILE, message);
    } else if (files_lock(directory)) {
        files_unlock(directory); /* opening it locks it again */
        check_store(check, config, &options);
    } else if (file) {
        printf("%s: a broker serves it, which read it when it started\n", config->daemon_directory);
    } else { /* which may still wait for it; and it may be read beside whoever serves it */
        printf("%s: a broker has it, which serves the store, follows or waits\n", config->daemon_directory);
        check_store(check, config, &options);
    }
    if (directory >= 0)
        close(directory);
}

int command_check(const struct arguments *arguments)
{
    static struct config config;
    struct check check = {0};
    struct problem problem = {0};
    check_config(&check, arguments, &config);
    check_key(&check, &config);
    if (check_backups(&config, &problem) != 0)
        found(&check, EX_CONFIG, problem.message);
    const char *unnamed = where_unnamed(&config);
    if (unnamed)
        found(&check, EX_CONFIG, unnamed);
    check_directory(&check, &config);
    if (check.problems == 0)
        puts("all is well");
    else
        fprintf(stderr, "coordd: %d problem%s\n", check.problems, check.problems > 1 ? "s" : "");
    return check.code;
}

/* coordd verify and coordd restore: whether a store is what was written. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "command.h"
#include "core/core.h"
#include "journal/journal.h"
#include "journal/mark.h"
#include "keyfile.h"
#include "loop/restore.h"

/* ---- verify ---- */

static void show_progress(void *context, uint64_t done, uint64_t of)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%3d %% of %llu records%s", (int)(100 * done / of), (unsigned long long)of,
                done == of ? "\n" : "");
}

static int replay_record(void *context, const struct journal_record *record)
{
    struct problem problem = {0};
    return core_restore_record(context, record, &problem);
}

/* What a start would come to; from record 1 instead of the checkpoint when `from_records`. */
static int come_to(struct journal *journal, bool from_records, uint8_t digest[32], struct problem *problem)
{
    struct journal_info info;
    struct core *core = core_new();
    int failed;
    journal_info(journal, &info);
    if (from_records) {
        failed = journal_read(journal, 1, SIZE_MAX, replay_record, core);
        if (failed)
            problem_set(problem, COORD_E_SYSTEM, "", "the records cannot be replayed: %.180s",
                        journal_failure(journal));
        else
            failed = core_restore_done(core, info.last_seq, problem);
    } else {
        failed = restore_core(core, journal, &info, problem);
    }
    if (!failed)
        core_digest(core, digest);
    core_free(core);
    return failed;
}

static int verify(struct journal *journal, struct problem *problem)
{
    uint8_t from_checkpoint[32], from_records[32];
    struct journal_info info;
    journal_info(journal, &info);
    if (journal_verify(journal, show_progress, NULL, problem) != JOURNAL_OK ||
        come_to(journal, false, from_checkpoint, problem) != 0 || come_to(journal, true, from_records, problem) != 0)
        return problem->error;
    if (memcmp(from_checkpoint, from_records, sizeof from_records) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "",
                           "the checkpoint at record %llu is not what the records come to: restore a backup",
                           (unsigned long long)info.checkpoint);
    return 0;
}

static int verify_file(const char *directory, const char *file, struct journal_info *info, struct problem *problem)
{
    const struct journal_options options = {.directory = directory, .file = file};
    struct journal *journal;
    if (journal_open(&journal, &options, problem) != JOURNAL_OK)
        return problem->error;
    const int failed = verify(journal, problem);
    journal_info(journal, info);
    journal_close(journal);
    return failed;
}

int command_verify(const struct arguments *arguments)
{
    static struct config config;
    struct journal_info info;
    struct problem problem = {0};
    const int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    if (verify_file(config.daemon_directory, NULL, &info, &problem) != 0)
        return command_fail(EX_DATAERR, "%s", problem.message);
    printf("%s: %llu records, all as they were written; the checkpoint at %llu agrees with them\n",
           config.daemon_directory, (unsigned long long)info.last_seq, (unsigned long long)info.checkpoint);
    return EX_OK;
}

/* ---- restore ---- */

#define RESTORING_FILE "coordd.db.restoring"
#define REPLACED_FILE  "coordd.db.replaced"

static int copy_bytes(int from, int to)
{
    char bytes[65536];
    ssize_t size;
    while ((size = read(from, bytes, sizeof bytes)) > 0)
        if (write(to, bytes, (size_t)size) != size)
            return -1;
    return size < 0 ? -1 : fsync(to);
}

static int copy_file(const char *path, int directory, struct problem *problem)
{
    const int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "the backup cannot be read: %s", strerror(errno));
    const int to = openat(directory, RESTORING_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    int failed = to < 0 ? -1 : copy_bytes(from, to);
    const int error = errno;
    close(from);
    if (to >= 0)
        close(to);
    return failed ? problem_set(problem, COORD_E_SYSTEM, "", "the backup cannot be copied: %s", strerror(error)) : 0;
}

/* Refuses another store's backup where one is: its clients' world is not this one's. */
static int check_replaced(const struct arguments *arguments, const char *directory, const struct journal_info *backup,
                          struct problem *problem)
{
    const struct journal_options options = {.directory = directory};
    struct journal_info standing;
    struct journal *journal;
    if (!arguments->replace)
        return problem_set(problem, COORD_E_SYSTEM, "dir",
                           "%.150s holds a store already: --replace puts it aside as %s", directory, REPLACED_FILE);
    if (journal_open(&journal, &options, problem) != JOURNAL_OK) {
        *problem = (struct problem){0}; /* it is damaged: that is what backups are for */
        return 0;
    }
    journal_info(journal, &standing);
    journal_close(journal);
    if (memcmp(standing.identity, backup->identity, sizeof standing.identity) == 0)
        return 0;
    return problem_set(problem, COORD_E_SYSTEM, "", "the backup is of another store than the one in %.150s", directory);
}

static int put_in_place(int directory, bool there, struct problem *problem)
{
    if (there) {
        (void)unlinkat(directory, REPLACED_FILE "-wal", 0);
        if (renameat(directory, JOURNAL_FILE, directory, REPLACED_FILE) != 0)
            return problem_set(problem, COORD_E_SYSTEM, "", "the store cannot be put aside: %s", strerror(errno));
        /* What the old one had not written back goes with it, or it would be read into the new one. */
        (void)renameat(directory, JOURNAL_FILE "-wal", directory, REPLACED_FILE "-wal");
    }
    mark_remove(directory); /* it tells of the old one */
    if (renameat(directory, RESTORING_FILE, directory, JOURNAL_FILE) != 0 || fsync(directory) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "the backup cannot be put in place: %s", strerror(errno));
    return 0;
}

static int restore_into(const struct arguments *arguments, const char *path, int directory, struct journal_info *info,
                        struct problem *problem)
{
    const bool there = faccessat(directory, JOURNAL_FILE, F_OK, 0) == 0;
    int failed = copy_file(arguments->file, directory, problem);
    if (!failed)
        failed = verify_file(path, RESTORING_FILE, info, problem);
    if (!failed && there)
        failed = check_replaced(arguments, path, info, problem);
    if (!failed)
        failed = put_in_place(directory, there, problem);
    if (failed)
        (void)unlinkat(directory, RESTORING_FILE, 0);
    (void)unlinkat(directory, RESTORING_FILE "-wal", 0);
    return failed;
}

int command_restore(const struct arguments *arguments)
{
    static struct config config;
    struct journal_info info;
    struct problem problem = {0};
    char server_key[41];
    const int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    if (!arguments->file)
        return command_fail(EX_USAGE, "restore needs the backup's path: coordd restore FILE --dir DIR");
    if (mkdir(config.daemon_directory, 0750) != 0 && errno != EEXIST)
        return command_fail(EX_CANTCREAT, "%s: %s", config.daemon_directory, strerror(errno));
    const int directory = open(config.daemon_directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return command_fail(EX_CANTCREAT, "%s: %s", config.daemon_directory, strerror(errno));
    const int failed = restore_into(arguments, config.daemon_directory, directory, &info, &problem);
    close(directory);
    if (failed)
        return command_fail(EX_DATAERR, "%s: %s", arguments->file, problem.message);
    printf("%s: restored, %llu records\n", config.daemon_directory, (unsigned long long)info.last_seq);
    if (keyfile_public(config.daemon_directory, server_key))
        return EX_OK;
    if (keyfile_make(config.daemon_directory, server_key, &problem) != 0)
        return command_fail(EX_CANTCREAT, "%s", problem.message);
    printf("the server's key was not here, so a new one was made: contexts need server_key = %s\n", server_key);
    return EX_OK;
}

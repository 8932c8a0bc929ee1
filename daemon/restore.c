/* coordd restore: a backup becomes a store, another one than that which it was made of.
 *
 * A database that was copied, or put aside, by hand may have its newest records in the log beside it (FILE-wal) alone: the log
 * comes along, or it is said why not. The one that stands beside the store in DIR is that store's, and a dry run leaves both.
 *
 * The copy is made, proved and given its identity in a directory within DIR; only then does it take its place, while DIR is
 * locked. What stood there is set aside, under a name that nothing else has.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "command.h"
#include "files.h"
#include "journal/mark.h"
#include "journal/whole.h"
#include "keyfile.h"
#include "restore_keys.h"
#include "store.h"
#include "where.h"

#define RESTORING     "restoring" /* the directory in DIR */
#define REPLACED_FILE "coordd.db.replaced"

struct restoring {
    const struct arguments *arguments;
    const char *path;  /* DIR */
    int directory;     /* the same, open */
    char within[4200]; /* DIR/restoring */
    struct journal_info backup, standing;
    bool with_log;                      /* FILE has a log of its own beside it, which was taken in */
    bool there;                         /* a store stands in DIR… */
    bool readable;                      /* …which could be opened, so that `standing` says what it is… */
    bool runs;                          /* …and a broker serves it */
    bool same;                          /* it goes on from where the backup ends */
    char aside[64];                     /* what the store that stands there will be called */
    struct lost_keys keys;              /* what of the backup's keys was revoked since */
    uint8_t identity[16], ancestor[16]; /* of the new store, and of that which the backup was made of */
};

/* ---- the copy ---- */

/* What FILE is by its own name: SQLite keeps the log beside that. */
static int find_file(const struct restoring *restoring, char path[PATH_MAX], struct problem *problem)
{
    if (!realpath(restoring->arguments->file, path))
        return problem_set(problem, COORD_E_SYSTEM, "", "the backup cannot be read: %s", strerror(errno));
    return 0;
}

/* A broker that serves it writes to both files while they are copied. */
static int check_idle(const char *path, struct problem *problem)
{
    char directory[PATH_MAX];
    const char *name = strrchr(path, '/') + 1;
    snprintf(directory, sizeof directory, "%.*s", (int)(name - path), path);
    const int opened = strcmp(name, JOURNAL_FILE) == 0 ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (opened < 0)
        return 0;
    const bool idle = files_lock(opened);
    close(opened);
    return idle
               ? 0
               : problem_set(problem, COORD_E_CONFLICT, "",
                             "a broker serves this very store: let it make a copy (coordctl backup), or stop it first");
}

/* Its newest records may be in the log alone. An empty one holds none; of one that SQLite would take for none it is not known
 * what is lost with it. */
static int copy_log(struct restoring *restoring, const char *path, int within, struct problem *problem)
{
    static const unsigned char begins[][4] = {{0x37, 0x7f, 0x06, 0x82}, {0x37, 0x7f, 0x06, 0x83}};
    unsigned char head[32];
    char log[PATH_MAX + 8];
    snprintf(log, sizeof log, "%s-wal", path);
    const int file = open(log, O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return 0;
    const ssize_t size = file < 0 ? -1 : read(file, head, sizeof head);
    const int error = errno;
    if (file >= 0)
        close(file);
    if (size < 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "%.160s, which belongs to it, cannot be read: %s", log,
                           strerror(error));
    if (size == 0)
        return 0;
    if (size < (ssize_t)sizeof head ||
        (memcmp(head, begins[0], sizeof begins[0]) != 0 && memcmp(head, begins[1], sizeof begins[1]) != 0))
        return problem_set(
            problem, COORD_E_SYSTEM, "",
            "%.160s beside it is no log of SQLite's: move it away to go on without what it may have held", log);
    restoring->with_log = true;
    return files_copy(log, within, JOURNAL_FILE "-wal", problem);
}

/* Beside a store that was copied whole stands how far it went: without its log it ends before. */
static int copy_mark(const char *path, int within, struct problem *problem)
{
    char mark[PATH_MAX + sizeof MARK_FILE];
    const char *name = strrchr(path, '/') + 1;
    snprintf(mark, sizeof mark, "%.*s" MARK_FILE, (int)(name - path), path);
    if (strcmp(name, JOURNAL_FILE) != 0 || access(mark, F_OK) != 0)
        return 0;
    return files_copy(mark, within, MARK_FILE, problem);
}

static int make_copy(struct restoring *restoring, struct problem *problem)
{
    char path[PATH_MAX];
    whole_clear(restoring->within); /* what a restore left that was interrupted */
    if (find_file(restoring, path, problem) || check_idle(path, problem))
        return problem->error;
    if (mkdir(restoring->within, 0700) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "dir", "%.180s: %s", restoring->within, strerror(errno));
    const int within = open(restoring->within, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (within < 0)
        return problem_set(problem, COORD_E_SYSTEM, "dir", "%.180s: %s", restoring->within, strerror(errno));
    int failed = files_copy(path, within, JOURNAL_FILE, problem);
    if (!failed)
        failed = copy_log(restoring, path, within, problem);
    if (!failed)
        failed = copy_mark(path, within, problem);
    close(within);
    return failed;
}

/* The copy gets an identity: a record that says where it parts from the store it was made of. */
static int part(struct restoring *restoring, struct journal *journal, struct problem *problem)
{
    struct event event = {.type = EVENT_RESTORED};
    struct core_counts counts;
    struct effects effects;
    struct core *core = store_core(journal, problem);
    if (!core)
        return problem->error;
    core_counts(core, &counts);
    memcpy(restoring->ancestor, counts.identity, sizeof restoring->ancestor);
    memcpy(event.restored.identity, restoring->identity, sizeof restoring->identity);
    effects_init(&effects);
    int failed = store_decide(journal, core, &event, &effects, problem);
    if (!failed)
        failed = store_append(journal, &effects, problem);
    effects_done(&effects);
    core_free(core);
    return failed;
}

static int prove_copy(struct restoring *restoring, struct problem *problem)
{
    const struct journal_options options = {.directory = restoring->within};
    struct journal *journal;
    if (journal_open(&journal, &options, problem) != JOURNAL_OK)
        return problem->error;
    int failed = store_verify(journal, problem);
    journal_info(journal, &restoring->backup);
    if (!failed)
        failed = part(restoring, journal, problem);
    journal_close(journal);
    return failed;
}

/* ---- the store that stands there ---- */

struct body {
    uint8_t bytes[64];
    uint32_t size;
};

static int take_body(void *context, const struct journal_record *record)
{
    struct body *body = context;
    body->size = record->size;
    memcpy(body->bytes, record->body, record->size < sizeof body->bytes ? record->size : sizeof body->bytes);
    return 0;
}

/* Whether it holds the backup's last record too: then it is known what it has beyond. */
static bool goes_on(struct restoring *restoring, struct journal *standing)
{
    const struct journal_options options = {.directory = restoring->within};
    struct body own = {0}, theirs = {0};
    struct problem unused;
    struct journal *copy;
    if (restoring->standing.last_seq < restoring->backup.last_seq ||
        journal_open(&copy, &options, &unused) != JOURNAL_OK)
        return false;
    const bool read = journal_read(copy, restoring->backup.last_seq, 1, take_body, &own) == JOURNAL_OK &&
                      journal_read(standing, restoring->backup.last_seq, 1, take_body, &theirs) == JOURNAL_OK;
    journal_close(copy);
    return read && own.size == theirs.size && memcmp(&own, &theirs, sizeof own) == 0;
}

static int fail_other(const struct restoring *restoring, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_ARGUMENT, "", "the backup is of another store than the one in %.150s",
                       restoring->path);
}

/* Of a store that is served the file is its broker's alone; the mark beside it says which it is. One without a mark may be any. */
static bool is_others_mark(const struct restoring *restoring)
{
    uint8_t bytes[MARK_SIZE];
    const int mark = mark_open(restoring->directory, false);
    mark_take(mark, bytes);
    if (mark >= 0)
        close(mark);
    return mark_tells(bytes, bytes) > 0 && mark_tells(bytes, restoring->backup.identity) == 0;
}

/* Refuses another store's backup where one is: its clients' world is not this one's. */
static int look_at_standing(struct restoring *restoring, struct problem *problem)
{
    const struct journal_options options = {.directory = restoring->path, .look = restoring->arguments->dry_run};
    struct journal *journal;
    struct problem damage;
    restoring->there = faccessat(restoring->directory, JOURNAL_FILE, F_OK, 0) == 0;
    if (!restoring->there)
        return 0;
    files_free_name(restoring->directory, REPLACED_FILE, restoring->aside, sizeof restoring->aside);
    if (!restoring->arguments->replace)
        return problem_set(problem, COORD_E_SYSTEM, "dir",
                           "%.150s holds a store already: --replace puts it aside as %s", restoring->path,
                           restoring->aside);
    restoring->runs = !files_lock(restoring->directory);
    if (restoring->runs && !restoring->arguments->dry_run)
        return problem_set(problem, COORD_E_CONFLICT, "dir", "%.150s is in use by another coordd: stop it first",
                           restoring->path);
    if (restoring->runs)
        return is_others_mark(restoring) ? fail_other(restoring, problem) : 0;
    files_unlock(restoring->directory); /* opening it locks it again */
    restoring->readable = journal_open(&journal, &options, &damage) == JOURNAL_OK;
    if (!restoring->readable)
        return 0; /* it is damaged: that is what backups are for */
    journal_info(journal, &restoring->standing);
    restoring->same = goes_on(restoring, journal);
    const bool is_its = memcmp(restoring->standing.identity, restoring->backup.identity,
                               sizeof restoring->backup.identity) == 0;
    if (is_its)
        lost_keys_find(&restoring->keys, journal);
    journal_close(journal);
    if (is_its)
        return 0;
    return fail_other(restoring, problem);
}

/* ---- its place ---- */

static int set_aside(const struct restoring *restoring, struct problem *problem)
{
    char wal[80];
    if (renameat(restoring->directory, JOURNAL_FILE, restoring->directory, restoring->aside) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "the store cannot be put aside: %s", strerror(errno));
    /* What it had not written back goes with it, or it would be read into the new one. */
    snprintf(wal, sizeof wal, "%s-wal", restoring->aside);
    (void)renameat(restoring->directory, JOURNAL_FILE "-wal", restoring->directory, wal);
    return 0;
}

static int put_in_place(const struct restoring *restoring, struct problem *problem)
{
    if (!files_lock(restoring->directory))
        return problem_set(problem, COORD_E_CONFLICT, "dir", "%.150s is in use by another coordd: stop it first",
                           restoring->path);
    if (restoring->there && set_aside(restoring, problem) != 0)
        return problem->error;
    mark_remove(restoring->directory); /* it tells of the old one */
    if (renameat(restoring->directory, RESTORING "/" JOURNAL_FILE, restoring->directory, JOURNAL_FILE) != 0 ||
        fsync(restoring->directory) != 0) {
        problem_set(problem, COORD_E_SYSTEM, "", "the backup cannot be put in place: %s", strerror(errno));
        if (restoring->there && faccessat(restoring->directory, JOURNAL_FILE, F_OK, 0) != 0)
            (void)renameat(restoring->directory, restoring->aside, restoring->directory, JOURNAL_FILE);
        return problem->error;
    }
    return files_take_owner(restoring->path, problem);
}

/* ---- what is said ---- */

static void tell_standing(const struct restoring *restoring, const char *becomes)
{
    if (restoring->runs)
        printf("the store that is there is served by a broker now: stop it first\n");
    if (!restoring->there)
        return;
    printf("the store that stood there %s %s/%s", becomes, restoring->path, restoring->aside);
    if (restoring->same)
        printf(": %llu records, of which %llu came after the backup\n",
               (unsigned long long)restoring->standing.last_seq,
               (unsigned long long)(restoring->standing.last_seq - restoring->backup.last_seq));
    else if (restoring->readable)
        printf(": %llu records, which are not those of the backup to its end\n",
               (unsigned long long)restoring->standing.last_seq);
    else
        printf("%s\n", restoring->runs ? "" : ": it cannot be read");
}

static void tell(const struct restoring *restoring)
{
    const bool dry = restoring->arguments->dry_run;
    char identity[33], ancestor[33];
    printf("%s: %s, %llu records\n", restoring->path, dry ? "would be restored" : "restored",
           (unsigned long long)restoring->backup.last_seq);
    printf("%s%s: it parts from store %s after record %llu, and its subscribers are told\n",
           dry ? "it would be a new store" : "it is store ", dry ? "" : store_hex(restoring->identity, identity),
           store_hex(restoring->ancestor, ancestor), (unsigned long long)restoring->backup.last_seq);
    if (restoring->with_log)
        printf("%s-wal, which belongs to it, %s taken in\n", restoring->arguments->file, dry ? "would be" : "is");
    tell_standing(restoring, dry ? "would become" : "is");
}

static int restore(struct restoring *restoring, struct problem *problem)
{
    int failed = make_copy(restoring, problem);
    if (!failed)
        failed = prove_copy(restoring, problem);
    if (!failed)
        failed = look_at_standing(restoring, problem);
    if (!failed)
        failed = lost_keys_carry(&restoring->keys, restoring->within, problem);
    if (!failed)
        failed = whole_closed(restoring->within, problem);
    if (!failed && !restoring->arguments->dry_run)
        failed = put_in_place(restoring, problem);
    whole_clear(restoring->within);
    return failed;
}

static int restore_keys(const struct config *config)
{
    char server_key[41];
    struct problem problem = {0};
    if (keyfile_public(config, server_key))
        return EX_OK;
    if (keyfile_make(config->daemon_directory, server_key, &problem) != 0 ||
        files_take_owner(config->daemon_directory, &problem) != 0)
        return command_fail(EX_CANTCREAT, "%s", problem.message);
    printf("the server's key was not here, so a new one was made: contexts need server_key = %s\n", server_key);
    return EX_OK;
}

int command_restore(const struct arguments *arguments)
{
    static struct config config;
    struct restoring restoring = {.arguments = arguments};
    struct problem problem = {0};
    const int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    if (!arguments->file)
        return command_fail(EX_USAGE, "restore needs the backup's path: coordd restore FILE --dir DIR");
    if (where_is_postgresql(&config))
        return command_fail(EX_CONFIG,
                            "`store` in [journal] is postgresql, and a backup becomes a file: restore it with a "
                            "configuration that says sqlite, then coordd move --to postgresql");
    restoring.path = config.daemon_directory;
    snprintf(restoring.within, sizeof restoring.within, "%s/" RESTORING, restoring.path);
    if (getrandom(restoring.identity, sizeof restoring.identity, 0) != sizeof restoring.identity)
        return command_fail(EX_OSERR, "there is no randomness here for an identity");
    const bool made = mkdir(restoring.path, 0750) == 0;
    if (!made && errno != EEXIST)
        return command_fail(EX_CANTCREAT, "%s: %s", restoring.path, strerror(errno));
    restoring.directory = open(restoring.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (restoring.directory < 0)
        return command_fail(EX_CANTCREAT, "%s: %s", restoring.path, strerror(errno));
    const int failed = restore(&restoring, &problem);
    close(restoring.directory);
    if (made && (failed || arguments->dry_run))
        (void)rmdir(restoring.path);
    if (failed) {
        lost_keys_done(&restoring.keys);
        return command_fail(command_code(&problem, EX_DATAERR), "%s%s: %s", arguments->file,
                            restoring.with_log ? " with its -wal" : "", problem.message);
    }
    tell(&restoring);
    lost_keys_tell(&restoring.keys, arguments->dry_run, restoring.path);
    lost_keys_done(&restoring.keys);
    return arguments->dry_run ? EX_OK : restore_keys(&config);
}

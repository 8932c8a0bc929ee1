/* coordd move: a store goes from a file to PostgreSQL, or back. It is the same store afterwards: its identity, its records, their
 * hashes and the server's key are what they were, so that no client notices.
 *
 * The copy is made where nobody takes it for a store (a directory within DIR, a schema of another name), proved there, and only then
 * gets its place; where the store was it is put aside. When it is cut short between the two, both are there and the same: the
 * configuration says which one is served, and the other is refused later, as one that ends before the mark.
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
#include "journal/whole.h"
#include "store.h"
#include "where.h"

#define MOVING      "moving" /* the directory in DIR, and the end of the schema's name */
#define MOVED_FILE  JOURNAL_FILE ".moved"
#define MOVED_TRIES 99

struct moving {
    const struct config *config;
    const char *path;      /* DIR */
    char within[PATH_MAX]; /* DIR/moving */
    char schema[64];       /* NAME_moving */
    char aside[80];        /* what the place where it was is called now */
    struct journal_options file, database;
    struct journal *from, *to;
    struct journal_info info;
    int code; /* of a place that could not be opened; EX_OK while each could be */
};

/* ---- copying ---- */

static int open_one(struct moving *moving, struct journal **journal, const struct journal_options *options,
                    struct problem *problem)
{
    moving->code = command_open_code(journal_open(journal, options, problem));
    return moving->code ? problem->error : 0;
}

static int open_from(struct moving *moving, const struct journal_options *options, struct problem *problem)
{
    if (open_one(moving, &moving->from, options, problem) != 0)
        return problem->error;
    if (store_verify(moving->from, problem) != 0) {
        if (journal_beat(moving->from) == JOURNAL_DEMOTED) /* claimed meanwhile: it is not damaged */
            moving->code = EX_OSFILE;
        return problem->error;
    }
    journal_info(moving->from, &moving->info);
    return 0;
}

static int carry(struct moving *moving, const struct journal_options *options, struct problem *problem)
{
    if (open_one(moving, &moving->to, options, problem) != 0)
        return problem->error;
    const int carried = journal_carry(moving->from, moving->to, NULL, NULL, problem);
    if (carried == JOURNAL_DEMOTED) /* claimed meanwhile */
        moving->code = EX_OSFILE;
    if (carried != JOURNAL_OK)
        return problem->error;
    return store_verify(moving->to, problem);
}

static int fail_rename(struct journal *journal, int result, struct problem *problem)
{
    return problem_set(problem, result == JOURNAL_DEMOTED ? COORD_E_CONFLICT : COORD_E_SYSTEM, "",
                       "the schema cannot be renamed: %.180s", journal_failure(journal));
}

/* ---- to PostgreSQL ---- */

/* Nothing that stands there may be lost: looked for before all is copied. */
static int check_database_free(struct moving *moving, struct problem *problem)
{
    struct journal_options look = moving->database;
    struct journal *journal;
    look.look = true;
    look.directory = NULL;
    if (open_one(moving, &journal, &look, problem) != 0)
        return strcmp(problem->field, "schema") == 0 ? 0 : problem->error; /* that is what it should be: empty */
    journal_close(journal);
    return problem_set(problem, COORD_E_SYSTEM, "dir", "schema %.63s of database %.63s holds a store already",
                       moving->config->journal_schema, moving->config->journal_database);
}

/* The file's directory is locked by nobody for a moment, when the file is closed. */
static int put_file_aside(struct moving *moving, struct problem *problem)
{
    char wal[100];
    const int directory = open(moving->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int failed = directory < 0 || !files_lock(directory) ? -1 : 0;
    if (!failed) {
        files_free_name(directory, MOVED_FILE, moving->aside, sizeof moving->aside);
        snprintf(wal, sizeof wal, "%s-wal", moving->aside);
        failed = renameat(directory, JOURNAL_FILE, directory, moving->aside);
    }
    if (!failed)
        (void)renameat(directory, JOURNAL_FILE "-wal", directory, wal); /* closed, it has none */
    if (failed || fsync(directory) != 0)
        problem_set(problem, COORD_E_SYSTEM, "",
                    "the store is in PostgreSQL now, and %.100s/" JOURNAL_FILE
                    " cannot be put aside: move it away (%s)",
                    moving->path, strerror(errno));
    if (directory >= 0)
        close(directory);
    return problem->error;
}

static int move_to_database(struct moving *moving, struct problem *problem)
{
    struct journal_server server = *moving->database.server;
    struct journal_options options = moving->database;
    if (check_database_free(moving, problem) != 0)
        return problem->error;
    *problem = (struct problem){0};
    if (open_from(moving, &moving->file, problem) != 0)
        return problem->error;
    snprintf(moving->schema, sizeof moving->schema, "%.50s_" MOVING, server.schema);
    server.schema = moving->schema;
    options.server = &server;
    options.directory = NULL; /* it is locked for the file */
    options.over = true;
    journal_made_as(&options, &moving->info);
    int failed = carry(moving, &options, problem);
    if (!failed) {
        const int renamed = journal_rename(moving->to, moving->database.server->schema);
        failed = renamed == JOURNAL_OK ? 0 : fail_rename(moving->to, renamed, problem);
    }
    journal_close(moving->to);
    moving->to = NULL;
    if (failed)
        return failed;
    journal_close(moving->from);
    moving->from = NULL;
    return put_file_aside(moving, problem);
}

/* ---- to a file ---- */

static int put_schema_aside(struct moving *moving, struct problem *problem)
{
    int result = JOURNAL_FAILED;
    for (int number = 1; number <= MOVED_TRIES; number++) {
        snprintf(moving->aside, sizeof moving->aside, "%.50s_moved_%d", moving->database.server->schema, number);
        result = journal_rename(moving->from, moving->aside);
        if (result == JOURNAL_OK)
            return 0;
        if (!strstr(journal_failure(moving->from), "42P06")) /* the name is taken */
            break;
    }
    return fail_rename(moving->from, result, problem);
}

static int put_in_place(const struct moving *moving, const char *path, struct problem *problem)
{
    char made[PATH_MAX + 32];
    snprintf(made, sizeof made, "%s/" JOURNAL_FILE, moving->within);
    if (whole_name(made, path) != 0)
        problem_set(problem, COORD_E_SYSTEM, "dir", "the file cannot be put in place: %s", strerror(errno));
    return problem->error;
}

static int move_to_file(struct moving *moving, struct problem *problem)
{
    struct journal_options options = moving->file;
    char path[PATH_MAX + 32], log[PATH_MAX + 40];
    snprintf(path, sizeof path, "%s/" JOURNAL_FILE, moving->path);
    snprintf(log, sizeof log, "%s-wal", path);
    if (access(path, F_OK) == 0)
        return problem_set(problem, COORD_E_SYSTEM, "dir", "%.180s holds a store already", moving->path);
    if (access(log, F_OK) == 0) /* it would be read into the new one */
        return problem_set(problem, COORD_E_SYSTEM, "dir", "%.160s is left of another store: move it away", log);
    if (open_from(moving, &moving->database, problem) != 0)
        return problem->error;
    whole_clear(moving->within); /* what a move left that was cut short */
    if (mkdir(moving->within, 0700) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "dir", "%.180s: %s", moving->within, strerror(errno));
    options.directory = moving->within;
    journal_made_as(&options, &moving->info);
    int failed = carry(moving, &options, problem);
    journal_close(moving->to);
    moving->to = NULL;
    if (!failed)
        failed = whole_closed(moving->within, problem);
    if (!failed)
        failed = put_in_place(moving, path, problem);
    whole_clear(moving->within);
    if (failed)
        return failed;
    if (put_schema_aside(moving, problem) !=
        0) { /* it has it all, and another may serve it: it is not to be found here too */
        (void)unlink(path);
        return problem->error;
    }
    return files_take_owner(moving->path, problem);
}

/* ---- the command ---- */

static void tell(const struct moving *moving, bool to_database)
{
    char where[4200];
    printf("moved to %s: %llu records, all as they were; contexts and keys stay as they are\n",
           where_text(moving->config, where), (unsigned long long)moving->info.last_seq);
    if (to_database)
        printf("the file is %s/%s now; coordd.conf must have store = postgresql in its section [journal]\n",
               moving->path, moving->aside);
    else
        printf("the schema is %s now; coordd.conf must have store = sqlite in its section [journal]%s\n", moving->aside,
               where_waits(moving->config) ? ", and role = alone, or none: nobody else reaches a file" : "");
}

int command_move(const struct arguments *arguments)
{
    static struct config config;
    struct moving moving = {.config = &config};
    struct problem problem = {0};
    int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    if (!arguments->to)
        return command_fail(EX_USAGE, "move needs --to: sqlite or postgresql");
    (void)config_set(&config, "journal", "store", "postgresql", &problem);
    if (where_options(&config, &moving.database, &problem) != 0)
        return command_fail(EX_CONFIG, "%s", problem.message);
    if (config_set(&config, "journal", "store", arguments->to, &problem) != 0)
        return command_fail(EX_USAGE, "--to: %s", problem.message);
    const bool to_database = where_is_postgresql(&config);
    moving.path = moving.file.directory = config.daemon_directory;
    snprintf(moving.within, sizeof moving.within, "%.4000s/" MOVING, moving.path);
    const int failed = to_database ? move_to_database(&moving, &problem) : move_to_file(&moving, &problem);
    journal_close(moving.from);
    journal_close(moving.to);
    if (failed)
        return command_fail(command_code(&problem, moving.code ? moving.code : EX_DATAERR), "%s", problem.message);
    tell(&moving, to_database);
    return EX_OK;
}

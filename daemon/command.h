/* The commands of coordd: what `coordd NAME …` runs. Each returns the exit code, by the names of sysexits.h. */
#ifndef COORDD_COMMAND_H
#define COORDD_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

/* What the command line gave. */
struct arguments {
    const char *config; /* NULL: CONFIG_PATH, if it is there */
    const char *directory, *listen, *agency, *name, *file, *label, *out, *tasking, *default_policy, *store, *to, *as;
    int64_t rehearse_from_ms; /* INT64_MIN when not given */
    double days_per_second;   /* 0 when not given */
    bool replace, dry_run;
};

int command_run(const struct arguments *arguments);
int command_init(const struct arguments *arguments);
int command_verify(const struct arguments *arguments);
int command_restore(const struct arguments *arguments);
int command_admin_key(const struct arguments *arguments);
int command_check(const struct arguments *arguments);
int command_move(const struct arguments *arguments);

/* The configuration that the arguments name, with what they override. On failure it is told on stderr. */
int command_config(const struct arguments *arguments, struct config *config);

/* Whether backups can be written where they are to be. It may take as long as a file system of another machine. */
int check_backups(const struct config *config, struct problem *problem);
/* Reads a configuration as a reload takes it, and refuses what coordd check would of it. `directory` is the command line's, or
 * NULL. */
int check_reload(struct config *fresh, const char *path, const char *directory, struct problem *problem);

/* What a command exits with that journal_open gave this of the store that it works on: as coordd(8) has it, of every command. */
int command_open_code(int opened);
/* Tells on stdout what is to be typed next, with the options that were given here and that it needs too. */
void command_next(const struct arguments *arguments, bool rehearsal, const char *context);

/* The exit code of a failure: `otherwise`, but these are the same of every command: another coordd has the store (CONFLICT), the
 * place where something is to be made cannot be had (SYSTEM at `dir`), what the command line names is not what it takes (BAD_ARGUMENT). */
int command_code(const struct problem *problem, int otherwise);

/* Tells on stderr and returns the code. */
int command_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

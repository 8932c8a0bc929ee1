/* The command line: what options and operands were given to a command. */
#ifndef COORDCTL_ARGUMENTS_H
#define COORDCTL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "options.h"

#define GIVEN_MAX 512

struct given {
    const struct option_row *option;
    const char *value; /* NULL for a flag */
};

struct command;

struct arguments {
    const struct command *command;
    struct given given[GIVEN_MAX];
    size_t given_count;
    char **operands;
    int operand_count;
};

/* Options and operands behind the command's words. False, and told on stderr, when something is wrong. */
bool arguments_parse(struct arguments *arguments, const struct command *command, int argc, char **argv);
/* Tells that a command takes no such option, and which may have been meant; NULL for one that stands in front of any. */
void arguments_tell_unknown(const struct command *command, const char *word);
/* The last value given; NULL when none was. A flag's is "". */
const char *arguments_get(const struct arguments *arguments, const char *name);
bool arguments_flag(const struct arguments *arguments, const char *name);

#endif

/* The options: one table, of which each command names those that it takes, and what they mean to it. */
#ifndef COORDCTL_OPTIONS_H
#define COORDCTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* What an option's or operand's value is, for completion. */
enum value_kind {
    VALUE_ANY,
    VALUE_FILE,
    VALUE_TASK,
    VALUE_AGENCY,
    VALUE_POLICY,
    VALUE_CALENDAR,
    VALUE_SCHEDULE,
    VALUE_DOCUMENT, /* its number */
    VALUE_RULE,     /* of hot spots */
    VALUE_CONTEXT,
    VALUE_KEY,     /* AGENCY:LABEL */
    VALUE_COMMAND, /* a noun, and its verb */
    VALUE_SHELL,
    VALUE_ENDPOINT, /* of a broker */
    VALUE_TERM
};

struct option_row {
    const char *name;
    const char *value; /* what it is called in help; NULL for a flag */
    enum value_kind kind;
    const struct vocabulary *vocabulary; /* of VALUE_TERM */
    const char *sentence;
    bool many; /* more than one may be given */
};

/* The table; NULL-named row last. The first OPTIONS_COMMON of them are taken by every command, but those that option_is_for_some. */
extern const struct option_row option_rows[];
#define OPTIONS_COMMON 9

const struct option_row *option_find(const char *name);

struct command;

/* Whether one of the common options is taken by some commands alone: `for` where command_takes_name, and how new what is read must be where
 * command_reads. */
bool option_is_for_some(const char *option);
/* Whether a command's list, "note officer", or the common ones, name the option. */
bool command_takes(const struct command *command, const char *option);
/* What an option's value is with a command: `parent` is a task's or an agency's. The command may be NULL. */
enum value_kind option_kind(const struct command *command, const struct option_row *option);
/* What help says of it with a command; the command may be NULL. */
const char *option_sentence(const struct command *command, const struct option_row *option);
/* What its value is called with a command; NULL for a flag. The command may be NULL. */
const char *option_value(const struct command *command, const struct option_row *option);
/* Whether more than one may be given to a command: a task has many leads when it is assigned, one when reassigned. */
bool option_many(const struct command *command, const struct option_row *option);

#endif

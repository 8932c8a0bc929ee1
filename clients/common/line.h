/* The line of a client program: a command by its one or two words, its options, its operands. One table of options and one of
 * commands, from which the line is read and the help is written.
 */
#ifndef COMMON_LINE_H
#define COMMON_LINE_H

#include <stdbool.h>

#define LINE_OPTIONS_MAX 32

/* As coordctl's. */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_USAGE = 2,
    EXIT_NOT_FOUND = 3,
    EXIT_FORBIDDEN = 4,
    EXIT_CONTEXT = 7,
    EXIT_SYSTEM = 8
};

struct line {
    const char *options[LINE_OPTIONS_MAX]; /* "" for a flag that was given; NULL for what was not */
    char **operands;
    int operand_count;
};

struct line_option {
    const char *name, *value, *sentence; /* value: what it is called, or NULL for a flag */
};

struct line_command {
    const char *title; /* "dead list": one word or two */
    const char *takes; /* names of options */
    const char *operands;
    const char *sentence;
    int (*run)(const struct line *line);
};

struct line_program {
    const char *name, *sentence;
    const struct line_option *options;   /* NULL name last; the place in it is the one in line.options */
    const struct line_command *commands; /* NULL title last */
};

/* The whole of a main: finds the command, reads its options, runs it. Gives the exit status. */
int line_main(const struct line_program *program, int argc, char **argv);
/* Says what is wrong, behind the program's name, and gives the code. */
int line_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

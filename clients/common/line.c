#include "line.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *program_name = "coord";

int line_fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return code;
}

static bool takes(const struct line_command *command, const char *name)
{
    const size_t size = strlen(name);
    for (const char *at = command->takes; (at = strstr(at, name)); at += size)
        if ((at == command->takes || at[-1] == ' ') && (at[size] == ' ' || !at[size]))
            return true;
    return strcmp(name, "help") == 0;
}

static void say_usage(const struct line_program *program, const struct line_command *command)
{
    printf("%s %s%s%s\n    %s\n", program->name, command->title, command->operands[0] ? " " : "", command->operands,
           command->sentence);
    for (const struct line_option *option = program->options; option->name; option++)
        if (takes(command, option->name))
            printf("    --%s %-*s %s\n", option->name, (int)(18 - strlen(option->name)),
                   option->value ? option->value : "", option->sentence);
}

static int say_all(const struct line_program *program, FILE *out, int code)
{
    fprintf(out, "%s %s. %s COMMAND --help says what one takes.\n\n", program->name, program->sentence, program->name);
    for (const struct line_command *command = program->commands; command->title; command++)
        fprintf(out, "  %-14s %s\n", command->title, command->sentence);
    return code;
}

/* The command whose words the line begins with, and how many these are. */
static const struct line_command *find(const struct line_program *program, int argc, char **argv, int *words)
{
    char title[64];
    for (*words = 2; *words >= 1; --*words) {
        if (argc <= *words)
            continue;
        snprintf(title, sizeof title, "%.30s%s%.30s", argv[1], *words == 2 ? " " : "", *words == 2 ? argv[2] : "");
        for (const struct line_command *command = program->commands; command->title; command++)
            if (strcmp(command->title, title) == 0)
                return command;
    }
    return NULL;
}

static int parse(const struct line_program *program, const struct line_command *command, int argc, char **argv,
                 struct line *line)
{
    struct option rows[LINE_OPTIONS_MAX + 1] = {{0}};
    int which, count = 0, numbers[LINE_OPTIONS_MAX];
    for (int i = 0; i < LINE_OPTIONS_MAX && program->options[i].name; i++)
        if (takes(command, program->options[i].name)) {
            numbers[count] = i;
            rows[count++] = (struct option){program->options[i].name,
                                            program->options[i].value ? required_argument : no_argument, NULL, 0};
        }
    for (int chosen; (which = getopt_long(argc, argv, "", rows, &chosen)) != -1;) {
        if (which == '?')
            return line_fail(EXIT_USAGE, "%s takes no such option; --help says which", command->title);
        line->options[numbers[chosen]] = optarg ? optarg : "";
    }
    line->operands = argv + optind;
    line->operand_count = argc - optind;
    return EXIT_DONE;
}

static bool wants_help(const struct line_program *program, const struct line *line)
{
    for (int i = 0; i < LINE_OPTIONS_MAX && program->options[i].name; i++)
        if (strcmp(program->options[i].name, "help") == 0)
            return line->options[i];
    return false;
}

int line_main(const struct line_program *program, int argc, char **argv)
{
    struct line line = {.operand_count = 0};
    int words = 0;
    program_name = program->name;
    const struct line_command *command = find(program, argc, argv, &words);
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0))
        return printf("%s %s\n", program->name, COORDD_VERSION) < 0;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0))
        return say_all(program, stdout, EXIT_DONE);
    if (!command) {
        if (argc > 1)
            line_fail(EXIT_USAGE, "there is no command `%s`", argv[1]);
        return say_all(program, stderr, EXIT_USAGE);
    }
    argv[words] = argv[0];
    if (parse(program, command, argc - words, argv + words, &line))
        return EXIT_USAGE;
    if (wants_help(program, &line)) {
        say_usage(program, command);
        return EXIT_DONE;
    }
    if (line.operand_count > 0 && !command->operands[0])
        return line_fail(EXIT_USAGE, "%s takes no `%s`; --help says what it takes", command->title, line.operands[0]);
    const int code = command->run(&line);
    return fflush(stdout) != 0 && !code ? EXIT_SYSTEM : code;
}

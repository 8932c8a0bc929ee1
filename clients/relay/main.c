/* coord-relay: finds the command by its words, reads its options, runs it. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "config.h"

static const struct {
    const char *name, *value, *sentence;
} option_rows[] = {
#define O(name, value, sentence) {#name, value, sentence},
    RELAY_OPTIONS(O)
#undef O
};

static bool takes(const struct relay_command *command, const char *name)
{
    const size_t size = strlen(name);
    for (const char *at = command->takes; (at = strstr(at, name)); at += size)
        if ((at == command->takes || at[-1] == ' ') && (at[size] == ' ' || !at[size]))
            return true;
    return strcmp(name, "help") == 0;
}

static void say_usage(FILE *out, const struct relay_command *command)
{
    fprintf(out, "coord-relay %s%s%s\n    %s\n", command->title, command->operands[0] ? " " : "", command->operands,
            command->sentence);
    for (int i = 0; i < OPTION_COUNT; i++)
        if (takes(command, option_rows[i].name))
            fprintf(out, "    --%s %-*s %s\n", option_rows[i].name, (int)(18 - strlen(option_rows[i].name)),
                    option_rows[i].value ? option_rows[i].value : "", option_rows[i].sentence);
}

static int say_all(FILE *out, int code)
{
    fputs("coord-relay delivers coordd's notifications to people. coord-relay COMMAND --help says what one takes.\n\n",
          out);
    for (const struct relay_command *command = relay_commands; command->title; command++)
        fprintf(out, "  %-14s %s\n", command->title, command->sentence);
    return code;
}

/* The command whose words the line begins with, and how many these are. */
static const struct relay_command *find(int argc, char **argv, int *words)
{
    char title[64];
    for (*words = 2; *words >= 1; --*words) {
        if (argc <= *words)
            continue;
        snprintf(title, sizeof title, "%.30s%s%.30s", argv[1], *words == 2 ? " " : "", *words == 2 ? argv[2] : "");
        for (const struct relay_command *command = relay_commands; command->title; command++)
            if (strcmp(command->title, title) == 0)
                return command;
    }
    return NULL;
}

static int parse(const struct relay_command *command, int argc, char **argv, struct line *line)
{
    struct option rows[OPTION_COUNT + 1] = {{0}};
    int which, count = 0, numbers[OPTION_COUNT];
    for (int i = 0; i < OPTION_COUNT; i++)
        if (takes(command, option_rows[i].name)) {
            numbers[count] = i;
            rows[count++] = (struct option){option_rows[i].name, option_rows[i].value ? required_argument : no_argument,
                                            NULL, 0};
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

int main(int argc, char **argv)
{
    struct line line = {.operand_count = 0};
    int words = 0;
    const struct relay_command *command = find(argc, argv, &words);
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0))
        return printf("coord-relay %s\n", COORDD_VERSION) < 0;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0))
        return say_all(stdout, EXIT_DONE);
    if (!command) {
        if (argc > 1)
            line_fail(EXIT_USAGE, "there is no command `%s`", argv[1]);
        return say_all(stderr, EXIT_USAGE);
    }
    argv[words] = argv[0];
    if (parse(command, argc - words, argv + words, &line))
        return EXIT_USAGE;
    if (line.options[OPTION_help]) {
        say_usage(stdout, command);
        return EXIT_DONE;
    }
    const int code = command->run(&line);
    return fflush(stdout) != 0 && !code ? EXIT_SYSTEM : code;
}

/* The words of a command line, held against what the command takes. */
#include "arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "spelling.h"

#define KEY_SIZE     40
#define OPERANDS_MAX 8 /* keys among a command's words: no command takes more than one */

void arguments_tell_unknown(const struct command *command, const char *word)
{
    static const struct command any = {.options = ""};
    const char *title = command ? command_title(command) : "coordctl";
    const struct text mistaken = {word, (uint32_t)strcspn(word, "=")};
    const struct option_row *nearest = NULL;
    uint32_t best = UINT32_MAX;
    if (text_equal(mistaken, TEXT("for"))) {
        output_error("`%s` takes no option --for: it is done in one's own name alone\n  next: leave --for out", title);
        return;
    }
    if (text_equal(mistaken, TEXT("within")) || text_equal(mistaken, TEXT("at-least"))) {
        output_error("`%s` takes no option --%.*s: that is of what is read alone\n  next: leave it out", title,
                     TEXT_ARGS(mistaken));
        return;
    }
    for (const struct option_row *row = option_rows; row->name; row++) {
        const uint32_t distance = spelling_distance(mistaken, text_of(row->name));
        if (command_takes(command ? command : &any, row->name) && distance < best &&
            spelling_near(distance, mistaken.size)) {
            best = distance;
            nearest = row;
        }
    }
    if (nearest)
        output_error("`%s` takes no option --%.*s; did you mean --%s?", title, TEXT_ARGS(mistaken), nearest->name);
    else
        output_error("`%s` takes no option --%.*s\n  next: coordctl help%s%s", title, TEXT_ARGS(mistaken),
                     command ? " " : "", command ? title : "");
}

/* getopt's own table: the options that the command takes; `val` is the place in ours, + 1. `f` is short for file. */
static void long_options(const struct command *command, struct option *options)
{
    size_t count = 0;
    for (int i = 0; option_rows[i].name; i++)
        if (command_takes(command, option_rows[i].name))
            options[count++] = (struct option){option_rows[i].name,
                                               option_rows[i].value ? required_argument : no_argument, NULL, 1000 + i};
    options[count] = (struct option){0};
}

/* Of two values where one counts, the other would be lost without a word. What is common to all commands may be said
 * again: an alias of the shell's gives a context, and the line another. */
static bool is_one_too_many(const struct arguments *arguments, const struct option_row *row, const char *value)
{
    const char *before = arguments_get(arguments, row->name);
    if (!row->value || !before || row < option_rows + OPTIONS_COMMON || option_many(arguments->command, row))
        return false;
    output_error("--%s takes one value, and has two: `%s` and `%s`\n  next: coordctl help %s", row->name, before, value,
                 command_title(arguments->command));
    return true;
}

static bool take(struct arguments *arguments, int found, char **argv)
{
    const char *word = argv[optind - 1];
    if (found == '?') {
        if (optopt == 0 && strncmp(word, "--", 2) == 0)
            arguments_tell_unknown(arguments->command, word + 2);
        else if (optopt > ' ' && optopt < 127) /* `word` may be another: of `-3wd`, getopt is at `-3` still */
            output_error("`-%c` is no option here\n  next: coordctl help %s", optopt,
                         command_title(arguments->command));
        else
            output_error("`%s` is no option here\n  next: coordctl help %s", word, command_title(arguments->command));
        return false;
    }
    if (found == ':') {
        output_error("%s needs a value", word);
        output_error_more("next: coordctl help %s", command_title(arguments->command));
        return false;
    }
    if (arguments->given_count == GIVEN_MAX) {
        output_error("more than %d options", GIVEN_MAX);
        return false;
    }
    const struct option_row *row = found == 'f' ? option_find("file") : &option_rows[found - 1000];
    if (is_one_too_many(arguments, row, optarg))
        return false;
    arguments->given[arguments->given_count++] = (struct given){row, row->value ? optarg : NULL};
    return true;
}

static void tell_example(const struct command *command)
{
    if (command->example)
        output_error_more("for example: coordctl %s", command->example);
    output_error_more("next: coordctl help %s", command_title(command));
}

/* Whether what `required` names is there; told what is not, all at once. */
static bool has_required(const struct arguments *arguments)
{
    const struct command *command = arguments->command;
    char missing[400] = "", one[120];
    size_t used = 0;
    for (const char *word = command->required; *word && used < sizeof missing; word += strspn(word, " ")) {
        const char *const begin = word;
        bool given = false;
        for (size_t length = 0; *word && *word != ' '; word += length + (word[length] == '|')) {
            char name[40];
            length = strcspn(word, "| ");
            snprintf(name, sizeof name, "%.*s", (int)length, word);
            given |= arguments_flag(arguments, name);
        }
        if (given)
            continue;
        command_required_text(command, begin, one, sizeof one);
        used += (size_t)snprintf(missing + used, sizeof missing - used, "%s%s", used ? ", and " : "", one);
    }
    if (!used)
        return true;
    output_error("`%s` needs %s", command_title(command), missing);
    tell_example(command);
    return false;
}

/* One in 85 begins as an option does. */
static bool is_key_like_option(const char *word)
{
    static const char z85[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    return word[0] == '-' && strlen(word) == KEY_SIZE && strspn(word, z85) == KEY_SIZE;
}

static bool takes_next(const char *word)
{
    const struct option_row *row = strncmp(word, "--", 2) == 0 ? option_find(word + 2) : NULL;
    return strcmp(word, "--") == 0 || (row && row->value);
}

/* Puts those that are no option's value behind all else, where getopt does not see them; how many words are left. */
static int keys_set_aside(int argc, char **argv)
{
    char *keys[OPERANDS_MAX];
    int left = 0, count = 0;
    for (int i = 0; i < argc; i++) {
        const bool is_value = i > 0 && takes_next(argv[i - 1]);
        if (is_key_like_option(argv[i]) && !is_value && count < OPERANDS_MAX)
            keys[count++] = argv[i];
        else
            argv[left++] = argv[i];
    }
    memcpy(argv + left, keys, (size_t)count * sizeof *keys);
    return left;
}

bool arguments_parse(struct arguments *arguments, const struct command *command, int argc, char **argv)
{
    struct option options[128];
    const int words = keys_set_aside(argc, argv);
    int found;
    arguments->command = command;
    long_options(command, options);
    optind = 0;
    opterr = 0;
    while ((found = getopt_long(words, argv, command_takes(command, "file") ? ":f:" : ":", options, NULL)) != -1)
        if (!take(arguments, found, argv))
            return false;
    arguments->operands = argv + optind;
    arguments->operand_count = argc - optind;
    if (arguments_flag(arguments, "help"))
        return true;
    if (arguments->operand_count < command->operands_min || arguments->operand_count > command->operands_max) {
        const bool more = arguments->operand_count > command->operands_max;
        output_error("`%s` takes %s%s%s%s", command_title(command),
                     command->operands[0] ? command->operands : "options alone", more ? "; `" : "",
                     more ? arguments->operands[command->operands_max] : "", more ? "` is too many" : "");
        tell_example(command);
        return false;
    }
    return has_required(arguments);
}

const char *arguments_get(const struct arguments *arguments, const char *name)
{
    for (size_t i = arguments->given_count; i > 0; i--)
        if (strcmp(arguments->given[i - 1].option->name, name) == 0)
            return arguments->given[i - 1].value ? arguments->given[i - 1].value : "";
    return NULL;
}

bool arguments_flag(const struct arguments *arguments, const char *name)
{
    return arguments_get(arguments, name) != NULL;
}

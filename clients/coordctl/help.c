/* Help, the manual page and the completion script: walks over the tables of commands and options. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "layout.h"
#include "session.h"

int version(struct session *session)
{
    if (session->json)
        output_json(json_pack("{s:s}", "version", COORDD_VERSION));
    else
        puts("coordctl " COORDD_VERSION);
    return EXIT_DONE;
}

#define NAME_COLUMNS 28 /* room for the longest command with its operands, and the longest option with its value */

static void print_entry(const char *name, const char *sentence)
{
    printf("  %-*s ", NAME_COLUMNS, name);
    layout_print(NAME_COLUMNS + 3, sentence);
}

static void print_commands(const char *noun)
{
    char usage[100];
    for (const struct command *command = commands; command->noun; command++) {
        if (!command->sentence || (noun && strcmp(command->noun, noun) != 0))
            continue;
        snprintf(usage, sizeof usage, "%s %s", command_title(command), command->operands);
        print_entry(usage, command->sentence);
    }
}

void help_all(void)
{
    puts("coordctl " COORDD_VERSION ": tasks among agencies, from the command line\n");
    print_commands(NULL);
    puts("\nA TASK is its reference (HT-036), ASSIGNER:REFERENCE, or @NUMBER.");
    layout_print(0, "coordctl help task assign says what one command takes; man coordctl says the rest.");
}

/* What is short for an option. */
static const char *short_name(const struct option_row *row)
{
    return strcmp(row->name, "file") == 0 ? "-f, " : "";
}

/* Whether a command does not run without it; `alone` when no other would do instead. */
static bool is_required(const struct command *command, const struct option_row *row, bool *alone)
{
    const size_t size = strlen(row->name);
    for (const char *at = command->required; (at = strstr(at, row->name)); at += size)
        if ((at == command->required || at[-1] == ' ' || at[-1] == '|') && strchr(" |", at[size])) {
            *alone = (at == command->required || at[-1] == ' ') && at[size] != '|';
            return true;
        }
    return false;
}

static void print_option(const struct command *command, const struct option_row *row)
{
    const char *value = option_value(command, row);
    char usage[64], text[1000];
    bool alone = false;
    const bool required = is_required(command, row, &alone);
    snprintf(usage, sizeof usage, "%s--%s%s%s", short_name(row), row->name, value ? " " : "", value ? value : "");
    size_t used = (size_t)snprintf(text, sizeof text, "%s%s",
                                   alone      ? "Required. "
                                   : required ? "One of these. "
                                              : "",
                                   option_sentence(command, row));
    for (int i = 1; row->vocabulary && i <= row->vocabulary->count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s", i > 1 ? ", " : " One of ",
                                 term_name(row->vocabulary, i), i == row->vocabulary->count ? "." : "");
    print_entry(usage, text);
}

/* What is required stands first. */
static void print_options(const struct command *command, bool common, bool required)
{
    bool alone;
    for (size_t i = 0; option_rows[i].name; i++)
        if ((i < OPTIONS_COMMON) == common && command_takes(command, option_rows[i].name) &&
            is_required(command, &option_rows[i], &alone) == required)
            print_option(command, &option_rows[i]);
}

int help_of(const struct command *command)
{
    char usage[400], one[120];
    size_t used = (size_t)snprintf(usage, sizeof usage, "%s%s%s", command_title(command),
                                   command->operands[0] ? " " : "", command->operands);
    for (const char *word = command->required; *word && used < sizeof usage;) {
        const size_t length = strcspn(word, " ");
        const bool many = memchr(word, '|', length) != NULL;
        command_required_text(command, word, one, sizeof one);
        used += (size_t)snprintf(usage + used, sizeof usage - used, many ? " (%s)" : " %s", one);
        word += length + strspn(word + length, " ");
    }
    snprintf(usage + (used < sizeof usage ? used : sizeof usage - 1), used < sizeof usage ? sizeof usage - used : 1,
             " [options]");
    fputs("coordctl ", stdout);
    layout_print(9, usage);
    fputs("    ", stdout);
    layout_print(4, command->sentence);
    if (command_right(command))
        printf("    It needs a key that may %s.\n", command_right(command));
    if (command->example) {
        fputs("    For example: ", stdout);
        snprintf(usage, sizeof usage, "coordctl %s", command->example);
        layout_print(17, usage);
    }
    putchar('\n');
    print_options(command, false, true);
    print_options(command, false, false);
    if (command->options[0])
        putchar('\n');
    print_options(command, true, false);
    return EXIT_DONE;
}

int help(struct session *session)
{
    const struct arguments *arguments = &session->arguments;
    bool is_noun = false;
    int words;
    if (arguments->operand_count == 0) {
        help_all();
        return EXIT_DONE;
    }
    for (const struct command *command = commands; command->noun; command++)
        is_noun |= strcmp(command->noun, arguments->operands[0]) == 0 && command->sentence && command->verb[0];
    if (is_noun && arguments->operand_count == 1) {
        print_commands(arguments->operands[0]);
        return EXIT_DONE;
    }
    const struct command *command = command_find(arguments->operand_count, arguments->operands, &words);
    return command && command->sentence ? help_of(command) : EXIT_USAGE;
}

/* ---- the manual page, in scdoc's format ---- */

/* scdoc takes these for marks. */
static void print_escaped(const char *text)
{
    for (; *text; text++) {
        if (strchr("*_\\[]#|~", *text))
            putchar('\\');
        putchar(*text);
    }
}

static void manual_command(const struct command *command)
{
    printf("*coordctl %s* ", command_title(command));
    print_escaped(command->operands);
    fputs("\n\t", stdout);
    print_escaped(command->sentence);
    if (command_right(command))
        printf(" It needs a key that may %s.", command_right(command));
    puts("");
    bool first = true;
    char one[120];
    for (const char *word = command->required; *word; word += strcspn(word, " "), word += strspn(word, " ")) {
        command_required_text(command, word, one, sizeof one);
        fputs(first ? "\n\tRequired: *" : "*, and *", stdout);
        print_escaped(one);
        first = false;
    }
    if (!first)
        puts("*.");
    first = true;
    for (size_t i = 0; option_rows[i].name; i++) {
        const bool everywhere = i < OPTIONS_COMMON && !option_is_for_some(option_rows[i].name);
        if (everywhere || !command_takes(command, option_rows[i].name))
            continue;
        fputs(first ? "\n\tOptions: " : ", ", stdout);
        printf("%s*--%s*", strcmp(option_rows[i].name, "file") == 0 ? "*-f*, " : "", option_rows[i].name);
        first = false;
    }
    puts(first ? "" : ".\n");
    if (command->example) {
        fputs("\tFor example: coordctl ", stdout);
        print_escaped(command->example);
        puts("\n");
    }
}

static void manual_option(const struct option_row *row)
{
    printf("%s*--%s*", strcmp(row->name, "file") == 0 ? "*-f*, " : "", row->name);
    if (row->value)
        printf(" _%s_", row->value);
    fputs("\n\t", stdout);
    print_escaped(row->sentence);
    for (int i = 1; row->vocabulary && i <= row->vocabulary->count; i++) {
        fputs(i == 1 ? " One of " : ", ", stdout);
        print_escaped(term_name(row->vocabulary, i));
    }
    puts(row->vocabulary ? ".\n" : "\n");
}

static const char manual_head[] =
    "coordctl(1)\n\n# NAME\n\ncoordctl - tasks among agencies, from the command line\n\n"
    "# SYNOPSIS\n\n*coordctl* [options] _command_ [options] [operands]\n\n"
    "# DESCRIPTION\n\ncoordctl speaks to a broker, *coordd*(8), as one agency: which broker, and with which key, "
    "stands in a context file that the administrator hands out. A key that may *act* may *read*; one that may "
    "*administer* alone may neither.\n\n"
    "A task is named by its reference (HT-036), by ASSIGNER:REFERENCE where several assigners use the same one, or by "
    "@NUMBER. Given to several leads it is one task for each, REFERENCE/LEAD; REFERENCE alone is enough for whoever "
    "may "
    "read one of them only, and finds them all in *task list --reference*; where a task has that very reference it "
    "means "
    "this one alone, and *task assign* and *task show* say so.\n\n"
    "On a terminal there are tables; piped, tab-separated values without a heading; with *--json*, JSON. Colours are "
    "left out when NO\\_COLOR is set. What others wrote stands on one line in a table and when piped; control "
    "characters "
    "and marks that turn the direction of writing are shown as their code, <U+202E>. Times are shown by this machine's "
    "clock, or by TZ; days are those of the task's "
    "calendar.\n\n# COMMANDS\n";

static const char manual_tail[] =
    "# EXIT STATUS\n\n"
    "*0*\n\tIt was done.\n\n*1*\n\tThe broker refused it for another reason than these; or *doctor* found the clock "
    "wrong, the store's disk full, or a broker of the context that is not as it should be. Where nobody listens "
    "while another leads, that may be a candidate that waits: *doctor* says `look`, and 0.\n\n"
    "*2*\n\tThe command line is wrong, or a file that is to be read: it is not there, cannot be read, or what it says "
    "is "
    "wrong, or what it asks for could be asked for otherwise: a date that has passed, an agency with two "
    "roles.\n\n*3*\n\tWhat it names is not there, or not for this agency.\n\n"
    "*4*\n\tThe key or the agency may not do this.\n\n*5*\n\tIt does not fit what is there now: a stale version, "
    "another state, a reference that is taken, an agency that takes no tasks.\n\n"
    "*6*\n\tThe broker gave no answer, or none that can be read. It may or may not have been done.\n\n"
    "*7*\n\tThere is no context, or it cannot be used.\n\n*8*\n\tThe operating system refused: memory, disk, a file "
    "that is to be written.\n\n"
    "# FILES\n\n_$XDG\\_CONFIG\\_HOME/coord/contexts/NAME.context_, _/etc/coord/contexts/NAME.context_\n\t"
    "Contexts; the one named default is taken unless *--context* or COORD\\_CONTEXT names another.\n\n"
    "_/usr/share/coordd/presets_\n\tA calendar and policies to apply, and to edit: law changes.\n\n"
    "# SEE ALSO\n\n*coord-apply*(5), *coord*(3), *coordd*(8), *coordd.conf*(5)\n";

int manual(struct session *session)
{
    (void)session;
    puts(manual_head);
    for (const struct command *command = commands; command->noun; command++)
        if (command->sentence)
            manual_command(command);
    puts("# OPTIONS\n");
    for (const struct option_row *row = option_rows; row->name; row++)
        manual_option(row);
    fputs(manual_tail, stdout);
    return EXIT_DONE;
}

/* ---- completion ---- */

static const char bash_script[] =
    "# Completion of coordctl for bash: coordctl itself says what may come; status 9 asks for the names of files.\n"
    "_coordctl() {\n"
    "    local candidates\n"
    "    COMPREPLY=()\n"
    "    candidates=$(coordctl _complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "    [ $? = 9 ] && compopt -o default 2>/dev/null\n"
    "    [ -z \"$candidates\" ] || mapfile -t COMPREPLY <<< \"$candidates\"\n"
    "}\n"
    "complete -F _coordctl coordctl\n";

int completion(struct session *session)
{
    if (strcmp(session->arguments.operands[0], "bash") != 0) {
        output_error("there is a script for bash only");
        return EXIT_USAGE;
    }
    fputs(bash_script, stdout);
    return EXIT_DONE;
}

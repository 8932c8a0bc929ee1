/* coordctl: finds the command, opens the connection that it needs, runs it. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "session.h"

/* Options that every command takes may stand in front: coordctl --context X task list. The place of the first word that
 * is none of them; 0, and told, when one is unknown. */
static int skip_options(int argc, char **argv)
{
    int at = 1;
    while (at < argc && argv[at][0] == '-') {
        const char *name = argv[at] + strspn(argv[at], "-");
        const size_t size = strcspn(name, "=");
        const struct option_row *row = NULL;
        for (size_t i = 0; i < OPTIONS_COMMON; i++)
            if (strncmp(option_rows[i].name, name, size) == 0 && !option_rows[i].name[size])
                row = &option_rows[i];
        if (!row || name - argv[at] != 2) {
            arguments_tell_unknown(NULL, name);
            return 0;
        }
        at += row->value && !name[size] ? 2 : 1;
    }
    return at;
}

static int run(int argc, char **argv)
{
    struct session session = {0};
    int words = 0;
    setlocale(LC_CTYPE, "C.UTF-8"); /* for the width of letters in tables; nothing else depends on a locale */
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        help_all();
        return EXIT_DONE;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return version(&session);
    const int first = skip_options(argc, argv);
    if (first == 0)
        return EXIT_USAGE;
    if (first >= argc) {
        help_all();
        return EXIT_USAGE;
    }
    const struct command *command = command_find(argc - first, argv + first, &words);
    if (!command)
        return EXIT_USAGE;
    /* The command's words go out of the way; what stood in front stays in front. */
    memmove(argv + first, argv + first + words, (size_t)(argc - first - words + 1) * sizeof *argv);
    if (command->run == complete) {
        session.arguments.command = command;
        session.arguments.operands = argv + first;
        session.arguments.operand_count = argc - words - first;
        return complete(&session);
    }
    if (!arguments_parse(&session.arguments, command, argc - words, argv))
        return EXIT_USAGE;
    if (arguments_flag(&session.arguments, "help"))
        return help_of(command);
    arena_init(&session.arena);
    session.json = arguments_flag(&session.arguments, "json");
    if (arguments_flag(&session.arguments, "table"))
        output_as_on_terminal();
    int code = command->local ? EXIT_DONE : session_open(&session);
    if (!code)
        code = session_may_try(&session);
    if (!code)
        code = command->run(&session);
    session_close(&session);
    return code;
}

static bool wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

/* A script reads one thing, whatever is wrong: the command line too, where no more than that was told in words. */
static void tell_usage(void)
{
    output_json(json_pack("{s:s, s:s, s:s}", "error", coord_error_name(COORD_E_BAD_ARGUMENT), "field", "", "message",
                          output_plain(text_of(output_last_error()))));
}

/* What a script reads on standard output is whole, or the exit status says that it is not. */
int main(int argc, char **argv)
{
    const bool as_json = wants_json(argc, argv); /* before the words are moved about */
    const int code = run(argc, argv);
    if (as_json && code == EXIT_USAGE && !output_had_json() && output_last_error()[0])
        tell_usage();
    return output_end() && !code ? EXIT_SYSTEM : code;
}

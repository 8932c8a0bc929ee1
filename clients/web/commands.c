#include "commands.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "config.h"

const struct line_command web_commands[] = {
    {"run", "config dir", "", "Serves the pages, until SIGTERM or SIGINT.", command_run},
    {"check", "", "FILE", "Checks a configuration: says each fault, with its line and what would be right.",
     command_check},
    {"login", "config dir for", "USER", "Prints a link that signs the user in, once.", command_login},
    {"user add", "config dir context officer rights language", "USER", "Adds a user, or changes one.",
     command_user_add},
    {"user list", "dir", "", "The users, each with agency, officer and rights.", command_user_list},
    {"user remove", "dir", "USER", "Removes a user, and ends its sessions.", command_user_remove},
    {"user password", "dir", "USER", "Reads a password from standard input, and sets it.", command_user_password},
    {"user totp", "dir off", "USER", "Asks for a telephone's code too: prints its secret, to be scanned or typed.",
     command_user_totp},
    {NULL, NULL, NULL, NULL, NULL},
};

struct config *line_config(const struct line *line, bool here)
{
    struct buffer faults = {0};
    struct config *config = config_read(
        line->options[OPTION_config] ? line->options[OPTION_config] : "/etc/coord/web.conf", here, &faults);
    fwrite(faults.data ? faults.data : "", 1, faults.size, stderr);
    buffer_done(&faults);
    return config;
}

const char *line_dir(const struct line *line)
{
    return line->options[OPTION_dir] ? line->options[OPTION_dir] : WEB_DIR;
}

int command_check(const struct line *line)
{
    if (line->operand_count != 1)
        return line_fail(EXIT_USAGE, "check takes one FILE");
    struct line with = *line;
    with.options[OPTION_config] = line->operands[0];
    struct config *config = line_config(&with, true);
    if (!config)
        return EXIT_USAGE;
    printf("%s is right: %zu context%s, at %s for %s\n", line->operands[0], config->contexts.count,
           config->contexts.count == 1 ? "" : "s", config->listen.text, config->url);
    const struct passwd *user = getpwuid(geteuid());
    printf("Files are judged as %s; as the service sees them: sudo -u coord-web coord-web check FILE\n",
           user ? user->pw_name : "this user");
    config_free(config);
    return EXIT_DONE;
}

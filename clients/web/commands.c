#include "commands.h"

#include <stdio.h>

#include "config.h"
#include "line_config.h"

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

static void say_config(const struct config *config)
{
    printf("%zu context%s, at %s for %s\n", config->contexts.count, config->contexts.count == 1 ? "" : "s",
           config->listen.text, config->url);
}

static const struct line_reads reads = {
    .program = "coord-web",
    .standard = "/etc/coord/web.conf",
    .judged = "Files",
    .read = config_read,
    .free = config_free,
    .say = say_config,
};

struct config *line_config(const struct line *line)
{
    return line_config_read(&reads, line->options[OPTION_config], false);
}

const char *line_dir(const struct line *line)
{
    return line->options[OPTION_dir] ? line->options[OPTION_dir] : WEB_DIR;
}

int command_check(const struct line *line)
{
    return line_config_check(&reads, line);
}

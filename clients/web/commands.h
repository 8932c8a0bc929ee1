/* The commands of coord-web: one table, from which the line is read and the help is written. */
#ifndef WEB_COMMANDS_H
#define WEB_COMMANDS_H

#include "line.h"

/* O(name, what its value is called or NULL for a flag, sentence) */
#define WEB_OPTIONS(O)                                                                                                 \
    O(config, "FILE", "The configuration; /etc/coord/web.conf when absent.")                                           \
    O(dir, "DIR", "Where users, sessions and evidence are kept; /var/lib/coord-web when absent.")                      \
    O(context, "CONTEXT", "Of `contexts` in the configuration: the agency that the user acts for.")                    \
    O(officer, "NAME", "Who acts, as the broker is to record it; the user's name when absent.")                        \
    O(rights, "RIGHT,…", "What the user may do: read, or read,act (the default). Never more than the key.")            \
    O(language, "LANGUAGE", "vi (the default) or en.")                                                                 \
    O(for, "TIME", "How long a link is good: 15m when absent, 24h at most.")                                           \
    O(off, NULL, "Take the second factor away.")                                                                       \
    O(help, NULL, "What the command does and takes.")

enum web_option {
#define O(name, value, sentence) OPTION_##name,
    WEB_OPTIONS(O)
#undef O
        OPTION_COUNT
};

extern const struct line_command web_commands[]; /* NULL title last */

int command_run(const struct line *line);
int command_check(const struct line *line);
int command_login(const struct line *line);
int command_user_add(const struct line *line);
int command_user_list(const struct line *line);
int command_user_remove(const struct line *line);
int command_user_password(const struct line *line);
int command_user_totp(const struct line *line);

/* The configuration that the line names, or NULL, and told. */
struct config;
struct config *line_config(const struct line *line);
const char *line_dir(const struct line *line);

#endif

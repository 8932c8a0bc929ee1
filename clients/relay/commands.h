/* The commands of coord-relay: one table, from which the line is read and the help is written. */
#ifndef RELAY_COMMANDS_H
#define RELAY_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "line.h"

/* O(name, what its value is called or NULL for a flag, sentence) */
#define RELAY_OPTIONS(O)                                                                                               \
    O(config, "FILE", "The configuration; /etc/coord/relay.conf when absent.")                                         \
    O(dir, "DIR", "Where the queue is kept; /var/lib/coord-relay when absent.")                                        \
    O(agency, "AGENCY", "Whom it tells; of a silence, several by commas.")                                             \
    O(notice, "NOTICE", "What it tells: assigned, reminder, escalated, …")                                             \
    O(severity, "SEVERITY", "How loudly: info, notice, warning, critical.")                                            \
    O(kind, "KIND", "The task's kind.")                                                                                \
    O(area, "AREA", "The task's area.")                                                                                \
    O(tag, "TAG,…", "The task's tags.")                                                                                \
    O(task, "TASK", "The task's number.")                                                                              \
    O(under, "AGENCY,…", "The agencies above it, the nearest first; those that the queue knows when absent.")          \
    O(at, "TIME", "When: 2024-06-28T16:30 by the calendar's clock; now when absent.")                                  \
    O(subtree, "AGENCY,…", "Whom it tells, or an agency above.")                                                       \
    O(owner, "NAME", "Who answers for the silence.")                                                                   \
    O(reason, "TEXT", "Why.")                                                                                          \
    O(from, "TIME", "When it begins; now when absent.")                                                                \
    O(until, "TIME", "When it ends: 2024-06-28T16:30 by the calendar's clock.")                                        \
    O(all, NULL, "All of them.")                                                                                       \
    O(help, NULL, "What the command does and takes.")

enum relay_option {
#define O(name, value, sentence) OPTION_##name,
    RELAY_OPTIONS(O)
#undef O
        OPTION_COUNT
};

extern const struct line_command relay_commands[]; /* NULL title last */

int command_check(const struct line *line);
int command_route(const struct line *line);
int command_run(const struct line *line);
int command_queue(const struct line *line);
int command_queue_list(const struct line *line);
int command_dead_list(const struct line *line);
int command_dead_replay(const struct line *line);
int command_silence_add(const struct line *line);
int command_silence_list(const struct line *line);
int command_silence_end(const struct line *line);

/* The configuration that the line names, or NULL, and told. */
struct config;
struct config *line_config(const struct line *line);
const char *line_dir(const struct line *line);
json_t *line_list(const char *given); /* "a,b" as an array, a new one; NULL gives an empty one */
struct working_days;
struct store;
/* `2024-06-28T16:30`, or a day, by the calendar's clock; false when it is no such time. */
bool line_time(const char *text, const struct working_days *days, int64_t *when);
void line_say_time(const struct working_days *days, int64_t when, char text[32]); /* by the calendar's clock */
/* The queue, which must be there already; NULL, and told unless that need not be. */
struct store *line_queue(const struct line *line, bool must);

#endif

/* The log: one line, or one entry of the system journal, for what an operator wants to know.
 *
 * Under systemd (JOURNAL_STREAM names our stderr) an entry goes to the system journal with its fields as COORD_…; else
 * stderr gets `2024-06-28T16:30:00Z info  message key=value`. No secret is ever given to it. Only main and loop log:
 * libraries and the core return their errors.
 */
#ifndef COORDD_BASE_LOG_H
#define COORDD_BASE_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum log_level {
    LOG_LEVEL_NONE = 0,
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

/* What kinds of event an operator may search for: each has a MESSAGE_ID of its own in the system journal. */
enum log_event {
    LOG_PLAIN, /* none in particular */
    LOG_STARTED,
    LOG_READY,
    LOG_STOPPED,
    LOG_RELOADED,
    LOG_REFUSED, /* a handshake */
    LOG_KEY_CUT,
    LOG_COMMIT_SLOW,
    LOG_DISK_FULL,
    LOG_DISK_FAILED,
    LOG_CLOCK_JUMPED,
    LOG_CLOCK_DOUBTFUL,
    LOG_BACKUP,
    LOG_LEAD, /* who leads a store that several serve */
};

/* Where entries go is found out at the first of them. */
void log_set_level(enum log_level level);
/* debug, info, warning or error; false for anything else. */
bool log_set_level_named(const char *name);

/* Fields are pairs of a lower-case name and a value in text, ended by NULL:
 *     log_write(LOG_LEVEL_INFO, LOG_READY, LOG_FIELDS("endpoint", endpoint), "ready"); */
#define LOG_FIELDS(...) ((const char *const[]){__VA_ARGS__, (const char *)0})
#define LOG_NO_FIELDS   ((const char *const[]){(const char *)0})
void log_write(enum log_level level, enum log_event event, const char *const *fields, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#define log_error(...)   log_write(LOG_LEVEL_ERROR, LOG_PLAIN, LOG_NO_FIELDS, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, LOG_PLAIN, LOG_NO_FIELDS, __VA_ARGS__)
#define log_info(...)    log_write(LOG_LEVEL_INFO, LOG_PLAIN, LOG_NO_FIELDS, __VA_ARGS__)
#define log_debug(...)   log_write(LOG_LEVEL_DEBUG, LOG_PLAIN, LOG_NO_FIELDS, __VA_ARGS__)

#endif

/* The settings of coordd.conf, as config.def.h lists them: member daemon_NAME, journal_NAME or limits.NAME for each.
 *
 * An ini file with the sections of the table. Each setting may be absent. A file is taken whole or not at all.
 */
#ifndef COORDD_CONFIG_H
#define COORDD_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "config.def.h"
#include "errors.h"

#define CONFIG_PATH "/etc/coordd/coordd.conf"

#define CONFIG_text(name, max)     char name[(max) + 1];
#define CONFIG_endpoint(name, max) CONFIG_text(name, max)
#define CONFIG_places(name, max)   CONFIG_text(name, max)
#define CONFIG_level(name, max)    CONFIG_text(name, max)
#define CONFIG_store(name, max)    CONFIG_text(name, max)
#define CONFIG_tls(name, max)      CONFIG_text(name, max)
#define CONFIG_role(name, max)     CONFIG_text(name, max)
#define CONFIG_number(name, max)   uint64_t name;

/* Taken over as one: whoever needs one of them reads it here. */
struct limits {
#define C(section, type, name, standard, min, max, sentence) CONFIG_##type(name, max)
    COORDD_LIMITS(C)
#undef C
};

struct config {
#define C(section, type, name, standard, min, max, sentence) CONFIG_##type(section##_##name, max)
    COORDD_DAEMON(C)
    COORDD_JOURNAL(C)
#undef C
    struct limits limits;
};
/* The member of a setting, by its section. */
#define CONFIG_daemon(name)  daemon_##name
#define CONFIG_journal(name) journal_##name
#define CONFIG_limits(name)  limits.name

void config_defaults(struct config *config);
/* One setting from text. 0; UNKNOWN_OP when there is no such setting; BAD_TYPE or OUT_OF_RANGE with what would be
 * right. */
int config_set(struct config *config, const char *section, const char *name, const char *value,
               struct problem *problem);
/* Defaults, then the file. The problem is the file's first, and names path and line. That a setting is set twice is one where it is
 * read `strict`, and else logged. */
int config_read(struct config *config, const char *path, bool strict, struct problem *problem);
/* The same, and tells each problem, lines that cannot be read first: how many there are. At most CONFIG_PROBLEMS_MAX are
 * told: a file with more is no configuration. */
#define CONFIG_PROBLEMS_MAX 64
typedef void config_problem(void *context, const struct problem *problem);
int config_read_all(struct config *config, const char *path, config_problem *tell, void *context);

#endif

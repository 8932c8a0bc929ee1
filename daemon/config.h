/* The settings of coordd.conf, as config.def.h lists them: member SECTION_NAME for each.
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

struct config {
#define CONFIG_text(section, name, max)                      char section##_##name[(max) + 1];
#define CONFIG_endpoint(section, name, max)                  CONFIG_text(section, name, max)
#define CONFIG_number(section, name, max)                    uint64_t section##_##name;
#define C(section, type, name, standard, min, max, sentence) CONFIG_##type(section, name, max)
    COORDD_SETTINGS(C)
#undef C
};

void config_defaults(struct config *config);
/* One setting from text. 0; UNKNOWN_OP when there is no such setting; BAD_TYPE or OUT_OF_RANGE with what would be
 * right. */
int config_set(struct config *config, const char *section, const char *name, const char *value,
               struct problem *problem);
/* Defaults, then the file. The problem names path and line. */
int config_read(struct config *config, const char *path, struct problem *problem);

#endif

/* See config.h: walks over config.def.h. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum setting_type { SETTING_text, SETTING_endpoint, SETTING_number };

struct setting {
    const char *section, *name;
    enum setting_type type;
    const char *standard;
    uint64_t min, max;
    size_t offset;
};

static const struct setting settings[] = {
#define STANDARD_text(value)     value
#define STANDARD_endpoint(value) value
#define STANDARD_number(value)   #value
#define C(section, type, name, standard, min, max, sentence)                                                           \
    {#section,                                                                                                         \
     #name,                                                                                                            \
     SETTING_##type,                                                                                                   \
     STANDARD_##type(standard),                                                                                        \
     min,                                                                                                              \
     max,                                                                                                              \
     offsetof(struct config, CONFIG_##section(name))},
    COORDD_SETTINGS(C)
#undef C
};
#define SETTING_COUNT (sizeof settings / sizeof *settings)

/* ---- one setting ---- */

static int set_text(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    const size_t size = strlen(value);
    if (size < setting->min || size > setting->max)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, setting->name,
                           "`%s` in [%s] has %zu bytes; it must have from %llu to %llu", setting->name,
                           setting->section, size, (unsigned long long)setting->min, (unsigned long long)setting->max);
    memcpy(into, value, size + 1);
    return 0;
}

static int set_endpoint(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    const char *port = strrchr(value, ':');
    const bool is_tcp = strncmp(value, "tcp://", 6) == 0 && port > value + 6 && port[1] &&
                        (strcmp(port + 1, "*") == 0 || port[1 + strspn(port + 1, "0123456789")] == '\0');
    if (value[0] && !is_tcp && !(strncmp(value, "ipc://", 6) == 0 && value[6]))
        return problem_set(problem, COORD_E_BAD_VALUE, setting->name,
                           "`%s` in [%s] is `%.60s`; it must be tcp://ADDRESS:PORT or ipc:///PATH", setting->name,
                           setting->section, value);
    return set_text(setting, into, value, problem);
}

static int set_number(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    char *end;
    errno = 0;
    const uint64_t number = strtoull(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end || errno)
        return problem_set(problem, COORD_E_BAD_TYPE, setting->name,
                           "`%s` in [%s] is `%.60s`; it must be a whole number", setting->name, setting->section,
                           value);
    if (number < setting->min || number > setting->max)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, setting->name,
                           "`%s` in [%s] is %llu; it must be from %llu to %llu", setting->name, setting->section,
                           (unsigned long long)number, (unsigned long long)setting->min,
                           (unsigned long long)setting->max);
    *(uint64_t *)into = number;
    return 0;
}

static const struct setting *setting_find(const char *section, const char *name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(settings[i].section, section) == 0 && strcmp(settings[i].name, name) == 0)
            return &settings[i];
    return NULL;
}

int config_set(struct config *config, const char *section, const char *name, const char *value, struct problem *problem)
{
    static int (*const set[])(const struct setting *, void *, const char *, struct problem *) = {
        [SETTING_text] = set_text, [SETTING_endpoint] = set_endpoint, [SETTING_number] = set_number};
    const struct setting *setting = setting_find(section, name);
    if (!setting)
        return problem_set(problem, COORD_E_UNKNOWN_OP, name,
                           "there is no setting `%.60s` in [%.60s]; coordd.conf(5) lists them", name, section);
    return set[setting->type](setting, (char *)config + setting->offset, value, problem);
}

void config_defaults(struct config *config)
{
    struct problem problem;
    for (size_t i = 0; i < SETTING_COUNT; i++)
        (void)config_set(config, settings[i].section, settings[i].name, settings[i].standard, &problem);
}

/* ---- a file ---- */

struct reading {
    struct config *config;
    struct problem *problem;
};

static int take_setting(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    if (reading->problem->error != 0)
        return 0; /* the first mistake is told */
    return config_set(reading->config, section, name, value, reading->problem) == 0;
}

int config_read(struct config *config, const char *path, struct problem *problem)
{
    struct reading reading = {config, problem};
    *problem = (struct problem){0};
    config_defaults(config);
    FILE *file = fopen(path, "re");
    if (!file)
        return problem_set(problem, COORD_E_SYSTEM, "", "%.150s: %s", path, strerror(errno));
    const int line = ini_parse_file(file, take_setting, &reading);
    const int failed = ferror(file);
    fclose(file);
    if (failed)
        return problem_set(problem, COORD_E_SYSTEM, "", "%.150s cannot be read", path);
    if (line == 0)
        return 0;
    if (problem->error == 0)
        return problem_set(problem, COORD_E_BAD_VALUE, "", "%.150s, line %d: neither [section] nor name = value", path,
                           line);
    char message[sizeof problem->message];
    snprintf(message, sizeof message, "%.60s, line %d: %.170s", path, line, problem->message);
    memcpy(problem->message, message, sizeof message);
    return problem->error;
}

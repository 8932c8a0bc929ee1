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

#include "base/log.h"
#include "endpoints.h"
#include "spelling.h"

enum setting_type {
    SETTING_text,
    SETTING_endpoint,
    SETTING_places,
    SETTING_level,
    SETTING_store,
    SETTING_tls,
    SETTING_role,
    SETTING_number
};

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
#define STANDARD_places(value)   value
#define STANDARD_level(value)    value
#define STANDARD_store(value)    value
#define STANDARD_tls(value)      value
#define STANDARD_role(value)     value
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
    if (value[0] && !endpoint_is_one(value)) /* the same that a context takes: clients must find what is listened on */
        return problem_set(
            problem, COORD_E_BAD_VALUE, setting->name,
            "`%s` in [%s] is `%.40s`; it must be tcp://ADDRESS:PORT, of 1 to 65535, or ipc:///PATH, of 107 bytes "
            "at most",
            setting->name, setting->section, value);
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

static int unknown_setting(const char *section, const char *name, struct problem *problem)
{
    const struct setting *nearest = NULL;
    uint32_t best = UINT32_MAX;
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const uint32_t distance = spelling_distance(text_of(name), text_of(settings[i].name));
        if (distance < best && spelling_near(distance, (uint32_t)strlen(name))) {
            best = distance;
            nearest = &settings[i];
        }
    }
    if (nearest)
        return problem_set(problem, COORD_E_UNKNOWN_OP, name,
                           "there is no setting `%.60s` in [%.60s]; did you mean `%s` in [%s]?", name, section,
                           nearest->name, nearest->section);
    return problem_set(problem, COORD_E_UNKNOWN_OP, name,
                       "there is no setting `%.60s` in [%.60s]; coordd.conf(5) lists them", name, section);
}

/* One of a few words, which `these` names for people. */
static int set_word(const struct setting *setting, void *into, const char *value, const char *const *words,
                    const char *these, struct problem *problem)
{
    for (; *words; words++)
        if (strcmp(value, *words) == 0)
            return set_text(setting, into, value, problem);
    return problem_set(problem, COORD_E_BAD_TERM, setting->name, "`%s` in [%s] is `%.60s`; it must be %s",
                       setting->name, setting->section, value, these);
}

static int set_level(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    static const char *const levels[] = {"debug", "info", "warning", "error", NULL};
    return set_word(setting, into, value, levels, "debug, info, warning or error", problem);
}

static int set_store(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    static const char *const stores[] = {"sqlite", "postgresql", NULL};
    return set_word(setting, into, value, stores, "sqlite or postgresql", problem);
}

static int set_tls(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    static const char *const words[] = {"verify", "off", NULL};
    return set_word(setting, into, value, words, "verify or off", problem);
}

static int set_role(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    static const char *const words[] = {"alone", "candidate", "follower", NULL};
    return set_word(setting, into, value, words, "alone, candidate or follower", problem);
}

/* As a client's context takes them. */
static int set_places(const struct setting *setting, void *into, const char *value, struct problem *problem)
{
    struct endpoints endpoints;
    struct problem cause;
    if (value[0] && strlen(value) <= setting->max && endpoints_read(&endpoints, value, &cause) != 0)
        return problem_set(problem, COORD_E_BAD_VALUE, setting->name, "`%s` in [%s]: %.200s", setting->name,
                           setting->section, cause.message);
    return set_text(setting, into, value, problem);
}

int config_set(struct config *config, const char *section, const char *name, const char *value, struct problem *problem)
{
    static int (*const set[])(const struct setting *, void *, const char *, struct problem *) = {
        [SETTING_text] = set_text,   [SETTING_endpoint] = set_endpoint, [SETTING_places] = set_places,
        [SETTING_level] = set_level, [SETTING_store] = set_store,       [SETTING_tls] = set_tls,
        [SETTING_role] = set_role,   [SETTING_number] = set_number};
    const struct setting *setting = setting_find(section, name);
    if (!setting)
        return unknown_setting(section, name, problem);
    return set[setting->type](setting, (char *)config + setting->offset, value, problem);
}

void config_defaults(struct config *config)
{
    struct problem problem;
    for (size_t i = 0; i < SETTING_COUNT; i++)
        (void)config_set(config, settings[i].section, settings[i].name, settings[i].standard, &problem);
}

/* ---- a file ---- */

/* A file as it is read: inih says where the first mistake is and no more, so lines are counted here, and one that is neither
 * a section nor a setting is read over the next time, for the mistakes after it to be found. */
struct reading {
    struct config *config;
    FILE *file;
    const char *path;
    config_problem *tell;
    void *context;
    int line;                        /* the one that was read last */
    int unread[CONFIG_PROBLEMS_MAX]; /* lines that are read over */
    int unread_count, told;
    bool silent;              /* only lines that cannot be read are looked for */
    bool strict;              /* that a setting is set twice is a mistake, and not a warning */
    int lines[SETTING_COUNT]; /* where each was set; 0: nowhere yet */
};

static void tell(struct reading *reading, const struct problem *cause, int line)
{
    struct problem problem = {0};
    problem_set(&problem, cause->error, cause->field, "%.60s, line %d: %.170s", reading->path, line, cause->message);
    if (reading->told++ < CONFIG_PROBLEMS_MAX)
        reading->tell(reading->context, &problem);
}

static char *read_line(char *text, int size, void *context)
{
    struct reading *reading = context;
    if (!fgets(text, size, reading->file))
        return NULL;
    reading->line++;
    for (int i = 0; i < reading->unread_count; i++)
        if (reading->unread[i] == reading->line)
            snprintf(text, (size_t)size, "\n");
    return text;
}

/* The later one counts, and both were meant. A broker starts all the same: who is to keep the file in order is not there at night. */
static void look_for_twice(struct reading *reading, const struct setting *setting)
{
    struct problem problem = {0};
    if (!setting)
        return;
    int *line = &reading->lines[setting - settings];
    if (*line)
        problem_set(&problem, COORD_E_BAD_VALUE, setting->name,
                    "`%s` in [%s] is set already, in line %d; leave one of the two", setting->name, setting->section,
                    *line);
    if (problem.error && reading->strict)
        tell(reading, &problem, reading->line);
    else if (problem.error)
        log_warning("%s, line %d: %s; the later one counts", reading->path, reading->line, problem.message);
    *line = reading->line;
}

static int take_setting(void *context, const char *section, const char *name, const char *value)
{
    struct reading *reading = context;
    struct problem problem = {0};
    if (!reading->silent)
        look_for_twice(reading, setting_find(section, name));
    if (!reading->silent && config_set(reading->config, section, name, value, &problem) != 0)
        tell(reading, &problem, reading->line);
    return 1;
}

static int read_once(struct reading *reading)
{
    rewind(reading->file);
    reading->line = 0;
    return ini_parse_stream(read_line, reading, take_setting, reading);
}

static int read_all(struct config *config, const char *path, bool strict, config_problem *tell_problem, void *context)
{
    struct reading reading = {
        .config = config, .path = path, .tell = tell_problem, .context = context, .silent = true, .strict = strict};
    struct problem problem = {0};
    int line;
    config_defaults(config);
    reading.file = fopen(path, "re");
    if (!reading.file) {
        problem_set(&problem, COORD_E_SYSTEM, "", "%.150s: %s", path, strerror(errno));
        tell_problem(context, &problem);
        return 1;
    }
    while (reading.unread_count < CONFIG_PROBLEMS_MAX && (line = read_once(&reading)) > 0) {
        reading.unread[reading.unread_count++] = line;
        problem_set(&problem, COORD_E_BAD_VALUE, "", "it is neither [section] nor name = value");
        tell(&reading, &problem, line);
    }
    reading.silent = false;
    (void)read_once(&reading);
    if (ferror(reading.file)) {
        problem_set(&problem, COORD_E_SYSTEM, "", "%.150s cannot be read", path);
        tell_problem(context, &problem);
        reading.told++;
    }
    fclose(reading.file);
    return reading.told;
}

int config_read_all(struct config *config, const char *path, config_problem *tell_problem, void *context)
{
    return read_all(config, path, true, tell_problem, context);
}

/* The first mistake is told. */
static void keep_first(void *context, const struct problem *problem)
{
    struct problem *first = context;
    if (first->error == 0)
        *first = *problem;
}

int config_read(struct config *config, const char *path, bool strict, struct problem *problem)
{
    *problem = (struct problem){0};
    (void)read_all(config, path, strict, keep_first, problem);
    return problem->error;
}

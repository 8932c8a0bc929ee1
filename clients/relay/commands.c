#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "line_config.h"
#include "store.h"

const struct line_command relay_commands[] = {
    {"run", "config dir", "", "Listens to the broker and delivers, until SIGTERM or SIGINT.", command_run},
    {"check", "", "FILE", "Checks a configuration: says each fault, with its line and what would be right.",
     command_check},
    {"route", "config dir agency notice severity kind area tag task under at", "",
     "Says who would be told of a notification, by what, when, and why.", command_route},
    {"queue", "dir", "", "How many deliveries wait, are being sent, were sent, are dead, were dropped.", command_queue},
    {"queue list", "dir", "", "What waits and what is being sent: for whom, until when, the last error, what it holds.",
     command_queue_list},
    {"dead list", "dir", "", "The deliveries that were given up, each with its last error and what it holds.",
     command_dead_list},
    {"dead replay", "dir all", "[NUMBER…]", "Puts dead deliveries back to be sent, under the same key.",
     command_dead_replay},
    {"silence add", "dir agency subtree notice severity kind area tag owner reason from until", "",
     "Holds back what matches, until an end.", command_silence_add},
    {"silence list", "dir", "", "The silences that have not ended.", command_silence_list},
    {"silence end", "dir", "NUMBER", "Ends a silence now.", command_silence_end},
    {NULL, NULL, NULL, NULL, NULL},
};

static void say_config(const struct config *config)
{
    printf("%zu route%s, %zu receiver%s, %zu people, %zu inhibition%s\n", config->route_count,
           config->route_count == 1 ? "" : "s", config->receiver_count, config->receiver_count == 1 ? "" : "s",
           config->people_count, config->inhibition_count, config->inhibition_count == 1 ? "" : "s");
}

static const struct line_reads reads = {
    .program = "coord-relay",
    .standard = "/etc/coord/relay.conf",
    .judged = "Files and programs",
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
    return line->options[OPTION_dir] ? line->options[OPTION_dir] : RELAY_DIR;
}

int command_check(const struct line *line)
{
    return line_config_check(&reads, line);
}

json_t *line_list(const char *given)
{
    json_t *array = json_array();
    while (given && *given) {
        const size_t size = strcspn(given, ",");
        if (size)
            json_array_append_new(array, json_stringn(given, size));
        given += size + (given[size] == ',');
    }
    return array;
}

bool line_time(const char *text, const struct working_days *days, int64_t *when)
{
    struct hours clock;
    char day[16], span[16];
    int64_t number;
    snprintf(day, sizeof day, "%.10s", text);
    /* The minute is read as the opening of a span. */
    snprintf(span, sizeof span, "%.5s-24:00", strlen(text) == 16 ? text + 11 : "00:00");
    if (!day_number(day, &number) || (strlen(text) != 10 && (strlen(text) != 16 || text[10] != 'T')) ||
        !hours_read(span, &clock))
        return false;
    *when = number * INT64_C(86400000) + (clock.open - days->utc_offset) * INT64_C(60000);
    return true;
}

void line_say_time(const struct working_days *days, int64_t when, char text[32])
{
    char day[16];
    const int minute = hours_minute(days, when);
    day_text(hours_day(days, when), day);
    snprintf(text, 32, "%s %02d:%02d", day, minute / 60, minute % 60);
}

struct store *line_queue(const struct line *line, bool must)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/relay.db", line_dir(line));
    FILE *there = fopen(path, "re");
    if (!there) {
        if (must)
            line_fail(EXIT_NOT_FOUND, "there is no queue in %s; --dir says where the relay keeps it", line_dir(line));
        return NULL;
    }
    fclose(there);
    return store_open(line_dir(line));
}

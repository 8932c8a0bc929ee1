#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define MINUTES(n) ((n)*INT64_C(60000))
#define HOURS(n)   (60 * MINUTES(n))

/* ---- inhibitions, the watch, retries ---- */

static void take_any_agency(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && strcmp(text, "task") != 0 && strcmp(text, "agency") != 0)
        reader_fault(reader, node,
                     "`%.40s` would be agency (the task's notifications to the same agency) or task (to any)", text);
    else if (text)
        *(bool *)into = text[0] == 't';
}

const struct key inhibition_keys[] = {
    {"source", take_matcher, offsetof(struct inhibition, source), true},
    {"target", take_matcher, offsetof(struct inhibition, target), true},
    {"within", take_any_agency, offsetof(struct inhibition, any_agency), false},
    {"lasts", take_duration, offsetof(struct inhibition, lasts), false},
    {NULL, NULL, 0, false},
};

static void take_inhibition(struct reader *reader, yaml_node_t *node, void *into)
{
    struct inhibition *inhibition = into;
    inhibition->lasts = HOURS(30 * 24);
    reader_map(reader, node, inhibition_keys, inhibition);
}

void take_inhibitions(struct reader *reader, yaml_node_t *node, void *into)
{
    struct config *config = into;
    void *items = NULL;
    reader_list(reader, node, take_inhibition, sizeof(struct inhibition), &items, &config->inhibition_count);
    config->inhibitions = items;
    if (config->inhibition_count > CONFIG_RULES_MAX)
        reader_fault(reader, node, "there are %zu; %d at most would be right", config->inhibition_count,
                     CONFIG_RULES_MAX);
}

const struct key watch_keys[] = {
    {"receiver", NULL, 0, true},
    {"after", take_duration, offsetof(struct watch, after), false},
    {"repeat", take_duration, offsetof(struct watch, repeat), false},
    {NULL, NULL, 0, false},
};

static void take_watch(struct reader *reader, yaml_node_t *node, void *into)
{
    reader_map(reader, node, watch_keys, into);
}

const struct key retry_keys[] = {
    {"first", take_duration, offsetof(struct config, retry_first), false},
    {"max", take_duration, offsetof(struct config, retry_max), false},
    {"give_up", take_duration, offsetof(struct config, give_up), false},
    {NULL, NULL, 0, false},
};

static void take_retry(struct reader *reader, yaml_node_t *node, void *into)
{
    struct config *config = into;
    reader_map(reader, node, retry_keys, into);
    if (config->retry_first < 1 || config->retry_max < config->retry_first)
        reader_fault(reader, node, "`first` would be above 0, and `max` no shorter than `first`");
}

static void take_web(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && strncmp(text, "http://", 7) != 0 && strncmp(text, "https://", 8) != 0)
        reader_fault(reader, node, "`%.60s` would be an address such as https://coord.tinh.gov.vn", text);
    else if (text)
        *(const char **)into = text;
}

/* ---- the whole ---- */

/* Routes and the watch are only noted here: they name receivers, which may stand behind them in the file. */
const struct key config_keys[] = {
    {"context", take_text, offsetof(struct config, context), false},
    {"consumer", take_text, offsetof(struct config, consumer), false},
    {"subtree", take_flag, offsetof(struct config, subtree), false},
    {"calendar", take_text, offsetof(struct config, calendar), false},
    {"web", take_web, offsetof(struct config, web), false},
    {"link_secret_file", take_secret, offsetof(struct config, link_secret), false},
    {"retry", take_retry, 0, false},
    {"receivers", take_receivers, 0, true},
    {"people", take_people, 0, false},
    {"inhibit", take_inhibitions, 0, false},
    {"route", NULL, 0, true},
    {"watch", take_watch, offsetof(struct config, watch), false},
    {"metrics", take_address, offsetof(struct config, metrics), false},
    {NULL, NULL, 0, false},
};

static void config_take_all(struct reader *reader, struct config *config)
{
    yaml_node_t *root = reader_root(reader), *node;
    reader_map(reader, root, config_keys, config);
    config_check_people(reader, config);
    node = reader_get(reader, root, "route");
    if (node)
        config_take_routes(reader, config, node);
    node = reader_get(reader, reader_get(reader, root, "watch"), "receiver");
    if (node) {
        const size_t before = reader_enter(reader, "watch.receiver");
        config->watch.receiver = config_take_receiver(reader, node, config);
        if (config->watch.receiver && config->watch.receiver->kind == RECEIVER_MAIL &&
            !config->watch.receiver->to.count)
            reader_fault(reader, node,
                         "a receiver of mail needs `to` here: what the relay says of itself is of no agency");
        reader_leave(reader, before);
    }
    if (config->link_secret && !config->web)
        reader_fault(reader, root, "`link_secret_file` signs links to `web`, which is missing");
    if (reader->here)
        config_look_context(reader, root, config->context);
}

struct config *config_read(const char *file, bool here, struct buffer *faults)
{
    struct config *config = alloc_zeroed(1, sizeof *config);
    struct reader reader;
    config->arena.exhausted = alloc_failed;
    config->held = 1;
    config->context = "relay";
    config->consumer = "relay";
    config->calendar = "default";
    config->subtree = true;
    config->retry_first = MINUTES(1) / 6;
    config->retry_max = HOURS(1);
    config->give_up = HOURS(3 * 24);
    config->watch = (struct watch){.after = MINUTES(10), .repeat = HOURS(4)};
    if (reader_open(&reader, file, here, &config->arena))
        config_take_all(&reader, config);
    if (reader_done(&reader, faults))
        return config;
    config_free(config);
    return NULL;
}

struct config *config_hold(struct config *config)
{
    config->held++;
    return config;
}

void config_free(struct config *config)
{
    if (!config || --config->held > 0)
        return;
    arena_done(&config->arena);
    free(config);
}

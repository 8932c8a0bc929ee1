/* The tree of routes. What a route does not say it has from the one above it. */
#include <stdio.h>
#include <string.h>

#include "config.h"

#define DEFAULT_WAIT     30000  /* ms: reminders of one moment come within it */
#define DEFAULT_INTERVAL 300000 /* ms */

static const char *const group_names[] = {
#define G(constant, name, how, value) #name,
    ROUTE_GROUPS(G)
#undef G
        NULL};

/* While one is read, its receiver is a name; what is above it gives the rest. */
struct route_draft {
    struct route route;
    yaml_node_t *receiver, *routes;
};

static void take_group_by(struct reader *reader, yaml_node_t *node, void *into)
{
    struct names names = {NULL, 0};
    uint32_t set = 0;
    take_names(reader, node, &names);
    for (size_t i = 0; i < names.count; i++) {
        size_t by = 0;
        while (by < ROUTE_BY_COUNT && strcmp(group_names[by], names.items[i]) != 0)
            by++;
        const char *nearest = by < ROUTE_BY_COUNT ? NULL : name_nearest(group_names, names.items[i]);
        if (by < ROUTE_BY_COUNT)
            set |= UINT32_C(1) << by;
        else
            reader_fault(reader, node,
                         "`%.40s` is nothing to group by%s%s%s; there are agency, task, notice, severity, "
                         "kind, area, lead, assigner, and each (every notification by itself)",
                         names.items[i], nearest ? "; did you mean `" : "", nearest ? nearest : "",
                         nearest ? "`?" : "");
    }
    *(uint32_t *)into = set;
}

static void take_node(struct reader *reader, yaml_node_t *node, void *into)
{
    (void)reader;
    *(yaml_node_t **)into = node;
}

const struct key route_keys[] = {
    {"match", take_matcher, offsetof(struct route_draft, route.match), false},
    {"receiver", take_node, offsetof(struct route_draft, receiver), false},
    {"continue", take_flag, offsetof(struct route_draft, route.goes_on), false},
    {"group_by", take_group_by, offsetof(struct route_draft, route.group_by), false},
    {"group_wait", take_duration, offsetof(struct route_draft, route.wait), false},
    {"group_interval", take_duration, offsetof(struct route_draft, route.interval), false},
    {"repeat_interval", take_duration, offsetof(struct route_draft, route.repeat), false},
    {"routes", take_node, offsetof(struct route_draft, routes), false},
    {NULL, NULL, 0, false},
};

const struct receiver *config_receiver(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->receiver_count; i++)
        if (config->receivers[i].name && strcmp(config->receivers[i].name, name) == 0)
            return &config->receivers[i];
    return NULL;
}

const struct receiver *config_take_receiver(struct reader *reader, yaml_node_t *node, const struct config *config)
{
    const char *name = reader_text(reader, node), *names[CONFIG_RECEIVERS_MAX + 1];
    size_t count = 0;
    if (!name)
        return NULL;
    const struct receiver *receiver = config_receiver(config, name);
    if (receiver)
        return receiver;
    for (size_t i = 0; i < config->receiver_count && count < CONFIG_RECEIVERS_MAX; i++)
        if (config->receivers[i].name)
            names[count++] = config->receivers[i].name;
    names[count] = NULL;
    const char *nearest = name_nearest(names, name);
    reader_fault(reader, node, "there is no receiver `%.64s`%s%s%s; it would be the name of one of `receivers`", name,
                 nearest ? "; did you mean `" : "", nearest ? nearest : "", nearest ? "`?" : "");
    return NULL;
}

static void take_route(struct reader *reader, struct config *config, yaml_node_t *node, const struct route *above,
                       struct route *route, int depth);

static void take_children(struct reader *reader, struct config *config, yaml_node_t *node, struct route *route,
                          int depth)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        reader_fault(reader, node, "it would be a list: lines that begin with `- `");
        return;
    }
    const size_t count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (depth >= CONFIG_ROUTES_DEEP || config->route_count + count > CONFIG_ROUTES_MAX) {
        reader_fault(reader, node, "there are more than %d routes, or they are nested deeper than %d",
                     CONFIG_ROUTES_MAX, CONFIG_ROUTES_DEEP);
        return;
    }
    route->routes = arena_alloc(&config->arena, (count + 1) * sizeof *route->routes);
    route->count = count;
    config->route_count += count;
    for (size_t i = 0; i < count; i++) {
        const size_t before = reader_enter(reader, "[%zu]", i);
        take_route(reader, config, yaml_document_get_node(&reader->document, node->data.sequence.items.start[i]), route,
                   &route->routes[i], depth + 1);
        reader_leave(reader, before);
    }
}

static void take_route(struct reader *reader, struct config *config, yaml_node_t *node, const struct route *above,
                       struct route *route, int depth)
{
    struct route_draft draft = {.route = {.receiver = above->receiver,
                                          .group_by = above->group_by,
                                          .wait = above->wait,
                                          .interval = above->interval,
                                          .repeat = above->repeat}};
    draft.route.name = arena_printf(&config->arena, "%s%c", reader->path, '\0').data;
    draft.route.line = node ? (int)node->start_mark.line + 1 : 0;
    reader_map(reader, node, route_keys, &draft);
    *route = draft.route;
    if (draft.receiver) {
        const size_t before = reader_enter(reader, ".receiver");
        route->receiver = config_take_receiver(reader, draft.receiver, config);
        reader_leave(reader, before);
    } else if (!above->receiver && depth == 0) {
        reader_fault(reader, node, "`receiver` is missing: the first route takes what no other does");
    }
    if (draft.routes) {
        const size_t before = reader_enter(reader, ".routes");
        take_children(reader, config, draft.routes, route, depth);
        reader_leave(reader, before);
    }
}

static bool matcher_is_empty(const struct matcher *match)
{
    return !match->agency.count && !match->subtree.count && !match->area.count && !match->tag.count && !match->kinds &&
           !match->notices && !match->severity;
}

void config_take_routes(struct reader *reader, struct config *config, yaml_node_t *node)
{
    const struct route above = {.group_by = UINT32_C(1) << ROUTE_BY_AGENCY | UINT32_C(1) << ROUTE_BY_TASK,
                                .wait = DEFAULT_WAIT,
                                .interval = DEFAULT_INTERVAL};
    const size_t before = reader_enter(reader, "route");
    config->route_count = 1;
    take_route(reader, config, node, &above, &config->route, 0);
    if (!matcher_is_empty(&config->route.match))
        reader_fault(reader, node, "the first route takes all, so it has no `match`; put what you match into `routes`");
    reader_leave(reader, before);
}

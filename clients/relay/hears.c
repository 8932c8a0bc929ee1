#include "hears.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"

struct hearing {
    const struct config *config;
    struct store *store;
    const char *own;
    json_t *deaf; /* an object: the names, in the order of the file */
};

static bool hears(const struct hearing *hearing, const char *agency)
{
    bool found = strcmp(agency, hearing->own) == 0;
    json_t *above = found || !hearing->config->subtree ? NULL : store_above(hearing->store, agency);
    for (size_t i = 0; i < json_array_size(above); i++)
        found = found || strcmp(json_string_value(json_array_get(above, i)), hearing->own) == 0;
    json_decref(above);
    return found;
}

static void look_names(struct hearing *hearing, const struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (!json_object_get(hearing->deaf, names->items[i]) && !hears(hearing, names->items[i]))
            json_object_set_new(hearing->deaf, names->items[i], json_true());
}

static void look_matcher(struct hearing *hearing, const struct matcher *matcher)
{
    look_names(hearing, &matcher->agency);
    look_names(hearing, &matcher->subtree);
}

/* As deep as CONFIG_ROUTES_DEEP. */
static void look_route(struct hearing *hearing, const struct route *route)
{
    look_matcher(hearing, &route->match);
    for (size_t i = 0; i < route->count; i++)
        look_route(hearing, &route->routes[i]);
}

static void hears_not(const struct config *config, struct store *store, const char *own, struct buffer *names)
{
    struct hearing hearing = {config, store, own, json_object()};
    const char *name;
    json_t *value;
    for (size_t i = 0; i < config->people_count; i++)
        look_names(&hearing, &config->people[i].agencies);
    look_route(&hearing, &config->route);
    for (size_t i = 0; i < config->inhibition_count; i++) {
        look_matcher(&hearing, &config->inhibitions[i].source);
        look_matcher(&hearing, &config->inhibitions[i].target);
    }
    json_object_foreach(hearing.deaf, name, value) buffer_printf(names, "%s%s", names->size ? ", " : "", name);
    json_decref(hearing.deaf);
}

void hears_say(struct buffer *said, const struct config *config, struct store *store, const char *own)
{
    struct buffer names = {.exhausted = alloc_failed};
    hears_not(config, store, own, &names);
    const bool same = names.size == said->size && (names.size == 0 || memcmp(names.data, said->data, names.size) == 0);
    if (names.size && !same)
        fprintf(stderr,
                "coord-relay: warning: nobody is told for %.*s: the key hears %s%s alone; another relay, with a key of "
                "their highest agency, would\n",
                (int)names.size, names.data, own, config->subtree ? " and what stands under it" : "");
    buffer_done(said);
    *said = names;
}

#include "config.h"

#include <coord.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define HOURS(n) ((n)*INT64_C(3600000))

/* ---- the proxy, the session, evidence ---- */

/* Whoever reaches it may say who they are: a file's mode and group say who that is, a port's say nothing. */
static void take_socket(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    struct address address = {.text = text};
    if (text && !address_read_local(text, &address))
        reader_fault(reader, node, "`%.60s` would be the path of a Unix socket, such as /run/coord-web/proxy.sock",
                     text);
    else if (text)
        *(struct address *)into = address;
}

static void take_header(struct reader *reader, yaml_node_t *node, void *into)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    const char *text = reader_text(reader, node);
    if (text && (strspn(text, letters) != strlen(text) || strncasecmp(text, "X-", 2) != 0))
        reader_fault(reader, node, "`%.60s` would be a header's name that begins with X-, such as X-Remote-User", text);
    else if (text)
        *(const char **)into = text;
}

static const struct key proxy_keys[] = {
    {"socket", take_socket, offsetof(struct config, proxy), true},
    {"header", take_header, offsetof(struct config, proxy_header), false},
    {NULL, NULL, 0, false},
};

static void take_proxy(struct reader *reader, yaml_node_t *node, void *into)
{
    reader_map(reader, node, proxy_keys, into);
}

static const struct key session_keys[] = {
    {"idle", take_duration, offsetof(struct config, idle), false},
    {"longest", take_duration, offsetof(struct config, longest), false},
    {NULL, NULL, 0, false},
};

static void take_session(struct reader *reader, yaml_node_t *node, void *into)
{
    struct config *config = into;
    reader_map(reader, node, session_keys, into);
    if (config->idle < 60000 || config->longest < config->idle)
        reader_fault(reader, node, "`idle` would be 1m at least, and `longest` no shorter than `idle`");
}

static const struct key evidence_keys[] = {
    {"file_max_mib", take_count, offsetof(struct config, file_max_mib), false},
    {"all_max_mib", take_count, offsetof(struct config, evidence_max_mib), false},
    {"user_max_mib", take_count, offsetof(struct config, user_max_mib), false},
    {NULL, NULL, 0, false},
};

static void take_evidence(struct reader *reader, yaml_node_t *node, void *into)
{
    struct config *config = into;
    reader_map(reader, node, evidence_keys, into);
    if (config->file_max_mib > config->evidence_max_mib)
        reader_fault(reader, node, "`file_max_mib` would be no more than `all_max_mib`");
    if (config->user_max_mib &&
        (config->user_max_mib < config->file_max_mib || config->user_max_mib > config->evidence_max_mib))
        reader_fault(reader, node, "`user_max_mib` would be from `file_max_mib` to `all_max_mib`");
}

static void take_url(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    const bool http = text && (strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0);
    if (text && (!http || text[strlen(text) - 1] == '/' || strpbrk(text, " \"\\;,")))
        reader_fault(reader, node,
                     "`%.60s` would be how browsers reach it, as https://coord.tinh.gov.vn, without a slash", text);
    else if (text)
        *(const char **)into = text;
}

/* ---- the whole ---- */

static const struct key config_keys[] = {
    {"contexts", take_names, offsetof(struct config, contexts), true},
    {"listen", take_address, offsetof(struct config, listen), false},
    {"url", take_url, offsetof(struct config, url), true},
    {"front", take_text, offsetof(struct config, front), false},
    {"proxy", take_proxy, 0, false},
    {"metrics", take_address, offsetof(struct config, metrics), false},
    {"relay_dir", take_text, offsetof(struct config, relay_dir), false},
    {"link_secret_file", take_secret, offsetof(struct config, link_secret), false},
    {"session", take_session, 0, false},
    {"evidence", take_evidence, 0, false},
    {NULL, NULL, 0, false},
};

static void check_contexts(struct reader *reader, struct config *config)
{
    yaml_node_t *root = reader_root(reader), *node = reader_get(reader, root, "contexts");
    const struct names *names = &config->contexts;
    const size_t before = reader_enter(reader, "contexts");
    if (node && (names->count < 1 || names->count > CONFIG_CONTEXTS_MAX))
        reader_fault(reader, node, "there are %zu; 1 to %d would be right", names->count, CONFIG_CONTEXTS_MAX);
    for (size_t i = 0; i < names->count; i++) {
        struct coord_context context;
        struct problem problem = {0};
        for (size_t j = 0; j < i; j++)
            if (strcmp(names->items[i], names->items[j]) == 0)
                reader_fault(reader, node, "`%s` is given twice; once would be right", names->items[i]);
        if (reader->here && coord_context_find(&context, names->items[i], &problem))
            reader_fault(reader, node, "%s: %s%s%s", names->items[i], problem.field, problem.field[0] ? ": " : "",
                         problem.message);
        if (reader->here)
            coord_context_wipe(&context);
    }
    reader_leave(reader, before);
}

/* Four accounts fill it, or one file does. */
static uint32_t share_of_one(const struct config *config)
{
    const uint32_t quarter = config->evidence_max_mib / 4;
    return quarter > config->file_max_mib ? quarter : config->file_max_mib;
}

struct config *config_read(const char *file, bool here, struct buffer *faults)
{
    struct config *config = alloc_zeroed(1, sizeof *config);
    struct reader reader;
    config->arena.exhausted = alloc_failed;
    (void)address_read("127.0.0.1:5680", &config->listen);
    config->proxy_header = "X-Remote-User";
    config->front = WEB_FRONT;
    config->idle = HOURS(12);
    config->longest = HOURS(7 * 24);
    config->file_max_mib = 32;
    config->evidence_max_mib = 10240;
    if (reader_open(&reader, file, here, &config->arena)) {
        reader_map(&reader, reader_root(&reader), config_keys, config);
        check_contexts(&reader, config);
    }
    if (!config->user_max_mib)
        config->user_max_mib = share_of_one(config);
    if (reader_done(&reader, faults))
        return config;
    config_free(config);
    return NULL;
}

void config_free(struct config *config)
{
    if (config)
        arena_done(&config->arena);
    free(config);
}

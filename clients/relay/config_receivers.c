/* The receivers: where a delivery goes. Which keys one may have depends on its type; those that every one has, and those
 * of each type, are rows of one table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "template.h"

static const char *const kind_names[] = {
#define K(constant, name) #name,
    RECEIVER_KINDS(K)
#undef K
        NULL};

static void take_kind(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    for (int i = 0; text && i < RECEIVER_KINDS_COUNT; i++)
        if (strcmp(kind_names[i], text) == 0) {
            *(enum receiver_kind *)into = (enum receiver_kind)i;
            return;
        }
    if (text)
        reader_fault(reader, node, "`%.40s` is no type of receiver; it would be lines, command, webhook or mail", text);
}

void take_rate(struct reader *reader, yaml_node_t *node, void *into)
{
    struct receiver *receiver = into;
    static const struct {
        const char *name;
        int64_t ms;
    } spans[] = {{"/s", 1000}, {"/m", 60000}, {"/h", 3600000}};
    const char *text = reader_text(reader, node);
    char *end = NULL;
    const unsigned long number = text ? strtoul(text, &end, 10) : 0;
    for (size_t i = 0; text && i < sizeof spans / sizeof *spans; i++)
        if (strcmp(end, spans[i].name) == 0 && text[0] >= '1' && text[0] <= '9' && number <= 1000000) {
            receiver->rate = (uint32_t)number;
            receiver->rate_span = spans[i].ms;
            return;
        }
    if (text)
        reader_fault(reader, node, "`%.40s` would be how many in how long: 10/s, 60/m, 500/h", text);
}

static void take_tls(struct reader *reader, yaml_node_t *node, void *into)
{
    static const char *const names[] = {"starttls", "tls", "none"};
    const char *text = reader_text(reader, node);
    for (int i = 0; text && i < 3; i++)
        if (strcmp(names[i], text) == 0) {
            *(enum mail_tls *)into = (enum mail_tls)i;
            return;
        }
    if (text)
        reader_fault(reader, node, "`%.40s` would be starttls, tls (from the first byte on) or none", text);
}

/* Puts a map's pairs behind those that are there; `take` gives a value as text. */
static void take_pairs(struct reader *reader, yaml_node_t *node, struct pairs *pairs, reader_take *take)
{
    if (!node || node->type != YAML_MAPPING_NODE) {
        reader_fault(reader, node, "it would be a map: lines of `Name: value`");
        return;
    }
    const size_t count = (size_t)(node->data.mapping.pairs.top - node->data.mapping.pairs.start);
    struct pair *items = arena_alloc(reader->arena, (pairs->count + count + 1) * sizeof *items);
    if (pairs->count)
        memcpy(items, pairs->items, pairs->count * sizeof *items);
    pairs->items = items;
    for (size_t i = 0; i < count; i++) {
        const yaml_node_pair_t *at = &node->data.mapping.pairs.start[i];
        struct pair pair = {reader_text(reader, yaml_document_get_node(&reader->document, at->key)), NULL};
        take(reader, yaml_document_get_node(&reader->document, at->value), &pair.value);
        if (pair.name && pair.value)
            pairs->items[pairs->count++] = pair;
    }
}

static void check_headers(struct reader *reader, yaml_node_t *node, const struct pairs *headers)
{
    for (size_t i = 0; i < headers->count; i++)
        if (strpbrk(headers->items[i].name, ": \r\n") || strpbrk(headers->items[i].value, "\r\n"))
            reader_fault(reader, node, "`%.60s`: a header is one line, and its name has no blank or colon in it",
                         headers->items[i].name);
}

static void take_headers(struct reader *reader, yaml_node_t *node, void *into)
{
    struct receiver *receiver = into;
    take_pairs(reader, node, &receiver->headers, take_text);
}

static void take_header_files(struct reader *reader, yaml_node_t *node, void *into)
{
    struct receiver *receiver = into;
    take_pairs(reader, node, &receiver->headers, take_secret);
}

static void take_answer(struct reader *reader, yaml_node_t *node, void *into)
{
    take_pairs(reader, node, into, take_text);
}

static void take_body(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node), *bad = "";
    if (text && !template_check(text, &bad))
        reader_fault(reader, node, "`%s` is nothing that a template may name; coord-relay.conf(5) lists what is", bad);
    else if (text)
        *(const char **)into = text;
}

#define FOR(kind) (1U << RECEIVER_##kind)
#define ALL_KINDS ((1U << RECEIVER_KINDS_COUNT) - 1)

/* Which types take a key, and which need it: beside receiver_keys, row by row. */
#define RECEIVER_KEYS(R)                                                                                               \
    R(name, take_text, name, ALL_KINDS, ALL_KINDS)                                                                     \
    R(type, take_kind, kind, ALL_KINDS, ALL_KINDS)                                                                     \
    R(people, take_flag, each_person, ALL_KINDS, 0)                                                                    \
    R(language, take_language, wishes.language, ALL_KINDS, 0)                                                          \
    R(hours, take_hours, wishes.hours, ALL_KINDS, 0)                                                                   \
    R(digest, take_digest, wishes.digest, ALL_KINDS, 0)                                                                \
    R(urgent, take_severity, wishes.urgent, ALL_KINDS, 0)                                                              \
    R(timeout, take_duration, timeout, ALL_KINDS, 0)                                                                   \
    R(at_once, take_count, at_once, ALL_KINDS, 0)                                                                      \
    R(rate, take_rate, name, ALL_KINDS, 0)                                                                             \
    R(file, take_text, file, FOR(LINES), FOR(LINES))                                                                   \
    R(run, take_names, run, FOR(COMMAND), FOR(COMMAND))                                                                \
    R(output_max, take_count, output_max, FOR(COMMAND), 0)                                                             \
    R(url, take_text, url, FOR(WEBHOOK) | FOR(MAIL), FOR(WEBHOOK) | FOR(MAIL))                                         \
    R(secret_file, take_secret, secret, FOR(WEBHOOK), 0)                                                               \
    R(body, take_body, body, FOR(WEBHOOK), 0)                                                                          \
    R(headers, take_headers, name, FOR(WEBHOOK), 0)                                                                    \
    R(header_files, take_header_files, name, FOR(WEBHOOK), 0)                                                          \
    R(answer, take_answer, answer, FOR(WEBHOOK), 0)                                                                    \
    R(ca_file, take_text, ca_file, FOR(WEBHOOK) | FOR(MAIL), 0)                                                        \
    R(tls, take_tls, tls, FOR(MAIL), 0)                                                                                \
    R(user, take_text, user, FOR(MAIL), 0)                                                                             \
    R(password_file, take_secret, secret, FOR(MAIL), 0)                                                                \
    R(from, take_text, from, FOR(MAIL), FOR(MAIL))                                                                     \
    R(reply_to, take_text, reply_to, FOR(MAIL), 0)                                                                     \
    R(to, take_names, to, FOR(MAIL), 0)

/* Those that fill in more than one member take the whole struct, of which `name` is the first. */
_Static_assert(offsetof(struct receiver, name) == 0, "take_rate and take_headers are given the struct");
const struct key receiver_keys[] = {
#define R(key, take, member, may, must) {#key, take, offsetof(struct receiver, member), false},
    RECEIVER_KEYS(R)
#undef R
        {NULL, NULL, 0, false},
};
static const struct {
    unsigned may, must;
} receiver_needs[] = {
#define R(key, take, member, may, must) {may, must},
    RECEIVER_KEYS(R)
#undef R
};

static void check_address(struct reader *reader, yaml_node_t *node, const struct receiver *receiver)
{
    const char *url = receiver->url ? receiver->url : "";
    if (receiver->kind == RECEIVER_WEBHOOK && strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        reader_fault(reader, node, "`url` would be http://… or https://…");
    if (receiver->kind == RECEIVER_MAIL && strncmp(url, "smtp://", 7) != 0 && strncmp(url, "smtps://", 8) != 0)
        reader_fault(reader, node, "`url` would be smtp://HOST:PORT");
    if (receiver->kind == RECEIVER_MAIL && !receiver->each_person && receiver->to.count == 0)
        reader_fault(reader, node, "with `people` false, `to` says who gets the mail");
    if (receiver->kind == RECEIVER_MAIL && receiver->user && !receiver->secret)
        reader_fault(reader, node, "with `user` goes `password_file`");
    if (receiver->kind == RECEIVER_MAIL && receiver->user && receiver->tls == MAIL_PLAIN)
        reader_fault(reader, node, "a password is not sent in the open: `tls` would be starttls or tls");
    if (receiver->at_once > RECEIVER_AT_ONCE_MAX)
        reader_fault(reader, node, "`at_once` would be %d at most", RECEIVER_AT_ONCE_MAX);
    for (size_t i = 0; i < receiver->to.count; i++)
        if (!strchr(receiver->to.items[i], '@') || strpbrk(receiver->to.items[i], " \r\n<>"))
            reader_fault(reader, node, "`to`: `%.60s` would be a mail address alone", receiver->to.items[i]);
    if (receiver->kind == RECEIVER_MAIL && receiver->from && !strchr(receiver->from, '@'))
        reader_fault(reader, node, "`from` would be a mail address");
    if (receiver->kind == RECEIVER_COMMAND && receiver->run.count && receiver->run.items[0][0] != '/')
        reader_fault(reader, node, "`run` begins with the program's path, from / on");
}

static void take_receiver(struct reader *reader, yaml_node_t *node, void *into)
{
    struct receiver *receiver = into;
    *receiver = (struct receiver){.kind = RECEIVER_KINDS_COUNT,
                                  .wishes = {.hours = {.which = HOURS_ALWAYS}, .urgent = SEVERITY_CRITICAL},
                                  .timeout = 30000,
                                  .at_once = 4,
                                  .output_max = 65536,
                                  .line = node ? (int)node->start_mark.line + 1 : 0};
    yaml_node_t *people = reader_get(reader, node, "people");
    reader_map(reader, node, receiver_keys, receiver);
    if (!receiver->name)
        reader_fault(reader, node, "`name` is missing");
    if (receiver->kind == RECEIVER_KINDS_COUNT) {
        if (!reader_get(reader, node, "type"))
            reader_fault(reader, node, "`type` is missing: lines, command, webhook or mail");
        return;
    }
    if (!people)
        receiver->each_person = receiver->kind == RECEIVER_MAIL;
    for (size_t i = 0; receiver_keys[i].name; i++) {
        const bool given = reader_get(reader, node, receiver_keys[i].name) != NULL;
        if (given && !(receiver_needs[i].may >> receiver->kind & 1))
            reader_fault(reader, node, "a receiver of type %s has no `%s`", kind_names[receiver->kind],
                         receiver_keys[i].name);
        if (!given && i > 1 && receiver_needs[i].must >> receiver->kind & 1)
            reader_fault(reader, node, "a receiver of type %s needs `%s`", kind_names[receiver->kind],
                         receiver_keys[i].name);
    }
    check_address(reader, node, receiver);
    check_headers(reader, node, &receiver->headers);
    if (reader->here)
        config_look_receiver(reader, node, receiver);
}

void take_receivers(struct reader *reader, yaml_node_t *node, void *into)
{
    struct config *config = into;
    void *items = NULL;
    reader_list(reader, node, take_receiver, sizeof(struct receiver), &items, &config->receiver_count);
    config->receivers = items;
    if (config->receiver_count > CONFIG_RECEIVERS_MAX)
        reader_fault(reader, node, "there are %zu; %d at most would be right", config->receiver_count,
                     CONFIG_RECEIVERS_MAX);
    for (size_t i = 0; i < config->receiver_count; i++)
        if (config->receivers[i].name && config_receiver(config, config->receivers[i].name) != &config->receivers[i])
            reader_fault(reader, node, "the name `%.64s` is given twice (line %d)", config->receivers[i].name,
                         config->receivers[i].line);
}

#include "reader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool names_have(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

/* ---- faults ---- */

static void fault_at(struct reader *reader, unsigned long line, const char *format, va_list arguments)
{
    char message[512];
    if (++reader->count > READER_FAULTS_MAX)
        return;
    vsnprintf(message, sizeof message, format, arguments);
    buffer_printf(&reader->faults, "%s:%lu: %s%s%s\n", reader->file, line, reader->path, reader->path[0] ? ": " : "",
                  message);
}

void reader_fault(struct reader *reader, const yaml_node_t *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fault_at(reader, node ? (unsigned long)node->start_mark.line + 1 : 1, format, arguments);
    va_end(arguments);
}

static void fault_on_line(struct reader *reader, unsigned long line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fault_at(reader, line, format, arguments);
    va_end(arguments);
}

size_t reader_enter(struct reader *reader, const char *format, ...)
{
    const size_t before = strlen(reader->path);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reader->path + before, sizeof reader->path - before, format, arguments);
    va_end(arguments);
    return before;
}

void reader_leave(struct reader *reader, size_t before)
{
    reader->path[before] = '\0';
}

/* ---- the file ---- */

static char *read_whole(struct reader *reader, size_t *size)
{
    FILE *file = fopen(reader->file, "re");
    char *bytes = file ? malloc(READER_FILE_MAX + 1) : NULL;
    if (bytes)
        *size = fread(bytes, 1, READER_FILE_MAX + 1, file);
    const bool whole = bytes && !ferror(file);
    if (!whole)
        reader_fault(reader, NULL, "the file cannot be read: %s", strerror(errno));
    else if (*size > READER_FILE_MAX)
        reader_fault(reader, NULL, "the file is larger than %d bytes", READER_FILE_MAX);
    if (file)
        fclose(file);
    if (whole && *size <= READER_FILE_MAX)
        return bytes;
    free(bytes);
    return NULL;
}

bool reader_open(struct reader *reader, const char *file, bool here, struct arena *arena)
{
    yaml_parser_t parser;
    size_t size = 0;
    *reader = (struct reader){.file = file, .arena = arena, .here = here};
    char *bytes = read_whole(reader, &size);
    if (!bytes)
        return false;
    bool read = yaml_parser_initialize(&parser) != 0;
    if (read) {
        yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
        read = yaml_parser_load(&parser, &reader->document) != 0;
        if (!read)
            fault_on_line(reader, (unsigned long)parser.problem_mark.line + 1, "this is no YAML: %s%s%s",
                          parser.problem ? parser.problem : "memory ran out", parser.context ? ", " : "",
                          parser.context ? parser.context : "");
        yaml_parser_delete(&parser);
    }
    free(bytes);
    if (read && !reader_root(reader))
        reader_fault(reader, NULL, "the file says nothing; it would be a map: lines of `key: value`");
    return read && reader_root(reader);
}

bool reader_done(struct reader *reader, struct buffer *faults)
{
    buffer_append(faults, reader->faults.data, reader->faults.size);
    if (reader->count > READER_FAULTS_MAX)
        buffer_printf(faults, "%s: and %u more\n", reader->file, reader->count - READER_FAULTS_MAX);
    yaml_document_delete(&reader->document); /* one that was never loaded is all zeroes, which it takes */
    buffer_done(&reader->faults);
    return reader->count == 0;
}

yaml_node_t *reader_root(struct reader *reader)
{
    return yaml_document_get_root_node(&reader->document);
}

/* ---- maps and lists ---- */

static yaml_node_t *node_at(struct reader *reader, int index)
{
    return yaml_document_get_node(&reader->document, index);
}

static const char *scalar(const yaml_node_t *node)
{
    return node && node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : "";
}

static void fault_unknown(struct reader *reader, const yaml_node_t *node, const char *name, const struct key *keys)
{
    char known[400];
    const char *names[64];
    size_t used = 0, count = 0;
    known[0] = '\0';
    for (; keys[count].name && count < 63; count++) {
        names[count] = keys[count].name;
        if (used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", count ? ", " : "", keys[count].name);
    }
    names[count] = NULL;
    const char *nearest = name_nearest(names, name);
    if (nearest)
        reader_fault(reader, node, "there is no key `%s` here; did you mean `%s`?", name, nearest);
    else
        reader_fault(reader, node, "there is no key `%s` here; there are %s", name, known);
}

static void take_pair(struct reader *reader, const yaml_node_pair_t *pair, const struct key *keys, void *into,
                      uint64_t *seen)
{
    yaml_node_t *name = node_at(reader, pair->key), *value = node_at(reader, pair->value);
    for (size_t i = 0; keys[i].name; i++) {
        if (strcmp(keys[i].name, scalar(name)) != 0)
            continue;
        const size_t before = reader_enter(reader, "%s%s", reader->path[0] ? "." : "", keys[i].name);
        if (*seen >> i & 1)
            reader_fault(reader, name, "it is given twice; once would be right");
        else if (keys[i].take)
            keys[i].take(reader, value, (char *)into + keys[i].offset);
        *seen |= UINT64_C(1) << i;
        reader_leave(reader, before);
        return;
    }
    fault_unknown(reader, name, scalar(name), keys);
}

void reader_map(struct reader *reader, yaml_node_t *node, const struct key *keys, void *into)
{
    uint64_t seen = 0;
    if (!node || node->type != YAML_MAPPING_NODE) {
        reader_fault(reader, node, "it would be a map: lines of `key: value`");
        return;
    }
    for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
        take_pair(reader, pair, keys, into, &seen);
    for (size_t i = 0; keys[i].name; i++)
        if (keys[i].required && !(seen >> i & 1))
            reader_fault(reader, node, "`%s` is missing", keys[i].name);
}

void reader_list(struct reader *reader, yaml_node_t *node, reader_take *take, size_t size, void **items, size_t *count)
{
    if (!node || node->type != YAML_SEQUENCE_NODE) {
        reader_fault(reader, node, "it would be a list: lines that begin with `- `");
        return;
    }
    const size_t all = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (all > READER_LIST_MAX) {
        reader_fault(reader, node, "the list has %zu items; %d at most would be right", all, READER_LIST_MAX);
        return;
    }
    char *array = arena_alloc(reader->arena, (all + 1) * size);
    for (size_t i = 0; i < all; i++) {
        const size_t before = reader_enter(reader, "[%zu]", i);
        take(reader, node_at(reader, node->data.sequence.items.start[i]), array + i * size);
        reader_leave(reader, before);
    }
    *items = array;
    *count = all;
}

yaml_node_t *reader_get(struct reader *reader, yaml_node_t *node, const char *name)
{
    if (node && node->type == YAML_MAPPING_NODE)
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++)
            if (strcmp(scalar(node_at(reader, pair->key)), name) == 0)
                return node_at(reader, pair->value);
    return NULL;
}

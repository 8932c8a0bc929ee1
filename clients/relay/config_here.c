/* What a configuration names on this machine: is it there, and may this user use it? Asked by `check` alone: a relay that
 * runs waits for a receiver that is away, and loses nothing.
 */
#include <coord.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

/* What a fault is told at: the value, or the map when there is none. */
static yaml_node_t *place(struct reader *reader, yaml_node_t *node, const char *key)
{
    yaml_node_t *value = reader_get(reader, node, key);
    return value ? value : node;
}

static void look_program(struct reader *reader, yaml_node_t *node, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        reader_fault(reader, node, "%s is not there: %s; it would be a program", path, strerror(errno));
    else if (!S_ISREG(status.st_mode))
        reader_fault(reader, node, "%s is no file; it would be a program", path);
    else if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0)
        reader_fault(reader, node, "%s may not be run by this user: %s; chmod +x would be right", path,
                     strerror(errno));
}

/* Lines are put behind what the file holds; a file that is not there is made. */
static void look_lines(struct reader *reader, yaml_node_t *node, const char *path)
{
    char directory[4096];
    struct stat status;
    if (strcmp(path, "-") == 0)
        return;
    if (snprintf(directory, sizeof directory, "%s", path) >= (int)sizeof directory) {
        reader_fault(reader, node, "the path is too long");
        return;
    }
    char *end = strrchr(directory, '/');
    if (end)
        end[end == directory] = '\0';
    const char *in = end ? directory : ".";
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode) || faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
            reader_fault(reader, node, "%s may not be written by this user; it would be a file that it may write",
                         path);
    } else if (stat(in, &status) != 0 || !S_ISDIR(status.st_mode)) {
        if (strcmp(in, RELAY_DIR) != 0)
            reader_fault(reader, node, "there is no directory %s; make it, or name a file elsewhere", in);
    } else if (faccessat(AT_FDCWD, in, W_OK | X_OK, AT_EACCESS) != 0) {
        reader_fault(reader, node, "%s may not be written by this user, so no file can be made there", in);
    }
}

static void look_readable(struct reader *reader, yaml_node_t *node, const char *path)
{
    if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
        reader_fault(reader, node, "%s cannot be read by this user: %s", path, strerror(errno));
}

void config_look_receiver(struct reader *reader, yaml_node_t *node, const struct receiver *receiver)
{
    const struct {
        const char *key, *path;
        void (*look)(struct reader *, yaml_node_t *, const char *);
    } named[] = {
        {"run", receiver->run.count && receiver->run.items[0][0] == '/' ? receiver->run.items[0] : NULL, look_program},
        {"file", receiver->file, look_lines},
        {"ca_file", receiver->ca_file, look_readable},
    };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (named[i].path) {
            const size_t before = reader_enter(reader, ".%s", named[i].key);
            named[i].look(reader, place(reader, node, named[i].key), named[i].path);
            reader_leave(reader, before);
        }
}

void config_look_context(struct reader *reader, yaml_node_t *root, const char *name)
{
    struct coord_context context;
    struct problem problem = {0};
    if (coord_context_find(&context, name, &problem)) {
        const size_t before = reader_enter(reader, "context");
        reader_fault(reader, place(reader, root, "context"), "%s%s%s", problem.field, problem.field[0] ? ": " : "",
                     problem.message);
        reader_leave(reader, before);
    }
    coord_context_wipe(&context);
}

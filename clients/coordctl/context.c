/* coordctl context … */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "session.h"

#define SUFFIX ".context"

static void visit_directory(const char *directory, void (*visit)(void *user, const char *name, const char *path),
                            void *user)
{
    struct dirent **entries;
    const int count = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const size_t size = strlen(entries[i]->d_name);
        char path[COORD_PATH_MAX];
        if (size > strlen(SUFFIX) && strcmp(entries[i]->d_name + size - strlen(SUFFIX), SUFFIX) == 0) {
            snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
            entries[i]->d_name[size - strlen(SUFFIX)] = '\0';
            visit(user, entries[i]->d_name, path);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

void contexts_visit(void (*visit)(void *user, const char *name, const char *path), void *user)
{
    const char *configured = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    char directory[COORD_PATH_MAX];
    if (configured && configured[0])
        snprintf(directory, sizeof directory, "%s/coord/contexts", configured);
    else
        snprintf(directory, sizeof directory, "%s/.config/coord/contexts", home ? home : "");
    visit_directory(directory, visit, user);
    visit_directory("/etc/coord/contexts", visit, user);
}

/* ---- list ---- */

struct listing {
    struct table *table;
    json_t *array; /* with --json, instead */
};

static void list_context(void *user, const char *name, const char *path)
{
    const struct listing *listing = user;
    struct coord_context context = {0};
    struct problem problem = {0};
    const bool good = coord_context_load(&context, path, &problem) == 0;
    const char *broker = good ? context.endpoint : problem.message;
    if (listing->array)
        json_array_append_new(listing->array,
                              json_pack("{s:s, s:s, s:s, s:s}", "context", name, "agency", context.agency,
                                        good ? "endpoint" : "problem", broker, "file", path));
    else
        table_add_cells(listing->table, (const char *const[]){name, context.agency, broker, path});
    coord_context_wipe(&context);
}

int context_list(struct session *session)
{
    static const struct column columns[] = {{"CONTEXT", "", COLUMN_TEXT, 0},
                                            {"AGENCY", "", COLUMN_TEXT, 0},
                                            {"BROKER", "", COLUMN_WIDE, 0},
                                            {"FILE", "", COLUMN_TEXT, 0}};
    struct listing listing = {session->json ? NULL : table_new(columns, 4), session->json ? json_array() : NULL};
    contexts_visit(list_context, &listing);
    if (listing.array)
        output_json(listing.array);
    else
        table_show(listing.table, "No contexts\n  next: put the file from the administrator at "
                                  "~/.config/coord/contexts/default.context");
    return EXIT_DONE;
}

/* ---- show ---- */

int context_show(struct session *session)
{
    const char *name = arguments_get(&session->arguments, "context");
    char path[COORD_PATH_MAX];
    struct problem problem = {0};
    if (coord_context_find(&session->context, name, &problem) || coord_context_path(path, name, &problem))
        return session_fail(session, &problem);
    const struct coord_context *context = &session->context;
    if (session->json) {
        output_json(json_pack("{s:s, s:s, s:s, s:s, s:s}", "file", path, "endpoint", context->endpoint, "server_key",
                              context->server_key, "agency", context->agency, "public_key", context->public_key));
        return EXIT_DONE;
    }
    const char *const lines[][2] = {{"file", path},
                                    {"endpoint", context->endpoint},
                                    {"server_key", context->server_key},
                                    {"agency", context->agency},
                                    {"public_key", context->public_key}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        printf(output_is_terminal() ? "%-18s %s\n" : "%s\t%s\n", lines[i][0], lines[i][1]);
    return EXIT_DONE;
}

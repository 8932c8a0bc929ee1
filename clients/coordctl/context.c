/* coordctl context … */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "session.h"

#define SUFFIX ".context"

static void list_directory(struct table *table, const char *directory)
{
    struct dirent **entries;
    const int count = scandir(directory, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const size_t size = strlen(entries[i]->d_name);
        char path[COORD_PATH_MAX];
        struct coord_context context = {0};
        struct problem problem = {0};
        if (size > strlen(SUFFIX) && strcmp(entries[i]->d_name + size - strlen(SUFFIX), SUFFIX) == 0) {
            snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
            const bool good = coord_context_load(&context, path, &problem) == 0;
            entries[i]->d_name[size - strlen(SUFFIX)] = '\0';
            table_add_cells(table, (const char *const[]){entries[i]->d_name, good ? context.agency : "",
                                                         good ? context.endpoint : problem.message, path});
            coord_context_wipe(&context);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

int context_list(struct session *session)
{
    static const struct column columns[] = {{"CONTEXT", "", false, false},
                                            {"AGENCY", "", false, false},
                                            {"BROKER", "", false, true},
                                            {"FILE", "", false, false}};
    const char *configured = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    char directory[COORD_PATH_MAX];
    struct table *table = table_new(columns, 4);
    (void)session;
    if (configured && configured[0])
        snprintf(directory, sizeof directory, "%s/coord/contexts", configured);
    else
        snprintf(directory, sizeof directory, "%s/.config/coord/contexts", home ? home : "");
    list_directory(table, directory);
    list_directory(table, "/etc/coord/contexts");
    table_show(table,
               "No contexts\n  next: put the file from the administrator at ~/.config/coord/contexts/default.context");
    return EXIT_DONE;
}

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
    printf("file\t%s\nendpoint\t%s\nserver_key\t%s\nagency\t%s\npublic_key\t%s\n", path, context->endpoint,
           context->server_key, context->agency, context->public_key);
    return EXIT_DONE;
}

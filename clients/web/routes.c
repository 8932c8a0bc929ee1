/* Which path is whose. */
#include <string.h>

#include "request.h"

#define JSON_MAX (1024 * 1024) /* as a frame of the protocol */
#define FORM_MAX 4096

static const struct route routes[] = {
    {"POST", "/api/sign-in", NEEDS_NOTHING, FORM_MAX, false, handle_sign_in},
    {"POST", "/api/sign-out", NEEDS_CHANGE, FORM_MAX, false, handle_sign_out},
    {"GET", "/login/", NEEDS_NOTHING, 0, false, handle_login},
    {"GET", "/api/me", NEEDS_SESSION, 0, false, handle_me},
    {"POST", "/api/password", NEEDS_CHANGE, FORM_MAX, false, handle_password},
    {"POST", "/api/calendar", NEEDS_CHANGE, FORM_MAX, false, handle_calendar},
    {"POST", "/api/op/", NEEDS_SESSION, JSON_MAX, false, handle_op},
    {"GET", "/api/overview", NEEDS_SESSION, 0, false, handle_overview},
    {"GET", "/api/events", NEEDS_SESSION, 0, false, handle_events},
    {"POST", "/api/evidence", NEEDS_ACT, 1, true, handle_evidence_put},
    {"GET", "/evidence/", NEEDS_SESSION, 0, false, handle_evidence_get},
    {"GET", "/agencies/", NEEDS_NOTHING, 0, false, handle_ics},
    {"GET", "/acknowledge", NEEDS_NOTHING, 0, false, handle_acknowledge},
    {"GET", "/", NEEDS_NOTHING, 0, false, handle_front},
};

static const struct route metrics_routes[] = {{"GET", "/metrics", NEEDS_NOTHING, 0, false, handle_metrics}};

static bool is_path(const struct route *route, const char *path)
{
    const size_t size = strlen(route->path);
    return route->path[size - 1] == '/' ? strncmp(route->path, path, size) == 0 : strcmp(route->path, path) == 0;
}

const struct route *route_find(enum listener listener, const char *method, const char *path, bool *is_there)
{
    const struct route *table = listener == LISTENER_METRICS ? metrics_routes : routes;
    const size_t count = listener == LISTENER_METRICS ? 1 : sizeof routes / sizeof *routes;
    /* HEAD is GET whose body nobody sends, but for a link, which it would use up. */
    const bool head = strcmp(method, "HEAD") == 0;
    *is_there = false;
    for (size_t i = 0; i < count; i++) {
        if (!is_path(&table[i], path))
            continue;
        /* The pages take all that is left, but for what looks like a request of a program. */
        if (table[i].handle == handle_front && (*is_there || strncmp(path, "/api/", 5) == 0))
            break;
        *is_there = true;
        if (strcmp(table[i].method, method) == 0)
            return &table[i];
        if (head && strcmp(table[i].method, "GET") == 0 && table[i].handle != handle_login &&
            table[i].handle != handle_events)
            return &table[i];
    }
    return NULL;
}

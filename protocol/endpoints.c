#include "endpoints.h"

#include <stdlib.h>
#include <string.h>

static const char tcp[] = "tcp://", ipc[] = "ipc://";

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool has_port(const char *endpoint)
{
    const char *colon = strrchr(endpoint, ':');
    char *end = NULL;
    long port = strtol(colon + 1, &end, 10); /* there is one after "tcp" */
    return colon[1] >= '0' && colon[1] <= '9' && *end == '\0' && port >= 1 && port <= 65535;
}

static bool is_tcp(const char *endpoint)
{
    return begins(endpoint, tcp) && endpoint[strlen(tcp)] != ':' && !strpbrk(endpoint, ", \t") && has_port(endpoint);
}

/* A path must fit into a sockaddr_un: 107 bytes and an end. */
static bool is_ipc(const char *endpoint)
{
    const size_t size = strlen(ipc);
    return begins(endpoint, ipc) && endpoint[size] && strlen(endpoint + size) <= 107;
}

/* Where the endpoint that begins here ends: at a comma that another stands behind, or with the text. */
static const char *find_end(const char *text, const char **next)
{
    for (const char *comma = strchr(text, ','); comma; comma = strchr(comma + 1, ',')) {
        *next = comma + 1 + strspn(comma + 1, " \t");
        if (begins(*next, tcp) || begins(*next, ipc))
            return comma;
    }
    return *next = text + strlen(text);
}

bool endpoint_is_one(const char *text)
{
    return is_tcp(text) || is_ipc(text);
}

int endpoints_read(struct endpoints *endpoints, const char *text, struct problem *problem)
{
    endpoints->count = 0;
    do {
        const char *next, *end = find_end(text, &next);
        char item[ENDPOINT_SIZE_MAX] = "";
        if ((size_t)(end - text) < sizeof item)
            memcpy(item, text, (size_t)(end - text));
        for (size_t size = strlen(item); size > 0 && strchr(" \t", item[size - 1]); size--)
            item[size - 1] = '\0';
        if (!endpoint_is_one(item))
            return problem_set(
                problem, COORD_E_BAD_CONTEXT, "endpoint",
                "endpoint `%.100s` is neither tcp://HOST:PORT, a port from 1 to 65535, nor ipc://PATH of at most "
                "107 bytes.",
                text);
        if (endpoints->count == ENDPOINTS_MAX)
            return problem_set(problem, COORD_E_BAD_CONTEXT, "endpoint", "endpoint names more than %d.", ENDPOINTS_MAX);
        memcpy(endpoints->items[endpoints->count++], item, sizeof item);
        text = next;
    } while (*text);
    return 0;
}

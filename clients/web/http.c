#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "request.h"

struct http {
    struct web *web;
    enum listener listener;
    struct MHD_Daemon *daemon;
    const struct address *address;
    int fd;
};

/* ---- one request ---- */

static struct request *begin(struct http *http, struct MHD_Connection *connection, const char *url, const char *method)
{
    struct request *request = alloc_zeroed(1, sizeof *request);
    bool is_there = false;
    request->web = http->web;
    request->connection = connection;
    request->listener = http->listener;
    request->path = alloc_copy(url);
    request->body.exhausted = alloc_failed;
    request->web->counts.requests++;
    request->route = route_find(http->listener, method, request->path, &is_there);
    if (!request->route) {
        request_refuse(request, is_there ? WEB_E_METHOD : WEB_E_NOT_FOUND, "", "%s", "");
        return request;
    }
    request->rest = request->path + strlen(request->route->path);
    request_identify(request);
    if (!request->answer)
        (void)request_allowed(request);
    return request;
}

/* Whether a body comes that is small enough to be read and left: a browser that is answered and cut while it still sends
 * does not see the answer. */
static bool has_small_body(const struct request *request)
{
    const char *said = request_header(request, "Content-Length");
    const unsigned long long size = said ? strtoull(said, NULL, 10) : 0;
    return size > 0 && size <= HTTP_LEFT_MAX;
}

/* A length that is said to be too large is refused before a byte of it is read. */
static void check_length(struct request *request)
{
    const char *said = request_header(request, "Content-Length");
    const unsigned long long size = said ? strtoull(said, NULL, 10) : 0;
    const unsigned long long most = request->route->uploads
                                        ? (unsigned long long)request->web->config->file_max_mib * 1048576
                                        : (unsigned long long)request->route->body_max;
    if (size > most)
        request_refuse_size(request, "Content-Length", most);
}

static void take_body(struct request *request, const char *bytes, size_t size)
{
    if (request->answer)
        return; /* it is refused already: the rest is read and left */
    if (request->route->uploads)
        (void)upload_take(request, bytes, size);
    else if (request->body.size + size > request->route->body_max)
        request_refuse_size(request, "", request->route->body_max);
    else
        buffer_append(&request->body, bytes, size);
}

static enum MHD_Result queue_answer(struct request *request)
{
    struct MHD_Response *answer = request->answer;
    const enum MHD_Result result = MHD_queue_response(request->connection, request->status, answer);
    MHD_destroy_response(answer);
    request->answer = NULL;
    request->handled = true;
    return result;
}

static enum MHD_Result on_access(void *with, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *bytes, size_t *size, void **state)
{
    struct request *request = *state;
    (void)version;
    if (!request) {
        request = *state = begin(with, connection, url, method);
        if (!request->answer)
            check_length(request);
        return request->answer && !has_small_body(request) ? queue_answer(request) : MHD_YES;
    }
    if (*size) {
        take_body(request, bytes, *size);
        *size = 0;
        return MHD_YES;
    }
    if (!request->answer && !request->handled) {
        request->handled = true;
        request->route->handle(request);
    }
    return request->answer ? queue_answer(request) : MHD_YES;
}

static void on_completed(void *with, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct request *request = *state;
    (void)with, (void)connection, (void)code;
    if (!request)
        return;
    if (request->answer)
        MHD_destroy_response(request->answer);
    upload_free(request->upload);
    buffer_done(&request->body);
    free(request->path);
    free(request);
    *state = NULL;
}

/* ---- sockets ---- */

static void say_where(const struct http *http)
{
    static const char *const what[] = {"listening on", "listening for a proxy on", "metrics on"};
    char text[ADDRESS_TEXT];
    address_where(http->address, http->fd, text);
    fprintf(stderr, "coord-web: %s %s\n", what[http->listener], text);
}

/* What browsers send wrong is answered to them; the log is not theirs to fill. */
static void log_nothing(void *with, const char *format, va_list arguments)
{
    (void)with, (void)format, (void)arguments;
}

struct http *http_open(struct web *web, enum listener listener, const struct address *address)
{
    struct http *http = alloc_zeroed(1, sizeof *http);
    http->web = web;
    http->listener = listener;
    http->address = address;
    http->fd = address_listen(address, HTTP_BACKLOG);
    if (http->fd >= 0)
        http->daemon = MHD_start_daemon(
            MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_access, http,
            MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, http->fd,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
            (unsigned)HTTP_SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CONNECTION_BYTES,
            MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (http->daemon) {
        say_where(http);
        return http;
    }
    if (http->fd >= 0) {
        fprintf(stderr, "coord-web: %s: no server could be started\n", address->text);
        close(http->fd);
    }
    free(http);
    return NULL;
}

void http_close(struct http *http)
{
    if (!http)
        return;
    MHD_stop_daemon(http->daemon); /* and closes its socket */
    if (http->address->to.any.sa_family == AF_UNIX)
        unlink(http->address->to.local.sun_path);
    free(http);
}

int http_fd(const struct http *http)
{
    return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int http_wait_ms(const struct http *http, int most)
{
    unsigned long long ms;
    return MHD_get_timeout(http->daemon, &ms) == MHD_YES && ms < (unsigned long long)most ? (int)ms : most;
}

void http_run(struct http *http)
{
    MHD_run(http->daemon);
}

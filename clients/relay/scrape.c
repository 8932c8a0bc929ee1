/* The socket that Prometheus comes by: libmicrohttpd, run by the one loop. */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "exposition.h"
#include "line.h"
#include "metrics.h"

struct scrape {
    const struct relay *relay;
    struct MHD_Daemon *daemon; /* NULL: nothing is served */
    struct address address;    /* `text` is its own */
    char text[ADDRESS_TEXT];
    int64_t broker_gone_since, now; /* of this round */
};

struct scrape *scrape_new(const struct relay *relay)
{
    struct scrape *scrape = alloc_zeroed(1, sizeof *scrape);
    scrape->relay = relay;
    return scrape;
}

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type, struct buffer *body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(body->size, body->data, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", type);
    const enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_access(void *with, struct MHD_Connection *connection, const char *url, const char *method,
                                 const char *version, const char *bytes, size_t *size, void **state)
{
    static int begun;
    const struct scrape *scrape = with;
    struct buffer body = {.exhausted = alloc_failed};
    (void)version, (void)bytes;
    if (!*state) { /* its headers are here */
        *state = &begun;
        return MHD_YES;
    }
    if (*size) { /* a body is read, and left */
        *size = 0;
        return MHD_YES;
    }
    const bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    const bool is_there = strcmp(url, "/metrics") == 0;
    const unsigned status = !is_there ? MHD_HTTP_NOT_FOUND : reads ? MHD_HTTP_OK : MHD_HTTP_METHOD_NOT_ALLOWED;
    if (status == MHD_HTTP_OK)
        metrics_write(scrape->relay, scrape->broker_gone_since, scrape->now, &body);
    else
        buffer_printf(&body, is_there ? "GET would be right.\n" : "Here is /metrics, and nothing else.\n");
    const enum MHD_Result result = answer(connection, status, status == MHD_HTTP_OK ? EXPOSITION_TYPE : "text/plain",
                                          &body);
    buffer_done(&body);
    return result;
}

static void log_nothing(void *with, const char *format, va_list arguments)
{
    (void)with, (void)format, (void)arguments;
}

static void shut(struct scrape *scrape)
{
    if (!scrape->daemon)
        return;
    MHD_stop_daemon(scrape->daemon); /* and closes its socket */
    scrape->daemon = NULL;
    if (scrape->address.to.any.sa_family == AF_UNIX)
        unlink(scrape->address.to.local.sun_path);
}

void scrape_open(struct scrape *scrape)
{
    const struct address *address = &scrape->relay->config->metrics;
    char where[ADDRESS_TEXT];
    if (scrape->daemon && address->size && strcmp(scrape->text, address->text) == 0)
        return;
    shut(scrape);
    if (!address->size)
        return;
    scrape->address = *address;
    snprintf(scrape->text, sizeof scrape->text, "%s", address->text);
    scrape->address.text = scrape->text;
    const int fd = address_listen(&scrape->address, METRICS_CONNECTIONS_MAX);
    if (fd >= 0)
        scrape->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_access, scrape,
                                          MHD_OPTION_EXTERNAL_LOGGER, log_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
                                          MHD_OPTION_CONNECTION_LIMIT, (unsigned)METRICS_CONNECTIONS_MAX,
                                          MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)METRICS_SILENCE_S,
                                          MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!scrape->daemon) {
        if (fd >= 0)
            close(fd);
        line_fail(EXIT_SYSTEM, "there are no `metrics` until the configuration is read again; deliveries go on");
        return;
    }
    address_where(&scrape->address, fd, where);
    fprintf(stderr, "coord-relay: metrics on %s\n", where);
}

void scrape_free(struct scrape *scrape)
{
    shut(scrape);
    free(scrape);
}

int scrape_fd(const struct scrape *scrape)
{
    return scrape->daemon ? MHD_get_daemon_info(scrape->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd : -1;
}

int scrape_wait_ms(const struct scrape *scrape, int most)
{
    unsigned long long ms = 0;
    const bool waits = scrape->daemon && MHD_get_timeout(scrape->daemon, &ms) == MHD_YES;
    return waits && ms < (unsigned long long)most ? (int)ms : most;
}

void scrape_run(struct scrape *scrape, int64_t broker_gone_since, int64_t now)
{
    scrape->broker_gone_since = broker_gone_since;
    scrape->now = now;
    if (scrape->daemon)
        MHD_run(scrape->daemon);
}

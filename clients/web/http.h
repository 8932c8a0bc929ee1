/* The sockets that browsers, the proxy and Prometheus come by: libmicrohttpd, run by the one loop. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "request.h"

#define HTTP_CONNECTIONS_MAX  1024 /* of one listener; × HTTP_CONNECTION_BYTES is 32 MiB */
#define HTTP_CONNECTION_BYTES (32 * 1024)
#define HTTP_SILENCE_S        15                /* who sends or takes nothing for so long while it should is cut */
#define HTTP_LEFT_MAX         (2 * 1024 * 1024) /* of a refused body is read to its end; a larger one is cut */
#define HTTP_BACKLOG          128

struct http;

/* NULL, and told on standard error, when it cannot be listened on. Web and address outlive it. */
struct http *http_open(struct web *web, enum listener listener, const struct address *address);
void http_close(struct http *http); /* no request may wait any more */
int http_fd(const struct http *http);
int http_wait_ms(const struct http *http, int most); /* how long one may wait for the descriptor */
void http_run(struct http *http);

#endif

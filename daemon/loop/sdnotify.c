/* See sdnotify.h. */
#include "loop/sdnotify.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>

#include "loop/clock.h"

void sdnotify_ready(void)
{
    (void)sd_notify(0, "READY=1");
}

void sdnotify_reloading(void)
{
    (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%llu", (unsigned long long)clock_stopwatch_us());
}

void sdnotify_stopping(void)
{
    (void)sd_notify(0, "STOPPING=1");
}

void sdnotify_status(const char *format, ...)
{
    char status[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(status, sizeof status, format, arguments);
    va_end(arguments);
    (void)sd_notifyf(0, "STATUS=%s", status);
}

void sdnotify_watchdog(void)
{
    (void)sd_notify(0, "WATCHDOG=1");
}

void sdnotify_extend(unsigned seconds)
{
    (void)sd_notifyf(0, "EXTEND_TIMEOUT_USEC=%u000000", seconds);
}

uint64_t sdnotify_watchdog_ms(void)
{
    uint64_t allowed_us = 0;
    if (sd_watchdog_enabled(0, &allowed_us) <= 0)
        return 0;
    return allowed_us / 2000 > 0 ? allowed_us / 2000 : 1;
}

/* ZeroMQ wants an endpoint of the socket's own kind with the descriptor. */
static int socket_endpoint(int descriptor, char endpoint[256])
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un local;
    } address;
    char text[INET6_ADDRSTRLEN];
    socklen_t size = sizeof address;
    memset(&address, 0, sizeof address);
    if (getsockname(descriptor, &address.any, &size) != 0)
        return -1;
    switch (address.any.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &address.v4.sin_addr, text, sizeof text);
        snprintf(endpoint, 256, "tcp://%s:%u", text, ntohs(address.v4.sin_port));
        return 0;
    case AF_INET6:
        inet_ntop(AF_INET6, &address.v6.sin6_addr, text, sizeof text);
        snprintf(endpoint, 256, "tcp://[%s]:%u", text, ntohs(address.v6.sin6_port));
        return 0;
    case AF_UNIX:
        snprintf(endpoint, 256, "ipc://%s", address.local.sun_path);
        return address.local.sun_path[0] ? 0 : -1;
    default:
        return -1;
    }
}

int sdnotify_sockets(struct sdnotify_socket sockets[SDNOTIFY_SOCKETS_MAX])
{
    const int passed = sd_listen_fds(1);
    if (passed <= 0)
        return 0;
    if (passed > SDNOTIFY_SOCKETS_MAX)
        return -1;
    for (int i = 0; i < passed; i++) {
        sockets[i].descriptor = SD_LISTEN_FDS_START + i;
        if (sd_is_socket(sockets[i].descriptor, AF_UNSPEC, SOCK_STREAM, 1) <= 0 ||
            socket_endpoint(sockets[i].descriptor, sockets[i].endpoint) != 0)
            return -1;
    }
    return passed;
}

#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "line.h"

static bool read_port(const char *text, in_port_t *port)
{
    char *end;
    const unsigned long number = strtoul(text, &end, 10);
    *port = htons((uint16_t)number);
    return text[0] >= '0' && text[0] <= '9' && !*end && number <= 65535; /* 0: any that is free */
}

static bool read_v4(const char *text, struct address *address)
{
    char host[20];
    const char *colon = strchr(text, ':');
    struct sockaddr_in *to = &address->to.v4;
    if (!colon || (size_t)(colon - text) >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
    *to = (struct sockaddr_in){.sin_family = AF_INET};
    address->size = sizeof *to;
    return inet_pton(AF_INET, host, &to->sin_addr) == 1 && ntohl(to->sin_addr.s_addr) >> 24 == 127 &&
           read_port(colon + 1, &to->sin_port);
}

static bool read_v6(const char *text, struct address *address)
{
    struct sockaddr_in6 *to = &address->to.v6;
    *to = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    address->size = sizeof *to;
    return strncmp(text, "[::1]:", 6) == 0 && read_port(text + 6, &to->sin6_port);
}

bool address_read_local(const char *path, struct address *address)
{
    struct sockaddr_un *to = &address->to.local;
    *to = (struct sockaddr_un){.sun_family = AF_UNIX};
    address->size = sizeof *to;
    return path[0] == '/' && (size_t)snprintf(to->sun_path, sizeof to->sun_path, "%s", path) < sizeof to->sun_path;
}

bool address_read(const char *text, struct address *address)
{
    address->text = text;
    return strncmp(text, "unix:", 5) == 0 ? address_read_local(text + 5, address)
                                          : read_v4(text, address) || read_v6(text, address);
}

void take_address(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    struct address address = {.size = 0};
    if (!text)
        return;
    if (address_read(text, &address))
        *(struct address *)into = address;
    else
        reader_fault(reader, node,
                     "`%.60s` would be an address of this machine, such as 127.0.0.1:5680, [::1]:5680 or "
                     "unix:/run/coord-web/web.sock: others reach it through a reverse proxy, which has the certificate",
                     text);
}

/* ---- listening ---- */

static int fail(const struct address *address, const char *what)
{
    line_fail(EXIT_SYSTEM, "%s: %s: %s", address->text, what, strerror(errno));
    return -1;
}

/* A socket that an ended server left behind stands in the way of the next; one that somebody listens on does too. */
static void unlink_left_behind(const struct address *address)
{
    struct stat status;
    const char *path = address->to.local.sun_path;
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && stat(path, &status) == 0 && S_ISSOCK(status.st_mode) &&
        connect(fd, &address->to.any, address->size) != 0 && errno == ECONNREFUSED)
        unlink(path);
    if (fd >= 0)
        close(fd);
}

int address_listen(const struct address *address, int backlog)
{
    const int family = address->to.any.sa_family;
    const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return fail(address, "no socket");
    if (family == AF_UNIX)
        unlink_left_behind(address);
    else
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(fd, &address->to.any, address->size) != 0 || listen(fd, backlog) != 0) {
        close(fd);
        return fail(address, "it cannot be listened on");
    }
    /* Who may connect is the group's to say: the proxy's user is made one of it. */
    if (family == AF_UNIX && chmod(address->to.local.sun_path, 0660) != 0) {
        close(fd);
        return fail(address, "its mode cannot be set");
    }
    return fd;
}

void address_where(const struct address *address, int fd, char text[ADDRESS_TEXT])
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.v4 = {0}};
    socklen_t size = sizeof at;
    if (address->to.any.sa_family == AF_UNIX || getsockname(fd, &at.any, &size) != 0)
        snprintf(text, ADDRESS_TEXT, "%s", address->text);
    else if (at.any.sa_family == AF_INET)
        snprintf(text, ADDRESS_TEXT, "%.*s:%u", (int)strcspn(address->text, ":"), address->text, ntohs(at.v4.sin_port));
    else
        snprintf(text, ADDRESS_TEXT, "[::1]:%u", ntohs(at.v6.sin6_port));
}

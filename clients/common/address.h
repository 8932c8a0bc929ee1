/* Where a program listens: on this machine alone, since TLS is a reverse proxy's. */
#ifndef COMMON_ADDRESS_H
#define COMMON_ADDRESS_H

#include <netinet/in.h>
#include <sys/un.h>

#include "reader.h"

#define ADDRESS_TEXT 140 /* of one as it is told: unix: and a path of 107 bytes */

struct address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un local;
    } to;
    socklen_t size; /* 0 for nowhere */
    const char *text;
};

/* 127.0.0.1:5680, [::1]:5680, unix:/run/coord-web/web.sock; port 0 is any. False when it is none; the text outlives it. */
bool address_read(const char *text, struct address *address);
reader_take take_address;                                           /* struct address */
bool address_read_local(const char *path, struct address *address); /* of a Unix socket: false when it is none */

/* A socket that listens there; -1, and told on standard error, when none can. A Unix socket that an ended server left
 * behind is taken over, and its group may connect. */
int address_listen(const struct address *address, int backlog);
/* Where a socket that listens there can be reached: with the port that it got. */
void address_where(const struct address *address, int fd, char text[ADDRESS_TEXT]);

#endif

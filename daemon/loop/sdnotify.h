/* What the service manager is told. Without one, nothing happens. */
#ifndef COORDD_LOOP_SDNOTIFY_H
#define COORDD_LOOP_SDNOTIFY_H

#include <stdint.h>

void sdnotify_ready(void);
void sdnotify_reloading(void);
void sdnotify_stopping(void);
void sdnotify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
void sdnotify_watchdog(void);
/* Start or stop take longer than the unit allows, and go on: asks for so much time from now. */
void sdnotify_extend(unsigned seconds);
/* How often to call sdnotify_watchdog: half of what the unit allows, in ms; 0 when it wants none. */
uint64_t sdnotify_watchdog_ms(void);

/* Listening sockets that systemd opened for us: their descriptors, and for each the endpoint that it stands for. */
#define SDNOTIFY_SOCKETS_MAX 8
struct sdnotify_socket {
    int descriptor;
    char endpoint[256];
};
/* How many there are; 0 without socket activation, -1 when one of them is no listening stream socket. */
int sdnotify_sockets(struct sdnotify_socket sockets[SDNOTIFY_SOCKETS_MAX]);

#endif

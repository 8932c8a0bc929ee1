/* How a program that serves is stopped: SIGTERM or SIGINT, which its loop asks for. */
#ifndef COMMON_STOP_H
#define COMMON_STOP_H

#include <stdbool.h>

void stop_watch(void); /* from now on; a pipe that the other end closed is an error of its write, no signal */
bool stop_asked(void);

#endif

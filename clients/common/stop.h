/* What a program that serves is told by signals, which its loop asks for: to stop, by SIGTERM or SIGINT; to read its
 * configuration again, by SIGHUP. */
#ifndef COMMON_STOP_H
#define COMMON_STOP_H

#include <stdbool.h>

void stop_watch(void); /* from now on; a pipe that the other end closed is an error of its write, no signal */
bool stop_asked(void);

void reload_watch(void);
bool reload_asked(void); /* since it was last asked for */

#endif

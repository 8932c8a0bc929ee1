#include "stop.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t asked, reload;

static void on_signal(int number)
{
    (void)number;
    asked = 1;
}

static void on_reload(int number)
{
    (void)number;
    reload = 1;
}

void stop_watch(void)
{
    const struct sigaction stop = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool stop_asked(void)
{
    return asked;
}

void reload_watch(void)
{
    const struct sigaction again = {.sa_handler = on_reload};
    sigaction(SIGHUP, &again, NULL);
}

bool reload_asked(void)
{
    if (!reload)
        return false;
    reload = 0; /* a signal between these two is asked for by the caller, which reads the file after this */
    return true;
}

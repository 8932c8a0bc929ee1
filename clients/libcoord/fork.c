#include "fork.h"

#include <pthread.h>

static unsigned generation = 1; /* changed in a child alone, before any other thread of it can be */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void on_child(void)
{
    generation++;
}

static void watch(void)
{
    (void)pthread_atfork(NULL, NULL, on_child);
}

unsigned fork_generation(void)
{
    pthread_once(&once, watch);
    return generation;
}

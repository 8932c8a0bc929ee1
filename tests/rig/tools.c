#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "rig/rig.h"

static void end_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* A child never outlives the test that made it, also when that fails: it would go on loading the machine, and hold open
 * the output that somebody waits at the end of. */
__attribute__((constructor)) static void begin(void)
{
    pthread_atfork(NULL, NULL, end_with_parent);
}

void rig_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("failed: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

void rig_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("    ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

double rig_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void *rig_shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        rig_die("no memory to share");
    return memory;
}

int rig_open(struct coord **coord, const struct coord_context *context, const struct coord_options *options,
             struct problem *problem)
{
    struct coord_options patient = options ? *options : (struct coord_options){0};
    if (patient.unreachable_ms == 0)
        patient.unreachable_ms = 120000;
    return coord_open(coord, context, &patient, problem);
}

void rig_pause(double seconds)
{
    usleep((useconds_t)(seconds * 1e6));
}

/* Below the ports that the system gives to connections: one of those could stand where the broker is to come back. */
#define PORT_FIRST 12000
#define PORT_LAST  32000

/* Each begins to look where its process number puts it. */
void rig_endpoint(char endpoint[RIG_ENDPOINT_MAX])
{
    static unsigned tried;
    for (int i = 0; i < PORT_LAST - PORT_FIRST; i++) {
        const int port = PORT_FIRST + (int)(((unsigned)getpid() * 37U + tried++) % (PORT_LAST - PORT_FIRST));
        const struct sockaddr_in address = {
            .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool taken = probe < 0 || bind(probe, (const struct sockaddr *)&address, sizeof address) != 0;
        close(probe);
        if (taken)
            continue;
        snprintf(endpoint, RIG_ENDPOINT_MAX, "tcp://127.0.0.1:%d", port);
        return;
    }
    rig_die("no port is free");
}

void rig_directory(const struct rig *rig)
{
    mkdir(rig->directory, 0700);
}

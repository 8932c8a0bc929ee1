/* How far long work is: one line on standard error that is written over, and gone at the end. */
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "output.h"

#define BAR_WIDTH  40
#define AGAIN_MS   100 /* oftener is only work */
#define PATIENT_MS 400 /* what is done by then shows nothing */

static bool shown;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether it is time to write the line. */
static bool is_time(void)
{
    static int64_t next;
    const int64_t now = now_ms();
    if (next == 0)
        next = now + PATIENT_MS;
    if (!isatty(STDERR_FILENO) || now < next)
        return false;
    next = now + AGAIN_MS;
    return shown = true;
}

void progress_show(const char *what, size_t done, size_t of)
{
    if (!is_time() || of == 0)
        return;
    const int full = (int)(done * BAR_WIDTH / of);
    fprintf(stderr, "\r%-10s [%.*s%*s] %zu/%zu", what, full, "########################################",
            BAR_WIDTH - full, "", done, of);
}

void progress_count(const char *what, size_t done)
{
    if (is_time())
        fprintf(stderr, "\r%s: %zu\033[K", what, done);
}

void progress_end(void)
{
    if (shown)
        fputs("\r\033[K", stderr);
    shown = false;
}

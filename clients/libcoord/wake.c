#include "wake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

int64_t clock_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int wake_init(struct wake *wake, struct problem *problem)
{
    *wake = (struct wake){.epoll = -1, .event = -1, .timer = -1, .timer_ms = WAKE_NEVER};
    wake->epoll = epoll_create1(EPOLL_CLOEXEC);
    wake->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    wake->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (wake->epoll < 0 || wake->event < 0 || wake->timer < 0 || wake_watch(wake, wake->event) ||
        wake_watch(wake, wake->timer))
        return problem_set(problem, COORD_E_SYSTEM, "", "A descriptor cannot be opened: %s.", strerror(errno));
    return 0;
}

void wake_done(struct wake *wake)
{
    const int descriptors[] = {wake->epoll, wake->event, wake->timer};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++)
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    *wake = (struct wake){.epoll = -1, .event = -1, .timer = -1, .timer_ms = WAKE_NEVER};
}

int wake_watch(struct wake *wake, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(wake->epoll, EPOLL_CTL_ADD, fd, &event) ? COORD_E_SYSTEM : 0;
}

void wake_unwatch(struct wake *wake, int fd)
{
    struct epoll_event event = {0};
    epoll_ctl(wake->epoll, EPOLL_CTL_DEL, fd, &event);
}

void wake_raise(struct wake *wake, bool raised)
{
    if (raised == wake->raised)
        return;
    uint64_t count = 1;
    /* Neither can fail: the counter is 0 or 1, and the descriptor does not block. */
    ssize_t done = raised ? write(wake->event, &count, sizeof count) : read(wake->event, &count, sizeof count);
    if (done == (ssize_t)sizeof count)
        wake->raised = raised;
}

void wake_at(struct wake *wake, int64_t when_ms)
{
    int64_t now = clock_ms();
    bool went_off = wake->timer_ms <= now;
    if (when_ms >= wake->timer_ms && !went_off)
        return;
    /* Setting the timer also takes its readiness back. A time of 0 would stop it, so the past is the next instant. */
    int64_t in_ms = when_ms == WAKE_NEVER ? 0 : when_ms - now;
    struct itimerspec spec = {.it_value = {.tv_sec = (time_t)(in_ms > 0 ? in_ms / 1000 : 0),
                                           .tv_nsec = in_ms > 0 ? (long)(in_ms % 1000) * 1000000 : 0}};
    if (when_ms != WAKE_NEVER && in_ms <= 0)
        spec.it_value.tv_nsec = 1;
    if (timerfd_settime(wake->timer, 0, &spec, NULL) == 0)
        wake->timer_ms = when_ms;
}

int wake_wait(struct wake *wake, int timeout_ms)
{
    enum { MOST = sizeof wake->fired / sizeof *wake->fired };
    struct epoll_event events[MOST];
    const int ready = epoll_wait(wake->epoll, events, MOST, timeout_ms);
    wake->fired_count = ready > 0 ? ready : 0;
    for (int i = 0; i < ready; i++)
        wake->fired[i] = events[i].data.fd;
    return ready < 0 ? -1 : ready > 0;
}

bool wake_fired(const struct wake *wake, int fd)
{
    for (int i = 0; i < wake->fired_count; i++)
        if (wake->fired[i] == fd)
            return true;
    return false;
}

bool wake_room(const struct wake *wake, int descriptors)
{
    enum { MOST = 32 };
    int opened[MOST];
    int count = 0;
    while (count < descriptors && count < MOST && (opened[count] = fcntl(wake->event, F_DUPFD_CLOEXEC, 0)) >= 0)
        count++;
    for (int i = 0; i < count; i++)
        close(opened[i]);
    return count == descriptors;
}

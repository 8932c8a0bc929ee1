/* Commands: the delivery as JSON on standard input, a limit of time and of what it may say; and lines of JSON. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alloc.h"
#include "sender.h"

#define EXIT_REFUSES 65 /* EX_DATAERR: the command says that this delivery never will do */

/* ---- lines ---- */

static bool write_whole(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t wrote = write(fd, bytes, size);
        if (wrote < 0 && errno != EINTR)
            return false;
        if (wrote > 0) {
            bytes += wrote;
            size -= (size_t)wrote;
        }
    }
    return true;
}

/* A line stands whole or not at all, but for a full disk in its middle: then the next begins with a line's end. */
static bool lines_begin(struct under_way *way, int64_t now)
{
    const char *file = way->parcel->receiver->file;
    const bool is_output = strcmp(file, "-") == 0;
    struct buffer line = {.exhausted = alloc_failed};
    char last = '\n';
    (void)now;
    const int fd = is_output ? STDOUT_FILENO : open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        sender_fail(way, OUTCOME_AGAIN, "%s: %s", file, strerror(errno));
        return false;
    }
    if (!is_output && lseek(fd, -1, SEEK_END) >= 0 && read(fd, &last, 1) == 1 && last != '\n')
        buffer_append(&line, "\n", 1);
    buffer_append(&line, way->parcel->body, strlen(way->parcel->body));
    buffer_append(&line, "\n", 1);
    const bool wrote = write_whole(fd, line.data, line.size) && (is_output || fdatasync(fd) == 0);
    if (wrote)
        sender_fail(way, OUTCOME_SENT, "%s", "");
    else
        sender_fail(way, OUTCOME_AGAIN, "%s: %s", file, strerror(errno));
    buffer_done(&line);
    if (!is_output)
        close(fd);
    return false;
}

/* ---- commands ---- */

/* In a group of its own, so that what it started ends with it; with a clean set of signals and environment. */
static int spawn(struct under_way *way, const int in[2], const int out[2])
{
    const struct names *run = &way->parcel->receiver->run;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    char key[100], receiver[100];
    char *argv[64], *environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", key, receiver, NULL};
    size_t count = 0;
    snprintf(key, sizeof key, "COORD_RELAY_KEY=%s", way->parcel->key);
    snprintf(receiver, sizeof receiver, "COORD_RELAY_RECEIVER=%.64s", way->parcel->receiver->name);
    for (; count < run->count && count < 63; count++)
        argv[count] = (char *)(uintptr_t)run->items[count];
    argv[count] = NULL;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE); /* which the relay ignores */
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, out[1], STDERR_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    const int error = posix_spawn(&way->pid, argv[0], &files, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static bool command_begin(struct under_way *way, int64_t now)
{
    int in[2], out[2];
    (void)now;
    if (pipe2(in, O_CLOEXEC) != 0) {
        sender_fail(way, OUTCOME_AGAIN, "no pipe: %s", strerror(errno));
        return false;
    }
    if (pipe2(out, O_CLOEXEC) != 0) {
        sender_fail(way, OUTCOME_AGAIN, "no pipe: %s", strerror(errno));
        close(in[0]);
        close(in[1]);
        return false;
    }
    const int error = spawn(way, in, out);
    close(in[0]);
    close(out[1]);
    way->in = in[1];
    way->out = out[0];
    fcntl(way->in, F_SETFL, O_NONBLOCK);
    fcntl(way->out, F_SETFL, O_NONBLOCK);
    if (!error)
        return true;
    way->pid = 0;
    sender_fail(way, OUTCOME_AGAIN, "%s: %s", way->parcel->receiver->run.items[0], strerror(error));
    return false;
}

static void shut(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void command_end(struct under_way *way)
{
    shut(&way->in);
    shut(&way->out);
    if (way->pid > 0) {
        kill(-way->pid, SIGKILL);
        waitpid(way->pid, NULL, 0);
    }
}

static void feed(struct under_way *way)
{
    const size_t size = strlen(way->parcel->body);
    while (way->in >= 0) {
        const ssize_t wrote = write(way->in, way->parcel->body + way->written, size - way->written);
        if (wrote > 0)
            way->written += (size_t)wrote;
        if (way->written == size || (wrote < 0 && errno != EAGAIN && errno != EINTR))
            shut(&way->in); /* one that does not read its input may still do its work */
        else if (wrote < 0 && errno == EAGAIN)
            return;
    }
}

static void listen_to(struct under_way *way)
{
    char bytes[4096];
    while (way->out >= 0) {
        const ssize_t got = read(way->out, bytes, sizeof bytes);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            shut(&way->out);
            return;
        }
        const size_t room = sizeof way->reply - 1 - way->reply_size, take = (size_t)got < room ? (size_t)got : room;
        memcpy(way->reply + way->reply_size, bytes, take);
        way->reply_size += take;
        way->said += (size_t)got;
        if (way->said > way->parcel->receiver->output_max)
            return;
    }
}

bool command_step(struct under_way *way, int64_t now)
{
    int status;
    feed(way);
    listen_to(way);
    way->reply[way->reply_size] = '\0';
    if (way->said > way->parcel->receiver->output_max) {
        sender_fail(way, OUTCOME_AGAIN, "it said more than `output_max`, and was ended");
        return true;
    }
    if (waitpid(way->pid, &status, WNOHANG) == way->pid) {
        kill(-way->pid, SIGKILL); /* what it left behind */
        way->pid = -1;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            sender_fail(way, OUTCOME_SENT, "%s", "");
        else if (WIFEXITED(status))
            sender_fail(way, WEXITSTATUS(status) == EXIT_REFUSES ? OUTCOME_NEVER : OUTCOME_AGAIN,
                        "exit status %d: %.150s", WEXITSTATUS(status), way->reply);
        else
            sender_fail(way, OUTCOME_AGAIN, "ended by signal %d: %.150s", WTERMSIG(status), way->reply);
        return true;
    }
    if (now < way->deadline)
        return false;
    sender_fail(way, OUTCOME_AGAIN, "it took longer than `timeout`, and was ended");
    return true;
}

const struct transport transport_lines = {lines_begin, NULL};
const struct transport transport_command = {command_begin, command_end};

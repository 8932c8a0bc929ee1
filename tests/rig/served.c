/* A real broker on a store of its own, with agencies and tasks in it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig/rig.h"

/* ---- processes ---- */

/* Whether it ended well. */
static bool succeeds(char *const argv[])
{
    int status;
    const pid_t pid = fork();
    if (pid == 0) {
        const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(null, STDOUT_FILENO);
        execv(argv[0], argv);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static void run(char *const argv[])
{
    if (!succeeds(argv))
        rig_die("%s %s failed", argv[0], argv[1]);
}

/* The service manager's side of READY=1: an abstract socket, because a path would have to be absolute and short. */
static int notify_open(char name[64])
{
    static int opened;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int size = snprintf(name, 64, "@coordd-rig-%d-%d", (int)getpid(), opened++);
    memcpy(address.sun_path + 1, name + 1, (size_t)size - 1);
    const int listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const socklen_t address_size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)size);
    if (listener < 0 || bind(listener, (const struct sockaddr *)&address, address_size) != 0)
        rig_die("%s: %s", name, strerror(errno));
    return listener;
}

/* Whether READY=1 came. The broker may end instead, when that is allowed. */
static bool notify_wait(int listener, struct served *served, bool may_end)
{
    char message[512];
    for (int quiet = 0; quiet < 120 * 20;) {
        const ssize_t size = recv(listener, message, sizeof message - 1, 0);
        message[size > 0 ? size : 0] = '\0';
        if (size > 0 && strstr(message, "READY=1"))
            return true;
        quiet += size < 0;
        if (size >= 0 || !served_has_ended(served))
            continue;
        if (!may_end)
            rig_die("the broker ended before it was ready: %s/log", served->directory);
        return false;
    }
    rig_die("the broker was not heard of");
}

static void config_path(const struct served *served, char path[600])
{
    snprintf(path, 600, "%s/coordd.conf", served->directory);
}

static void write_config(const struct served *served, const char *text)
{
    char path[600];
    config_path(served, path);
    FILE *file = fopen(path, "a"); /* of a setting that is there twice the later holds */
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        rig_die("%s cannot be written", path);
}

void served_limit(const struct served *served, const char *setting, uint64_t value)
{
    char text[128];
    snprintf(text, sizeof text, "[limits]\n%s = %llu\n", setting, (unsigned long long)value);
    write_config(served, text);
    kill(served->pid, SIGHUP);
}

static void spawn(struct served *served, const struct rig *rig, const char *preload, const char *notify)
{
    char log[600];
    served->pid = fork();
    if (served->pid != 0)
        return;
    setenv("NOTIFY_SOCKET", notify, 1);
    setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 1); /* as coordd.service does */
    if (preload)
        setenv("LD_PRELOAD", preload, 1);
    snprintf(log, sizeof log, "%s/log", served->directory);
    const int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(file, STDERR_FILENO);
    dup2(file, STDOUT_FILENO);
    char config[600];
    config_path(served, config);
    execl(rig->coordd, rig->coordd, "run", "--config", config, "--dir", served->directory, "--listen", served->endpoint,
          NULL);
    _exit(127);
}

static bool launch(struct served *served, const struct rig *rig, const char *preload, bool may_end)
{
    char notify[64];
    const struct timeval pause = {.tv_usec = 50000};
    const int listener = notify_open(notify);
    setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof pause);
    spawn(served, rig, preload, notify);
    const bool ready = notify_wait(listener, served, may_end);
    close(listener);
    return ready;
}

double served_launch(struct served *served, const struct rig *rig, const char *preload)
{
    const double began = rig_now();
    (void)launch(served, rig, preload, false);
    return rig_now() - began;
}

bool served_try(struct served *served, const struct rig *rig, const char *preload)
{
    return launch(served, rig, preload, true);
}

void served_start(struct served *served, const struct rig *rig, const char *preload)
{
    served_start_in(served, rig, preload, "");
}

static void make_directory(struct served *served, const struct rig *rig)
{
    static int made;
    rig_directory(rig);
    *served = (struct served){0};
    snprintf(served->directory, sizeof served->directory, "%s/%d.%d", rig->directory, (int)getpid(), made);
    made++;
    rig_endpoint(served->endpoint);
    if (mkdir(served->directory, 0750) != 0)
        rig_die("%s: %s", served->directory, strerror(errno));
}

void served_start_in(struct served *served, const struct rig *rig, const char *preload, const char *configuration)
{
    struct problem problem;
    char path[600];
    make_directory(served, rig);
    write_config(served, configuration);
    config_path(served, path);
    run((char *[]){(char *)rig->coordd, "init", "--config", path, "--dir", served->directory, "--agency", "tinh",
                   "--name", "Tỉnh", "--tasking", "open", "--default-policy", "none", NULL});
    (void)served_launch(served, rig, preload);
    snprintf(path, sizeof path, "%s/admin.context", served->directory);
    if (coord_context_load(&served->admin, path, &problem) != 0)
        rig_die("%s: %s", path, problem.message);
    snprintf(served->admin.endpoint, sizeof served->admin.endpoint, "%s", served->endpoint);
}

static void link_key(const struct served *served, const struct served *first, const char *name)
{
    char from[600], to[600];
    snprintf(from, sizeof from, "%s/%s", first->directory, name);
    snprintf(to, sizeof to, "%s/%s", served->directory, name);
    if (link(from, to) != 0)
        rig_die("%s: %s", to, strerror(errno));
}

void served_beside(struct served *served, const struct rig *rig, const struct served *first, const char *configuration)
{
    make_directory(served, rig);
    write_config(served, configuration);
    link_key(served, first, "server.key");
    link_key(served, first, "server.pub");
    (void)served_launch(served, rig, NULL);
    served->admin = first->admin;
    snprintf(served->admin.endpoint, sizeof served->admin.endpoint, "%s", served->endpoint);
}

bool served_has_ended(struct served *served)
{
    if (served->pid > 0 && waitpid(served->pid, &served->status, WNOHANG) == served->pid)
        served->pid = 0;
    return served->pid <= 0;
}

void served_stop(struct served *served, int signal)
{
    if (served->pid <= 0)
        return;
    kill(served->pid, signal);
    waitpid(served->pid, &served->status, 0);
    served->pid = 0;
}

void served_spawn(struct served *served, const struct rig *rig)
{
    spawn(served, rig, NULL, "");
}

bool served_verifies(const struct served *served, const struct rig *rig)
{
    return succeeds((char *[]){(char *)rig->coordd, "verify", "--dir", (char *)served->directory, NULL});
}

double served_again(struct served *served, const struct rig *rig)
{
    return served_launch(served, rig, NULL);
}

void served_remove(struct served *served)
{
    served_stop(served, SIGTERM);
    run((char *[]){"/bin/rm", "-rf", served->directory, NULL});
}

uint64_t served_resident(const struct served *served)
{
    char path[64];
    unsigned long long size = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)served->pid);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%llu %llu", &size, &resident) != 2)
        rig_die("%s cannot be read", path);
    fclose(file);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t served_seq(const struct served *served)
{
    struct msg_hello_reply hello;
    struct problem problem;
    struct coord *admin = served_admin(served);
    if (coord_call(admin, OP_HELLO, NULL, &hello, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("%s", problem.message);
    (void)coord_close(admin);
    return hello.seq;
}

/* ---- agencies and tasks ---- */

struct coord *served_admin(const struct served *served)
{
    struct coord *coord;
    struct problem problem;
    const struct coord_options options = {.timeout_ms = 120000, .window = 8192};
    if (rig_open(&coord, &served->admin, &options, &problem) != 0)
        rig_die("%s", problem.message);
    return coord;
}

static void call(struct coord *coord, enum op op, const void *request, void *reply)
{
    struct problem problem;
    if (coord_call(coord, op, request, reply, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("%s: %s %s", op_row(op)->name, problem.field, problem.message);
}

static void set_calendar(struct coord *admin)
{
    struct msg_hours hours[5];
    struct msg_calendar calendar = {0};
    struct msg_calendar_set set = {0};
    for (uint64_t i = 0; i < 5; i++) {
        hours[i] = (struct msg_hours){0};
        MSG_SET(&hours[i], hours, weekday, i + 1);
        MSG_SET(&hours[i], hours, open, 450);
        MSG_SET(&hours[i], hours, close, 1020);
    }
    MSG_SET(&calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&calendar, calendar, utc_offset, 420);
    MSG_SET(&calendar, calendar, hours, ((struct msg_hours_items){hours, 5}));
    MSG_SET(&set, calendar_set, calendar, calendar);
    call(admin, OP_CALENDAR_SET, &set, NULL);
}

/* One rung, at the very deadline, told to the assigner: what the deadline rows wait for. */
static void set_policy(struct coord *admin)
{
    struct msg_step step = {0};
    struct msg_policy policy = {0};
    struct msg_policy_set set = {0};
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, 0);
    MSG_SET(&step, step, unit, UNIT_MINUTES);
    MSG_SET(&step, step, does, RUNG_NOTIFY);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&policy, policy, policy, TEXT("bench"));
    MSG_SET(&policy, policy, steps, ((struct msg_step_items){&step, 1}));
    MSG_SET(&set, policy_set, policy, policy);
    call(admin, OP_POLICY_SET, &set, NULL);
}

static void add_member(struct coord *admin, const struct served *served, struct member *member, int number)
{
    struct problem problem;
    struct msg_agency_set set = {0};
    struct msg_key_set key_set = {0};
    char id[32];
    snprintf(id, sizeof id, "a%d", number);
    member->context = served->admin;
    snprintf(member->context.agency, sizeof member->context.agency, "%s", id);
    if (coord_keypair(member->context.public_key, member->context.secret_key, &problem) != 0)
        rig_die("%s", problem.message);
    MSG_SET(&set.agency, agency, agency, text_of(id));
    MSG_SET(&set.agency, agency, name, text_of(id));
    MSG_SET(&set.agency, agency, parent, TEXT("tinh"));
    MSG_MARK(&set, agency_set, agency);
    call(admin, OP_AGENCY_SET, &set, NULL);
    MSG_SET(&key_set, key_set, agency, text_of(id));
    MSG_SET(&key_set.key, key, public_key, text_of(member->context.public_key));
    MSG_SET(&key_set.key, key, label, TEXT("bench"));
    MSG_SET(&key_set.key, key, rights, TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ));
    MSG_MARK(&key_set, key_set, key);
    call(admin, OP_KEY_SET, &key_set, NULL);
}

static void give_task(struct coord *admin, struct member *member, int number)
{
    struct coord *own;
    struct problem problem;
    struct msg_assign assign = {0};
    struct msg_change accept = {0};
    struct msg_change_reply reply;
    char reference[32];
    struct text lead = text_of(member->context.agency);
    snprintf(reference, sizeof reference, "M-%d", number);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất trên địa bàn"));
    MSG_MARK(&assign, assign, content);
    call(admin, OP_ASSIGN, &assign, &reply);
    member->task = reply.tasks.items[0].task;
    if (rig_open(&own, &member->context, NULL, &problem) != 0)
        rig_die("%s", problem.message);
    MSG_SET(&accept, change, task, member->task);
    call(own, OP_ACCEPT, &accept, NULL);
    (void)coord_close(own);
}

void served_members(struct served *served, struct member *members, int count)
{
    struct coord *admin = served_admin(served);
    set_calendar(admin);
    set_policy(admin);
    for (int i = 0; i < count; i++) {
        add_member(admin, served, &members[i], i);
        give_task(admin, &members[i], i);
    }
    (void)coord_close(admin);
}

static void must_succeed(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user;
    (void)reply;
    if (error != 0)
        rig_die("assign: %s %s", problem->field, problem->message);
}

void served_tasks(struct served *served, const char *lead, uint64_t from, uint64_t count, const char *due)
{
    struct coord *admin = served_admin(served);
    served_tasks_by(admin, lead, from, count, due);
    (void)coord_close(admin);
}

void served_tasks_by(struct coord *admin, const char *lead_id, uint64_t from, uint64_t count, const char *due)
{
    struct coord_batch *batch = NULL;
    struct problem problem;
    struct text lead = text_of(lead_id);
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign, assign, policy, TEXT("bench"));
    MSG_SET(&assign, assign, backdated, true);
    MSG_SET(&assign.content, content, title,
            TEXT("Rà soát hồ sơ đất công, xử lý các trường hợp lấn chiếm xã")); /* 80 bytes */
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    for (uint64_t i = 0; i < count; i++) {
        char reference[32];
        snprintf(reference, sizeof reference, "N-%llu", (unsigned long long)(from + i));
        MSG_SET(&assign, assign, reference, text_of(reference));
        if ((!batch && coord_batch_new(&batch, admin, &problem) != 0) ||
            coord_batch_add(batch, OP_ASSIGN, NULL, &assign, must_succeed, NULL, &problem) != 0)
            rig_die("%s", problem.message);
        if (coord_batch_count(batch) < COORD_BATCH_MAX && i + 1 < count)
            continue;
        while (coord_pending(admin) + COORD_BATCH_MAX > 4096)
            if (coord_dispatch(admin, COORD_TIMEOUT_NONE) < 0)
                rig_die("dispatch failed");
        if (coord_batch_send(batch, COORD_TIMEOUT_DEFAULT, &problem) != 0)
            rig_die("%s", problem.message);
        batch = NULL;
    }
    while (coord_pending(admin) > 0)
        if (coord_dispatch(admin, COORD_TIMEOUT_NONE) < 0)
            rig_die("dispatch failed");
}

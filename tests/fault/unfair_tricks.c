/* See unfair.h. What an agency tries in order to read, name or move what is not its own. Each is tried without end, and ends its
 * process, which the test takes for a failure, when it succeeds once.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault/unfair.h"

static struct coord *open_as(const struct coord_context *context)
{
    struct coord *coord;
    struct problem problem;
    FAULT_CHECK(rig_open(&coord, context, NULL, &problem) == 0, "%s", problem.message);
    return coord;
}

/* Calls, and it must be done. */
static void do_call(struct coord *coord, enum op op, const void *request, void *reply)
{
    struct problem problem;
    FAULT_CHECK(coord_call(coord, op, request, reply, 60000, &problem) == 0, "%s: %s", op_row(op)->name,
                problem.message);
}

/* Calls, and it must be refused by this error, at a field that begins so. */
static void must_refuse(struct coord *coord, enum op op, const void *request, int error, const char *field)
{
    struct problem problem = {0};
    const int result = coord_call(coord, op, request, NULL, 60000, &problem);
    FAULT_CHECK(result == error && strncmp(problem.field, field, strlen(field)) == 0,
                "%s is answered with %d at `%s`, and not %d at `%s`: %s", op_row(op)->name, result, problem.field,
                error, field, problem.message);
}

static uint64_t give(struct coord *coord, const char *lead, const char *observer, int scope)
{
    static uint64_t made;
    struct msg_assign assign = {0};
    struct msg_change_reply reply;
    const struct text leads = text_of(lead), observers = text_of(observer ? observer : "");
    char reference[48];
    snprintf(reference, sizeof reference, "TRICK-%d-%llu", (int)getpid(), (unsigned long long)++made);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){(struct text *)(uintptr_t)&leads, 1}));
    MSG_SET(&assign.content, content, title, TEXT("cũ"));
    MSG_SET(&assign.content, content, scope, scope);
    if (observer)
        MSG_SET(&assign.content, content, observers, ((struct texts){(struct text *)(uintptr_t)&observers, 1}));
    MSG_MARK(&assign, assign, content);
    do_call(coord, OP_ASSIGN, &assign, &reply);
    return reply.tasks.items[0].task;
}

static void must_not_read(struct coord *coord, uint64_t task)
{
    struct msg_task_get get = {0};
    struct msg_task_history history = {0};
    MSG_SET(&get, task_get, task, task);
    MSG_SET(&history, task_history, task, task);
    must_refuse(coord, OP_TASK_GET, &get, COORD_E_TASK_UNKNOWN, "task");
    must_refuse(coord, OP_TASK_HISTORY, &history, COORD_E_TASK_UNKNOWN, "task");
}

/* ---- what was told once ---- */

static uint64_t secret; /* a task that is not the attacker's any more */

static int on_replay(void *user, const struct coord_event *event)
{
    uint64_t *reached = user;
    if (!event->record)
        return COORD_DONE;
    FAULT_CHECK(event->record->task != secret || event->record->record == RECORD_REMOVED,
                "record %llu of a task that was taken away is shown again", (unsigned long long)event->record->seq);
    FAULT_CHECK(!text_equal(event->record->title, TEXT("mật")), "the new title is shown to one that was removed");
    *reached = event->record->seq;
    return COORD_DONE;
}

/* Whoever was removed from a task that is restricted by now reads all that it was ever told. */
void trick_replay(const struct attack_scene *scene)
{
    struct coord *admin = served_admin(scene->served), *attacker = open_as(&scene->attacker->context);
    for (;;) {
        struct msg_amend amend = {0};
        struct msg_subscribe subscribe = {0};
        struct problem problem;
        uint64_t reached = 0;
        const uint64_t before = served_seq(scene->served);
        secret = give(admin, scene->leads[0].context.agency, scene->attacker->context.agency, SCOPE_NORMAL);
        MSG_SET(&amend, amend, task, secret);
        MSG_SET(&amend.content, content, title, TEXT("mật"));
        MSG_SET(&amend.content, content, observers, ((struct texts){NULL, 0}));
        MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
        MSG_MARK(&amend, amend, content);
        do_call(admin, OP_AMEND, &amend, NULL);
        MSG_SET(&subscribe, subscribe, from, before);
        FAULT_CHECK(coord_subscribe(attacker, &subscribe, on_replay, &reached, &problem) == 0, "%s", problem.message);
        const double ends = rig_now() + 60;
        while (reached == 0 && rig_now() < ends)
            (void)coord_dispatch(attacker, 1000);
        FAULT_CHECK(reached != 0, "nobody tells it that it was removed");
        (void)coord_unsubscribe(attacker, 60000, &problem);
        must_not_read(attacker, secret);
    }
}

/* An escalation told it, and the assigner took that back. */
void trick_taken_back(const struct attack_scene *scene)
{
    struct coord *admin = served_admin(scene->served), *attacker = open_as(&scene->attacker->context);
    const struct text to = text_of(scene->attacker->context.agency);
    for (;;) {
        struct msg_escalate escalate = {0};
        struct msg_amend amend = {0};
        struct msg_task_get get = {0};
        const uint64_t task = give(admin, scene->leads[0].context.agency, NULL, SCOPE_NORMAL);
        MSG_SET(&get, task_get, task, task);
        MSG_SET(&escalate, escalate, task, task);
        MSG_SET(&escalate, escalate, to, ((struct texts){(struct text *)(uintptr_t)&to, 1}));
        MSG_SET(&escalate, escalate, note, TEXT("xem xét"));
        do_call(admin, OP_ESCALATE, &escalate, NULL);
        do_call(attacker, OP_TASK_GET, &get, NULL);
        MSG_SET(&amend, amend, task, task);
        MSG_SET(&amend.content, content, excluded, escalate.to);
        MSG_MARK(&amend, amend, content);
        do_call(admin, OP_AMEND, &amend, NULL);
        must_not_read(attacker, task);
        must_refuse(admin, OP_ESCALATE, &escalate, COORD_E_BAD_VALUE, "to[0]");
    }
}

/* ---- what numbers and names give away ---- */

/* Each `next` of its lists is the number of a task that it may read: between them are hundreds that it may not. */
void trick_next(const struct attack_scene *scene)
{
    struct coord *attacker = open_as(&scene->attacker->context);
    for (;;) {
        uint64_t after = 0, pages = 0;
        do {
            struct msg_task_list list = {0};
            struct msg_tasks_reply reply;
            struct msg_task_get get = {0};
            MSG_SET(&list, task_list, limit, 1);
            MSG_SET(&list, task_list, after, after);
            do_call(attacker, OP_TASK_LIST, &list, &reply);
            after = MSG_HAS(&reply, tasks_reply, next) ? reply.next : 0;
            MSG_SET(&get, task_get, task, after);
            if (after > 0)
                do_call(attacker, OP_TASK_GET, &get, NULL);
        } while (after > 0 && ++pages < 100);
    }
}

void trick_references(const struct attack_scene *scene)
{
    static const char *const wrong[] = {"@5",
                                        "-x",
                                        " ",
                                        "a\nb",
                                        "  x",
                                        "\xe2\x80\x8b",
                                        "a\tb",
                                        "\xe2\x80\xae"
                                        "1"};
    struct coord *attacker = open_as(&scene->attacker->context);
    const struct text lead = text_of(scene->leads[0].context.agency);
    for (size_t i = 0;; i = (i + 1) % (sizeof wrong / sizeof *wrong)) {
        struct msg_assign assign = {0};
        struct problem problem = {0};
        MSG_SET(&assign, assign, reference, text_of(wrong[i]));
        MSG_SET(&assign, assign, leads, ((struct texts){(struct text *)(uintptr_t)&lead, 1}));
        MSG_SET(&assign.content, content, title, TEXT("tên lạ"));
        MSG_MARK(&assign, assign, content);
        const int error = coord_call(attacker, OP_ASSIGN, &assign, NULL, 60000, &problem);
        FAULT_CHECK(error != 0 && error != COORD_E_TIMED_OUT && strcmp(problem.field, "reference") == 0,
                    "the reference number %zu is taken: %d at `%s`", i, error, problem.field);
    }
}

/* ---- what is another's ---- */

/* A file that stands where a backup is to go, and one where its half is: neither is written to, nor removed. */
void trick_backups(const struct attack_scene *scene)
{
    struct coord *admin = served_admin(scene->served), *attacker = open_as(&scene->attacker->context);
    char directory[600], path[700], kept[8] = "";
    struct msg_backup backup = {0};
    snprintf(directory, sizeof directory, "%s/backup", scene->served->directory);
    snprintf(path, sizeof path, "%s/trick.db", directory);
    (void)mkdir(directory, 0750);
    (void)unlink(path);
    const int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    FAULT_CHECK(file >= 0 && write(file, "another", 7) == 7, "%s cannot be written", path);
    MSG_SET(&backup, backup, path, TEXT("trick.db"));
    for (;;) {
        must_refuse(attacker, OP_BACKUP, &backup, COORD_E_RIGHT_MISSING, "");
        must_refuse(admin, OP_BACKUP, &backup, COORD_E_BACKUP_FAILED, "path");
        const int again = open(path, O_RDONLY | O_CLOEXEC);
        FAULT_CHECK(again >= 0 && read(again, kept, 7) == 7 && memcmp(kept, "another", 7) == 0,
                    "another's file is not what it was");
        close(again);
        rig_pause(0.05);
    }
}

static int on_ending(void *user, const struct coord_event *event)
{
    int *error = user;
    *error = event->problem ? event->problem->error : event->record ? *error : -1;
    return COORD_DONE;
}

/* What the broker says to a subscription: 0 when it stands. It goes over a connection that stands, and what is asked after it
 * is answered after it. */
static int subscribed(struct coord *coord, const struct msg_subscribe *subscribe)
{
    int error = 0;
    struct problem problem;
    do_call(coord, OP_HELLO, NULL, NULL);
    FAULT_CHECK(coord_subscribe(coord, subscribe, on_ending, &error, &problem) == 0, "%s", problem.message);
    do_call(coord, OP_HELLO, NULL, NULL);
    (void)coord_dispatch(coord, 0);
    if (error == 0)
        (void)coord_unsubscribe(coord, 60000, &problem);
    return error;
}

/* A key that may only read, against the place of a consumer that another key of its agency made. */
void trick_consumer(const struct attack_scene *scene)
{
    struct coord *admin = served_admin(scene->served), *maker = open_as(&scene->attacker->context);
    struct coord_context context = scene->attacker->context;
    struct msg_key_set key = {0};
    struct problem problem;
    struct msg_subscribe subscribe = {0};
    char id[32];
    snprintf(id, sizeof id, "trick-%d", (int)getpid());
    FAULT_CHECK(coord_keypair(context.public_key, context.secret_key, &problem) == 0, "%s", problem.message);
    MSG_SET(&key, key_set, agency, text_of(context.agency));
    MSG_SET(&key.key, key, public_key, text_of(context.public_key));
    MSG_SET(&key.key, key, label, text_of(id));
    MSG_SET(&key.key, key, rights, TERM_BIT(RIGHT_READ));
    MSG_MARK(&key, key_set, key);
    do_call(admin, OP_KEY_SET, &key, NULL);
    MSG_SET(&subscribe, subscribe, consumer, text_of(id));
    FAULT_CHECK(subscribed(maker, &subscribe) == 0, "its own consumer is refused");
    struct coord *reader = open_as(&context);
    for (;;)
        FAULT_CHECK(subscribed(reader, &subscribe) == COORD_E_NOT_AUTHORISED,
                    "a key that may only read subscribes in another's place");
}

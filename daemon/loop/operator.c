/* What is asked of the broker itself: by an administrator status and backup, by whoever may read load. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "config.h"
#include "loop/state.h"

/* ---- status ---- */

static uint64_t resident_bytes(void)
{
    unsigned long long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file)
        return 0;
    if (fscanf(file, "%llu %llu", &size, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* What the counts point to is as valid as they are. */
static void status_fill(const struct broker *broker, const struct core_counts *counts, struct msg_status_reply *status)
{
    const int64_t next_deadline = core_next_deadline(broker->core);
    MSG_SET(status, status_reply, version, TEXT(COORDD_VERSION));
    MSG_SET(status, status_reply, time, broker_now_ms(broker));
    MSG_SET(status, status_reply, started, broker->started_ms);
    MSG_SET(status, status_reply, rehearsal, broker->clock.days_per_second > 0);
    MSG_SET(status, status_reply, writable, broker->disk == DISK_WRITABLE);
    MSG_SET(status, status_reply, seq, broker->streams.durable);
    MSG_SET(status, status_reply, checkpoint, broker->checkpoint.stands);
    MSG_SET(status, status_reply, agencies, counts->agencies);
    MSG_SET(status, status_reply, keys, counts->keys);
    MSG_SET(status, status_reply, tasks, counts->tasks);
    MSG_SET(status, status_reply, open_tasks, counts->open_tasks);
    MSG_SET(status, status_reply, streams, broker->streams.count);
    MSG_SET(status, status_reply, streams_behind, streams_behind(&broker->streams));
    MSG_SET(status, status_reply, requests, broker->counters.requests);
    MSG_SET(status, status_reply, refused, broker->counters.refused);
    MSG_SET(status, status_reply, tried, broker->counters.tried);
    MSG_SET(status, status_reply, notifications, broker->streams.sent);
    MSG_SET(status, status_reply, commits, broker->counters.commits);
    MSG_SET(status, status_reply, commit_us, broker->counters.commit_us);
    MSG_SET(status, status_reply, resident_bytes, resident_bytes());
    MSG_SET(status, status_reply, clock_doubtful, look_doubts(broker));
    MSG_SET(status, status_reply, newest, counts->time_ms);
    if (next_deadline >= 0 && next_deadline != INT64_MAX && role_appends(broker->follow.role))
        MSG_SET(status, status_reply, next_deadline, next_deadline);
    MSG_SET(status, status_reply, store, (struct text){(const char *)counts->identity, sizeof counts->identity});
    if (counts->parted > 0) {
        MSG_SET(status, status_reply, ancestor, (struct text){(const char *)counts->ancestor, sizeof counts->ancestor});
        MSG_SET(status, status_reply, parted, counts->parted);
    }
    const struct msg_store_settings settings = core_store_settings(broker->core);
    MSG_SET(status, status_reply, tasking, settings.tasking);
    if (MSG_HAS(&settings, store_settings, default_policy))
        MSG_SET(status, status_reply, default_policy, settings.default_policy);
}

/* What both say of the broker beside others. */
#define TELL_BESIDE(broker, reply, message)                                                                            \
    do {                                                                                                               \
        const struct event_beside beside = follow_beside(broker);                                                      \
        if (beside.role)                                                                                               \
            MSG_SET(reply, message, role, beside.role);                                                                \
        if (beside.role && beside.leader[0])                                                                           \
            MSG_SET(reply, message, leader, text_of(beside.leader));                                                   \
    } while (0)

static struct msg_account status_account(const struct broker *broker, const struct account *account, uint64_t consumers)
{
    struct msg_account out = {0};
    uint64_t tasks, bytes;
    core_agency_given(broker->core, account->agency, &tasks, &bytes);
    MSG_SET(&out, account, agency, core_agency_id(broker->core, account->agency));
    MSG_SET(&out, account, cost_ms, account->cost / COST_A_MS);
    MSG_SET(&out, account, requests, account->requests);
    MSG_SET(&out, account, refused, account->refused);
    MSG_SET(&out, account, tried, account->tried);
    MSG_SET(&out, account, connections, account->connections);
    MSG_SET(&out, account, streams, account->streams);
    MSG_SET(&out, account, unsent_bytes, account->unsent);
    MSG_SET(&out, account, reads_waiting, account->reads_waiting);
    MSG_SET(&out, account, waiting_bytes, account->waiting_bytes);
    MSG_SET(&out, account, consumers, consumers);
    MSG_SET(&out, account, tasks, tasks);
    MSG_SET(&out, account, task_bytes, bytes);
    MSG_SET(&out, account, written_bytes, account->written);
    return out;
}

#define ACCOUNTS_TOLD 256 /* as messages.def.h has it: 70 KB of a reply */

static void operator_status(struct broker *broker, uint64_t peer, struct text id, uint32_t accounts)
{
    const struct account *top[ACCOUNTS_TOLD];
    struct msg_account told[ACCOUNTS_TOLD];
    const size_t count = accounts_top(&broker->peers.accounts, top,
                                      accounts < ACCOUNTS_TOLD ? accounts : ACCOUNTS_TOLD);
    struct msg_status_reply status = {0};
    struct core_counts counts;
    struct buffer frame = XMEMORY;
    core_counts(broker->core, &counts);
    status_fill(broker, &counts, &status);
    TELL_BESIDE(broker, &status, status_reply);
    if (status.role && broker->follow.lead.epoch > 0) /* a candidate that has just begun to lead does not know yet */
        MSG_SET(&status, status_reply, epoch, broker->follow.lead.epoch);
    uint32_t *consumers = count > 0 ? core_consumer_counts(broker->core) : NULL; /* 65,536 at most: 0.1 ms */
    for (size_t i = 0; i < count; i++)
        told[i] = status_account(broker, top[i], consumers[top[i]->agency]);
    free(consumers);
    if (accounts > 0)
        MSG_SET(&status, status_reply, accounts, (struct msg_account_items){told, (uint32_t)count});
    message_encode(&frame, "reply", id, &message_status_reply, &status);
    reply_frame(broker, peer, frame.data, frame.size, 1);
    buffer_done(&frame);
}

/* ---- load: of status, what is nobody's ---- */

static void operator_load(struct broker *broker, uint64_t peer, struct text id, uint32_t agency)
{
    struct msg_load_reply load = {0};
    struct buffer frame = XMEMORY;
    MSG_SET(&load, load_reply, time, broker_now_ms(broker));
    MSG_SET(&load, load_reply, started, broker->started_ms);
    MSG_SET(&load, load_reply, writable, broker->disk == DISK_WRITABLE);
    MSG_SET(&load, load_reply, clock_doubtful, look_doubts(broker));
    MSG_SET(&load, load_reply, seq, broker->streams.durable);
    MSG_SET(&load, load_reply, checkpoint, broker->checkpoint.stands);
    MSG_SET(&load, load_reply, streams, broker->streams.count);
    MSG_SET(&load, load_reply, streams_behind, streams_behind(&broker->streams));
    MSG_SET(&load, load_reply, requests, broker->counters.requests);
    MSG_SET(&load, load_reply, refused, broker->counters.refused);
    MSG_SET(&load, load_reply, notifications, broker->streams.sent);
    MSG_SET(&load, load_reply, commits, broker->counters.commits);
    MSG_SET(&load, load_reply, commit_us, broker->counters.commit_us);
    MSG_SET(&load, load_reply, waiting_bytes, broker->peers.accounts.waiting_bytes);
    MSG_SET(&load, load_reply, resident_bytes, resident_bytes());
    MSG_SET(&load, load_reply, account,
            status_account(broker, accounts_of(&broker->peers.accounts, agency),
                           core_consumer_count(broker->core, agency)));
    TELL_BESIDE(broker, &load, load_reply);
    message_encode(&frame, "reply", id, &message_load_reply, &load);
    reply_frame(broker, peer, frame.data, frame.size, 1);
    buffer_done(&frame);
}

/* ---- backup ---- */

static int backup_path(const struct broker *broker, struct text name, char path[PATH_MAX], const char **why)
{
    const char *configured = broker->options->config->daemon_backup_directory;
    char directory[PATH_MAX];
    struct stat status;
    *why = "the name must be that of a file in the backup directory: no slash, and no dot in front";
    if (name.size == 0 || name.data[0] == '.' || memchr(name.data, '/', name.size))
        return -1;
    if (configured[0])
        snprintf(directory, sizeof directory, "%s", configured);
    else
        snprintf(directory, sizeof directory, "%s/backup", broker->options->directory);
    *why = "the backup directory cannot be made";
    if (mkdir(directory, 0750) != 0 && errno != EEXIST)
        return -1;
    *why = "the path is too long";
    if ((size_t)snprintf(path, PATH_MAX, "%s/%.*s", directory, TEXT_ARGS(name)) >= PATH_MAX)
        return -1;
    *why = "a file of this name is there already";
    return lstat(path, &status) == 0 ? -1 : 0;
}

static void operator_backup(struct broker *broker, uint64_t peer, struct text id, struct text name)
{
    const char *why;
    if (broker->phase != PHASE_SERVING) {
        reply_error(broker, peer, id, COORD_E_STOPPING, "", "");
        return;
    }
    if (broker->backup) {
        reply_error(broker, peer, id, COORD_E_BACKUP_RUNNING, "", "");
        return;
    }
    struct backup *backup = xcalloc(1, sizeof *backup);
    if (backup_path(broker, name, backup->path, &why) != 0) {
        char message[256];
        snprintf(message, sizeof message, "The backup cannot be written: %s.", why);
        free(backup);
        reply_error(broker, peer, id, COORD_E_BACKUP_FAILED, "path", message);
        return;
    }
    broker->backup = backup;
    broker->backup_peer = peer;
    broker->backup_id_size = id.size;
    memcpy(broker->backup_id, id.data, id.size);
    log_write(LOG_LEVEL_INFO, LOG_BACKUP, LOG_FIELDS("path", backup->path), "a backup begins");
}

static void backup_succeeded(struct broker *broker, const struct backup *backup, struct text id)
{
    struct msg_backup_reply reply = {0};
    struct buffer frame = XMEMORY;
    struct stat status;
    MSG_SET(&reply, backup_reply, path, text_of(backup->path));
    MSG_SET(&reply, backup_reply, seq, backup->seq);
    MSG_SET(&reply, backup_reply, bytes, stat(backup->path, &status) == 0 ? (uint64_t)status.st_size : 0);
    message_encode(&frame, "reply", id, &message_backup_reply, &reply);
    log_write(LOG_LEVEL_INFO, LOG_BACKUP, LOG_FIELDS("path", backup->path), "the backup is complete");
    reply_frame(broker, broker->backup_peer, frame.data, frame.size, 1);
    buffer_done(&frame);
}

void operator_backup_finished(struct broker *broker)
{
    struct backup *backup = broker->backup;
    const struct text id = {broker->backup_id, broker->backup_id_size};
    broker->backup = NULL;
    if (backup->result == JOURNAL_ENDED) {
        reply_error(broker, broker->backup_peer, id, COORD_E_STOPPING, "", "");
    } else if (backup->result == JOURNAL_OK) {
        backup_succeeded(broker, backup, id);
    } else {
        char message[320];
        snprintf(message, sizeof message, "The backup could not be written: %s.",
                 backup->failure[0] ? backup->failure : "the store cannot be copied");
        log_write(LOG_LEVEL_ERROR, LOG_BACKUP, LOG_FIELDS("path", backup->path), "the backup failed: %s",
                  backup->failure);
        reply_error(broker, broker->backup_peer, id, COORD_E_BACKUP_FAILED, "path", message);
    }
    free(backup);
}

void operator_handle(struct broker *broker, const struct effects *effects, const struct effect *effect)
{
    const struct text id = {effects_bytes(effects, effect->broker.id), effect->broker.id.size};
    const struct text path = {effects_bytes(effects, effect->broker.path), effect->broker.path.size};
    if (effect->broker.op == OP_HAND_OVER)
        handing_ask(broker, effect->broker.to.peer, id, path);
    else if (effect->broker.op == OP_BACKUP)
        operator_backup(broker, effect->broker.to.peer, id, path);
    else if (effect->broker.op == OP_LOAD)
        operator_load(broker, effect->broker.to.peer, id, effect->broker.agency);
    else
        operator_status(broker, effect->broker.to.peer, id, effect->broker.accounts);
}

/* See log.h. Entries go out in one write each, so that threads do not mix their lines; nothing here is kept. */
#include "log.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#define LOG_MESSAGE_MAX 1024 /* bytes; the longest is a path of 4,000, which is cut */
#define LOG_FIELDS_MAX  12   /* pairs; the commit's has four */
#define LOG_VALUE_MAX   512  /* bytes of one field */

static enum log_level log_level = LOG_LEVEL_INFO;

static const struct {
    const char *name;
    enum log_level level;
} levels[] = {
    {"error", LOG_LEVEL_ERROR},
    {"warning", LOG_LEVEL_WARNING},
    {"info", LOG_LEVEL_INFO},
    {"debug", LOG_LEVEL_DEBUG},
};

/* Drawn once with `systemd-id128 new`; never changed, or an operator's filters break. */
static const char *const message_ids[] = {
    [LOG_PLAIN] = NULL,
    [LOG_STARTED] = "b57e51e6991e4fb781944ea1c0d6f5ff",
    [LOG_READY] = "9072730df3d64e21a8e4a5105d1c919f",
    [LOG_STOPPED] = "602e5d401bea490885d46b6c81ec55c0",
    [LOG_RELOADED] = "0495e3dff6da48e78c677951e8b70bdc",
    [LOG_REFUSED] = "1249958bb9ca4f5895b7bdf2f5fe1f54",
    [LOG_KEY_CUT] = "a48419f49e1b49f3aa5424deef22aa49",
    [LOG_COMMIT_SLOW] = "02833a2226b44fcda5a814d8036c0dc5",
    [LOG_DISK_FULL] = "b574b4d2e096418eafbb2949dc0fc616",
    [LOG_DISK_FAILED] = "30e0ff78e84e4d8da05d7a61bb2ddcab",
    [LOG_CLOCK_JUMPED] = "76bdb2a2a2d748de9b6d98baab96e7ec",
    [LOG_CLOCK_DOUBTFUL] = "7a442c04be384437afae8b3157d16049",
    [LOG_BACKUP] = "8154bfa85d484dbba85d29e05d02cd3b",
    [LOG_LEAD] = "5b4065528e244259bfc4c5cfaa6c7187",
};

void log_set_level(enum log_level level)
{
    log_level = level;
}

bool log_set_level_named(const char *name)
{
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (strcmp(levels[i].name, name) == 0) {
            log_level = levels[i].level;
            return true;
        }
    return false;
}

/* systemd names the socket that it gave us as stderr, so that a redirected stderr is not taken for it. */
static bool log_to_system(void)
{
    static int known = -1;
    if (known >= 0)
        return known == 1;
    unsigned long long device, inode;
    struct stat status;
    const char *stream = getenv("JOURNAL_STREAM");
    known = stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 && fstat(STDERR_FILENO, &status) == 0 &&
            status.st_dev == (dev_t)device && status.st_ino == (ino_t)inode;
    return known == 1;
}

static const char *log_level_name(enum log_level level)
{
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (levels[i].level == level)
            return levels[i].name;
    return "?";
}

static void log_system(enum log_level level, enum log_event event, const char *const *fields, const char *message)
{
    char texts[LOG_FIELDS_MAX + 3][LOG_MESSAGE_MAX + 16];
    struct iovec parts[LOG_FIELDS_MAX + 3];
    int count = 0;
    snprintf(texts[count++], sizeof texts[0], "MESSAGE=%s", message);
    snprintf(texts[count++], sizeof texts[0], "PRIORITY=%d", (int)level);
    if (message_ids[event])
        snprintf(texts[count++], sizeof texts[0], "MESSAGE_ID=%s", message_ids[event]);
    for (int i = 0; i < LOG_FIELDS_MAX && fields[2 * i]; i++) {
        char name[48];
        size_t size = strnlen(fields[2 * i], sizeof name - 1);
        for (size_t c = 0; c < size; c++)
            name[c] = (char)(fields[2 * i][c] >= 'a' && fields[2 * i][c] <= 'z' ? fields[2 * i][c] - 32
                                                                                : fields[2 * i][c]);
        name[size] = 0;
        snprintf(texts[count++], sizeof texts[0], "COORD_%s=%.*s", name, LOG_VALUE_MAX, fields[2 * i + 1]);
    }
    for (int i = 0; i < count; i++)
        parts[i] = (struct iovec){texts[i], strlen(texts[i])};
    (void)sd_journal_sendv(parts, count);
}

/* A value with blanks, quotes or control characters is quoted, so that a line stays one line and can be taken apart. */
static size_t log_value(char *out, size_t room, const char *value)
{
    size_t size = 0;
    bool quoted = value[0] == 0 || strpbrk(value, " \"\\=\n\t\r") != NULL;
    if (quoted && size < room)
        out[size++] = '"';
    for (const char *c = value; *c && size + 4 < room && c - value < LOG_VALUE_MAX; c++) {
        if (*c == '"' || *c == '\\')
            out[size++] = '\\';
        out[size++] = (unsigned char)*c < ' ' ? ' ' : *c;
    }
    if (quoted && size < room)
        out[size++] = '"';
    return size;
}

static void log_line(enum log_level level, const char *const *fields, const char *message)
{
    char line[LOG_MESSAGE_MAX + LOG_FIELDS_MAX * 96 + 64];
    struct tm broken;
    time_t now = time(NULL);
    gmtime_r(&now, &broken);
    size_t size = strftime(line, 32, "%Y-%m-%dT%H:%M:%SZ ", &broken);
    size += (size_t)snprintf(line + size, sizeof line - size, "%-5s %s", log_level_name(level), message);
    for (int i = 0; i < LOG_FIELDS_MAX && fields[2 * i]; i++) {
        const size_t needed = strlen(fields[2 * i]) + 2 * strnlen(fields[2 * i + 1], LOG_VALUE_MAX) + 8;
        if (size + needed >= sizeof line)
            break;
        size += (size_t)sprintf(line + size, " %s=", fields[2 * i]);
        size += log_value(line + size, sizeof line - 1 - size, fields[2 * i + 1]);
    }
    line[size++] = '\n';
    /* A log that cannot be written has nobody to be told to. */
    ssize_t written = write(STDERR_FILENO, line, size);
    (void)written;
}

void log_write(enum log_level level, enum log_event event, const char *const *fields, const char *format, ...)
{
    assert(event >= LOG_PLAIN && (size_t)event < sizeof message_ids / sizeof message_ids[0]);
    if (level > log_level)
        return;
    char message[LOG_MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (log_to_system())
        log_system(level, event, fields, message);
    else
        log_line(level, fields, message);
}

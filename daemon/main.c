/* coordd: the command line. */
#include <errno.h>
#include <getopt.h>
#include <sodium/core.h>
#include <sodium/randombytes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/xalloc.h"
#include "command.h"
#include "journal/journal.h"

#define VIETNAM_OFFSET_MS (7 * INT64_C(3600000))

struct command {
    const char *name;
    int (*run)(const struct arguments *arguments);
    const char *options; /* those that it takes: the letters of `options` below */
    bool takes_file;
    const char *usage;
    const char *sentence;
};

static const struct command commands[] = {
    {"run", command_run, "cdlrs", false,
     "[--config FILE] [--dir DIR] [--listen ENDPOINT] [--rehearse FROM --speed DAYS]",
     "Serve until told to stop by SIGTERM; SIGHUP reloads the limits."},
    {"init", command_init, "cdlanrtpSA", false,
     "--agency ID --name NAME [--config FILE] [--dir DIR] [--listen ENDPOINT] [--tasking open|tree] "
     "[--default-policy ID] [--rehearse FROM] [--store sqlite|postgresql] [--as ROLE]",
     "Make an empty store, the server's keys, and admin.context for the first agency."},
    {"verify", command_verify, "cd", false, "[--config FILE] [--dir DIR]",
     "Read the store of a stopped broker: the hash chain, and the state against the records."},
    {"restore", command_restore, "cdRD", true, "BACKUP [--config FILE] [--dir DIR] [--replace] [--dry-run]",
     "Make a store of a backup, once it has proved sound; what stands there is set aside."},
    {"admin-key", command_admin_key, "cdlaLo", false,
     "[--config FILE] [--dir DIR] [--listen ENDPOINT] [--agency ID] [--label TEXT] [--out FILE]",
     "Give the store of a stopped broker a new key that administers; every agency is told."},
    {"move", command_move, "cdT", false, "--to sqlite|postgresql [--config FILE] [--dir DIR]",
     "Carry the store of a stopped broker over, proved on both sides; where it was it is put aside."},
    {"check", command_check, "cd", false, "[--config FILE] [--dir DIR]",
     "Say all that is wrong with the configuration and the store, before a start or a reload."},
};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static const struct option options[] = {
    {"config", required_argument, NULL, 'c'},
    {"dir", required_argument, NULL, 'd'},
    {"listen", required_argument, NULL, 'l'},
    {"agency", required_argument, NULL, 'a'},
    {"name", required_argument, NULL, 'n'},
    {"rehearse", required_argument, NULL, 'r'},
    {"speed", required_argument, NULL, 's'},
    {"replace", no_argument, NULL, 'R'},
    {"dry-run", no_argument, NULL, 'D'},
    {"label", required_argument, NULL, 'L'},
    {"out", required_argument, NULL, 'o'},
    {"tasking", required_argument, NULL, 't'},
    {"default-policy", required_argument, NULL, 'p'},
    {"store", required_argument, NULL, 'S'},
    {"to", required_argument, NULL, 'T'},
    {"as", required_argument, NULL, 'A'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

void command_next(const struct arguments *arguments, bool rehearsal, const char *context)
{
    const struct {
        const char *option, *value;
    } given[] = {{"--config", arguments->config}, {"--dir", arguments->directory}, {"--listen", arguments->listen}};
    fputs("next: coordd run", stdout);
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (given[i].value)
            printf(" %s %s", given[i].option, given[i].value);
    /* A context without a slash is a name. */
    printf("%s, and coordctl --context %s%s doctor\n", rehearsal ? " --speed 0.01" : "",
           strchr(context, '/') ? "" : "./", context);
}

int command_fail(int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("coordd: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return code;
}

int command_code(const struct problem *problem, int otherwise)
{
    if (problem->error == COORD_E_BAD_ARGUMENT)
        return EX_USAGE;
    if (problem->error == COORD_E_SYSTEM && strcmp(problem->field, "dir") == 0)
        return EX_CANTCREAT;
    return problem->error == COORD_E_CONFLICT ? EX_OSFILE : otherwise;
}

int command_open_code(int opened)
{
    return opened == JOURNAL_OK ? EX_OK : opened == JOURNAL_DAMAGED ? EX_DATAERR : EX_OSFILE;
}

int command_config(const struct arguments *arguments, struct config *config)
{
    struct problem problem;
    config_defaults(config);
    const char *path = arguments->config ? arguments->config : CONFIG_PATH;
    if ((arguments->config || access(path, F_OK) == 0) && config_read(config, path, false, &problem) != 0)
        return command_fail(EX_CONFIG, "%s", problem.message);
    if (arguments->directory && config_set(config, "daemon", "directory", arguments->directory, &problem) != 0)
        return command_fail(EX_USAGE, "--dir: %s", problem.message);
    if (arguments->listen && config_set(config, "daemon", "listen", arguments->listen, &problem) != 0)
        return command_fail(EX_USAGE, "--listen: %s", problem.message);
    if (arguments->listen) /* who says where it listens means that for contexts too */
        config->daemon_advertise[0] = '\0';
    (void)log_set_level_named(config->daemon_log_level);
    return EX_OK;
}

/* ---- the command line ---- */

static void print_help(FILE *to)
{
    fputs("coordd " COORDD_VERSION ", the broker of tasks among agencies, their deadlines and escalations\n\n", to);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  coordd %s %s\n      %s\n", commands[i].name, commands[i].usage, commands[i].sentence);
    fputs("\nDIR is /var/lib/coordd unless " CONFIG_PATH " says otherwise. FROM is 2024-06-28 or\n"
          "2024-06-28T08:00, by the clocks of Việt Nam. More: man coordd, man coordd.conf.\n",
          to);
}

/* 2024-06-28 or 2024-06-28T08:00 */
static bool parse_time(const char *text, int64_t *time_ms)
{
    struct tm fields = {0};
    const char *end = strptime(text, "%Y-%m-%d", &fields);
    if (end && *end == 'T')
        end = strptime(end, "T%H:%M", &fields);
    if (!end || *end || fields.tm_year < 100 || fields.tm_year >= 200)
        return false;
    const int day = fields.tm_mday;
    *time_ms = (int64_t)timegm(&fields) * 1000 - VIETNAM_OFFSET_MS;
    return fields.tm_mday == day; /* timegm takes 31 June for 1 July */
}

static bool parse_speed(const char *text, double *days_per_second)
{
    char *end;
    *days_per_second = strtod(text, &end);
    return end != text && !*end && *days_per_second > 0 && *days_per_second <= 100000;
}

static int take_option(struct arguments *arguments, int option)
{
    switch (option) {
    case 'c':
        arguments->config = optarg;
        return EX_OK;
    case 'd':
        arguments->directory = optarg;
        return EX_OK;
    case 'l':
        arguments->listen = optarg;
        return EX_OK;
    case 'a':
        arguments->agency = optarg;
        return EX_OK;
    case 'n':
        arguments->name = optarg;
        return EX_OK;
    case 'R':
        arguments->replace = true;
        return EX_OK;
    case 'D':
        arguments->dry_run = true;
        return EX_OK;
    case 'L':
        arguments->label = optarg;
        return EX_OK;
    case 'o':
        arguments->out = optarg;
        return EX_OK;
    case 't':
        arguments->tasking = optarg;
        return EX_OK;
    case 'p':
        arguments->default_policy = optarg;
        return EX_OK;
    case 'S':
        arguments->store = optarg;
        return EX_OK;
    case 'A':
        arguments->as = optarg;
        return EX_OK;
    case 'T':
        arguments->to = optarg;
        return EX_OK;
    case 'r':
        if (parse_time(optarg, &arguments->rehearse_from_ms))
            return EX_OK;
        return command_fail(EX_USAGE, "--rehearse `%s`: must be 2024-06-28 or 2024-06-28T08:00, from 2000 to 2099",
                            optarg);
    default:
        if (parse_speed(optarg, &arguments->days_per_second))
            return EX_OK;
        return command_fail(EX_USAGE, "--speed `%s`: must be a number of days per second, above 0", optarg);
    }
}

static int parse(const struct command *command, int argc, char **argv, struct arguments *arguments)
{
    int option;
    optind = 2;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h') {
            print_help(stdout);
            exit(EX_OK);
        }
        if (option == '?')
            return EX_USAGE; /* getopt has told */
        if (!strchr(command->options, option))
            return command_fail(EX_USAGE, "`%s` does not take this option: coordd %s %s", command->name, command->name,
                                command->usage);
        const int failed = take_option(arguments, option);
        if (failed)
            return failed;
    }
    if (command->takes_file && optind < argc)
        arguments->file = argv[optind++];
    if (optind < argc)
        return command_fail(EX_USAGE, "`%s` is too much: coordd %s %s", argv[optind], command->name, command->usage);
    return EX_OK;
}

static void out_of_memory(void)
{
    log_error("out of memory: stopped at once; all that was acknowledged is on disk");
}

/* What a store holds was sent by agencies: whoever reads it, broker or command, has a secret of its own. */
static void choose_secret(void)
{
    uint8_t secret[DIGEST_SECRET_SIZE];
    randombytes_buf(secret, sizeof secret);
    digest_set_secret(secret);
    explicit_bzero(secret, sizeof secret);
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.rehearse_from_ms = INT64_MIN};
    umask(027);
    xalloc_on_failure(out_of_memory);
    if (sodium_init() < 0) { /* until then it hashes as the slowest processor would */
        log_error("libsodium cannot be used on this system");
        return EX_OSERR;
    }
    choose_secret();
    if (argc < 2) {
        print_help(stderr);
        return EX_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EX_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("coordd " COORDD_VERSION);
        return EX_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        const int failed = parse(&commands[i], argc, argv, &arguments);
        return failed ? failed : commands[i].run(&arguments);
    }
    return command_fail(EX_USAGE, "there is no command `%s`: coordd --help lists them", argv[1]);
}

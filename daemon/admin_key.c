/* coordd admin-key: a new administrator's key, for whom the last one was lost. Who may write into the store's directory may
 * do this; every agency is told of it.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "command.h"
#include "files.h"
#include "keyfile.h"
#include "store.h"
#include "where.h"

struct making {
    const struct config *config;
    char path[PATH_MAX]; /* of the context */
    char label[65];
    char agency[65];
    char public_key[41], secret_key[41];
    bool rehearsal; /* of the store, once it is open */
    int code;       /* to exit with, of a store that cannot be opened or read; 0 of one that can */
};

/* The file is there before the record is: a key whose file was lost would be an administrator's that nobody has. */
static int keep(struct making *making, struct journal *journal, const struct effects *effects, struct problem *problem)
{
    if (keyfile_context(making->path, making->config, making->agency, making->public_key, making->secret_key,
                        problem) != 0)
        return problem->error;
    if (store_append(journal, effects, problem) == 0)
        return 0;
    (void)unlink(making->path);
    return problem->error;
}

static int make_key(struct making *making, struct journal *journal, struct problem *problem)
{
    struct event event = {.type = EVENT_KEY};
    struct effects effects;
    struct core *core = store_core(journal, problem);
    if (!core) {
        making->code = EX_DATAERR;
        return problem->error;
    }
    event.key.agency = text_of(making->agency);
    event.key.key = text_of(making->public_key);
    event.key.label = text_of(making->label);
    effects_init(&effects);
    int failed = store_decide(journal, core, &event, &effects, problem);
    if (!failed && !making->agency[0]) {
        const struct text first = core_agency_id(core, 0);
        snprintf(making->agency, sizeof making->agency, "%.*s", TEXT_ARGS(first));
    }
    if (!failed)
        failed = keep(making, journal, &effects, problem);
    effects_done(&effects);
    core_free(core);
    return failed;
}

static int make_in_store(struct making *making, struct problem *problem)
{
    struct journal_options options = {0};
    struct journal *journal;
    if (where_options(making->config, &options, problem) != 0) {
        making->code = EX_CONFIG;
        return problem->error;
    }
    making->code = command_open_code(journal_open(&journal, &options, problem));
    if (making->code)
        return problem->error;
    int failed = make_key(making, journal, problem);
    struct journal_info info;
    journal_info(journal, &info);
    making->rehearsal = info.rehearsal;
    journal_close(journal);
    if (!failed)
        failed = files_take_owner(making->config->daemon_directory, problem);
    return failed;
}

/* What a key is called that was given no label: after the time, to the millisecond, so that it is a new one however soon
 * after another: each takes longer, and one at a time has the store. */
static void make_label(struct making *making, const char *given)
{
    struct timespec now = {0};
    struct tm fields;
    char seconds[32];
    if (given) {
        snprintf(making->label, sizeof making->label, "%s", given);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    if (gmtime_r(&now.tv_sec, &fields) && strftime(seconds, sizeof seconds, "%Y%m%dT%H%M%S", &fields))
        snprintf(making->label, sizeof making->label, "admin-%s.%03ldZ", seconds, now.tv_nsec / 1000000);
}

/* The option that gives a field; of what is no option's, the message says what it is. */
static const char *option_of(const char *field)
{
    return strcmp(field, "key.label") == 0 ? "--label: " : strcmp(field, "agency") == 0 ? "--agency: " : "";
}

int command_admin_key(const struct arguments *arguments)
{
    static struct config config;
    struct making making = {.config = &config};
    struct problem problem = {0};
    const int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    const size_t label = arguments->label ? strlen(arguments->label) : 1;
    const size_t agency = arguments->agency ? strlen(arguments->agency) : 1;
    if (label < 1 || label > 64 || agency < 1 || agency > 64)
        return command_fail(EX_USAGE, "--%s has %zu bytes; it must have from 1 to 64",
                            label < 1 || label > 64 ? "label" : "agency", label < 1 || label > 64 ? label : agency);
    make_label(&making, arguments->label);
    snprintf(making.agency, sizeof making.agency, "%s", arguments->agency ? arguments->agency : "");
    if (arguments->out)
        snprintf(making.path, sizeof making.path, "%s", arguments->out);
    else
        snprintf(making.path, sizeof making.path, "%s/%s.context", config.daemon_directory,
                 arguments->label ? "admin-key" : making.label);
    if (zmq_curve_keypair(making.public_key, making.secret_key) != 0)
        return command_fail(EX_OSERR, "keys cannot be made here: libzmq was built without CURVE");
    const int failed = make_in_store(&making, &problem);
    explicit_bzero(making.secret_key, sizeof making.secret_key);
    if (failed)
        return command_fail(making.code                   ? making.code
                            : option_of(problem.field)[0] ? EX_USAGE
                                                          : EX_CANTCREAT,
                            "%s%s", option_of(problem.field), problem.message);
    char endpoint[sizeof config.daemon_listen];
    keyfile_endpoint(&config, endpoint, sizeof endpoint);
    printf("agency %s, key %s, label %s\nevery agency is told of it\n", making.agency, making.public_key, making.label);
    printf("%s has endpoint = %s; change that line if the broker listens elsewhere\n", making.path, endpoint);
    command_next(arguments, making.rehearsal, making.path);
    return EX_OK;
}

/* coordd init: a store with one agency, whose first key may administer, and the files that go with it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <zmq.h>

#include "command.h"
#include "core/core.h"
#include "files.h"
#include "keyfile.h"
#include "store.h"
#include "where.h"

#define FIRST_KEY_LABEL "admin"
#define DEFAULT_POLICY                                                                                                 \
    "directive" /* of the policies that come with the broker; until they are there, tasks have none */

static int make_store(const struct arguments *arguments, const struct config *config,
                      const struct journal_options *where, const uint8_t identity[16], const struct effects *effects,
                      struct problem *problem)
{
    struct journal_options options = *where;
    struct journal *journal;
    options.create = true;
    options.rehearsal = arguments->rehearse_from_ms != INT64_MIN;
    options.rehearse_from_ms = options.rehearsal ? arguments->rehearse_from_ms : 0;
    memcpy(options.identity, identity, sizeof options.identity);
    if (mkdir(config->daemon_directory, 0750) != 0 && errno != EEXIST)
        return problem_set(problem, COORD_E_SYSTEM, "dir", "%.180s: %s", config->daemon_directory, strerror(errno));
    if (journal_open(&journal, &options, problem) != JOURNAL_OK)
        return problem->error;
    const int failed = store_append(journal, effects, problem);
    journal_close(journal);
    return failed;
}

static int write_context(const struct arguments *arguments, const char *agency, const struct config *config,
                         const char *public_key, const char *secret_key, struct problem *problem)
{
    char path[PATH_MAX], server_key[41], where[4200];
    snprintf(path, sizeof path, "%s/admin.context", config->daemon_directory);
    if (!keyfile_public(config, server_key) && keyfile_make(config->daemon_directory, server_key, problem) != 0)
        return problem->error;
    if (keyfile_context(path, config, agency, public_key, secret_key, problem) != 0)
        return problem->error;
    if (files_take_owner(config->daemon_directory, problem) != 0)
        return problem->error;
    printf("made a store in %s\nagency %s, key %s\n", where_text(config, where), agency, public_key);
    if (arguments->store && where_is_postgresql(config))
        puts("coordd.conf must have store = postgresql in its section [journal]");
    command_next(arguments, arguments->rehearse_from_ms != INT64_MIN, path);
    return 0;
}

/* A new store is stricter than those of before there were settings. */
static int fill_settings(const struct arguments *arguments, struct msg_store_settings *settings)
{
    const char *tasking = arguments->tasking ? arguments->tasking : "tree";
    const int number = term_number(&vocabulary_tasking, tasking, (uint32_t)strlen(tasking));
    if (number == 0)
        return command_fail(EX_USAGE, "--tasking `%s`: must be open or tree", tasking);
    MSG_SET(settings, store_settings, tasking, number);
    MSG_SET(settings, store_settings, default_policy,
            text_of(arguments->default_policy ? arguments->default_policy : DEFAULT_POLICY));
    return EX_OK;
}

int command_init(const struct arguments *arguments)
{
    static struct config config;
    char public_key[41], secret_key[41];
    struct problem problem = {0};
    struct effects effects;
    struct journal_options where = {0};
    int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    if (arguments->store && config_set(&config, "journal", "store", arguments->store, &problem) != 0)
        return command_fail(EX_USAGE, "--store: %s", problem.message);
    if (where_options(&config, &where, &problem) != 0)
        return command_fail(EX_CONFIG, "%s", problem.message);
    if (arguments->as && where.keeper != JOURNAL_POSTGRES)
        return command_fail(EX_USAGE, "--as is a role of PostgreSQL's, and the store is to be a file");
    if (!arguments->agency || !arguments->name)
        return command_fail(EX_USAGE, "init needs --agency and --name: the agency that administers, its id and name");
    struct event event = {.type = EVENT_STORE, .now_ms = store_now_ms()};
    if (arguments->rehearse_from_ms != INT64_MIN)
        event.now_ms = arguments->rehearse_from_ms;
    if (getrandom(event.store.identity, sizeof event.store.identity, 0) != sizeof event.store.identity ||
        zmq_curve_keypair(public_key, secret_key) != 0)
        return command_fail(EX_OSERR, "keys cannot be made here: no randomness, or libzmq without CURVE");
    event.store.agency = text_of(arguments->agency);
    event.store.name = text_of(arguments->name);
    event.store.key = text_of(public_key);
    event.store.label = TEXT(FIRST_KEY_LABEL);
    code = fill_settings(arguments, &event.store.settings);
    if (code != EX_OK)
        return code;
    effects_init(&effects);
    struct core *core = core_new();
    core_step(core, &event, &effects);
    const bool refused = store_refusal(&effects, &problem) != 0;
    int failed = refused ? -1 : 0;
    if (!failed && arguments->as)
        failed = journal_prepare(where.server, arguments->as, &problem);
    if (!failed)
        failed = make_store(arguments, &config, &where, event.store.identity, &effects, &problem);
    if (!failed)
        failed = write_context(arguments, arguments->agency, &config, public_key, secret_key, &problem);
    core_free(core);
    effects_done(&effects);
    explicit_bzero(secret_key, sizeof secret_key);
    for (char *at = problem.field; refused && *at; at++) /* a field's name, as the option that gives it has it */
        *at = *at == '_' ? '-' : *at;
    if (refused)
        return command_fail(EX_USAGE, "--%s: %s", problem.field, problem.message);
    return failed ? command_fail(command_code(&problem, EX_CANTCREAT), "%s", problem.message) : EX_OK;
}

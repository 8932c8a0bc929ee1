/* coordd init: a store with one agency, whose first key may administer, and the files that go with it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <zmq.h>

#include "base/xalloc.h"
#include "command.h"
#include "core/core.h"
#include "journal/journal.h"
#include "keyfile.h"

#define FIRST_KEY_LABEL "admin"

static int64_t now_ms(const struct arguments *arguments)
{
    struct timespec now;
    if (arguments->rehearse_from_ms != INT64_MIN)
        return arguments->rehearse_from_ms;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether the core refused the first agency: its error, and the field that it is about. */
static int first_refusal(const struct effects *effects, struct problem *problem)
{
    const struct effect *effect = &effects->items[0];
    struct decoder *decoder = xdecoder_new();
    struct envelope envelope;
    struct msg_error error;
    struct problem unread = {0};
    if (effect->type == EFFECT_REPLY &&
        decoder_open(decoder, effects_bytes(effects, effect->reply.body), effect->reply.body.size, &envelope,
                     &unread) == 0 &&
        decoder_read(decoder, &message_error, &error, &unread) == 0) {
        problem_set(problem, COORD_E_BAD_VALUE, "", "%.*s", TEXT_ARGS(error.message));
        snprintf(problem->field, sizeof problem->field, "%.*s", TEXT_ARGS(error.field));
    }
    decoder_free(decoder);
    return problem->error;
}

static int append_records(struct journal *journal, const struct effects *effects, struct problem *problem)
{
    struct journal_record records[8];
    struct journal_batch batch = {.records = records};
    for (size_t i = 0; i < effects->count && batch.record_count < 8; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_RECORD)
            records[batch.record_count++] = (struct journal_record){
                effect->record.seq, effect->record.task, effect->record.previous,
                effects_bytes(effects, effect->record.body), effect->record.body.size};
    }
    if (batch.record_count > 0 && journal_append(journal, &batch) == JOURNAL_OK)
        return 0;
    return problem_set(problem, COORD_E_SYSTEM, "", "the store cannot be written: %.200s", journal_failure(journal));
}

static int make_store(const struct arguments *arguments, const struct config *config, const uint8_t identity[16],
                      const struct effects *effects, struct problem *problem)
{
    struct journal_options options = {
        .directory = config->daemon_directory,
        .create = true,
        .rehearsal = arguments->rehearse_from_ms != INT64_MIN,
        .rehearse_from_ms = arguments->rehearse_from_ms != INT64_MIN ? arguments->rehearse_from_ms : 0,
    };
    struct journal *journal;
    memcpy(options.identity, identity, sizeof options.identity);
    if (mkdir(config->daemon_directory, 0750) != 0 && errno != EEXIST)
        return problem_set(problem, COORD_E_SYSTEM, "dir", "%.180s: %s", config->daemon_directory, strerror(errno));
    if (journal_open(&journal, &options, problem) != JOURNAL_OK)
        return problem->error;
    const int failed = append_records(journal, effects, problem);
    journal_close(journal);
    return failed;
}

/* Where a client on this machine connects when the broker listens on all addresses. */
static void show_endpoint(const char *listen, char *endpoint, size_t size)
{
    static const char *const all[] = {"tcp://*", "tcp://0.0.0.0", "tcp://[::]"};
    snprintf(endpoint, size, "%s", listen);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncmp(listen, all[i], strlen(all[i])) == 0 && listen[strlen(all[i])] == ':')
            snprintf(endpoint, size, "tcp://127.0.0.1%s", listen + strlen(all[i]));
}

static int write_context(const struct arguments *arguments, const struct config *config, const char *public_key,
                         const char *secret_key, struct problem *problem)
{
    char path[PATH_MAX], contents[1024], server_key[41], endpoint[sizeof config->daemon_listen];
    if (!keyfile_public(config->daemon_directory, server_key) &&
        keyfile_make(config->daemon_directory, server_key, problem) != 0)
        return problem->error;
    show_endpoint(config->daemon_listen, endpoint, sizeof endpoint);
    snprintf(contents, sizeof contents,
             "# The first key: its holder may administer. Keep it as you would a password.\n"
             "endpoint = %s\nserver_key = %s\nagency = %s\npublic_key = %s\nsecret_key = %s\n",
             endpoint, server_key, arguments->agency, public_key, secret_key);
    snprintf(path, sizeof path, "%s/admin.context", config->daemon_directory);
    const int failed = keyfile_write(path, 0600, contents, problem);
    explicit_bzero(contents, sizeof contents);
    if (!failed)
        printf("made a store in %s\nagency %s, key %s\nnext: coordd run, and coordctl --context %s doctor\n",
               config->daemon_directory, arguments->agency, public_key, path);
    return failed;
}

int command_init(const struct arguments *arguments)
{
    static struct config config;
    char public_key[41], secret_key[41];
    struct problem problem = {0};
    struct effects effects;
    const int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    if (!arguments->agency || !arguments->name)
        return command_fail(EX_USAGE, "init needs --agency and --name: the agency that administers, its id and name");
    struct event event = {.type = EVENT_STORE, .now_ms = now_ms(arguments)};
    if (getrandom(event.store.identity, sizeof event.store.identity, 0) != sizeof event.store.identity ||
        zmq_curve_keypair(public_key, secret_key) != 0)
        return command_fail(EX_OSERR, "keys cannot be made here: no randomness, or libzmq without CURVE");
    event.store.agency = text_of(arguments->agency);
    event.store.name = text_of(arguments->name);
    event.store.key = text_of(public_key);
    event.store.label = TEXT(FIRST_KEY_LABEL);
    effects_init(&effects);
    struct core *core = core_new();
    core_step(core, &event, &effects);
    const bool refused = first_refusal(&effects, &problem) != 0;
    int failed = refused ? -1 : make_store(arguments, &config, event.store.identity, &effects, &problem);
    if (!failed)
        failed = write_context(arguments, &config, public_key, secret_key, &problem);
    core_free(core);
    effects_done(&effects);
    explicit_bzero(secret_key, sizeof secret_key);
    if (refused)
        return command_fail(EX_USAGE, "--%s: %s", problem.field, problem.message);
    return failed ? command_fail(EX_CANTCREAT, "%s", problem.message) : EX_OK;
}

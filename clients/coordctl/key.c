/* coordctl key … */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agency_end.h"
#include "commands.h"
#include "fill.h"
#include "json_write.h"
#include "next.h"
#include "session.h"

int key_list(struct session *session)
{
    /* AGENCY:LABEL is what a key is revoked by, and is never cut; the key itself is whole where it is piped. */
    static const struct column columns[] = {
        {"AGENCY", "agency", COLUMN_TEXT, 0},       {"LABEL", "key.label", COLUMN_TEXT, 0},
        {"RIGHTS", "key.rights", COLUMN_TEXT, 0},   {"UNTIL", "key.valid_until", COLUMN_TEXT, 0},
        {"REVOKED", "key.revoked", COLUMN_TEXT, 0}, {"PUBLIC KEY", "key.public_key", COLUMN_WIDE, 0},
    };
    struct msg_key_list list = {0};
    struct problem problem = {0};
    if (fill_from_options(&message_key_list, &list, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&list, key_list, limit, 1000);
    return session_list(session, OP_KEY_LIST, &list, columns, sizeof columns / sizeof *columns, 0, "No keys.");
}

static int fill_key(struct session *session, struct msg_key_set *set, const char *agency)
{
    struct problem problem = {0};
    MSG_SET(set, key_set, agency, text_of(agency));
    MSG_MARK(set, key_set, key);
    if (fill_from_options(&message_key, &set->key, &session->arguments, &session->arena, &problem) ||
        fill_from_options(&message_key_set, set, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    return EXIT_DONE;
}

/* `told` is what is said of it, NULL for nothing. */
static int call_set(struct session *session, const struct msg_key_set *set, const char *told)
{
    struct msg_change_reply reply;
    const int code = session_call(session, OP_KEY_SET, set, &reply);
    if (!code && (session->json || told))
        session_tell_done(session, &reply, told);
    return code;
}

static const char *directory_of(const char *path, char *directory, size_t size)
{
    const char *slash = strrchr(path, '/');
    snprintf(directory, size, "%.*s", slash > path ? (int)(slash - path) : 1, slash ? path : ".");
    return directory;
}

static int check_out(struct session *session, const char *out, const char *given)
{
    char directory[COORD_PATH_MAX];
    struct problem problem = {0};
    if ((out != NULL) == (given != NULL))
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "out",
                    "give --out FILE for a new pair of keys, or --public-key KEY for one that was made elsewhere");
    else if (out && access(out, F_OK) == 0)
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "out", "%.150s is there already", out);
    else if (out && access(directory_of(out, directory, sizeof directory), W_OK | X_OK) != 0)
        problem_set(&problem, COORD_E_SYSTEM, "out", "nothing can be written in %.150s: %s", directory,
                    strerror(errno));
    return problem.error ? session_fail(session, &problem) : EXIT_DONE;
}

/* The file is there before the key is: a key whose secret was lost can do nothing but be revoked. A file whose key was
 * refused is worth nothing and goes; where no answer came, the key may be there, and the file stays. */
static int set_with_file(struct session *session, const struct coord_context *context, const char *out,
                         const struct msg_key_set *set)
{
    struct problem problem = {0};
    if (coord_context_save(context, out, &problem))
        return session_fail(session, &problem);
    const int code = call_set(session, set, NULL);
    if (code == EXIT_NO_BROKER)
        /* A context without a slash is a name. */
        output_error("%s is kept: the key may have been set\n  next: coordctl --context %s%s doctor", out,
                     strchr(out, '/') ? "" : "./", next_word(out));
    else if (code)
        (void)unlink(out);
    return code;
}

/* The secret is made here and never leaves but for the context file. */
int key_new(struct session *session)
{
    const char *out = arguments_get(&session->arguments, "out");
    const char *given = arguments_get(&session->arguments, "public-key");
    struct coord_context context = session->context;
    struct msg_key_set set = {0};
    struct problem problem = {0};
    int code = fill_key(session, &set, session->arguments.operands[0]);
    if (!code)
        code = check_out(session, out, given);
    if (code)
        return code;
    if (!given && coord_keypair(context.public_key, context.secret_key, &problem))
        return session_fail(session, &problem);
    if (!given)
        MSG_SET(&set.key, key, public_key, text_of(context.public_key));
    if (!MSG_HAS(&set.key, key, rights))
        MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_ACT));
    if (!MSG_HAS(&set.key, key, label))
        MSG_SET(&set.key, key, label, text_of(session->arguments.operands[0]));
    snprintf(context.agency, sizeof context.agency, "%s", session->arguments.operands[0]);
    if (set.dry_run)
        code = call_set(session, &set, "made");
    else
        code = out ? set_with_file(session, &context, out, &set) : call_set(session, &set, NULL);
    if (!code && !session->json && !set.dry_run)
        printf("%.*s\n", TEXT_ARGS(set.key.public_key));
    coord_context_wipe(&context);
    return code;
}

struct standing {
    const char *public_key;
    struct msg_key *key;
    struct arena *arena;
};

static int take_standing(void *context, const struct message *message, const void *item)
{
    struct standing *standing = context;
    const struct msg_owned_key *owned = item;
    (void)message;
    if (!text_equal(owned->key.public_key, text_of(standing->public_key)))
        return 0;
    *standing->key = owned->key; /* its texts go with the reply */
    standing->key->public_key = arena_copy(standing->arena, owned->key.public_key);
    standing->key->label = arena_copy(standing->arena, owned->key.label);
    return 1;
}

/* ---- a key by its name ---- */

struct wanted {
    const char *word;
    char key[41];
    size_t count;
};

/* AGENCY:LABEL, as a word. */
static void name_of(const struct msg_owned_key *owned, char *name, size_t size)
{
    snprintf(name, size, "%.*s:%.*s", TEXT_ARGS(owned->agency), TEXT_ARGS(owned->key.label));
}

static int take_wanted(void *context, const struct message *message, const void *item)
{
    struct wanted *wanted = context;
    const struct msg_owned_key *owned = item;
    char name[140];
    (void)message;
    name_of(owned, name, sizeof name);
    if (MSG_HAS(&owned->key, key, revoked) || strcmp(name, wanted->word) != 0)
        return 0;
    snprintf(wanted->key, sizeof wanted->key, "%.*s", TEXT_ARGS(owned->key.public_key));
    wanted->count++;
    return 0;
}

/* A key by what people call it; a word that is none is taken for the key itself. An exit code. */
static int find_key(struct session *session, struct wanted *wanted)
{
    struct msg_key_list list = {0};
    struct msg_hello_reply hello;
    struct problem problem;
    MSG_SET(&list, key_list, limit, 1000);
    int code = session_pages(session, OP_KEY_LIST, &list, take_wanted, wanted);
    if (code || wanted->count == 1)
        return code;
    code = session_call(session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
    if (wanted->count == 0 && strlen(wanted->word) == 40) {
        snprintf(wanted->key, sizeof wanted->key, "%s", wanted->word);
        return EXIT_DONE;
    }
    if (wanted->count == 0 && !(hello.rights & TERM_BIT(RIGHT_ADMINISTER))) /* others' keys are not for it to see */
        problem_set(&problem, COORD_E_RIGHT_MISSING, "",
                    "`%s` needs the right `administer`, which the key \"%.*s\" of %.*s lacks; ask an administrator",
                    command_title(session->arguments.command), TEXT_ARGS(hello.key), TEXT_ARGS(hello.agency));
    else if (wanted->count == 0)
        problem_set(&problem, COORD_E_KEY_NOT_FOUND, "", "there is no key `%.140s` that is not revoked", wanted->word);
    else
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "", "%zu keys are called `%.140s`: give the public key itself",
                    wanted->count, wanted->word);
    return session_fail(session, &problem);
}

/* ---- set ---- */

/* What is not given stays as it is. An exit code. */
static int standing_key(struct session *session, const char *agency, const char *public_key, struct msg_key *key)
{
    struct standing standing = {public_key, key, &session->arena};
    struct msg_key_list list = {0};
    MSG_SET(&list, key_list, agency, text_of(agency));
    MSG_SET(&list, key_list, limit, 1000);
    return session_pages(session, OP_KEY_LIST, &list, take_standing, &standing);
}

/* Which key is meant, and whose it is: AGENCY:LABEL, or an agency and its --public-key. An exit code. */
static int key_meant(struct session *session, struct wanted *wanted, char agency[65])
{
    const char *given = arguments_get(&session->arguments, "public-key");
    const int size = (int)strcspn(wanted->word, ":");
    struct problem problem;
    snprintf(agency, 65, "%.*s", size, wanted->word);
    if (!given && wanted->word[size])
        return find_key(session, wanted);
    snprintf(wanted->key, sizeof wanted->key, "%s", given ? given : "");
    if (given)
        return EXIT_DONE;
    problem_set(&problem, COORD_E_MISSING_FIELD, "", "which of its keys? Name %.64s:LABEL, or give --public-key",
                agency);
    return session_fail(session, &problem);
}

int key_set_command(struct session *session)
{
    struct wanted wanted = {.word = session->arguments.operands[0]};
    struct msg_key_set set = {0};
    char agency[65];
    int code = key_meant(session, &wanted, agency);
    if (!code)
        code = standing_key(session, agency, wanted.key, &set.key);
    if (arguments_get(&session->arguments, "rights"))
        set.key.rights = 0; /* which are given anew */
    if (!code)
        code = fill_key(session, &set, agency);
    if (!arguments_get(&session->arguments, "public-key"))
        MSG_SET(&set.key, key, public_key, text_of(wanted.key));
    if (arguments_flag(&session->arguments, "yes"))
        MSG_SET(&set, key_set, even_last, true);
    if (!code)
        code = call_set(session, &set, "set");
    return code;
}

/* ---- revoke ---- */

struct administrators {
    const char *key;
    int64_t now_ms;
    bool is_one;   /* the key */
    size_t others; /* keys that are in their time */
};

static int count_administrators(void *context, const struct message *message, const void *item)
{
    struct administrators *administrators = context;
    const struct msg_key *key = &((const struct msg_owned_key *)item)->key;
    (void)message;
    if (MSG_HAS(key, key, revoked) || !(key->rights & TERM_BIT(RIGHT_ADMINISTER)) ||
        (MSG_HAS(key, key, valid_until) && key->valid_until <= administrators->now_ms))
        return 0;
    if (text_equal(key->public_key, text_of(administrators->key)))
        administrators->is_one = true;
    else
        administrators->others++;
    return 0;
}

/* Whether nobody could administer without this key. The broker has the last word, and refuses without `even_last`. */
static int is_last(struct session *session, const char *key, bool *last)
{
    struct msg_hello_reply hello;
    struct msg_key_list list = {0};
    struct administrators administrators = {.key = key};
    int code = session_call(session, OP_HELLO, NULL, &hello);
    administrators.now_ms = code ? 0 : hello.time;
    MSG_SET(&list, key_list, limit, 1000);
    if (!code)
        code = session_pages(session, OP_KEY_LIST, &list, count_administrators, &administrators);
    *last = !code && administrators.is_one && administrators.others == 0;
    return code;
}

/* Whoever revokes the key that is used now can do nothing with this context any more; whoever revokes the last one that
 * administers, nothing at all from here. An exit code. */
static int ask_first(struct session *session, const struct wanted *wanted, bool last)
{
    const bool own = strcmp(wanted->key, session->context.public_key) == 0;
    char about[500];
    if (!own && !last)
        return EXIT_DONE;
    snprintf(about, sizeof about, "`%s` %s%s%s", wanted->word,
             own ? "is the key that this context uses: nothing can be done with it afterwards" : "",
             own && last ? "; it " : "", last ? LAST_KEY_WORDS : "");
    return session_confirm(session, about, "Revoke it, for good?", "the same with --yes, or with another key's context",
                           "not revoked");
}

int key_revoke(struct session *session)
{
    struct wanted wanted = {.word = session->arguments.operands[0]};
    struct msg_key_revoke revoke = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    bool last = false;
    if (fill_from_options(&message_key_revoke, &revoke, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    int code = find_key(session, &wanted);
    if (!code)
        code = is_last(session, wanted.key, &last);
    if (!code)
        code = ask_first(session, &wanted, last);
    MSG_SET(&revoke, key_revoke, public_key, text_of(wanted.key));
    if (last || arguments_flag(&session->arguments, "yes"))
        MSG_SET(&revoke, key_revoke, even_last, true);
    if (!code)
        code = session_call(session, OP_KEY_REVOKE, &revoke, &reply);
    if (!code)
        session_tell_done(session, &reply, "revoked");
    if (!code && last && !reply.dry_run)
        output_error("no key administers now\n  next: on the broker's machine, stop it, and coordd admin-key");
    return code;
}

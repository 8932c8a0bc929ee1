/* coord-web user and login: who may sign in. They write into the store beside a running server. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "config.h"
#include "password.h"
#include "store.h"
#include "terms.h"
#include "totp.h"

#define LINK_MS     INT64_C(900000)
#define LINK_MAX_MS INT64_C(86400000)

static int fail_store(struct store *store, const char *what)
{
    const int code = line_fail(EXIT_SYSTEM, "%s: %s", what,
                               store_error(store)[0] ? store_error(store) : "it was refused");
    store_close(store);
    return code;
}

/* The store, and the user that the line names; NULL and told when one of them is not there. */
static struct store *open_for(const struct line *line, struct user *user, int *code)
{
    struct store *store = NULL;
    if (line->operand_count != 1)
        *code = line_fail(EXIT_USAGE, "it takes one USER");
    else if (!(store = store_open(line_dir(line))))
        *code = EXIT_SYSTEM;
    else if (!store_user_get(store, line->operands[0], user)) {
        *code = line_fail(EXIT_NOT_FOUND, "there is no user `%.64s`; coord-web user add makes one", line->operands[0]);
        store_close(store);
        store = NULL;
    }
    return store;
}

/* ---- users ---- */

static bool read_rights(const char *given, uint32_t *rights)
{
    uint32_t mask = 0;
    while (*given) {
        const size_t size = strcspn(given, ",");
        const int right = term_number(&vocabulary_right, given, (uint32_t)size);
        if (!right || right == RIGHT_ADMINISTER)
            return false;
        mask |= TERM_BIT(right);
        given += size + (given[size] == ',');
    }
    *rights = mask;
    return mask != 0;
}

static int take_options(const struct line *line, const struct config *config, struct user *user)
{
    const char *context = line->options[OPTION_context], *officer = line->options[OPTION_officer];
    const char *rights = line->options[OPTION_rights], *language = line->options[OPTION_language];
    if (!context && !user->context[0] && config->contexts.count == 1)
        context = config->contexts.items[0];
    if (context && !names_have(&config->contexts, context))
        return line_fail(EXIT_USAGE, "--context: `%s` is not among `contexts` of the configuration", context);
    if (!context && !user->context[0])
        return line_fail(EXIT_USAGE, "--context: say for which of `contexts` the user acts");
    if (officer && (!officer[0] || strlen(officer) > USER_OFFICER_MAX))
        return line_fail(EXIT_USAGE, "--officer: 1 to %d bytes would be right", USER_OFFICER_MAX);
    if (rights && !read_rights(rights, &user->rights))
        return line_fail(EXIT_USAGE, "--rights: `%s` would be read, or read,act", rights);
    if (language && strcmp(language, "vi") != 0 && strcmp(language, "en") != 0)
        return line_fail(EXIT_USAGE, "--language: `%s` would be vi or en", language);
    if (context)
        snprintf(user->context, sizeof user->context, "%s", context);
    if (officer)
        snprintf(user->officer, sizeof user->officer, "%s", officer);
    if (language)
        snprintf(user->language, sizeof user->language, "%s", language);
    return EXIT_DONE;
}

/* A name stands in headers of a proxy, in lists and in the log. */
static bool is_name(const char *name)
{
    return name[0] && strlen(name) <= USER_NAME_MAX && !strpbrk(name, " \t\r\n/\"'\\<>;,");
}

int command_user_add(const struct line *line)
{
    struct user user = {.rights = TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT), .language = "vi"};
    if (line->operand_count != 1 || !is_name(line->operands[0]))
        return line_fail(EXIT_USAGE, "user add takes one USER: 1 to %d bytes without spaces, quotes, commas or slashes",
                         USER_NAME_MAX);
    struct config *config = line_config(line);
    struct store *store = config ? store_open(line_dir(line)) : NULL;
    int code = config ? EXIT_SYSTEM : EXIT_USAGE;
    if (store) {
        snprintf(user.name, sizeof user.name, "%s", line->operands[0]);
        snprintf(user.officer, sizeof user.officer, "%s", line->operands[0]);
        const bool is_there = store_user_get(store, line->operands[0], &user);
        code = take_options(line, config, &user);
        if (!code && !store_user_put(store, &user))
            code = line_fail(EXIT_SYSTEM, "%s: %s", line->operands[0],
                             store_error(store)[0] ? store_error(store) : "there are as many users as there may be");
        if (!code)
            printf("%s: %s, for %s as %s\n", user.name, is_there ? "changed" : "added", user.context, user.officer);
    }
    store_close(store);
    config_free(config);
    return code;
}

static void say_user(void *with, const struct user *user)
{
    (void)with;
    printf("%-20s %-16s %s%s%s  %s%s  %s\n", user->name, user->context,
           user->rights & TERM_BIT(RIGHT_READ) ? "read" : "", user->rights & TERM_BIT(RIGHT_ACT) ? ",act" : "",
           user->password[0] ? "" : "  no password", user->language, user->has_totp ? "  code" : "", user->officer);
}

int command_user_list(const struct line *line)
{
    struct store *store = store_open(line_dir(line));
    if (!store)
        return EXIT_SYSTEM;
    store_users(store, say_user, NULL);
    store_close(store);
    return EXIT_DONE;
}

int command_user_remove(const struct line *line)
{
    struct user user;
    int code = EXIT_DONE;
    struct store *store = open_for(line, &user, &code);
    if (!store)
        return code;
    if (!store_user_remove(store, user.name))
        return fail_store(store, user.name);
    store_close(store);
    printf("%s: removed, and signed out\n", user.name);
    return EXIT_DONE;
}

/* ---- how one signs in ---- */

static bool read_password(char *password, size_t size)
{
    struct termios before, silent;
    const bool is_terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (is_terminal) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
        fputs("Password: ", stderr);
    }
    const bool read = fgets(password, (int)size, stdin);
    if (is_terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    if (read)
        password[strcspn(password, "\r\n")] = '\0';
    return read;
}

int command_user_password(const struct line *line)
{
    struct user user;
    char password[PASSWORD_MAX + 2] = "";
    int code = EXIT_DONE;
    struct store *store = open_for(line, &user, &code);
    if (!store)
        return code;
    if (!read_password(password, sizeof password) || strlen(password) < PASSWORD_MIN || strlen(password) > PASSWORD_MAX)
        code = line_fail(EXIT_USAGE, "a password has %d to %d bytes, on one line", PASSWORD_MIN, PASSWORD_MAX);
    else if (!password_hash(password, user.password))
        code = line_fail(EXIT_SYSTEM, "there is no memory for it: 64 MiB");
    else if (!store_user_put(store, &user) || !store_sessions_end(store, user.name))
        code = line_fail(EXIT_SYSTEM, "%s: %s", user.name, store_error(store));
    else {
        store_succeeded(store, user.name);
        printf("%s: has a new password, and is signed out\n", user.name);
    }
    sodium_memzero(password, sizeof password);
    store_close(store);
    return code;
}

int command_user_totp(const struct line *line)
{
    struct user user;
    char text[TOTP_SECRET_TEXT];
    int code = EXIT_DONE;
    struct store *store = open_for(line, &user, &code);
    if (!store)
        return code;
    const bool had_totp = user.has_totp;
    user.has_totp = !line->options[OPTION_off];
    user.totp_step = 0;
    randombytes_buf(user.totp, sizeof user.totp);
    if (!store_user_put(store, &user))
        return fail_store(store, user.name);
    totp_base32(user.totp, sizeof user.totp, text);
    if (user.has_totp)
        printf("otpauth://totp/coordd:%s?secret=%s&issuer=coordd\n", user.name, text);
    else
        printf(had_totp ? "%s: signs in without a code\n" : "%s: signed in without a code already\n", user.name);
    store_close(store);
    return EXIT_DONE;
}

int command_login(const struct line *line)
{
    struct user user;
    char token[TOKEN_TEXT];
    int64_t lasts = LINK_MS;
    int code = EXIT_DONE;
    const char *given = line->options[OPTION_for];
    if (given && (!duration_read(given, &lasts) || lasts < 1000 || lasts > LINK_MAX_MS))
        return line_fail(EXIT_USAGE, "--for: `%.40s` would be a time such as 15m or 8h, 24h at most", given);
    struct config *config = line_config(line);
    if (!config)
        return EXIT_USAGE;
    struct store *store = open_for(line, &user, &code);
    if (store && !store_link_new(store, user.name, clock_now_ms() + lasts, token))
        code = fail_store(store, user.name);
    else if (store) {
        printf("%s/login/%s\n", config->url, token);
        store_close(store);
    }
    sodium_memzero(token, sizeof token);
    config_free(config);
    return code;
}

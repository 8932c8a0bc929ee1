#include "next.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

#define WORD_ROOM    1024
#define COMMAND_ROOM 2048
#define PROGRAM      "coordctl "

/* What no shell takes for more than a letter; bytes of UTF-8 are none of its business. */
static bool is_plain(const char *word)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,=";
    for (const char *at = word; *at; at++)
        if (!strchr(safe, *at) && (unsigned char)*at < 0x80)
            return false;
    return word[0] != '\0';
}

const char *next_word(const char *word)
{
    static char words[NEXT_WORDS][WORD_ROOM];
    static unsigned next;
    char *out = words[next++ % NEXT_WORDS];
    size_t used = 0;
    if (is_plain(word)) {
        snprintf(out, WORD_ROOM, "%s", word);
        return out;
    }
    out[used++] = '\'';
    for (; *word && used + 6 < WORD_ROOM; word++) {
        if (*word == '\'') /* the quotes end, one that is escaped, and they begin again */
            used += (size_t)snprintf(out + used, WORD_ROOM - used, "'\\''");
        else
            out[used++] = *word;
    }
    out[used++] = '\'';
    out[used] = '\0';
    return out;
}

/* Whether the command that the words begin with can be done in another's name. */
static bool takes_name(const char *words)
{
    for (const struct command *command = commands; command->noun; command++) {
        const char *title = command_title(command);
        const size_t size = strlen(title);
        if (strncmp(words, title, size) == 0 && (words[size] == ' ' || !words[size]))
            return command_takes_name(command);
    }
    return false;
}

void next_in_name(const struct session *session, const char *name, const char *next, char *text, size_t size)
{
    const char *context = arguments_get(&session->arguments, "context");
    const char *rest = next + strlen(PROGRAM);
    /* Without a connection it was perhaps the context that was wrong. */
    if (!session->coord || strncmp(next, PROGRAM, strlen(PROGRAM)) != 0) {
        snprintf(text, size, "%s", next);
        return;
    }
    const bool named = name && takes_name(rest);
    snprintf(text, size, PROGRAM "%s%s%s%s%s%s%s", context ? "--context " : "", context ? next_word(context) : "",
             context ? " " : "", named ? "--for " : "", named ? next_word(name) : "", named ? " " : "", rest);
}

void next_as_given(const struct session *session, const char *next, char *text, size_t size)
{
    next_in_name(session, arguments_get(&session->arguments, "for"), next, text, size);
}

const char *next_command(const struct session *session, const char *format, ...)
{
    static char command[COMMAND_ROOM];
    char rest[COMMAND_ROOM / 2] = PROGRAM;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(rest + strlen(PROGRAM), sizeof rest - strlen(PROGRAM), format, arguments);
    va_end(arguments);
    next_as_given(session, rest, command, sizeof command);
    return command;
}

/* coordctl web: what is looked for here, and is coord-web's own to do, on the machine that it runs on and by whoever it runs as. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "exits.h"
#include "output.h"
#include "session.h"

#define WORDS_MAX 10

int web_login(struct session *session)
{
    static const char *const options[] = {"lasts", "config", "dir"}; /* --for is an agency here */
    static char *const names[] = {"--for", "--config", "--dir"};
    const struct arguments *arguments = &session->arguments;
    char *words[WORDS_MAX] = {"coord-web", "login", arguments->operands[0]};
    size_t count = 3;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const char *value = arguments_get(arguments, options[i]);
        if (!value)
            continue;
        words[count++] = names[i];
        words[count++] = (char *)value;
    }
    execvp(words[0], words);
    output_error("coord-web cannot be started: %s\n  next: type `coord-web login` on the machine that serves the pages",
                 strerror(errno));
    return EXIT_SYSTEM;
}

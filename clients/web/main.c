/* coord-web: its options and commands, by common/line.h. */
#include <stddef.h>

#include "commands.h"

static const struct line_option options[] = {
#define O(name, value, sentence) {#name, value, sentence},
    WEB_OPTIONS(O)
#undef O
        {NULL, NULL, NULL},
};
_Static_assert(OPTION_COUNT <= LINE_OPTIONS_MAX, "a line has room for them");

int main(int argc, char **argv)
{
    const struct line_program program = {"coord-web", "serves coordd to clerks and leaders, in their browsers", options,
                                         web_commands};
    return line_main(&program, argc, argv);
}

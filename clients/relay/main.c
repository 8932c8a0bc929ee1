/* coord-relay: its options and commands, by common/line.h. */
#include "commands.h"

static const struct line_option options[] = {
#define O(name, value, sentence) {#name, value, sentence},
    RELAY_OPTIONS(O)
#undef O
        {NULL, NULL, NULL},
};
_Static_assert(OPTION_COUNT <= LINE_OPTIONS_MAX, "a line has room for them");

int main(int argc, char **argv)
{
    const struct line_program program = {"coord-relay", "delivers coordd's notifications to people", options,
                                         relay_commands};
    return line_main(&program, argc, argv);
}

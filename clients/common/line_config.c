#include "line_config.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

struct config *line_config_read(const struct line_reads *reads, const char *file, bool here)
{
    struct buffer faults = {0};
    struct config *config = reads->read(file ? file : reads->standard, here, &faults);
    fwrite(faults.data ? faults.data : "", 1, faults.size, stderr);
    buffer_done(&faults);
    return config;
}

int line_config_check(const struct line_reads *reads, const struct line *line)
{
    if (line->operand_count != 1)
        return line_fail(EXIT_USAGE, "check takes one FILE");
    struct config *config = line_config_read(reads, line->operands[0], true);
    if (!config)
        return EXIT_USAGE;
    printf("%s is right: ", line->operands[0]);
    reads->say(config);
    const struct passwd *user = getpwuid(geteuid());
    printf("%s are judged as %s; as the service sees them: sudo -u %s %s check FILE\n", reads->judged,
           user ? user->pw_name : "this user", reads->program, reads->program);
    reads->free(config);
    return EXIT_DONE;
}

/* coordd verify: whether a store is what was written. */
#include <stdio.h>
#include <sysexits.h>

#include "command.h"
#include "store.h"
#include "where.h"

int command_verify(const struct arguments *arguments)
{
    static struct config config;
    struct journal_info info;
    struct journal *journal;
    struct problem problem = {0};
    const int code = command_config(arguments, &config);
    if (code != EX_OK)
        return code;
    struct journal_options options = {.look = where_is_postgresql(&config)}; /* whoever serves it meanwhile */
    char where[4200];
    if (where_options(&config, &options, &problem) != 0)
        return command_fail(EX_CONFIG, "%s", problem.message);
    const int opened = journal_open(&journal, &options, &problem);
    if (opened != JOURNAL_OK)
        return command_fail(command_open_code(opened), "%s", problem.message);
    const int failed = store_verify(journal, &problem);
    journal_info(journal, &info);
    journal_close(journal);
    if (failed)
        return command_fail(EX_DATAERR, "%s", problem.message);
    printf("%s: %llu records, all as they were written; the checkpoint at %llu agrees with them\n",
           where_text(&config, where), (unsigned long long)info.last_seq, (unsigned long long)info.checkpoint);
    return EX_OK;
}

#include "loop/stall.h"

#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "loop/state.h"

#define NS_PER_S    UINT64_C(1000000000)
#define STALL_NS    (3 * NS_PER_S) /* a server that starts anew is back by then, as a rule */
#define STALL_SINCE 24

bool stall_cause(const struct broker *broker, char cause[JOURNAL_CAUSE])
{
    const struct host_functions *host = broker->host->functions;
    cause[0] = '\0';
    return host->trouble && host->trouble(broker->host, cause);
}

static uint64_t waited_ns(const struct broker *broker)
{
    return broker->under_way ? clock_monotonic_ns(&broker->clock) - broker->errand_ns : 0;
}

/* Who follows has errands that wait for what another appends. */
static bool stands_still(const struct broker *broker)
{
    return role_appends(broker->follow.role) && waited_ns(broker) >= STALL_NS;
}

static void write_since(const struct broker *broker, char text[STALL_SINCE])
{
    const time_t seconds = (time_t)(clock_now_ms(&broker->clock) / 1000 - (int64_t)(waited_ns(broker) / NS_PER_S));
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || strftime(text, STALL_SINCE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        text[0] = '\0';
}

const char *stall_words(const struct broker *broker, char words[STALL_WORDS])
{
    char cause[JOURNAL_CAUSE], since[STALL_SINCE];
    const bool has_cause = stall_cause(broker, cause);
    words[0] = '\0';
    if (!role_appends(broker->follow.role) && has_cause)
        snprintf(words, STALL_WORDS, "PostgreSQL is not reached (%s): ", cause);
    if (!stands_still(broker))
        return words;
    write_since(broker, since);
    if (has_cause)
        snprintf(words, STALL_WORDS, "commits wait for PostgreSQL since %s (%s): ", since, cause);
    else
        snprintf(words, STALL_WORDS, "commits wait for the store since %s: ", since);
    return words;
}

void stall_second(struct broker *broker)
{
    struct stall *stall = &broker->stall;
    char cause[JOURNAL_CAUSE], since[STALL_SINCE];
    const struct stall before = *stall;
    stall->told = stands_still(broker);
    stall->has_cause = stall->told && stall_cause(broker, cause);
    if (stall->told == before.told && stall->has_cause <= before.has_cause)
        return;
    if (stall->told) {
        write_since(broker, since);
        log_write(LOG_LEVEL_WARNING, LOG_DISK_FAILED,
                  LOG_FIELDS("since", since, stall->has_cause ? "cause" : NULL, cause),
                  stall->has_cause ? "commits wait for PostgreSQL" : "commits wait for the store");
    }
    pace_tell_status(broker);
}

/* coord-relay silence: what is told to nobody for a time, begun, listed and ended beside the relay. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "commands.h"
#include "relay.h"

static bool add_terms(json_t *matcher, const struct line *line, enum relay_option option, const char *name,
                      const struct vocabulary *vocabulary)
{
    json_t *list = line_list(line->options[option]);
    for (size_t i = 0; vocabulary && i < json_array_size(list); i++) {
        const char *term = json_string_value(json_array_get(list, i));
        if (!term_number(vocabulary, term, (uint32_t)strlen(term))) {
            line_fail(EXIT_USAGE, "--%s: `%s` is no %s", name, term, vocabulary->name);
            json_decref(list);
            return false;
        }
    }
    if (option == OPTION_severity && json_array_size(list) > 1) {
        line_fail(EXIT_USAGE, "--severity: one would be right, which stands for itself and all above");
        json_decref(list);
        return false;
    }
    if (json_array_size(list))
        json_object_set(matcher, name, list);
    json_decref(list);
    return true;
}

static int silence_times(const struct line *line, const struct working_days *days, int64_t *from, int64_t *until)
{
    const char *from_text = line->options[OPTION_from], *until_text = line->options[OPTION_until];
    *from = clock_now_ms();
    if (from_text && !line_time(from_text, days, from))
        return line_fail(EXIT_USAGE, "--from: `%s` would be a time, such as 2024-06-28T16:30", from_text);
    if (!line_time(until_text, days, until) || *until <= clock_now_ms())
        return line_fail(EXIT_USAGE, "--until: `%s` would be a time to come, such as 2024-06-28T16:30", until_text);
    return *from < *until ? EXIT_DONE : line_fail(EXIT_USAGE, "--from: it is not before --until");
}

static int add_silence(const struct line *line, struct store *store, json_t *matcher)
{
    struct working_days days;
    int64_t from, until;
    if (!add_terms(matcher, line, OPTION_agency, "agency", NULL) ||
        !add_terms(matcher, line, OPTION_subtree, "subtree", NULL) ||
        !add_terms(matcher, line, OPTION_notice, "notice", &vocabulary_notice) ||
        !add_terms(matcher, line, OPTION_severity, "severity", &vocabulary_severity) ||
        !add_terms(matcher, line, OPTION_kind, "kind", &vocabulary_kind) ||
        !add_terms(matcher, line, OPTION_area, "area", NULL) || !add_terms(matcher, line, OPTION_tag, "tag", NULL))
        return EXIT_USAGE;
    if (json_object_size(matcher) == 0)
        return line_fail(EXIT_USAGE,
                         "a silence says of what: --agency, --subtree, --notice, --severity, --kind, --area, --tag");
    working_days_kept(&days, store);
    const int code = silence_times(line, &days, &from, &until);
    working_days_done(&days);
    if (code)
        return code;
    const int64_t id = silence_add(store, matcher, line->options[OPTION_owner], line->options[OPTION_reason], from,
                                   until, clock_now_ms());
    if (!id)
        return line_fail(EXIT_SYSTEM, "there are %d silences that have not ended; end one first", SILENCES_MAX);
    printf("silence %lld\n", (long long)id);
    return EXIT_DONE;
}

int command_silence_add(const struct line *line)
{
    if (!line->options[OPTION_owner] || !line->options[OPTION_reason] || !line->options[OPTION_until])
        return line_fail(EXIT_USAGE, "a silence has an --owner, a --reason and an end, --until");
    struct store *store = line_queue(line, true);
    if (!store)
        return EXIT_NOT_FOUND;
    json_t *matcher = json_object();
    const int code = add_silence(line, store, matcher);
    json_decref(matcher);
    store_close(store);
    return code;
}

int command_silence_list(const struct line *line)
{
    static struct silences silences;
    struct working_days days;
    char begins[32], ends[32];
    struct store *store = line_queue(line, true);
    if (!store)
        return EXIT_NOT_FOUND;
    working_days_kept(&days, store);
    silences_load(&silences, store, clock_now_ms());
    for (size_t i = 0; i < silences.count; i++) {
        const struct silence *silence = &silences.items[i];
        line_say_time(&days, silence->begins, begins);
        line_say_time(&days, silence->ends, ends);
        printf("%lld  %s to %s  %s: %s  %s\n", (long long)silence->id, begins, ends, silence->owner, silence->reason,
               silence->matcher);
    }
    silences_done(&silences);
    working_days_done(&days);
    store_close(store);
    return EXIT_DONE;
}

int command_silence_end(const struct line *line)
{
    if (line->operand_count != 1)
        return line_fail(EXIT_USAGE, "silence end takes one number, as silence list shows it");
    struct store *store = line_queue(line, true);
    if (!store)
        return EXIT_NOT_FOUND;
    const bool ended = silence_end(store, strtoll(line->operands[0], NULL, 10), clock_now_ms());
    store_close(store);
    return ended ? EXIT_DONE : line_fail(EXIT_NOT_FOUND, "`%s` is no silence that lasts", line->operands[0]);
}

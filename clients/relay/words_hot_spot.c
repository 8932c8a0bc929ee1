/* A hot spot: by which rule, where, how many tasks, and which of them the reader may read. */
#include "words_lines.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Of one that is raised or cleared; or of one that ends with its rule. */
static const json_t *rule_of(const struct notification *item)
{
    const json_t *rule = json_object_get(json_object_get(item->json, "hot_spot"), "rule");
    return rule ? rule : json_object_get(item->json, "hot_spot_rule");
}

void words_hot_spot_where(const struct words *words, const struct notification *item, char *text, size_t size)
{
    const json_t *rule = rule_of(item);
    const char *area = words_text_at(rule, "area"), *agency = words_text_at(rule, "agency");
    char name[257];
    size_t used = 0;
    text[0] = '\0';
    if (area[0])
        used = (size_t)snprintf(text, size, "%s%s", words_say(words, "lĩnh vực ", "area "), area);
    if (agency[0] && used < size) {
        words_name(words, agency, name);
        snprintf(text + used, size - used, "%s%s%s", used ? ", " : "", name,
                 words_say(words, " và cấp dưới", " and those under it"));
    }
}

void words_hot_spot_link(const struct words *words, const struct notification *item, struct buffer *link)
{
    const char *rule = words_text_at(rule_of(item), "rule");
    if (rule[0] && !json_is_true(json_object_get(item->json, "rule_removed"))) { /* which has no page any more */
        buffer_printf(link, "%s/hot-spots?rule=", words->web);
        for (const char *c = rule; *c; c++)
            if (isalnum((unsigned char)*c) || strchr("-._~", *c))
                buffer_append(link, c, 1);
            else
                buffer_printf(link, "%%%02X", (unsigned)(unsigned char)*c);
    }
}

static void line_rule(const struct words *words, const json_t *rule, words_put *put, void *into)
{
    char text[200];
    snprintf(text, sizeof text, words_say(words, "%s (từ %lld nhiệm vụ là điểm nóng)", "%s (a hot spot from %lld on)"),
             words_text_at(rule, "rule"), (long long)json_integer_value(json_object_get(rule, "tasks")));
    put(into, words_say(words, "Tiêu chí", "Rule"), text);
}

static void line_task(const struct words *words, const json_t *task, words_put *put, void *into)
{
    const bool overdue = json_is_true(json_object_get(task, "overdue"));
    const bool escalated = json_is_true(json_object_get(task, "escalated"));
    char name[257], text[600];
    words_name(words, words_text_at(task, "lead"), name);
    snprintf(text, sizeof text, "%s, %s: %s%s%s", words_text_at(task, "reference"), name,
             overdue ? words_say(words, "quá hạn", "overdue") : "", overdue && escalated ? ", " : "",
             escalated ? words_say(words, "báo cáo vượt cấp chưa được ghi nhận", "escalated, not acknowledged") : "");
    put(into, words_say(words, "Nhiệm vụ", "Task"), text);
}

void words_hot_spot(const struct words *words, const struct notification *item, words_put *put, void *into)
{
    const json_t *spot = json_object_get(item->json, "hot_spot"), *rule = rule_of(item);
    const json_t *tasks = json_object_get(spot, "tasks");
    const long long count = (long long)json_integer_value(json_object_get(spot, "count"));
    const size_t listed = json_array_size(tasks);
    char text[400];
    if (!rule)
        return;
    words_hot_spot_where(words, item, text, sizeof text);
    put(into, words_say(words, "Nơi", "Where"), text);
    line_rule(words, rule, put, into);
    if (!spot)
        return;
    snprintf(text, sizeof text, "%lld", count);
    put(into, words_say(words, "Số nhiệm vụ", "Tasks"), text);
    for (size_t i = 0; i < listed; i++)
        line_task(words, json_array_get(tasks, i), put, into);
    if (item->notice != NOTICE_HOT_SPOT || count <= (long long)listed)
        return;
    snprintf(text, sizeof text, words_say(words, "%lld nhiệm vụ khác", "%lld more"), count - (long long)listed);
    put(into, words_say(words, "Không nêu ở đây", "Not listed here"), text);
}

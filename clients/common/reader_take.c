/* The values of a configuration: text, counts, durations, days, terms. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reader.h"

const char *reader_text(struct reader *reader, yaml_node_t *node)
{
    if (!node || node->type != YAML_SCALAR_NODE) {
        reader_fault(reader, node, "it would be one value, neither a list nor a map");
        return NULL;
    }
    if (node->data.scalar.length == 0 || strlen((const char *)node->data.scalar.value) != node->data.scalar.length) {
        reader_fault(reader, node, "it is empty, or has a zero byte in it");
        return NULL;
    }
    return arena_copy(reader->arena,
                      (struct text){(const char *)node->data.scalar.value, (uint32_t)node->data.scalar.length + 1})
        .data;
}

void take_text(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text)
        *(const char **)into = text;
}

void take_names(struct reader *reader, yaml_node_t *node, void *into)
{
    struct names *names = into;
    if (node && node->type == YAML_SEQUENCE_NODE) {
        reader_list(reader, node, take_text, sizeof(char *), (void **)&names->items, &names->count);
        /* One that was refused leaves a gap, which nobody is to meet. */
        for (size_t i = 0; i < names->count; i++)
            if (!names->items[i])
                names->items[i] = "";
        return;
    }
    const char *text = reader_text(reader, node);
    if (!text)
        return;
    names->items = arena_alloc(reader->arena, sizeof *names->items);
    names->items[0] = text;
    names->count = 1;
}

void take_flag(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (!text)
        return;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        reader_fault(reader, node, "`%.40s` would be true or false", text);
    else
        *(bool *)into = text[0] == 't';
}

void take_count(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    char *end;
    if (!text)
        return;
    const unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || value < 1 || value > 1000000)
        reader_fault(reader, node, "`%.40s` would be a whole number from 1 to 1000000", text);
    else
        *(uint32_t *)into = (uint32_t)value;
}

static const struct {
    const char *name;
    int64_t ms;
} duration_units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
#define UNIT_COUNT   (sizeof duration_units / sizeof *duration_units)
#define DURATION_MAX (366 * INT64_C(86400000))

bool duration_read(const char *text, int64_t *ms)
{
    int64_t sum = 0;
    const char *at = text;
    while (*at) {
        char *end;
        if (*at < '0' || *at > '9')
            return false;
        const long long number = strtoll(at, &end, 10);
        const size_t size = strcspn(end, "0123456789");
        size_t unit = 0;
        while (unit < UNIT_COUNT &&
               (strlen(duration_units[unit].name) != size || strncmp(duration_units[unit].name, end, size) != 0))
            unit++;
        if (unit == UNIT_COUNT || number > DURATION_MAX / duration_units[unit].ms)
            return false;
        sum += number * duration_units[unit].ms;
        at = end + size;
    }
    *ms = sum;
    return at != text && sum <= DURATION_MAX;
}

void take_duration(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && !duration_read(text, into))
        reader_fault(reader, node, "`%.40s` would be a time such as 30s, 5m, 4h, 3d or 1h30m, a year at most", text);
}

void duration_text(int64_t ms, char text[32])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = UNIT_COUNT - 1; i-- > 0 && used < 24;) { /* weeks are said in days */
        const int64_t number = ms / duration_units[i].ms;
        ms %= duration_units[i].ms;
        if (number > 0)
            used += (size_t)snprintf(text + used, 32 - used, "%lld%s", (long long)number, duration_units[i].name);
    }
    if (!text[0])
        snprintf(text, 32, "0s");
}

/* ---- days: the proleptic Gregorian calendar, counted from 1970-01-01 ---- */

static int64_t day_of(int64_t year, int month, int day)
{
    const int64_t shifted = year - (month <= 2), era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const int64_t of_era = shifted - era * 400;
    const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void day_text(int64_t day, char text[16])
{
    const int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    const int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * years + years / 4 - years / 100), month = (5 * of_year + 2) / 153;
    const int64_t number = month + (month < 10 ? 3 : -9);
    snprintf(text, 16, "%04u-%02u-%02u", (unsigned)((years + era * 400 + (number <= 2)) % 10000),
             (unsigned)number % 100, (unsigned)(of_year - (153 * month + 2) / 5 + 1) % 100);
}

bool day_number(const char *text, int64_t *day)
{
    static const char form[] = "dddd-dd-dd";
    char again[16];
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    const int64_t number = day_of(strtol(text, NULL, 10), (int)strtol(text + 5, NULL, 10),
                                  (int)strtol(text + 8, NULL, 10));
    day_text(number, again);
    if (strcmp(again, text) != 0)
        return false;
    *day = number;
    return true;
}

void take_day(struct reader *reader, yaml_node_t *node, void *into)
{
    const char *text = reader_text(reader, node);
    if (text && !day_number(text, into))
        reader_fault(reader, node, "`%.40s` would be a day such as 2024-06-28", text);
}

/* ---- terms ---- */

int reader_term(struct reader *reader, yaml_node_t *node, const struct vocabulary *vocabulary)
{
    char known[400];
    size_t used = 0;
    const char *text = reader_text(reader, node);
    if (!text)
        return 0;
    const int number = term_number(vocabulary, text, (uint32_t)strlen(text));
    if (number)
        return number;
    const struct term *nearest = term_nearest(vocabulary, text, (uint32_t)strlen(text));
    for (int i = 1; i <= vocabulary->count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 1 ? ", " : "",
                                 term_name(vocabulary, i));
    if (nearest)
        reader_fault(reader, node, "`%.40s` is no %s; did you mean `%s`?", text, vocabulary->name, nearest->name);
    else
        reader_fault(reader, node, "`%.40s` is no %s; it would be one of %s", text, vocabulary->name, known);
    return 0;
}

uint32_t reader_terms(struct reader *reader, yaml_node_t *node, const struct vocabulary *vocabulary)
{
    uint32_t set = 0;
    if (!node || node->type != YAML_SEQUENCE_NODE) {
        const int number = reader_term(reader, node, vocabulary);
        return number ? TERM_BIT(number) : 0;
    }
    for (yaml_node_item_t *item = node->data.sequence.items.start; item < node->data.sequence.items.top; item++) {
        const int number = reader_term(reader, yaml_document_get_node(&reader->document, *item), vocabulary);
        set |= number ? TERM_BIT(number) : 0;
    }
    return set;
}

void take_severity(struct reader *reader, yaml_node_t *node, void *into)
{
    const int number = reader_term(reader, node, &vocabulary_severity);
    if (number)
        *(int *)into = number;
}

/* ---- near names ---- */

#define NEAR_NAME_MAX 32 /* bytes of a key; the longest has 14 */

static size_t distance(const char *a, const char *b)
{
    size_t row[NEAR_NAME_MAX + 1];
    const size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            const size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            const size_t added = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = changed < added ? changed : added;
        }
    }
    return row[width];
}

const char *name_nearest(const char *const *names, const char *mistaken)
{
    const char *nearest = NULL;
    size_t least = 3;
    if (strlen(mistaken) > NEAR_NAME_MAX)
        return NULL;
    for (; *names; names++) {
        const size_t far = strlen(*names) <= NEAR_NAME_MAX ? distance(mistaken, *names) : least;
        if (far < least && far < strlen(*names)) {
            least = far;
            nearest = *names;
        }
    }
    return nearest;
}

/* Changes of the head, as they are written: what is set, under which conditions, and what is given back. Read and not known by heart,
 * so that a condition that is left out is one that does not hold anybody back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/pg.h"
#include "sim/sim.h"

static const char *const columns[PG_COLUMNS] = {
    [PG_EPOCH] = "epoch",     [PG_BEAT] = "beat", [PG_SEQ] = "seq",       [PG_CHECKPOINT] = "checkpoint",
    [PG_ROW_SUM] = "row_sum", [PG_SUM] = "sum",   [PG_LEADER] = "leader", [PG_ENDPOINT] = "endpoint",
    [PG_HEIR] = "heir",       [PG_HASH] = "hash",
};

struct reading {
    const struct pg_statement *statement;
    const char *sql, *at;
};

/* ---- the text ---- */

static bool takes(struct reading *reading, const char *words)
{
    const size_t size = strlen(words);
    if (strncmp(reading->at, words, size) != 0)
        return false;
    reading->at += size;
    return true;
}

static void must_take(struct reading *reading, const char *words)
{
    SIM_CHECK(pg->sim, takes(reading, words), "a statement that is not known: %s: at %s", reading->sql, reading->at);
}

/* The longest, for one may begin as another does. */
static int take_column(struct reading *reading)
{
    int taken = -1;
    for (int i = 0; i < PG_COLUMNS; i++)
        if (strncmp(reading->at, columns[i], strlen(columns[i])) == 0 &&
            (taken < 0 || strlen(columns[i]) > strlen(columns[taken])))
            taken = i;
    SIM_CHECK(pg->sim, taken >= 0, "a column of the head that is not known: %s: at %s", reading->sql, reading->at);
    reading->at += strlen(columns[taken]);
    return taken;
}

/* `$3::int8`, or a text between quotes. */
static struct pg_value take_value(struct reading *reading)
{
    if (takes(reading, "'")) {
        const char *begin = reading->at;
        reading->at += strcspn(reading->at, "'");
        must_take(reading, "'");
        return (struct pg_value){(const uint8_t *)begin, (int)(reading->at - 1 - begin)};
    }
    must_take(reading, "$");
    char *end;
    const unsigned long number = strtoul(reading->at, &end, 10);
    reading->at = end;
    SIM_CHECK(pg->sim, number > 0 && number <= (unsigned long)reading->statement->count, "$%lu was not given: %s",
              number, reading->sql);
    if (!takes(reading, "::int8") && !takes(reading, "::text"))
        must_take(reading, "::bytea");
    return reading->statement->values[number - 1];
}

/* ---- values ---- */

uint64_t pg_number(const struct pg_value *value)
{
    uint64_t number = 0;
    for (int i = 0; i < value->size; i++)
        number = number << 8 | value->bytes[i];
    return number;
}

static void set(struct pg_head *head, int column, const struct pg_value *value)
{
    if (column < PG_NUMBERS)
        head->numbers[column] = pg_number(value);
    else if (column == PG_HASH)
        memcpy(head->hash, value->bytes, sizeof head->hash);
    else
        snprintf(head->texts[column - PG_NUMBERS], sizeof head->texts[0], "%.*s", value->size,
                 (const char *)value->bytes);
}

static bool equals(const struct pg_head *head, int column, const struct pg_value *value)
{
    SIM_CHECK(pg->sim, column != PG_HASH, "the head's hash is compared");
    if (column < PG_NUMBERS)
        return head->numbers[column] == pg_number(value);
    const char *text = pg_text(head, (enum pg_column)column);
    return strlen(text) == (size_t)value->size && memcmp(text, value->bytes, (size_t)value->size) == 0;
}

void pg_give(struct pg_result *result, const struct pg_head *head, enum pg_column column)
{
    if (column < PG_NUMBERS)
        pg_result_number(result, head->numbers[column]);
    else if (column == PG_HASH)
        pg_result_bytes(result, head->hash, sizeof head->hash);
    else
        pg_result_bytes(result, pg_text(head, column), strlen(pg_text(head, column)));
}

/* ---- its parts ---- */

static void read_sets(struct reading *reading, struct pg_head *head)
{
    do {
        const int column = take_column(reading);
        must_take(reading, " = ");
        if (takes(reading, columns[column])) {
            must_take(reading, " + 1");
            head->numbers[column]++;
        } else {
            const struct pg_value value = take_value(reading);
            set(head, column, &value);
        }
    } while (takes(reading, ", "));
}

#define ANY UINT64_MAX /* −1 */

/* `epoch = $1::int8`, or so unless it is −1. */
static bool read_condition(struct reading *reading, const struct pg_head *head)
{
    bool holds = false;
    const bool has_way_out = takes(reading, "(");
    if (has_way_out) {
        const struct pg_value given = take_value(reading);
        must_take(reading, " = -1 OR ");
        holds = pg_number(&given) == ANY;
    }
    const int column = take_column(reading);
    must_take(reading, " = ");
    const struct pg_value value = take_value(reading);
    if (has_way_out)
        must_take(reading, ")");
    return equals(head, column, &value) || holds;
}

static bool read_conditions(struct reading *reading, const struct pg_head *head, bool *waits)
{
    bool holds = true;
    must_take(reading, " WHERE id = 1");
    while (takes(reading, " AND ")) {
        if (takes(reading, "set_config('synchronous_commit', 'off', true) = 'off'")) {
            *waits = false;
            continue;
        }
        holds = read_condition(reading, head) && holds;
    }
    return holds;
}

#define NOTIFIES (-1)
#define GIVES    12

static struct pg_result *read_returning(struct reading *reading, const struct pg_head *head, bool holds, bool *notifies)
{
    int returned[GIVES], count = 0;
    if (takes(reading, " RETURNING "))
        do {
            const bool is_call = takes(reading, "pg_notify(");
            if (is_call)
                (void)take_value(reading);
            if (is_call)
                must_take(reading, ", '')");
            returned[count++] = is_call ? NOTIFIES : take_column(reading);
            *notifies = *notifies || is_call;
        } while (count < GIVES && takes(reading, ", "));
    struct pg_result *result = pg_result_new(count);
    for (int i = 0; holds && i < count; i++)
        if (returned[i] == NOTIFIES)
            pg_result_bytes(result, "", 0);
        else
            pg_give(result, head, (enum pg_column)returned[i]);
    return result;
}

struct pg_result *pg_update(struct pg_backend *backend, const char *sql, const char **end, struct pg_change **change,
                            bool *waits)
{
    struct reading reading = {&backend->statement, sql, sql};
    struct pg_head head = pg->tables.head;
    bool notifies = false;
    *waits = true;
    *change = NULL;
    must_take(&reading, "UPDATE head SET ");
    read_sets(&reading, &head);
    const bool holds = read_conditions(&reading, &pg->tables.head, waits);
    if (holds && pg_pending())
        return NULL; /* and then it is looked at again, as it is then */
    struct pg_result *result = read_returning(&reading, &head, holds, &notifies);
    *end = reading.at;
    if (!holds)
        return result;
    *change = xcalloc(1, sizeof **change);
    (*change)->head = head;
    (*change)->notifies = notifies;
    if (head.numbers[PG_EPOCH] != pg->tables.head.numbers[PG_EPOCH] && pg_leader(&head)[0])
        result->claims = head.numbers[PG_EPOCH];
    return result;
}

/* Arrays among a statement's values, in the binary format. See pg.h. */
#include "sim/pg_statements.h"

static uint32_t take32(const uint8_t **at)
{
    const struct pg_value value = {*at, 4};
    *at += 4;
    return (uint32_t)pg_number(&value);
}

struct pg_array pg_array_of(const struct pg_backend *backend, int number)
{
    struct pg_array array = {pg_value_of(backend, number)->bytes, 0};
    const uint32_t dimensions = take32(&array.at);
    array.at += 8;
    if (dimensions > 0) {
        array.count = take32(&array.at);
        array.at += 4;
    }
    return array;
}

struct pg_value pg_take_value(struct pg_array *array)
{
    const int size = (int)take32(&array->at);
    const struct pg_value value = {array->at, size};
    array->at += size;
    return value;
}

uint64_t pg_take_number(struct pg_array *array)
{
    const struct pg_value value = pg_take_value(array);
    return pg_number(&value);
}

/* All that is wrong with an object: each field once, at its path, and nothing of an object that is right. */
#include "../../../clients/common/json_faults.h"

#include <string.h>

#include "unit/test.h"

struct told {
    char fields[600]; /* NAME of the error and path, each in its line */
    size_t count;
};

static void tell(void *user, struct problem *problem)
{
    struct told *told = user;
    const size_t used = strlen(told->fields);
    snprintf(told->fields + used, sizeof told->fields - used, "%s %s\n", error_row(problem->error)->name,
             problem->field);
    told->count++;
}

static struct told look(const struct message *message, const char *text, const char *optional)
{
    struct told told = {{0}, 0};
    json_t *object = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(object);
    const struct json_faults faults = {tell, &told, optional};
    const size_t found = json_faults(&faults, message, object);
    assert_int_equal(found, told.count);
    json_decref(object);
    return told;
}

TEST(each_field_at_fault_is_told_once_at_any_depth)
{
    const struct told told = look(
        &message_calendar,
        "{\"name\": 5, \"hour\": [], \"utc_offset\": 99999, \"hours\": [{\"weekday\": 1, \"open\": 1, "
        "\"close\": true}, 3, {\"weekday\": 8}]}",
        NULL);
    assert_string_equal(told.fields, "bad_type name\nbad_value hour\nout_of_range utc_offset\nbad_type hours[0].close\n"
                                     "bad_type hours[1]\nout_of_range hours[2].weekday\nmissing_field hours[2].open\n"
                                     "missing_field hours[2].close\nmissing_field calendar\n");
}

TEST(what_is_right_has_no_fault_and_null_is_as_good_as_absent)
{
    assert_int_equal(look(&message_agency, "{\"agency\": \"a\", \"name\": \"A\", \"parent\": null}", NULL).count, 0);
    assert_string_equal(look(&message_agency, "{\"agency\": \"a\", \"name\": null}", NULL).fields,
                        "missing_field name\n");
    assert_int_equal(look(&message_agency, "{\"agency\": \"a\"}", "name").count, 0);
    assert_string_equal(look(&message_agency, "[]", NULL).fields, "bad_type \n");
}

/* What a gateway answers, where its status alone says nothing. */
#include "unit/test.h"

#include <string.h>

#include "../../../clients/relay/answer.h"

TEST(an_answer_has_each_value_that_is_wanted_or_says_which_not)
{
    static struct pair items[] = {{"error", "0"}, {"data.ok", "true"}, {"data.state", "queued"}};
    const struct pairs none = {NULL, 0}, one = {items, 1}, all = {items, 3};
    static const struct {
        const char *body;
        const char *one, *all; /* why not; NULL when it has them */
    } table[] = {
        {"{\"error\":0,\"data\":{\"ok\":true,\"state\":\"queued\"}}", NULL, NULL},
        {"{\"error\":\"0\"}", NULL, "data.ok absent, not true"},
        {"{\"error\":-216}", "error -216, not 0", "error -216, not 0"},
        {"{\"error\":0,\"data\":{\"ok\":false}}", NULL, "data.ok false, not true"},
        {"{\"error\":0,\"data\":7}", NULL, "data.ok absent"},
        {"{\"error\":[0]}", "not 0", "not 0"},
        {"[0]", "no JSON object", "no JSON object"},
        {"0", "no JSON object", "no JSON object"},
        {"", "no JSON object", "no JSON object"},
        {"{\"error\":0", "no JSON object", "no JSON object"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        char why[200] = "";
        assert_true(answer_has(&none, table[i].body, why));
        assert_int_equal(answer_has(&one, table[i].body, why), !table[i].one);
        if (table[i].one && !strstr(why, table[i].one))
            fail_msg("%s: %s", table[i].body, why);
        assert_int_equal(answer_has(&all, table[i].body, why), !table[i].all);
        if (table[i].all && !strstr(why, table[i].all))
            fail_msg("%s: %s", table[i].body, why);
    }
}

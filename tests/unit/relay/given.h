/* Configurations and notifications as tests give them. */
#ifndef RELAY_TESTS_GIVEN_H
#define RELAY_TESTS_GIVEN_H

#include "../../../clients/relay/relay.h"

/* Of text; the faults (freed by the next call) when it is not right. */
struct config *given_config(const char *text, const char **faults);
struct config *given_right(const char *text); /* fails the test otherwise */
/* "2024-06-28T16:30" in Vietnam. */
int64_t at(const char *time);
void at_text(int64_t when, char text[32]);
/* The calendar of Vietnam as far as the tests go: Tết 2024, and a Saturday that is worked. */
void given_days(struct working_days *days);
/* An object of the fields that are told; a view of it. */
json_t *given_object(const char *json);

#endif

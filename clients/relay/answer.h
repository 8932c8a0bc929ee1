/* What a webhook answers with a status of 2xx, where that alone does not say that the delivery was taken: gateways are known to
 * say `200` and, in the body, that it was not. Pure.
 */
#ifndef RELAY_ANSWER_H
#define RELAY_ANSWER_H

#include "config.h"

/* Whether the body is a JSON object in which each of these has its value; `why` says what is not so. */
bool answer_has(const struct pairs *wanted, const char *body, char why[200]);

#endif

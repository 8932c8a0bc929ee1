/* The link in a mail of the relay by which an escalation is acknowledged: /acknowledge?task=…&signature=…, signed by the relay
 * with the secret that coord-web has too. It changes nothing by itself, and so does no harm where a mail scanner follows it:
 * it leads to the form, filled in, which wants a session and goes by its rights. One that is not right, or too old, leads to
 * the task alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "plain.h"
#include "request.h"
#include "sign.h"

/* A whole number, or 0. */
static uint64_t number_of(const struct request *request, const char *name)
{
    const char *text = request_query(request, name);
    const size_t size = text ? strlen(text) : 0;
    return size > 0 && size <= 16 && strspn(text, "0123456789") == size ? strtoull(text, NULL, 10) : 0;
}

static const char *text_of_query(const struct request *request, const char *name)
{
    const char *text = request_query(request, name);
    return text ? text : "";
}

void handle_acknowledge(struct request *request)
{
    const char *secret = request->web->config->link_secret;
    const struct link link = {.task = number_of(request, "task"),
                              .escalation = number_of(request, "escalation"),
                              .agency = text_of_query(request, "agency"),
                              .person = text_of_query(request, "person"),
                              .until = (int64_t)number_of(request, "until")};
    struct buffer where = {.exhausted = alloc_failed};
    if (link.task)
        buffer_printf(&where, "/tasks/%llu", (unsigned long long)link.task);
    if (secret && link.task && sign_link_holds(secret, &link, text_of_query(request, "signature"), request->web->now)) {
        buffer_printf(&where, "?act=acknowledge&escalation=%llu&for=", (unsigned long long)link.escalation);
        plain_put_address(&where, link.agency);
    } else {
        buffer_printf(&where, link.task ? "?problem=acknowledge_link" : "/");
    }
    buffer_append(&where, "", 1);
    request_redirect(request, where.data);
    buffer_done(&where);
}

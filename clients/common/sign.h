/* HMAC-SHA256, by libsodium: what proves to a receiver that a delivery is the relay's, and to a page that a link is. */
#ifndef COMMON_SIGN_H
#define COMMON_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

#define SIGN_TEXT    65                       /* 32 bytes in hexadecimal, and the end */
#define SIGN_LINK_MS (INT64_C(14) * 86400000) /* a link to acknowledge is good for two weeks */

void sign(const char *secret, const void *bytes, size_t size, char text[SIGN_TEXT]);

struct link {
    uint64_t task, escalation;
    const char *agency, *person;
    int64_t until;
};
/* WEB/acknowledge?task=…&escalation=…&agency=…&person=…&until=…&signature=…, of which the signature covers all that stands
 * between `?` and `&signature`. */
void sign_link(const char *secret, const char *web, const struct link *link, struct buffer *out);
/* Whether a signature is of this link and secret, and the link not too old. */
bool sign_link_holds(const char *secret, const struct link *link, const char *signature, int64_t now);

#endif

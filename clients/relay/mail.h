/* A mail as it goes over the wire: RFC 5322 with MIME, text and HTML beside each other, all of it UTF-8. Pure. */
#ifndef RELAY_MAIL_H
#define RELAY_MAIL_H

#include <stdint.h>

#include "buffer.h"

struct mail {
    const char *from, *to, *to_name; /* addresses; the reader's name or NULL */
    const char *reply_to;            /* NULL for none */
    const char *subject, *text, *html;
    const char *key;    /* of the delivery: its Message-ID, so that a second copy is known for one */
    const char *thread; /* what all mails of a task have in common; "" for none */
    int64_t now;
};

void mail_compose(const struct mail *mail, struct buffer *out);
/* Text in a header, as encoded words of RFC 2047 where it is not plain ASCII. `used` is what stands before it. */
void mail_header_text(struct buffer *out, const char *text, size_t used);

#endif

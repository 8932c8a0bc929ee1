/* What people read, in Vietnamese and English: what it is about, whose it is, when it happened, due when and why, and what is to
 * be done next. Pure.
 */
#ifndef RELAY_WORDS_H
#define RELAY_WORDS_H

#include "config.h"

/* The name of an agency by its id, for people; the id when nobody knows better. */
typedef void words_agency(void *user, const char *id, enum language language, char name[257]);

struct words {
    enum language language;
    const struct working_days *days; /* whose clock times are told in */
    words_agency *agency;
    void *user;
    const char *web, *link_secret; /* NULL: no links, or none that is signed */
    const char *person;            /* id of the reader; "" when the book does not have one */
    int64_t now;
};

/* One line, without a line's end. */
void words_subject(const struct words *words, const struct notification *items, size_t count, struct buffer *out);
void words_text(const struct words *words, const struct notification *items, size_t count, struct buffer *out);
void words_html(const struct words *words, const struct notification *items, size_t count, struct buffer *out);

/* How loudly the broker tells such a notice, but that a step may tell a reminder or what is overdue otherwise. */
int words_severity(int notice);

#endif

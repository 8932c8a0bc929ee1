/* Between the files of words.h: a message is lines, each a label and what stands behind it. What there is to say of a subject, its own file
 * says; what is absent of a notification, as of one that an older relay stored, leaves its line out.
 */
#ifndef RELAY_WORDS_LINES_H
#define RELAY_WORDS_LINES_H

#include "occasion.h"
#include "words.h"

/* What is said in either language. */
struct both {
    const char *vi, *en;
};

typedef void words_put(void *into, const char *label, const char *value);

/* All lines of one notification. */
void words_lines(const struct words *words, const struct notification *item, words_put *put, void *into);
void words_title(const struct words *words, const struct notification *item, struct buffer *out);

/* words_due.c: the date that it is about, then the task's; and which dates a calendar moved. */
void words_dates(const struct words *words, const struct notification *item, words_put *put, void *into);
/* words_why.c: why it comes, what its agency said, and what holds the task up. */
void words_reasons(const struct words *words, const struct notification *item, words_put *put, void *into);
/* words_request.c: what a request of the lead, a suspension or an answer says. */
void words_request(const struct words *words, const struct notification *item, words_put *put, void *into);
/* words_opinion.c: who was asked for an opinion, who gave one, and who did not. */
void words_opinions(const struct words *words, const struct notification *item, words_put *put, void *into);
/* words_value.c: what was reported of a target, and which value is missing or owed. */
void words_values(const struct words *words, const struct notification *item, words_put *put, void *into);
/* words_link.c: the page where it is seen, or acknowledged. */
void words_link(const struct words *words, const struct notification *item, words_put *put, void *into);
/* words_hot_spot.c: the rule, the place, and its tasks; where alone, in few words, for a subject. */
void words_hot_spot(const struct words *words, const struct notification *item, words_put *put, void *into);
/* The page of its rule; nothing of a rule that is there no more. */
void words_hot_spot_link(const struct words *words, const struct notification *item, struct buffer *link);
void words_hot_spot_where(const struct words *words, const struct notification *item, char *text, size_t size);

/* ---- for all of them ---- */

const char *words_say(const struct words *words, const char *vi, const char *en);
const char *words_in(const struct words *words, const struct both *both);
/* A sentence of words.def.h, with its `%s`, if it has one, filled in. */
void words_fill(const char *sentence, const char *of, char *text, size_t size);
/* A line of what was gathered, which this frees; none of nothing. */
void words_put_buffer(struct buffer *text, const char *label, words_put *put, void *into);
void words_name(const struct words *words, const char *id, char name[257]);
/* "28/06/2024", or "2024-06-28". */
void words_day(const char *day, enum language language, char text[32]);
/* The last day in time of a due instant, the first that is too late. */
void words_last_day(const struct words *words, int64_t due, char text[32]);
/* A term, in English with blanks: its name is one word for programs, and several for people. */
void words_term(const struct words *words, const struct vocabulary *vocabulary, int term, char *text, size_t size);
const char *words_text_at(const json_t *object, const char *name); /* "" when it is not there */
int words_term_at(const json_t *object, const char *name, const struct vocabulary *vocabulary);

#endif

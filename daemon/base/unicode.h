/* Vietnamese text arrives composed or decomposed; what is kept is composed (NFC), and searches fold both ways. */
#ifndef COORDD_BASE_UNICODE_H
#define COORDD_BASE_UNICODE_H

#include <stdbool.h>

#include "buffer.h"

/* Combining marks in a row: of more, putting them in order takes time that is quadratic in their number. The Stream-Safe
 * Text Format of UAX #15 (section 13) has the same bound, counted as there: in NFKD. No language needs half of it. */
#define UNICODE_MARKS_MAX 30

enum unicode_result { UNICODE_COMPOSED, UNICODE_MARKS, UNICODE_TOO_MUCH };

/* The same text in NFC: itself when it is already, else in the arena. The text must be UTF-8. `left` is how many bytes may be
 * asked of Unicode's tables, 100 ns each, and how many are left of them then; what is plainly composed is none of them. Else
 * nothing is composed: UNICODE_MARKS when more than UNICODE_MARKS_MAX marks follow each other, UNICODE_TOO_MUCH. */
enum unicode_result unicode_compose(struct arena *arena, struct text text, uint64_t *left, struct text *composed);
/* For searching: lower case, without tones and other marks, đ as d; in the arena. */
struct text unicode_fold(struct arena *arena, struct text text);
/* Whether nothing in it can be seen: spaces of every width, marks that only join or turn what stands around them, and letters and
 * signs that are blank, such as U+3164 and U+2800. */
bool unicode_is_blank(struct text text);

#endif

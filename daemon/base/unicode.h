/* Vietnamese text arrives composed or decomposed; what is kept is composed (NFC), and searches fold both ways. */
#ifndef COORDD_BASE_UNICODE_H
#define COORDD_BASE_UNICODE_H

#include <stdbool.h>

#include "buffer.h"

/* Combining marks in a row: of more, putting them in order takes time that is quadratic in their number. The Stream-Safe
 * Text Format of UAX #15 (section 13) has the same bound, counted as there: in NFKD. No language needs half of it. */
#define UNICODE_MARKS_MAX 30

/* The same text in NFC: itself when it is already, else in the arena. The text must be UTF-8. False, and nothing is
 * composed, when more than UNICODE_MARKS_MAX marks follow each other. */
bool unicode_compose(struct arena *arena, struct text text, struct text *composed);
/* For searching: lower case, without tones and other marks, đ as d; in the arena. */
struct text unicode_fold(struct arena *arena, struct text text);
/* Whether nothing in it can be seen: spaces of every width, and marks that only join or turn what stands around them. */
bool unicode_is_blank(struct text text);

#endif

/* Vietnamese text arrives composed or decomposed; what is kept is composed (NFC), and searches fold both ways. */
#ifndef COORDD_BASE_UNICODE_H
#define COORDD_BASE_UNICODE_H

#include "buffer.h"

/* The same text in NFC: itself when it is already, else in the arena. The text must be UTF-8. */
struct text unicode_compose(struct arena *arena, struct text text);
/* For searching: lower case, without tones and other marks, đ as d; in the arena. */
struct text unicode_fold(struct arena *arena, struct text text);
/* Whether nothing in it can be seen: spaces of every width, and marks that only join or turn what stands around them. */
bool unicode_is_blank(struct text text);

#endif

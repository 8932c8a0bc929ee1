/* A row as this program writes it, read straight into its struct: fields in the order of their table, each once, within their
 * bounds, of the types that most rows have alone. A start reads little else, and the decoder takes five times as long. What is
 * otherwise in any way is the decoder's: it takes it, or says what is wrong with it.
 */
#ifndef COORDD_CORE_ROW_READ_H
#define COORDD_CORE_ROW_READ_H

#include "message.h"

/* False when it is otherwise: nothing is known of the row then. Whatever is taken here the decoder takes as well, and as the same.
 * Texts lie in the bytes, arrays in the arena. */
bool row_read(const void *bytes, size_t size, const struct message *message, struct arena *arena, void *row);

#endif

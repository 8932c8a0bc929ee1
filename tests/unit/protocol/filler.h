/* Messages for tests, made by walking the tables: whatever is added there is tested with no word here. */
#ifndef COORDD_TESTS_FILLER_H
#define COORDD_TESTS_FILLER_H

#include "message.h"

/* Every message of the tables, and how many. */
extern const struct message *const every_message[];
extern const size_t every_message_count;

/* Room for the struct of any message. */
union any_message {
    msg_bits has;
    char bytes[4096];
};

/* Fills all fields with values that are allowed and differ by seed; only the required ones if `required_only`.
 * Arrays are the arena's. */
void fill_message(struct arena *arena, const struct message *message, void *out, unsigned seed, bool required_only);
/* Whether two structs say the same. */
bool same_message(const struct message *message, const void *a, const void *b);

/* A frame {"op": "test", fields of `in`, name: value} where `value` is msgpack as it stands. */
void frame_with(struct buffer *frame, const struct message *message, const void *in, const char *name,
                struct text value);

#endif

/* Frames made out of an input's bytes by walking the tables of messages: nearly every input is a frame that says
 * something, so that what lies behind decoding is reached; and here and there one that is wrong in one place.
 */
#ifndef COORDD_FUZZ_GENERATE_H
#define COORDD_FUZZ_GENERATE_H

#include "message.h"

/* What is left of an input. Once used up it gives zeroes, which choose the plainest there is. */
struct source {
    const uint8_t *bytes;
    size_t size;
};

uint8_t source_byte(struct source *source);
uint64_t source_number(struct source *source, unsigned bytes);
/* At most so many bytes as they stand. */
struct text source_run(struct source *source, size_t size);

/* Appends {"op": op, "id": id (unless empty), fields…}. A buffer of more than GENERATE_MAX bytes gets no more elements,
 * and no more texts at their bounds. */
#define GENERATE_MAX 3072
void generate_frame(struct source *source, struct buffer *frame, const char *op, struct text id,
                    const struct message *message);
/* A request: its op and id are chosen as well. `number` makes an id that no other request of the input has. Returns its
 * row. */
const struct op_row *generate_request(struct source *source, struct buffer *frame, unsigned number);

/* The names and times that values are mostly chosen from: world.c makes what they speak of. */
#define GENERATE_NOW  INT64_C(1717376400000) /* Monday 2024-06-03, 8:00 at UTC+7 */
#define GENERATE_KEYS 4
extern const char *const generate_agencies[GENERATE_KEYS];
extern const char *const generate_keys[GENERATE_KEYS]; /* public keys, one of each agency */

#endif

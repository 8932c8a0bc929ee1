/* Trying one value in one field of a message, for tests that walk the tables which they hold. */
#ifndef COORDD_TESTS_UNIT_PROTOCOL_ATTEMPT_H
#define COORDD_TESTS_UNIT_PROTOCOL_ATTEMPT_H

#include "filler.h"
#include "unit/test.h"

struct attempt {
    struct decoder *decoder;
    struct arena arena;
    struct buffer frame;
    struct problem problem;
    union any_message in, out;
};

void attempt_init(struct attempt *attempt);
void attempt_done(struct attempt *attempt);
/* A message otherwise sound with this field left out. */
void attempt_leave_out(struct attempt *attempt, const struct message *message, const struct field *field);
/* Its frame: 0 or its error, and then nothing is read. */
int attempt_decode(struct attempt *attempt, const struct message *message);
/* What the decoder says to this value, msgpack as it stands, in this field. */
int attempt_value(struct attempt *attempt, const struct message *message, const struct field *field, struct text value);
/* And that it is this, for the field. */
void attempt_expect(struct attempt *attempt, const struct message *message, const struct field *field,
                    struct text value, int error);
typedef void field_visitor(struct attempt *attempt, const struct message *message, const struct field *field);

/* Of every message. */
void attempt_each_field(field_visitor *visit);

#endif

/* Values of fields by their types, from the tables. */
#ifndef COORDD_TESTS_UNIT_CORE_MAKER_H
#define COORDD_TESTS_UNIT_CORE_MAKER_H

#include "core/task_field.h"

#define MAKER_POOL 48 /* agencies to name: `p0` to `p47`; a set of values takes at most half of them */

struct maker {
    struct arena arena;
    unsigned seed;    /* another seed, another value of each field */
    unsigned named;   /* agencies named so far */
    uint64_t parents; /* tasks 1 to this may be parents; the two after them may be waited for */
};

/* A value of a field's type, and its bit. `type` is its row's, of which messages know less: which texts are agencies. */
void maker_make(struct maker *maker, const struct message *message, unsigned bit, enum task_type type, void *out);
/* Whether two messages say the same by fields of one name: neither has it, or both have the same value. */
bool maker_same_field(const struct message *message, const void *a, const struct field *field_b, const void *b,
                      unsigned bit_b, unsigned bit);

#endif

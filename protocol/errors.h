/* Errors as C sees them: 0, or the negative number of a row of errors.def.h. */
#ifndef COORD_ERRORS_H
#define COORD_ERRORS_H

#include <stdbool.h>
#include <stdint.h>

#include "errors.def.h"

#ifdef __cplusplus
extern "C" {
#endif

enum coord_error {
    COORD_OK = 0,
#define E(constant, number, name, retry, sentence) COORD_E_##constant = -(number),
    COORD_ERRORS(E)
#undef E
};

struct error_row {
    int error; /* negative */
    bool retry;
    const char *name;
    const char *sentence;
};

/* The row of an error; NULL when there is none. Static. */
const struct error_row *error_row(int error);
const struct error_row *error_row_named(const char *name, uint32_t size);

/* What is wrong with one input: told to its sender as MSG_ERROR. */
struct problem {
    int error;          /* COORD_E_…; 0 when nothing is wrong */
    char field[96];     /* path of the field at fault, "" when it is the whole */
    char message[256];  /* what is wrong and what would be right */
    uint64_t version;   /* with CONFLICT: the version now; else 0 */
    int state;          /* with CONFLICT and WRONG_STATE: the state now; else 0 */
    const char *leader; /* with NOT_LEADER: where the broker is that leads; NULL or "" for nothing of it. Borrowed */
};

/* Fills in a problem and returns its error, so that a check can `return problem_set(…)`. */
int problem_set(struct problem *problem, int error, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same with the sentence of the error's row. */
int problem_plain(struct problem *problem, int error, const char *field);
/* Puts a parent's name before the field: "due" in "content" is "content.due". */
void problem_within(struct problem *problem, const char *parent);

#ifdef __cplusplus
}
#endif

#endif

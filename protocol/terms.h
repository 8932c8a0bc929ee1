/* The closed vocabularies of the wire as enumerations with names. */
#ifndef COORD_TERMS_H
#define COORD_TERMS_H

#include <stdint.h>

#include "terms.def.h"

#ifdef __cplusplus
extern "C" {
#endif

/* enum state { STATE_ASSIGNED = 1, … }; and so on for every vocabulary. 0 is none. */
#define TERM_STATE_T(constant, number, name, vi, sentence)       STATE_##constant = (number),
#define TERM_TIMELINESS_T(constant, number, name, vi, sentence)  TIMELINESS_##constant = (number),
#define TERM_ACTION_T(constant, number, name, vi, sentence)      ACTION_##constant = (number),
#define TERM_KIND_T(constant, number, name, vi, sentence)        KIND_##constant = (number),
#define TERM_PRIORITY_T(constant, number, name, vi, sentence)    PRIORITY_##constant = (number),
#define TERM_SCOPE_T(constant, number, name, vi, sentence)       SCOPE_##constant = (number),
#define TERM_ROLE_T(constant, number, name, vi, sentence)        ROLE_##constant = (number),
#define TERM_RIGHT_T(constant, number, name, vi, sentence)       RIGHT_##constant = (number),
#define TERM_DEADLINE_T(constant, number, name, vi, sentence)    DEADLINE_##constant = (number),
#define TERM_UNIT_T(constant, number, name, vi, sentence)        UNIT_##constant = (number),
#define TERM_RUNG_T(constant, number, name, vi, sentence)        RUNG_##constant = (number),
#define TERM_CATCHUP_T(constant, number, name, vi, sentence)     CATCHUP_##constant = (number),
#define TERM_PERIOD_T(constant, number, name, vi, sentence)      PERIOD_##constant = (number),
#define TERM_SEVERITY_T(constant, number, name, vi, sentence)    SEVERITY_##constant = (number),
#define TERM_TASKING_T(constant, number, name, vi, sentence)     TASKING_##constant = (number),
#define TERM_PROOF_T(constant, number, name, vi, sentence)       PROOF_##constant = (number),
#define TERM_CLEARABLE_T(constant, number, name, vi, sentence)   CLEARABLE_##constant = (number),
#define TERM_ASKING_T(constant, number, name, vi, sentence)      ASKING_##constant = (number),
#define TERM_ANSWERING_T(constant, number, name, vi, sentence)   ANSWERING_##constant = (number),
#define TERM_SETTLEMENT_T(constant, number, name, vi, sentence)  SETTLEMENT_##constant = (number),
#define TERM_CHARGE_T(constant, number, name, vi, sentence)      CHARGE_##constant = (number),
#define TERM_OPINING_T(constant, number, name, vi, sentence)     OPINING_##constant = (number),
#define TERM_RECORD_T(constant, number, name, vi, sentence)      RECORD_##constant = (number),
#define TERM_NOTICE_T(constant, number, name, vi, sentence)      NOTICE_##constant = (number),
#define TERM_ENDING_T(constant, number, name, vi, sentence)      ENDING_##constant = (number),
#define TERM_PAPER_T(constant, number, name, vi, sentence)       PAPER_##constant = (number),
#define TERM_FORCE_T(constant, number, name, vi, sentence)       FORCE_##constant = (number),
#define TERM_BETTER_T(constant, number, name, vi, sentence)      BETTER_##constant = (number),
#define TERM_COUNTING_T(constant, number, name, vi, sentence)    COUNTING_##constant = (number),
#define TERM_BROKER_ROLE_T(constant, number, name, vi, sentence) BROKER_ROLE_##constant = (number),
#define V(name, CONSTANT, vi, sentence)                          enum name { CONSTANT##_NONE, TERM_##CONSTANT(TERM_##CONSTANT##_T) };
TERM_VOCABULARIES(V)
#undef V

/* STATE_END, …: one past the last number, so the size of a table by number. Apart from the vocabulary's own enum, whose
 * terms alone a switch has to name. */
#define TERM_ONE(constant, number, name, vi, sentence) +1
#define V(name, CONSTANT, vi, sentence)                enum { CONSTANT##_END = 1 TERM_##CONSTANT(TERM_ONE) };
TERM_VOCABULARIES(V)
#undef V

struct term {
    int number;
    const char *name;
    const char *vi;
    const char *sentence;
    uint8_t name_size; /* bytes in the name */
};

struct vocabulary {
    const char *name;
    const char *vi;
    const char *sentence;
    const struct term *terms; /* by number, terms[0] is term number 1; numbers have no gaps */
    int count;
};

/* extern const struct vocabulary vocabulary_state, … */
#define V(name, CONSTANT, vi, sentence) extern const struct vocabulary vocabulary_##name;
TERM_VOCABULARIES(V)
#undef V

/* Wire name of a term, "" when the number is none of it. Static. */
const char *term_name(const struct vocabulary *vocabulary, int number);
struct text term_text(const struct vocabulary *vocabulary, int number);
const char *term_vi(const struct vocabulary *vocabulary, int number);
/* Number of the term with this name, 0 when there is none. */
int term_number(const struct vocabulary *vocabulary, const char *name, uint32_t size);
/* The term whose name is nearest to a mistaken one, NULL when none is near: for "did you mean". */
const struct term *term_nearest(const struct vocabulary *vocabulary, const char *name, uint32_t size);

/* A set of terms as a bit mask. */
#define TERM_BIT(number) (UINT32_C(1) << (number))

#ifdef __cplusplus
}
#endif

#endif

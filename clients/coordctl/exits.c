#include "exits.h"

#include <stddef.h>

#include "errors.h"
#include "exits.def.h"

#define X(CONSTANT, kind, next) exit_row_##CONSTANT,
enum { COORDCTL_EXITS(X) exit_row_count };
#undef X

#define E(CONSTANT, ...) +(exit_row_##CONSTANT < exit_row_count)
_Static_assert(0 COORD_ERRORS(E) == exit_row_count, "every error has its row, and no row is another's");
#undef E

static const struct exit_row {
    enum exit_code code;
    const char *next;
} rows[] = {
#define X(CONSTANT, kind, next_) [-COORD_E_##CONSTANT] = {.code = EXIT_##kind, .next = (next_)},
    COORDCTL_EXITS(X)
#undef X
};

static const struct exit_row *row_of(int error)
{
    static const struct exit_row unknown = {.code = EXIT_REFUSED};
    const int number = -error;
    const bool is_known = number > 0 && number < (int)(sizeof rows / sizeof *rows) && rows[number].code != EXIT_DONE;
    return is_known ? &rows[number] : &unknown;
}

enum exit_code exit_code_of(int error)
{
    return row_of(error)->code;
}

const char *exit_next(int error, enum op op)
{
    static const struct {
        int error;
        enum op op;
        const char *next;
    } particular[] = {
#define N(CONSTANT, OP, next_) {COORD_E_##CONSTANT, OP_##OP, next_},
        COORDCTL_NEXTS(N)
#undef N
    };
    for (size_t i = 0; i < sizeof particular / sizeof *particular; i++)
        if (particular[i].error == error && particular[i].op == op)
            return particular[i].next;
    return row_of(error)->next;
}

#include "number.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seventeen digits tell any two float64 apart; most need fewer. From %.15g on, as fewer digits are its zeros. */
void number_write(double number, char text[NUMBER_TEXT])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, NUMBER_TEXT, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

bool number_holds(int64_t integer)
{
    const double number = (double)integer;
    return number < 9223372036854775808.0 && (int64_t)number == integer;
}

/* Only digits, without a fraction or an exponent. */
static bool is_whole(const char *text)
{
    text += *text == '-' || *text == '+';
    return *text && text[strspn(text, "0123456789")] == '\0';
}

bool number_read(const char *text, double *number)
{
    char *end;
    if (text[strspn(text, "+-.0123456789eE")]) /* no hexadecimal, no infinity */
        return false;
    errno = 0;
    const double read = strtod(text, &end);
    if (end == text || *end || !isfinite(read))
        return false;
    if (is_whole(text)) {
        const long long integer = strtoll(text, NULL, 10);
        if (errno || !number_holds(integer))
            return false;
    }
    *number = read;
    return true;
}

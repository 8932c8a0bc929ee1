/* Figures as people and programs write them, digit by digit. */
#ifndef COMMON_NUMBER_H
#define COMMON_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT 32 /* -1.2345678901234567e-308, and room */

/* The shortest decimal number that is read as this one: 1234567.89, not 1.23457e+06 and not 1234567.8899999999. */
void number_write(double number, char text[NUMBER_TEXT]);
/* A decimal number; false for what is none, and when it is a whole number that a float64 would round. */
bool number_read(const char *text, double *number);
/* Whether a float64 holds this integer. */
bool number_holds(int64_t integer);

#endif

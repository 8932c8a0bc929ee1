/* The table of errors, and problems: one error with its place and its words. */
#include "errors.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define E(constant, number, name, retry, sentence) {-(number), retry, name, sentence},
static const struct error_row rows[] = {COORD_ERRORS(E)};
#undef E

#define ROW_COUNT (sizeof rows / sizeof rows[0])

const struct error_row *error_row(int error)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].error == error)
            return &rows[i];
    return NULL;
}

const struct error_row *error_row_named(const char *name, uint32_t size)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strlen(rows[i].name) == size && memcmp(rows[i].name, name, size) == 0)
            return &rows[i];
    return NULL;
}

/* A message cut short may end within a character, and would then not be text: take what is left of it away. */
static void cut_to_character(char *message, size_t size)
{
    size_t end = size;
    while (end > 0 && ((unsigned char)message[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)message[end - 1] >= 0xC0)
        message[end - 1] = '\0';
}

int problem_plain(struct problem *problem, int error, const char *field)
{
    const struct error_row *row = error_row(error);
    assert(row);
    return problem_set(problem, error, field, "%s", row->sentence);
}

int problem_set(struct problem *problem, int error, const char *field, const char *format, ...)
{
    memset(problem, 0, sizeof *problem);
    problem->error = error;
    if (field)
        problem_within(problem, field);
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(problem->message, sizeof problem->message, format, arguments);
    va_end(arguments);
    if (size >= (int)sizeof problem->message)
        cut_to_character(problem->message, sizeof problem->message - 1);
    return error;
}

void problem_within(struct problem *problem, const char *parent)
{
    char field[sizeof problem->field];
    memcpy(field, problem->field, sizeof field);
    const char *between = field[0] == '\0' || field[0] == '[' ? "" : ".";
    /* A path too long for its place loses its end, never its beginning: that is where a reader looks first. */
    size_t size = 0;
    const char *parts[] = {parent, between, field};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (const char *part = parts[i]; *part && size < sizeof problem->field - 1; part++)
            problem->field[size++] = *part;
    problem->field[size] = '\0';
}

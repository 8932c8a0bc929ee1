/* On a terminal a table is laid out once all its rows are known (table_fit.h): columns in which nothing stands are left
 * out, then those that are spare, and what is wide is cut to what room is left. Piped, a row goes out as it comes.
 */
#include "table.h"

#include <libsmartcols/libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layout.h"
#include "output.h"
#include "plain.h"
#include "table_fit.h"

#define CELL_MAX     4200
#define PIPED_WIDTH  140 /* of a table that goes into a pipe, when COLUMNS says nothing */
#define BELOW_INDENT 4
#define NAMED_INDENT 2

struct table {
    const struct column *columns;
    size_t count;
    struct libscols_table *lines; /* NULL when piped: rows go out as they come */
    size_t rows;
    uint32_t alarms; /* a bit for each column whose numbers are wanted small */
};

static size_t table_width(void)
{
    const size_t width = layout_width();
    return width || isatty(STDOUT_FILENO) ? width : PIPED_WIDTH;
}

struct table *table_new(const struct column *columns, size_t count)
{
    struct table *table = calloc(1, sizeof *table);
    if (!table || count > FIT_COLUMNS_MAX)
        abort();
    table->columns = columns;
    table->count = count;
    if (!output_is_terminal())
        return table;
    scols_init_debug(0);
    table->lines = scols_new_table();
    scols_table_enable_colors(table->lines, output_has_colour());
    scols_table_set_termforce(table->lines, SCOLS_TERMFORCE_ALWAYS);
    if (table_width())
        scols_table_set_termwidth(table->lines, table_width());
    for (size_t i = 0; i < count; i++)
        scols_table_new_column(table->lines, columns[i].heading, 0,
                               (columns[i].sort == COLUMN_NUMBER ? SCOLS_FL_RIGHT : 0) |
                                   (columns[i].sort == COLUMN_WIDE ? SCOLS_FL_TRUNC : 0));
    return table;
}

void table_alarm(struct table *table, size_t column)
{
    table->alarms |= UINT32_C(1) << column;
}

/* ---- rows ---- */

/* What wants to be seen. */
static const char *colour_of(const struct table *table, size_t column, const char *cell)
{
    static const struct {
        const char *word, *colour;
    } colours[] = {{"overdue", "red"},    {"late", "red"},        {"critical", "red"}, {"due_soon", "yellow"},
                   {"warning", "yellow"}, {"completed", "green"}, {"on_time", "green"}};
    if (table->alarms >> column & 1)
        return strcmp(cell, "0") != 0 ? "red" : NULL;
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (strcmp(cell, colours[i].word) == 0)
            return colours[i].colour;
    return NULL;
}

void table_add_cells(struct table *table, const char *const *cells)
{
    char cell[CELL_MAX];
    struct libscols_line *line = table->lines ? scols_table_new_line(table->lines, NULL) : NULL;
    table->rows++;
    for (size_t i = 0; i < table->count; i++) {
        plain_copy(cells[i], strlen(cells[i]), false, cell, sizeof cell); /* a value of several lines is one cell */
        if (!line) {
            printf("%s%s", i ? "\t" : "", cell);
            continue;
        }
        scols_line_set_data(line, i, cell);
        if (output_has_colour() && colour_of(table, i, cell))
            scols_cell_set_color(scols_line_get_cell(line, i), colour_of(table, i, cell));
    }
    if (!line)
        putchar('\n');
}

/* The field at a path, and its value; NULL when it is absent. */
static const void *field_at(const struct message *message, const void *item, const char *path,
                            const struct field **field)
{
    const char *dot = strchr(path, '.');
    msg_bits has;
    *field = message_field(message, path, (uint32_t)(dot ? dot - path : (long)strlen(path)));
    memcpy(&has, item, sizeof has);
    if (!*field || !(has >> (*field - message->fields) & 1))
        return NULL;
    const void *value = (const char *)item + (*field)->offset;
    return dot ? field_at((*field)->message, value, dot + 1, field) : value;
}

void table_add(struct table *table, const struct message *message, const void *item)
{
    static char texts[FIT_COLUMNS_MAX][CELL_MAX];
    const char *cells[FIT_COLUMNS_MAX];
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field;
        if (table->columns[i].sort == COLUMN_WORD) {
            cells[i] = table->columns[i].field;
            continue;
        }
        const void *value = field_at(message, item, table->columns[i].field, &field);
        texts[i][0] = '\0';
        if (value)
            value_show(field, value, texts[i], sizeof texts[i]);
        cells[i] = texts[i];
    }
    table_add_cells(table, cells);
}

/* ---- the layout ---- */

static const char *cell_at(const struct table *table, size_t row, size_t column)
{
    struct libscols_line *line = scols_table_get_line(table->lines, row);
    const char *cell = line ? scols_cell_get_data(scols_line_get_cell(line, column)) : NULL;
    return cell ? cell : "";
}

/* The widest cell's width, with its heading; 0 when all are empty. */
static size_t natural_width(const struct table *table, size_t column)
{
    size_t widest = 0;
    for (size_t row = 0; row < table->rows; row++) {
        const char *cell = cell_at(table, row, column);
        const size_t width = layout_columns(cell, strlen(cell));
        widest = width > widest ? width : widest;
    }
    const size_t heading = strlen(table->columns[column].heading);
    return widest == 0 || widest > heading ? widest : heading;
}

static void cut_column(const struct table *table, size_t column, size_t width)
{
    char cell[CELL_MAX];
    for (size_t row = 0; row < table->rows; row++) {
        snprintf(cell, sizeof cell, "%s", cell_at(table, row, column));
        layout_cut(cell, sizeof cell, width);
        scols_line_set_data(scols_table_get_line(table->lines, row), column, cell);
    }
}

static bool is_below(const struct column *column)
{
    return column->sort == COLUMN_BELOW || column->sort == COLUMN_NAMED;
}

static void lay_out(const struct table *table)
{
    struct fit fits[FIT_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        fits[i] = (struct fit){.natural = is_below(column) ? 0 : natural_width(table, i),
                               .wide = column->sort == COLUMN_WIDE,
                               .spare = column->spare};
    }
    table_fit(fits, table->count, table_width());
    for (size_t i = 0; i < table->count; i++)
        if (fits[i].given == 0)
            scols_column_set_flags(scols_table_get_column(table->lines, i), SCOLS_FL_HIDDEN);
        else if (fits[i].given < fits[i].natural)
            cut_column(table, i, fits[i].given);
}

/* What stands under a row. */
static void show_below(const struct table *table, size_t row)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].sort == COLUMN_BELOW && cell_at(table, row, i)[0]) {
            printf("%*s", BELOW_INDENT, "");
            layout_print(BELOW_INDENT, cell_at(table, row, i));
        } else if (table->columns[i].sort == COLUMN_NAMED && cell_at(table, row, i)[0]) {
            const int size = printf("%*s%s  ", NAMED_INDENT, "", table->columns[i].heading);
            layout_print((size_t)size, cell_at(table, row, i));
        }
}

/* The heading and each row are a line. */
static void show_lines(const struct table *table)
{
    char *text = NULL;
    size_t row = 0;
    if (scols_print_table_to_string(table->lines, &text) != 0 || !text)
        abort();
    for (const char *line = text; *line; row++) {
        const size_t size = strcspn(line, "\n");
        printf("%.*s\n", (int)size, line);
        if (row > 0)
            show_below(table, row - 1);
        line += size + (line[size] == '\n');
    }
    free(text);
}

void table_show(struct table *table, const char *nothing)
{
    if (table->lines && table->rows > 0) {
        lay_out(table);
        show_lines(table);
    } else if (table->lines && nothing) {
        puts(nothing);
    }
    scols_unref_table(table->lines);
    free(table);
}

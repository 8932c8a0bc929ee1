/* What an answer is read with. See libpq.c. */
#include <assert.h>
#include <stdlib.h>

#include "sim/pg.h"

void PQclear(PGresult *result)
{
    if (!result)
        return;
    for (size_t i = 0; i < result->cell_count; i++)
        free((void *)(uintptr_t)result->cells[i].bytes);
    free(result->cells);
    free(result);
}

ExecStatusType PQresultStatus(const PGresult *result)
{
    return result ? result->status : PGRES_FATAL_ERROR;
}

int PQntuples(const PGresult *result)
{
    return result ? result->rows : 0;
}

static const struct pg_value *cell(const PGresult *result, int row, int column)
{
    assert(row >= 0 && row < result->rows && column >= 0 && column < result->columns);
    return &result->cells[row * result->columns + column];
}

char *PQgetvalue(const PGresult *result, int row, int column)
{
    return (char *)(uintptr_t)cell(result, row, column)->bytes;
}

int PQgetlength(const PGresult *result, int row, int column)
{
    return cell(result, row, column)->size;
}

int PQgetisnull(const PGresult *result, int row, int column)
{
    (void)cell(result, row, column);
    return 0;
}

char *PQresultErrorField(const PGresult *result, int field)
{
    const char *text = field == PG_DIAG_SQLSTATE ? result->state : result->words;
    return text[0] ? (char *)(uintptr_t)text : NULL;
}

char *PQresultErrorMessage(const PGresult *result)
{
    return (char *)(uintptr_t)(result ? result->words : "");
}
